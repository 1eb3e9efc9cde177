"""Open a table as it is: raw text cells under the headings as they are written."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import FileError
from geo.names import clean, heading_key
from geo.sources.gate import require_file
from geo.sources.sheets import SHEET_SUFFIXES, Rows, sheet_rows

TABLE_SUFFIXES = (".csv", ".txt", *SHEET_SUFFIXES)
_HEADING_ROWS = 10


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of one sheet as text, and where they stood.

    `cells` has one column per heading (as written), every cell text or missing; `rows`
    are the row numbers of the file, counted from 1 with the heading, as its reader sees.
    """

    cells: pd.DataFrame
    rows: list[int]


def read_table(path: Path, known: frozenset[str]) -> RawTable:
    """Read a CSV, or the sheet of a spreadsheet that fits best, as text.

    `known` are heading keys (`geo.names.heading_key`); the heading row is the one of the
    first ten of any sheet that matches most of them. Raises `FileError` when none matches, when the
    file is no table, or when rows are longer than their heading.
    """
    require_file(path)
    rows = max(_sheets(path), key=lambda each: max(_scores(each, known), default=0))
    scores = _scores(rows, known)
    if not scores or max(scores) == 0:
        raise FileError(
            "%(file)s has no row of headings that is known here; its first row is “%(row)s”.",
            file=path.name, row=" | ".join(rows[0][1])[:80] if rows else "",
        )  # fmt: skip
    at = scores.index(max(scores))
    headings = rows[at][1]
    while headings and not headings[-1]:
        headings = headings[:-1]
    body = [(number, row) for number, row in rows[at + 1 :] if any(row)]
    for number, row in body:
        if any(row[len(headings) :]):
            raise FileError(
                "%(file)s, row %(row)s: has %(found)s cells under %(headings)s headings; put a "
                "text that contains the separator in quotation marks.",
                file=path.name, row=number, found=len(row), headings=len(headings),
            )  # fmt: skip
    width = len(headings)
    cells = [[cell or None for cell in (row + [""] * width)[:width]] for _, row in body]
    frame = pd.DataFrame(cells, columns=_unique(headings), dtype="str")
    return RawTable(frame, [number for number, _ in body])


def _sheets(path: Path) -> list[Rows]:
    """Return the rows of every sheet; a CSV is one sheet."""
    if path.suffix.lower() in (".csv", ".txt"):
        return [_csv_rows(path)]
    if path.suffix.lower() not in SHEET_SUFFIXES:
        raise FileError(
            "%(file)s is not a kind of table read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(TABLE_SUFFIXES),
        )  # fmt: skip
    return sheet_rows(path)


def _scores(rows: Rows, known: frozenset[str]) -> list[int]:
    """Return how many known headings each of the first rows holds."""
    return [len({heading_key(cell) for cell in row} & known) for _, row in rows[:_HEADING_ROWS]]


def _csv_rows(path: Path) -> Rows:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            "%(file)s is not UTF-8 text; in Excel save it as “CSV UTF-8”.", file=path.name
        ) from error
    head = "\n".join(text.split("\n", _HEADING_ROWS)[:_HEADING_ROWS])
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: Rows = []
    try:
        # Rows are counted as a spreadsheet shows them: a cell of several lines is one row.
        for number, row in enumerate(reader, start=1):
            rows.append((number, [_unquoted(clean(c)) for c in row]))
    except csv.Error as error:
        raise FileError(
            "%(file)s is no CSV table near line %(row)s.", file=path.name, row=reader.line_num
        ) from error
    return rows


def _unquoted(cell: str) -> str:
    """Return text without the apostrophe that keeps a spreadsheet from taking it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _unique(headings: list[str]) -> list[str]:
    """Return the headings with a number behind every repeated or empty one."""
    seen: dict[str, int] = {}
    unique = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        unique.append(heading if seen[heading] == 1 and heading else f"{heading} #{seen[heading]}")
    return unique
