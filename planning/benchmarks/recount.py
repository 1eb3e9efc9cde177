"""What a choice of sites is worth, worked out anew: shares nothing with the solvers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem

Real = NDArray[np.float64]


def worth(problem: SitingProblem, chosen: Sequence[int]) -> float:
    """Return the value of a choice in the objective's own unit; capacities are not counted."""
    away = nearest_m(problem, chosen)
    people = problem.people
    match problem.objective:
        case Objective.FEWEST_POINTS:
            return float(len(chosen))
        case Objective.MEAN_DISTANCE:
            return float((people * np.where(people > 0, away, 0.0)).sum())
        case Objective.WORST_DISTANCE:
            return float(away[people > 0].max(initial=0.0))
    if not problem.fade:
        return float(people[away <= problem.radius_m].sum())
    tenths = np.zeros(len(people), dtype=np.int64)
    for step in reversed(problem.fade):
        tenths[away <= problem.radius_m * step.factor] = step.tenths
    return float((people * tenths).sum())


def served(problem: SitingProblem, chosen: Sequence[int]) -> int:
    """Return how many people have a point within their radius."""
    return int(problem.people[nearest_m(problem, chosen) <= problem.radius_m].sum())


def nearest_m(problem: SitingProblem, chosen: Sequence[int]) -> Real:
    """Return the distance of each place to its nearest point, chosen or staying."""
    distances = problem.distances
    if isinstance(distances, StraightDistances) and len(chosen):
        site = distances.site[list(chosen)]
        nearest = KDTree(site).query(distances.place)[1]
        away = distances.place - site[nearest]
        return np.asarray(np.minimum(problem.now_m, np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2)))
    return np.asarray(np.min([problem.now_m, *(distances.of(each) for each in chosen)], axis=0))


def gap_percent(objective: Objective, value: float, bound: float) -> float:
    """Return how far from the best a value may be, in per cent: of it, or of the least possible.

    Whichever of the two is smaller is the hundred per cent, so that a gap never looks better
    than it is.
    """
    whole = value if objective == Objective.MOST_PEOPLE else bound
    distance = abs(bound - value)
    if whole <= 0:
        return 0.0 if distance == 0 else float("inf")
    return 100.0 * distance / whole
