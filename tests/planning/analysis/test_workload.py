"""Workload: a published example, by hand, by plain loops, beside PySAL's access, and what always holds."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.reach import StraightLine
from planning.analysis.situation import places_xy
from planning.analysis.workload import catchments, falling, floating, staff_at, workload
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard
from planning.model.workload import (
    EVEN,
    GENTLE,
    SHARP,
    Limits,
    Verdict,
    WorkloadAsk,
    Zones,
)
from tests.toy import district
from tests.toy.district import Point

# 6.3 km: the thirds end at 2.1, 4.2 and 6.3 km, between the whole distances of the toy.
STANDARD = ServiceStandard.one_radius(6.3)


def staffed(situation, *counts):
    points = situation.points.assign(staff_count=pd.array(counts, dtype="Int64"))
    return replace(situation, points=points)


def two_points(*counts):
    """Return the toy with points at 1 and 5 km and their staff (None: not said)."""
    return staffed(district.situation([Point((1, 1)), Point((5, 1))]), *counts)


def test_the_example_of_luo_and_wang():
    """Two physicians, eleven tracts of one person; Environment and Planning B 30 (2003), figure 3."""
    around = {"a": (1, 2, 3, 4, 6, 7, 9, 10), "b": (4, 5, 8, 11)}
    weight = np.array([[tract in around[each] for tract in range(1, 12)] for each in "ab"], float)
    steps = floating(csr_array(weight), np.ones(2), np.ones(11, dtype=np.int64))
    published = [0.125, 0.125, 0.125, 0.375, 0.25, 0.125, 0.125, 0.25, 0.125, 0.125, 0.25]
    assert steps.access == pytest.approx(published, abs=1e-15)
    assert steps.drawn.tolist() == [8, 4]


def test_zones_by_hand():
    assert [GENTLE.weight(each) for each in (0, 1 / 3, 0.334, 2 / 3, 0.7, 1.0, 1.01)] == [
        1, 1, 0.68, 0.68, 0.22, 0.22, 0]  # fmt: skip
    assert SHARP.weights == (1.0, 0.42, 0.09)
    with pytest.raises(ValueError, match="one weight for each zone"):
        Zones("short", (0.5, 0.9), (1.0, 0.5))


def test_the_toy_by_hand():
    """Distances from the first point 0, 2, 4, 6 km, from the second 4, 2, 0, 2 km."""
    report = workload(two_points(2, 3), STANDARD, WorkloadAsk(), StraightLine())
    first = 100 + 200 + 0.68 * 300 + 0.22 * 400
    second = 0.68 * 100 + 200 + 300 + 400
    share = [
        100 * (2 / first + 0.68 * 3 / second), 200 * (2 / first + 3 / second),
        300 * (0.68 * 2 / first + 3 / second), 400 * (0.22 * 2 / first + 3 / second),
    ]  # fmt: skip
    assert [each.staff_share for each in report.communes] == pytest.approx(share)
    assert sum(share) == pytest.approx(5)
    assert (report.staff, report.staff_reached, report.people_without) == (5, 5, 0)
    assert report.mean_people_per_staff == 200
    assert [each.staff_here for each in report.communes] == [2, 0, 3, 0]
    # The mean wants 0.5, 1, 1.5 and 2 staff; what the first two have is more.
    needed = [max(0, math.ceil(each / 200 - part))
              for each, part in zip((100, 200, 300, 400), share, strict=True)]  # fmt: skip
    assert [each.staff_needed for each in report.communes] == needed
    assert report.staff_needed == sum(needed) > 0
    pulls = [2 + 0.68 * 3, 2 + 3, 0.68 * 2 + 3, 0.22 * 2 + 3]
    falls = 2 * (100 / pulls[0] + 200 / pulls[1] + 0.68 * 300 / pulls[2] + 0.22 * 400 / pulls[3])
    assert report.points[0].people_falling == pytest.approx(falls)
    assert report.points[1].people_falling == pytest.approx(1000 - falls)
    assert [each.people_in_reach for each in report.points] == [1000, 1000]


def test_staff_wanted_by_number():
    """A hundred people each: 1, 2, 3 and 4 staff are wanted, and no place has them."""
    ask = WorkloadAsk(EVEN, Limits(people_per_staff=100))
    report = workload(two_points(1, 1), STANDARD, ask, StraightLine())
    # Everybody reaches both points: 2 staff to 1,000 people, a fifth of what is wanted.
    assert [each.staff_share for each in report.communes] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert [each.staff_needed for each in report.communes] == [1, 2, 3, 4]
    assert {each.verdict for each in report.points} == {Verdict.OVERLOADED}


def test_overloaded_idle_and_without_staff():
    """Radius 1 km: each point has its own commune. 800 people have 8 staff within reach."""
    listed = [Point((1, 1)), Point((3, 1)), Point((5, 1)), Point((7, 1))]
    situation = staffed(district.situation(listed), 4, 0, 1, 3)
    report = workload(
        situation,
        ServiceStandard.one_radius(1),
        WorkloadAsk(EVEN, Limits(1.5, 0.5)),
        StraightLine(),
    )
    assert (report.mean_people_per_staff, report.mean_load) == (125, 100)
    assert [each.people_per_staff for each in report.points] == pytest.approx(
        [25, None, 300, 400 / 3]
    )
    assert [each.verdict for each in report.points] == [
        Verdict.IDLE, Verdict.UNSTAFFED, Verdict.OVERLOADED, Verdict.BALANCED]  # fmt: skip
    assert [each.people_without for each in report.communes] == [0, 200, 0, 0]
    assert [each.point_id for each in report.of(Verdict.OVERLOADED, Verdict.UNSTAFFED)] == [
        "P001", "P002"]  # fmt: skip


def test_staff_is_that_of_the_staff_list_and_one_where_no_list_knows():
    situation = two_points(None, 2)
    staff, told = staff_at(situation.open_direct)
    assert (staff.tolist(), told.tolist()) == ([1, 2], [-1, 2])
    staff, told = staff_at(situation.open_direct, {"P000": 4, "P001": 0})
    assert (staff.tolist(), told.tolist()) == ([4, 0], [4, 0])
    staff, told = staff_at(situation.open_direct, {"P009": 3})
    assert (staff.tolist(), told.tolist()) == ([1, 2], [-1, 2])
    report = workload(situation, STANDARD, WorkloadAsk(), StraightLine())
    assert report.points_unknown == 1
    assert report.points[0].staff is None


def test_a_commune_of_unknown_people_is_in_no_figure_and_nobody_divides_by_nothing():
    situation = staffed(district.situation([Point((1, 1))], people={"98001": 100, "98002": 0}), 1)
    report = workload(situation, STANDARD, WorkloadAsk(), StraightLine())
    by_code = {each.code: each for each in report.communes}
    assert by_code["98003"].people is None
    assert by_code["98003"].staff_needed is None
    assert (by_code["98002"].people, by_code["98002"].per_10000) == (0, None)
    nothing = workload(district.situation(), STANDARD, WorkloadAsk(), StraightLine())
    assert nothing.mean_people_per_staff is None
    assert nothing.people_without == 1000
    assert {each.staff_needed for each in nothing.communes} == {None}


def test_a_point_where_nobody_was_counted_is_not_called_idle():
    """Radius 1 km: 98002 has no people, 98003 and 98004 were not counted."""
    listed = [Point((1, 1)), Point((3, 1)), Point((5, 1)), Point((7, 1))]
    people = {"98001": 100, "98002": 0}
    situation = staffed(district.situation(listed, people=people), 1, 1, 1, 0)
    report = workload(situation, ServiceStandard.one_radius(1), WorkloadAsk(), StraightLine())
    assert [each.verdict for each in report.points] == [
        Verdict.BALANCED, Verdict.IDLE, Verdict.UNKNOWN, Verdict.UNKNOWN]  # fmt: skip
    assert [each.point_id for each in report.of(Verdict.IDLE)] == ["P001"]


def test_what_reaches_over_from_counted_communes_is_told_though_its_own_was_not_counted():
    """Radius 3 km: 100 people each in 98001 and 98003; P001 lies in 98002, of unknown people."""
    situation = staffed(district.situation([Point((1, 1)), Point((3, 1))],
                                           people={"98001": 100, "98003": 100}), 9, 0)  # fmt: skip
    standard = ServiceStandard.one_radius(3)
    bare = workload(situation, standard, WorkloadAsk(), StraightLine())
    assert [each.verdict for each in bare.points] == [Verdict.BALANCED, Verdict.UNSTAFFED]
    one = workload(staffed(situation, 9, 1), standard, WorkloadAsk(EVEN), StraightLine())
    # The 200 are shared by ten: 20 each; of these the second has 10 + 100 and is overloaded.
    assert one.points[1].people_falling == pytest.approx(110)
    assert one.points[1].verdict is Verdict.OVERLOADED


@pytest.mark.parametrize(
    "limits",
    [{"over": 0.5, "under": 0.5}, {"under": -1}, {"over": 21}, {"people_per_staff": 0},
     {"over": math.nan}],
)  # fmt: skip
def test_limits_that_cannot_be_meant_are_refused(limits):
    with pytest.raises(RequestError):
        Limits(**limits)


def plain(places, people, sites, staff, zones, radius):
    """Return access and people falling by loops over every pair."""

    def weight(site, place):
        return zones.weight(math.dist(site, place) / radius)

    drawn = [sum(weight(site, place) * count for place, count in zip(places, people, strict=True))
             for site in sites]  # fmt: skip
    access = [
        sum(weight(site, place) * count / total
            for site, count, total in zip(sites, staff, drawn, strict=True) if total)
        for place in places
    ]  # fmt: skip
    falls = []
    for site, count in zip(sites, staff, strict=True):
        parts = []
        for place, living in zip(places, people, strict=True):
            pull = sum(
                weight(other, place) * many for other, many in zip(sites, staff, strict=True)
            )
            parts.append(living * weight(site, place) * count / pull if pull else 0.0)
        falls.append(sum(parts))
    return access, falls


def spread_out(seed, places=150, sites=25):
    """Return a toy province of one wide commune: people, points and staff by chance."""
    chance = np.random.default_rng(seed)
    homes = chance.uniform(0, 40, (places, 2))
    people = chance.integers(1, 900, places)
    spots = chance.uniform(0, 40, (sites, 2))
    staff = chance.integers(0, 4, sites)
    whose = district.communes({"98001": district.square(0, 0, 40)})
    listed = [Point((float(x), float(y))) for x, y in spots]
    lived = [((float(x), float(y)), int(count), "98001")
             for (x, y), count in zip(homes, people, strict=True)]  # fmt: skip
    return staffed(district.situation(listed, places=lived, whose=whose), *staff.tolist())


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # in the peer
@pytest.mark.parametrize("zones", [GENTLE, SHARP, EVEN])
def test_access_equals_that_of_plain_loops_and_of_pysal(zones):
    access = pytest.importorskip("access")
    situation = spread_out(5)
    standard = ServiceStandard.one_radius(7)
    sites = places_xy(situation.open_direct, situation.crs)
    weight = catchments(situation, standard, zones, sites, StraightLine())
    staff, _ = staff_at(situation.open_direct)
    steps = floating(weight, staff, situation.people)
    by_loops, falls = plain(situation.demand_xy, situation.people, sites, staff, zones, 7000.0)
    assert steps.access == pytest.approx(by_loops)
    assert falling(weight, staff, situation.people) == pytest.approx(falls)
    cost = pd.DataFrame(
        [(f"p{a}", f"s{b}", math.dist(place, site) / 7000)
         for a, place in enumerate(situation.demand_xy) for b, site in enumerate(sites)],
        columns=["origin", "dest", "cost"],
    )  # fmt: skip
    demand = pd.DataFrame({"id": [f"p{at}" for at in range(len(steps.access))],
                           "people": situation.people})  # fmt: skip
    supply = pd.DataFrame({"id": [f"s{at}" for at in range(len(sites))], "staff": staff})
    peer = access.Access(
        demand_df=demand, demand_index="id", demand_value="people",
        supply_df=supply, supply_index="id", supply_value="staff",
        cost_df=cost, cost_origin="origin", cost_dest="dest", cost_name="cost",
        neighbor_cost_df=cost.iloc[:0], neighbor_cost_origin="origin",
        neighbor_cost_dest="dest", neighbor_cost_name="cost",
    )  # fmt: skip
    step = access.weights.step_fn(dict(zip(zones.ends, zones.weights, strict=True)))
    theirs = peer.enhanced_two_stage_fca(name="it", weight_fn=step, max_cost=1.0)["it_staff"]
    # Who is out of reach of all is missing there; here it is nobody's staff.
    theirs = theirs.reindex(demand["id"]).fillna(0.0)
    assert steps.access == pytest.approx(theirs.to_numpy())
    assert (steps.access == 0).any()
    assert (steps.access > 0).any()


numbers = st.integers(0, 30)
places = st.lists(st.tuples(numbers, numbers, st.integers(1, 500)), min_size=1, max_size=8)
sites = st.lists(st.tuples(numbers, numbers, st.integers(0, 5)), min_size=1, max_size=5)


def weighted(lived, opened, zones, radius):
    return csr_array(
        np.array([[zones.weight(math.dist(a[:2], b[:2]) / radius) for b in lived] for a in opened])
    )


@given(places, sites, st.sampled_from([GENTLE, SHARP, EVEN]), st.integers(1, 20), st.data())
def test_what_always_holds(lived, opened, zones, radius, data):
    weight = weighted(lived, opened, zones, radius)
    people = np.array([each[2] for each in lived])
    staff = np.array([each[2] for each in opened], dtype=float)
    steps = floating(weight, staff, people)
    near = np.array([[math.dist(a[:2], b[:2]) <= radius for b in lived] for a in opened])
    # What is shared out is the staff that has anybody within reach.
    assert (steps.access * people).sum() == pytest.approx(staff[near.any(axis=1)].sum())
    # Who is out of reach of all staff has none.
    assert ((steps.access == 0) == ~near[staff > 0].any(axis=0)).all()
    # Everybody within reach of staff falls to some point, once.
    falls = falling(weight, staff, people)
    assert falls.sum() == pytest.approx(people[near[staff > 0].any(axis=0)].sum())
    # One more member of staff anywhere lowers access nowhere.
    more = staff.copy()
    more[data.draw(st.integers(0, len(opened) - 1))] += 1
    assert (floating(weight, more, people).access >= steps.access - 1e-12).all()
