"""The key figures of the toy district by hand, and their change from one data to the next."""

import pytest

from planning.model.figures import KeyFigures
from planning.services import coverage, imports, overview, provinces, standards
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.store import schema
from tests.toy import district

PROVINCE = district.PROVINCE
ASK = AnalysisRequest(PROVINCE)
HEADINGS = "Tên điểm thu,Hình thức,Trạng thái,Vĩ độ,Kinh độ,Biển hiệu,Nhân viên thường trực\n"


def bring_points(store, tmp_path, rows, as_of):
    """Import a list of (place, kind, status, signboard, permanent staff)."""
    lines = []
    for at, (place, kind, status, sign, permanent) in enumerate(rows):
        lon, lat = district.degrees([place])[0]
        lines.append(f"Điểm {at},{kind},{status},{lat:.9f},{lon:.9f},{sign},{permanent}\n")
    file = tmp_path / f"points-{as_of}.csv"
    file.write_text(HEADINGS + "".join(lines), encoding="utf-8")
    return imports.import_points(store, file, Origin("Bản vẽ", as_of, synthetic=True), PROVINCE)


FOUR_POINTS = [
    ((3, 1), "Trực tiếp", "Hoạt động", "Có", "Có"),
    ((3.2, 1), "Trực tiếp", "Hoạt động", "Chưa", ""),
    ((7, 1), "Trực tiếp", "Hoạt động", "", "Không"),
    ((1, 1), "Trực tiếp", "Tạm dừng", "Có", "Có"),
    ((5, 1), "Trực tuyến", "Hoạt động", "Có", "Có"),
]


def test_key_figures_of_a_drawn_network(store, tmp_path):
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    found = overview.look(store, ASK).figures
    assert found == KeyFigures(
        points_direct=3, points_online=1,
        signed=1, sign_known=2,  # the third point's signboard is not told; others are not open
        permanent=1, permanent_known=2,
        communes=4, communes_with_point=2, former=None, former_with_point=None,
        mean_radius_km=pytest.approx((16 / (3.141592653589793 * 3)) ** 0.5, rel=1e-6),
        people_per_point=pytest.approx(1000 / 3),
        # 98001 and 98003 are 2 km from a point, 98002 and 98004 have one.
        people=1000, people_served=1000,
    )  # fmt: skip
    assert found.share_signed == 0.5
    assert found.share_communes == 0.5
    assert found.share_former is None
    assert found.people_beyond == 0


def test_shares_of_nothing_are_not_known():
    none = KeyFigures(0, 0, 0, 0, 0, 0, 0, 0, None, None, None, None, 0, 0)
    shares = (none.share_signed, none.share_permanent, none.share_communes, none.share_former,
              none.share_beyond, none.share_served)  # fmt: skip
    assert set(shares) == {None}


def test_the_first_data_have_nothing_before_them_and_the_second_the_first(store, tmp_path):
    first = overview.look(store, ASK)
    assert first.earlier is None
    assert first.figures.people_served == 600
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    second = overview.look(store, ASK)
    assert second.earlier is not None
    assert second.earlier.figures == first.figures
    assert second.earlier.data_date == "2025-03-31"
    assert second.figures.people_served == 1000


def test_looking_again_changes_nothing(store):
    for _ in range(3):
        assert overview.look(store, ASK).earlier is None
    with store.reading() as db:
        assert len(db.execute(schema.figures_kept.select()).all()) == 1


def test_figures_are_kept_by_whatever_measures_first(store, tmp_path):
    coverage.assess(store, ASK)
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    seen = overview.look(store, ASK)
    assert seen.earlier is not None
    assert seen.earlier.figures.points_direct == 1


def test_data_that_were_taken_back_are_not_the_data_before(store, tmp_path):
    overview.look(store, ASK)
    wrong = bring_points(store, tmp_path, FOUR_POINTS[:1], "2025-06-30")
    overview.look(store, ASK)
    imports.undo(store, PROVINCE, wrong.batch)
    assert overview.look(store, ASK).earlier is None
    bring_points(store, tmp_path, FOUR_POINTS, "2025-07-31")
    seen = overview.look(store, ASK)
    assert seen.earlier is not None
    assert seen.earlier.data_date == "2025-03-31"


def test_a_list_brought_again_comes_after_the_one_between(store, tmp_path, toy_files):
    overview.look(store, ASK)
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    overview.look(store, ASK)
    origin = Origin(source="Bản vẽ", as_of="2025-03-31", synthetic=True)
    imports.import_points(store, toy_files / "points.csv", origin, PROVINCE)
    again = overview.look(store, ASK)
    assert again.earlier is not None
    assert again.earlier.figures.points_direct == 3
    bring_points(store, tmp_path, FOUR_POINTS[:2], "2025-08-31")
    after = overview.look(store, ASK)
    assert after.earlier is not None
    assert after.earlier.figures.points_direct == 1


def test_figures_by_another_standard_are_not_compared(store, tmp_path):
    overview.look(store, ASK)
    standards.change(store, PROVINCE, {"delta": 1.0})
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    assert overview.look(store, ASK).earlier is None


def test_a_standard_asked_for_once_is_neither_kept_nor_compared(store, tmp_path):
    by_hand = AnalysisRequest(PROVINCE, None, standards.current(store, PROVINCE))
    overview.look(store, by_hand)
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    seen = overview.look(store, by_hand)
    assert (seen.earlier, seen.own_standard) == (None, False)
    assert overview.look(store, ASK).earlier is None


def test_the_table_of_provinces_shows_only_what_was_measured_of_the_present_data(store, tmp_path):
    (row,) = provinces.country(store, provinces.codes(store)).rows
    assert row.figures is None
    overview.look(store, ASK)
    country = provinces.country(store, provinces.codes(store))
    assert country.rows[0].figures is not None
    assert country.totals.people == 1000
    assert country.totals.people_served == 600
    assert country.totals.share_served == 0.6
    assert (country.totals.communes, country.totals.points_direct) == (4, 1)
    bring_points(store, tmp_path, FOUR_POINTS, "2025-06-30")
    country = provinces.country(store, provinces.codes(store))
    assert country.rows[0].figures is None
    assert (country.totals.measured, country.totals.people) == (0, 0)
    assert country.totals.share_served is None


def test_an_invented_province_is_in_no_total_beside_a_real_one(store):
    overview.look(store, ASK)
    with store.writing() as db:
        db.execute(schema.province.update().values(synthetic=False))
        db.execute(schema.province.insert().values(code="77", name="Tỉnh Bịa", synthetic=True))
    country = provinces.country(store, provinces.codes(store))
    assert [each.summary.code for each in country.rows] == ["77", PROVINCE]
    assert country.totals.provinces == 1
    assert country.totals.people == 1000
    assert provinces.one(store, "77") is not None
    assert provinces.one(store, "76") is None
    assert provinces.count(store) == 2


def test_the_figures_go_with_their_province(store):
    overview.look(store, ASK)
    with store.writing() as db:
        db.execute(schema.province.delete())
        assert db.execute(schema.figures_kept.select()).all() == []
