"""The same instance put to PySAL's spopt, with HiGHS through PuLP, as anyone would use it.

spopt is a test dependency: where it is absent nothing is measured against it. PuLP calls an
incumbent that the clock cut off “Optimal”; here HiGHS itself is asked how it ended.
"""

import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.benchmarks.recount import worth
from planning.model.siting import Objective
from planning.siting.problem import SitingProblem


@dataclass(frozen=True)
class PeerAnswer:
    """What spopt chose, its value recounted, its seconds, and whether the clock stopped it."""

    chosen: tuple[int, ...]
    value: float
    cpu_s: float
    wall_s: float
    stopped: bool


def installed() -> bool:
    """Return whether spopt and PuLP are here."""
    return find_spec("spopt") is not None and find_spec("pulp") is not None


def can_state(problem: SitingProblem) -> bool:
    """Return whether spopt has a model for the problem: one radius, no rule but the number."""
    plain = problem.rules.only_a_number and not problem.fade and not problem.floors
    plain = plain and problem.worst_m is None and problem.capacity is None
    one_radius = len(np.unique(problem.radius_m)) <= 1
    alone = not np.isfinite(problem.now_m).any()
    match problem.objective:
        case Objective.MOST_PEOPLE:
            return plain and one_radius
        case Objective.FEWEST_POINTS:
            # Its set covering knows no share of people: everybody who can be served.
            return plain and one_radius and alone and problem.target == _coverable(problem)
        case _:
            return plain and alone


def solve_by_spopt(problem: SitingProblem, seconds: float, gap: float | None = None) -> PeerAnswer:
    """Return spopt's answer; `seconds` limit the solver, not the building of the model.

    `gap` is the relative gap at which HiGHS may stop, None its own default. The matrix of
    distances is at hand before the clock starts.
    """
    import pulp  # noqa: PLC0415 - only where installed
    from highspy import HighsModelStatus  # noqa: PLC0415 - only with the peer
    from spopt import locate  # noqa: PLC0415 - loading it is no part of its time

    rows, matrix = _matrix(problem)
    solver = pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=gap)
    cpu, wall = time.process_time(), time.perf_counter()
    model = _model(locate, problem, rows, matrix).solve(solver, results=False)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    taken = tuple(at for at, each in enumerate(model.fac_vars) if each.value() > 0.5)
    ended = model.problem.solverModel.getModelStatus()
    stopped = ended != HighsModelStatus.kOptimal
    return PeerAnswer(taken, worth(problem, taken), cpu, wall, stopped)


def _matrix(problem: SitingProblem) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the places the model is about and their distances, shape (places, sites)."""
    distances = problem.distances
    matrix = np.empty(distances.shape[::-1])
    for site in range(matrix.shape[1]):
        matrix[:, site] = distances.of(site)
    everywhere = np.arange(len(matrix))
    match problem.objective:
        case Objective.MOST_PEOPLE:
            everywhere = np.flatnonzero(problem.now_m > problem.radius_m)
        case Objective.FEWEST_POINTS:
            # It calls a model infeasible when a single place is out of reach of every site.
            within = (matrix <= problem.radius_m[:, None]).any(axis=1)
            everywhere = np.flatnonzero(within & (problem.people > 0))
    return everywhere, matrix[everywhere]


def _model(
    locate: Any, problem: SitingProblem, rows: NDArray[np.intp], matrix: NDArray[np.float64]
) -> Any:
    """Build spopt's model; this is where its time goes."""
    points, people = problem.rules.most_sites, problem.people[rows]
    radius = float(problem.radius_m.max(initial=0.0))
    match problem.objective:
        case Objective.MOST_PEOPLE:
            return locate.MCLP.from_cost_matrix(matrix, people, radius, points)
        case Objective.FEWEST_POINTS:
            return locate.LSCP.from_cost_matrix(matrix, radius)
        case Objective.MEAN_DISTANCE:
            return locate.PMedian.from_cost_matrix(matrix, people, points)
        case _:
            return locate.PCenter.from_cost_matrix(matrix, points)


def _coverable(problem: SitingProblem) -> int:
    reached = np.zeros(len(problem.people), dtype=bool)
    for site in range(problem.distances.shape[0]):
        reached |= problem.distances.of(site) <= problem.radius_m
    return int(problem.people[reached].sum())
