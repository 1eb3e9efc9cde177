"""Most people, or fewest points, where a point can serve only so many.

People go to any chosen site within reach that has room: how many a choice serves is a
maximum flow, so that one more point never serves fewer. Greedy opens the site that takes
most people still waiting (Pirkul and Schilling 1991 state the problem); the bound relaxes
"a person is served once" with prices, and for each site takes the cheapest of a few prices
of its room.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from planning.model.siting import Objective
from planning.siting.covering.most_people import WORK, MostPeople
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import Covering, covering
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, SitingProblem, Stopped
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
_LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # prices of room tried for each site
_STEPS = {Effort.QUICK: 60, Effort.NORMAL: 200, Effort.THOROUGH: 600}
_EXCHANGES = {Effort.QUICK: 0, Effort.NORMAL: 12, Effort.THOROUGH: 60}
_NARROWS = 20  # steps without a better bound before the step is halved


def solve_with_capacity(
    problem: SitingProblem, effort: Effort, seed: int, watch: Watch
) -> Answer | None:
    """Return a choice for most people, or of fewest sites; None where none was found.

    Floors, fading, and mean or worst distance are beyond this search (`exact` knows them).
    """
    assert problem.capacity is not None
    rooms = Rooms(covering(problem), problem.capacity)
    fewest = problem.objective is Objective.FEWEST_POINTS
    target = problem.target if fewest else None
    chosen = _opened(rooms, problem.rules, target)
    if chosen is not None and fewest:
        chosen = _thinned(rooms, problem.rules, chosen, problem.target)
    if chosen is not None and not fewest:
        other = _without_capacity(rooms, problem, seed, watch)
        if other is not None and rooms.served(other) > rooms.served(chosen):
            chosen = other
        chosen = _exchanged(rooms, problem.rules, chosen, _EXCHANGES[effort], watch)
    if chosen is None:
        return None
    value = len(chosen) if fewest else rooms.served(chosen)
    curve = bound_curve(rooms, problem.rules, _STEPS[effort], watch)
    if fewest:
        enough = np.flatnonzero(curve >= problem.target)
        bound = min(len(problem.rules.chosen) + int(enough[0]) if len(enough) else value, value)
    else:
        most = max(problem.rules.most_sites - len(problem.rules.chosen), 0)
        bound = max(int(curve[min(most, len(curve) - 1)]), value)
    ended = Stopped.PROVED if bound == value else Stopped.DONE
    if ended is Stopped.DONE and (watch.asked or watch.late):
        ended = Stopped.ASKED if watch.asked else Stopped.TIME
    return Answer(tuple(chosen.tolist()), value, bound, ended)


class Rooms:
    """Who can be served by whom, and how many each site has room for."""

    def __init__(self, cover: Covering, capacity: Whole) -> None:
        self.cover, self.capacity = cover, capacity

    def flow(self, chosen: Whole) -> tuple[int, Whole]:
        """Return the people served at most, and how many of each stretch wait still (k,)."""
        weight, places = self.cover.weight, self.cover.covers.places
        served = [self.cover.covers.places_of(int(site)) for site in chosen]
        sizes = [len(each) for each in served]
        nothing = np.empty(0, dtype=np.int64)
        place = np.concatenate([nothing, *served])
        site = np.repeat(np.arange(len(chosen)), sizes)
        start, end = places + len(chosen), places + len(chosen) + 1
        room = np.minimum(self.capacity[chosen], int(weight.sum()))
        graph = coo_array(
            (
                np.concatenate([weight, weight[place], room]).astype(np.int32),
                (
                    np.concatenate(
                        [np.full(places, start), place, places + np.arange(len(chosen))]
                    ),
                    np.concatenate([np.arange(places), places + site, np.full(len(chosen), end)]),
                ),
            ),
            shape=(end + 1, end + 1),
        )
        found = maximum_flow(csr_array(graph), start, end)
        sent = np.zeros(end + 1, dtype=np.int64)
        line = slice(found.flow.indptr[start], found.flow.indptr[start + 1])
        sent[found.flow.indices[line]] = found.flow.data[line]
        return int(found.flow_value), weight - sent[:places]

    def served(self, chosen: Whole) -> int:
        """Return how many people a choice serves at most."""
        return self.flow(chosen)[0]


def _opened(
    rooms: Rooms, rules: Rules, target: int | None, start: Whole | None = None
) -> Whole | None:
    """Open the site that takes most waiting people, one by one; None where a rule stays broken."""
    search = Search(rooms.cover, rules)
    if start is not None:
        search.choose(start)
    waiting = rooms.flow(search.chosen)[1]
    few_others = rooms.cover.covers.times_served()
    while target is None or int((rooms.cover.weight - waiting).sum()) < target or search.value < 0:
        site = search.best_by(np.minimum(rooms.capacity, rooms.cover.covers.gains(waiting)))
        if site is None:
            break
        search.open(site)
        _take(rooms, site, waiting, few_others)
    return (
        search.chosen
        if search.value >= 0 and (target is None or rooms.served(search.chosen) >= target)
        else None
    )


def _take(rooms: Rooms, site: int, waiting: Whole, few_others: Whole) -> None:
    """Let a site take waiting people up to its room, those with fewest other sites first."""
    places = rooms.cover.covers.places_of(site)
    places = places[np.argsort(few_others[places], kind="stable")]
    left = np.maximum(rooms.capacity[site] - np.cumsum(waiting[places]) + waiting[places], 0)
    waiting[places] -= np.minimum(waiting[places], left)


def _thinned(rooms: Rooms, rules: Rules, chosen: Whole, target: int) -> Whole:
    """Close sites, the emptiest first, without which the target is still served."""
    order = sorted(chosen.tolist(), key=lambda each: (rooms.capacity[each], each))
    kept = list(chosen.tolist())
    for site in order:
        fewer = np.array([each for each in kept if each != site], dtype=np.int64)
        search = Search(rooms.cover, rules)
        search.choose(fewer)
        if search.value >= 0 and rooms.served(fewer) >= target and site not in rules.chosen:
            kept.remove(site)
    return np.array(kept, dtype=np.int64)


def _without_capacity(
    rooms: Rooms, problem: SitingProblem, seed: int, watch: Watch
) -> Whole | None:
    """Return the choice that would be best if every point had room for all."""
    asked = MostPeople(rooms.cover, problem.rules, watch, seed)
    asked.run(WORK[Effort.QUICK])
    return asked.best if asked.value >= 0 else None


def _exchanged(rooms: Rooms, rules: Rules, chosen: Whole, tries: int, watch: Watch) -> Whole:
    """Close the sites that are missed least and open others while that serves more."""
    value = rooms.served(chosen)
    free = [site for site in chosen.tolist() if site not in rules.chosen]
    for site in sorted(free, key=lambda each: (rooms.capacity[each], each))[:tries]:
        if watch.stop(value, float("inf")):
            break
        fewer = np.array([each for each in chosen.tolist() if each != site], dtype=np.int64)
        other = _opened(rooms, rules, None, fewer)
        if other is not None and (more := rooms.served(other)) > value:
            chosen, value = other, more
    return chosen


def bound_curve(rooms: Rooms, rules: Rules, steps: int, watch: Watch) -> Whole:
    """Return, for every number of free sites, more people than any choice can serve, or as many.

    With prices λ in 0..1 for each person, any choice serves at most
    Σ w(1 − λ) + Σ over chosen sites of min over θ of [C θ + Σ w max(λ − θ, 0)]; the rules
    other than the number are left out, which only raises it. Prices follow a subgradient
    (Held, Wolfe and Crowder 1974).
    """
    weight, covers = rooms.cover.weight, rooms.cover.covers
    most = max(min(rules.most_sites, rules.sites), len(rules.chosen))
    price, step = np.full(len(weight), 0.5), 0.25
    best, stale = None, 0
    for _ in range(steps):
        curve, pull = _dual(rooms, rules, price, most)
        at = min(most - len(rules.chosen), len(curve) - 1)
        if best is None or curve[at] < best[at]:
            best, stale = curve if best is None else np.minimum(best, curve), 0
        else:
            stale += 1
            step, stale = (step / 2, 0) if stale >= _NARROWS else (step, stale)
        if watch.stop(-1.0, float(best[at])):
            break
        price = np.clip(price + step * (1.0 - pull), 0.0, 1.0)
    assert best is not None
    total = int(weight[covers.times_served() > 0].sum()) + rooms.cover.given
    return np.minimum(best, total)


def _dual(rooms: Rooms, rules: Rules, price: Real, most: int) -> tuple[Whole, Real]:
    """Return the bound for every number of free sites, and how often each person is taken."""
    weight, covers = rooms.cover.weight, rooms.cover.covers
    grain = 1000
    whole = np.round(price * grain).astype(np.int64)
    levels = [int(level * grain) for level in _LEVELS]
    worth = np.stack([rooms.capacity * level + covers.gains(weight * np.maximum(whole - level, 0)) for level in levels])  # fmt: skip
    which, value = worth.argmin(axis=0), worth.min(axis=0)
    locked = np.zeros(len(value), dtype=bool)
    locked[rules.chosen] = True
    order = np.argsort(np.where(locked, np.iinfo(np.int64).min, -value), kind="stable")
    constant = int((weight * (grain - whole)).sum()) + int(value[locked].sum())
    curve = rooms.cover.given + (constant + np.concatenate([[0], np.cumsum(np.sort(value[~locked])[::-1])])) // grain  # fmt: skip
    share = np.zeros(len(value))
    share[order[:most]] = 1.0
    pull = sum(covers.spread(share * (which == at)) * (whole > level) for at, level in enumerate(levels))  # fmt: skip
    return np.asarray(curve), np.asarray(pull)
