"""Where points should be so that people's way to the nearest one is short in the mean.

The p-median: choose sites such that the sum over places of people · min(distance to what
stays, distance to the nearest chosen site) is least. A plan is found by greedy and
interchange, its bound by the Lagrangian dual; both go from a coarse picture of where people
live to finer ones, and only the last steps look at every place.
"""

import math

import numpy as np
from numpy.typing import NDArray

from planning.siting.compiled import median as kernels
from planning.siting.compiled.median import Demand
from planning.siting.distance.median_branch import Branching, Found
from planning.siting.distance.median_dual import Best, Dual
from planning.siting.distance.median_lists import (
    FEW_PAIRS,
    Level,
    complete_lists,
    levels,
    near_lists,
    reach_of_lists,
)
from planning.siting.distance.median_search import Interchange
from planning.siting.distance.reaching import reaching
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, SitingProblem, Stopped

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_STEPS = {Effort.QUICK: 8_000, Effort.NORMAL: 24_000, Effort.THOROUGH: 60_000}
_MOST_STEPS, _CHECK = 1_500, 50
_ROUNDS = {Effort.QUICK: 10**6, Effort.NORMAL: 8 * 10**6, Effort.THOROUGH: 8 * 10**7}
_FEW_ROUNDS, _MOST_ROUNDS = 50, 400
_IN_USE = 1e-3
_COARSE = 2_000  # places and sites of the first, coarse picture
_ENTRIES = {Effort.QUICK: 10**8, Effort.NORMAL: 10**9, Effort.THOROUGH: 10**10}
_CLOSE = 1e-9
_EXACT = 2.0**53


def solve_median(problem: SitingProblem, effort: Effort, seed: int, watch: Watch) -> Answer | None:
    """Return a choice with few person-metres and a bound on any; None where none obeys the rules.

    A choice that leaves people at distance inf is no answer either.
    The seed is of the random exchanges that disturb a plan.
    """
    if problem.floors or problem.worst_m is not None or problem.capacity is not None:
        raise ValueError("floors, a worst distance and capacities are not for this solver")
    return _Search(problem, effort, np.random.default_rng(seed), watch).answer()


class _Search:
    """One search: the places that matter, the best choice and the best bound so far."""

    def __init__(
        self, problem: SitingProblem, effort: Effort, rng: np.random.Generator, watch: Watch
    ) -> None:
        self.problem, self.rules, self.effort = problem, problem.rules, effort
        self.rng, self.watch = rng, watch
        # People who have a point at the door now, and places without people, change nothing.
        self.places = np.flatnonzero((problem.people > 0) & (problem.now_m > 0))
        self.people = problem.people[self.places].astype(np.float64)
        self.now_m = problem.now_m[self.places]
        self.whole = self._whole()
        self.interchange = Interchange(self.rules)
        self.chosen: Whole | None = None
        self.value, self.bound = math.inf, 0.0
        self.near = np.empty((len(self.places), 2))
        self.levels = levels(problem.distances.ground(), self.places, self.people, _COARSE)

    def answer(self) -> Answer | None:
        """Search and return what was found."""
        try:
            self._start()
        except TimeoutError:
            return Answer((), math.inf, 0.0, Stopped.TIME)
        if self.chosen is None:
            return None
        if len(self.rules.chosen) in {self.rules.sites, self.rules.most_sites}:
            self._prove(self.value)  # there is no other choice
        if not self._done():
            self._descend()
        return Answer(
            tuple(self.chosen.tolist()), self.value, self.bound,
            Stopped.PROVED if self.value == self.bound else self._why(),
        )  # fmt: skip

    def _why(self) -> Stopped:
        if self.watch.asked:
            return Stopped.ASKED
        return Stopped.TIME if self.watch.late else Stopped.DONE

    def _whole(self) -> bool:
        """Return whether every choice has a whole number of person-metres."""
        distances, now = self.problem.distances, self.now_m[np.isfinite(self.now_m)]
        if not isinstance(distances, TableDistances):
            return False
        some = distances.metres[np.isfinite(distances.metres)]
        return bool((some == np.floor(some)).all() and (now == np.floor(now)).all())

    def _offer(self, chosen: Whole) -> bool:
        """Value a choice from the distances themselves; return whether it is the best so far."""
        near = np.full((len(self.places), 2), np.inf)
        for site in chosen:
            away = self.problem.distances.of(int(site))[self.places]
            near[:, 1] = np.minimum(near[:, 1], np.maximum(near[:, 0], away))
            near[:, 0] = np.minimum(near[:, 0], away)
        value = math.fsum(self.people * np.minimum(near[:, 0], self.now_m))
        if not value < self.value:
            return False
        self.chosen, self.value, self.near = np.sort(chosen), value, near
        return True

    def _prove(self, bound: float) -> None:
        """Take note of a bound; where it meets the value as far as numbers go, let it."""
        if self.whole and abs(bound) < _EXACT:
            bound = float(math.ceil(bound))
        self.bound = max(self.bound, bound)
        if self.bound >= self.value * (1.0 - _CLOSE) and not self.whole:
            self.bound = self.value
        self.bound = min(self.bound, self.value)

    def _enough(self) -> float:
        """Return the least bound that shows that nothing better than the value exists."""
        if self.whole:
            return float(np.nextafter(self.value - 1.0, math.inf))
        return self.value * (1.0 - _CLOSE)

    def _done(self) -> bool:
        return self.watch.stop(self.value, self.bound) or self.value == self.bound

    def _start(self) -> None:
        """Find a choice that obeys the rules on the coarsest picture, greedily at first."""
        rules, coarse = self.rules, self.levels[0]
        some = max(1, rules.sites // max(_COARSE, 2 * rules.most_sites))
        sites = np.union1d(np.arange(0, rules.sites, some), rules.chosen)
        taken = np.zeros(rules.sites, dtype=np.bool_)
        taken[rules.chosen] = True
        demand = self._coarse_demand(coarse, sites)
        kernels.greedy(demand, taken, rules.most_sites)
        chosen = np.flatnonzero(taken)
        if not rules.broken(chosen.tolist()):
            self._offer(self.interchange.improved(demand, chosen, self.watch))
        if self.chosen is not None:
            return
        found = reaching(self.problem, taken.astype(np.float64), self.watch)
        if found is not None:
            self._offer(found)
            demand = self._coarse_demand(coarse, np.union1d(sites, found))
            self._offer(self.interchange.improved(demand, found, self.watch))

    def _coarse_demand(self, level: Level, sites: Whole) -> Demand:
        position = np.searchsorted(self.places, level.places)
        return complete_lists(
            self.problem.distances, level.places, level.people, self.now_m[position], sites
        )

    def _descend(self) -> None:
        """Improve choice and bound on ever finer pictures, the finest that memory holds last."""
        lists, limit, finest = self._lists()
        dual = Dual(self.rules)
        radius = 1.2 * np.minimum(self.near[:, 0], self.now_m)[self._position(self.levels[0])]
        for k, level in enumerate(self.levels[: finest + 1]):
            row = np.searchsorted(self.levels[finest].places, level.places)
            demand = lists._replace(row=row, people=level.people, cap=lists.cap[row])
            self._improve(demand)
            near = np.minimum(self.near[:, 0], self.now_m)[self._position(level)]
            mean_m = float(level.people @ near / level.people.sum())
            dual.at(demand, limit[row], radius, mean_m)
            self._ascend(dual, demand, exact=k == len(self.levels) - 1)
            if self._done():
                return
            radius = dual.best.radius[level.finer]
        if finest < len(self.levels) - 1:
            self._measure(dual, radius, finest + 1)
        elif self.complete:
            found = Found(self._enough, self._offer, self._prove, self._done)
            tree = Branching(self.rules, dual, demand, limit, mean_m, found)
            tree.run(_ENTRIES[self.effort])

    @property
    def complete(self) -> bool:
        """Whether there are few enough pairs to list all of them."""
        return self.problem.distances.shape[0] * len(self.places) <= FEW_PAIRS

    def _lists(self) -> tuple[Demand, Real, int]:
        """Return lists of the finest level they can be held for, how far they reach, which level."""
        distances = self.problem.distances
        if self.complete:
            every = np.arange(distances.shape[0])
            lists = complete_lists(distances, self.places, self.people, self.now_m, every)
            return lists, self.now_m, len(self.levels) - 1
        for k in range(len(self.levels) - 1, -1, -1):
            level, at = self.levels[k], self._position(self.levels[k])
            second, now_m = self.near[at, 1], self.now_m[at]
            limit = reach_of_lists(distances, level.places, second, now_m)
            if limit is not None:
                break
        else:
            limit = np.minimum(now_m, second)
        return near_lists(distances, level.places, level.people, now_m, limit), limit, k

    def _position(self, level: Level) -> Whole:
        return np.searchsorted(self.places, level.places)

    def _improve(self, demand: Demand) -> None:
        if self.chosen is not None:
            self._offer(self.interchange.improved(demand, self.chosen, self.watch))

    def _ascend(self, dual: Dual, demand: Demand, *, exact: bool) -> None:
        """Take the steps of one level; only where it holds all places does its bound count."""
        steps = min(_MOST_STEPS, round(_STEPS[self.effort] / math.sqrt(len(demand.row))))
        for step in range(1, steps + 1):
            dual.step()
            if step % _CHECK and step < steps:
                continue
            if exact:
                self._prove(dual.tighten(dual.best).bound if step == steps else dual.best.bound)
            if len(self.places) <= _COARSE and self.rules.only_a_number:
                opened = np.argsort(-dual.best.saved, kind="stable")[: self.rules.most_sites]
                self._offer(self.interchange.improved(demand, np.sort(opened), self.watch))
            if self._done():
                return
        self._shake(demand, dual.share)

    def _shake(self, demand: Demand, share: Real) -> None:
        """Disturb and repair the best choice, among the sites that the bound has in use."""
        rounds = min(_MOST_ROUNDS, _ROUNDS[self.effort] // len(demand.row))
        if rounds < _FEW_ROUNDS or self.chosen is None:
            return
        core = np.union1d(np.flatnonzero(share > _IN_USE), self.chosen)
        position = np.full(self.rules.sites, kernels.NONE)
        position[core] = np.arange(len(core))
        first, site, metres = kernels.shortened(demand, position)
        row = np.arange(len(demand.row))
        short = demand._replace(row=row, first=first, site=site, metres=metres)
        among = Interchange(self.rules.only(core))
        chosen = among.improved(short, position[self.chosen], self.watch)
        self._offer(core[among.shaken(short, chosen, rounds, self.rng, self.watch)])

    def _measure(self, dual: Dual, radius: Real, level: int) -> None:
        """Bound the question by radii found on a coarser picture, without lists."""
        for between in self.levels[level:-1]:
            radius = radius[between.finer]
        distances, best = self.problem.distances, dual.best
        if isinstance(distances, StraightDistances):
            place = distances.place[self.places]
            saved = kernels.straight_savings(place, self.people, distances.site, radius)
        else:
            rows = (distances.of(site)[self.places] for site in range(distances.shape[0]))
            saved = np.array([self.people @ np.maximum(radius - away, 0.0) for away in rows])
        bound = dual.bound(self.people, radius, saved, best.price)
        self._prove(dual.tighten(Best(bound, radius, saved, best.price), self.people).bound)
