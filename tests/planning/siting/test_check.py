"""The recount: accepts what was solved, refuses every number and rule tampered with."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from planning.model.asking import Objective
from planning.model.errors import PlanDoesNotAddUpError
from planning.model.siting import ClosedPoint, SitingPlan
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
from planning.siting.plans.check import check_plan
from planning.siting.plans.flows import served_with_room
from planning.siting.plans.recount import Ground
from tests.planning.siting.towns import THREE_KM, planned, town
from tests.toy import district
from tests.toy.district import Point

QUESTIONS = {
    "people": {"points": 5},
    "fading": {"points": 4, "fade": 2.0},
    "fewest": {"points": 30, "objective": Objective.FEWEST_POINTS, "target": 0.6},
    "mean": {"points": 3, "objective": Objective.MEAN_DISTANCE},
    "moving": {"points": 1, "existing": Existing(("all",), 1, 1)},
    "room": {"points": 3, "rules": RuleWishes(capacity=Capacity(900))},
    "room and moving": {"points": 2, "rules": RuleWishes(capacity=Capacity(900)),
                        "existing": Existing(("all",), 1)},
    "polished": {"points": 3, "polish": True},
    "rules": {"points": 8, "budget": Budget(400, 50, (("bưu cục", 10),)),
              "rules": RuleWishes(per_commune=Limits(2, 4, ("98001",)), per_former_commune=Limits(1, 9),
                                  spacing_km=1.5, worst_km=16, locked_in=("Trạm y tế",),
                                  locked_out=("Chợ",),
                                  groups=(Group("Bắc", ("98003", "98004"), share=0.5),
                                          Group("Tây", ("98001", "98003"), points=4)))},
}  # fmt: skip


@cache
def plan_for(name: str) -> SitingPlan:
    return planned(town(), **QUESTIONS[name])


def refused(plan: SitingPlan, why: str = "does not add up", **parts) -> None:
    with pytest.raises(PlanDoesNotAddUpError, match=why):
        check_plan(town(), THREE_KM, replace(plan, **parts))


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_was_solved_is_accepted(name):
    check_plan(town(), THREE_KM, plan_for(name))
    assert plan_for(name).sites


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_number_changed_by_one_is_refused(name):
    plan = plan_for(name)
    first, *others = plan.sites
    for field in ("people", "people_unserved", "people_gained"):
        refused(plan, **{field: getattr(plan, field) + 1})
        refused(plan, **{field: getattr(plan, field) - 1})
    for by in (-1, 1):
        changed = replace(first, people_gained=first.people_gained + by)
        refused(plan, sites=(changed, *others))
        refused(plan, sites=(changed, *others), people_gained=plan.people_gained + by)
    if name != "mean":  # a metre among millions of person-metres is rounding
        refused(plan, value=plan.value + 1)
        refused(plan, value=plan.value - 1)
    refused(plan, value=plan.value * 1.001 + 1)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_bound_on_the_wrong_side_is_refused(name):
    plan = plan_for(name)
    more = plan.objective == Objective.MOST_PEOPLE
    refused(plan, "bound", bound=plan.value + (-1 if more else 1))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_site_left_away_moved_or_twice_is_refused(name):
    plan = plan_for(name)
    first, *others = plan.sites
    refused(plan, sites=plan.sites[:-1])
    lon, lat = district.degrees([(5, 5)])[0]
    refused(plan, sites=(replace(first, lon=lon, lat=lat), *others))
    refused(plan, sites=(*plan.sites, replace(first, rank=len(plan.sites) + 1, people_gained=0)))
    refused(plan, "ranks", sites=(replace(first, rank=2), *others))


def test_another_standard_is_refused():
    with pytest.raises(PlanDoesNotAddUpError):
        check_plan(town(), ServiceStandard.one_radius(2.0), plan_for("people"))


def test_a_site_in_another_commune_than_it_says_is_refused():
    plan = plan_for("people")
    first, *others = plan.sites
    other = next(code for code in ("98001", "98002") if code != first.commune_code)
    refused(plan, "commune of site 1", sites=(replace(first, commune_code=other), *others))
    other = "97001" if first.former_code == "97002" else "97002"
    refused(plan, "commune of site 1", sites=(replace(first, former_code=other), *others))


# --- closings --------------------------------------------------------------------------


def test_closings_that_lose_others_than_said_are_refused():
    plan = plan_for("moving")
    assert plan.closed
    first, *others = plan.closed
    refused(plan, closed=(replace(first, people_lost=first.people_lost + 1), *others))
    refused(plan, closed=tuple(others))
    refused(plan, "points closed", closed=(replace(first, point_id="P9"), *others))


def test_closing_what_nobody_allowed_is_refused():
    plan = plan_for("moving")
    kept = {each.point_id for each in plan.closed}
    ask = replace(plan.ask, existing=Existing(tuple({"P000", "P001", "P004", "P005"} - kept), 1, 1))
    refused(plan, "may close", ask=ask)
    fewer = replace(plan.ask, points=5, existing=Existing(("all",), closings=3))
    refused(plan, "closings", ask=fewer)


def test_a_closing_beyond_what_may_move_is_refused():
    plan = plan_for("people")
    lon, lat = district.degrees([(5, 5)])[0]
    gone = ClosedPoint("P000", "Bưu cục", "98001", lon, lat, 0)
    with pytest.raises(PlanDoesNotAddUpError):
        check_plan(town(), THREE_KM, replace(plan, closed=(gone,)))


# --- rules that the plain plan breaks --------------------------------------------------


def broken_by(plan: SitingPlan) -> dict[str, tuple[str, dict]]:
    """Return rules that a plan of five points does not obey, by what the refusal says."""
    places = [district.TO_ZONE.transform(site.lon, site.lat) for site in plan.sites]
    apart = min(
        np.hypot(*np.subtract(one, other)) for at, one in enumerate(places) for other in places[:at]
    )
    first = plan.sites[0]
    return {
        "number of sites": ("number of sites", {"points": len(plan.sites) - 1}),
        "spacing": ("spacing", {"rules": RuleWishes(spacing_km=apart / 1000 + 0.1)}),
        "least": ("points in", {"rules": RuleWishes(per_commune=Limits(9))}),
        "least in former communes": ("points in 9700", {"rules": RuleWishes(per_former_commune=Limits(9))}),
        "most": ("points in", {"rules": RuleWishes(per_commune=Limits(0, 1))}),
        "worst": ("farthest", {"rules": RuleWishes(worst_km=1)}),
        "share": ("Tất cả", {"rules": RuleWishes(groups=(Group("Tất cả", ("98001",), share=1.0),))}),
        "group": ("points of", {"rules": RuleWishes(groups=(Group("Bắc", ("98003",), points=9),))}),
        "locked in": ("locked in", {"rules": RuleWishes(locked_in=("Chợ",))}),
        "locked in place": ("locked in", {"rules": RuleWishes(locked_in=("105.5,10.3",))}),
        "locked out": ("locked out", {"rules": RuleWishes(locked_out=(first.id,))}),
        "kind": ("kind of site", {"rules": RuleWishes(kinds=(CandidateKind.SEAT,))}),
        "host": ("host of site", {"rules": RuleWishes(host_within_km=0.01)}),
        "host type": ("host of site", {"rules": RuleWishes(host_types=("trạm y tế",), host_within_km=50)}),
        "cost": ("cost of site", {"budget": Budget(0, 10)}),
        "target": ("value|target", {"objective": Objective.FEWEST_POINTS, "target": 1.0}),
        "room": ("gained|served|people", {"rules": RuleWishes(capacity=Capacity(10))}),
    }  # fmt: skip


@pytest.mark.parametrize("rule", list(broken_by(plan_for("people"))))
def test_a_plan_that_breaks_a_rule_it_was_asked_under_is_refused(rule):
    plan = plan_for("people")
    why, changed = broken_by(plan)[rule]
    refused(plan, why, ask=replace(plan.ask, **changed))


def test_a_plan_dearer_than_the_budget_is_refused():
    plan = plan_for("rules")
    assert plan.cost == sum(site.cost for site in plan.sites) <= 400
    refused(
        plan,
        "cost",
        ask=replace(plan.ask, budget=replace(plan.ask.budget, thousand_dong=plan.cost - 1)),
    )


def test_a_target_that_is_not_reached_is_refused():
    plan = plan_for("fewest")
    refused(plan, "target", ask=replace(plan.ask, target=1.0))


# --- who can be served by points with room ---------------------------------------------


def test_people_served_by_points_with_room_by_hand():
    """Homes at x = 1, 3, 5, 7 km with 100, 200, 300, 400 people; points at 2 and 6 km reach
    the first two and the last two. With room for 250 and 1000: 250 + 700."""
    there = district.situation([Point((2, 1)), Point((6, 1))])
    ground = Ground(there, ServiceStandard.one_radius(1.1))
    places = there.points[["lon", "lat"]].to_numpy()
    assert served_with_room(ground, places, np.array([250, 1000])) == 950
    assert served_with_room(ground, places, np.array([0, 0])) == 0
    assert served_with_room(ground, places, np.array([250, 10]), np.array([0, 0, 1, 0])) == 10


def test_people_between_two_points_go_where_room_is():
    """All 1000 are within 6 km of both points at the ends: together they have room for 700."""
    there = district.situation([Point((1, 1)), Point((7, 1))])
    ground = Ground(there, ServiceStandard.one_radius(6.1))
    places = there.points[["lon", "lat"]].to_numpy()
    assert served_with_room(ground, places, np.array([300, 400])) == 700
    assert served_with_room(ground, places, np.array([900, 400])) == 1000
