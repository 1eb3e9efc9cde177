"""XLSX for people: Vietnamese headings, codes as text, a sheet that says what it is."""

from pathlib import Path
from typing import Any

import xlsxwriter

from planning.exports.sheets import Sheet, plain, words

_WIDEST = 45


def write_xlsx(path: Path, sheet: Sheet) -> None:
    """Write the rows under frozen headings, and the notes on a second sheet.

    Text is written as text, never as a formula or a link.
    """
    rows = words(sheet)
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        page = book.add_worksheet("Danh sách")
        for column, key in enumerate(rows.columns):
            heading = sheet.headings[key]
            page.write_string(0, column, heading, bold)
            cells = [plain(value) for value in rows[key]]
            for at, value in enumerate(cells, start=1):
                _write(page, at, column, value)
            longest = max(
                (len(str(value)) for value in cells[:500] if value is not None), default=0
            )
            page.set_column(column, column, min(_WIDEST, max(longest, len(heading) // 2, 8)) + 2)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(rows.columns) - 1)
        about = book.add_worksheet("Thông tin")
        about.set_column(0, 0, 48)
        about.set_column(1, 1, 90)
        for at, (key, value) in enumerate(sheet.notes):
            about.write_string(at, 0, "Nhãn" if key == "label" else key, bold)
            about.write_string(at, 1, value)


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool | str):
        page.write_string(row, column, str(value))
    else:
        page.write_number(row, column, value)
