"""Where points should be so that the farthest way to the nearest one is short.

The p-center: the least D such that every place with people is within D of a chosen site or
of a point that stays. Only few places decide about D. The question is asked of those alone,
and the places that its answers leave too far are added (Chen and Handler 1987): what no
choice can do for some places it cannot do for all, so that a bound for some is one for all;
a choice is always valued for all.
"""

import math
import time

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.spatial import KDTree

from planning.siting.compiled.center import cover_search
from planning.siting.compiled.median import counted
from planning.siting.distance.median_lists import levels, table
from planning.siting.distance.median_search import limits_of
from planning.siting.distance.reaching import reaching
from planning.siting.distances import StraightDistances
from planning.siting.effort import Effort, Watch
from planning.siting.integer.programme import Ended, Programme, site_columns
from planning.siting.integer.reached import cover_rows
from planning.siting.problem import Answer, SitingProblem, Stopped

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_STEPS = {Effort.QUICK: 2_000, Effort.NORMAL: 10_000, Effort.THOROUGH: 100_000}
_FINE = {Effort.QUICK: 1e-2, Effort.NORMAL: 3e-3, Effort.THOROUGH: 1e-3}
_FEW_PAIRS = 1_000_000  # up to here every value is tried, and a programme ends the search
_CELLS = 1_000  # of the grid that tells neighbourhoods apart
_FIRST = 12_000  # places asked about at first
_TABLE = 4_000_000  # distances worked out at a time
_ROUNDS = 60  # of adding places that were left too far, for one distance
_RESTARTS, _STEPS_BETWEEN = 40, 40
_EPS = 1e-9


def solve_center(problem: SitingProblem, effort: Effort, seed: int, watch: Watch) -> Answer | None:
    """Return a choice with a short farthest way and a bound on any; None where none obeys the rules.

    A choice that leaves people at distance inf is no answer either.
    """
    if problem.floors or problem.worst_m is not None or problem.capacity is not None:
        raise ValueError("floors, a worst distance and capacities are not for this solver")
    return _Search(problem, effort, seed, watch).answer()


class _Search:
    """One search: the best choice, the bound, and the places asked about so far."""

    def __init__(self, problem: SitingProblem, effort: Effort, seed: int, watch: Watch) -> None:
        self.problem, self.rules, self.effort = problem, problem.rules, effort
        self.seed, self.watch = seed, watch
        self.places = np.flatnonzero(problem.people > 0)
        self.now_m = problem.now_m[self.places]
        self.limits = limits_of(self.rules)
        self.small = problem.distances.shape[0] * len(self.places) <= _FEW_PAIRS
        self.chosen: Whole | None = None
        self.value, self.bound = math.inf, 0.0
        self.asked = np.empty(0, dtype=np.int64)
        if isinstance(problem.distances, StraightDistances):
            self.ground = problem.distances.place[self.places]

    def answer(self) -> Answer | None:
        """Search and return what was found."""
        try:
            self._start()
        except TimeoutError:
            return Answer((), math.inf, 0.0, Stopped.TIME)
        if self.chosen is None:
            return None
        self._first()
        for step in (self._relax, self._shorten, self._programme):
            if not self._done():
                step()
        self.bound = min(self.bound, self.value)
        return Answer(tuple(self.chosen.tolist()), self.value, self.bound, self._why())

    def _why(self) -> Stopped:
        if self.value == self.bound:
            return Stopped.PROVED
        if self.watch.asked:
            return Stopped.ASKED
        return Stopped.TIME if self.watch.late else Stopped.DONE

    def _done(self) -> bool:
        return self.watch.stop(self.value, self.bound) or self.bound >= self.value

    def _raise(self, bound: float) -> None:
        self.bound = min(max(self.bound, bound), self.value)

    # The places asked about.

    def _first(self) -> None:
        """Ask about a place per cell of a grid at first; about all where they are few."""
        people = self.problem.people[self.places].astype(np.float64)
        pictures = levels(self.problem.distances.ground(), self.places, people, _CELLS)
        self.cell = np.arange(len(pictures[0].places))
        for picture in pictures[:-1]:
            self.cell = self.cell[picture.finer]
        self.near = csr_array((0, self.rules.sites))
        fine = [each.places for each in pictures if self.small or len(each.places) <= _FIRST]
        self._ask(np.searchsorted(self.places, fine[-1] if fine else pictures[0].places))
        nearest = np.minimum.reduceat(np.append(self.near.data, math.inf), self.near.indptr[:-1])
        nearest = np.where(np.diff(self.near.indptr) > 0, nearest, math.inf)
        self._raise(float(np.minimum(nearest, self.now_m[self.asked]).max(initial=0.0)))

    def _ask(self, more: Whole) -> csr_array:
        """Ask about more places, positions among those with people; return their near sites.

        `near` holds the distances of the sites within the best worst way so far, shape
        (places asked about, sites): only shorter ones are looked for.
        """
        new = np.setdiff1d(more, self.asked)
        parts = []
        for some in np.array_split(new, max(1, -(-len(new) * self.rules.sites // _TABLE))):
            metres = table(self.problem.distances, self.places[some]).T
            place, site = np.nonzero(metres <= self.value)
            parts.append(csr_array((metres[place, site], (place, site)), shape=metres.shape))
        rows = csr_array(vstack(parts, format="csr"))
        self.asked = np.concatenate([self.asked, new])
        self.near = csr_array(vstack([self.near, rows], format="csr"))
        return rows

    def _between(self, low: float, high: float) -> float | None:
        """Return a distance a worst way can have, about half-way between two (both excluded)."""
        middle = (low + high) / 2
        below, above = -math.inf, math.inf
        for each in (self.near.data, self.now_m[self.asked]):
            below = max(below, float(each[(each > low) & (each <= middle)].max(initial=-math.inf)))
            above = min(above, float(each[(each > middle) & (each < high)].min(initial=math.inf)))
        found = below if below > -math.inf else above
        return found if math.isfinite(found) else None

    def _next(self, limit: float) -> float:
        """Return the least distance beyond the limit that a worst way can have."""
        parts = (self.near.data, self.now_m[self.asked])
        return min(float(each[each > limit].min(initial=math.inf)) for each in parts)

    def _covering(self, limit: float) -> csr_array:
        """Return who is within the limit of which places asked about, (places, sites) 0/1.

        Only of places that decide: whoever covers a place that few sites cover covers each
        place that all of those cover too.
        """
        near = _within(self.near[np.flatnonzero(self.now_m[self.asked] > limit)], limit)
        return near[_in_no_other(near, smallest=True)]

    # Choices.

    def _offer(self, chosen: Whole) -> Real:
        """Value a choice for all places; return the distance of each."""
        away = self._away(chosen)
        value = float(away.max(initial=0.0))
        if value < self.value:
            self.chosen, self.value = np.sort(chosen), value
        return away

    def _away(self, chosen: Whole) -> Real:
        """Return the distance of every place to its nearest open point."""
        away = self.now_m
        for site in chosen:
            away = np.minimum(away, self.problem.distances.of(int(site))[self.places])
        return away

    def _nearly_away(self, chosen: Whole) -> Real:
        """Return the same, but for rounding, and faster where distances are straight."""
        there = self.problem.distances
        if not isinstance(there, StraightDistances) or not len(chosen):
            return self._away(chosen)
        nearest = np.asarray(KDTree(there.site[chosen]).query(self.ground)[0])
        return np.asarray(np.minimum(nearest, self.now_m))

    def _start(self) -> None:
        """Open the site nearest to the worst placed, again and again (Gonzalez 1985)."""
        chosen, away = self.rules.chosen.tolist(), self._away(self.rules.chosen)
        while len(chosen) < self.rules.most_sites and away.max(initial=0.0) > 0.0:
            worst = int(away.argmax())
            row = table(self.problem.distances, self.places[[worst]])[:, 0]
            site = int(row.argmin()) if len(row) else 0
            if not len(row) or row[site] >= away[worst]:
                break
            chosen.append(site)
            away = np.minimum(away, self.problem.distances.of(site)[self.places])
        if not self.rules.broken(chosen):
            self._offer(np.array(sorted(chosen), dtype=np.int64))
        if self.chosen is None:
            prefer = np.zeros(self.rules.sites)
            prefer[chosen] = 1.0
            found = reaching(self.problem, prefer, self.watch)
            if found is not None:
                self._offer(found)

    def _shorten(self) -> None:
        """Look for choices with ever shorter worst ways, by bisection."""
        low = float(np.nextafter(self.bound, -math.inf))
        enough = 0.0 if self.small else _FINE[self.effort]
        while not self._done() and self.value - low > enough * self.value:
            limit = self._between(low, self.value)
            if limit is None:
                break
            if not self._reach(limit):
                low = limit

    def _relax(self) -> None:
        """Raise the bound by bisection: where fractions of sites do not cover, no sites do."""
        low, high = float(np.nextafter(self.bound, -math.inf)), self.value
        while not self._done() and high - low > _FINE[self.effort] * self.value:
            limit = self._between(low, high)
            if limit is None:
                break
            if self._too_short(limit):
                self._raise(self._next(limit))
                low = limit
            else:
                high = limit

    def _too_short(self, limit: float) -> bool:
        """Return whether it is proved that no choice is within the limit, whatever the rules."""
        near = _within(self.near[np.flatnonzero(self.now_m[self.asked] > limit)], limit)
        held = np.zeros(self.rules.sites, dtype=np.int64)
        held[self.rules.chosen] = 1
        near = near[np.flatnonzero(near @ held == 0)]
        free = self.rules.most_sites - len(self.rules.chosen)
        # Small questions are settled by a programme: there a rough bound will do.
        return _needs_more(near, free, _RESTARTS // 8 if self.small else _RESTARTS)

    def _programme(self) -> None:
        """Settle what is left of a small question by mixed integer programmes."""
        while self.small and self.effort is not Effort.QUICK and not self._done():
            low = float(np.nextafter(self.bound, -math.inf))
            limit = self._between(low, self.value)
            if limit is None:
                self._raise(self.value)
                break
            programme = Programme()
            sites = site_columns(programme, self.rules)
            cover_rows(programme, sites, self._covering(limit))
            solved = programme.solve(Watch(lambda *_: self._done(), self._left()))
            if solved.ended is Ended.IMPOSSIBLE:
                self._raise(self._next(limit))
            elif solved.values is None:
                break
            else:
                self._offer(np.array(solved.taken(sites), dtype=np.int64))
                if self.value > limit:
                    raise ArithmeticError("the solver's choice of sites does not cover")

    def _left(self) -> float:
        return max(0.0, self.watch.seconds + self.watch.began - time.monotonic())

    def _reach(self, limit: float) -> bool:
        """Return whether a choice was found with nobody farther than the limit."""
        assert self.chosen is not None
        near, chosen = self._covering(limit), self.chosen
        for _ in range(_ROUNDS):
            chosen, complete = self._searched(near, chosen)
            if not complete or self._done():
                break
            # The choice is mended for the places it left too far, not begun anew.
            away = self._nearly_away(chosen)
            if float(away.max(initial=0.0)) < self.value:
                away = self._offer(chosen)
            if self.value <= limit:
                return True
            too_far = _worst_of_each(away, self.cell, limit)
            if not len(too_far):
                break
            more = self._ask(too_far)
            near = csr_array(vstack([near, _within(more, limit)], format="csr"))
        return False

    def _searched(self, near: csr_array, chosen: Whole) -> tuple[Whole, bool]:
        """Return a choice that obeys the rules, and whether it covers every row of `near`."""
        sites = csr_array(near.T)
        load = np.zeros(len(self.rules.rows), dtype=np.int64)
        clashing = np.zeros(self.rules.sites, dtype=np.int64)
        counted(self.limits, chosen, load, clashing)
        rows = near.indptr.astype(np.int64), near.indices.astype(np.int64)
        columns = sites.indptr.astype(np.int64), sites.indices.astype(np.int64)
        found, complete = cover_search(
            rows, columns, self.limits, (load, clashing), chosen, self.rules.most_sites,
            _STEPS[self.effort], self.seed,
        )  # fmt: skip
        return found, bool(complete)


def _within(near: csr_array, limit: float) -> csr_array:
    """Return which stored distances are within a limit (≤), as a 0/1 matrix."""
    kept = near.data <= limit
    row = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))[kept]
    ones = np.ones(int(kept.sum()), dtype=np.int64)
    return csr_array((ones, (row, near.indices[kept])), shape=near.shape)


def _needs_more(near: csr_array, sites: int, restarts: int) -> bool:
    """Return whether it is proved that more than so many sites are needed to cover every row.

    Weights of rows such that no column holds more than 1 of them add up to no more than the
    least number of columns. They are sought by primal-dual steps (Chambolle and Pock 2011)
    for the relaxed covering, restarted from averages, until they prove it or until fractions
    of so few sites are seen to cover.
    """
    deep, wide = np.diff(near.indptr), np.bincount(near.indices, minlength=near.shape[1])
    if not near.shape[0] or not deep.all():
        return near.shape[0] > 0
    rows, columns = near.astype(np.float64), csr_array(near.T.astype(np.float64))
    share, weight = np.full(near.shape[1], sites / near.shape[1]), 1.0 / deep
    balance, inside = 1.0, columns @ weight
    for _ in range(restarts):
        first = share, weight
        sums = np.zeros_like(share), np.zeros_like(weight)
        for _ in range(_STEPS_BETWEEN):
            ahead = np.clip(share - balance * (1.0 - inside) / np.maximum(wide, 1), 0.0, 1.0)
            covered = rows @ (2.0 * ahead - share)
            share = ahead
            weight = np.maximum(weight + (1.0 - covered) / (balance * deep), 0.0)
            inside = columns @ weight
            sums[0][:] += share
            sums[1][:] += weight
        share, weight = sums[0] / _STEPS_BETWEEN, sums[1] / _STEPS_BETWEEN
        inside = columns @ weight
        if weight.sum() / max(inside.max(), _EPS) > sites * (1.0 + _EPS) + _EPS:
            return True
        least = float((rows @ share).min())
        if least > 0 and share.sum() / least <= sites:
            return False
        moved = [float(np.sqrt((each * (now - then) ** 2).sum())) for each, now, then in
                 ((wide, share, first[0]), (deep, weight, first[1]))]  # fmt: skip
        if min(moved) > 0:
            balance = float(np.sqrt(balance * moved[0] / moved[1]))
    return False


def _worst_of_each(away: Real, cell: Whole, limit: float) -> Whole:
    """Return, for each cell of places, its farthest place if that is beyond the limit."""
    beyond = np.flatnonzero(away > limit)
    order = beyond[np.lexsort((beyond, -away[beyond], cell[beyond]))]
    return np.asarray(order[np.unique(cell[order], return_index=True)[1]])


def _in_no_other(rows: csr_array, *, smallest: bool) -> Whole:
    """Return the rows of a 0/1 matrix that hold (else: lie in) no other; of equal ones the first."""
    common = (rows @ rows.T).tocoo()
    size = np.diff(rows.indptr)
    one, other = common.row, common.col
    if smallest:
        inside = (common.data == size[other]) & ((size[one] > size[other]) | (other < one))
    else:
        inside = (common.data == size[one]) & ((size[one] < size[other]) | (other < one))
    kept = np.ones(len(size), dtype=np.bool_)
    kept[one[inside]] = False
    return np.flatnonzero(kept)
