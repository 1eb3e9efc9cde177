"""Workbooks as offices keep them: titles, merged headings, hidden rows, errors, several sheets."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import FileError
from geo.findings import Severity
from geo.limits import Limits
from geo.names import heading_key
from geo.recognition import Choices
from geo.sources import csv_text
from geo.sources.files import RawTable, read_table
from geo.sources.headings import find_headings, is_counting
from geo.sources.population import Unusable, read_population
from geo.sources.workbook_marks import column_letters

HEAD = ["Tên điểm thu", "Mã xã", "Vĩ độ", "Kinh độ"]
KNOWN = frozenset(map(heading_key, [*HEAD, "Dân số"]))


def workbook(folder: Path, *sheets: tuple[str, list[list]], change=None) -> Path:
    book = openpyxl.Workbook()
    for at, (name, rows) in enumerate(sheets):
        page = book.active if at == 0 else book.create_sheet()
        page.title = name
        for row in rows:
            page.append(row)
    if change is not None:
        change(book)
    book.save(folder / "list.xlsx")
    book.close()
    return folder / "list.xlsx"


def table(path: Path, **choices) -> RawTable:
    return read_table(path, KNOWN, Choices(**choices))


def codes(raw: RawTable) -> list[tuple[str, int | None]]:
    return [(each.code, each.row) for each in raw.report]


def test_headings_merged_over_two_rows_are_joined_where_the_lower_is_not_known(tmp_path):
    rows = [["DANH SÁCH"], [], ["STT", "Tên điểm thu", "Tọa độ", None, "Mã", None],
            [None, None, "Vĩ độ", "Kinh độ", "xã", "cũ"], [1, "A", 10.5, 105.5, "98001", "7"]]  # fmt: skip

    def merge(book):
        for cells in ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:F3"):
            book.active.merge_cells(cells)

    raw = table(workbook(tmp_path, ("Tờ 1", rows), change=merge))
    assert list(raw.cells.columns) == ["STT", "Tên điểm thu", "Vĩ độ", "Kinh độ", "Mã xã", "Mã cũ"]
    assert (raw.found.heading_row, raw.rows) == (4, [5])


def test_merged_headings_are_joined_after_their_merging_was_lost(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "Tên điểm thu,Mã,,Tọa độ,\n,xã,cũ,Vĩ độ,Kinh độ\nA,98001,7,10.5,105.5\n", encoding="utf-8"
    )
    raw = table(path)
    assert list(raw.cells.columns) == ["Tên điểm thu", "Mã xã", "Mã cũ", "Vĩ độ", "Kinh độ"]


def test_three_rows_of_headings_are_joined(tmp_path):
    rows = [
        ["Điểm", None, None],
        ["Tên", "Tọa độ", None],
        ["điểm thu", "Vĩ độ", "Kinh độ"],
        ["A", 10.5, 105.5],
    ]
    raw = read_table(
        workbook(tmp_path, ("Tờ 1", rows)), frozenset({"diemtendiemthu", "vido", "kinhdo"})
    )
    assert list(raw.cells.columns) == ["Điểm Tên điểm thu", "Vĩ độ", "Kinh độ"]
    assert raw.rows == [4]


@pytest.mark.parametrize("titles", [0, 1, 7, 26])
def test_headings_are_found_down_to_the_thirtieth_row(tmp_path, titles):
    rows = [[f"Dòng {at}"] for at in range(titles)] + [HEAD, ["A", "98001", 10.5, 105.5]]
    raw = table(workbook(tmp_path, ("Tờ 1", rows)))
    assert (raw.found.heading_row, raw.rows) == (titles + 1, [titles + 2])


def test_a_row_that_counts_the_columns_is_no_data(tmp_path):
    raw = table(
        workbook(
            tmp_path, ("Tờ 1", [HEAD, ["(1)", "(2)", "(3)", "(4)"], ["A", "98001", 10.5, 105.5]])
        )
    )
    assert raw.rows == [3]


@pytest.mark.parametrize(
    "row", [["A", "7", "8", "9"], ["B", "1", "2", "3"], ["1", "3", "2"], ["1", "2"]]
)
def test_small_numbers_are_not_taken_for_counted_columns(row):
    assert not is_counting(row)


def test_the_heading_row_chosen_is_taken(tmp_path):
    path = workbook(tmp_path, ("Tờ 1", [HEAD, ["a", "b", "c", "d"], ["A", "98001", 10.5, 105.5]]))
    assert list(table(path, heading_row=2).cells.columns) == ["a", "b", "c", "d"]
    with pytest.raises(FileError, match="row 99"):
        table(path, heading_row=99)


def test_a_sheet_that_clearly_fits_best_is_read_without_a_word(tmp_path):
    raw = table(
        workbook(
            tmp_path, ("Hướng dẫn", [["Mã xã"], ["x"]]), ("DS", [HEAD, ["A", "98001", 10.5, 105.5]])
        )
    )
    assert (raw.found.part, raw.found.parts, codes(raw)) == ("DS", ("Hướng dẫn", "DS"), [])


def test_of_sheets_that_fit_alike_the_others_are_named_and_can_be_chosen(tmp_path):
    path = workbook(
        tmp_path,
        ("Quý I", [HEAD, ["A", "98001", 10.5, 105.5]]),
        ("Quý II", [HEAD, ["B", "98001", 10.5, 105.5]]),
    )
    raw = table(path)
    (finding,) = list(raw.report)
    assert (finding.severity, finding.code) == (Severity.LOOK, "sheet-choice")
    assert "“Quý II”" in finding.sentence(str)
    chosen = table(path, part="Quý II")
    assert (list(chosen.cells["Tên điểm thu"]), codes(chosen)) == (["B"], [])
    with pytest.raises(FileError, match="no sheet “Quý III”"):
        table(path, part="Quý III")


def test_hidden_rows_are_read_and_named(tmp_path):
    def hide(book):
        for row in (3, 4, 6):
            book.active.row_dimensions[row].hidden = True

    rows = [HEAD, *[[f"Điểm {at}", "98001", 10.5, 105.5] for at in range(6)]]
    raw = table(workbook(tmp_path, ("DS", rows), change=hide))
    assert len(raw.cells) == 6
    assert [(each.code, each.row, each.params["rows"]) for each in raw.report] == [
        ("hidden-row", 3, "3–4, 6")
    ]


def test_formulas_without_a_value_block_with_their_column(tmp_path):
    raw = table(
        workbook(tmp_path, ("DS", [HEAD, ["A", "=B9", 10.5, 105.5], ["B", "98001", 10.5, 105.5]]))
    )
    assert [(e.code, e.severity, e.row, e.column) for e in raw.report] == [
        ("formula-without-value", Severity.BLOCKS, 2, "Mã xã")
    ]


def test_errors_of_formulas_are_kept_apart_from_empty_cells(tmp_path):
    def fail(book):
        book.active["B3"].value = "#REF!"
        book.active["B3"].data_type = "e"

    path = workbook(
        tmp_path, ("DS", [["Mã xã", "Dân số"], ["98001", 5], ["98002", None]]), change=fail
    )
    file = read_population(path, Unusable.LEAVE_OUT)
    assert [(e.code, e.severity, e.row, e.value) for e in file.report] == [
        ("excel-error", Severity.LEFT_OUT, 3, "#REF!")
    ]


def test_decimals_that_a_spreadsheet_made_of_thousands_are_no_people(tmp_path):
    path = workbook(tmp_path, ("DS", [["Mã xã", "Dân số"], ["98001", 1.234], ["98002", "1.234"]]))
    file = read_population(path, Unusable.LEAVE_OUT)
    assert [(e.code, e.severity, e.row) for e in file.report] == [
        ("not-integer", Severity.LEFT_OUT, 2), ("thousands", Severity.CHANGED, 3)
    ]  # fmt: skip
    assert file.table["people"].iloc[1] == 1234


def test_cells_beside_the_table_are_named_and_not_read(tmp_path):
    raw = table(workbook(tmp_path, ("DS", [HEAD, ["A", "98001", 10.5, 105.5, None, "bên lề"]])))
    (finding,) = list(raw.report)
    assert (finding.code, finding.row, finding.params["cell"]) == ("cells-beyond", 2, "F2")


def test_lines_below_the_table_are_read_past_and_named(tmp_path):
    rows = [HEAD, *[[f"Điểm {at}", "98001", 10.5, 105.5] for at in range(4)], ["Tổng cộng", None, 4, 8], [],
            [None, "An Giang, ngày 01 tháng 7 năm 2025"], ["Người lập biểu", None, "Giám đốc"]]  # fmt: skip
    raw = table(workbook(tmp_path, ("DS", rows)))
    assert (len(raw.cells), codes(raw)) == (4, [("total-row", 6), ("closing-rows", 8)])
    assert raw.totals[0].cells["Vĩ độ"] == "4"


@pytest.mark.parametrize("name", ["Tổng công ty Bưu điện", "Cộng Hòa", "Tổng đội", "Sum vầy"])
def test_names_that_begin_like_totals_are_data(tmp_path, name):
    raw = table(
        workbook(
            tmp_path, ("DS", [HEAD, [name, "98001", 10.5, 105.5], ["A", "98001", 10.5, 105.5]])
        )
    )
    assert (len(raw.cells), codes(raw)) == (2, [])


def test_headings_that_stand_again_are_no_data(tmp_path):
    row = ["A", "98001", 10.5, 105.5]
    raw = table(workbook(tmp_path, ("DS", [HEAD, row, row, HEAD, row])))
    assert (raw.rows, codes(raw)) == ([2, 3, 5], [("heading-repeated", 4)])


def test_a_document_type_inside_a_workbook_is_refused(tmp_path):
    path = workbook(tmp_path, ("DS", [HEAD, ["A", "98001", 10.5, 105.5]]))
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(evil, "w") as copy:
        for name in whole.namelist():
            data = whole.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + data
            copy.writestr(name, data)
    with pytest.raises(FileError, match="document type"):
        table(evil)


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_have_the_letters_of_a_spreadsheet(number, letters):
    assert column_letters(number) == letters


# --- headings as such ----------------------------------------------------------------------

WORD = st.sampled_from(["Quý I", "Ghi chú", "An Giang", "12", "", "Năm 2025"])


@given(
    st.lists(st.lists(WORD, min_size=4, max_size=4), max_size=20), st.permutations(HEAD),
    st.lists(st.lists(WORD, min_size=4, max_size=4), max_size=5),
)  # fmt: skip
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_the_row_with_all_headings_is_found_wherever_it_stands(above, head, below):
    found = find_headings([*above, head, *below], KNOWN)
    assert found is not None
    assert (found.first, found.last, list(found.texts)) == (len(above), len(above), list(head))


def test_sheets_too_many_to_look_into_are_counted_with_those_not_named(tmp_path):
    rows = [HEAD, ["A", "98001", 10.5, 105.5]]
    path = workbook(tmp_path, *((f"Xã {at}", rows) for at in range(1, 51)))
    (finding,) = table(path).report
    named = str(finding.params["others"])
    assert named.startswith("“Xã 2”, “Xã 3”")
    assert named.count("“") + int(named.rpartition("+")[2]) == 49  # all but the one read


def test_a_text_of_millions_of_rows_is_refused_before_its_cells_are_looked_at(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(csv_text, "limits", lambda: Limits(rows=3))
    path = tmp_path / "list.csv"
    path.write_text("\n".join([",".join(HEAD), *["A,98001,10.5,105.5"] * 2]), encoding="utf-8")
    assert len(table(path).cells) == 2
    path.write_text("\n".join([",".join(HEAD), *["A,98001,10.5,105.5"] * 3]), encoding="utf-8")
    with pytest.raises(FileError, match="more than 3 rows"):
        table(path)
