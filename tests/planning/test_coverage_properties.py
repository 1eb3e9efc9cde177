"""What must hold for any district: more reach or more points never serve fewer people."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import tables
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.coverage import CoverageReport
from planning.model.standards import ServiceStandard
from tests.toy import district
from tests.toy.district import Point

FEW = settings(max_examples=12, deadline=None)
SEED = st.integers(0, 10**6)


def somewhere(seed: int, count: int = 3) -> district.Situation:
    """Return 40 places and some points anywhere in the row of four communes."""
    rng = np.random.default_rng(seed)
    at = rng.uniform([0, 0], [8, 2], (40, 2))
    people = rng.integers(1, 500, 40)
    places = [
        ((x, y), int(n), district.CODES[int(x // 2)]) for (x, y), n in zip(at, people, strict=True)
    ]
    return district.situation(
        [Point(tuple(each)) for each in rng.uniform([0, 0], [8, 2], (count, 2))], places=places
    )


def assess(there: district.Situation, radius_km: float = 1.5) -> CoverageReport:
    return assess_coverage(there, ServiceStandard.one_radius(radius_km), StraightLine())


@FEW
@given(seed=SEED, radius=st.floats(0.2, 5), more=st.floats(0, 3))
def test_a_larger_radius_never_covers_fewer(seed, radius, more):
    there = somewhere(seed)
    assert (
        assess(there, radius + more).total.people_covered
        >= assess(there, radius).total.people_covered
    )


@FEW
@given(seed=SEED)
def test_one_more_point_never_covers_fewer_nor_brings_anyone_farther(seed):
    fewer, more = somewhere(seed, 2), somewhere(seed, 2)
    one = district.points([Point((4, 1))], more.communes).assign(point_id="new")
    added = tables.points(pd.concat([more.points, one], ignore_index=True))
    before, after = assess(fewer).total, assess(replace(more, points=added)).total
    assert after.people_covered >= before.people_covered
    assert after.distance.mean_m <= before.distance.mean_m
    assert after.distance.max_m <= before.distance.max_m


@FEW
@given(seed=SEED)
def test_communes_add_up_to_the_province(seed):
    report = assess(somewhere(seed))
    assert sum(each.people for each in report.communes) == report.total.people
    covered = sum(each.people_covered for each in report.communes)
    assert covered == report.total.people_covered
    inside = sum(each.points_direct for each in report.communes)
    assert inside + report.points_outside == report.total.points_direct


@FEW
@given(seed=SEED)
def test_the_order_of_rows_changes_nothing(seed):
    there = somewhere(seed)
    rng = np.random.default_rng(seed)
    turned = replace(
        there,
        demand=there.demand.iloc[rng.permutation(40)].reset_index(drop=True),
        points=there.points.iloc[::-1].reset_index(drop=True),
        communes=tables.communes(there.communes.iloc[::-1]),
    )
    one, other = assess(there).as_dict(), assess(turned).as_dict()
    assert one["people_covered"] == other["people_covered"]
    assert [c["people_covered"] for c in one["communes"]] == [
        c["people_covered"] for c in other["communes"]
    ]
    for key in ("mean_distance_m", "median_distance_m", "p90_distance_m", "gini_distance"):
        np.testing.assert_allclose(one[key], other[key], rtol=1e-9)


@FEW
@given(seed=SEED)
def test_people_counted_double_at_half_the_weight_are_the_same_people(seed):
    rng = np.random.default_rng(seed)
    at = rng.uniform([0, 0], [8, 2], (10, 2))
    whole = [(tuple(place), 20, district.CODES[int(place[0] // 2)]) for place in at]
    halves = [(place, 10, code) for place, _, code in whole for _ in range(2)]
    listed = [Point((2.5, 0.5))]
    one, other = (assess(district.situation(listed, places=each)).total for each in (whole, halves))
    assert one.people_covered == other.people_covered
    np.testing.assert_allclose(one.distance.mean_m, other.distance.mean_m)
    np.testing.assert_allclose(one.distance.gini, other.distance.gini, atol=1e-12)


@FEW
@given(seed=SEED)
def test_gini_is_the_mean_difference_between_any_two_people(seed):
    """An independent formula: Σᵢⱼ |dᵢ − dⱼ| / (2 n² mean), person by person."""
    there = somewhere(seed)
    crs = district.TO_ZONE
    people = there.demand["people"].to_numpy()
    xy = np.column_stack(crs.transform(there.demand["lon"], there.demand["lat"]))
    sites = np.column_stack(crs.transform(there.points["lon"], there.points["lat"]))
    far = np.hypot(*(xy[:, None] - sites[None]).transpose(2, 0, 1)).min(axis=1)
    mean = (far * people).sum() / people.sum()
    apart = (np.abs(far[:, None] - far[None]) * people[:, None] * people[None]).sum()
    gini = apart / (2 * people.sum() ** 2 * mean)
    np.testing.assert_allclose(assess(there).total.distance.gini, gini, rtol=1e-4)
    np.testing.assert_allclose(assess(there).total.distance.mean_m, mean, rtol=1e-4)
