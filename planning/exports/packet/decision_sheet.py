"""The list of a review round as a spreadsheet that takes the decisions of the meeting (XLSX).

The decision columns are open for writing, the others are locked without a password: sorting
half of the columns would part a decision from its proposal. Two hidden columns hold number
and version of each proposal; by them the filled sheet is read again (`filled_sheet`).
"""

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from planning.exports.packet import words
from planning.exports.packet.columns import Cell, Column, list_columns
from planning.exports.packet.fixed_zip import repacked
from planning.exports.packet.typeset import moment
from planning.model.packet import Packet
from planning.model.people import Action

SHEET, ABOUT, CODES = "Danh sách", "Thông tin", "Mã lý do"
DECISION, REASON_CODE, REASON = "Quyết định", "Mã lý do", "Lý do"
DOCUMENT, DECIDED_ON = "Số văn bản", "Ngày quyết định"
KEY_NUMBER, KEY_VERSION = "Khóa số đề xuất", "Khóa phiên bản"
VERDICTS: Mapping[Action, str] = {
    Action.APPROVE: "Phê duyệt", Action.REJECT: "Không phê duyệt",
    Action.ASK_MORE: "Yêu cầu bổ sung",
}  # fmt: skip
_WIDTHS = {DECISION: 18, REASON_CODE: 14, REASON: 40, DOCUMENT: 18, DECIDED_ON: 14}
_LONGEST = 32_767
_HOW = (
    "Cách dùng: ghi quyết định của phiên họp vào năm cột màu vàng ở cuối danh sách, lưu lại rồi "
    "nhập tệp vào Diemthu. Không xóa hai cột ẩn ở cuối. Các cột khác được khóa không mật khẩu "
    "(Review > Unprotect Sheet) để quyết định không bị lệch khỏi đề xuất khi sắp xếp."
)


def decision_sheet(packet: Packet) -> bytes:
    """Return the spreadsheet: the list, what it rests on, the codes of reasons."""
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {"title": words.title(packet), "author": words.authority(packet),
             "created": moment(packet.round.day).replace(tzinfo=None)}
        )  # fmt: skip
        _list(book, packet)
        _about(book, packet)
        _codes(book)
    return repacked(out.getvalue(), moment(packet.round.day))


def _list(book: Any, packet: Packet) -> None:
    page = book.add_worksheet(SHEET)
    looks = _looks(book)
    columns = [Column("stt", "STT", 5, lambda _: None), *list_columns(packet)]
    page.set_row(0, 48)
    for at, each in enumerate(columns):
        page.write_string(0, at, each.heading, looks["head"])
        page.set_column(at, at, each.width)
    for at, row in enumerate(packet.proposals, start=1):
        page.write_number(at, 0, at, looks["cell"])
        for column, each in enumerate(columns[1:], start=1):
            write(page, at, column, each.cell(row), looks)
    first = len(columns)
    for at, (heading, width) in enumerate(_WIDTHS.items(), start=first):
        page.write_string(0, at, heading, looks["asked"])
        page.set_column(at, at, width)
    last = len(packet.proposals)
    for at in range(1, last + 1):
        for column in range(first, first + len(_WIDTHS)):
            page.write_blank(at, column, None, looks["open"])
    if last:
        _choices(page, first, last)
    keys = first + len(_WIDTHS)
    for at, heading in enumerate((KEY_NUMBER, KEY_VERSION), start=keys):
        page.write_string(0, at, heading, looks["head"])
        page.set_column(at, at, 12, None, {"hidden": True})
    for at, row in enumerate(packet.proposals, start=1):
        page.write_string(at, keys, row.number)
        page.write_number(at, keys + 1, row.version)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(last, 1), keys - 1)
    page.set_landscape()
    page.set_paper(8)  # A3
    page.fit_to_pages(3, 0)  # over forty columns: on one page nobody could read them
    page.repeat_rows(0)
    page.repeat_columns(0, 1)
    page.protect("", {"autofilter": True, "format_cells": True, "format_columns": True, "format_rows": True})  # fmt: skip


def _choices(page: Any, first: int, last: int) -> None:
    """Give verdict and code of a reason as lists to choose from."""
    for offset, choices, text in (
        (
            0,
            list(VERDICTS.values()),
            "Chọn một trong danh sách, hoặc để trống nếu chưa quyết định.",
        ),
        (1, list(words.REASON_CODES.values()), f"Chọn mã ở trang “{CODES}”."),
    ):
        page.data_validation(
            1, first + offset, last, first + offset,
            {"validate": "list", "source": choices, "error_title": "Diemthu", "error_message": text},
        )  # fmt: skip


def _about(book: Any, packet: Packet) -> None:
    page = book.add_worksheet(ABOUT)
    bold, wrap = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True}),
    )
    page.set_column(0, 0, 42)
    page.set_column(1, 1, 100)
    lines = [
        *words.sources(packet),
        *(("Lưu ý", each) for each in packet.notes),
        ("Cách dùng", _HOW),
    ]
    for at, (name, value) in enumerate(lines):
        page.write_string(at, 0, name, bold)
        page.write_string(at, 1, value[:_LONGEST], wrap)


def _codes(book: Any) -> None:
    page = book.add_worksheet(CODES)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 70)
    for at, reason in enumerate(words.REASONS):
        page.write_string(at, 0, words.REASON_CODES[reason])
        page.write_string(at, 1, words.REASONS[reason])


def _looks(book: Any) -> dict[str, Any]:
    head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E9EEF3"}
    return {
        "head": book.add_format(head),
        "asked": book.add_format({**head, "bg_color": "#FFE699"}),
        "cell": book.add_format({"valign": "top"}),
        "count": book.add_format({"valign": "top", "num_format": "#,##0"}),
        "open": book.add_format({"valign": "top", "text_wrap": True, "locked": False,
                                 "num_format": "@", "border": 4, "bg_color": "#FFF9E5"}),
    }  # fmt: skip


def write(page: Any, row: int, column: int, value: Cell, looks: Mapping[str, Any]) -> None:
    """Write a text as text and a number as a number; nothing for what is not known."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, value[:_LONGEST], looks["cell"])
    else:
        page.write_number(row, column, value, looks["count" if isinstance(value, int) else "cell"])
