"""The spreadsheet that a meeting filled in is read back, and every mistake in it is told at once."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from geo.errors import FileError
from geo.findings import FindingReport, Severity
from planning.exports.packet import Decided, decisions_in, words
from planning.exports.packet import decision_sheet as sheet
from planning.language import counting, speaker
from planning.model.people import Action
from planning.model.proposals import Reason
from tests.planning import packets

ROUND = packets.packet()
VERSIONS = {each.number: each.version for each in ROUND.proposals}
MADE = sheet.decision_sheet(ROUND)
YES, NO, MORE = "Phê duyệt", "Không phê duyệt", "Yêu cầu bổ sung"


def filled(folder: Path, cells: Mapping[tuple[int, str], object]) -> Path:
    """Write cells, by row of the spreadsheet and heading, into the sheet of the round."""
    book = openpyxl.load_workbook(io.BytesIO(MADE))
    page = book["Danh sách"]
    columns = {each.value: each.column for each in page[1]}
    for (row, heading), value in cells.items():
        page.cell(row, columns[heading]).value = value
    path = folder / "danh-sach.xlsx"
    book.save(path)
    return path


def read(folder: Path, cells: Mapping[tuple[int, str], object], versions=VERSIONS):
    return decisions_in(filled(folder, cells), versions)


def faults(report: FindingReport) -> set[tuple[str, int | None, str | None, str | None]]:
    return {
        (each.code, each.row, each.column, each.value)
        for each in report
        if each.severity is Severity.BLOCKS
    }


def test_a_sheet_as_it_was_made_holds_no_decision(tmp_path):
    rows, report = read(tmp_path, {})
    assert rows == ()
    assert list(report) == []


def test_decisions_come_back_as_they_were_written(tmp_path):
    rows, report = read(tmp_path, {
        (2, "Quyết định"): YES, (2, "Số văn bản"): "15/QĐ-BHXH", (2, "Ngày quyết định"): "20/11/2026",
        (4, "Quyết định"): NO, (4, "Mã lý do"): "CHONG_LAN", (4, "Lý do"): "Gần bưu cục",
        (7, "Quyết định"): "yeu cau bo sung", (7, "Lý do"): "Thiếu hợp đồng thuê",
    })  # fmt: skip
    assert list(report) == []
    assert rows == (
        Decided(2, "DX-2026-0001", 3, Action.APPROVE, None, "", "15/QĐ-BHXH", "2026-11-20"),
        Decided(4, "DX-2026-0003", 3, Action.REJECT, Reason.OVERLAP, "Gần bưu cục", "", ""),
        Decided(7, "DX-2026-0006", 3, Action.ASK_MORE, None, "Thiếu hợp đồng thuê", "", ""),
    )


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_known_by_its_code_and_by_its_words(tmp_path, reason):
    for written in (words.REASON_CODES[reason], words.REASONS[reason].upper()):
        rows, report = read(tmp_path, {
            (2, "Quyết định"): NO, (2, "Mã lý do"): written, (2, "Lý do"): "Ghi rõ",
        })  # fmt: skip
        assert [each.reason for each in rows] == [reason]
        assert list(report) == []


def test_every_mistake_is_told_at_once_with_its_place(tmp_path):
    changed = {**VERSIONS, "DX-2026-0004": 5}
    rows, report = read(tmp_path, {
        (2, "Quyết định"): "Đồng ý",
        (3, "Quyết định"): NO,
        (4, "Quyết định"): NO, (4, "Mã lý do"): "CHAN",
        (5, "Quyết định"): YES,
        (6, "Lý do"): "để sau",
        (7, "Quyết định"): YES, (7, "Ngày quyết định"): "31/02/2026",
        (8, "Quyết định"): YES, (8, "Khóa số đề xuất"): "DX-2026-9999", (8, "Số đề xuất"): "DX-2026-9999",
        (9, "Quyết định"): MORE,
    }, changed)  # fmt: skip
    assert rows == ()
    assert faults(report) == {
        ("decision-unknown", 2, "Quyết định", "Đồng ý"),
        ("reason-code-missing", 3, "Mã lý do", ""),
        ("reason-code-unknown", 4, "Mã lý do", "CHAN"),
        ("proposal-changed", 5, "Khóa phiên bản", "3"),
        ("decision-missing", 6, "Lý do", "để sau"),
        ("decision-day", 7, "Ngày quyết định", "31/02/2026"),
        ("proposal-unknown", 8, "Khóa số đề xuất", "DX-2026-9999"),
        ("reason-missing", 9, "Lý do", ""),
    }


def test_a_good_row_beside_a_bad_one_is_still_read(tmp_path):
    rows, report = read(tmp_path, {(2, "Quyết định"): YES, (3, "Quyết định"): "có lẽ"})
    assert [each.number for each in rows] == ["DX-2026-0001"]
    assert report.blocked


def test_one_proposal_decided_twice_names_both_rows(tmp_path):
    rows, report = read(tmp_path, {
        (2, "Quyết định"): YES, (3, "Quyết định"): NO, (3, "Mã lý do"): "CHI_PHI",
        (3, "Số đề xuất"): "DX-2026-0001", (3, "Khóa số đề xuất"): "DX-2026-0001",
    })  # fmt: skip
    assert rows == ()
    assert {(each.row, each.params["other"]) for each in report} == {(2, 3), (3, 2)}


def test_rows_torn_apart_by_sorting_are_noticed(tmp_path):
    rows, report = read(tmp_path, {
        (2, "Quyết định"): YES, (2, "Số đề xuất"): "DX-2026-0003",
    })  # fmt: skip
    assert rows == ()
    assert faults(report) == {("proposal-parted", 2, "Số đề xuất", "DX-2026-0003")}


def test_a_decision_on_a_row_of_ones_own_names_no_proposal(tmp_path):
    rows, report = read(tmp_path, {(10, "Tên điểm thu"): "Điểm mới", (10, "Quyết định"): YES})
    assert rows == ()
    assert {(code, row) for code, row, _, _ in faults(report)} == {("proposal-missing", 10)}


@pytest.mark.parametrize(("column", "most"), [("Lý do", 2000), ("Số văn bản", 100)])
def test_texts_have_a_length(tmp_path, column, most):
    for more, good in ((0, True), (1, False)):
        rows, report = read(tmp_path, {(2, "Quyết định"): YES, (2, column): "a" * (most + more)})
        assert bool(rows) is good
        assert report.blocked is not good


def test_a_refusal_for_another_reason_says_which(tmp_path):
    rows, report = read(tmp_path, {(2, "Quyết định"): NO, (2, "Mã lý do"): "KHAC"})
    assert rows == ()
    assert {code for code, *_ in faults(report)} == {"reason-missing"}


def test_a_code_beside_an_approval_is_told_and_not_kept(tmp_path):
    rows, report = read(tmp_path, {(2, "Quyết định"): YES, (2, "Mã lý do"): "KHAC"})
    assert [each.reason for each in rows] == [None]
    assert [(each.code, each.severity) for each in report] == [
        ("reason-code-unused", Severity.LOOK)
    ]


def test_a_day_that_the_spreadsheet_took_for_one_is_read(tmp_path):
    rows, _ = read(tmp_path, {
        (2, "Quyết định"): YES, (2, "Ngày quyết định"): dt.date(2026, 12, 3),
    })  # fmt: skip
    assert [each.day for each in rows] == ["2026-12-03"]


def test_a_spreadsheet_without_the_hidden_columns_says_what_is_missing(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(MADE))
    page = book["Danh sách"]
    page.delete_cols(page.max_column - 1, 2)
    book.save(tmp_path / "x.xlsx")
    rows, report = decisions_in(tmp_path / "x.xlsx", VERSIONS)
    assert rows == ()
    assert {str(each.params["missing"]) for each in report if each.code == "column-missing"} == {
        "Khóa số đề xuất", "Khóa phiên bản"
    }  # fmt: skip


def test_what_is_no_spreadsheet_is_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no spreadsheet")
    with pytest.raises(FileError):
        decisions_in(tmp_path / "x.xlsx", VERSIONS)


def test_every_finding_is_said_in_vietnamese(tmp_path):
    _, report = read(tmp_path, {
        (2, "Quyết định"): "Đồng ý", (3, "Quyết định"): NO, (4, "Lý do"): "x", (5, "Quyết định"): YES,
    }, {**VERSIONS, "DX-2026-0004": 1234})  # fmt: skip
    said = [each.sentence(speaker("vi"), counting("vi")) for each in report]
    assert all(each.startswith("dòng ") for each in said)
    assert any("nay là phiên bản 1.234" in each for each in said)
    assert not any("%(" in each for each in said)


DECISIONS = some.dictionaries(
    some.sampled_from(range(2, 10)),
    some.sampled_from([(YES, None, None), (NO, "CHI_PHI", None), (MORE, None, "Thiếu ảnh")]),
)


@given(DECISIONS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_meeting_decides_comes_back_once_each(tmp_path, decided):
    cells = {
        (row, heading): value
        for row, values in decided.items()
        for heading, value in zip(("Quyết định", "Mã lý do", "Lý do"), values, strict=True)
    }
    rows, report = read(tmp_path, cells)
    verdicts = {YES: Action.APPROVE, NO: Action.REJECT, MORE: Action.ASK_MORE}
    assert {each.row: each.action for each in rows} == {
        row: verdicts[values[0]] for row, values in decided.items()
    }
    assert {each.number for each in rows} == {f"DX-2026-{row - 1:04d}" for row in decided}
    assert list(report) == []
