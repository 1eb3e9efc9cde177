"""Reach by straight line, in metres of the province's metric coordinate system."""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from geo.reach.matrix import ReachMatrix


class StraightLine:
    """Straight-line distance; knows no river, no sea and no road."""

    def within(
        self, demand: NDArray[np.float64], sites: NDArray[np.float64], limit_m: float
    ) -> ReachMatrix:
        """Return the distances of all pairs within `limit_m`, both sides in metres (n, 2)."""
        shape = (len(sites), len(demand))
        if not len(demand) or not len(sites):
            return ReachMatrix(csr_array(shape, dtype=np.float64), limit_m)
        # Many sites are asked for at once; the stub answers for a single one.
        near = cast(
            "NDArray[np.object_]",
            KDTree(demand).query_ball_point(sites, limit_m, return_sorted=True),
        )
        counts = np.fromiter((len(each) for each in near), dtype=np.int64, count=len(sites))
        indices = np.concatenate([np.asarray(each, dtype=np.int32) for each in near])
        rows = np.repeat(np.arange(len(sites)), counts)
        metres = np.hypot(*(demand[indices] - sites[rows]).T)
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return ReachMatrix(csr_array((metres, indices, indptr), shape=shape), limit_m)

    def nearest(
        self, demand: NDArray[np.float64], sites: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return distance (inf: no site) and position (-1: none) of the nearest site."""
        if not len(sites):
            return np.full(len(demand), np.inf), np.full(len(demand), -1)
        metres, position = KDTree(sites).query(demand)
        return np.asarray(metres), np.asarray(position)
