"""Every file we hand out opens again and says what the table says."""

import csv
import json
import sqlite3

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from planning.exports.sheets import radii_in_words
from planning.model.errors import NotReadyError, RequestError
from planning.model.siting import SuggestionAsk
from planning.model.standards import CLASS_RADII_KM, ServiceStandard, TerrainClass
from planning.services import coverage, exports, imports, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.store.situation import load_situation
from tests.toy import district, files

OURS = AnalysisRequest(district.PROVINCE)
FORMULA = ["=1+1", "+84 912", "-x", "@SUM(A1)", '=HYPERLINK("http://x")']  # fmt: skip
TABLES = ("communes", "points", "demand", "proposals")


@pytest.fixture
def planned(store):
    siting.suggest(store, OURS, SuggestionAsk(2))
    return store


@pytest.fixture
def risky(store, tmp_path):
    """Return the store with points whose names would be formulas."""
    listed = [((1 + 0.1 * n, 1), "X", "Trực tiếp", "Hoạt động") for n in range(len(FORMULA))]
    text = files.points_csv(*listed)
    with (tmp_path / "risky.csv").open("w", encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(text.splitlines())
        csv.writer(file).writerows(
            [head, *([name, *row[1:]] for name, row in zip(FORMULA, rows, strict=True))]
        )
    imports.import_points(store, tmp_path / "risky.csv", Origin(), None)
    return store


def handed(store, folder, what: str, form: str):
    path = folder / f"{what}.{form}"
    exports.export(store, OURS, what, form, path)
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []
    return path


def csv_rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def expected_rows(store, what: str) -> int:
    there = load_situation(store, district.PROVINCE, None)
    plan = siting.latest(store, OURS)
    return {"communes": 4, "points": 3, "demand": len(there.demand),
            "proposals": len(plan[0].sites) if plan else 0}[what]  # fmt: skip


# --- every format opens again -------------------------------------------------------------


@pytest.mark.parametrize("what", TABLES)
def test_csv_has_a_byte_order_mark_and_every_row(planned, tmp_path, what):
    path = handed(planned, tmp_path, what, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(csv_rows(path)) == expected_rows(planned, what)


@pytest.mark.parametrize("what", TABLES)
def test_xlsx_opens_with_vietnamese_headings_and_every_row(planned, tmp_path, what):
    book = openpyxl.load_workbook(handed(planned, tmp_path, what, "xlsx"))
    page = book["Danh sách"]
    assert page.max_row == expected_rows(planned, what) + 1
    assert any(not str(cell.value).isascii() for cell in page[1])
    book.close()


@pytest.mark.parametrize("what", TABLES)
def test_geojson_opens_with_every_row_in_degrees(planned, tmp_path, what):
    whole = json.loads(handed(planned, tmp_path, what, "geojson").read_text(encoding="utf-8"))
    assert whole["type"] == "FeatureCollection"
    assert "crs" not in whole
    assert len(whole["features"]) == expected_rows(planned, what)
    corners = np.concatenate(
        [shapely.get_coordinates(shapely.from_geojson(json.dumps(each["geometry"])))
         for each in whole["features"]]
    )  # fmt: skip
    assert ((corners > [105, 10]) & (corners < [106, 11])).all()
    np.testing.assert_allclose(corners, corners.round(6), atol=1e-12)


@pytest.mark.parametrize("what", TABLES)
def test_geopackage_opens_with_every_row_and_its_system(planned, tmp_path, what):
    path = handed(planned, tmp_path, what, "gpkg")
    frame = pyogrio.read_dataframe(path, layer=what)
    assert len(frame) == expected_rows(planned, what)
    assert frame.crs.to_epsg() == 4326
    assert {name for name, _ in pyogrio.list_layers(path)} == {what, "about"}


def test_rings_go_round_as_rfc_7946_wants_them(store, tmp_path):
    """Outer rings counter-clockwise, holes clockwise, whichever way they came."""
    square = district.square(0, 0, 2).difference(district.square(0.5, 0.5, 1))
    turned = files.collection(
        [files.feature("98001", shapely.orient_polygons(square, exterior_cw=True)),
         files.feature("98002", shapely.orient_polygons(district.square(2, 0, 2)))]
    )  # fmt: skip
    (tmp_path / "turned.geojson").write_text(turned, encoding="utf-8")
    vintage = imports.Vintage(district.PROVINCE, district.SINCE)
    imports.import_boundaries(store, tmp_path / "turned.geojson", vintage, Origin())
    whole = json.loads(handed(store, tmp_path, "communes", "geojson").read_text(encoding="utf-8"))
    for each in whole["features"]:
        shape = shapely.from_geojson(json.dumps(each["geometry"]))
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


# --- equal to the table ----------------------------------------------------------------------


def test_the_commune_table_says_what_was_measured(store, tmp_path):
    measured = {each.code: each for each in coverage.assess(store, OURS).communes}
    rows = csv_rows(handed(store, tmp_path, "communes", "csv"))
    assert [row["code"] for row in rows] == list(district.CODES)
    for row in rows:
        each = measured[row["code"]]
        assert int(row["people"]) == each.people
        assert int(row["people_covered"]) == each.people_covered
        assert float(row["mean_distance_m"]) == pytest.approx(each.distance.mean_m, abs=0.05)


def test_unknown_people_are_an_empty_cell_in_every_format(store, tmp_path):
    text = files.POPULATION.replace("98004,400", "98004,nhiều")
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    imports.import_population(store, tmp_path / "p.csv", imports.Unusable.LEAVE_OUT, Origin())
    out = tmp_path / "out"
    out.mkdir()
    row = csv_rows(handed(store, out, "communes", "csv"))[3]
    assert (row["code"], row["people"], row["share_covered"]) == ("98004", "", "")
    whole = csv_rows(out / "communes.csv")[0]
    assert (whole["people"], whole["people_covered"]) == ("100", "100")
    whole = json.loads(handed(store, out, "communes", "geojson").read_text(encoding="utf-8"))
    assert whole["features"][3]["properties"]["people"] is None
    frame = pyogrio.read_dataframe(handed(store, out, "communes", "gpkg"), layer="communes")
    assert pd.isna(frame["people"].iloc[3])
    book = openpyxl.load_workbook(handed(store, out, "communes", "xlsx"))
    head = [cell.value for cell in book["Danh sách"][1]]
    assert book["Danh sách"].cell(5, head.index("Dân số (người)") + 1).value is None
    book.close()


def test_demand_adds_up_to_the_communes(store, tmp_path):
    rows = csv_rows(handed(store, tmp_path, "demand", "csv"))
    assert set(rows[0]) >= {"lon", "lat", "people", "commune_code"}
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["commune_code"]] = sums.get(row["commune_code"], 0) + int(row["people"])
    assert sums == dict(zip(district.CODES, district.PEOPLE, strict=True))


def test_point_features_carry_their_kind(store, tmp_path):
    whole = json.loads(handed(store, tmp_path, "points", "geojson").read_text(encoding="utf-8"))
    assert sorted(each["properties"]["kind"] for each in whole["features"]) == [
        "direct", "direct", "online"
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_points_handed_out_and_taken_back_are_the_same_table(risky, tmp_path, form):
    before = load_situation(risky, district.PROVINCE, None).points
    path = handed(risky, tmp_path, "points", form)
    imports.import_points(risky, path, Origin(), None)
    after = load_situation(risky, district.PROVINCE, None).points
    # A point without an official code has a number that says nothing; the list had no commune.
    own = ["point_id", "written_code"]
    pd.testing.assert_frame_equal(
        before.drop(columns=own).sort_values("lon", ignore_index=True),
        after.drop(columns=own).sort_values("lon", ignore_index=True),
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_field_of_a_point_survives_the_way_out_and_in(store, tmp_path, form):
    heads = ["Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu", "Hình thức", "Loại địa điểm", "Số nhà, đường, thôn/ấp/khóm", "Mã xã", "Mã xã cũ", "BHXH cơ sở quản lý", "Vĩ độ", "Kinh độ", "Biển hiệu", "Ngày cấp biển hiệu", "Số nhân viên thu", "Nhân viên thường trực", "Thời gian làm việc", "Số hợp đồng", "Ngày hợp đồng", "Trạng thái", "Ngày bắt đầu", "Ngày chấm dứt", "Ghi chú"]  # fmt: skip
    lon, lat = district.degrees([(3, 1)])[0]
    values = ['Bưu điện; tỉnh, "Mẫu"', "007", "X" * 24, "Bưu cục Đông", "Lưu động", "bưu cục",
              "Số 1, ấp 2", "98002", "00412", "Cơ sở 1", f"{lat}", f"{lon}", "Chưa", "31/01/2025",
              "12", "Có", "7:00-11:00", "01/HĐ", "02/03/2024", "Tạm dừng", "01/01/2020",
              "30/06/2025", "dòng một"]  # fmt: skip
    with (tmp_path / "all.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, values])
    imports.import_points(store, tmp_path / "all.csv", Origin(), None)
    before = load_situation(store, district.PROVINCE, None).points
    assert before[["sign", "staff_count", "status", "sign_date", "former_code"]].iloc[0].tolist() == [
        False, 12, "suspended", "2025-01-31", "00412"
    ]  # fmt: skip
    imports.import_points(store, handed(store, tmp_path, "points", form), Origin(), None)
    pd.testing.assert_frame_equal(before, load_situation(store, district.PROVINCE, None).points)


# --- safe ------------------------------------------------------------------------------------


def test_text_that_looks_like_a_formula_stays_text_in_a_spreadsheet(risky, tmp_path):
    book = openpyxl.load_workbook(handed(risky, tmp_path, "points", "xlsx"))
    page = book["Danh sách"]
    head = [cell.value for cell in page[1]]
    cells = [row[head.index("Tên điểm thu")] for row in page.iter_rows(min_row=2)]
    assert sorted(cell.value for cell in cells) == sorted(FORMULA)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    book.close()


def test_text_that_looks_like_a_formula_has_an_apostrophe_in_csv_and_numbers_have_none(
    risky, tmp_path
):
    rows = csv_rows(handed(risky, tmp_path, "points", "csv"))
    assert sorted(row["name"] for row in rows) == sorted(f"'{name}" for name in FORMULA)
    assert all(float(row["lon"]) for row in rows)


# --- labelled, refused -------------------------------------------------------------------------

LABEL = "Dữ liệu minh họa"


@pytest.mark.parametrize("what", TABLES)
def test_demonstration_data_say_so_in_every_format(planned, tmp_path, what):
    assert {row["label"] for row in csv_rows(handed(planned, tmp_path, what, "csv"))} == {LABEL}
    whole = json.loads(handed(planned, tmp_path, what, "geojson").read_text(encoding="utf-8"))
    assert whole["about"]["label"] == LABEL
    book = openpyxl.load_workbook(handed(planned, tmp_path, what, "xlsx"))
    assert LABEL in [row[1].value for row in book["Thông tin"].iter_rows()]
    book.close()
    path = handed(planned, tmp_path, what, "gpkg")
    with sqlite3.connect(path) as db:
        assert (LABEL,) in db.execute("SELECT value FROM about WHERE key = 'label'").fetchall()
    db.close()


def test_real_data_bear_no_label(store, toy_files, tmp_path):
    vintage = imports.Vintage(district.PROVINCE, district.SINCE)
    imports.import_boundaries(store, toy_files / "communes.geojson", vintage, Origin())
    imports.import_population(
        store, toy_files / "population.csv", imports.Unusable.LEAVE_OUT, Origin()
    )
    imports.import_points(store, toy_files / "points.csv", Origin(), None)
    text = handed(store, tmp_path, "points", "csv").read_text(encoding="utf-8-sig")
    assert LABEL not in text


def test_proposals_before_any_plan_are_refused_with_the_command_that_makes_one(store, tmp_path):
    with pytest.raises(NotReadyError, match="diemthu suggest"):
        handed(store, tmp_path, "proposals", "csv")
    assert not (tmp_path / "proposals.csv").exists()


@pytest.mark.parametrize(("what", "form"), [("staff", "csv"), ("points", "pdf")])
def test_what_is_not_handed_out_is_refused_with_what_is(store, tmp_path, what, form):
    with pytest.raises(RequestError, match="use one of"):
        exports.export(store, OURS, what, form, tmp_path / "out")


def test_a_file_that_was_there_is_left_alone_when_the_new_one_fails(store, tmp_path):
    path = tmp_path / "proposals.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(NotReadyError):
        exports.export(store, OURS, "proposals", "csv", path)
    assert path.read_text(encoding="utf-8") == "old"


def test_measured_numbers_have_the_places_that_mean_something(planned, tmp_path):
    def places(text: str) -> int:
        return len(text.partition(".")[2])

    for what in TABLES:
        for row in csv_rows(handed(planned, tmp_path, what, "csv")):
            for key, value in row.items():
                if key.endswith("_m"):
                    assert places(value) <= 1, (what, key, value)
                elif key in ("lat", "lon"):
                    assert places(value) <= 7, (what, key, value)
                elif key.endswith(("_km", "_km2")):
                    assert places(value) <= 3, (what, key, value)


def test_the_notes_for_people_are_in_vietnamese_words(planned, tmp_path):
    book = openpyxl.load_workbook(handed(planned, tmp_path, "proposals", "xlsx"))
    notes = {row[0].value: row[1].value for row in book["Thông tin"].iter_rows()}
    book.close()
    assert notes["Phương pháp"] == "Nhiều người nhất"
    assert notes["Bán kính phục vụ (đường chim bay)"] == "3 km"
    by_class = ServiceStandard({**CLASS_RADII_KM, TerrainClass.URBAN: 2.5})
    assert radii_in_words(by_class).startswith("đô thị 2,5 km; đồng bằng 3 km; trung du 4 km")
    assert radii_in_words(ServiceStandard.one_radius(3)) == "3 km"
