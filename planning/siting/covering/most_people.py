"""Most people for so many sites: maximal covering under rules, with a bound.

The relaxation bounds what any choice can reach and says which sites are worth looking at;
the search finds a choice among these. Both go on in turns until the bound meets the value,
the effort is spent or somebody stops it. Small questions are finished by an exact solver.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.covering.certificate import (
    NO_PROOF,
    Allowed,
    Proof,
    Question,
    certify,
    sites_left,
)
from planning.siting.covering.narrowing import Narrowed, promising
from planning.siting.covering.relaxation import Relaxation, Sides, reduced_gains
from planning.siting.covering.search import Search, rounded
from planning.siting.covering.stretches import Covering, covering
from planning.siting.covering.windows import Pace, Windows
from planning.siting.effort import Effort, Watch
from planning.siting.integer.feasible import feasible_start
from planning.siting.problem import Answer, SitingProblem, Stopped
from planning.siting.rules import Rules

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """How much is done, and what is good enough."""

    first_steps: int  # of the relaxation, before anything is chosen
    steps: int  # of the relaxation in each turn
    starts: int  # choices worked on apart in each turn, and then together
    rounds: int  # of ruin and rebuild on each of them, for each site to choose
    turns: int
    near: float  # a gap (of the value) at which the search ends
    enough: float  # a gap at which it ends after a whole turn
    proof: Allowed = NO_PROOF  # afterwards, to prove the choice best or find a better one


WORK = {
    Effort.QUICK: Work(320, 160, 1, 20, 1, 1e-3, 1.0),
    Effort.NORMAL: Work(400, 400, 2, 25, 2, 1e-4, 9e-3, Allowed(300_000_000, 700)),
    Effort.THOROUGH: Work(800, 2000, 6, 75, 2, 0.0, 0.0, Allowed(22_000_000_000, 3_000)),
}
_SLACK = 0.2  # how much of one site's people a rebuilt choice may lose at first
_PARTS = 10
_USUAL_SIZE, _LEAST_STEPS = 1_000_000, 80  # runs and stretches of a large province
_MOST_CHOICES = 250  # beyond so many sites to choose, rounds do not grow any more
_WINDOW = 100  # sites of a plan that are worked on together where there are many more
_LEAST_CORE, _CORE_PER_SITE = 400, 25
_MERGED_PER_SITE = 8
_AT_ONCE = 200  # places told to the exact solver at a time
_ROUNDING = (0.125, 0.375, 0.625, 0.875)


class MostPeople:
    """One covering question being answered: the best choice and the best bound so far."""

    def __init__(
        self,
        cover: Covering,
        rules: Rules,
        watch: Watch,
        seed: int = 7,
        relaxation: Relaxation | None = None,
    ) -> None:
        self.cover, self.rules, self.watch, self._seed = cover, rules, watch, seed
        self.sides = Sides.of(rules)
        self.relaxation = relaxation or Relaxation(cover, rules, self.sides)
        self.best: Whole = np.empty(0, dtype=np.int64)
        self.value = -1
        self.narrow: Narrowed | None = None
        self._proven: int | None = None

    @property
    def bound(self) -> int:
        """No choice under these rules serves more."""
        bound = self.relaxation.bound
        return bound if self._proven is None else min(bound, self._proven)

    @property
    def proved(self) -> bool:
        """Whether nothing better exists."""
        return self.value >= self.bound

    def over(self, near: float = 0.0) -> bool:
        """Whether to end: good enough, proved, out of time or asked to."""
        good = self.value >= 0 and self.bound - self.value <= near * max(self.value, 1)
        return bool(good or self.watch.stop(self.value, self.bound))

    def take(self, chosen: Whole, value: int) -> None:
        """Keep a choice if it is better than the best so far."""
        if value > self.value:
            self.best, self.value = chosen, value

    def run(self, work: Work) -> None:
        """Bound and search in turns until good enough, spent or stopped."""
        self.begin(self.affordable(work.first_steps))
        for turn in range(work.turns):
            if self.value < 0 or self.over(work.enough if turn else work.near):
                break
            self.relaxation.improve(self.affordable(work.steps))
            if self.over(work.near):
                break
            if turn and sites_left(self._asked(), self.value) <= work.proof.among(self.rules.sites):
                break  # a proof finds what is left to find
            self.search(work, turn)
        if self.value >= 0:
            self.prove(work.proof)
            self.polish()

    def prove(self, allowed: Allowed) -> None:
        """Lower the bound, and look for better choices, by branch and bound."""
        if allowed.work and not self.over():
            known = Proof(self.best, self.value, self.bound)
            proof = certify(self._asked(), known, allowed, self.watch)
            self.take(proof.best, proof.value)
            self._proven = proof.bound

    def _asked(self) -> Question:
        relaxed = self.relaxation
        return Question(self.cover, self.rules, self.sides, relaxed.site, relaxed.prices)

    def affordable(self, steps: int) -> int:
        """Return fewer steps where each is long: a country is given less than a province."""
        size = len(self.cover.covers.start) + len(self.cover.weight)
        return max(min(steps, steps * _USUAL_SIZE // max(size, 1)), min(steps, _LEAST_STEPS))

    def begin(self, steps: int) -> None:
        """Bound the question, narrow it to promising sites and make first choices."""
        self.relaxation.improve(steps)
        self.narrow = self._narrowed()
        search = Search(self.narrow.cover, self.narrow.rules)
        for start in self._starts(self.relaxation.site[self.narrow.sites]):
            search.choose(start)
            search.fill()
            search.exchange()
            self.take(self.narrow.sites[search.chosen], search.value)
        if self.value < 0:
            self._from_rules()

    def _from_rules(self) -> None:
        """Let an exact solver find a choice that obeys the rules: the search has found none."""
        worth = reduced_gains(self.cover, self.sides, self.relaxation.prices)
        near: csr_array | None = None
        chosen: tuple[int, ...] | None = ()
        while not self.watch.late:
            try:
                chosen = feasible_start(self.rules, worth, near)
            except TimeoutError:
                return
            if chosen is None:
                return
            missing = self._unserved_musts(np.array(chosen, dtype=np.int64))
            if missing is None:
                break
            near = missing if near is None else csr_array(vstack([near, missing]))
        search = Search(self.cover, self.rules)
        search.choose(chosen or ())
        search.fill()
        search.exchange()
        self.take(search.chosen, search.value)

    def _unserved_musts(self, chosen: Whole) -> csr_array | None:
        """Return who could serve each stretch that must be and is not, None where all are."""
        missing = np.flatnonzero(self.cover.must & ~self.cover.covers.served_by(chosen))
        if not len(missing):
            return None
        some = missing[:: max(len(missing) // _AT_ONCE, 1)]
        rows = [np.flatnonzero(self.cover.covers.who_serves(each)) for each in some]
        first = np.cumsum([0, *(len(row) for row in rows)])
        sites = np.concatenate(rows)
        return csr_array((np.ones(len(sites)), sites, first), shape=(len(rows), self.rules.sites))

    def _starts(self, share: NDArray[np.float64]) -> Iterator[list[int]]:
        assert self.narrow is not None
        if len(standing := self.narrow.rules.standing):
            yield standing.tolist()
        yield []
        for offset in _ROUNDING[:1] if self._windowed else _ROUNDING:
            yield rounded(self.narrow.cover.covers, share, self.rules.most_sites, offset)

    def _narrowed(self) -> Narrowed:
        worth = reduced_gains(self.cover, self.sides, self.relaxation.prices)
        amount = max(_LEAST_CORE, _CORE_PER_SITE * self.rules.open_choices, len(worth) // 4)
        if self.cover.must.any():
            amount = len(worth)
        must_have = np.concatenate([self.rules.standing, self.best])
        sites = promising(worth, must_have, self.rules, amount)
        return Narrowed.to(sites, self.cover, self.rules)

    def search(self, work: Work, turn: int) -> None:
        """Ruin and rebuild several choices apart; then one from the sites of all of them.

        What good choices share is right more often than not; where they differ lies what is
        left to find, among so few sites that finding it is quick.
        """
        if self._windowed and turn < work.turns - 1:
            return  # one long search gains more than two short ones
        self.narrow = narrow = self._narrowed()
        if self._windowed:
            self._in_windows(narrow, work.turns * work.rounds)
            return
        share = self.relaxation.site[narrow.sites]
        choices = min(self.rules.open_choices, max(len(self.best), 1), _MOST_CHOICES)
        rounds = work.rounds * choices
        if not self.rules.only_a_number:
            # A rounded choice breaks the rules; mended it is a bad start. One long run is better.
            search = Search(narrow.cover, narrow.rules)
            search.choose(np.searchsorted(narrow.sites, self.best))
            self._cooled(narrow, search, (work.starts + 1) * rounds, self._seed + 31 * turn)
            return
        kept = [self.best]
        for at in range(work.starts):
            search = Search(narrow.cover, narrow.rules)
            search.choose(np.searchsorted(narrow.sites, self.best))
            if at:
                offset = (at + turn / work.turns) / work.starts
                search.choose(rounded(narrow.cover.covers, share, self.rules.most_sites, offset))
                search.fill()
            kept.append(self._cooled(narrow, search, rounds, self._seed + 31 * turn + 7 * at))
            if self.over():
                return
        wanted = np.argsort(-self.relaxation.site, kind="stable")
        few = np.unique(
            np.concatenate([*kept, wanted[: _MERGED_PER_SITE * self.rules.open_choices]])
        )
        worth = reduced_gains(self.cover, self.sides, self.relaxation.prices)
        sites = promising(worth, few, self.rules, 0)
        merged = Narrowed.to(sites, self.cover, self.rules)
        search = Search(merged.cover, merged.rules)
        search.choose(np.searchsorted(merged.sites, self.best))
        self._cooled(merged, search, 2 * rounds, self._seed + 31 * turn + 5)

    @property
    def _windowed(self) -> bool:
        """Whether a plan is so large that it is improved window by window."""
        many = self.rules.open_choices > max(_MOST_CHOICES, 2 * _WINDOW)
        return many and self.rules.only_a_number and not self.cover.must.any()

    def _in_windows(self, narrow: Narrowed, rounds: int) -> None:
        """Ruin and rebuild window by window, then exchange across all of them."""
        worth = reduced_gains(self.cover, self.sides, self.relaxation.prices)[narrow.sites]
        best = np.searchsorted(narrow.sites, self.best)
        windows = Windows(narrow.cover, narrow.rules, worth, best)
        pace = Pace(_WINDOW, rounds, 2 * _SLACK)
        for chosen in windows.along(pace, self._seed, 0.0):
            self.take(narrow.sites[chosen], narrow.cover.value_of(chosen))
            if self.over():
                return
        search = Search(narrow.cover, narrow.rules)
        search.choose(windows.chosen)
        search.fill()
        search.exchange()
        self.take(narrow.sites[search.chosen], search.value)

    def _cooled(self, narrow: Narrowed, search: Search, rounds: int, seed: int) -> Whole:
        """Ruin and rebuild, less and less worse tolerated, as a metal cools; return the choice."""
        # Where moves are few because of rules, more of a loss has to be borne to get anywhere.
        borne = _SLACK if self.rules.only_a_number else 2 * _SLACK
        slack = borne * max(search.value - self.cover.given, 0) / max(len(search.chosen), 1)
        for part in range(_PARTS):
            search.rebuild(max(rounds // _PARTS, 1), seed + part, int(slack * (1 - part / _PARTS)))
            self.take(narrow.sites[search.chosen], search.value)
            if self.over():
                return narrow.sites[search.chosen]
        search.exchange()
        self.take(narrow.sites[search.chosen], search.value)
        return narrow.sites[search.chosen]

    def polish(self) -> None:
        """Exchange among all sites, and close sites that serve nobody else does not."""
        search = Search(self.cover, self.rules)
        search.choose(self.best)
        search.exchange()
        self.take(search.chosen, search.value)
        search.choose(self.best)
        search.close_idle(self.value, standing=False)
        search.reopen_standing()
        self.best = search.chosen

    def stopped(self) -> Stopped:
        """Why the search ended."""
        if self.proved:
            return Stopped.PROVED
        if self.watch.asked:
            return Stopped.ASKED
        return Stopped.TIME if self.watch.late else Stopped.DONE


def solve_most_people(
    problem: SitingProblem, effort: Effort, seed: int, watch: Watch
) -> Answer | None:
    """Choose sites for most people; None when no choice was found that obeys the rules."""
    asked = MostPeople(covering(problem), problem.rules, watch, seed)
    asked.run(WORK[effort])
    if asked.value < 0:
        return None
    bound = max(asked.bound, asked.value)
    return Answer(tuple(asked.best.tolist()), asked.value, bound, asked.stopped())
