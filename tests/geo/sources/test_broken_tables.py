"""Broken lists of points, populations, grids and crosswalks: what is said, and where."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest
import rasterio

from geo.errors import FileError
from geo.findings import Finding, Severity
from geo.sources.crosswalk import read_crosswalk
from geo.sources.fields import code_text, iso_date, number, whole_number, yes_or_no
from geo.sources.places import read_hosts, read_seats
from geo.sources.points import PointFile, read_points
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid
from tests.toy import district

HEAD = "Tên điểm thu,Hình thức,Vĩ độ,Kinh độ,Mã xã"
LON, LAT = district.degrees([(1, 1)])[0]
GOOD = f"Bưu cục A,Trực tiếp,{LAT:.6f},{LON:.6f},98001"
BOUNDS = (105.0, 10.0, 106.0, 11.0)


def saved(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def sheet(folder: Path, rows: list[list], name: str = "list.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    book.close()
    return folder / name


def points(path: Path) -> PointFile:
    return read_points(path, district.communes())


def rows(folder: Path, *lines: str, head: str = HEAD) -> PointFile:
    return points(saved(folder, "\n".join([head, *lines]) + "\n"))


def only(found, code: str) -> Finding:
    (finding,) = [each for each in found if each.code == code]
    return finding


# --- points: rows that cannot be used ----------------------------------------------------

VN = "Bưu cục B,Trực tiếp"
BAD_ROWS = {
    "axes exchanged": (f"{VN},{LON},{LAT},", "out-of-country", "are exchanged"),
    "metres": (f"{VN},1130000,500000,", "out-of-country", "metres, not degrees"),
    "null island": (f"{VN},0,0,", "out-of-country", "outside Viet Nam"),
    "decimal point moved": (f"{VN},102.0,{LON},", "out-of-country", "outside Viet Nam"),
    "southern sign": (f"{VN},-{LAT},{LON},", "out-of-country", "outside Viet Nam"),
    "letter O": (f"{VN},10.O2,{LON},", "not-a-number", "decimal degrees"),
    "degrees and minutes": (f"{VN},10°22'51\"N,{LON},", "not-a-number", "decimal degrees"),
    "not a number": (f"{VN},nan,{LON},", "not-a-number", "decimal degrees"),
    "infinite": (f"{VN},inf,{LON},", "not-a-number", "decimal degrees"),
    "latitude missing": (f"{VN},,{LON},", "coordinate-missing", "survey the point"),
    "longitude missing": (f"{VN},{LAT},,", "coordinate-missing", "survey the point"),
    "no name": (f",Trực tiếp,{LAT},{LON},", "name-missing", "no name"),
    "kind unknown": (f"Bưu cục B,Qua đò,{LAT},{LON},", "word-unknown", "Trực tuyến"),
}  # fmt: skip


@pytest.mark.parametrize("defect", BAD_ROWS)
def test_a_row_that_cannot_be_used_is_left_out_and_named_with_its_mend(tmp_path, defect):
    line, code, mend = BAD_ROWS[defect]
    file = rows(tmp_path, GOOD, line)
    finding = only(file.report, code)
    assert (finding.row, finding.severity) == (3, Severity.LEFT_OUT)
    assert "row 3, column “" in finding.sentence(str)
    assert mend in finding.sentence(str)
    assert (len(file.table), file.rows) == (1, 2)


def test_every_bad_row_is_named_at_once(tmp_path):
    file = rows(tmp_path, *[line for line, _, _ in BAD_ROWS.values()])
    assert {each.row for each in file.report.of(Severity.LEFT_OUT)} == set(
        range(2, len(BAD_ROWS) + 2)
    )
    assert len(file.table) == 0


def test_the_value_is_shown_as_it_is_written(tmp_path):
    finding = only(rows(tmp_path, f"{VN},21.01O,{LON},").report, "not-a-number")
    assert (finding.column, finding.value) == ("Vĩ độ", "21.01O")


# --- points: rows that are kept and said --------------------------------------------------


def test_a_decimal_comma_under_semicolons_is_read(tmp_path):
    line = f"Bưu cục A;Trực tiếp;{LAT:.6f};{LON:.6f};98001".replace(".", ",")
    file = rows(tmp_path, line, head=HEAD.replace(",", ";"))
    assert len(file.report) == 0
    assert file.table["lat"].iloc[0] == pytest.approx(LAT, abs=1e-6)
    assert file.table["lon"].iloc[0] == pytest.approx(LON, abs=1e-6)


def test_full_width_digits_and_zero_width_spaces_are_the_numbers_they_show(tmp_path):
    file = rows(tmp_path, f"A,Trực tiếp,\u200b{LAT:.6f},{LON:.6f},98001")
    assert file.table["lat"].iloc[0] == pytest.approx(LAT, abs=1e-6)


def test_the_commune_is_where_the_point_lies_and_a_contradiction_is_pointed_at(tmp_path):
    file = rows(tmp_path, GOOD.replace("98001", "98004"))
    finding = only(file.report, "commune-contradicts")
    assert file.table["commune_code"].iloc[0] == "98001"
    assert (finding.row, finding.value) == (2, "98004")
    assert "lie in Xã Số 1, not in the commune written, Xã Số 4" in finding.sentence(str)


def test_a_point_outside_every_commune_is_kept_and_pointed_at(tmp_path):
    lon, lat = district.degrees([(30, 1)])[0]
    file = rows(tmp_path, f"A,Trực tiếp,{lat},{lon},")
    assert file.table["commune_code"].isna().all()
    assert only(file.report, "outside").severity == Severity.LOOK


def test_two_points_of_a_kind_at_one_place_are_pointed_at(tmp_path):
    file = rows(tmp_path, GOOD, GOOD, GOOD.replace("Trực tiếp", "Trực tuyến"))
    assert only(file.report, "same-place").row == 3
    assert len(file.table) == 3


def test_a_code_given_twice_is_pointed_at_and_both_points_are_kept(tmp_path):
    head = HEAD + ",Mã điểm thu"
    file = rows(tmp_path, GOOD + ",M1", GOOD + ",M1", head=head)
    assert only(file.report, "code-twice").row == 3
    assert file.table["point_id"].is_unique


def test_a_column_nobody_knows_is_named(tmp_path):
    file = rows(tmp_path, GOOD + ",7", head=HEAD + ",Màu sắc")
    finding = only(file.report, "column-unknown")
    assert finding.column == "Màu sắc"


def test_dates_flags_and_counts_that_cannot_be_read_are_pointed_at_and_missing(tmp_path):
    head = HEAD + ",Biển hiệu,Ngày cấp biển hiệu,Số nhân viên thu"
    file = rows(tmp_path, GOOD + ",có lẽ,31/02/2025,vài người", head=head)
    assert {each.code for each in file.report} == {
        "sign-unreadable", "sign-date-unreadable", "staff-count-unreadable"
    }  # fmt: skip
    assert file.table[["sign", "sign_date", "staff_count"]].isna().all(axis=None)


def test_names_like_na_and_formulas_are_text(tmp_path):
    file = rows(tmp_path, GOOD.replace("Bưu cục A", "NA"), GOOD.replace("Bưu cục A", "=1+1"))
    assert list(file.table["name"]) == ["NA", "=1+1"]


# --- tables that cannot be read at all ----------------------------------------------------

WHOLE = {
    "empty": (b"", "is empty"),
    "UTF-16": ((HEAD + "\n" + GOOD).encode("utf-16"), "CSV UTF-8"),
    "ragged": (HEAD + "\n" + GOOD + "\n" + GOOD + ",1,2\n", "row 3: has 7 cells under 5 headings"),
    "headings unknown": ("a,b,c\n1,2,3\n", "no row of headings"),
    "no coordinates": ("Tên điểm thu,Mã xã\nA,98001\n", "lacks the column “Vĩ độ”, “Kinh độ”"),
    "two columns of a name": (HEAD + ",Vĩ độ\n" + GOOD + ",1\n", "two columns “Vĩ độ”"),
    "only blank lines": ("\n\n\n", "no row of headings"),
    "decimal comma under commas": (HEAD + "\nA,Trực tiếp,10,38,105,45,98001\n", "row 2"),
}


@pytest.mark.parametrize("defect", WHOLE)
def test_a_table_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, defect):
    text, sentence = WHOLE[defect]
    with pytest.raises(FileError) as refused:
        points(saved(tmp_path, text))
    assert "list.csv" in str(refused.value)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_workbook_that_is_none_is_refused(tmp_path):
    for content in (b"<html><table></table></html>", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"):
        with pytest.raises(FileError, match="cannot be read as a spreadsheet"):
            points(saved(tmp_path, content, "list.xlsx"))
    with pytest.raises(FileError, match="not a kind of table"):
        points(saved(tmp_path, b"%PDF", "list.pdf"))


def test_a_workbook_with_a_title_has_its_headings_found_and_rows_numbered_as_seen(tmp_path):
    path = sheet(tmp_path, [
        ["DANH SÁCH ĐIỂM THU"], [None, "Quý I năm 2025"], HEAD.split(","),
        ["Bưu cục A", "Trực tiếp", LAT, LON, "98001"], ["Bưu cục B", "Trực tiếp", "x", LON, 98001],
        [None] * 5, ["Tổng cộng", None, None, None, None],
    ])  # fmt: skip
    file = points(path)
    assert list(file.table["name"]) == ["Bưu cục A"]
    assert only(file.report, "not-a-number").row == 5
    assert {each.row for each in file.report if each.code == "coordinate-missing"} == {7}


def test_codes_and_dates_that_excel_made_numbers_are_read_back(tmp_path):
    path = sheet(tmp_path, [["Mã xã", "Dân số"], [98001, 100.0], ["98002", "1.200"]])
    table = read_population(path, Unusable.LEAVE_OUT).table
    assert dict(zip(table["code"], table["people"], strict=True)) == {"98001": 100, "98002": 1200}


# --- population -----------------------------------------------------------------------------

COUNTS = {"12345": 12345, "12.345": 12345, "12 345": 12345, "12,345": 12345, "1.234.567": 1234567,
          "100.0": 100, "0": 0}  # fmt: skip
NO_COUNTS = ["-5", "60.45", "1000 người", "x", "...", "#REF!", "1.5", "12.3456", "1e3"]


def people(folder: Path, *lines: str, unusable: Unusable = Unusable.LEAVE_OUT, head="code,people"):
    path = saved(folder, "\n".join([head, *lines]) + "\n")
    return read_population(path, unusable)


@pytest.mark.parametrize("written", COUNTS)
def test_counts_are_read_with_any_separator_of_thousands(tmp_path, written):
    file = people(tmp_path, f'98001,"{written}"')
    assert file.table["people"].iloc[0] == COUNTS[written]


@pytest.mark.parametrize("written", ["12.345", "12 345"])
def test_a_separator_of_thousands_is_told(tmp_path, written):
    finding = only(people(tmp_path, f"98001,{written}").report, "thousands")
    assert (finding.row, finding.value) == (2, written)
    assert "12345 people" in finding.sentence(str)


@pytest.mark.parametrize("written", NO_COUNTS)
def test_what_is_no_count_is_unknown_and_told_and_never_zero(tmp_path, written):
    file = people(tmp_path, "98002,7", f"98001,{written}")
    finding = only(file.report, "not-a-count")
    assert (finding.row, finding.column, finding.value) == (3, "people", written)
    assert file.table.set_index("code")["people"].isna().to_dict() == {
        "98001": True,
        "98002": False,
    }


def test_an_empty_cell_is_unknown_and_never_zero(tmp_path):
    file = people(tmp_path, "98001,", "98002,5")
    assert np.isnan(file.table["people"].iloc[0])


def test_a_commune_on_two_rows_blocks_the_file(tmp_path):
    file = people(tmp_path, "98001,5", "98001,6")
    finding = only(file.report, "code-twice")
    assert file.report.blocked
    assert (finding.column, finding.value) == ("code", "98001")


def test_a_row_of_totals_is_left_out_and_told(tmp_path):
    file = people(tmp_path, "98001,5", "Tổng cộng,5")
    assert only(file.report, "code-format").row == 3
    assert file.table["people"].sum() == 5


def test_lost_zeros_of_codes_are_put_back(tmp_path):
    file = people(tmp_path, "4,5", "8.0,6")
    assert list(file.table["code"]) == ["00004", "00008"]


DOUBTFUL = ("98001,317,too_small,31700,lost zeros,30000", "98002,99,same_name,,unusable,4321",
            "98003,500,,500,,480")  # fmt: skip
DOUBT_HEAD = (
    "code,population_raw,population_flag,population_suggested,suggestion_reason,census2019_whole"
)


@pytest.mark.parametrize(
    ("choice", "second"),
    [(Unusable.LEAVE_OUT, None), (Unusable.SUGGESTION, None), (Unusable.CENSUS, 4321)],
)
def test_the_planner_decides_what_an_unusable_value_becomes(tmp_path, choice, second):
    file = people(tmp_path, *DOUBTFUL, unusable=choice, head=DOUBT_HEAD)
    found = file.table.set_index("code")["people"]
    assert found["98001"] == 31_700
    assert found["98003"] == 500
    assert (None if np.isnan(found["98002"]) else found["98002"]) == second
    assert only(file.report, "suggestion-taken").row == 2
    code = "unusable" if second is None else "census-taken"
    assert only(file.report, code).row == 3


# --- grids ----------------------------------------------------------------------------------

BAD_CELLS = {
    "word": ("105.5,10.5,many", "row 3, column “people”: “many” is no number"),
    "not a number": ("105.5,10.5,nan", "is no number"),
    "infinite": ("105.5,10.5,inf", "is no number"),
    "missing": ("105.5,,5", "row 3, column “lat”"),
    "negative": ("105.5,10.5,-3", "row 3: a cell cannot hold -3"),
    "twice": ("105.4,10.4,5", "row 3"),
}


@pytest.mark.parametrize("defect", BAD_CELLS)
def test_a_bad_cell_of_a_grid_is_named(tmp_path, defect):
    line, sentence = BAD_CELLS[defect]
    path = saved(tmp_path, f"lon,lat,people\n105.4,10.4,1\n{line}\n", "grid.csv")
    with pytest.raises(FileError) as refused:
        read_grid(path, BOUNDS)
    assert sentence in str(refused.value)


def test_cells_outside_the_bounds_and_without_people_are_dropped(tmp_path):
    text = "lon,lat,pop\n105.5,10.5,2\n105.51,10.5,0\n120,30,7\n"
    found = read_grid(saved(tmp_path, text, "grid.csv"), BOUNDS)
    assert found[["lon", "lat", "people"]].to_numpy().tolist() == [[105.5, 10.5, 2]]


# rasterio 1.4 itself multiplies as affine 3 will no longer like.
BY_RASTERIO = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def raster(folder: Path, cells: np.ndarray, **profile) -> Path:
    path = folder / "grid.tif"
    given = {
        "driver": "GTiff", "height": cells.shape[0], "width": cells.shape[1], "count": 1,
        "dtype": "float32", "crs": "EPSG:4326", "transform": rasterio.Affine(0.01, 0, 105.0, 0, -0.01, 11.0),
        **profile,
    }  # fmt: skip
    with rasterio.open(path, "w", **given) as out:
        out.write(cells.astype(given["dtype"]), 1)
    return path


@BY_RASTERIO
def test_a_raster_s_cells_keep_their_people_and_their_place(tmp_path):
    cells = np.zeros((20, 30))
    cells[3, 7], cells[10, 20], cells[0, 0] = 5.5, 8.0, -9999
    found = read_grid(raster(tmp_path, cells, nodata=-9999), BOUNDS)
    assert sorted(found["people"]) == [5.5, 8.0]
    first = found[found["people"] == 5.5].iloc[0]
    assert (first["lon"], first["lat"]) == pytest.approx((105.0 + 7.5 * 0.01, 11.0 - 3.5 * 0.01))
    assert (first["width_deg"], first["height_deg"]) == pytest.approx((0.01, 0.01))


@BY_RASTERIO
def test_cells_that_are_not_a_number_hold_nobody(tmp_path):
    cells = np.full((4, 4), np.nan)
    cells[1, 1] = 3
    assert read_grid(raster(tmp_path, cells), BOUNDS)["people"].tolist() == [3]


RASTERS = {
    "no data undeclared": ({}, np.full((4, 4), -99999.0), "declare its no-data value"),
    "metres": ({"crs": "EPSG:32648"}, np.ones((4, 4)), "not in WGS 84 degrees"),
    "no system": ({"crs": None}, np.ones((4, 4)), "not in WGS 84 degrees"),
    "rotated": ({"transform": rasterio.Affine(0.01, 0.002, 105, 0.002, -0.01, 11)},
                np.ones((4, 4)), "rotated"),
}  # fmt: skip


@BY_RASTERIO
@pytest.mark.parametrize("defect", RASTERS)
def test_a_raster_of_another_kind_is_refused(tmp_path, defect):
    profile, cells, sentence = RASTERS[defect]
    with pytest.raises(FileError, match=sentence):
        read_grid(raster(tmp_path, cells, **profile), BOUNDS)


def test_a_file_named_like_a_raster_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileError, match="GeoTIFF"):
        read_grid(saved(tmp_path, b"II*\x00nothing", "grid.tif"), BOUNDS)


# --- crosswalks, hosts, seats -----------------------------------------------------------------


def test_a_crosswalk_without_relation_takes_it_from_the_number_of_rows(tmp_path):
    text = "old_code,old_name,new_code\n1,A,98001\n2,B,98001\n2,B,98002\n"
    table, report = read_crosswalk(saved(tmp_path, text))
    assert list(table["relation"]) == ["full", "partial", "partial"]
    assert list(table["old_code"]) == ["00001", "00002", "00002"]
    assert len(report) == 0


def test_a_crosswalk_with_holes_is_blocked_with_every_hole(tmp_path):
    text = "old_code,old_name,new_code\n,A,98001\n2,B,x\n3,C,98001\n"
    _, report = read_crosswalk(saved(tmp_path, text))
    assert report.blocked
    assert sorted((each.row, each.column) for each in report) == [(2, "old_code"), (3, "new_code")]


def test_a_pair_that_stands_twice_in_a_crosswalk_is_named(tmp_path):
    text = "old_code,old_name,new_code\n1,A,98001\n1,A,98001\n"
    _, report = read_crosswalk(saved(tmp_path, text))
    assert [each.row for each in report] == [3]


def test_hosts_and_seats_without_a_place_are_left_out_and_named(tmp_path):
    text = "code,name,lat,lon\n98001,A,10.5,105.5\n98002,B,105.5,10.5\nx,C,10.5,105.5\n"
    hosts = read_hosts(saved(tmp_path, text), "khác")
    assert list(hosts.table["name"]) == ["A", "C"]
    assert only(hosts.report, "no-place").row == 3
    seats = read_seats(saved(tmp_path, text))
    assert seats.seats == {"98001": (105.5, 10.5)}
    assert {(each.code, each.row) for each in seats.report} == {("no-place", 3), ("code-format", 4)}


# --- single cells -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("10.38", 10.38), ("10,38", 10.38), ("-1", -1.0), ("1e3", 1000.0), ("", None), ("nan", None),
     ("inf", None), ("1,234,5", None), ("10.3.8", None), ("abc", None)],
)  # fmt: skip
def test_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "iso"),
    [("01/07/2025", "2025-07-01"), ("1.7.2025", "2025-07-01"), ("2025-07-01", "2025-07-01"),
     ("31/02/2025", None), ("7/2025", None), ("", None), ("hôm qua", None)],
)  # fmt: skip
def test_days_are_written_day_first(text, iso):
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("text", "flag"), [("Có", True), ("Đã cấp", True), ("x", True), ("Chưa", False),
                       ("Không", False), ("có lẽ", None)],
)  # fmt: skip
def test_yes_and_no(text, flag):
    assert yes_or_no(text) is flag


@pytest.mark.parametrize(
    ("text", "code"), [("30280", "30280"), ("4", "00004"), ("4.0", "00004"), ("123456", None),
                       ("3-4", None), ("", None), ("2024-04-03", None)],
)  # fmt: skip
def test_codes(text, code):
    assert code_text(text, 5) == code


@pytest.mark.parametrize(("text", "count"), [("007", 7), ("1.23", None), ("1 234", 1234)])
def test_whole_numbers(text, count):
    assert whole_number(text) == count
