"""The sheet of one commune of the toy district, worked out by hand."""

import pandas as pd
import pytest

from geo import tables
from geo.reach import StraightLine
from planning.analysis.commune import MOST_OUTSIDE, former_parts, listed_points, neighbours
from planning.model.errors import NotFoundError
from planning.model.standards import ServiceStandard
from planning.services import communes
from planning.services.requests import AnalysisRequest
from tests.toy import district
from tests.toy.district import Point

THREE_KM = ServiceStandard.one_radius(3.0)


def test_the_sheet_of_a_commune_served_from_next_door(store):
    # The only open direct point stands in 98002, 2 km from the middle of 98003.
    drawn = communes.sheet(store, AnalysisRequest(district.PROVINCE), "98003")
    sheet = drawn.sheet
    assert (sheet.area.people, sheet.area.people_covered) == (300, 300)
    assert sheet.points == ()
    (outside,) = sheet.outside
    assert (outside.name, outside.commune) == ("Bưu cục Giữa", "Xã Số 2")
    assert outside.metres == pytest.approx(2000, abs=0.5)
    assert outside.people == 300
    assert sheet.served_outside == 300
    assert sheet.former is None
    assert sheet.radius_km == 3


def test_the_sheet_of_the_commune_with_the_point(store):
    sheet = communes.sheet(store, AnalysisRequest(district.PROVINCE), "98002").sheet
    assert [each.name for each in sheet.points] == ["Bưu cục Giữa"]
    assert (sheet.outside, sheet.served_outside) == ((), 0)


def test_the_gap_of_a_commune_is_on_its_sheet_and_on_no_other(store):
    ask = AnalysisRequest(district.PROVINCE, None, ServiceStandard.one_radius(1.0))
    for code in district.CODES:
        sheet = communes.sheet(store, ask, code).sheet
        assert {each.commune_code for each in sheet.gaps} <= {code}
    assert communes.sheet(store, ask, "98002").sheet.gaps == ()


def test_a_commune_that_is_not_there_is_refused(store):
    with pytest.raises(NotFoundError, match="98009"):
        communes.sheet(store, AnalysisRequest(district.PROVINCE), "98009")


def test_every_open_direct_point_next_door_is_named_with_those_it_is_nearest_for():
    # 98002's people live at (3, 1); two points east of them, one west, one of their own far off.
    at = district.situation(
        [Point((3.9, 1.9), name="Của mình"), Point((1, 1), name="Tây"), Point((5, 1), name="Đông"),
         Point((7, 1), name="Xa"), Point((4.5, 1), name="Đóng", status="closed")],
        places=[((2.2, 1), 60, "98002"), ((3.8, 1), 40, "98002"), ((5, 1), 7, "98003")],
    )  # fmt: skip
    found = neighbours(at, "98002", THREE_KM, StraightLine())
    # On average they live at x = 2.2 × 0.6 + 3.8 × 0.4 = 2.84.
    assert [(each.name, each.people) for each in found.points] == [
        ("Tây", 60), ("Đông", 0), ("Xa", 0)
    ]  # fmt: skip
    metres = [each.metres for each in found.points]
    assert metres == pytest.approx([1840, 2160, 4160], abs=0.5)
    assert found.people_served == 60


def test_no_more_than_a_few_points_are_named_the_nearest_first():
    many = [Point((5 + 0.1 * at, 1)) for at in range(9)]
    found = neighbours(district.situation(many), "98001", THREE_KM, StraightLine())
    assert len(found.points) == MOST_OUTSIDE
    metres = [each.metres for each in found.points]
    assert metres == sorted(metres)
    assert metres[0] == pytest.approx(4000, abs=0.5)


def test_a_commune_without_people_has_no_nearest_point():
    at = district.situation([Point((3, 1))], {"98002": 5})
    assert neighbours(at, "98001", THREE_KM, StraightLine()).points == ()


def test_points_are_listed_open_first_then_direct_first_then_by_name():
    listed = [
        Point((1, 1), name="Ấp Đông", status="closed"), Point((1, 1), kind="online", name="An"),
        Point((1, 1), name="Ấp Tây"), Point((1, 1), name="Áp"), Point((3, 1), name="Khác"),
    ]  # fmt: skip
    names = [each.name for each in listed_points(district.situation(listed), "98001")]
    assert names == ["Áp", "Ấp Tây", "An", "Ấp Đông"]


def test_former_communes_whole_ones_first():
    rows = [("97003", "Xã Ba", "98001", "partial"), ("97002", "Xã Bảy", "98001", "full"),
            ("97001", "Xã Âu", "98001", "full"), ("97004", "Xã Tư", "98002", "full")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["old_code", "old_name", "new_code", "relation"])
    crosswalk = tables.crosswalk(frame.assign(old_district=None))
    at = district.situation([Point((3, 1))], crosswalk=crosswalk)
    found = former_parts(at, "98001")
    assert found is not None
    assert [(each.code, each.whole) for each in found] == [
        ("97001", True), ("97002", True), ("97003", False)
    ]  # fmt: skip
    assert former_parts(district.situation([Point((3, 1))]), "98001") is None
