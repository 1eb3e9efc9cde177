"""Fewest points for so many people: partial set covering by turning most people round.

If no choice of p sites serves the people asked for, more than p are needed: the Lagrangian
bound of maximal covering, read for every p at once from one set of prices, gives the least
number there can be. Plans come from the same search, with ever fewer sites as long as the
people asked for are served. What lies between is left to branch and bound: whether so few as
the least number can serve them, and if not, one more.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.model.siting import Objective
from planning.siting.covering.certificate import Allowed, Proof, Question, certify
from planning.siting.covering.floors import solve_with_floors
from planning.siting.covering.most_people import WORK, MostPeople, Work
from planning.siting.covering.relaxation import Relaxation, Sides
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import Covering, covering
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, SitingProblem, Stopped
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
_LOOKS = 4  # each look at the bound aims at the number that the one before arrived at
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
    asked.prove(WORK[effort])
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
        self._sides = Sides.of(self.rules)
        most = len(self.plan) if self.plan is not None else self.rules.most_sites
        self.relaxation = Relaxation(self.cover, replace(self.rules, most_sites=most), self._sides)
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
        """Halve what lies between the bound and the plan, as far as the search finds a way."""
        assert self.plan is not None
        low, high = self.least, len(self.plan) - 1
        while low <= high and not self._over():
            points = (low + high) // 2
            fewer = self._with(points, work, seed)
            if fewer is None:
                low = points + 1
            else:
                self.plan, high = fewer, len(fewer) - 1

    def _with(self, points: int, work: Work, seed: int) -> Whole | None:
        """Return a choice of so many sites that serves the target, None where none was found."""
        assert self.plan is not None
        rules = replace(self.rules, most_sites=points)
        self.relaxation.aim_at(points)
        enough = Watch(lambda value, _: value >= self.target or self._over())
        asked = MostPeople(self.cover, rules, enough, seed, self.relaxation)
        search = Search(self.cover, self.rules)
        search.choose(self.plan)
        search.aim_at(points)
        search.exchange()
        asked.take(search.chosen, search.value)
        asked.begin(work.steps // 2)
        self.least = max(self.least, self._read())
        if 0 <= asked.value < self.target and points >= self.least:
            asked.search(work, 0)
        if asked.value < self.target:
            return None
        return self._without_idle(asked.best)

    def prove(self, work: Work) -> None:
        """Ask branch and bound for the least number of sites, one more whenever it is ruled out."""
        left = work.proof.work
        while self.plan is not None and self.least < len(self.plan):
            if left <= 0 or self._over():
                break
            self.relaxation.aim_at(self.least)
            self.relaxation.improve(work.steps // 2)
            proof = self._asked(Allowed(left, work.proof.sites))
            left -= proof.spent + 1
            if proof.value >= self.target:
                self.plan = self._without_idle(proof.best)
            elif proof.bound < self.target:
                self.least += 1
            else:
                break

    def _asked(self, allowed: Allowed) -> Proof:
        """Look for a choice of the least number of sites that serves the target."""
        relaxed, nobody_known = self.relaxation, np.empty(0, dtype=np.int64)
        rules = replace(self.rules, most_sites=self.least)
        question = Question(self.cover, rules, self._sides, relaxed.site, relaxed.prices)
        known = Proof(nobody_known, self.target - 1, max(relaxed.bound, self.target - 1))
        enough = Watch(lambda value, _: value >= self.target or self._over())
        return certify(question, known, allowed, enough)

    def _without_idle(self, chosen: Whole) -> Whole:
        search = Search(self.cover, self.rules)
        search.choose(chosen)
        search.close_idle(self.target)
        return search.chosen

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
