"""Who is sent where when points have room for so many people only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]


def loads(problem: SitingProblem, first: Sequence[int], then: Sequence[int]) -> Whole:
    """Return how many people each site serves, `first` and `then` in this order, in all most.

    Of all ways to serve most people, one in which the sites of `first` serve as many as they
    could alone: what those of `then` serve is what they add. A transport problem, whose best
    solutions are whole numbers of people.
    """
    sites = [*first, *then]
    if problem.capacity is None or not sites:
        return np.zeros(len(sites), dtype=np.int64)
    people, reach = _alike(problem, sites)
    kinds, site = reach.nonzero()
    if not len(kinds):
        return np.zeros(len(sites), dtype=np.int64)
    # Serving someone at all counts once, serving him at a first site twice: sets of people
    # that sites can serve are independent sets of a matroid, where that settles both.
    worth = np.where(site < len(first), 2.0, 1.0)
    columns = np.arange(len(kinds))
    ones = np.ones(len(kinds))
    rows = csr_array(
        (np.concatenate([ones, ones]), (np.concatenate([kinds, site + len(people)]), np.tile(columns, 2))),
        shape=(len(people) + len(sites), len(kinds)),
    )  # fmt: skip
    most = np.concatenate([people, problem.capacity[sites]])
    found = linprog(-worth, A_ub=rows, b_ub=most, bounds=(0, None), method="highs-ds")  # type: ignore[call-overload]  # the stub knows no sparse rows
    return np.rint(np.bincount(site, found.x, len(sites))).astype(np.int64)


def _alike(problem: SitingProblem, sites: Sequence[int]) -> tuple[Whole, csr_array]:
    """Return people who can go to the same sites together: how many, and which sites (k, m)."""
    near = np.column_stack([problem.distances.of(site) <= problem.radius_m for site in sites])
    packed, kind = np.unique(np.packbits(near, axis=1), axis=0, return_inverse=True)
    people = np.bincount(kind.ravel(), problem.people, len(packed)).astype(np.int64)
    return people, csr_array(np.unpackbits(packed, axis=1, count=len(sites)))
