"""The best answer to a small siting question, found by looking at every choice of sites.

Shares nothing with the solvers but the dataclasses that state a question: distances are
worked out again from coordinates or read off the table, rules are checked one by one in
plain Python, and who is served under capacities is a maximum flow found by networkx.

What the objectives mean here, and must mean everywhere:

* people are served when their nearest open point, or the nearest that stays, is no farther
  than their radius; with capacities, when a flow from people to chosen sites serves them;
* where coverage fades a person counts the tenths of the first step reached (0 beyond all);
  with capacities, the tenths of the site the person is sent to;
* under capacities the mean and the worst distance are those of the best assignment of
  everyone to a chosen site; nobody can be left out;
* a choice that leaves somebody at distance inf has no mean and no worst distance.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import inf, sqrt
from typing import NamedTuple

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

MORE_IS_BETTER = frozenset({Objective.MOST_PEOPLE})


class Choice(NamedTuple):
    """Sites chosen (ascending) and what they are worth in the objective's unit."""

    chosen: tuple[int, ...]
    value: float


def optimum(problem: SitingProblem) -> float | None:
    """Return the best value of any choice that obeys every rule; None where there is none."""
    values = [choice.value for choice in choices(problem)]
    if not values:
        return None
    return max(values) if problem.objective in MORE_IS_BETTER else min(values)


def choices(problem: SitingProblem) -> Iterator[Choice]:
    """Yield every choice of sites that obeys every rule, with its value."""
    for count in range(min(problem.rules.most_sites, problem.rules.sites) + 1):
        for chosen in combinations(range(problem.rules.sites), count):
            value = value_of(problem, chosen)
            if value is not None:
                yield Choice(chosen, value)


def value_of(problem: SitingProblem, chosen: Sequence[int]) -> float | None:
    """Return what a choice is worth; None where it breaks a rule."""
    if not obeys(problem.rules, chosen):
        return None
    away = nearest(problem, chosen)
    somebody = [i for i, people in enumerate(problem.people) if people]
    if problem.worst_m is not None and any(away[i] > problem.worst_m for i in somebody):
        return None
    if problem.capacity is not None:
        return _value_with_capacities(problem, chosen)
    for floor in problem.floors:
        if sum(problem.people[i] for i in floor.places if away[i] <= problem.radius_m[i]) < (
            floor.least
        ):
            return None
    return _value_of_distances(problem, chosen, away)


def _value_of_distances(
    problem: SitingProblem, chosen: Sequence[int], away: list[float]
) -> float | None:
    somebody = [i for i, people in enumerate(problem.people) if people]
    served = sum(int(problem.people[i]) for i in somebody if away[i] <= problem.radius_m[i])
    match problem.objective:
        case Objective.MOST_PEOPLE if problem.fade:
            return sum(int(problem.people[i]) * _tenths(problem, i, away[i]) for i in somebody)
        case Objective.MOST_PEOPLE:
            return served
        case Objective.FEWEST_POINTS:
            return len(chosen) if served >= problem.target else None
        case Objective.MEAN_DISTANCE:
            total = sum(int(problem.people[i]) * away[i] for i in somebody)
            return total if total < inf else None
        case _:
            worst = max((away[i] for i in somebody), default=0.0)
            return worst if worst < inf else None


def obeys(rules: Rules, chosen: Sequence[int]) -> bool:
    """Return whether a choice obeys the rules about sites alone."""
    if len(chosen) > rules.most_sites or not set(rules.chosen.tolist()) <= set(chosen):
        return False
    for row in rules.rows:
        each = dict(zip(row.sites.tolist(), row.each.tolist(), strict=True))
        if not row.least <= sum(each.get(site, 0) for site in chosen) <= row.most:
            return False
    if rules.clashes is None:
        return True
    clash = rules.clashes.toarray()
    return not any(clash[a, b] for a, b in combinations(chosen, 2))


def distance(problem: SitingProblem, site: int, place: int) -> float:
    """Return the distance of one pair in metres, from coordinates or from the table."""
    there = problem.distances
    if isinstance(there, TableDistances):
        return float(there.metres[site, place])
    assert isinstance(there, StraightDistances)
    (x, y), (to_x, to_y) = there.place[place], there.site[site]
    return sqrt((x - to_x) * (x - to_x) + (y - to_y) * (y - to_y))


def nearest(problem: SitingProblem, chosen: Sequence[int]) -> list[float]:
    """Return the distance of each place to its nearest open point, inf where there is none."""
    return [
        min([float(now), *(distance(problem, site, place) for site in chosen)])
        for place, now in enumerate(problem.now_m)
    ]


def _tenths(problem: SitingProblem, place: int, away: float) -> int:
    for step in problem.fade:
        if away <= problem.radius_m[place] * step.factor:
            return step.tenths
    return 0


# People under capacities.


def _value_with_capacities(problem: SitingProblem, chosen: Sequence[int]) -> float | None:
    assert not np.isfinite(problem.now_m).any(), "under capacities every point is a site"
    plain = not problem.fade and problem.objective in {
        Objective.MOST_PEOPLE,
        Objective.FEWEST_POINTS,
    }
    in_floors = [int(place) for floor in problem.floors for place in floor.places]
    if not plain or len(in_floors) != len(set(in_floors)):
        return _assigned(problem, chosen)
    # Whoever a flow serves can be kept while it is made larger, so that floors that share no
    # place can be looked at before, and the largest flow without them.
    if _served(problem, chosen, floors=True) < sum(floor.least for floor in problem.floors):
        return None
    served = _served(problem, chosen, floors=False)
    if problem.objective is Objective.MOST_PEOPLE:
        return served
    return len(chosen) if served >= problem.target else None


def _served(problem: SitingProblem, chosen: Sequence[int], *, floors: bool) -> int:
    """Return the largest flow of people to chosen sites within their radius.

    With `floors` only of people that a floor names, and of each floor no more than it asks.
    """
    net = nx.DiGraph()
    net.add_nodes_from(["people", "served"])
    if floors:
        for k, floor in enumerate(problem.floors):
            net.add_edge("people", ("floor", k), capacity=int(floor.least))
            for place in floor.places:
                people = int(problem.people[place])
                net.add_edge(("floor", k), ("place", int(place)), capacity=people)
    else:
        for place, people in enumerate(problem.people):
            net.add_edge("people", ("place", place), capacity=int(people))
    for site in chosen:
        net.add_edge(("site", site), "served", capacity=int(problem.capacity[site]))
        for place in range(len(problem.people)):
            if distance(problem, site, place) <= problem.radius_m[place]:
                net.add_edge(("place", place), ("site", site))
    return int(nx.maximum_flow_value(net, "people", "served"))


def _assigned(problem: SitingProblem, chosen: Sequence[int]) -> float | None:
    """Return the value of the best whole-number assignment of people to the chosen sites."""
    pairs = [
        (place, site, distance(problem, site, place))
        for place in range(len(problem.people))
        for site in chosen
        if problem.people[place] and distance(problem, site, place) < inf
    ]
    if problem.objective is Objective.WORST_DISTANCE:
        for limit in sorted({0.0, *(away for _, _, away in pairs)}):
            within = [pair for pair in pairs if pair[2] <= limit]
            if _best_assignment(problem, within, [0.0] * len(within), everyone=True) is not None:
                return limit
        return None
    if problem.objective is Objective.MEAN_DISTANCE:
        worth = [-away for _, _, away in pairs]
        total = _best_assignment(problem, pairs, worth, everyone=True)
        return None if total is None else -total
    near = [away <= problem.radius_m[place] for place, _, away in pairs]
    if problem.objective is Objective.MOST_PEOPLE:
        worth = [
            _tenths(problem, place, away) if problem.fade else float(served)
            for (place, _, away), served in zip(pairs, near, strict=True)
        ]
        total = _best_assignment(problem, pairs, worth, everyone=False)
        return None if total is None else round(total)
    worth = [float(served) for served in near]
    total = _best_assignment(problem, pairs, worth, everyone=False)
    return None if total is None or round(total) < problem.target else len(chosen)


def _best_assignment(
    problem: SitingProblem,
    pairs: list[tuple[int, int, float]],
    worth: list[float],
    *,
    everyone: bool,
) -> float | None:
    """Return the largest worth of people sent along pairs (place, site, metres); None: impossible."""
    least_served = [(floor.least, set(floor.places.tolist())) for floor in problem.floors]
    if not pairs:
        stuck = any(least > 0 for least, _ in least_served)
        return None if stuck or (everyone and problem.people.any()) else 0.0
    rows, lower, upper = [], [], []
    for place, people in enumerate(problem.people):
        rows.append([float(i == place) for i, _, _ in pairs])
        lower.append(people if everyone else 0)
        upper.append(people)
    for site, room in enumerate(problem.capacity):
        rows.append([float(j == site) for _, j, _ in pairs])
        lower.append(0)
        upper.append(room)
    for least, places in least_served:
        rows.append([float(i in places and d <= problem.radius_m[i]) for i, _, d in pairs])
        lower.append(least)
        upper.append(inf)
    found = milp(
        -np.array(worth),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, inf),
        constraints=LinearConstraint(np.array(rows), np.array(lower), np.array(upper)),
    )
    assert found.status in {0, 2}, found.message
    return None if found.status else float(np.array(worth) @ np.round(found.x))
