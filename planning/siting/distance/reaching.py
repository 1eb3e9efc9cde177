"""A choice of sites that obeys the rules and leaves nobody without any way to a point."""

import time

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.distance.median_lists import table
from planning.siting.effort import Watch
from planning.siting.integer.feasible import feasible_start
from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_SECONDS = 60.0
_MISSING = 64  # places nobody reaches that are looked at together


def reaching(problem: SitingProblem, prefer: Real, watch: Watch) -> Whole | None:
    """Return sites, preferred as much as possible, such that everybody is at a finite distance.

    `prefer` (n_sites,) is what each site is worth on its own. None where the rules allow no
    such choice. Raises TimeoutError where the time was too short to tell.
    """
    near = csr_array((0, problem.rules.sites), dtype=np.float64)
    while True:
        left = min(_SECONDS, watch.seconds + watch.began - time.monotonic())
        found = feasible_start(problem.rules, prefer, near, max(left, 0.0))
        if found is None:
            return None
        chosen = np.array(found, dtype=np.int64)
        # Only places that came out unreached need a row: mostly there are none.
        missing = _missing(problem, chosen)
        if not missing.shape[0]:
            return chosen
        near = vstack([near, missing], format="csr")


def _missing(problem: SitingProblem, chosen: Whole) -> csr_array:
    """Return, for some of the places nobody reaches, the sites that could: (places, sites)."""
    away = problem.now_m
    for site in chosen:
        away = np.minimum(away, problem.distances.of(int(site)))
    unreached = np.flatnonzero(np.isinf(away) & (problem.people > 0))[:_MISSING]
    return csr_array(np.isfinite(table(problem.distances, unreached)).T.astype(np.float64))
