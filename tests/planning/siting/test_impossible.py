"""Requests that no plan can meet: each smallest change in one sentence, by hand on the toy."""

import pytest

from geo.reach import StraightLine
from planning.language import counting, speaker
from planning.model.asking import Objective, SuggestionAsk
from planning.model.errors import ImpossibleAsk
from planning.model.standards import ServiceStandard
from planning.model.wishes import Budget, Existing, Group, Limits, RuleWishes
from planning.siting.plans.plan import suggest_points
from tests.planning.siting.toy_questions import identity
from tests.toy import district
from tests.toy.district import Point

ONE_EACH = RuleWishes(per_commune=Limits(1))


def refusal(there=None, **ask) -> ImpossibleAsk:
    there = district.situation() if there is None else there
    with pytest.raises(ImpossibleAsk) as refused:
        suggest_points(there, ServiceStandard.one_radius(1.0), StraightLine(), SuggestionAsk(**ask))
    return refused.value


def lines(there=None, **ask) -> set[str]:
    """Return the changes named, one sentence each; the first line says that one is enough."""
    first, *others = str(refusal(there, **ask)).split("\n")
    assert first.endswith("Each of these changes alone allows one:")
    return {line.strip() for line in others}


def test_too_few_points_for_one_in_each_commune():
    found = lines(points=2, rules=ONE_EACH)
    assert "2 points cannot give each of the 4 communes that lack one at least 1: allow 4." in found
    (exempt,) = [each for each in found if each.startswith("Exempt")]
    assert exempt.startswith(
        "Exempt communes from their least number of points: 2 of them, such as Xã Số "
    )
    assert len(found) == 2


def test_communes_that_have_a_point_are_not_counted():
    there = district.situation([Point((3, 1))])
    assert (
        "2 points cannot give each of the 3 communes that lack one at least 1: allow 3."
        in lines(there, points=2, rules=ONE_EACH)
    )


def test_too_few_points_for_former_communes():
    former = district.communes(
        {"97001": district.square(0, 0, 4, 2), "97002": district.square(4, 0, 4, 2)}
    )
    found = lines(
        district.situation(former=former), points=3, rules=RuleWishes(per_former_commune=Limits(2))
    )
    assert found >= {
        "3 points cannot give each of the 2 former communes that lack one at least 2: allow 4."
    }
    assert any(each.startswith("Exempt former communes") and " 1 of them" in each for each in found)


def test_too_little_money():
    """A point in each of four communes at 30 costs 120; 50 are enough for one: three to exempt."""
    found = lines(points=4, rules=ONE_EACH, budget=Budget(50, 30))
    assert "Raise the budget from 50 to 120 thousand đồng." in found
    assert any(each.startswith("Exempt communes") and " 3 of them" in each for each in found)


def test_a_distance_that_so_many_points_cannot_keep():
    """Homes stand 2 km apart in a row of four: two points in the middle leave 2 km to the ends."""
    found = lines(points=2, rules=RuleWishes(worst_km=1))
    assert found == {"Allow a farthest distance of 2000 m instead of 1000 m.",
                     "All the rules together need 4 points, and 2 are asked for: allow 4."}  # fmt: skip


def test_a_spacing_at_which_not_every_commune_has_room():
    found = lines(points=4, rules=RuleWishes(per_commune=Limits(1), spacing_km=3))
    assert "Lower the distance between points from 3000 m to 1999 m." in found
    assert any(each.startswith("Exempt communes") and " 2 of them" in each for each in found)


def test_a_target_that_so_many_points_cannot_serve():
    """One point serves at most 400 of 1000; 900 need those of 400, 300 and 200."""
    found = lines(points=1, objective=Objective.FEWEST_POINTS, target=0.9)
    assert found == {"Ask for 400 people served instead of 900: 40.0 % of all.",
                     "All the rules together need 3 points, and 1 are asked for: allow 3."}  # fmt: skip


def test_floors_of_two_groups_that_one_point_cannot_serve():
    groups = (Group("Tây", ("98001",), share=1.0), Group("Đông", ("98004",), share=0.5))
    found = lines(points=1, rules=RuleWishes(groups=groups))
    assert found >= {"Ask for 0 people served instead of 100 in “Tây”: 0.0 % of them.",
                     "Ask for 0 people served instead of 200 in “Đông”: 0.0 % of them."}  # fmt: skip


def test_more_must_move_for_two_empty_communes_than_may():
    there = district.situation([Point((3, 1)), Point((3.3, 1)), Point((7, 1))])
    found = lines(there, points=0, existing=Existing(("P000", "P001"), moves=1),
                  rules=RuleWishes(per_commune=Limits(1, exempt=("98002",))))  # fmt: skip
    assert "Let 2 points move instead of 1." in found
    assert "0 points cannot give each of the 2 communes that lack one at least 1: allow 1." in found


def test_more_places_locked_in_than_points():
    places = tuple(identity(place) for place in ((1, 1), (5, 1)))
    found = lines(points=1, rules=RuleWishes(locked_in=places))
    assert "All the rules together need 2 points, and 1 are asked for: allow 2." in found
    start = "Take places off the list of those locked in: 1 of them, such as "
    assert any(each in (f"{start}{places[0]}.", f"{start}{places[1]}.") for each in found)


def test_a_most_that_contradicts_a_group():
    there = district.situation(hosts=district.hosts([((1.5, 1), "Chợ")]))
    rules = RuleWishes(per_commune=Limits(0, 1), groups=(Group("Tây", ("98001",), points=2),))
    found = lines(there, points=3, rules=rules)
    assert found == {"Allow up to 2 points instead of 1 in Xã Số 1 (98001).",
                     "Ask for fewer points in groups: 1 of them, such as Tây."}  # fmt: skip


def test_where_no_single_change_is_enough_several_together_are_named():
    """Two places 2 km apart are locked in with one point, no money and 3 km of spacing."""
    places = tuple(identity(place) for place in ((1, 1), (3, 1)))
    groups = (Group("Đông", ("98003", "98004"), points=1),)
    refused = refusal(
        points=1, budget=Budget(5, 10), rules=RuleWishes(locked_in=places, groups=groups)
    )
    first, *changes = str(refused).split("\n")
    assert first.endswith("These changes together allow one:")
    assert len(changes) >= 2


def test_the_refusal_is_said_in_vietnamese():
    said = refusal(points=2, rules=ONE_EACH).sentence(speaker("vi"), counting("vi"))
    assert (
        "2 điểm không đủ để mỗi xã trong 4 xã còn thiếu có ít nhất 1 điểm thu: cần cho phép 4."
        in said
    )


def test_points_that_do_once_communes_without_a_place_are_exempt():
    """Nobody is known to live in the fourth commune: no number of points gives it one."""
    there = district.situation(people=dict(zip(district.CODES[:3], district.PEOPLE, strict=False)))
    found = lines(there, points=1, rules=ONE_EACH)
    allow = (
        "Allow 3 points instead of 1 and exempt the communes that have too few known places "
        "for a point: 1 of them, Xã Số 4 (98004)."
    )
    assert allow in found
    exempt = [each for each in found if each.startswith("Exempt communes")]
    assert len(exempt) == 1
    assert " 3 of them" in exempt[0]
    # As many as the others need: exempting the one is enough then, and no more points are said.
    (only,) = lines(there, points=3, rules=ONE_EACH)
    assert only.startswith("Exempt communes from their least number of points: 1 of them, such as")


def test_so_many_points_without_the_exempt_communes_are_indeed_enough():
    there = district.situation(people=dict(zip(district.CODES[:3], district.PEOPLE, strict=False)))
    rules = RuleWishes(per_commune=Limits(1, exempt=(district.CODES[3],)))
    ask, standard = SuggestionAsk(points=3, rules=rules), ServiceStandard.one_radius(1.0)
    plan = suggest_points(there, standard, StraightLine(), ask)
    assert {each.commune_code for each in plan.sites} == set(district.CODES[:3])
    with pytest.raises(ImpossibleAsk):
        suggest_points(there, standard, StraightLine(), SuggestionAsk(points=2, rules=rules))
