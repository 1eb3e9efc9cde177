"""Communes side by side: what is closed, asked, refused and pointed at, with areas by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import shapes_in_metres
from geo.findings import Finding, FindingReport, Severity
from geo.repair.coverage import Units, mended_borders, slivers
from tests.toy import district

# The toy's zone, in which its kilometres are straight.
NAMES = [f"Xã Số {at}" for at in range(1, 40)]


def units(*shapes) -> Units:
    rows = list(range(1, len(shapes) + 1))
    return Units(np.array(shapes, object), NAMES[: len(shapes)], rows, district.ZONE)


def mended(*shapes, **answers: bool) -> tuple[np.ndarray, list[Finding], FindingReport]:
    report = FindingReport("a", {code.replace("_", "-"): yes for code, yes in answers.items()})
    found = mended_borders(units(*shapes), report)
    assert list(found.km2) == pytest.approx([km2([each]) for each in found.shapes], rel=1e-6)
    return found.shapes, list(report), report


def codes(found: list[Finding]) -> list[str]:
    return [each.code for each in found]


def km2(shapes) -> float:
    return float(
        shapely.area(shapes_in_metres(np.array(list(shapes), object), district.ZONE)).sum() / 1e6
    )


FIRST = district.square(0, 0, 2)


def test_communes_that_fit_are_returned_as_they_are():
    shapes = [FIRST, district.square(2, 0, 2), district.square(0, 2, 2), district.square(2, 2, 2)]
    found, told, _ = mended(*shapes)
    assert told == []
    assert all(one.equals_exact(other, 0) for one, other in zip(found, shapes, strict=True))


def test_an_overlap_of_a_metre_is_closed_and_the_change_told():
    """One metre by two kilometres: 0.002 km², a fifth of the tolerance."""
    found, told, _ = mended(FIRST, district.square(1.999, 0, 2.001, 2))
    assert codes(told) == ["borders-mended"]
    assert (told[0].severity, told[0].params["count"]) == (Severity.CHANGED, 2)
    assert told[0].params["m2"] == pytest.approx(2000, rel=0.01)
    assert km2([found[0].intersection(found[1])]) == pytest.approx(0, abs=1e-9)
    assert km2(found) == pytest.approx(8.0, rel=1e-4)


def test_a_gap_of_a_metre_is_closed():
    """A slit of one metre by one kilometre, closed at both ends."""
    left = shapely.union_all(
        [
            district.square(0, 0, 2, 0.5),
            district.square(0, 0.5, 1, 1),
            district.square(0, 1.5, 2, 0.5),
        ]
    )
    right = district.square(1.001, 0.5, 0.999, 1)
    found, told, _ = mended(left, right)
    assert codes(told) == ["borders-mended"]
    assert told[0].params["m2"] == pytest.approx(1000, rel=0.02)
    assert km2([shapely.union_all(found)]) == pytest.approx(4.0, rel=1e-4)
    assert sum(len(each.interiors) for each in shapely.get_parts(shapely.union_all(found))) == 0


def test_communes_far_from_a_mended_border_keep_every_digit():
    far = [district.square(10, 0, 2), district.square(12, 0, 2)]
    beside = district.square(4, 0, 2)
    found, told, _ = mended(FIRST, district.square(1.999, 0, 2.001, 2), beside, *far)
    assert "borders-mended" in codes(told)
    for at, shape in ((2, beside), (3, far[0]), (4, far[1])):
        assert set(map(tuple, shapely.get_coordinates(found[at]))) == set(
            map(tuple, shapely.get_coordinates(shape))
        )


def test_a_narrow_overlap_above_the_tolerance_is_asked_about():
    """Eight metres by two kilometres: 0.016 km², 0.4 % of the smaller commune."""
    shapes = (FIRST, district.square(1.992, 0, 2.008, 2))
    _, told, report = mended(*shapes)
    finding = told[0]
    assert (finding.code, finding.severity) == ("overlap-narrow", Severity.ASK)
    assert finding.params["km2"] == pytest.approx(0.016, rel=0.01)
    assert report.asked == ("overlap-narrow",)
    found, told, _ = mended(*shapes, overlap_narrow=True)
    assert [each.severity for each in told] == [Severity.CHANGED, Severity.CHANGED]
    assert km2(found) == pytest.approx(8.0, rel=1e-4)
    found, told, report = mended(*shapes, overlap_narrow=False)
    assert report.blocked
    assert km2(found) == pytest.approx(8.016, rel=1e-4)


@pytest.mark.parametrize(
    ("shape", "code", "shared"),
    [
        (district.square(1.8, 0, 2), "overlap", 0.4),
        (district.square(0.5, 0.5, 1), "overlap", 1.0),
        (district.square(-1, -1, 4), "overlap", 4.0),
        (FIRST, "geometry-twice", 4.0),
    ],
)
def test_a_large_overlap_is_refused_with_both_names_and_the_ground(shape, code, shared):
    found, told, report = mended(FIRST, shape)
    assert codes(told) == [code]
    assert report.blocked
    assert told[0].params["km2"] == pytest.approx(shared, rel=0.01)
    assert (told[0].params["first"], told[0].params["second"]) == (NAMES[0], NAMES[1])
    assert found[1].equals_exact(shape, 0)


def test_a_lake_stays_and_is_pointed_at():
    hollow = FIRST.difference(district.square(0.5, 0.5, 1))
    found, told, _ = mended(hollow, district.square(2, 0, 2))
    assert codes(told) == ["gap"]
    assert told[0].params == {"km2": pytest.approx(1.0, rel=1e-3), "names": NAMES[0]}
    assert found[0].equals(hollow)


def test_an_enclave_fills_its_hole():
    hollow = FIRST.difference(district.square(0.5, 0.5, 1))
    assert mended(hollow, district.square(0.5, 0.5, 1))[1] == []


def test_communes_with_open_ground_between_them_are_named():
    _, told, _ = mended(FIRST, district.square(2, 0, 2), district.square(4.5, 0, 1))
    assert codes(told) == ["apart"]
    assert told[0].params == {"count": 1, "names": NAMES[2]}


def test_a_part_far_from_the_rest_is_named_with_the_distance():
    """The near edges are 200 − 2 km apart."""
    lost = shapely.union(district.square(2, 0, 2), district.square(200, 0, 1))
    _, told, _ = mended(FIRST, lost)
    assert codes(told) == ["far-away"]
    assert told[0].params["name"] == NAMES[1]
    assert told[0].params["km"] == pytest.approx(196, abs=1)


def test_an_island_near_the_coast_is_no_stray_part():
    island = shapely.union(district.square(2, 0, 2), district.square(30, 0, 1))
    assert mended(FIRST, island)[1] == []


def test_a_thread_between_communes_is_told_from_a_small_commune():
    thread = district.square(2, 0, 0.004, 2)
    assert slivers(units(FIRST, thread, district.square(2.004, 0, 0.2))) == [1]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-0.8, 0.8), min_size=9, max_size=9),
    st.lists(st.floats(-0.8, 0.8), min_size=9, max_size=9),
)
def test_noise_of_a_metre_in_a_border_always_ends_in_one_border(left, right):
    """Two communes whose common border was drawn twice, each time up to 0.8 m off."""

    def border(noise):
        steps = np.linspace(0, 2, len(noise) + 2)[1:-1]
        return [(2 + each / 1000, float(y)) for each, y in zip(noise, steps, strict=True)]

    west = district.ring((0, 0), (2, 0), *border(left), (2, 2), (0, 2))
    east = district.ring((2, 0), (4, 0), (4, 2), (2, 2), *border(right)[::-1])
    found, told, report = mended(west, east)
    assert not report.blocked
    assert report.asked == ()
    assert all(each.is_valid for each in found)
    assert km2([found[0].intersection(found[1])]) < 1e-8
    assert abs(km2(found) - 8.0) < 0.005
    assert {each.code for each in told} <= {"borders-mended"}
