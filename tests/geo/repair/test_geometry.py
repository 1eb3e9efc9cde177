"""One shape at a time: what is refused, asked and mended."""

from math import cos, pi, sin

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.findings import FindingReport, Severity
from geo.repair.geometry import Drawn, TooComplexError, polygonal

SQUARE = [(105.0, 10.0), (105.01, 10.0), (105.01, 10.01), (105.0, 10.01)]


def told(area, kind="Polygon", **answers) -> tuple[object, list[tuple[str, Severity]]]:
    report = FindingReport("a", answers)
    found = polygonal(Drawn(area, kind, 7), report)
    assert all(each.row == 7 for each in report)
    return found, [(each.code, each.severity) for each in report]


def test_a_valid_shape_is_returned_untouched():
    area = shapely.Polygon(SQUARE)
    assert told(area) == (area, [])


@pytest.mark.parametrize(
    ("area", "kind", "code"),
    [
        (None, None, "geometry-missing"),
        (None, "Point", "geometry-type"),
        (None, "GeometryCollection", "geometry-type"),
        (shapely.Polygon([SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[0]]), "Polygon", "geometry-zero-area"),
        (shapely.Polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), "Polygon", "geometry-invalid"),
    ],
)  # fmt: skip
def test_what_is_no_commune_is_refused(area, kind, code):
    assert told(area, kind) == (None, [(code, Severity.BLOCKS)])


def test_a_shape_that_cannot_be_mended_in_time_is_too_complex():
    def gives_up(_):
        raise TooComplexError

    report = FindingReport("a")
    bow = shapely.Polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])
    assert polygonal(Drawn(bow, "Polygon", 1), report, gives_up) is None
    assert [each.code for each in report] == ["geometry-too-complex"]


def test_a_very_dense_border_is_pointed_at_and_kept():
    """20,001 corners round a circle of 350 m: a tenth of a metre apart."""
    turns = np.linspace(0, 2 * pi, 20_001)
    area = shapely.Polygon([(105 + 0.003 * cos(at), 10 + 0.003 * sin(at)) for at in turns])
    found, codes = told(area)
    assert found is area
    assert codes == [("geometry-dense", Severity.LOOK)]


def test_more_corners_than_a_commune_can_have_are_refused():
    turns = np.linspace(0, 2 * pi, 500_100)
    area = shapely.Polygon(np.column_stack([105 + np.cos(turns), 10 + np.sin(turns)]))
    assert told(area) == (None, [("geometry-too-complex", Severity.BLOCKS)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_whatever_is_kept_is_valid_and_its_area_hardly_changed(corners):
    area = shapely.Polygon([(105 + x / 1000, 10 + y / 1000) for x, y in corners])
    found, codes = told(area)
    if found is None:
        assert any(severity is Severity.BLOCKS for _, severity in codes)
        return
    assert found.is_valid
    assert found.geom_type in ("Polygon", "MultiPolygon")
    assert found.area == pytest.approx(area.area, rel=0.0102)
    assert (codes == []) == area.is_valid
