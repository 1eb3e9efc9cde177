"""Covering plans against every choice there is, and properties that no plan may break."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.model.siting import Objective
from planning.siting.covering.capacity import solve_with_capacity
from planning.siting.covering.fewest import solve_fewest
from planning.siting.covering.floors import solve_with_floors
from planning.siting.covering.most_people import MostPeople, solve_most_people
from planning.siting.covering.stretches import covering
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, SitingProblem, Stopped
from planning.siting.rules import Rules
from planning.siting.solvers import solve
from tests.planning.siting.brute import optimum, value_of
from tests.planning.siting.questions import PARTS, problems

RULES = {"table", "now", "fade", "worst", "rows", "locked", "clashes"}
MOST, FEWEST = Objective.MOST_PEOPLE, Objective.FEWEST_POINTS
often = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def holds(problem: SitingProblem, answer: Answer | None) -> None:
    """The answer obeys every rule, is worth what it says, and the best lies inside the proof."""
    best = optimum(problem)
    if best is None:
        assert answer is None
        return
    if answer is None:
        return  # a search may miss what only an exact solver finds
    assert value_of(problem, answer.chosen) == answer.value
    if problem.objective is MOST:
        assert answer.value <= best <= answer.bound
    else:
        assert answer.value >= best >= answer.bound
    assert (answer.stopped is Stopped.PROVED) == (answer.value == answer.bound)


@often
@given(problems([MOST], RULES))
def test_most_people_lies_within_its_proof(problem):
    answer = solve_most_people(problem, Effort.QUICK, 7, Watch())
    holds(problem, answer)
    assert (answer is None) == (optimum(problem) is None)


@often
@given(problems([MOST], RULES | {"floors"}))
def test_floors_are_kept_within_the_proof(problem):
    holds(problem, solve_with_floors(problem, Effort.QUICK, 7, Watch()))


@often
@given(problems([FEWEST], RULES | {"floors"}))
def test_fewest_points_lies_within_its_proof(problem):
    holds(problem, solve_fewest(problem, Effort.QUICK, 7, Watch()))


@often
@given(problems([MOST, FEWEST], RULES - {"fade"} | {"capacity"}).filter(
    lambda problem: problem.capacity is not None))  # fmt: skip
def test_capacities_are_kept_within_the_proof(problem):
    holds(problem, solve_with_capacity(problem, Effort.NORMAL, 7, Watch()))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(parts=PARTS))
def test_every_small_question_is_answered_with_the_best_there_is(problem):
    answer, best = solve(problem), optimum(problem)
    if best is None:
        assert answer is None
        return
    assert answer is not None
    assert answer.value == pytest.approx(best, rel=1e-9, abs=1e-6)
    assert answer.bound == pytest.approx(best, rel=1e-9, abs=1e-6)


# --- properties ------------------------------------------------------------------------


def town(seed: int, points: int, radius: float = 900.0) -> SitingProblem:
    """A small town: 60 places, 12 sites, some people served already."""
    chance = np.random.default_rng(seed)
    place, site = chance.random((60, 2)) * 5000, chance.random((12, 2)) * 5000
    now = np.where(chance.random(60) < 0.2, 100.0, np.inf)
    return SitingProblem(
        chance.integers(0, 90, 60), np.full(60, radius), now, StraightDistances(place, site),
        Rules(12, points),
    )  # fmt: skip


def best(problem: SitingProblem) -> float:
    answer = solve(problem)
    assert answer is not None
    assert answer.stopped is Stopped.PROVED
    return answer.value


seeds = given(seed=st.integers(0, 10**6), points=st.integers(0, 6))
few = settings(max_examples=25, deadline=None)


@few
@seeds
def test_one_more_point_never_serves_fewer(seed, points):
    assert best(town(seed, points)) <= best(town(seed, points + 1))


@few
@seeds
def test_more_reach_never_serves_fewer(seed, points):
    assert best(town(seed, points, 800.0)) <= best(town(seed, points, 1000.0))


@few
@seeds
def test_one_rule_fewer_never_serves_fewer(seed, points):
    free = town(seed, max(points, 1))
    bound = replace(free, rules=replace(free.rules, chosen=np.array([seed % 12])))
    assert best(bound) <= best(free)


@few
@seeds
def test_the_order_of_places_and_sites_changes_nothing(seed, points):
    one, turned = town(seed, points), np.random.default_rng(seed).permutation(60)
    sites = np.random.default_rng(seed + 1).permutation(12)
    other = replace(
        one, people=one.people[turned], now_m=one.now_m[turned],
        distances=StraightDistances(one.distances.place[turned], one.distances.site[sites]),
    )  # fmt: skip
    assert best(one) == best(other)


@few
@seeds
def test_the_order_of_places_does_not_change_the_plan(seed, points):
    one, turned = town(seed, points), np.random.default_rng(seed).permutation(60)
    other = replace(
        one, people=one.people[turned], now_m=one.now_m[turned],
        distances=StraightDistances(one.distances.place[turned], one.distances.site),
    )  # fmt: skip
    assert solve(one) == solve(other)


@few
@seeds
def test_counting_people_in_sevens_changes_only_the_unit(seed, points):
    one = town(seed, points)
    other = replace(one, people=one.people * 7)
    first, second = solve(one), solve(other)
    assert first.chosen == second.chosen
    assert (first.value * 7, first.bound * 7) == (second.value, second.bound)


@few
@seeds
def test_splitting_a_place_changes_nothing(seed, points):
    one = town(seed, points)
    half = one.people // 3
    other = replace(
        one, people=np.concatenate([one.people - half, half]), radius_m=np.tile(one.radius_m, 2),
        now_m=np.tile(one.now_m, 2),
        distances=StraightDistances(np.vstack([one.distances.place] * 2), one.distances.site),
    )  # fmt: skip
    assert solve(one) == solve(other)


@few
@seeds
def test_a_table_of_the_same_distances_has_the_same_best(seed, points):
    one = town(seed, points)
    metres = np.stack([one.distances.of(site) for site in range(12)])
    assert best(one) == best(replace(one, distances=TableDistances(metres)))


@few
@seeds
def test_places_stay_countable_to_the_person(seed, points):
    """What stretches weigh and what is given add up to everybody."""
    problem = town(seed, points)
    cover = covering(problem)
    assert cover.given + cover.weight.sum() == problem.people.sum()


def test_the_same_question_has_the_same_plan():
    problem = town(3, 4)
    assert solve(problem, seed=5) == solve(problem, seed=5)


def large() -> SitingProblem:
    chance = np.random.default_rng(2)
    place, site = chance.random((4000, 2)) * 40_000, chance.random((400, 2)) * 40_000
    return SitingProblem(
        chance.integers(1, 90, 4000), np.full(4000, 3000.0), np.full(4000, np.inf),
        StraightDistances(place, site), Rules(400, 25),
    )  # fmt: skip


def test_whoever_looks_on_hears_of_better_plans_and_tighter_bounds():
    heard = []
    answer = solve(large(), Effort.NORMAL, watch=Watch(lambda *now: heard.append(now) or False))
    values, bounds = zip(*[each for each in heard if each[0] >= 0], strict=True)
    assert list(values) == sorted(values)
    assert answer.value >= values[-1]
    assert answer.bound <= max(bounds)


def test_a_search_stopped_at_once_keeps_its_plan_and_its_bound():
    problem, whole = large(), solve(large(), Effort.NORMAL)
    stopped = solve(problem, Effort.THOROUGH, watch=Watch(lambda *_: True))
    assert stopped.stopped is Stopped.ASKED
    assert len(stopped.chosen) == 25
    assert stopped.value <= whole.value <= stopped.bound
    assert stopped.value == covering(problem).value_of(np.array(stopped.chosen))


def test_a_search_out_of_time_says_so():
    answer = solve(large(), Effort.THOROUGH, watch=Watch(seconds=0.0))
    assert answer.stopped is Stopped.TIME
    assert answer.value <= answer.bound


def test_more_effort_is_never_a_worse_proof():
    gaps = []
    for effort in Effort:
        answer = solve_most_people(large(), effort, 7, Watch())
        gaps.append(answer.bound - answer.value)
    assert gaps == sorted(gaps, reverse=True)


def test_the_bound_at_any_prices_is_above_any_choice():
    problem = large()
    cover = covering(problem)
    asked = MostPeople(cover, problem.rules, Watch())
    chance = np.random.default_rng(4)
    for _ in range(20):
        asked.relaxation.improve(40)
        some = chance.choice(400, 25, replace=False)
        assert cover.value_of(some) <= asked.relaxation.bound
