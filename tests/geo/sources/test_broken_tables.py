"""Broken lists of points, populations, grids and crosswalks: what is said, and where."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest
import rasterio

from geo import units
from geo.errors import FileError
from geo.findings import Finding, Severity
from geo.recognition import Choices
from geo.sources.crosswalk import read_crosswalk
from geo.sources.fields import code_text, iso_date, number, whole_number, yes_or_no
from geo.sources.places import read_hosts, read_seats
from geo.sources.points import PointFile, read_points
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import compare_total, read_grid, read_grid_file
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
    "null island": (f"{VN},0,0,", "null-island", "survey the point"),
    "decimal point moved": (f"{VN},102.0,{LON},", "out-of-range", "decimal point moved"),
    "another country": (f"{VN},35.6,139.7,", "out-of-country", "outside Viet Nam"),
    "another province": (f"{VN},21.03,105.85,", "out-of-province", "km outside the province"),
    "metres of nowhere": (f"{VN},9000000,5000,", "metres-unknown", "choose the system"),
    "letter O": (f"{VN},10.O2,{LON},", "not-a-number", "decimal degrees"),
    "not a number": (f"{VN},nan,{LON},", "not-a-number", "decimal degrees"),
    "infinite": (f"{VN},inf,{LON},", "not-a-number", "decimal degrees"),
    "spreadsheet error": (f"{VN},#REF!,{LON},", "excel-error", "Mend the formula"),
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
    assert "row 3" in finding.sentence(str)
    assert mend in finding.sentence(str)
    assert (len(file.table), file.rows) == (1, 2)


def test_every_bad_row_is_named_at_once(tmp_path):
    file = rows(tmp_path, *[line for line, _, _ in BAD_ROWS.values()])
    assert {each.row for each in file.report.of(Severity.LEFT_OUT)} == set(
        range(2, len(BAD_ROWS) + 2)
    )
    assert len(file.table) == 0


# --- points: rows that could be mended ------------------------------------------------------

E, N = (round(each) for each in district.TO_ZONE.transform(LON, LAT))
ASKED = {
    "axes exchanged": (f"{VN},{LON},{LAT},", "axes-exchanged"),
    "southern sign": (f"{VN},-{LAT},{LON},", "sign-minus"),
    "western sign": (f"{VN},{LAT},-{LON},", "sign-minus"),
}  # fmt: skip


@pytest.mark.parametrize("answer", [None, True, False])
@pytest.mark.parametrize("defect", ASKED)
def test_what_could_be_mended_is_asked_and_done_as_answered(tmp_path, defect, answer):
    line, code = ASKED[defect]
    answers = {} if answer is None else {code: answer}
    path = saved(tmp_path, f"{HEAD}\n{GOOD}\n{line}\n")
    file = read_points(path, district.communes(), Choices(answers=answers))
    severity = {None: Severity.ASK, True: Severity.CHANGED, False: Severity.LEFT_OUT}[answer]
    finding = only(file.report, code)
    assert (finding.row, finding.severity) == (3, severity)
    assert file.report.asked == ((code,) if answer is None else ())
    assert len(file.table) == (1 if answer is False else 2)
    if answer is not False:
        assert file.table["lat"].iloc[1] == pytest.approx(LAT, abs=1e-9)
        assert file.table["lon"].iloc[1] == pytest.approx(LON, abs=1e-9)


def test_exchanged_columns_are_asked_about_once(tmp_path):
    lines = [f"B{at},Trực tiếp,{LON + at / 100},{LAT}," for at in range(4)]
    file = rows(tmp_path, *lines)
    finding = only(file.report, "axes-exchanged")
    assert finding.params["count"] == 4
    assert (len(file.table), file.recognised.axes) == (4, "yx")


def test_columns_called_x_and_y_promise_no_order(tmp_path):
    head = HEAD.replace("Vĩ độ", "Y").replace("Kinh độ", "X")
    lines = [f"B{at},Trực tiếp,{LAT + at / 1000:.5f},{LON:.5f}," for at in range(3)]
    file = rows(tmp_path, *lines, head=head)
    assert [each.code for each in file.report] == []
    assert file.table["lat"].iloc[2] == pytest.approx(LAT + 0.002, abs=1e-5)


@pytest.mark.parametrize("order", ["yx", "xy"])
def test_metres_are_read_in_the_zone_where_they_lie_in_the_province(tmp_path, order):
    pair = f"{N},{E}" if order == "xy" else f"{E},{N}"
    file = rows(tmp_path, f"{VN},{pair},98001")
    finding = next(each for each in file.report if each.code in ("metres", "crs-ambiguous"))
    assert finding.severity == Severity.ASK
    assert (file.recognised.crs, file.recognised.axes) == ("EPSG:9209", order)
    assert file.table["lat"].iloc[0] == pytest.approx(LAT, abs=2e-5)
    assert file.table["lon"].iloc[0] == pytest.approx(LON, abs=2e-5)


def test_the_system_chosen_is_taken_without_asking(tmp_path):
    path = saved(tmp_path, f"{HEAD}\n{VN},{N},{E},98001\n")
    file = read_points(path, district.communes(), Choices(crs="EPSG:9209", axes="xy"))
    assert file.report.asked == ()
    assert file.table["lon"].iloc[0] == pytest.approx(LON, abs=2e-5)
    with pytest.raises(FileError, match="EPSG:1"):
        read_points(path, district.communes(), Choices(crs="EPSG:1"))


def test_degrees_and_minutes_are_read_and_told_once(tmp_path):
    def sixty(value: float, letter: str) -> str:
        seconds = round(value * 3600, 1)
        return (
            f"{int(seconds // 3600)}°{int(seconds % 3600 // 60):02d}'{seconds % 60:.1f}´´{letter}"
        )

    lines = [f"B{at},Trực tiếp,{sixty(LAT + at / 500, 'B')},{sixty(LON, 'Đ')}," for at in range(3)]
    file = rows(tmp_path, *lines)
    found = [each for each in file.report if each.code == "degrees-minutes"]
    assert [(each.column, each.params["count"]) for each in found] == [("Kinh độ", 3), ("Vĩ độ", 3)]
    assert file.table["lat"].iloc[1] == pytest.approx(LAT + 0.002, abs=2e-5)


def test_a_row_written_twice_is_asked_about(tmp_path):
    lines = ["1," + GOOD, "2," + GOOD]
    path = saved(tmp_path, "\n".join(["STT," + HEAD, *lines]))
    for answers, kept in (({}, 1), ({"row-twice": True}, 1), ({"row-twice": False}, 2)):
        file = read_points(path, district.communes(), Choices(answers=answers))
        finding = only(file.report, "row-twice")
        assert (finding.row, finding.params["other"], len(file.table)) == (3, 2, kept)


def test_points_ten_metres_apart_are_pointed_at_and_eleven_are_not(tmp_path):
    near, far = (district.degrees([(1 + away / 1000, 1)])[0] for away in (9.5, 40.0))
    lines = [
        f"{name},Trực tiếp,{place[1]:.8f},{place[0]:.8f},"
        for name, place in (("B", near), ("C", far))
    ]
    file = rows(tmp_path, f"A,Trực tiếp,{LAT:.8f},{LON:.8f},", *lines)
    finding = only(file.report, "near-duplicate")
    assert (finding.row, finding.params["other"]) == (3, 2)
    assert finding.params["metres"] == pytest.approx(9.5, abs=0.1)


def test_many_points_at_one_spot_are_one_finding(tmp_path):
    file = rows(tmp_path, *[GOOD.replace("cục A", f"cục {at}") for at in range(6)])
    finding = only(file.report, "same-coordinate")
    assert (finding.params["count"], finding.params["rows"]) == (6, "2–7")
    assert "same-place" not in {each.code for each in file.report}


def test_coordinates_of_few_decimals_are_pointed_at(tmp_path):
    file = rows(tmp_path, GOOD, f"B,Trực tiếp,{LAT:.2f},{LON:.2f},")
    assert only(file.report, "low-precision").row == 3


def test_the_value_is_shown_as_it_is_written(tmp_path):
    finding = only(rows(tmp_path, f"{VN},21.01O,{LON},").report, "not-a-number")
    assert (finding.column, finding.value) == ("Vĩ độ", "21.01O")


# --- points: rows that are kept and said --------------------------------------------------


def test_a_decimal_comma_under_semicolons_is_read(tmp_path):
    line = f"Bưu cục A;Trực tiếp;{LAT:.6f};{LON:.6f};98001".replace(".", ",")
    file = rows(tmp_path, line, head=HEAD.replace(",", ";"))
    found = [each for each in file.report if each.code == "decimal-comma"]
    assert {each.severity for each in found} == {Severity.CHANGED}
    assert len(found) == len(file.report) == 2
    assert file.table["lat"].iloc[0] == pytest.approx(LAT, abs=1e-6)
    assert file.table["lon"].iloc[0] == pytest.approx(LON, abs=1e-6)


def test_full_width_digits_and_zero_width_spaces_are_the_numbers_they_show(tmp_path):
    wide = f"{LON:.6f}".translate({ord("0") + at: 0xFF10 + at for at in range(10)})
    file = rows(tmp_path, f"A,Trực tiếp,\u200b{LAT:.6f},{wide},98001")
    assert {each.code for each in file.report} == {"invisible-characters", "full-width-digits"}
    assert file.table["lon"].iloc[0] == pytest.approx(LON, abs=1e-6)
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
    other = GOOD.replace("cục A", "cục B")
    file = rows(tmp_path, GOOD, other, other.replace("Trực tiếp", "Trực tuyến"))
    assert only(file.report, "same-place").row == 3
    assert len(file.table) == 3


def test_a_code_given_twice_is_pointed_at_and_both_points_are_kept(tmp_path):
    head = HEAD + ",Mã điểm thu"
    file = rows(tmp_path, GOOD + ",M1", GOOD.replace("A", "B") + ",M1", head=head)
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
    "only blank lines": ("\n\n\n", "no row of headings"),
    "no text": (b"\x00\x01\x02" * 50, "no text table"),
}


@pytest.mark.parametrize("defect", WHOLE)
def test_a_table_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, defect):
    text, sentence = WHOLE[defect]
    with pytest.raises(FileError) as refused:
        points(saved(tmp_path, text))
    assert "list.csv" in str(refused.value)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


BLOCKED = {
    "ragged": (HEAD + "\n" + GOOD + "\n" + GOOD + ",1,2\n" + GOOD + ",3\n",
               "row-ragged", [(3, None), (4, None)]),
    "decimal comma under commas": (HEAD + "\nA,Trực tiếp,10,38,105,45,98001\n", "row-ragged", [(2, None)]),
    "headings unknown": ("a,b,c\n1,2,3\n", "column-missing", [(None, None)] * 3),
    "no coordinates": ("Tên điểm thu,Mã xã\nA,98001\n", "column-missing", [(None, None)] * 2),
    "two columns of a name": (HEAD + ",Vĩ độ\n" + GOOD + ",1\n", "column-ambiguous", [(None, "Vĩ độ")]),
}  # fmt: skip


@pytest.mark.parametrize("defect", BLOCKED)
def test_a_table_that_somebody_has_to_look_at_is_blocked_with_every_place(tmp_path, defect):
    text, code, places = BLOCKED[defect]
    file = points(saved(tmp_path, text))
    assert file.report.blocked
    found = [each for each in file.report if each.severity == Severity.BLOCKS and each.code == code]
    assert [(each.row, each.column) for each in found] == places


def test_a_missing_column_is_suggested_and_can_be_chosen(tmp_path):
    text = f"Tên điểm thu,p,q\nA,{LAT:.6f},{LON:.6f}\nB,{LAT + 0.01:.6f},{LON:.6f}\n"
    path = saved(tmp_path, text)
    missing = [each for each in points(path).report if each.code == "column-missing"]
    assert {each.params["field"]: each.params["suggested"] for each in missing} == {
        "lat": "p", "lon": "q"
    }  # fmt: skip
    file = read_points(path, district.communes(), Choices(columns={"lat": "p", "lon": "q"}))
    assert (file.report.blocked, len(file.table)) == (False, 2)
    assert file.recognised.columns == {"name": "Tên điểm thu", "lat": "p", "lon": "q"}


@pytest.mark.parametrize("columns", [{"latt": "p"}, {"lat": "none such"}])
def test_a_choice_that_does_not_fit_the_file_is_refused(tmp_path, columns):
    path = saved(tmp_path, f"{HEAD}\n{GOOD}\n")
    with pytest.raises(FileError, match=r"latt|none such"):
        read_points(path, district.communes(), Choices(columns=columns))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_unicode_of_any_kind_is_read_without_a_word(tmp_path, encoding):
    data = f"{HEAD}\n{GOOD}\n".encode(encoding)
    file = points(saved(tmp_path, data))
    assert (len(file.report), list(file.table["name"])) == (0, ["Bưu cục A"])


def test_a_workbook_that_is_none_is_refused(tmp_path):
    for content, sentence in (
        (b"<html><table></table></html>", "web page"), (b"\xd0\xcf\x11\xe0old", "password"),
        (b"PK\x03\x04broken", "cannot be read as a spreadsheet"),
    ):  # fmt: skip
        with pytest.raises(FileError, match=sentence):
            points(saved(tmp_path, content, "list.xlsx"))
    with pytest.raises(FileError, match="web page"):
        points(saved(tmp_path, b"\xef\xbb\xbf<HTML><body>", "list.xls"))
    with pytest.raises(FileError, match="not a kind of table"):
        points(saved(tmp_path, b"%PDF", "list.pdf"))


def test_a_workbook_with_a_title_has_its_headings_found_and_rows_numbered_as_seen(tmp_path):
    path = sheet(tmp_path, [
        ["DANH SÁCH ĐIỂM THU"], [None, "Quý I năm 2025"], HEAD.split(","),
        ["Bưu cục A", "Trực tiếp", LAT, LON, "98001"], ["Bưu cục B", "Trực tiếp", "x", LON, 98001],
        *[[None] * 5] * 5, ["Tổng cộng", None, None, None, None],
    ])  # fmt: skip
    file = points(path)
    assert list(file.table["name"]) == ["Bưu cục A"]
    assert only(file.report, "not-a-number").row == 5
    assert only(file.report, "total-row").row == 11
    assert (file.rows, file.recognised.heading_row) == (2, 3)


def test_codes_and_dates_that_excel_made_numbers_are_read_back(tmp_path):
    path = sheet(tmp_path, [["Mã xã", "Dân số"], [98001, 100.0], ["98002", "1.200"]])
    table = read_population(path, Unusable.LEAVE_OUT).table
    assert dict(zip(table["code"], table["people"], strict=True)) == {"98001": 100, "98002": 1200}


# --- population -----------------------------------------------------------------------------

COUNTS = {"12345": 12345, "12.345": 12345, "12 345": 12345, "12,345": 12345, "1.234.567": 1234567,
          "100.0": 100, "0": 0}  # fmt: skip
NO_COUNTS = {"-5": "out-of-range", "60.45": "not-integer", "x": "missing-token", "...": "missing-token",
             "#REF!": "excel-error", "1.5": "not-integer", "12.3456": "not-integer", "1e3": "not-a-count",
             "vài nghìn": "not-a-count", "99999999999": "out-of-range"}  # fmt: skip


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
    finding = only(file.report, NO_COUNTS[written])
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
    assert [(each.code, each.severity, each.row) for each in file.report] == [
        ("total-row", Severity.ASK, 3)
    ]
    assert file.table["people"].sum() == 5


@pytest.mark.parametrize(("answer", "known"), [(None, True), (True, True), (False, False)])
def test_a_unit_beside_the_number_is_asked_about(tmp_path, answer, known):
    path = saved(tmp_path, "code,people\n98001,1.000 người\n")
    answers = {} if answer is None else {"unit-in-cell": answer}
    file = read_population(path, Unusable.LEAVE_OUT, Choices(answers=answers))
    assert (only(file.report, "unit-in-cell").severity is Severity.ASK) == (answer is None)
    found = file.table["people"].iloc[0]
    assert found == 1000 if known else np.isnan(found)


def test_lost_zeros_of_codes_are_put_back(tmp_path):
    # No commune has or had these codes.
    file = people(tmp_path, "2,5", "9.0,6")
    assert list(file.table["code"]) == ["00002", "00009"]
    assert {each.code for each in file.report.of(Severity.ASK)} == {"code-short"}


def test_lost_zeros_of_official_codes_are_put_back_and_told(tmp_path):
    if units.source() is None:
        pytest.skip("the official list of units is not installed")
    file = people(tmp_path, "4,5", "8.0,6")
    assert list(file.table["code"]) == ["00004", "00008"]
    assert {(each.code, each.severity) for each in file.report} == {
        ("code-padded", Severity.CHANGED)
    }


def test_lost_zeros_beside_whole_codes_are_put_back_and_told(tmp_path):
    file = people(tmp_path, "4,5", "98001,6")
    assert list(file.table["code"]) == ["00004", "98001"]
    assert [(each.code, each.severity, each.value) for each in file.report] == [
        ("code-padded", Severity.CHANGED, "4")
    ]


@pytest.mark.parametrize("written", ["2024-04-03", "3-4", "03/04/2024", "3-Apr"])
def test_a_date_in_the_place_of_a_code_blocks(tmp_path, written):
    file = people(tmp_path, "98001,6", f"{written},5")
    finding = only(file.report, "date-not-code")
    assert (finding.severity, finding.row, finding.value) == (Severity.BLOCKS, 3, written)


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
    "word": ("105.5,10.5,many", "not-a-number", "people"),
    "not a number": ("105.5,10.5,nan", "not-a-number", "people"),
    "infinite": ("105.5,10.5,inf", "not-a-number", "people"),
    "missing": ("105.5,,5", "cell-empty", "lat"),
    "negative": ("105.5,10.5,-3", "out-of-range", "people"),
    "beyond the pole": ("105.5,100.5,3", "out-of-range", "lat"),
    "twice": ("105.4,10.4,5", "cell-twice", "lat"),
}


@pytest.mark.parametrize("defect", BAD_CELLS)
def test_a_bad_cell_of_a_grid_is_named(tmp_path, defect):
    line, code, column = BAD_CELLS[defect]
    path = saved(tmp_path, f"lon,lat,people\n105.4,10.4,1\n{line}\n", "grid.csv")
    finding = only(read_grid_file(path, BOUNDS).report, code)
    assert (finding.severity, finding.row, finding.column) == (Severity.BLOCKS, 3, column)
    with pytest.raises(FileError, match=f"row 3, column “{column}”"):
        read_grid(path, BOUNDS)


def test_all_bad_cells_of_a_grid_are_named_at_once(tmp_path):
    lines = [line for line, _, _ in BAD_CELLS.values()]
    path = saved(tmp_path, "\n".join(["lon,lat,people", "105.4,10.4,1", *lines]), "grid.csv")
    report = read_grid_file(path, BOUNDS).report
    assert {each.row for each in report} == set(range(3, 3 + len(lines)))


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


ROTATED = rasterio.Affine(0.01, 0.002, 105, 0.002, -0.01, 11)
ELSEWHERE = rasterio.Affine(0.01, 0, 120, 0, -0.01, 40)
METRES = rasterio.Affine(1000, 0, 587_000, 0, -1000, 1_150_000)
HOLES = np.where(np.eye(4) > 0, -99999.0, 3.0)
RASTERS = {
    "no data undeclared": ({}, HOLES, "nodata-undeclared", Severity.ASK),
    "no system": ({"crs": None}, np.ones((4, 4)), "crs-missing", Severity.ASK),
    "degrees under the name of metres": ({"crs": "EPSG:3857"}, np.ones((4, 4)), "crs-contradicts", Severity.BLOCKS),
    "metres": ({"crs": "EPSG:32648", "transform": METRES}, np.ones((4, 4)), "crs-not-degrees", Severity.BLOCKS),
    "negative people": ({}, np.where(np.arange(16).reshape(4, 4) == 6, -2.5, 1.0), "out-of-range", Severity.BLOCKS),
    "elsewhere": ({"transform": ELSEWHERE}, np.ones((4, 4)), "no-overlap", Severity.LOOK),
    "rotated": ({"transform": ROTATED}, np.ones((4, 4)), "raster-rotated", Severity.BLOCKS),
}  # fmt: skip


@BY_RASTERIO
@pytest.mark.parametrize("defect", RASTERS)
def test_what_is_wrong_with_a_raster_is_said(tmp_path, defect):
    profile, cells, code, severity = RASTERS[defect]
    path = raster(tmp_path, cells, **profile)
    file = read_grid_file(path, BOUNDS)
    assert [(each.code, each.severity) for each in file.report] == [(code, severity)]
    if severity is not Severity.LOOK:
        with pytest.raises(FileError):
            read_grid(path, BOUNDS)


@BY_RASTERIO
def test_a_value_of_no_data_is_nobody_once_somebody_agrees(tmp_path):
    path = raster(tmp_path, HOLES)
    agreed = read_grid_file(path, BOUNDS, Choices(answers={"nodata-undeclared": True}))
    assert agreed.table["people"].tolist() == [3.0] * 12
    declined = read_grid_file(path, BOUNDS, Choices(answers={"nodata-undeclared": False}))
    assert declined.report.blocked


@BY_RASTERIO
def test_a_raster_larger_than_any_province_is_not_read(tmp_path):
    large = {"height": 40_000, "width": 40_000, "tiled": True, "sparse_ok": True,
             "transform": rasterio.Affine(1e-5, 0, 105, 0, -1e-5, 11)}  # fmt: skip
    path = tmp_path / "grid.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, dtype="float32", crs="EPSG:4326", **large
    ):
        pass
    assert path.stat().st_size < 5_000_000
    found = {each.code for each in read_grid_file(path, BOUNDS).report}
    assert found == {"raster-too-large"}


@BY_RASTERIO
@pytest.mark.parametrize(
    ("people", "told"), [(16.0, False), (12.9, False), (12.0, True), (30, True)]
)
def test_a_total_far_from_the_known_people_is_pointed_at(tmp_path, people, told):
    file = read_grid_file(raster(tmp_path, np.ones((4, 4))), BOUNDS)
    compare_total(file.table, people, file.report)
    assert ("total-implausible" in {each.code for each in file.report}) == told


def test_a_file_named_like_a_raster_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileError, match="GeoTIFF"):
        read_grid(saved(tmp_path, b"II*\x00nothing", "grid.tif"), BOUNDS)


# --- crosswalks, hosts, seats -----------------------------------------------------------------


def test_a_crosswalk_without_relation_takes_it_from_the_number_of_rows(tmp_path):
    text = "old_code,old_name,new_code\n00001,A,98001\n00002,B,98001\n00002,B,98002\n"
    table, report = read_crosswalk(saved(tmp_path, text))
    assert list(table["relation"]) == ["full", "partial", "partial"]
    assert list(table["old_code"]) == ["00001", "00002", "00002"]
    assert len(report) == 0


def test_a_crosswalk_with_holes_is_blocked_with_every_hole(tmp_path):
    text = "old_code,old_name,new_code\n,A,98001\n00002,B,x\n00003,C,98001\n"
    _, report = read_crosswalk(saved(tmp_path, text))
    assert report.blocked
    assert sorted((each.row, each.column) for each in report) == [(2, "old_code"), (3, "new_code")]


def test_a_pair_that_stands_twice_in_a_crosswalk_is_named(tmp_path):
    text = "old_code,old_name,new_code\n00001,A,98001\n00001,A,98001\n"
    _, report = read_crosswalk(saved(tmp_path, text))
    assert [each.row for each in report] == [3]


def test_hosts_and_seats_without_a_place_are_left_out_and_named(tmp_path):
    text = (
        "code,name,lat,lon\n98001,A,10.501,105.501\n98002,B,50.501,105.501\nx,C,10.5012,105.5012\n"
    )
    hosts = read_hosts(saved(tmp_path, text), "khác")
    assert list(hosts.table["name"]) == ["A", "C"]
    assert (only(hosts.report, "out-of-country").row, hosts.rows) == (3, 3)
    seats = read_seats(saved(tmp_path, text))
    assert seats.seats == {"98001": (105.501, 10.501)}
    assert {(each.code, each.row) for each in seats.report} == {
        ("out-of-country", 3), ("code-format", 4)
    }  # fmt: skip


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
