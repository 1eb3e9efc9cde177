"""Quarters: counted by hand, and held against every choice of as many points."""

from dataclasses import replace
from itertools import pairwise

import pytest

from geo.reach import StraightLine
from planning.model.errors import RequestError
from planning.model.siting import Objective, Quarter, SuggestionAsk
from planning.model.wishes import Budget, Capacity, Existing, Group, Limits, RuleWishes
from planning.siting.plans.rolling import quarters, refuse_roll_out
from planning.siting.stating.question import siting_problem
from tests.planning.siting.brute import optimum
from tests.planning.siting.towns import THREE_KM, planned, town
from tests.toy import district


def test_what_nesting_costs_is_counted_by_hand():
    """Homes a to e 2,9 km apart with 150, 200, 40, 201 and 150 people; a site serves its neighbours.

    One point serves most at c: 200 + 40 + 201 = 441. The best two stand at b and d and serve
    all 741: 391 at d first, then 350. Opened one by one, the first quarter lacks 50 people.
    """
    people = (150, 200, 40, 201, 150)
    places = [((2 + 2.9 * at, 5), many, "98001") for at, many in enumerate(people)]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation(places=places, whose=whose)
    plan = planned(there, points=2)
    assert [site.people_gained for site in plan.sites] == [391, 350]
    one_by_one = quarters(there, StraightLine(), plan, 1)
    assert [(each.points, each.people, each.people_afresh) for each in one_by_one] == [
        (1, 391, 441), (2, 741, 741),
    ]  # fmt: skip
    assert [each.cost_of_nesting for each in one_by_one] == [50, 0]
    assert 441 <= one_by_one[0].bound <= one_by_one[1].bound == 741
    for at_once in (2, 3, 500):
        assert quarters(there, StraightLine(), plan, at_once) == (Quarter(2, 741, 741, 741),)


@pytest.mark.parametrize("wishes", [{}, {"budget": Budget(100, 30, (("Chợ", 20),))},
                                    {"rules": RuleWishes(spacing_km=4.0)}])  # fmt: skip
@pytest.mark.parametrize("seed", range(4))
def test_every_quarter_lies_below_the_best_choice_of_as_many_points(seed, wishes):
    there = town(seed, 8)
    plan = planned(there, points=3, **wishes)
    question = siting_problem(there, THREE_KM, StraightLine(), plan.ask)
    found = quarters(there, StraightLine(), plan, 1)
    assert [each.points for each in found] == list(range(1, len(plan.sites) + 1))
    assert found[-1].people == plan.value
    for each in found:
        rules = replace(question.problem.rules, most_sites=each.points)
        best = optimum(replace(question.problem, rules=rules))
        assert each.people <= each.people_afresh <= best <= each.bound
    for before, after in pairwise(found):
        assert before.people <= after.people
        assert before.bound <= after.bound


@pytest.mark.parametrize("seed", range(3))
def test_quarters_of_two_are_those_of_one_at_every_second_site(seed):
    there = town(seed)
    plan = planned(there, points=5)
    one, two = (quarters(there, StraightLine(), plan, each) for each in (1, 2))
    assert two == (one[1], one[3], one[4])


def test_a_plan_without_sites_has_no_quarters():
    there = district.situation([district.Point((4, 1))])
    assert quarters(there, StraightLine(), planned(there, points=2), 1) == ()


@pytest.mark.parametrize(
    "wishes",
    [{"objective": Objective.MEAN_DISTANCE}, {"fade": 2.0}, {"existing": Existing(("all",), 1)},
     {"rules": RuleWishes(capacity=Capacity(500))}, {"rules": RuleWishes(worst_km=20)},
     {"rules": RuleWishes(per_commune=Limits(1))}, {"rules": RuleWishes(locked_in=("Chợ",))},
     {"rules": RuleWishes(per_former_commune=Limits(1))},
     {"rules": RuleWishes(groups=(Group("Bắc", ("98003",), points=1),))}],
)  # fmt: skip
def test_a_plan_whose_parts_may_break_a_rule_has_no_quarters(wishes):
    with pytest.raises(RequestError, match="A roll-out by quarters"):
        refuse_roll_out(SuggestionAsk(2, **wishes))


@pytest.mark.parametrize("number", [0, -1])
def test_a_quarter_opens_at_least_one_point(number):
    there = town()
    with pytest.raises(RequestError, match="at least one point"):
        quarters(there, StraightLine(), planned(there, points=2), number)
