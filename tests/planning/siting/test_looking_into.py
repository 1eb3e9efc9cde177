"""What is said about the sites of a plan: order, price of refusing, firmness, who is sent where."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.reach import StraightLine
from planning.model.asking import SuggestionAsk
from planning.model.siting import Firmness
from planning.model.wishes import Capacity, Existing, RuleWishes, Variation
from planning.siting.plans.allocation import loads
from planning.siting.plans.plan import suggest_points
from tests.planning.siting.towns import planned, town
from tests.planning.siting.toy_questions import ONE_KM, asked, identity
from tests.toy import district
from tests.toy.district import Point


def plan_of(there, **ask):
    return suggest_points(there, ONE_KM, StraightLine(), SuggestionAsk(**ask))


def test_refusing_a_site_costs_what_the_next_best_serves_less():
    """Homes of 100 to 400 people stand 2 km apart; without the 400 the 300 are the best."""
    (site,) = plan_of(district.situation(), points=1).sites
    price = site.refusing
    assert (site.people_gained, price.lost, price.impossible) == (400, 100, False)
    assert (price.replacement, price.commune) == (identity((5, 1)), "Xã Số 3")
    assert price.distance_m == pytest.approx(2000, abs=0.01)


def test_what_is_locked_in_has_no_price():
    rules = RuleWishes(locked_in=(identity((1, 1)),))
    sites = plan_of(district.situation(), points=2, rules=rules).sites
    assert {site.id: site.refusing is None for site in sites} == {
        identity((7, 1)): False, identity((1, 1)): True,
    }  # fmt: skip


def test_a_site_is_firm_when_it_is_chosen_again_and_depends_when_it_is_not():
    """With 2.1 km instead of 1 the home of the 300 reaches 200, 300 and 400: 900 people."""
    people = Variation("dân số", people=0.1)
    wider = Variation("bán kính", radius=2.1)
    for variations, mark in (((people,), Firmness.FIRM), ((wider,), Firmness.DEPENDS),
                             ((people, wider), Firmness.LIKELY), ((), None)):  # fmt: skip
        (site,) = plan_of(district.situation(), points=1, variations=variations).sites
        assert (site.id, site.firmness) == (identity((7, 1)), mark)


def test_the_usual_variations_mark_every_site():
    marks = [site.firmness for site in planned(town(), points=3, firmness=True).sites]
    assert len(marks) == 3
    assert set(marks) <= set(Firmness)


def test_the_rank_is_the_order_in_which_each_opening_serves_most_further_people():
    sites = planned(town(3), points=6).sites
    assert [site.rank for site in sites] == [site.roll_out for site in sites] == [1, 2, 3, 4, 5, 6]
    gains = [site.people_gained for site in sites]
    assert gains == sorted(gains, reverse=True)


def test_a_plan_that_only_moves_has_ranks_and_closings_of_equal_number():
    plan = planned(town(2), points=0, existing=Existing(("all",), 2))
    assert len(plan.sites) <= len(plan.closed) <= 2


# --- room ------------------------------------------------------------------------------


def with_room(each: int, staff: int | None = None):
    """Return the toy with a point at x = 3 km, where 1 km serves its own 200 people."""
    there = district.situation([Point((3, 1))])
    staffed = there.points.assign(staff_count=pd.array([staff], dtype="Int64"))
    rules = RuleWishes(capacity=Capacity(each, 50))
    return asked(replace(there, points=staffed), points=2, rules=rules)


def test_points_that_stay_serve_first_and_new_ones_what_is_left():
    """Sites in order of place: x = 1, the point and a home at 3, 5, 7 km; room for 150 each."""
    question = with_room(150)
    table = question.places.table
    point = list(table["id"]).index("P000")
    beside = list(table["id"]).index(identity((3, 1)))
    east = list(table["id"]).index(identity((7, 1)))
    assert loads(question.problem, [point], [beside, east]).tolist() == [150, 50, 150]
    assert loads(question.problem, [], [beside, east]).tolist() == [150, 150]
    assert loads(question.problem, [], []).tolist() == []


def test_the_room_of_a_point_is_that_of_its_staff():
    question = with_room(1000, staff=3)
    table = question.places.table
    point = list(table["id"]).index("P000")
    assert loads(question.problem, [point], []).tolist() == [150]


def test_a_plan_with_room_counts_whom_each_site_is_sent():
    """Room for 250: 200 are served today; new points at 400 and 300 serve 250 each."""
    there = district.situation([Point((3, 1))])
    plan = plan_of(there, points=2, rules=RuleWishes(capacity=Capacity(250)))
    assert (plan.people_unserved, plan.people_gained, plan.value) == (800, 500, 700)
    assert [site.people_gained for site in plan.sites] == [250, 250]
    assert {site.id for site in plan.sites} == {identity((5, 1)), identity((7, 1))}
