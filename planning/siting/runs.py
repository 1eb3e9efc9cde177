"""Which candidate serves which places, as runs of neighbours along a space-filling curve.

Places sorted along a Hilbert curve that are served by one candidate stand in few unbroken
runs: about the square root of their number. What a solver asks then needs no matrix: the
people a candidate serves are differences of one running sum, and how often a place is
served is the running sum of starts and ends. Exact for any sets of places; only the number
of runs depends on the order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """Runs `start`..`end` (end excluded) of places, candidate after candidate.

    `first` has shape (n_sites + 1,): the runs of site j are `first[j]`..`first[j + 1]`.
    """

    start: Whole
    end: Whole
    first: Whole
    places: int

    @classmethod
    def of(cls, served: csr_array) -> "Runs":
        """Return the runs of a 0/1 matrix (n_sites, n_places) with sorted indices."""
        sites, places = served.shape
        column = served.indices.astype(np.int64)
        site = np.repeat(np.arange(sites), np.diff(served.indptr))
        begins = np.ones(len(column), dtype=bool)
        begins[1:] = (np.diff(column) != 1) | (np.diff(site) != 0)
        at = np.flatnonzero(begins)
        last = np.append(at[1:], len(column)) - 1
        first = np.searchsorted(site[at], np.arange(sites + 1))
        return cls(column[at], column[last] + 1 if len(at) else column[at], first, places)

    @property
    def shape(self) -> tuple[int, int]:
        """Candidates and places."""
        return len(self.first) - 1, self.places

    @property
    def lengths(self) -> Whole:
        """How many places each candidate serves, shape (n_sites,)."""
        return self.gains(np.ones(self.places, dtype=np.int64))

    def gains(self, weight: Whole) -> Whole:
        """Return what each candidate gathers of whole weights (n_places,), exactly."""
        return self._gathered(weight, np.int64)

    def gathered(self, weight: Real) -> Real:
        """Return what each candidate gathers of real weights (n_places,), nearly."""
        return self._gathered(weight, np.float64)

    def spread(self, share: Real) -> Real:
        """Return, for each place, the sum of the shares (n_sites,) of those who serve it."""
        each = np.repeat(share, np.diff(self.first))
        size = self.places + 1
        change = np.bincount(self.start, each, size) - np.bincount(self.end, each, size)
        return np.asarray(np.cumsum(change)[:-1])

    def times_served(self) -> Whole:
        """Return by how many candidates each place is served, shape (n_places,)."""
        size = self.places + 1
        change = np.bincount(self.start, minlength=size) - np.bincount(self.end, minlength=size)
        return np.asarray(np.cumsum(change)[:-1])

    def places_of(self, site: int) -> Whole:
        """Return the places that one candidate serves, in order."""
        runs = slice(self.first[site], self.first[site + 1])
        start, end = self.start[runs], self.end[runs]
        if not len(start):
            return start
        length = end - start
        # Each run's numbers are its start and the steps since the run before ended.
        steps = np.ones(int(length.sum()), dtype=np.int64)
        at = np.concatenate([[0], np.cumsum(length)[:-1]])
        steps[at] = np.concatenate([[start[0]], start[1:] - end[:-1] + 1])
        return np.asarray(np.cumsum(steps))

    def _gathered(self, weight: NDArray, kind: type) -> NDArray:
        running: NDArray = np.zeros(self.places + 1, dtype=kind)
        np.cumsum(weight, out=running[1:])
        of_run: NDArray = np.zeros(len(self.start) + 1, dtype=kind)
        np.cumsum(running[self.end] - running[self.start], out=of_run[1:])
        return np.asarray(of_run[self.first[1:]] - of_run[self.first[:-1]])


def curve_order(xy: Real) -> NDArray[np.intp]:
    """Return the order of places (n, 2) along a Hilbert curve of 65 536 × 65 536 cells.

    Equal cells keep their order (Hilbert 1891; the turns as in Hamilton's compact form).
    """
    if not len(xy):
        return np.empty(0, dtype=np.intp)
    span = max(float(np.ptp(xy, axis=0).max()), 1.0)
    cell = ((xy - xy.min(axis=0)) / span * 65_535).astype(np.int64)
    x, y = cell[:, 0].copy(), cell[:, 1].copy()
    key = np.zeros(len(xy), dtype=np.int64)
    for bit in range(15, -1, -1):
        side = 1 << bit
        right, upper = (x & side) > 0, (y & side) > 0
        key = (key << 2) | (3 * right ^ upper)
        # The quarter is turned so that its own curve enters and leaves at the right corners.
        flip = ~upper & right
        x, y = (
            np.where(flip, side - 1 - (x & (side - 1)), x & (side - 1)),
            np.where(flip, side - 1 - (y & (side - 1)), y & (side - 1)),
        )
        x, y = np.where(upper, x, y), np.where(upper, y, x)
    return np.argsort(key, kind="stable")
