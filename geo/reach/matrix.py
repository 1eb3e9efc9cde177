"""How far every demand place is from every site within a limit."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True)
class ReachMatrix:
    """Distances of the pairs within `limit_m`.

    `cost` is sparse, shape (n_sites, n_demand), in metres. A pair that is not stored is
    farther than the limit or cannot be reached; a stored zero means "at the door".
    """

    cost: csr_array
    limit_m: float

    def covers(self, radius_m: NDArray[np.float64]) -> csr_array:
        """Return which pairs are within the radius of the demand place (≤), as 0/1 int64.

        `radius_m` has shape (n_demand,) and may not exceed the limit.
        """
        if len(radius_m) and radius_m.max() > self.limit_m:
            raise ValueError(f"radius {radius_m.max()} m is beyond the limit {self.limit_m} m")
        keep = self.cost.data <= radius_m[self.cost.indices]
        rows = np.repeat(np.arange(self.cost.shape[0]), np.diff(self.cost.indptr))[keep]
        ones = np.ones(int(keep.sum()), dtype=np.int64)
        return csr_array((ones, (rows, self.cost.indices[keep])), shape=self.cost.shape)


class ReachEngine(Protocol):
    """What every way to measure reach answers. Places are metres, shape (n, 2)."""

    def within(
        self, demand: NDArray[np.float64], sites: NDArray[np.float64], limit_m: float
    ) -> ReachMatrix:
        """Return the distances of all pairs within `limit_m`."""
        ...

    def nearest(
        self, demand: NDArray[np.float64], sites: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return distance (inf: no site) and position (-1: none) of the nearest site."""
        ...
