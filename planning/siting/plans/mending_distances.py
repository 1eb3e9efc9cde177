"""Mending a plan for short distances: the best single site in place of the refused one.

Closing a site changes only the ways of those whose nearest it was: they go to their second
nearest point or to the new site. What a new site saves everybody else is the same whichever
site was closed, and is summed up once (after Resende and Werneck 2007).
"""

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.compiled import reinsertion as kernels
from planning.siting.covering.runs import curve_order
from planning.siting.distances import StraightDistances
from planning.siting.plans.mending import Mended, by_rules
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Distant:
    """A plan for the shortest mean or worst distance, whose sites are refused one by one."""

    def __init__(self, problem: SitingProblem, plan: Whole) -> None:
        self._rules, self._plan = problem.rules, plan
        self._ways = Ways(problem, plan)
        self._openings = Openings(problem.rules, plan)
        straight = isinstance(problem.distances, StraightDistances)
        self._offers: Offers = _Near(self._ways) if straight else _Everywhere(self._ways)
        self.value = self._ways.worth(self._ways.first)

    def without(self, site: int) -> Mended:
        """Return the plan with the best other site in place of one, or with none."""
        allowed = self._openings.instead_of(site)
        other = self._offers.best(site, allowed)
        kept = self._plan[self._plan != site]
        if other < 0 and self._openings.fine_without(site):
            return Mended(kept, self._ways.worth(self._ways.after(site, None)))
        if other < 0 and allowed.any():
            other = int(allowed.argmax())
        if other >= 0:
            value = self._ways.worth(self._ways.after(site, other))
            return Mended(np.sort(np.append(kept, other)), value)
        chosen, impossible = by_rules(self._rules, self._plan, site, lambda _: None)
        if chosen is None:
            return Mended(impossible=impossible)
        return Mended(chosen, self._ways.worth(self._ways.of(chosen)))


class Ways:
    """How far everybody is from the nearest point of a plan, from the second, and which is nearest.

    Only places where people live, along a curve, so that neighbours stand side by side.
    """

    def __init__(self, problem: SitingProblem, plan: Whole) -> None:
        self.distances, self.plan = problem.distances, plan
        self.mean = problem.objective is Objective.MEAN_DISTANCE
        order = curve_order(problem.distances.ground())
        self.places = order[problem.people[order] > 0]
        self.people = problem.people[self.places].astype(np.float64)
        self._now = problem.now_m[self.places]
        self.first, self.second = self._now.copy(), self._now.copy()
        self.whose = np.full(len(self.places), -1)
        for site in plan.tolist():
            away = self.to(site)
            nearer = away < self.first
            self.second = np.where(nearer, self.first, np.minimum(self.second, away))
            self.first[nearer], self.whose[nearer] = away[nearer], site
        self._total = math.fsum(self.people * self.first)

    def to(self, site: int) -> Real:
        """Return how far everybody is from one site."""
        return self.distances.of(site)[self.places]

    def of(self, chosen: Whole) -> Real:
        """Return how far everybody is from the nearest of some sites, or from what stays."""
        metres = self._now
        for site in chosen.tolist():
            metres = np.minimum(metres, self.to(site))
        return metres

    def after(self, closed: int, opened: int | None) -> Real:
        """Return how far everybody is from a point once one site is closed and another opened."""
        metres = np.where(self.whose == closed, self.second, self.first)
        return metres if opened is None else np.minimum(metres, self.to(opened))

    def worth(self, metres: Real) -> float:
        """Return person-metres, or the longest way."""
        if not self.mean:
            return float(metres.max(initial=0.0))
        if math.isinf(self._total):
            return math.fsum(self.people * metres)
        # A plan mended differs for few from the plan that is mended.
        other = np.flatnonzero(metres != self.first)
        return self._total + math.fsum(self.people[other] * (metres[other] - self.first[other]))


class Openings:
    """Which sites may stand in place of a chosen one, all rules being kept."""

    def __init__(self, rules: Rules, plan: Whole) -> None:
        self._matrix = rules.matrix()
        self._row = np.repeat(np.arange(len(rules.rows)), np.diff(self._matrix.indptr))
        self._least = np.array([row.least for row in rules.rows], dtype=np.int64)
        self._most = np.array([row.most for row in rules.rows], dtype=np.int64)
        self._taken = np.zeros(rules.sites, dtype=bool)
        self._taken[plan] = True
        self._load = self._matrix @ self._taken.astype(np.int64)
        none = csr_array((rules.sites, rules.sites), dtype=np.int64)
        self._clashes = none if rules.clashes is None else rules.clashes
        self._clashing = self._clashes @ self._taken.astype(np.int64)

    def _left(self, site: int) -> Whole:
        """Return the sum of each row once a site is closed."""
        mine = self._matrix.indices == site
        return self._load - np.bincount(
            self._row[mine], self._matrix.data[mine], len(self._load)
        ).astype(np.int64)

    def fine_without(self, site: int) -> bool:
        """Return whether the rules are kept with no other site in its place."""
        return bool((self._left(site) >= self._least).all())

    def instead_of(self, site: int) -> Mask:
        """Return which sites may be opened once a site is closed, shape (n_sites,)."""
        load = self._left(site)
        clashing = self._clashing.copy()
        clashing[self._clashes.indices[self._clashes.indptr[site] : self._clashes.indptr[site + 1]]] -= 1  # fmt: skip
        may = ~self._taken & (clashing == 0)
        over = self._matrix.data > (self._most - load)[self._row]
        may[self._matrix.indices[over]] = False
        for row in np.flatnonzero(load < self._least):
            inside = slice(self._matrix.indptr[row], self._matrix.indptr[row + 1])
            amount = np.zeros(len(may), dtype=np.int64)
            amount[self._matrix.indices[inside]] = self._matrix.data[inside]
            may &= load[row] + amount >= self._least[row]
        return np.asarray(may)


class Offers(Protocol):
    """What each site could do for the people of a refused one."""

    def best(self, site: int, allowed: Mask) -> int:
        """Return the allowed site that mends best, −1 where none helps; of equal ones the first."""
        ...


class _Near:
    """Offers by straight line: only sites near a refused one's people are looked at."""

    def __init__(self, ways: Ways) -> None:
        assert isinstance(ways.distances, StraightDistances)
        self._ways, self._site = ways, np.ascontiguousarray(ways.distances.site)
        self._place = np.ascontiguousarray(ways.distances.place[ways.places])
        both = np.concatenate([self._place, self._site])
        # Farther than anywhere, in place of infinity: sums stay numbers and compare alike.
        far = 1.0 + 2.0 * float(np.ptp(both, axis=0).sum()) if len(both) else 1.0
        self._second = np.minimum(ways.second, far)
        self._mine = {site: np.flatnonzero(ways.whose == site) for site in ways.plan.tolist()}
        self._gain = np.zeros(len(self._site))
        self._back: dict[int, tuple[Whole, Real]] = {}
        if ways.mean:
            self._sum_up()

    def _sum_up(self) -> None:
        """Sum up what each site saves everybody, and gives back of what closing a site costs."""
        self._savings(np.flatnonzero(self._ways.whose < 0), self._ways.first)
        for site, mine in self._mine.items():
            back = self._savings(mine, self._second)
            near = np.flatnonzero(back)
            self._back[site] = near, back[near]

    def _savings(self, places: Whole, second: Real) -> Real:
        back, ways = np.zeros(len(self._site)), self._ways
        if len(places):
            kernels.savings(
                self._place[places], ways.people[places], ways.first[places], second[places],
                self._site, self._gain, back,
            )  # fmt: skip
        return back

    def best(self, site: int, allowed: Mask) -> int:
        """Return the allowed site that mends best, −1 where none helps; of equal ones the first."""
        if not self._ways.mean:
            mine = self._mine[site]
            if not len(mine):
                return -1
            return int(
                kernels.least_worst(self._place[mine], self._second[mine], self._site, allowed)[0]
            )
        saved = self._gain.copy()
        near, back = self._back[site]
        saved[near] += back
        return _most(saved, allowed)


class _Everywhere:
    """Offers by any distances: every site is measured from everywhere."""

    def __init__(self, ways: Ways) -> None:
        self._ways, sites = ways, ways.distances.shape[0]
        slot = np.searchsorted(ways.plan, ways.whose)
        slot[ways.whose < 0] = len(ways.plan)
        self._slot, far = slot, self._far()
        second = np.minimum(ways.second, far)
        self._gain = np.zeros(sites)
        # Of each site: what it gives back for each slot, or the worst way that is left there.
        self._back = np.zeros((sites, len(ways.plan) + 1))
        self._bare = self._worst(second)
        for site in range(sites):
            away = np.minimum(ways.to(site), far)
            if ways.mean:
                self._gain[site] = ways.people @ np.maximum(ways.first - away, 0.0)
                back = ways.people * np.maximum(second - np.maximum(away, ways.first), 0.0)
                self._back[site] = np.bincount(slot, back, len(ways.plan) + 1)
            else:
                self._back[site] = self._worst(np.minimum(second, away))

    def _far(self) -> float:
        """Return a number that costs more than the longest ways of all together."""
        longest, people = 0.0, self._ways.people
        for site in range(self._ways.distances.shape[0]):
            away = self._ways.to(site)
            longest = max(longest, float(away[np.isfinite(away)].max(initial=0.0)))
        return 1.0 + 2.0 * longest * float(people.sum()) / float(people.min(initial=1.0))

    def _worst(self, metres: Real) -> Real:
        worst = np.zeros(len(self._ways.plan) + 1)
        np.maximum.at(worst, self._slot, metres)
        return worst

    def best(self, site: int, allowed: Mask) -> int:
        """Return the allowed site that mends best, −1 where none helps; of equal ones the first."""
        slot = int(np.searchsorted(self._ways.plan, site))
        if self._ways.mean:
            return _most(self._gain + self._back[:, slot], allowed)
        return _most(self._bare[slot] - self._back[:, slot], allowed)


def _most(saved: Real, allowed: Mask) -> int:
    """Return the allowed site that saves most, −1 where none saves anything."""
    saved = np.where(allowed, saved, 0.0)
    best = int(saved.argmax()) if len(saved) else -1
    return best if best >= 0 and saved[best] > 0.0 else -1
