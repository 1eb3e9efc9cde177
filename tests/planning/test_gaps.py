"""Gaps: who gathers where, what the place is called, and why nobody serves it.

One commune of 12 × 12 km, its middle at (6, 6), unless a test draws another.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.estimator_checks import check_estimator

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.gap_clusters import PeopleClusters
from planning.analysis.gaps import find_gaps
from planning.model.coverage import GapReason, GapReport
from planning.model.standards import ServiceStandard
from tests.toy import district
from tests.toy.district import Place, Point

BIG = {"98001": district.square(0, 0, 12)}


def found(
    places: list[tuple[Place, int, str]],
    listed: Sequence[Point] = (),
    radius_km: float = 3.0,
    **parts,
) -> GapReport:
    parts = {"whose": district.communes(BIG), **parts}
    there = district.situation(listed, places=places, **parts)
    return find_gaps(there, ServiceStandard.one_radius(radius_km), StraightLine())


def one(*args, **options):
    (gap,) = found(*args, **options).gaps
    return gap


# --- the clustering model --------------------------------------------------------------


def test_the_clustering_model_keeps_the_rules_of_scikit_learn():
    check_estimator(PeopleClusters(spacing_m=0.5, least_people=5, extent_m=50.0), on_skip=None)


def test_the_clustering_model_can_be_made_without_any_parameter():
    """scikit-learn's own sample data are no metres; five hundred people at one place are."""
    labels = PeopleClusters().fit_predict([[10.0, 20.0]] * 5)
    assert labels.tolist() == [-1] * 5
    crowd = PeopleClusters().fit(np.zeros((5, 2)), sample_weight=[100] * 5)
    assert crowd.labels_.tolist() == [0] * 5


@pytest.mark.parametrize("seed", range(5))
def test_known_crowds_far_apart_are_found_each_as_one(seed):
    rng = np.random.default_rng(seed)
    middles = np.array([[0, 0], [20_000, 0], [0, 20_000], [20_000, 20_000]])
    truth = np.repeat(np.arange(4), 30)
    places = middles[truth] + rng.uniform(-900, 900, (120, 2))
    model = PeopleClusters(spacing_m=1000, least_people=300, extent_m=5000)
    labels = model.fit(places, sample_weight=np.full(120, 40)).labels_
    assert len(set(labels)) == 4
    assert -1 not in labels
    assert all(len(set(labels[truth == each])) == 1 for each in range(4))


@pytest.mark.parametrize("extent", [2000.0, 4000.0, 9000.0])
def test_no_place_lies_farther_from_the_middle_of_its_cluster_than_the_extent(extent):
    """A row of hamlets every 500 m along 40 km is one chain; it must be cut."""
    places = np.column_stack([np.arange(0, 40_000, 500.0), np.zeros(80)])
    people = np.tile([200.0, 400.0], 40)
    model = PeopleClusters(spacing_m=1000, least_people=300, extent_m=extent)
    labels = model.fit(places, sample_weight=people).labels_
    assert set(labels) == set(range(labels.max() + 1))
    for label in range(labels.max() + 1):
        ours = labels == label
        x, w = places[ours, 0], people[ours]
        assert np.abs(x - (x * w).sum() / w.sum()).max() <= extent
    # 40 km hold at most 40 / (2 × extent) clusters of full length; more than twice is crumbs.
    assert 40_000 / (2 * extent) <= labels.max() + 1 <= 6 * 40_000 / (2 * extent)


def test_rows_in_another_order_are_the_same_clusters():
    rng = np.random.default_rng(4)
    places = np.concatenate([rng.uniform(0, 3000, (40, 2)), rng.uniform(9000, 12_000, (40, 2))])
    people = rng.integers(20, 90, 80)
    model = PeopleClusters(spacing_m=1000, least_people=200, extent_m=50_000)
    order = rng.permutation(80)
    one_way = model.fit(places, sample_weight=people).labels_[order]
    other = model.fit(places[order], sample_weight=people[order]).labels_
    together = {frozenset(np.flatnonzero(one_way == each)) for each in set(one_way) - {-1}}
    assert together == {frozenset(np.flatnonzero(other == each)) for each in set(other) - {-1}}


# --- every unserved person -------------------------------------------------------------


def test_enough_people_within_a_kilometre_are_a_gap_and_fewer_are_scattered():
    report = found([((1, 1), 300, "98001"), ((10, 10), 299, "98001")])
    assert [gap.people for gap in report.gaps] == [300]
    assert (report.people_scattered, report.people_unserved) == (299, 599)


def test_people_of_places_up_to_a_kilometre_apart_gather():
    report = found([((1, 1), 150, "98001"), ((2, 1), 150, "98001")])
    assert [gap.people for gap in report.gaps] == [300]
    apart = found([((1, 1), 150, "98001"), ((2.01, 1), 150, "98001")])
    assert (apart.gaps, apart.people_scattered) == ((), 300)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), radius_km=st.sampled_from([1.0, 3.0, 5.0]))
def test_every_unserved_person_is_in_a_gap_or_scattered(seed, radius_km):
    rng = np.random.default_rng(seed)
    places = [
        ((x, y), int(n), "98001") for x, y, n in rng.uniform([0, 0, 1], [12, 12, 400], (40, 3))
    ]
    listed = [Point(tuple(at)) for at in rng.uniform(0, 12, (2, 2))]
    there = district.situation(listed, places=places, whose=district.communes(BIG))
    standard = ServiceStandard.one_radius(radius_km)
    report = find_gaps(there, standard, StraightLine())
    measured = assess_coverage(there, standard, StraightLine()).total
    unserved = sum(
        n for at, n, _ in places
        if min(np.hypot(at[0] - p.at[0], at[1] - p.at[1]) for p in listed) > radius_km
    )  # fmt: skip
    in_gaps = sum(gap.people for gap in report.gaps)
    assert in_gaps + report.people_scattered == report.people_unserved == unserved
    assert measured.people - measured.people_covered == unserved


def test_where_everybody_is_served_there_is_no_gap():
    report = found([((6, 6), 900, "98001")], [Point((6, 6))])
    assert (report.gaps, report.people_unserved, report.people_scattered) == ((), 0, 0)


def test_gaps_are_ranked_by_people():
    report = found([((1, 1), 400, "98001"), ((10, 10), 900, "98001"), ((1, 10), 600, "98001")])
    assert [(gap.rank, gap.people) for gap in report.gaps] == [(1, 900), (2, 600), (3, 400)]


# --- what a gap says -------------------------------------------------------------------


def test_distance_to_the_nearest_point_is_weighted_by_people():
    # The point at x = 1; 300 people 9 km away, 100 people 9.5 km away.
    places = [((10, 6), 300, "98001"), ((10.5, 6), 100, "98001")]
    gap = one(places, [Point((1, 6))])
    assert gap.nearest_point_m == pytest.approx((300 * 9000 + 100 * 9500) / 400, abs=0.01)
    assert gap.people == 400


def test_without_any_open_point_there_is_no_distance():
    assert one([((6, 6), 500, "98001")]).nearest_point_m is None


def test_a_gap_stands_where_people_live():
    places = [((10, 6), 300, "98001"), ((10.5, 6.5), 100, "98001")]
    gap = one(places)
    at = district.degrees([(10, 6)])[0]
    assert (gap.lon, gap.lat) == pytest.approx(tuple(at), abs=1e-7)


def test_the_outline_holds_every_place_and_the_area_is_its_ground():
    places = [((2 + 0.5 * x, 2 + 0.5 * y), 100, "98001") for x in range(4) for y in range(4)]
    gap = one(places)
    outline = shapely.Polygon(gap.outline)
    assert all(outline.contains(shapely.Point(*district.degrees([at])[0])) for at, _, _ in places)
    # Sixteen pieces of 500 m and a seam of 25 m around them: 2.05 km squared.
    assert gap.area_km2 == pytest.approx(2.05**2, rel=1e-3)


@pytest.mark.parametrize(
    ("at", "side"),
    [((11, 6), "E"), ((10, 10), "NE"), ((6, 11), "N"), ((2, 10), "NW"), ((1, 6), "W"),
     ((2, 2), "SW"), ((6, 1), "S"), ((10, 2), "SE"), ((6, 6), "C"), ((7, 7), "C")],
)  # fmt: skip
def test_the_side_of_the_commune_is_a_compass_point(at, side):
    assert one([(at, 500, "98001")]).side == side


@pytest.mark.parametrize(
    ("at", "words"), [((11, 6), "Phía đông xã Số 1"), ((6, 1), "Phía nam xã Số 1"),
                      ((2, 10), "Phía tây bắc xã Số 1"), ((6, 6), "Khu giữa xã Số 1")],
)  # fmt: skip
def test_the_name_says_side_commune_and_how_far_the_seat_is(at, words):
    lon, lat = district.degrees([(6, 6)])[0]
    whose = district.communes(BIG, seat_lon=[lon], seat_lat=[lat])
    gap = one([(at, 500, "98001")], whose=whose)
    km = f"{np.hypot(at[0] - 6, at[1] - 6):.1f}".replace(".", ",")
    assert gap.name == f"{words}, cách trụ sở {km} km"


def test_the_nearest_seat_may_be_another_commune_s():
    two = {"98001": district.square(0, 0, 12), "98002": district.square(12, 0, 12)}
    seats = district.degrees([(1, 6), (13, 6)])
    whose = district.communes(two, seat_lon=seats[:, 0], seat_lat=seats[:, 1])
    gap = one([((11, 6), 500, "98001")], whose=whose)
    assert (gap.commune_code, gap.seat) == ("98001", "Xã Số 2")
    assert gap.seat_m == pytest.approx(2000, abs=0.01)
    assert gap.name == "Phía đông xã Số 1, cách trụ sở xã Số 2 2,0 km"


def test_a_gap_belongs_to_the_commune_of_most_of_its_people():
    two = district.communes(
        {"98001": district.square(0, 0, 12), "98002": district.square(12, 0, 12)}
    )
    gap = one([((11.8, 6), 200, "98001"), ((12.2, 6), 201, "98002")], whose=two)
    assert (gap.commune_code, gap.side) == ("98002", "W")


def test_names_occur_once():
    """Two gaps as far east, mirrored at the middle line, would bear one name."""
    lon, lat = district.degrees([(6, 6)])[0]
    whose = district.communes(BIG, seat_lon=[lon], seat_lat=[lat])
    places = [((11, 5), 500, "98001"), ((11, 7), 500, "98001"), ((1, 6), 500, "98001")]
    names = [gap.name for gap in found(places, whose=whose).gaps]
    assert max(Counter(names).values()) == 1
    assert sum(name.startswith("Phía đông xã Số 1, cách trụ sở 5,1 km") for name in names) == 2


# --- why -------------------------------------------------------------------------------

FAR_EAST = [((11, 6), 500, "98001")]
SHORE = district.square(-12, 0, 12)


def test_a_gap_in_a_commune_without_an_open_point_has_no_point():
    beside = district.communes({**BIG, "98002": SHORE})
    assert one(FAR_EAST, whose=beside).reason == GapReason.NO_POINT
    assert one(FAR_EAST, [Point((-1, 6))], whose=beside).reason == GapReason.NO_POINT


def test_a_gap_on_another_side_than_the_commune_s_point_is_far():
    assert one(FAR_EAST, [Point((1, 6))]).reason == GapReason.FAR


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_a_closed_point_that_would_reach_the_people_is_the_reason(status):
    listed = [Point((1, 6)), Point((10, 6), status=status)]
    assert one(FAR_EAST, listed).reason == GapReason.CLOSED


def test_a_closed_point_too_far_away_is_no_reason():
    listed = [Point((1, 6)), Point((7, 6), status="closed")]
    assert one(FAR_EAST, listed).reason == GapReason.FAR


def test_an_online_point_within_reach_never_closes_a_gap_and_is_its_reason():
    listed = [Point((1, 6)), Point((11, 6), kind="online")]
    gap = one(FAR_EAST, listed)
    assert (gap.people, gap.reason) == (500, GapReason.ONLINE_ONLY)


def test_a_planned_point_is_no_reason():
    assert one(FAR_EAST, [Point((1, 6)), Point((11, 6), status="planned")]).reason == GapReason.FAR


ISLET = shapely.union(district.square(0, 0, 12), district.square(14, 5, 2))


@pytest.mark.parametrize(
    ("listed", "reason"),
    [([], GapReason.ISLAND), ([Point((8, 6))], GapReason.ISLAND),
     ([Point((14.1, 5.1), kind="online")], GapReason.ISLAND)],
)  # fmt: skip
def test_people_across_the_water_without_a_point_there_live_on_an_island(listed, reason):
    whose = district.communes({"98001": ISLET, "98002": SHORE})
    gap = one([((15, 6), 500, "98001")], listed, whose=whose)
    assert gap.reason == reason


def test_an_island_with_a_point_on_another_end_of_it_is_far_and_no_island():
    long_islet = shapely.union(district.square(0, 0, 12), district.square(14, 5, 8, 2))
    whose = district.communes({"98001": long_islet, "98002": SHORE})
    gap = one([((21, 6), 500, "98001")], [Point((15, 6))], whose=whose)
    assert gap.reason == GapReason.FAR


def test_a_part_of_a_commune_that_touches_another_commune_is_no_island():
    whose = district.communes({"98001": ISLET, "98002": district.square(16, 0, 9)})
    gap = one([((15, 6), 500, "98001")], [Point((6, 6))], whose=whose)
    assert gap.reason == GapReason.FAR
