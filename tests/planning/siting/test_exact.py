"""The exact solver finds what looking at every choice finds, and claims no more than it proved."""

from dataclasses import replace
from math import inf, isclose

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances
from planning.siting.effort import Watch
from planning.siting.integer.exact import small_enough, solve_exactly
from planning.siting.integer.programme import cliques
from planning.siting.problem import Answer, FadeStep, SitingProblem, Stopped
from planning.siting.rules import RuleKind, Rules
from tests.planning.siting import brute
from tests.planning.siting.questions import PARTS, problems

SOME = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


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


def magnified(problem: SitingProblem) -> SitingProblem:
    """Return the question with millions of people and of money, none of them round."""
    many, money = 1_000_003, 10**6
    rows = tuple(
        replace(row, each=row.each * money + row.sites, most=row.most * money + 7)
        if row.kind is RuleKind.BUDGET
        else row
        for row in problem.rules.rows
    )
    more = np.arange(len(problem.people)) * (problem.people > 0)
    return replace(
        problem,
        people=problem.people * many + more,
        rules=replace(problem.rules, rows=rows),
        target=problem.target * many,
        floors=tuple(replace(floor, least=floor.least * many) for floor in problem.floors),
        capacity=None if problem.capacity is None else problem.capacity * many,
    )


@SOME
@given(problems(most_sites=5, most_places=5))
def test_large_numbers_lose_nobody(problem):
    compare(magnified(problem))


@SOME
@given(problems())
def test_without_time_nothing_is_claimed_that_is_not_so(problem):
    best, answer = brute.optimum(problem), solve_exactly(problem, Watch(seconds=0.0))
    if answer is None:
        assert best is None
        return
    if answer.stopped is Stopped.PROVED:
        assert isclose(answer.value, best, rel_tol=1e-9)
        return
    assert answer.stopped is Stopped.TIME
    if best is not None and problem.objective is Objective.MOST_PEOPLE:
        assert answer.value <= best <= answer.bound
    elif best is not None:
        assert answer.bound <= best * (1 + 1e-12) <= answer.value * (1 + 1e-9)


def scattered(objective: Objective, sites: int = 40, places: int = 250) -> SitingProblem:
    """Return a question with a few towns and scattered people, the same at every call."""
    chance = np.random.default_rng(7)
    towns = chance.uniform(0, 50_000, (6, 2))
    place = towns[chance.integers(0, 6, places)] + chance.normal(0, 6_000, (places, 2))
    return SitingProblem(
        people=chance.integers(1, 900, places),
        radius_m=np.full(places, 5_000.0),
        now_m=np.full(places, inf),
        distances=StraightDistances(place, place[:sites] + 100.0),
        rules=Rules(sites, 5),
        objective=objective,
    )


def stopped_at_the_first_plan(problem: SitingProblem) -> tuple[Answer, Answer]:
    """Return the answer of someone who asks to stop once a plan is there, and the best."""
    watch = Watch(lambda value, _: abs(value) < inf)
    stopped, best = solve_exactly(problem, watch), solve_exactly(problem, Watch())
    assert best.stopped is Stopped.PROVED
    assert stopped.stopped is Stopped.ASKED
    assert abs(stopped.value) < inf
    return stopped, best


def test_one_who_stops_early_is_told_how_many_could_be_served_at_most():
    wide = replace(
        scattered(Objective.MOST_PEOPLE, 200, 1_000),
        radius_m=np.full(1_000, 12_000.0),
        rules=Rules(200, 10),
    )
    stopped, best = stopped_at_the_first_plan(wide)
    assert stopped.value <= best.value <= stopped.bound
    assert stopped.value < stopped.bound


def test_one_who_stops_early_is_told_how_near_everyone_could_be_at_most():
    stopped, best = stopped_at_the_first_plan(scattered(Objective.WORST_DISTANCE))
    assert stopped.bound <= best.value <= stopped.value
    assert stopped.bound < stopped.value


def test_a_fade_that_counts_more_farther_out_is_refused():
    asked = scattered(Objective.MOST_PEOPLE)
    with pytest.raises(ValueError, match="steps of a fade"):
        replace(asked, fade=(FadeStep(1.0, 3), FadeStep(2.0, 10)))


def test_small_questions_are_called_small_and_provinces_are_not():
    for objective in Objective:
        assert small_enough(scattered(objective))
        assert not small_enough(scattered(objective, sites=3_000, places=30_000))


@SOME
@given(size=st.integers(0, 9), seed=st.integers(0, 10**6), share=st.floats(0, 1))
def test_cliques_hold_every_clash_and_nothing_else(size, seed, share):
    upper = np.triu(np.random.default_rng(seed).random((size, size)) < share, 1)
    clash = upper | upper.T
    together = cliques(csr_array(clash.astype(np.int64))).toarray()
    assert ((together.T @ together > 0) & ~np.eye(size, dtype=bool) == clash).all()
