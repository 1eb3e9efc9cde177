"""In which order the sites of a plan count: most worth first, each beyond those before it."""

import heapq
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from planning.model.asking import Objective
from planning.siting.problem import SitingProblem

Real = NDArray[np.float64]
Worth = Callable[[Real], Real]


def ranked(problem: SitingProblem, sites: Sequence[int], now_m: Real) -> list[tuple[int, float]]:
    """Return sites in order of what each adds to the ones before it, and what that is.

    `now_m` (n_places,) is how far everybody is before any of them. Counts people, tenths of
    people where coverage fades, or person-metres saved where the objective is a distance.
    What a site adds never grows with the others chosen, so that old sums can wait to be
    looked at again (Minoux 1978); equal sites stand in the order of their numbers.
    """
    worth = worth_of(problem, now_m)
    best = worth(now_m)
    waiting = [(-_adds(problem, worth, best, site), site, 0) for site in sites]
    heapq.heapify(waiting)
    order: list[tuple[int, float]] = []
    while waiting:
        adds, site, seen = heapq.heappop(waiting)
        if seen < len(order):
            again = _adds(problem, worth, best, site)
            heapq.heappush(waiting, (-again, site, len(order)))
            continue
        order.append((site, -adds))
        np.maximum(best, worth(problem.distances.of(site)), out=best)
    return order


def worth_of(problem: SitingProblem, now_m: Real) -> Worth:
    """Return what it is worth to live so far from a point, place by place."""
    people, radius = problem.people.astype(np.float64), problem.radius_m
    if problem.objective in (Objective.MEAN_DISTANCE, Objective.WORST_DISTANCE):
        # Where there is no point yet, everybody starts from equally far away.
        reached = now_m[np.isfinite(now_m)]
        far = float(reached.max()) if len(reached) == len(now_m) and len(now_m) else 1e7
        return lambda metres: people * (far - np.minimum(metres, far))
    if not problem.fade:
        return lambda metres: people * (metres <= radius)

    def fading(metres: Real) -> Real:
        tenths = np.zeros(len(metres))
        for step in reversed(problem.fade):
            tenths[metres <= radius * step.factor] = step.tenths
        return people * tenths

    return fading


def _adds(problem: SitingProblem, worth: Worth, best: Real, site: int) -> float:
    return float(np.maximum(worth(problem.distances.of(site)) - best, 0.0).sum())
