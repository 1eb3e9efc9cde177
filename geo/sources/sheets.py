"""Open a spreadsheet: the values of its sheets, and what else is to be known about them."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from geo.errors import FileError
from geo.limits import limits
from geo.sources.gate import archive_members
from geo.sources.headings import Merged
from geo.sources.workbook_marks import MOST_COLUMNS, Marks, marks_of

SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MOST_SHEETS = 20
_ZIPPED = (".xlsx", ".xlsm", ".ods")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HTML = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its values row by row from the first, what is merged, what is marked."""

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    merged: Merged = ()
    marks: Marks = field(default_factory=Marks)


def read_sheets(path: Path, part: str | None) -> tuple[list[Sheet], tuple[str, ...]]:
    """Return the sheets of a workbook (only `part` where it is named) and the names of all.

    Raises `FileError` for a file that cannot be opened, for a sheet that is not there, and
    for a cell so far out that its empty cells would fill the memory.
    """
    _require_kind(path)
    if path.suffix.lower() in _ZIPPED:
        archive_members(path)
    marks = marks_of(path) if path.suffix.lower() in (".xlsx", ".xlsm") else []
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = tuple(book.sheet_names)
        if part is not None and part not in names:
            raise FileError(
                "%(file)s has no sheet “%(part)s”; it has %(found)s.",
                file=path.name, part=part, found=", ".join(f"“{each}”" for each in names)[:200],
            )  # fmt: skip
        chosen = [
            at for at, (name, meta) in enumerate(zip(names, book.sheets_metadata, strict=True))
            if (part is None or name == part) and meta.typ == SheetTypeEnum.WorkSheet
        ]  # fmt: skip
        return [_sheet(book, at, marks, path) for at in chosen[:MOST_SHEETS]], names
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise FileError(
            "%(file)s cannot be read as a spreadsheet; save it again as .xlsx without a "
            "password.",
            file=path.name,
        ) from error  # fmt: skip


def _sheet(book: CalamineWorkbook, at: int, marks: list[Marks], path: Path) -> Sheet:
    sheet = book.get_sheet_by_index(at)
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= limits().rows or last_column >= MOST_COLUMNS:
        raise FileError(
            "%(file)s has %(rows)s rows and %(columns)s columns in the sheet “%(part)s”; at most "
            "%(most)s rows are read.",
            file=path.name, rows=last_row + 1, columns=last_column + 1, part=sheet.name,
            most=limits().rows,
        )  # fmt: skip
    meta = book.sheets_metadata[at]
    return Sheet(
        sheet.name,
        sheet.to_python(skip_empty_area=False),
        hidden=meta.visible != SheetVisibleEnum.Visible,
        merged=_merged(sheet),
        marks=marks[at] if at < len(marks) else Marks(),
    )


def _merged(sheet: CalamineSheet) -> Merged:
    return sheet.merged_cell_ranges or ()


def _require_kind(path: Path) -> None:
    """Refuse by its first bytes what is no workbook of the kind its name says."""
    with path.open("rb") as file:
        start = file.read(512)
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith(_HTML):
        raise FileError(
            "%(file)s is a web page under the name of a spreadsheet; open it in Excel and save "
            "it as .xlsx.",
            file=path.name,
        )  # fmt: skip
    if path.suffix.lower() in _ZIPPED and start[:4] == _OLD_OFFICE:
        raise FileError(
            "%(file)s has a password, or is an old .xls under another name; save it again as "
            ".xlsx without a password.",
            file=path.name,
        )  # fmt: skip
    if path.suffix.lower() in _ZIPPED and not zipfile.is_zipfile(path):
        raise FileError(
            "%(file)s cannot be read as a spreadsheet; save it again as .xlsx without a "
            "password.",
            file=path.name,
        )  # fmt: skip
