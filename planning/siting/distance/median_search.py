"""Interchange for the p-median under rules: open one site, close another, many at a time.

What every exchange would change is worked out for all pairs at once from the two nearest
chosen sites of each place (Resende and Werneck 2007); then as many exchanges as do not
touch one another are made in one go. A pass that did not pay is undone and only its best
exchange made, so that the search ends where no single exchange pays.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.compiled import median as kernels
from planning.siting.compiled.median import Demand, Limits
from planning.siting.effort import Watch
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_PASSES = 200
_AROUND = 25  # chosen sites in a neighbourhood
_SWAPS = 4  # exchanged at random in it
_ENOUGH = 1e-10  # of the cost: an exchange that gains less is rounding


def limits_of(rules: Rules) -> Limits:
    """Return the rules as the compiled loops ask for them: site by site."""
    by_site = rules.matrix().T.tocsr()
    none = csr_array((rules.sites, rules.sites), dtype=np.int64)
    clashes = none if rules.clashes is None else rules.clashes
    locked = np.zeros(rules.sites, dtype=np.bool_)
    locked[rules.chosen] = True
    return Limits(
        by_site.indptr.astype(np.int64), by_site.indices.astype(np.int64), by_site.data,
        np.array([row.least for row in rules.rows], dtype=np.int64),
        np.array([row.most for row in rules.rows], dtype=np.int64),
        clashes.indptr.astype(np.int64), clashes.indices.astype(np.int64), locked,
    )  # fmt: skip


class Interchange:
    """Interchange under one set of rules; places differ from call to call."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._limits = rules, limits_of(rules)

    def improved(
        self, demand: Demand, chosen: Whole, watch: Watch, locked: NDArray[np.bool_] | None = None
    ) -> Whole:
        """Return a choice, ascending, that no single exchange makes better for these places.

        `chosen` obeys the rules, and so does what is returned. `locked` (n_sites,) are sites
        that may not be closed, in place of those the rules lock in.
        """
        limits = self._limits if locked is None else self._limits._replace(locked=locked)
        best, best_cost, now = chosen, np.inf, chosen
        most = made = self._rules.most_sites
        for _ in range(_PASSES):
            cost, away, who = kernels.two_nearest(demand, self._taken(now))
            if cost >= best_cost:
                if made == 1:
                    break
                # The gains did not add up: from the best choice once more, one at a time.
                now, best_cost, most = best, np.inf, 1
                continue
            best, best_cost = now, cost
            now = self._exchanged(limits, demand, best, (away, who, cost), most)
            made, most = most, self._rules.most_sites
            if now is best or watch.asked or watch.late:
                break
        return np.sort(best)

    def shaken(
        self, demand: Demand, chosen: Whole, rounds: int, rng: np.random.Generator, watch: Watch
    ) -> Whole:
        """Return a choice at least as good: disturb a neighbourhood, improve it, keep what is better.

        Each round exchanges a few sites around a place for others at random and lets
        interchange repair it, for the places of that neighbourhood and those no chosen site
        is near to: nobody else is farther from his nearest site, whatever happens inside it.
        """
        fresh = True
        for _ in range(rounds):
            if watch.asked or watch.late:
                break
            if not len(chosen):
                break
            if fresh:
                _, away, who = kernels.two_nearest(demand, self._taken(chosen))
                beside = self._beside(chosen, who)
                weight = np.cumsum(demand.people * away[:, 0])
                fresh = False
            at = min(int(np.searchsorted(weight, rng.random() * weight[-1])), len(weight) - 1)
            apart = rng.permutation(len(chosen))
            centre = int(apart[0])
            if who[at, 0] != kernels.NONE:
                centre = int(np.searchsorted(chosen, who[at, 0]))
            mine = chosen[_around(beside, centre, apart)]
            first, end = demand.first[demand.row[at]], demand.first[demand.row[at] + 1]
            start = self._disturbed(chosen, mine, demand.site[first:end], rng)
            if start is None:
                continue
            inside = self._taken(mine)
            some = np.flatnonzero(inside[who[:, 0]] | (who[:, 0] == kernels.NONE))
            part = demand._replace(
                row=demand.row[some], people=demand.people[some], cap=demand.cap[some]
            )
            outside = self._taken(chosen) & ~inside
            now = self.improved(part, start, watch, self._limits.locked | outside)
            before, *_ = kernels.two_nearest(part, self._taken(chosen))
            after, *_ = kernels.two_nearest(part, self._taken(now))
            if after < before:
                chosen, fresh = now, True
        return chosen

    def _disturbed(
        self, chosen: Whole, mine: Whole, near: Whole, rng: np.random.Generator
    ) -> Whole | None:
        """Return the choice after a few random exchanges that the rules permit; None if none does.

        Sites of `mine` (nearest first) are closed, of `near` opened.
        """
        taken = self._taken(chosen)
        load, clashing = self._counted(chosen)
        free = rng.permutation(near[~taken[near]])[:_SWAPS]
        leave = rng.permutation(mine[: _SWAPS + 2])
        done = 0
        for one, out in zip(free.tolist(), leave.tolist(), strict=False):
            if kernels.permitted(self._limits, load, clashing, one, out):
                taken[one], taken[out] = True, False
                kernels.count_in(self._limits, load, clashing, one, 1)
                kernels.count_in(self._limits, load, clashing, out, -1)
                done += 1
        return np.flatnonzero(taken) if done else None

    def _beside(self, chosen: Whole, who: Whole) -> NDArray[np.bool_]:
        """Return which two of the chosen sites are the nearest two of some place."""
        slot = np.full(self._rules.sites, kernels.NONE)
        slot[chosen] = np.arange(len(chosen))
        both = who[who[:, 1] != kernels.NONE]
        beside = np.zeros((len(chosen), len(chosen)), dtype=np.bool_)
        beside[slot[both[:, 0]], slot[both[:, 1]]] = True
        return beside | beside.T

    def _exchanged(
        self,
        limits: Limits,
        demand: Demand,
        chosen: Whole,
        now: tuple[Real, Whole, float],
        most: int,
    ) -> Whole:
        """Return the choice after up to so many exchanges; the same object if none pays."""
        away, who, cost = now
        slots = len(chosen)
        slot = np.full(self._rules.sites, kernels.NONE)
        slot[chosen] = np.arange(slots)
        extra = np.zeros((self._rules.sites, max(slots, 1)))
        worth = np.zeros(self._rules.sites), np.zeros(slots), extra
        kernels.swap_worth(demand, away, who, slot, *worth)
        after = kernels.take_swaps(
            limits, self._counted(chosen), chosen, self._rules.most_sites, worth,
            self._beside(chosen, who), _ENOUGH * cost, most,
        )  # fmt: skip
        return chosen if np.array_equal(after, chosen) else after

    def _taken(self, chosen: Whole) -> NDArray[np.bool_]:
        taken = np.zeros(self._rules.sites, dtype=np.bool_)
        taken[chosen] = True
        return taken

    def _counted(self, chosen: Whole) -> tuple[Whole, Whole]:
        """Return the sum of each row and how many chosen sites clash with each site."""
        load = np.zeros(len(self._rules.rows), dtype=np.int64)
        clashing = np.zeros(self._rules.sites, dtype=np.int64)
        kernels.counted(self._limits, chosen, load, clashing)
        return load, clashing


def _around(beside: NDArray[np.bool_], slot: int, apart: Whole) -> Whole:
    """Return the slots of a neighbourhood, fewest steps first, beginning with this one.

    Where fewer hang together, as among points that stay, others follow in the order `apart`.
    """
    found, seen = [slot], np.zeros(len(beside), dtype=np.bool_)
    seen[slot] = True
    for one in found:
        if len(found) >= _AROUND:
            break
        more = np.flatnonzero(beside[one] & ~seen)
        seen[more] = True
        found.extend(more.tolist())
    found.extend(apart[~seen[apart]].tolist())
    return np.array(found[:_AROUND], dtype=np.int64)
