"""Open a spreadsheet: the cells of each of its sheets as text."""

import re
import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from geo.errors import FileError
from geo.names import clean
from geo.sources.gate import archive_members

SHEET_SUFFIXES = (".xlsx", ".xls", ".ods")
MOST_SHEETS, MOST_COLUMNS, MOST_ROWS = 10, 400, 300_000
_PLACE = re.compile(rb'<c r="([A-Z]+)([0-9]+)"')

Rows = list[tuple[int, list[str]]]


def sheet_rows(path: Path) -> list[Rows]:
    """Return the rows of the first sheets, each with its number and its cells as text.

    Raises `FileError` for a file that cannot be opened, and for one with a cell so far out
    that its empty cells would fill the memory.
    """
    if path.suffix.lower() == ".xlsx":
        _require_sane_size(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        count = min(len(book.sheet_names), MOST_SHEETS)
        sheets = [
            book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(count)
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise FileError(
            "%(file)s cannot be read as a spreadsheet; save it again as .xlsx without a "
            "password.",
            file=path.name,
        ) from error  # fmt: skip
    return [
        [(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
        for rows in sheets
    ]


def _require_sane_size(path: Path) -> None:
    """Refuse a workbook with a cell beyond the size of any list, before it is opened."""
    if not zipfile.is_zipfile(path):
        return  # not what its name says: the reader says so
    members = [each for each in archive_members(path) if each.startswith("xl/worksheets/")]
    with zipfile.ZipFile(path) as archive:
        for member in members:
            for column, row in _PLACE.findall(archive.read(member)):
                if int(row) > MOST_ROWS or _column_number(column) > MOST_COLUMNS:
                    raise FileError(
                        "%(file)s has a cell at %(cell)s, far outside any list; delete that cell.",
                        file=path.name, cell=(column + row).decode(),
                    )  # fmt: skip


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _cell(value: Any) -> str:
    """Return a spreadsheet's cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return clean(str(value))
