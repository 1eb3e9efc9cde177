"""Fewest points for so many people: partial set covering by turning most people round.

If no choice of p sites serves the people asked for, more than p are needed: the Lagrangian
bound of maximal covering, read for every p at once from one set of prices, gives the least
number there can be. Plans come from the same search, with ever fewer sites as long as the
people asked for are served.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.model.siting import Objective
from planning.siting.covering import Covering, covering
from planning.siting.effort import Effort, Watch
from planning.siting.floors import solve_with_floors
from planning.siting.most_people import WORK, MostPeople, Work
from planning.siting.narrowing import Narrowed, promising
from planning.siting.problem import Answer, SitingProblem, Stopped
from planning.siting.relaxation import Relaxation, Sides, reduced_gains
from planning.siting.rules import Rules
from planning.siting.search import Search, rounded

Whole = NDArray[np.int64]
_LOOKS = 4  # each look at the bound aims at the number that the one before arrived at
_PIECES = 12
_SLACK = 0.2  # how much of one site's people a rebuilt choice may lose at first
_CORE_PER_SITE, _LEAST_CORE = 25, 400
_IMPOSSIBLE = 2**31


def solve_fewest(problem: SitingProblem, effort: Effort, seed: int, watch: Watch) -> Answer | None:
    """Return few sites that serve `problem.target` people, and the least number there can be.

    None when no choice was found that obeys the rules and serves so many.
    """
    asked = _Fewest(covering(problem), problem.rules, problem.target, watch)
    if problem.floors:
        return _with_floors(problem, asked, effort, seed)
    asked.begin(seed)
    asked.bound_below(WORK[effort].first_steps + WORK[effort].steps)
    if asked.plan is None:
        return None
    asked.descend(WORK[effort], seed)
    return Answer(tuple(asked.plan.tolist()), len(asked.plan), asked.least, asked.stopped())


def _with_floors(
    problem: SitingProblem, asked: "_Fewest", effort: Effort, seed: int
) -> Answer | None:
    """Halve the numbers of sites between the bound, which knows no floors, and all."""
    asked.bound_below(WORK[effort].first_steps)
    low, high = max(asked.least, 0), min(problem.rules.most_sites, problem.rules.sites)
    most_people = replace(problem, objective=Objective.MOST_PEOPLE, fade=())
    while low <= high:
        middle = (low + high) // 2 if asked.plan is not None else high
        rules = replace(problem.rules, most_sites=middle)
        found = solve_with_floors(
            replace(most_people, rules=rules), Effort.QUICK, seed, asked.watch
        )
        if found is not None and found.value >= problem.target:
            asked.plan, high = np.array(found.chosen, dtype=np.int64), len(found.chosen) - 1
        elif asked.plan is None:
            return None
        else:
            low = middle + 1
    if asked.plan is None:
        return None
    return Answer(tuple(asked.plan.tolist()), len(asked.plan), asked.least, asked.stopped())


@dataclass
class _Fewest:
    """One question being answered: the shortest plan and the least number so far."""

    cover: Covering
    rules: Rules
    target: int
    watch: Watch
    plan: Whole | None = None
    least: int = 0

    def begin(self, seed: int) -> None:
        """Find a first plan: greedy among all sites, or the most people there can be."""
        search = Search(self.cover, self.rules)
        search.fill_up_to(self.target)
        if search.value >= self.target:
            search.close_idle(self.target)
            self.plan = search.chosen
            return
        most = MostPeople(self.cover, self.rules, self.watch, seed)
        most.run(WORK[Effort.QUICK])
        if most.value >= self.target:
            self.plan = most.best

    def bound_below(self, steps: int) -> None:
        """Raise the least number for which the bound does not rule the target out."""
        sides = Sides.of(self.rules)
        most = len(self.plan) if self.plan is not None else self.rules.most_sites
        self.relaxation = Relaxation(self.cover, replace(self.rules, most_sites=most), sides)
        for _ in range(_LOOKS):
            self.relaxation.improve(steps // _LOOKS)
            self.least = max(self.least, self._read())
            if self.plan is None or self.least >= len(self.plan) or self._over():
                break
            self.relaxation.aim_at(self.least)

    def _read(self) -> int:
        enough = np.flatnonzero(self.relaxation.curve() >= self.target)
        return len(self.rules.chosen) + int(enough[0]) if len(enough) else _IMPOSSIBLE

    def descend(self, work: Work, seed: int) -> None:
        """Serve the target with fewer and fewer sites, until the search finds no way."""
        assert self.plan is not None
        sides = Sides.of(self.rules)
        worth = reduced_gains(self.cover, sides, self.relaxation.prices)
        amount = max(_LEAST_CORE, _CORE_PER_SITE * len(self.plan), len(worth) // 4)
        if self.cover.must.any():
            amount = len(worth)
        narrow = Narrowed.to(
            promising(worth, self.plan, self.rules, amount), self.cover, self.rules
        )
        self._narrow = narrow
        search = Search(narrow.cover, narrow.rules)
        search.choose(np.searchsorted(narrow.sites, self.plan))
        share = self.relaxation.site[narrow.sites]
        while self.least < len(self.plan) and not self._over():
            if not self._one_fewer(search, share, work, seed):
                break
            search.close_idle(self.target)
            self.plan = narrow.sites[search.chosen]

    def _one_fewer(self, search: Search, share: NDArray[np.float64], work: Work, seed: int) -> bool:
        """Look for a choice of one site fewer that serves the target."""
        assert self.plan is not None
        points = len(self.plan) - 1
        search.aim_at(points)
        search.fill()
        search.exchange()
        kept, value = search.chosen, search.value
        if value < self.target:
            search.choose([])
            search.choose(rounded(self._narrow.cover.covers, share, points, 0.5))
            search.fill()
            search.exchange()
            if search.value < value:
                search.choose(kept)
        for piece in range(_PIECES):
            if search.value >= self.target or self._over():
                break
            slack = int(_SLACK * self.target / max(points, 1) * (1 - piece / _PIECES))
            search.rebuild(max(work.rounds * points // _PIECES, 1), seed + piece, slack)
        return search.value >= self.target

    def _over(self) -> bool:
        value = float("inf") if self.plan is None else len(self.plan)
        return self.watch.stop(value, self.least)

    def stopped(self) -> Stopped:
        """Why the search ended."""
        if self.plan is not None and len(self.plan) <= self.least:
            return Stopped.PROVED
        if self.watch.asked:
            return Stopped.ASKED
        return Stopped.TIME if self.watch.late else Stopped.DONE
