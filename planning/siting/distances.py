"""How far places are from sites, whichever way that was measured."""

from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

Real = NDArray[np.float64]


class Distances(Protocol):
    """Distances in metres between m sites and n places; inf where one cannot be reached."""

    @property
    def shape(self) -> tuple[int, int]:
        """Sites and places."""
        ...

    def of(self, site: int) -> Real:
        """Return the distance of every place from one site, shape (n_places,)."""
        ...

    def within(self, limit_m: Real) -> csr_array:
        """Return the distances of the pairs within the limit (≤) of each place (n_places,).

        Shape (n_sites, n_places), indices sorted; a stored zero means "at the door".
        """
        ...

    def ground(self) -> Real:
        """Return coordinates of the places, shape (n, 2), of which near ones are near."""
        ...


@dataclass(frozen=True)
class StraightDistances:
    """Straight lines between places (n, 2) and sites (m, 2) in metres of one flat system."""

    place: Real
    site: Real

    @property
    def shape(self) -> tuple[int, int]:
        """Sites and places."""
        return len(self.site), len(self.place)

    def of(self, site: int) -> Real:
        """Return the distance of every place from one site."""
        away = self.place - self.site[site]
        return np.asarray(np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2))

    def within(self, limit_m: Real) -> csr_array:
        """Return the distances of the pairs within the limit of each place."""
        if not len(self.place) or not len(self.site):
            return csr_array(self.shape, dtype=np.float64)
        # The tree measures in squares: it looks a little farther, `of` decides.
        largest = float(limit_m.max()) * (1 + 1e-9) + 1e-9
        tree = KDTree(self.place)
        # Many sites are asked for at once; the stub answers for a single one.
        near = cast(
            "NDArray[np.object_]",
            tree.query_ball_point(self.site, max(largest, 0.0), return_sorted=True),
        )
        counts = np.fromiter((len(each) for each in near), dtype=np.int64, count=len(self.site))
        place = np.concatenate([np.asarray(each, dtype=np.int64) for each in near])
        site = np.repeat(np.arange(len(self.site)), counts)
        away = self.place[place] - self.site[site]
        metres = np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2)
        keep = metres <= limit_m[place]
        return csr_array((metres[keep], (site[keep], place[keep])), shape=self.shape)

    def ground(self) -> Real:
        """Return the places themselves."""
        return self.place


@dataclass(frozen=True)
class TableDistances:
    """A table of distances, shape (m, n), as published instances and road tables give it."""

    metres: Real

    @property
    def shape(self) -> tuple[int, int]:
        """Sites and places."""
        return self.metres.shape[0], self.metres.shape[1]

    def of(self, site: int) -> Real:
        """Return the distance of every place from one site."""
        return np.asarray(self.metres[site])

    def within(self, limit_m: Real) -> csr_array:
        """Return the distances of the pairs within the limit of each place."""
        site, place = np.nonzero(self.metres <= limit_m)
        return csr_array((self.metres[site, place], (site, place)), shape=self.shape)

    def ground(self) -> Real:
        """Return the distances from two sites far apart as if they were coordinates."""
        if not self.metres.shape[0]:
            return np.zeros((self.metres.shape[1], 2))
        finite = np.where(np.isfinite(self.metres), self.metres, 0.0)
        first = 0
        second = int(np.abs(finite - finite[first]).sum(axis=1).argmax())
        return np.column_stack([finite[first], finite[second]])
