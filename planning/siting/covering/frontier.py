"""People against points: what each number of points can reach, and a good order to open them.

The band of the frontier is proved: below stands a plan for every number, above a bound. One
set of prices bounds every number at once (`relaxation.bound_curve`), tightly near the number
it was made for; a few sets, each begun where the last one ended, cover the whole range.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.narrowing import Narrowed, promising
from planning.siting.covering.relaxation import Relaxation, Sides, reduced_gains
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import Covering, covering
from planning.siting.effort import Effort, Watch
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
_STEPS = {Effort.QUICK: 160, Effort.NORMAL: 200, Effort.THOROUGH: 800}
_ROUNDS = {Effort.QUICK: 0, Effort.NORMAL: 10, Effort.THOROUGH: 100}  # of rebuilding, per site
_ANCHORS = 12  # numbers of points for which prices are made
_LEAST_CORE, _CORE_PER_SITE = 400, 25
_SLACK = 0.1  # how much of one site's people a rebuilt choice may lose


@dataclass(frozen=True)
class Frontier:
    """For 0, 1, … points: people served by the best plan found, and the bound; shape (most + 1,).

    −1 people where no plan obeys the rules with so few. `plans` are the sites of each plan.
    """

    people: Whole
    bound: Whole
    plans: tuple[tuple[int, ...], ...]

    @property
    def gap(self) -> NDArray[np.float64]:
        """How far above the plan the bound lies, as a share of the plan, shape (most + 1,)."""
        return np.asarray((self.bound - self.people) / np.maximum(self.people, 1))


def frontier(
    problem: SitingProblem,
    most: int,
    effort: Effort = Effort.NORMAL,
    seed: int = 7,
    watch: Watch | None = None,
) -> Frontier:
    """Return the frontier of maximal covering from no new site up to `most`.

    Locked-in sites are chosen in every plan and count. Stopped early, numbers not reached
    keep the plan of the number before.
    """
    watch, cover = watch or Watch(), covering(problem)
    rules = replace(problem.rules, most_sites=min(most, problem.rules.sites))
    relaxation = Relaxation(cover, rules)
    bound, sites = _bounds(cover, rules, relaxation, _STEPS[effort], watch)
    narrow = Narrowed.to(sites, cover, rules)
    path = _Path(narrow, rules.most_sites, watch)
    path.up()
    path.rebuild(_ROUNDS[effort], seed)
    path.down(_ROUNDS[effort], seed)
    people, plans = path.monotone(most)
    bound = np.maximum(np.concatenate([bound, np.full(most + 1, bound[-1])])[: most + 1], people)
    return Frontier(people, bound, plans)


def _bounds(
    cover: Covering, rules: Rules, relaxation: Relaxation, steps: int, watch: Watch
) -> tuple[Whole, Whole]:
    """Return the least bound for every number over prices made for a few, and promising sites."""
    locked, most = len(rules.chosen), rules.most_sites
    served = cover.given + int(cover.weight[cover.covers.times_served() > 0].sum())
    best = np.full(most + 1, served)
    sites, sides = np.empty(0, dtype=np.int64), Sides.of(rules)
    numbers = np.unique(np.geomspace(1, max(most, 1), _ANCHORS).round().astype(int))
    for number in numbers[::-1]:
        relaxation.aim_at(int(number))
        relaxation.improve(2 * steps if number == most else steps)
        curve = relaxation.curve()[: most + 1 - locked]
        best[locked : locked + len(curve)] = np.minimum(best[locked : locked + len(curve)], curve)
        worth = reduced_gains(cover, sides, relaxation.prices)
        amount = len(worth) if cover.must.any() else _LEAST_CORE + _CORE_PER_SITE * int(number)
        sites = promising(worth, sites, rules, amount)
        if watch.stop(-1.0, float(best[-1])):
            break
    return np.minimum.accumulate(best[::-1])[::-1], sites


class _Path:
    """Plans for every number of sites, each made from its neighbour's."""

    def __init__(self, narrow: Narrowed, most: int, watch: Watch) -> None:
        self._narrow, self._most, self._watch = narrow, most, watch
        self._search = Search(narrow.cover, narrow.rules)
        self._people = np.full(most + 1, -1, dtype=np.int64)
        self._plans: list[tuple[int, ...]] = [()] * (most + 1)

    def _keep(self) -> None:
        value, chosen = self._search.value, self._search.chosen
        if len(chosen) <= self._most and value > self._people[len(chosen)]:
            self._people[len(chosen)] = value
            self._plans[len(chosen)] = tuple(self._narrow.sites[chosen].tolist())

    def up(self) -> None:
        """Open one site after the other, exchanging near each."""
        self._keep()
        for number in range(len(self._search.chosen) + 1, self._most + 1):
            self._search.aim_at(number)
            if not self._search.open_best() or self._over():
                break
            self._search.exchange_near()
            self._keep()

    def rebuild(self, rounds: int, seed: int) -> None:
        """Ruin and rebuild the largest plan, from which the way down begins."""
        number = len(self._search.chosen)
        if rounds and number:
            slack = int(_SLACK * max(self._search.value, 0) / number)
            self._search.rebuild(rounds * number, seed, slack)
            self._search.exchange()
            self._keep()

    def down(self, rounds: int, seed: int) -> None:
        """Close one site after the other, the one that loses least, exchanging near each.

        Every so often the plan is ruined and rebuilt, so that the way down stays a good one.
        """
        every = max(self._most // _ANCHORS, 1)
        for number in range(len(self._search.chosen) - 1, -1, -1):
            self._search.aim_at(number)
            if len(self._search.chosen) > number or self._over():
                break
            self._search.exchange_near()
            if rounds and number % every == 0:
                self.rebuild(rounds, seed + number)
            self._keep()

    def _over(self) -> bool:
        return self._watch.stop(float(self._people.max()), float("inf"))

    def monotone(self, most: int) -> tuple[Whole, tuple[tuple[int, ...], ...]]:
        """Return people and plans for 0 … most: a larger number may always keep a smaller plan."""
        people, plans = self._people.tolist(), list(self._plans)
        people += [-1] * (most + 1 - len(people))
        plans += [()] * (most + 1 - len(plans))
        for number in range(1, most + 1):
            if people[number] < people[number - 1]:
                people[number], plans[number] = people[number - 1], plans[number - 1]
        return np.array(people, dtype=np.int64), tuple(plans)


@dataclass(frozen=True)
class RollOut:
    """A plan's sites in the order of opening, and the people served after each, (sites + 1,).

    The locked-in sites stand open from the beginning and are not in the order.
    """

    order: tuple[int, ...]
    people: Whole

    def cost_of_nesting(self, afresh: Frontier, locked: int = 0) -> Whole:
        """Return, after each opening, how many more a plan made for just so many would serve."""
        number = np.minimum(np.arange(len(self.people)) + locked, len(afresh.people) - 1)
        return np.asarray(np.maximum(afresh.people[number] - self.people, 0))


def roll_out(problem: SitingProblem, chosen: tuple[int, ...]) -> RollOut:
    """Return the order in which each opening serves most further people.

    Every prefix of it serves at least 1 − 1/e of what the best prefix of the plan would
    (Nemhauser, Wolsey and Fisher 1978); equal gains go to the site that stands first.
    """
    cover, locked = covering(problem), set(problem.rules.chosen.tolist())
    waiting = cover.weight.copy()
    served = {site: cover.covers.places_of(site) for site in chosen}
    for site in locked & served.keys():
        waiting[served[site]] = 0
    people = [cover.given + int(cover.weight.sum() - waiting.sum())]
    left, order = sorted(set(chosen) - locked), []
    while left:
        gains = [int(waiting[served[site]].sum()) for site in left]
        at = int(np.argmax(gains))
        people.append(people[-1] + gains[at])
        order.append(left.pop(at))
        waiting[served[order[-1]]] = 0
    return RollOut(tuple(order), np.array(people, dtype=np.int64))
