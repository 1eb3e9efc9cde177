"""The exact solver finds what looking at every choice finds, and claims no more than it proved."""

from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings

from planning.model.siting import Objective
from planning.siting.effort import Watch
from planning.siting.exact import solve_exactly
from planning.siting.problem import SitingProblem, Stopped
from tests.planning.siting import brute
from tests.planning.siting.questions import PARTS, problems

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compare(problem: SitingProblem) -> None:
    """Compare with the best of all choices; the choice itself is looked at by brute force too."""
    best, answer = brute.optimum(problem), solve_exactly(problem, Watch())
    if best is None:
        assert answer is None
        return
    assert answer is not None
    assert answer.stopped is Stopped.PROVED
    assert answer.bound == answer.value
    worth = brute.value_of(problem, answer.chosen)
    assert worth is not None, "the choice breaks a rule"
    if problem.objective is Objective.MEAN_DISTANCE:
        assert isclose(worth, answer.value, rel_tol=1e-12)
        assert isclose(best, answer.value, rel_tol=1e-9)
    else:
        assert worth == answer.value
        assert best == answer.value


@pytest.mark.parametrize("objective", list(Objective))
def test_finds_the_best_choice_under_every_mixture_of_rules(objective):
    @SOME
    @given(problems(objectives=[objective], parts=PARTS - {"capacity"}))
    def check(problem):
        compare(problem)

    check()


@pytest.mark.parametrize("objective", list(Objective))
def test_finds_the_best_choice_where_sites_have_capacities(objective):
    @SOME
    @given(problems(objectives=[objective], most_sites=5, most_places=5))
    def check(problem):
        compare(problem)

    check()
