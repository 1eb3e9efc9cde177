"""Which site serves which places, as runs of neighbours along a space-filling curve.

Places sorted along a Hilbert curve that are served by one site stand in few unbroken runs:
about the square root of their number. What a solver asks then needs no matrix: the people a
site serves are differences of one running sum, and how often a place is served is the
running sum of starts and ends. Exact for any sets of places; only the number of runs depends
on the order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.compiled import runs as kernels

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
CURVE_BITS = 20


@dataclass(frozen=True)
class Runs:
    """Runs `start`..`end` (end excluded) of places, site after site.

    `first` has shape (n_sites + 1,): the runs of site j are `first[j]`..`first[j + 1]`.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    first: Whole
    places: int

    @classmethod
    def of(cls, served: csr_array) -> "Runs":
        """Return the runs of a matrix (n_sites, n_places) with sorted indices; values are not read."""
        sites, places = served.shape
        column = served.indices.astype(np.int32)
        site = np.repeat(np.arange(sites), np.diff(served.indptr))
        begins = np.ones(len(column), dtype=bool)
        begins[1:] = (np.diff(column) != 1) | (np.diff(site) != 0)
        at = np.flatnonzero(begins)
        last = np.append(at[1:], len(column)) - 1
        end = column[last] + np.int32(1) if len(at) else column[at]
        first = np.searchsorted(site[at], np.arange(sites + 1)).astype(np.int64)
        return cls(column[at], end, first, places)

    @classmethod
    def straight(cls, place: Real, radius_m: Real, site: Real) -> "Runs":
        """Return which places (n, 2), in curve order, lie within their radius (≤) of a site."""
        x, y = place[:, 0].copy(), place[:, 1].copy()
        radius = radius_m.astype(np.float64)
        box = kernels.boxes(x, y, radius)
        # Site after neighbouring site looks at the same boxes.
        order = curve_order(site)
        site_x, site_y = site[order, 0], site[order, 1]
        start, end, first = kernels.straight_runs(x, y, radius, box, site_x, site_y)
        return cls(start, end, first, len(place)).taken(np.argsort(order))

    @property
    def arrays(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Whole]:
        """Start, end and first, as the kernels take them."""
        return self.start, self.end, self.first

    @property
    def shape(self) -> tuple[int, int]:
        """Sites and places."""
        return len(self.first) - 1, self.places

    @property
    def lengths(self) -> Whole:
        """How many places each site serves, shape (n_sites,)."""
        return self.gains(np.ones(self.places, dtype=np.int64))

    def gains(self, weight: Whole) -> Whole:
        """Return what each site gathers of whole weights (n_places,), exactly."""
        out = np.empty(self.shape[0], dtype=np.int64)
        kernels.gather(*self.arrays, weight, out)
        return out

    def gathered(self, weight: Real) -> Real:
        """Return what each site gathers of real weights (n_places,), nearly."""
        out = np.empty(self.shape[0])
        kernels.gather(*self.arrays, weight, out)
        return out

    def spread(self, share: Real) -> Real:
        """Return, for each place, the sum of the shares (n_sites,) of those who serve it."""
        out = np.empty(self.places)
        kernels.spread(*self.arrays, share, out)
        return out

    def times_served(self) -> Whole:
        """Return by how many sites each place is served, shape (n_places,)."""
        out = np.empty(self.places, dtype=np.int64)
        kernels.spread(*self.arrays, np.ones(self.shape[0], dtype=np.int64), out)
        return out

    def places_of(self, site: int) -> Whole:
        """Return the places that one site serves, in order."""
        runs = slice(self.first[site], self.first[site + 1])
        nothing = np.empty(0, dtype=np.int64)
        each = zip(self.start[runs].tolist(), self.end[runs].tolist(), strict=True)
        return np.concatenate([nothing, *(np.arange(a, b) for a, b in each)])

    def along_the_curve(self) -> NDArray[np.intp]:
        """Return the sites in the order of the middle places they serve, the idle ones last."""
        middle = np.full(self.shape[0], self.places, dtype=np.int64)
        some = np.flatnonzero(np.diff(self.first))
        middle[some] = self.start[(self.first[some] + self.first[some + 1]) // 2]
        return np.argsort(middle, kind="stable")

    def served_by(self, chosen: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which places any of the chosen sites serves, shape (n_places,)."""
        share = np.zeros(self.shape[0], dtype=np.int64)
        share[chosen] = 1
        out = np.empty(self.places, dtype=np.int64)
        kernels.spread(*self.arrays, share, out)
        return out > 0

    def who_serves(self, place: int) -> NDArray[np.bool_]:
        """Return which sites serve a place, shape (n_sites,)."""
        on = ((self.start <= place) & (place < self.end)).astype(np.int64)
        running = np.concatenate([[0], np.cumsum(on)])
        return np.asarray(running[self.first[1:]] > running[self.first[:-1]])

    def only(self, sites: Whole) -> "Runs":
        """Return the runs of some sites, in the order given by ascending `sites`."""
        sizes = np.diff(self.first)
        chosen = np.zeros(self.shape[0], dtype=bool)
        chosen[sites] = True
        keep = np.repeat(chosen, sizes)
        first = np.concatenate([[0], np.cumsum(sizes[sites])])
        return Runs(self.start[keep], self.end[keep], first, self.places)

    def taken(self, sites: NDArray[np.integer]) -> "Runs":
        """Return the runs of some sites in the order given."""
        sizes = np.diff(self.first)[sites]
        first = np.concatenate([[0], np.cumsum(sizes)])
        at = np.repeat(self.first[:-1][sites] - first[:-1], sizes) + np.arange(first[-1])
        return Runs(self.start[at], self.end[at], first, self.places)

    def without(self, places: NDArray[np.bool_]) -> "Runs":
        """Return the runs over the places left when some (n_places,) are taken out."""
        left = np.concatenate([[0], np.cumsum(~places)]).astype(np.int32)
        start, end = left[self.start], left[self.end]
        some = start < end
        first = np.concatenate([[0], np.cumsum(some)])[self.first]
        return Runs(start[some], end[some], first, int(left[-1]))

    def cuts(self, apart: Whole | None = None) -> Whole:
        """Return where neighbouring places are told apart: by a run's end, or in `apart`.

        Ascending, from 0 to n_places. Places between two cuts are served by the same sites.
        """
        seen = np.zeros(self.places + 1, dtype=bool)
        seen[self.start] = seen[self.end] = True
        seen[[0, self.places]] = True
        if apart is not None:
            seen[apart] = True
        return np.flatnonzero(seen)

    def merged(self, cuts: Whole) -> "Runs":
        """Return the same runs over stretches between `cuts` instead of single places."""
        position = np.zeros(self.places + 1, dtype=np.int32)
        position[cuts] = np.arange(len(cuts), dtype=np.int32)
        return Runs(position[self.start], position[self.end], self.first, len(cuts) - 1)


def stacked(layers: list[Runs]) -> Runs:
    """Return the runs of the same sites over several sets of places, one after the other."""
    if len(layers) == 1:
        return layers[0]
    sites = layers[0].shape[0]
    offsets = np.cumsum([0, *(each.places for each in layers)])
    whose = np.concatenate([np.repeat(np.arange(sites), np.diff(each.first)) for each in layers])
    order = np.argsort(whose, kind="stable")
    start = np.concatenate([each.start + np.int32(at) for each, at in zip(layers, offsets[:-1], strict=True)])  # fmt: skip
    end = np.concatenate([each.end + np.int32(at) for each, at in zip(layers, offsets[:-1], strict=True)])  # fmt: skip
    first = np.searchsorted(whose[order], np.arange(sites + 1)).astype(np.int64)
    return Runs(start[order], end[order], first, int(offsets[-1]))


def curve_order(xy: Real) -> NDArray[np.intp]:
    """Return the order of places (n, 2) along a Hilbert curve of 2²⁰ × 2²⁰ cells.

    Within a cell by x, then y; equal places keep their order (Hilbert 1891; the turns as in
    Hamilton's compact form).
    """
    if not len(xy):
        return np.empty(0, dtype=np.intp)
    x, y = xy[:, 0].copy(), xy[:, 1].copy()
    span = max(float(np.ptp(x)), float(np.ptp(y)), 1.0)
    key = kernels.curve_keys(x, y, float(x.min()), float(y.min()), span, CURVE_BITS)
    order = _in_order(key, 2 * CURVE_BITS)
    key = key[order]
    tied = np.zeros(len(key), dtype=bool)
    tied[1:] = key[1:] == key[:-1]
    tied[:-1] |= tied[1:]
    if tied.any():
        some = order[tied]
        order[tied] = some[np.lexsort((y[some], x[some], key[tied]))]
    return order


def _in_order(key: Whole, bits: int) -> NDArray[np.intp]:
    """Return the stable order of keys below 2**bits.

    Key and position in one number are sorted several times as fast as positions by their keys.
    """
    below = len(key).bit_length()
    if bits + below > 64:
        return np.argsort(key, kind="stable")
    both = (key.astype(np.uint64) << np.uint64(below)) | np.arange(len(key), dtype=np.uint64)
    both.sort()
    return (both & np.uint64((1 << below) - 1)).astype(np.intp)
