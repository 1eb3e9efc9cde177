"""The cells of a table as they were written, to mark the faulty ones in a copy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.errors import FileError
from geo.recognition import Recognised
from geo.sources.cell_text import as_text
from geo.sources.csv_text import CSV_SUFFIXES, read_csv_text
from geo.sources.sheets import SHEET_SUFFIXES, read_sheets
from planning.exports.as_findings import Written


def written_cells(
    path: Path, known: Recognised | None, choices: Mapping[str, Any] | None = None
) -> Written | None:
    """Return the cells of the table in a file, None where it is none.

    `known` is what the file was taken for; without it `choices` are what its owner said of
    it, and of several sheets the longest is meant.
    """
    said = choices or {}
    part = said.get("part") if known is None else known.part
    encoding = said.get("encoding") if known is None else known.encoding
    headings = () if known is None else known.headings
    try:
        if path.suffix in CSV_SUFFIXES:
            return Written("", read_csv_text(path, encoding).rows, headings)
        if path.suffix in SHEET_SUFFIXES:
            sheets, _ = read_sheets(path, part)
            sheet = max(sheets, key=lambda each: len(each.rows))
            return Written(sheet.name, [as_text(row) for row in sheet.rows], headings)
    except (FileError, ValueError):  # the findings say so; there is nothing to mark
        return None
    return None
