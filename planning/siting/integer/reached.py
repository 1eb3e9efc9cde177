"""Who is reached by which sites, as columns and rows of a mixed integer programme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from planning.siting.distances import Distances
from planning.siting.integer.programme import Programme, one_row
from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SAMPLE = 32


@dataclass(frozen=True)
class Reach:
    """Which sites reach which places, within one limit per place.

    `near` (sites, places) is 0/1; `already` (places,) says who is reached whatever is chosen.
    """

    near: csr_array
    already: Flags

    @classmethod
    def within(cls, problem: SitingProblem, limit_m: Real) -> "Reach":
        """Return who is reached within a limit per place, shape (n_places,)."""
        near = problem.distances.within(limit_m)
        ones = np.ones(near.nnz)  # a stored zero is a site at the door
        near = csr_array((ones, near.indices, near.indptr), shape=near.shape)
        return cls(near, problem.now_m <= limit_m)

    def by(self, chosen: Sequence[int]) -> Flags:
        """Return which places are reached once these sites are chosen."""
        times = np.asarray(self.near[list(chosen)].sum(axis=0)).reshape(-1)
        return np.asarray(self.already | (times > 0))

    def columns(self, programme: Programme, sites: Whole, weight: Whole, factor: int) -> Whole:
        """Add a column in [0, 1] per group of places that the same sites reach.

        Only of places with some `weight` (n_places,) that some site and no present point
        reaches; each column costs `factor` times the weight of its group. Returns the column
        of every place, -1 where it has none, shape (n_places,).
        """
        column_of = np.full(len(weight), -1)
        by_place = csr_array(self.near.T)
        open_ = np.flatnonzero(~self.already & (weight > 0) & (np.diff(by_place.indptr) > 0))
        first, group = same_rows(by_place[open_])
        total = np.bincount(group, weight[open_], len(first))
        columns = programme.columns(len(first), factor * total, upper=1.0)
        column_of[open_] = columns[group]
        reached_by = by_place[open_][first]
        programme.rows(
            -math.inf, 0.0, (columns, csr_array(eye_array(len(first)))), (sites, -reached_by)
        )
        return column_of


def same_rows(matrix: csr_array) -> tuple[Whole, Whole]:
    """Return the first of each kind of equal 0/1 rows, and of which kind every row is."""
    matrix.sort_indices()
    kinds: dict[bytes, int] = {}
    rows = np.split(matrix.indices, matrix.indptr[1:-1]) if matrix.shape[0] else []
    kind = np.array([kinds.setdefault(row.tobytes(), len(kinds)) for row in rows], dtype=np.int64)
    first = np.unique(kind, return_index=True)[1]
    return first.astype(np.int64), kind


def near_someone(problem: SitingProblem, limit_m: float) -> csr_array:
    """Return which sites are near enough, for each place that must still get a point.

    Shape (such places, sites), 0/1: of the inhabited places whose present point is farther
    than the limit.
    """
    reach = Reach.within(problem, np.full(len(problem.people), limit_m))
    return csr_array(reach.near.T)[np.flatnonzero((problem.people > 0) & ~reach.already)]


def cover_rows(programme: Programme, sites: Whole, near: csr_array) -> None:
    """Add rows: of the sites near each place (places, sites) at least one is chosen."""
    first, _ = same_rows(near)
    programme.rows(1.0, math.inf, (sites, near[first]))


def reached_part(people: Whole, column_of: Whole) -> tuple[Whole, csr_array]:
    """Return the part of a row that counts who is reached by way of the places' columns.

    `people` (n_places,) counts only whom the row is about, `column_of` is -1 for places that
    are not reached by way of any column.
    """
    there = np.flatnonzero((column_of >= 0) & (people > 0))
    columns, at = np.unique(column_of[there], return_inverse=True)
    return columns, one_row(np.bincount(at, people[there], len(columns)))


def few_pairs(distances: Distances, limit_m: Real, most: int) -> bool:
    """Return whether at most so many pairs of site and place are within the limits.

    A sample of sites settles the large questions without counting all of their pairs.
    """
    sites = distances.shape[0]
    some = range(0, sites, max(1, sites // _SAMPLE))
    pairs = sum(int((distances.of(site) <= limit_m).sum()) for site in some)
    if pairs * sites > 4 * most * max(len(some), 1):
        return False
    return bool(distances.within(limit_m).nnz <= most)


def table(distances: Distances) -> Real:
    """Return the distances of all pairs, shape (n_sites, n_places)."""
    rows = [distances.of(site) for site in range(distances.shape[0])]
    return np.stack(rows) if rows else np.empty(distances.shape)
