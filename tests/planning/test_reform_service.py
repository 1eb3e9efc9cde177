"""Coverage before and after a change, on the toy district: who stood then, who stands now."""

import pytest

from planning.model.reform import NO_BEFORE
from planning.services import imports, reform
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from tests.toy import district

# In the middle of the second commune since 2020; of the fourth since after the change; one
# in the first that closed after it.
POINTS = (((3, 1), "Hoạt động", "2020-01-01", ""), ((7, 1), "Hoạt động", "2025-08-01", ""),
          ((1, 1), "Chấm dứt", "2020-01-01", "2025-09-01"))  # fmt: skip


@pytest.fixture
def report(store, tmp_path):
    lines = ["Tên điểm thu,Hình thức,Trạng thái,Vĩ độ,Kinh độ,Ngày bắt đầu,Ngày chấm dứt"]
    for place, status, opened, closed in POINTS:
        lon, lat = district.degrees([place])[0]
        lines.append(f"Điểm,Trực tiếp,{status},{lat:.9f},{lon:.9f},{opened},{closed}")
    listed, crosswalk = tmp_path / "points.csv", tmp_path / "crosswalk.csv"
    listed.write_text("\n".join(lines), encoding="utf-8")
    rows = [f"9700{at},Xã Cũ {at},9800{at}" for at in range(1, 5)]
    crosswalk.write_text("\n".join(["Mã xã cũ,Xã cũ,Mã xã mới", *rows]), encoding="utf-8")
    imports.import_points(store, listed, Origin(), district.PROVINCE, good_rows=True)
    imports.import_crosswalk(store, crosswalk, Origin())
    return reform.audit(store, AnalysisRequest(district.PROVINCE))


def test_each_side_counts_the_points_that_stood_and_whom_they_served(report):
    # Within 3 km of (3, 1) live the first three communes; (7, 1) serves the last two.
    before, after = report.before.coverage.total, report.after.coverage.total
    assert (before.points_direct, before.people_covered) == (2, 600)
    assert (after.points_direct, after.people_covered) == (2, 1000)


def test_former_communes_stand_in_for_boundaries_that_are_not_known(report):
    assert NO_BEFORE in report.missing
    assert (report.before.communes, report.before.communes_with_point) == (4, 2)
    assert (report.after.communes, report.after.communes_with_point) == (4, 2)
    # Four communes of 4 km² each: √(4 / π).
    assert report.after.commune_radius_km == pytest.approx(1.128, abs=0.001)
    assert report.change.kinds == {"re-coded": 4}
