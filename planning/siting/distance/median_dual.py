"""The Lagrangian dual of the p-median under rules: a bound that holds for any multipliers.

Give every place a radius u ≤ its distance to the points that stay. For every choice y that
obeys the rules R y ≤ s, and any ν ≥ 0, the person-metres are at least

    L(u, ν) = Σᵢ wᵢ uᵢ − s·ν + min over y of Σⱼ ((Rᵀν)ⱼ − Σᵢ wᵢ (uᵢ − dᵢⱼ)⁺) yⱼ

(Cornuéjols, Fisher and Nemhauser 1977, with multipliers λᵢ = wᵢ uᵢ), the last sum over the
locked-in sites and the p smallest negative terms. The best u is sought as one side of a
saddle point, shares y of sites the other, by primal-dual steps as of Chambolle and Pock
(2011): the step in u is exact and costs a walk along the list. Distances rounded down make
L smaller, never wrong; what summing in floats can lose is taken off.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from planning.siting.compiled import median as kernels
from planning.siting.compiled.ascent import capped
from planning.siting.compiled.median import Demand
from planning.siting.covering.relaxation import Sides
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_PACE = 2.0  # of the mean distance: how far a radius moves in the first step
_STEP = 30_000  # the work of a step beside its lists
_EPS = float(np.finfo(np.float64).eps)


@dataclass
class Best:
    """The best bound so far and the radii, savings and prices that prove it."""

    bound: float
    radius: Real
    saved: Real
    price: Real


class Dual:
    """Primal-dual steps for one set of sites and rules; places come level by level.

    `share` (n_sites,) is the fractional choice, `best` the best bound of the present level.
    """

    def __init__(self, rules: Rules) -> None:
        self._sides, self._most = Sides.of(rules), rules.most_sites
        self.share = np.full(rules.sites, min(1.0, rules.most_sites / max(rules.sites, 1)))
        self.share[rules.chosen] = 1.0
        self._low = np.zeros(rules.sites)
        self._low[rules.chosen] = 1.0
        self._rows = self._sides.matrix.astype(np.float64)
        self._columns = self._rows.T.tocsr()
        self._deepest = max(1, int(np.diff(self._columns.indptr).max(initial=0)))
        self.price = np.zeros(self._rows.shape[0])
        self._theta = 0.0
        self.banned = np.zeros(rules.sites, dtype=np.bool_)

    @property
    def locked(self) -> NDArray[np.bool_]:
        """Which sites must be open, shape (n_sites,)."""
        return self._low > 0

    @property
    def walked(self) -> int:
        """How much work one step is, about, in entries of lists walked."""
        return int(self._within.sum()) + _STEP

    def fix(self, locked: NDArray[np.bool_], banned: NDArray[np.bool_]) -> None:
        """Ask only about choices with some sites open and others not; holds from the next `at`."""
        self._low, self.banned = locked.astype(np.float64), banned

    def at(self, demand: Demand, limit: Real, radius: Real, mean_m: float) -> None:
        """Go on with other places: their lists, largest radii and radii to begin with."""
        self._demand, self._limit, self._pace = demand, limit, _PACE * mean_m
        self._radius = np.minimum(radius, limit)
        self._within = np.zeros(len(radius), dtype=np.int64)
        self._saved, self._mass = np.zeros_like(self.share), np.zeros_like(self.share)
        # A step of no length counts what lies within the radii.
        kernels.dual_step(demand, limit, self.share, 0.0, self._state)
        self._ahead_saved, self._ahead_price = self._saved.copy(), self.price.copy()
        self.best = self._here()

    @property
    def _state(self) -> tuple[Real, Whole, Real, Real]:
        return self._radius, self._within, self._saved, self._mass

    def step(self) -> None:
        """Take one step of the shares, the prices of the rules, and the radii."""
        weight = self._pace * np.maximum(self._mass, 0.1 * self._mass.mean() + _EPS)
        pull = self._ahead_saved - self._columns @ self._ahead_price
        share = np.where(self.banned, -1.0, self.share + pull / weight)
        step = np.where(self.banned, 0.0, 1.0 / weight)
        self._theta = capped(share, step, self._low, float(self._most), self._theta)
        self.share = share
        before, before_price = self._saved.copy(), self.price
        if len(self.price):
            norm = self._rows.power(2) @ (1.0 / weight) * self._deepest
            over = self._rows @ share - self._sides.side
            self.price = np.maximum(self.price + over / np.maximum(norm, _EPS), 0.0)
        kernels.dual_step(self._demand, self._limit, share, self._pace, self._state)
        self._ahead_saved = 2.0 * self._saved - before
        self._ahead_price = 2.0 * self.price - before_price
        here = self._here()
        if here.bound > self.best.bound:
            self.best = here

    def _here(self) -> Best:
        bound = self.bound(self._demand.people, self._radius, self._saved, self.price)
        return Best(bound, self._radius.copy(), self._saved.copy(), self.price)

    def bound(self, people: Real, radius: Real, saved: Real, price: Real) -> float:
        """Return L(u, ν) less what rounding may have added, given the savings at u."""
        worth, locked = self._columns @ price - saved, self.locked
        free = np.sort(worth[~locked & ~self.banned])[: max(0, self._most - int(locked.sum()))]
        taken = np.concatenate([worth[locked], free[free < 0]])
        parts = float((people * radius).sum()), float(self._sides.side @ price), float(taken.sum())
        size = parts[0] + float(
            np.abs(self._sides.side) @ price + saved.max(initial=0.0) * self._most
        )
        size += float((abs(self._columns) @ price).sum())
        terms = len(people) + len(saved) + len(price) + 16
        return parts[0] - parts[1] + parts[2] - 2.0 * _EPS * terms * size

    def settled(self, value: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which sites every better choice than `value` opens, and which it does not.

        Forcing a site in or out of the bound's own choice costs at least the difference to
        the site that takes or leaves its place.
        """
        worth, locked = self._columns @ self.best.price - self.best.saved, self.locked
        room = max(0, self._most - int(locked.sum()))
        order = np.flatnonzero(~locked & ~self.banned)
        order = order[np.argsort(worth[order], kind="stable")]
        ranked = np.append(np.minimum(worth[order], 0.0), np.zeros(room + 1))
        last, following = (ranked[room - 1], ranked[room]) if room else (0.0, 0.0)
        # What is left out of the bound as rounding is left out of the differences as well.
        left = value - self.best.bound + 1e-12 * abs(value)
        inside = order[:room][worth[order[:room]] < 0]
        outside = np.setdiff1d(order, inside)
        locks, bans = locked.copy(), self.banned.copy()
        locks[inside[following - worth[inside] > left]] = True
        bans[outside[worth[outside] - last > left]] = True
        return locks, bans

    def tighten(self, best: Best, people: Real | None = None) -> Best:
        """Return the bound with the best prices of the rules for the same radii, by HiGHS.

        The prices come from a linear programme over the sites alone; the bound they give is
        worked out anew, so that the solver's tolerances cannot make it wrong.
        """
        if not len(best.price):
            return best
        count = csr_array(np.ones((1, len(best.saved))))
        solve: Any = linprog  # its stub knows no sparse matrices
        found = solve(
            -best.saved, vstack([self._rows, count]), np.append(self._sides.side, self._most),
            bounds=np.stack([self._low, np.ones_like(self._low)], axis=1), method="highs",
        )  # fmt: skip
        if found.status != 0:
            return best
        price = np.maximum(-found.ineqlin.marginals[:-1], 0.0)
        everyone = self._demand.people if people is None else people
        bound = self.bound(everyone, best.radius, best.saved, price)
        return Best(bound, best.radius, best.saved, price) if bound > best.bound else best
