"""What is asked of a table of distances, and the question that comes of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Finding
from planning.model.errors import RequestError
from planning.model.siting import Objective
from planning.siting.distances import TableDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Row, RuleKind, Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What to ask of a file beyond what it says itself; None leaves it to the file.

    `number` is the problem wanted of a file that holds several, as the file numbers them.
    """

    objective: Objective | None = None
    points: int | None = None
    radius: float | None = None
    budget: int | None = None
    number: int = 1


@dataclass(frozen=True)
class Instance:
    """A problem as read: of which kind, the best value the file states, what to know of it."""

    name: str
    kind: str
    problem: SitingProblem
    best: float | None = None
    notes: tuple[Finding, ...] = ()
    places: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


def problem_of(
    distance: Real, people: Whole, wanted: Wanted, cost: Whole | None = None
) -> SitingProblem:
    """Return the question about distances (m, n), people (n,) and costs (m,) of sites.

    Where a cost is given, a budget takes the place of the number of points. Raises
    `RequestError` for what neither the file nor `wanted` says.
    """
    objective = wanted.objective or Objective.MEAN_DISTANCE
    sites = len(distance)
    counted = objective in (Objective.MOST_PEOPLE, Objective.FEWEST_POINTS)
    if counted and wanted.radius is None:
        raise RequestError(
            N_("The file does not say what distance counts as served; give --radius.")
        )
    finite = distance[np.isfinite(distance)]
    # Where only distances count, every place that can be reached is within the radius.
    radius = wanted.radius if wanted.radius is not None else float(finite.max(initial=0.0))
    rows: tuple[Row, ...] = ()
    points = sites if objective == Objective.FEWEST_POINTS else wanted.points
    if cost is not None and objective == Objective.MOST_PEOPLE:
        if wanted.budget is None:
            raise RequestError(N_("The sites of this file have costs; give --budget."))
        every = np.arange(sites, dtype=np.int64)
        rows = (Row(RuleKind.BUDGET, "", every, cost, 0, wanted.budget),)
        points = sites
    if points is None:
        raise RequestError(N_("The file does not say how many points to choose; give --points."))
    reached = (distance <= radius).any(axis=0)
    fewest = objective == Objective.FEWEST_POINTS
    return SitingProblem(
        people=people,
        radius_m=np.full(len(people), radius),
        now_m=np.full(len(people), np.inf),
        distances=TableDistances(distance),
        rules=Rules(sites, min(points, sites), rows),
        objective=objective,
        target=int(people[reached].sum()) if fewest else 0,
    )
