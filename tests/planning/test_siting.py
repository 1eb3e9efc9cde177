"""Suggestions: against trying every combination, and against a tampered plan.

Random instances have few candidates, so that every choice of sites can be tried.
"""

from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.errors import PlanDoesNotAddUpError, RequestError
from planning.model.siting import Method, SitingPlan, SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.siting import clusters, coverage
from planning.siting.candidates import Candidates, candidates
from planning.siting.check import check_plan
from planning.siting.plan import suggest_points
from planning.siting.problem import SitingProblem
from planning.siting.relaxation import Relaxation
from planning.siting.runs import Runs
from tests.toy import district
from tests.toy.district import Point

SEEDS = range(20)
RADIUS_M = 3000.0
THREE_KM = ServiceStandard.one_radius(3.0)
SOLVERS = {
    "coverage": coverage.solve,
    "clusters": lambda problem: clusters.solve(problem, seed=7),
}


@cache
def instance(seed: int) -> SitingProblem:
    """Return 30 places and 10 candidates among them on 15 × 15 km, 1 to 4 points to add."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(0, 15_000, (30, 2))
    site = place[rng.choice(30, 10, replace=False)]
    near = np.hypot(*(site[:, None] - place[None]).transpose(2, 0, 1)) <= RADIUS_M
    nowhere = np.full(10, -1)
    found = Candidates(
        xy=site, lon=site[:, 0], lat=site[:, 1], commune_code=np.full(10, "98001", object),
        hosts=pd.DataFrame(), host=nowhere, host_m=np.full(10, np.inf),
    )  # fmt: skip
    return SitingProblem(
        candidates=found, people=rng.integers(1, 900, 30), place=place,
        radius_m=np.full(30, RADIUS_M), now_m=np.full(30, np.inf),
        covers=Runs.of(csr_array(near.astype(np.int64))), points=int(rng.integers(1, 5)),
    )  # fmt: skip


def served(problem: SitingProblem, chosen) -> int:
    """Count the people within 3 km of a chosen site, from the coordinates."""
    site = problem.candidates.xy[list(chosen)]
    if not len(site):
        return 0
    away = problem.place[:, None, :] - site[None, :, :]
    return int(problem.people[(away**2).sum(axis=2).min(axis=1) <= RADIUS_M**2].sum())


@cache
def optimum(seed: int) -> int:
    problem = instance(seed)
    return max(served(problem, each) for each in combinations(range(10), problem.points))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
class TestEverySolver:
    def test_the_bound_is_not_below_the_best_of_all_combinations(self, solver, seed):
        assert SOLVERS[solver](instance(seed)).bound >= optimum(seed)

    def test_nothing_better_than_the_best_of_all_combinations_is_claimed(self, solver, seed):
        problem = instance(seed)
        assert served(problem, SOLVERS[solver](problem).chosen) <= optimum(seed)

    def test_no_site_is_chosen_twice_and_not_more_than_asked(self, solver, seed):
        problem = instance(seed)
        chosen = SOLVERS[solver](problem).chosen
        assert len(set(chosen)) == len(chosen) <= problem.points

    def test_every_site_serves_someone_further_and_not_more_than_the_one_before(self, solver, seed):
        problem = instance(seed)
        chosen = SOLVERS[solver](problem).chosen
        total = [served(problem, chosen[:count]) for count in range(len(chosen) + 1)]
        gains = np.diff(total)
        assert (gains > 0).all()
        assert (np.diff(gains) <= 0).all()

    def test_the_same_problem_has_the_same_answer(self, solver, seed):
        one, other = SOLVERS[solver](instance(seed)), SOLVERS[solver](instance(seed))
        assert (one.chosen, one.bound) == (other.chosen, other.bound)

    def test_the_problem_is_left_alone(self, solver, seed):
        problem = instance(seed)
        before = [each.copy() for each in (problem.people, problem.place, problem.covers.start)]
        SOLVERS[solver](problem)
        after = (problem.people, problem.place, problem.covers.start)
        assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_maximum_coverage_is_within_two_per_cent_of_the_best_on_average():
    share = [served(instance(s), coverage.solve(instance(s)).chosen) / optimum(s) for s in SEEDS]
    assert np.mean(share) >= 0.98


def test_clusters_never_beat_the_best():
    for seed in SEEDS:
        found = clusters.solve(instance(seed), seed=seed).chosen
        assert served(instance(seed), found) <= optimum(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_greedy_reaches_the_share_that_theory_promises(seed):
    problem = instance(seed)
    least = (1 - (1 - 1 / problem.points) ** problem.points) * optimum(seed)
    assert served(problem, coverage.greedy(problem)) >= least


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_of_any_multipliers_holds(seed):
    problem, rng = instance(seed), np.random.default_rng(seed)
    relaxation = Relaxation(problem)
    for _ in range(30):
        scaled = rng.uniform(-0.2, 1.2, 30) * (rng.random(30) < 0.7)  # outside [0, w] too
        assert relaxation._lagrangian(scaled) >= optimum(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_only_falls_while_it_is_improved_and_stays_above_the_best(seed):
    relaxation = Relaxation(instance(seed))
    before = relaxation.bound
    for steps in (1, 3, 10, 50):
        relaxation.improve(steps)
        assert optimum(seed) <= relaxation.bound <= before
        before = relaxation.bound


@pytest.mark.parametrize("solver", SOLVERS)
def test_more_points_than_candidates_serve_all_that_can_be_served(solver):
    problem = replace(instance(3), points=25)
    answer = SOLVERS[solver](problem)
    everyone = served(problem, range(10))
    assert len(answer.chosen) <= 10
    assert (served(problem, answer.chosen), answer.bound) == (everyone, everyone)


@pytest.mark.parametrize("solver", SOLVERS)
def test_where_nobody_is_unserved_nothing_is_chosen(solver):
    full = instance(1)
    empty = replace(
        full, people=full.people[:0], place=full.place[:0], radius_m=full.radius_m[:0],
        now_m=full.now_m[:0], covers=Runs.of(csr_array((10, 0), dtype=np.int64)),
    )  # fmt: skip
    answer = SOLVERS[solver](empty)
    assert (answer.chosen, answer.bound) == ([], 0)


# --- from the situation to the plan ----------------------------------------------------


def town(seed: int, **parts) -> district.Situation:
    """Return 60 places on 20 × 20 km with two open points."""
    rng = np.random.default_rng(seed)
    places = [
        ((x, y), int(n), "98001") for x, y, n in rng.uniform([0, 0, 1], [20, 20, 500], (60, 3))
    ]
    listed = [Point((5, 5)), Point((15, 15)), Point((15, 5), kind="online"),
              Point((5, 15), status="closed")]  # fmt: skip
    whose = district.communes({"98001": district.square(0, 0, 20)})
    return district.situation(listed, places=places, whose=whose, **parts)


def plan_for(seed: int = 0, points: int = 5, method: Method = Method.COVERAGE) -> SitingPlan:
    return suggest_points(town(seed), THREE_KM, StraightLine(), SuggestionAsk(points, method))


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("seed", range(5))
def test_opening_the_suggested_points_serves_as_many_further_people_as_promised(seed, method):
    there = town(seed)
    plan = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(5, method))
    sites = district.TO_ZONE.transform([s.lon for s in plan.sites], [s.lat for s in plan.sites])
    opened = [Point(((x - district.EAST) / 1000, (y - district.NORTH) / 1000))
              for x, y in zip(*sites, strict=True)]  # fmt: skip
    listed = district.points([Point((5, 5)), Point((15, 15)), *opened], there.communes)
    before = assess_coverage(there, THREE_KM, StraightLine()).total
    after = assess_coverage(replace(there, points=listed), THREE_KM, StraightLine()).total
    assert plan.people_unserved == before.people - before.people_covered
    assert after.people_covered - before.people_covered == plan.people_gained
    assert sum(site.people_gained for site in plan.sites) == plan.people_gained
    assert plan.people_gained <= plan.upper_bound_people_gained <= plan.people_unserved


def test_every_site_is_a_place_where_people_live_or_a_host():
    there = town(0, hosts=district.hosts([((10, 10), "Trạm y tế")]))
    plan = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(8))
    homes = set(zip(there.demand["lon"], there.demand["lat"], strict=True))
    homes |= set(zip(there.hosts["lon"], there.hosts["lat"], strict=True))
    homes |= {tuple(place) for place in district.degrees([(15, 5)])}  # the online point
    assert {(site.lon, site.lat) for site in plan.sites} <= homes


def test_a_site_says_whom_it_serves_how_far_they_go_and_the_host():
    """Point at x = 1, people at x = 11 (300) and x = 12 (100), a post office at x = 11.4.

    The best place serves both; they go 10 and 11 km now. From x = 11: 0 and 1 km then.
    """
    places = [((11, 5), 300, "98001"), ((12, 5), 100, "98001")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation(
        [Point((1, 5))],
        places=places,
        whose=whose,
        hosts=district.hosts([((11, 5.4), "Bưu cục B")]),
    )
    # The host itself is the first candidate and serves both as well.
    (site,) = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1)).sites
    assert (site.rank, site.people_gained, site.commune) == (1, 400, "Xã Số 1")
    assert site.distance_now_m == pytest.approx((300 * 10_000 + 100 * 11_000) / 400, abs=0.01)
    then = (300 * 400 + 100 * np.hypot(1000, 400)) / 400
    assert site.distance_then_m == pytest.approx(then, abs=0.01)
    assert (site.host, site.host_type) == ("Bưu cục B", "bưu cục")
    assert site.host_m == pytest.approx(0, abs=0.01)


def test_the_nearest_of_several_hosts_is_named_with_its_distance():
    there = district.situation(
        places=[((5, 5), 300, "98001")],
        whose=district.communes({"98001": district.square(0, 0, 20)}),
        hosts=district.hosts([((9, 5), "Bưu cục B"), ((5, 2), "Trạm y tế"), ((15, 5), "Chợ")]),
    )
    found = candidates(there, np.array([True]), 3000.0)
    home = int(np.flatnonzero(found.lon == there.demand["lon"].iloc[0])[0])
    assert found.hosts["name"].iloc[found.host[home]] == "Trạm y tế"
    assert found.host_m[home] == pytest.approx(3000, abs=0.01)


def test_no_host_is_named_where_none_is_known():
    there = district.situation(
        places=[((5, 5), 300, "98001")],
        whose=district.communes({"98001": district.square(0, 0, 20)}),
    )
    assert list(candidates(there, np.array([True]), 3000.0).host) == [-1]


def test_a_host_outside_every_commune_is_no_candidate():
    there = district.situation(
        places=[((1, 5), 300, "98001")],
        whose=district.communes({"98001": district.square(0, 0, 20)}),
        hosts=district.hosts([((-1, 5), "Bên kia sông")]),
    )
    found = candidates(there, np.array([True]), 3000.0)
    assert len(found.xy) == 1


def test_fewer_sites_are_named_when_they_serve_everyone():
    there = district.situation([], {"98001": 500, "98002": 400})  # 2 km apart
    plan = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(40))
    assert (len(plan.sites), plan.points_asked) == (1, 40)
    assert (plan.people_gained, plan.upper_bound_people_gained) == (900, 900)
    assert plan.proved_optimal


@pytest.mark.parametrize("method", Method)
def test_where_everybody_is_served_the_plan_is_empty(method):
    there = district.situation([Point((4, 1))])
    standard = ServiceStandard.one_radius(10.0)
    plan = suggest_points(there, standard, StraightLine(), SuggestionAsk(3, method))
    assert (plan.sites, plan.people_gained, plan.upper_bound_people_gained) == ((), 0, 0)


def test_without_any_point_nobody_goes_anywhere_now():
    there = district.situation([], {"98001": 500})
    (site,) = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1)).sites
    assert (site.distance_now_m, site.distance_then_m) == (None, pytest.approx(0, abs=0.01))


@pytest.mark.parametrize("method", Method)
def test_the_same_situation_has_the_same_plan(method):
    assert plan_for(2, method=method) == plan_for(2, method=method)


def test_demand_in_another_order_gives_the_same_plan():
    there = town(4)
    turned = replace(there, demand=there.demand.iloc[::-1].reset_index(drop=True))
    one, other = (
        suggest_points(each, THREE_KM, StraightLine(), SuggestionAsk(5)) for each in (there, turned)
    )
    chosen = [[(s.lon, s.lat, s.people_gained) for s in plan.sites] for plan in (one, other)]
    assert chosen[0] == chosen[1]
    assert one.upper_bound_people_gained == other.upper_bound_people_gained


@pytest.mark.parametrize("points", [0, -1, 501])
def test_a_number_of_points_that_cannot_be_is_refused(points):
    with pytest.raises(RequestError, match="1 to 500"):
        SuggestionAsk(points)


# --- the recount -----------------------------------------------------------------------


def tampered(plan: SitingPlan) -> dict[str, SitingPlan]:
    first, *others = plan.sites
    lon, lat = district.degrees([(5, 5)])[0]
    return {
        "people without a point": replace(plan, people_unserved=plan.people_unserved - 1),
        "people gained": replace(plan, people_gained=plan.people_gained + 1),
        "people of site 1": replace(
            plan, sites=(replace(first, people_gained=first.people_gained + 1), *others)
        ),
        "upper bound": replace(plan, upper_bound_people_gained=plan.people_gained - 1),
        "number of sites": replace(plan, points_asked=len(plan.sites) - 1),
        "place": replace(plan, sites=(replace(first, lon=lon, lat=lat), *others)),
        "order": replace(plan, sites=tuple(reversed(plan.sites))),
        "a site left away": replace(plan, sites=plan.sites[:-1]),
    }  # fmt: skip


def test_the_recount_accepts_what_was_solved():
    check_plan(town(0), THREE_KM, plan_for(0))


@pytest.mark.parametrize("what", list(tampered(plan_for(0))))
def test_the_recount_refuses_a_plan_with_one_number_changed(what):
    with pytest.raises(PlanDoesNotAddUpError, match="does not add up"):
        check_plan(town(0), THREE_KM, tampered(plan_for(0))[what])


def test_the_recount_refuses_a_plan_measured_by_another_standard():
    with pytest.raises(PlanDoesNotAddUpError):
        check_plan(town(0), ServiceStandard.one_radius(2.0), plan_for(0))
