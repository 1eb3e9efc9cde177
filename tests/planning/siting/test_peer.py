"""PySAL's spopt, put the same question in the same run, finds nothing better and nothing worse."""

from dataclasses import replace

import numpy as np
import pytest

from planning.benchmarks.peers import can_state, solve_by_spopt
from planning.benchmarks.recount import worth
from planning.benchmarks.siting_cases import set_covering
from planning.benchmarks.synthetic import UNIFORM, Size, problem_on, synthetic
from planning.model.siting import Objective
from planning.siting.effort import Effort, Watch
from planning.siting.problem import SitingProblem
from planning.siting.solvers import solve

# PuLP tells spopt's authors, in every variable, what its next version will want.
pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4.0:DeprecationWarning")

PATIENCE_S = 60.0
SIZES = (Size(60, 20), Size(120, 30, seed=2), Size(200, 40, seed=3, ground=UNIFORM))


def require_the_same(problem: SitingProblem) -> None:
    """Solve by both; the values, each recounted, and our bound are one number."""
    assert can_state(problem)
    peer = solve_by_spopt(problem, PATIENCE_S, gap=0.0)
    assert not peer.stopped
    ours = solve(problem, Effort.THOROUGH, 7, Watch())
    assert ours is not None
    assert worth(problem, ours.chosen) == pytest.approx(ours.value, rel=1e-12)
    assert ours.value == pytest.approx(peer.value, rel=1e-9)
    better = ours.bound >= peer.value if _more(problem) else ours.bound <= peer.value * (1 + 1e-9)
    assert better, "the bound forbids what the peer has found"


def _more(problem: SitingProblem) -> bool:
    return problem.objective == Objective.MOST_PEOPLE


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("points", [1, 4, 9])
@pytest.mark.parametrize("existing", [0, 6])
def test_most_people(size, points, existing):
    land = synthetic(replace(size, existing=existing))
    require_the_same(problem_on(land, 12_000.0, points))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("radius_m", [8_000.0, 20_000.0])
def test_fewest_points_for_everybody_who_can_be_served(size, radius_m):
    problem = set_covering(size)
    reached = np.zeros(size.places, dtype=bool)
    for site in range(size.sites):
        reached |= problem.distances.of(site) <= radius_m
    target = int(problem.people[reached].sum())
    require_the_same(replace(problem, radius_m=np.full(size.places, radius_m), target=target))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("points", [3, 7])
def test_shortest_mean_distance(size, points):
    require_the_same(problem_on(synthetic(size), 12_000.0, points, Objective.MEAN_DISTANCE))


@pytest.mark.parametrize("size", SIZES[:2])  # the third takes spopt ten seconds
@pytest.mark.parametrize("points", [3, 7])
def test_shortest_worst_distance(size, points):
    require_the_same(problem_on(synthetic(size), 12_000.0, points, Objective.WORST_DISTANCE))
