"""Coverage of the toy district (`tests/toy/district.py`), every figure worked out by hand.

    commune     98001   98002   98003   98004
    people        100     200     300     400
    x (km)          1       3       5       7

One point in the middle of 98002 is 2, 0, 2 and 4 km away from the four communes' people.
"""

import math

import pandas as pd
import pytest

from geo import tables
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.coverage import CoverageReport
from planning.model.errors import RequestError
from planning.model.standards import CLASS_RADII_KM, ServiceStandard, TerrainClass
from tests.toy import district
from tests.toy.district import Point

IN_SECOND = Point((3, 1))


def assess(situation: district.Situation, radius_km: float = 3.0) -> CoverageReport:
    return assess_coverage(situation, ServiceStandard.one_radius(radius_km), StraightLine())


@pytest.mark.parametrize(
    ("radius_km", "covered"),
    [(1, 200), (1.999, 200), (2, 100 + 200 + 300), (3, 600), (3.999, 600), (4, 1000)],
)
def test_people_covered_by_one_point_include_those_exactly_at_the_radius(radius_km, covered):
    report = assess(district.situation([IN_SECOND]), radius_km)
    assert report.total.people == 1000
    assert report.total.people_covered == covered
    assert report.total.share_covered == pytest.approx(covered / 1000)


def test_distances_are_weighted_by_people():
    far = assess(district.situation([IN_SECOND])).total.distance
    # 200 people at 0, 400 at 2 km, 400 at 4 km.
    assert far.mean_m == pytest.approx((400 * 2000 + 400 * 4000) / 1000, abs=0.01)
    assert far.median_m == pytest.approx(2000, abs=0.01)
    assert far.p90_m == pytest.approx(4000, abs=0.01)
    assert far.max_m == pytest.approx(4000, abs=0.01)


def test_gini_of_distance_is_the_mean_difference_over_twice_the_mean():
    far = assess(district.situation([IN_SECOND])).total.distance
    # Mean difference: 2 × (0.2·0.4·2000 + 0.2·0.4·4000 + 0.4·0.4·2000) = 1600; mean 2400.
    assert far.gini == pytest.approx(1600 / (2 * 2400), abs=1e-5)


def test_gini_is_zero_when_everybody_is_equally_far():
    both_sides = district.situation([Point((3, 1)), Point((7, 1))], {"98001": 9, "98003": 1})
    assert assess(both_sides).total.distance.gini == pytest.approx(0, abs=1e-6)


def test_gini_is_zero_when_everybody_lives_at_the_door():
    at_home = [Point(place) for place in district.MIDDLES]
    assert assess(district.situation(at_home)).total.distance.gini == 0


def test_median_is_the_smallest_distance_within_which_half_the_people_live():
    # 50 people at the door, 50 people 2 km away: half of them live within 0 m.
    report = assess(district.situation([IN_SECOND], {"98001": 50, "98002": 50}))
    assert report.total.distance.median_m == pytest.approx(0, abs=0.01)
    assert report.total.distance.p90_m == pytest.approx(2000, abs=0.01)


def test_people_per_point_and_mean_radius_of_the_province_and_of_a_commune():
    report = assess(district.situation([IN_SECOND, Point((3.5, 1)), Point((7, 1))]))
    second = report.communes[1]
    assert report.total.people_per_point == pytest.approx(1000 / 3)
    assert report.total.area_km2 == pytest.approx(16, rel=1e-6)
    assert report.total.mean_radius_km == pytest.approx(math.sqrt(16 / (math.pi * 3)), rel=1e-6)
    assert (second.code, second.points_direct, second.people_per_point) == ("98002", 2, 100)
    assert second.mean_radius_km == pytest.approx(math.sqrt(4 / (math.pi * 2)), rel=1e-6)


def test_a_commune_without_a_point_has_no_people_per_point_and_no_mean_radius():
    first = assess(district.situation([IN_SECOND])).communes[0]
    assert (first.points_direct, first.people_per_point, first.mean_radius_km) == (0, None, None)


def test_each_commune_counts_its_own_people_and_is_served_across_its_border():
    report = assess(district.situation([IN_SECOND]), 2)
    found = {each.code: (each.people, each.people_covered) for each in report.communes}
    assert found == {
        "98001": (100, 100), "98002": (200, 200), "98003": (300, 300), "98004": (400, 0)
    }  # fmt: skip


@pytest.mark.parametrize("status", ["closed", "suspended", "planned"])
def test_a_point_that_is_not_open_serves_nobody(status):
    report = assess(district.situation([Point((3, 1), status=status)]))
    assert report.total.people_covered == 0
    assert report.total.points_direct == 0


@pytest.mark.parametrize(("kind", "online"), [("online", 1), ("mobile", 0)])
def test_a_point_that_is_not_direct_serves_nobody_within_reach(kind, online):
    report = assess(district.situation([Point((3, 1), kind=kind)]))
    assert report.total.people_covered == 0
    assert (report.total.points_direct, report.total.points_online) == (0, online)


def test_a_closed_online_point_is_not_counted_as_online():
    report = assess(district.situation([Point((3, 1), kind="online", status="closed")]))
    assert report.total.points_online == 0


def test_without_an_open_point_nobody_is_covered_and_no_distance_is_made_up():
    report = assess(district.situation([]))
    assert report.total.people_covered == 0
    assert report.total.share_covered == 0
    assert report.total.distance.mean_m is None
    assert report.total.distance.gini is None
    assert report.total.mean_radius_km is None


def test_unknown_population_is_none_and_counts_in_no_figure():
    known = {"98001": 100, "98002": 200, "98003": 300}
    report = assess(district.situation([IN_SECOND], known))
    fourth = report.communes[3]
    assert report.total.people == 600
    assert (fourth.people, fourth.people_covered, fourth.share_covered) == (None, None, None)
    assert fourth.distance.mean_m is None
    assert report.base.unknown_communes == ("98004",)


def test_where_nobody_lives_people_are_zero_and_the_share_is_not_defined():
    report = assess(district.situation([IN_SECOND], {"98001": 100, "98002": 0}))
    second = report.communes[1]
    assert (second.people, second.people_covered, second.share_covered) == (0, 0, None)


def test_a_point_outside_every_commune_serves_people_and_is_counted_apart():
    report = assess(district.situation([Point((9, 1))]))
    assert report.total.people_covered == 400
    assert report.points_outside == 1
    assert sum(each.points_direct for each in report.communes) == 0
    assert report.total.points_direct == 1


@pytest.mark.parametrize(("count", "many"), [(9, 0), (10, 1), (11, 1)])
def test_a_commune_with_ten_points_has_many(count, many):
    row = [Point((2.1 + 0.1 * at, 1)) for at in range(count)]
    report = assess(district.situation(row))
    assert (report.communes_many, report.communes_with_point) == (many, 1)


def test_districts_and_offices_are_sums_of_their_communes():
    whose = district.communes(
        district=["Huyện Đông"] * 3 + ["Huyện Tây"], office=["Cơ sở 1"] * 2 + ["Cơ sở 2"] * 2
    )
    report = assess(district.situation([IN_SECOND], whose=whose), 2)
    districts = {each.name: (each.people, each.people_covered) for each in report.districts}
    offices = {each.name: (each.people, each.people_covered) for each in report.offices}
    assert districts == {"Huyện Đông": (600, 600), "Huyện Tây": (400, 0)}
    assert offices == {"Cơ sở 1": (300, 300), "Cơ sở 2": (700, 300)}
    assert {each.name: each.points_direct for each in report.districts} == {
        "Huyện Đông": 1, "Huyện Tây": 0
    }  # fmt: skip
    assert [each.area_km2 for each in report.offices] == pytest.approx([8, 8], rel=1e-6)


def test_a_district_of_unknown_communes_only_has_unknown_people():
    whose = district.communes(district=["Huyện Đông"] * 3 + ["Huyện Tây"])
    known = {"98001": 100, "98002": 200, "98003": 300}
    report = assess(district.situation([IN_SECOND], known, whose=whose))
    people = {each.name: each.people for each in report.districts}
    assert people == {"Huyện Đông": 600, "Huyện Tây": None}


def test_without_districts_or_former_communes_the_groupings_are_empty():
    report = assess(district.situation([IN_SECOND]))
    assert (report.districts, report.offices, report.former) == ((), (), ())
    assert (report.former_communes, report.former_with_point) == (None, None)


def crosswalk(*pairs: tuple[str, str, str]) -> tables.Crosswalk:
    frame = pd.DataFrame(pairs, columns=["old_code", "new_code", "relation"])
    return tables.crosswalk(frame.assign(old_name="Xã Cũ", old_district="Huyện Cũ"))


def test_former_communes_with_a_point_are_counted_over_the_whole_crosswalk():
    former = crosswalk(
        ("90001", "98001", "full"), ("90002", "98001", "full"), ("90003", "98002", "partial"),
        ("90003", "98003", "partial"),
    )  # fmt: skip
    listed = [Point((1, 1), former="90001"), Point((1.5, 1), former="90001"),
              Point((3, 1), former="90003"), Point((5, 1), status="closed", former="90002")]  # fmt: skip
    report = assess(district.situation(listed, crosswalk=former))
    assert (report.former_communes, report.former_with_point) == (3, 2)


def test_former_communes_are_measured_on_the_ground_they_had():
    """Two former communes: 90001 is the west half of the district, 90002 the east half."""
    former = district.communes(
        {"90001": district.square(0, 0, 4, 2), "90002": district.square(4, 0, 4, 2)},
        province_code=["98", "98"], valid_from=["2004-01-01"] * 2,
    )  # fmt: skip
    places = [
        (place, count, code)
        for place, count, code in zip(
            district.MIDDLES, district.PEOPLE, district.CODES, strict=True
        )
    ]
    lived = district.demand(places, ["90001", "90001", "90002", "90002"])
    listed = [Point((3, 1), former="90001")]
    report = assess(district.situation(listed, former=former, demand=lived), 2)
    found = [(each.code, each.people, each.people_covered) for each in report.former]
    assert found == [("90001", 300, 300), ("90002", 700, 300)]
    assert (report.former_communes, report.former_with_point) == (2, 1)


def test_each_commune_is_measured_by_the_radius_of_its_terrain():
    whose = district.communes(terrain=["urban", "urban", "delta", "mountain"])
    radii = dict.fromkeys(TerrainClass, 1.0) | {TerrainClass.MOUNTAIN: 4.0}
    found = assess_coverage(
        district.situation([IN_SECOND], whose=whose), ServiceStandard(radii), StraightLine()
    )
    # 2 km away and 1 km allowed: 98001 and 98003 are not served; 98004 is 4 km away, allowed.
    assert [each.people_covered for each in found.communes] == [0, 200, 0, 400]


@pytest.mark.parametrize(
    ("unit_type", "people", "radius_km"),
    [("đặc khu", 4, 5.0), ("phường", 4, 2.0), ("xã", 4000, 2.0), ("xã", 1200, 3.0),
     ("xã", 400, 4.0), ("xã", 396, 5.0)],
)  # fmt: skip
def test_terrain_not_given_is_estimated_from_kind_and_density(unit_type, people, radius_km):
    """The four communes have 4 km²: 4,000 people are 1,000 per km², 1,200 are 300, 400 are 100."""
    whose = district.communes(unit_type=[unit_type] * 4)
    lives = district.situation([], {"98001": people}, whose=whose)
    radii = lives.radii_m(ServiceStandard(CLASS_RADII_KM))
    assert radii.tolist() == [radius_km * 1000]


@pytest.mark.parametrize("radius_km", [0, -1, 0.19, 50.01, float("nan"), float("inf")])
def test_a_radius_that_cannot_be_is_refused(radius_km):
    with pytest.raises(RequestError, match=r"between 0\.2 and 50"):
        ServiceStandard.one_radius(radius_km)
