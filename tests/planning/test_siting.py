"""Suggestions from a situation to a plan: carried out and measured anew, and against every choice.

Solvers, questions and the recount have tests of their own in `siting/`.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.errors import ImpossibleAsk, RequestError
from planning.model.siting import Method, Objective, SitingPlan, SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.model.wishes import (
    Budget,
    CandidateKind,
    Capacity,
    Existing,
    Group,
    Limits,
    RuleWishes,
)
from planning.siting.plans.plan import suggest_points
from planning.siting.stating.question import siting_problem
from tests.planning.siting.brute import optimum
from tests.planning.siting.towns import planned
from tests.planning.siting.towns import town as quarters
from tests.toy import district
from tests.toy.district import Point

THREE_KM = ServiceStandard.one_radius(3.0)


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

    They go 10 and 11 km now; to the post office it is 400 m, and 1 km by 400 m.
    """
    places = [((11, 5), 300, "98001"), ((12, 5), 100, "98001")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation(
        [Point((1, 5))],
        places=places,
        whose=whose,
        hosts=district.hosts([((11, 5.4), "Bưu cục B")]),
    )
    ask = SuggestionAsk(1, rules=RuleWishes(kinds=(CandidateKind.HOST,)))
    (site,) = suggest_points(there, THREE_KM, StraightLine(), ask).sites
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
        hosts=district.hosts([((9, 5), "Bưu cục B"), ((5, 2.1), "Trạm y tế"), ((15, 5), "Chợ")]),
    )
    out = RuleWishes(locked_out=("Trạm y tế",))
    (site,) = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1, rules=out)).sites
    assert (site.host, site.host_m) == ("Trạm y tế", pytest.approx(2900, abs=0.01))


def test_no_host_is_named_where_none_is_known():
    there = district.situation(
        places=[((5, 5), 300, "98001")],
        whose=district.communes({"98001": district.square(0, 0, 20)}),
    )
    (site,) = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1)).sites
    assert (site.host, site.host_type, site.host_m) == (None, None, None)


def test_a_host_outside_every_commune_is_no_candidate():
    there = district.situation(
        places=[((1, 5), 300, "98001")],
        whose=district.communes({"98001": district.square(0, 0, 20)}),
        hosts=district.hosts([((-1, 5), "Bên kia sông")]),
    )
    assert suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1)).candidates == 1


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


# --- every question, against every choice ----------------------------------------------

EVERY_QUESTION = {
    "people": {},
    "fading": {"fade": 2.0},
    "fewest": {"objective": Objective.FEWEST_POINTS, "target": 0.5},
    "mean": {"objective": Objective.MEAN_DISTANCE},
    "worst": {"objective": Objective.WORST_DISTANCE},
    "moving": {"existing": Existing(("all",), 1)},
    "closing": {"existing": Existing(("P000", "P004"), 0, 1)},
    "money": {"budget": Budget(50, 30, (("bưu cục", 20),))},
    "room": {"rules": RuleWishes(capacity=Capacity(500))},
    "rules": {"rules": RuleWishes(per_commune=Limits(1, 3), spacing_km=2.0, worst_km=14)},
    "floor": {"rules": RuleWishes(groups=(Group("Bắc", ("98003", "98004"), share=0.6),))},
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", EVERY_QUESTION)
def test_a_plan_that_is_proved_is_the_best_of_all_choices(name, seed):
    """Eight homes and two hosts: every choice of at most three sites can be looked at."""
    there = quarters(seed, 8)
    ask = SuggestionAsk(3, **EVERY_QUESTION[name])
    question = siting_problem(there, THREE_KM, StraightLine(), ask)
    best = optimum(question.problem)
    if best is None:
        with pytest.raises((RequestError, ImpossibleAsk)):
            planned(there, points=3, **EVERY_QUESTION[name])
        return
    plan = planned(there, points=3, **EVERY_QUESTION[name])
    if ask.objective == Objective.FEWEST_POINTS:
        best -= int((question.places.point >= 0).sum())
    assert plan.proved_optimal
    assert plan.value == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_clusters_say_how_many_people_optimisation_reaches_instead(seed):
    """Sixty homes are few enough for quick optimisation to find the best choice of three."""
    there = town(seed)
    clusters, best = (
        suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(3, method))
        for method in (Method.CLUSTERS, Method.COVERAGE)
    )
    assert best.proved_optimal
    assert clusters.optimised_people_gained == best.people_gained
    assert clusters.people_given_up == best.people_gained - clusters.people_gained >= 0
    assert clusters.as_dict()["optimised_people_gained"] == best.people_gained
    assert (best.optimised_people_gained, best.people_given_up) == (None, None)


def test_what_clusters_give_up_is_counted_by_hand():
    """The centre of 400 people at 6 km and 300 at 14 km is at 9.4 km, where 2 live.

    One site there serves those 2, not the 400: it gives up 398 of them, 99.5 %.
    """
    places = [((6, 10), 400, "98001"), ((9.4, 10), 2, "98001"), ((14, 10), 300, "98001")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation(places=places, whose=whose)
    plan = suggest_points(there, THREE_KM, StraightLine(), SuggestionAsk(1, Method.CLUSTERS))
    assert (plan.people_gained, plan.optimised_people_gained, plan.people_given_up) == (2, 400, 398)
    assert plan.per_cent_given_up == pytest.approx(99.5)


@pytest.mark.parametrize("method", Method)
def test_where_nobody_is_to_be_gained_nothing_is_given_up(method):
    there = district.situation([Point((4, 1))])
    ask = SuggestionAsk(3, method)
    plan = suggest_points(there, ServiceStandard.one_radius(10.0), StraightLine(), ask)
    assert (plan.people_given_up or 0, plan.per_cent_given_up) == (0, 0.0)


# --- carried out -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("existing", [Existing(("all",), 2), Existing(("all",), 1, 1)])
def test_moving_and_closing_carried_out_serves_as_many_more_people_as_promised(seed, existing):
    there = quarters(seed)
    plan = planned(there, points=1, existing=existing)
    gone = [point.point_id for point in plan.closed]
    assert existing.closings <= len(gone) <= existing.moves + existing.closings
    assert len(plan.sites) - len(gone) <= 1 - existing.closings
    left = there.points[~there.points["point_id"].isin(gone)]
    opened = left.iloc[[0] * len(plan.sites)].assign(
        point_id=[f"N{site.rank}" for site in plan.sites], status="open", kind="direct",
        lon=[site.lon for site in plan.sites], lat=[site.lat for site in plan.sites],
    )  # fmt: skip
    after = replace(there, points=pd.concat([left, opened], ignore_index=True))
    served = [assess_coverage(each, THREE_KM, StraightLine()).total.people_covered
              for each in (there, after)]  # fmt: skip
    assert served[1] - served[0] == plan.people_gained


def test_a_contract_s_date_stands_beside_the_point_that_closes():
    """The point at x = 1 km serves nobody alone; it goes to the 500 people at x = 12 km."""
    places = [((2, 5), 300, "98001"), ((12, 5), 500, "98001")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation([Point((1, 5)), Point((2.5, 5))], places=places, whose=whose)
    dated = there.points.assign(contract_date=["2024-03-01", None])
    ask = {"points": 0, "existing": Existing(("P000",), 1)}
    plan = planned(replace(there, points=dated), **ask)
    (closed,) = plan.closed
    assert (closed.point_id, closed.people_lost, closed.contract_date) == ("P000", 0, "2024-03-01")
    assert [(site.people_gained, site.rank) for site in plan.sites] == [(500, 1)]
    assert (plan.people_gained, plan.upper_bound_people_gained, plan.gap_people) == (500, 500, 0)
