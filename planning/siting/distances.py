"""How far places are from sites, whichever way that was measured."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
        from geo.reach import StraightLine  # noqa: PLC0415

        largest = float(limit_m.max(initial=0.0))
        cost = StraightLine().within(self.place, self.site, largest).cost
        return _kept(cost, limit_m)

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


def _kept(cost: csr_array, limit_m: Real) -> csr_array:
    keep = cost.data <= limit_m[cost.indices]
    sites = np.repeat(np.arange(cost.shape[0]), np.diff(cost.indptr))[keep]
    return csr_array((cost.data[keep], (sites, cost.indices[keep])), shape=cost.shape)
