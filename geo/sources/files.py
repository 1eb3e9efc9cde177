"""Open a table as it is: raw text cells under the headings as they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import clean
from geo.recognition import SAMPLE_ROWS, Choices, Recognised
from geo.sources.cell_text import Cleaned, cleaned
from geo.sources.closing_rows import closing_rows, repeated_headings, total_rows
from geo.sources.csv_text import CSV_SUFFIXES
from geo.sources.gate import require_file
from geo.sources.headings import is_counting
from geo.sources.opened import TABLE_SUFFIXES, Opened, open_table
from geo.sources.workbook_marks import column_letters

__all__ = ["AGAIN", "TABLE_SUFFIXES", "RawTable", "TotalRow", "read_table"]
AGAIN = re.compile(r" #\d+$")  # what is put behind a heading that is repeated
NOTHING = Choices()
Column = NDArray[np.object_]
_MOST_NAMED = 12  # rows named in one finding


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row of totals, kept apart from the rows it sums: its number, heading → text."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of one sheet as text, where they stood, and what was seen on the way.

    `cells` has one column per heading (as written), every cell text or missing; `rows`
    are the row numbers of the file, counted from 1 with the heading, as its reader sees.
    `report` holds what was found so far and takes what the reader of the kind of file
    finds; `found` says how the file was understood, its columns still unmatched. `totals`
    are the rows of totals, `fractions` the positions of cells that a spreadsheet holds as
    numbers with decimals, by column: 1.234 is one there, and another thing in a text file.
    """

    cells: pd.DataFrame
    rows: list[int]
    report: FindingReport
    found: Recognised
    totals: list[TotalRow] = field(default_factory=list)
    fractions: dict[str, list[int]] = field(default_factory=dict)


def read_table(
    path: Path, known: frozenset[str], choices: Choices = NOTHING, *, private: bool = False
) -> RawTable:  # fmt: skip
    """Read a CSV, or the sheet of a spreadsheet that fits best, as text.

    `known` are heading keys (`geo.names.heading_key`); the headings are the row, or up to
    three rows joined, among the first thirty of any sheet that match most of them. Where
    none matches, the first row that looks like headings is taken, so that somebody can
    say which column is which. Findings on a `private` table show no cell's text. Raises
    `FileError` when the file is no table or holds none.
    """
    require_file(path)
    report = FindingReport(path.name, choices.answers)
    opened = open_table(path, known, choices, report)
    headings, columns, rows, fractions = _body(opened, path, report, private=private)
    kept = _data_rows(columns, headings, rows, report)
    frame = pd.DataFrame(
        {name: pd.Series(_missing(each[kept.data]), dtype=object)
         for name, each in zip(headings, columns, strict=True)}
    )  # fmt: skip
    totals = [
        TotalRow(int(rows[at]), {name: str(each[at]) for name, each in zip(headings, columns, strict=True) if each[at]})
        for at in np.flatnonzero(kept.totals)
    ]  # fmt: skip
    sample = tuple(
        tuple("" if each is None else str(each) for each in row)
        for row in frame.head(SAMPLE_ROWS).to_numpy().tolist()
    )
    found = Recognised(
        opened.format, len(frame), part=opened.sheet.name or None, parts=opened.parts,
        heading_row=opened.head.last + 1, headings=tuple(headings), encoding=opened.encoding,
        letters=opened.letters, sample=sample,
    )  # fmt: skip
    decimals = {name: np.flatnonzero(each[kept.data]).tolist() for name, each in fractions.items()}
    report = _without_values(report, choices) if private else report
    return RawTable(frame, rows[kept.data].tolist(), report, found, totals, decimals)


def _without_values(report: FindingReport, choices: Choices) -> FindingReport:
    """Return the findings without any text of a cell."""
    bare = FindingReport(report.file, choices.answers)
    for each in report:
        params = {k: "…" if k in ("before", "after") else v for k, v in each.params.items()}
        bare.add(replace(each, value=None, params=params))
    return bare


# --- the cells under the headings --------------------------------------------------------


def _body(
    opened: Opened, path: Path, report: FindingReport, *, private: bool
) -> tuple[list[str], list[Column], NDArray[np.int64], dict[str, NDArray[np.bool_]]]:
    """Return headings, columns of clean text, the number of every row, and where fractions are."""
    texts = list(opened.head.texts)
    while texts and not texts[-1]:
        texts.pop()
    # What is no known heading may be a person's row: private tables show letters instead.
    headings = _unique([""] * len(texts) if private and not opened.head.score else texts)
    width, first = len(headings), opened.head.last + 1
    body = opened.sheet.rows[first:]
    if body and is_counting([str(each) for each in opened.texts(body[0])]):
        body, first = body[1:], first + 1
    if path.suffix.lower() in CSV_SUFFIXES:
        body = _even(body, width, first, report)
    else:
        body = [
            row[:width] + [""] * (width - len(row))
            for row in _without_stray(body, width, first, report)
        ]
    numbers = np.arange(first + 1, first + 1 + len(body))
    columns, fractions = [], {}
    for at, values in enumerate(zip(*body, strict=True) if body else [()] * width):
        cells = cleaned(_with_errors(opened.texts(values), opened, at + 1, first))
        _say_cleaned(cells, headings[at], numbers, report)
        columns.append(np.array([*cells.cells, None], dtype=object)[:-1])
        found = [type(each) is float and not each.is_integer() for each in values]
        if any(found):
            fractions[headings[at]] = np.array(found)
    _say_marks(opened, headings, first, report)
    return headings, columns, numbers, fractions


def _unique(headings: Sequence[str]) -> list[str]:
    """Return the headings, a number behind every repeated one, letters for an empty one."""
    seen: dict[str, int] = {}
    unique = []
    for at, heading in enumerate(headings, start=1):
        text = clean(heading) or f"({column_letters(at)})"
        seen[text] = seen.get(text, 0) + 1
        unique.append(text if seen[text] == 1 else f"{text} #{seen[text]}")
    return unique


def _even(body: list[list[str]], width: int, first: int, report: FindingReport) -> list[list[str]]:
    """Return rows of equal length; a longer one blocks the file, a shorter one is named."""
    even = []
    for number, row in enumerate(body, start=first + 1):
        if len(row) == width:
            even.append(row)
            continue
        found, filled = len(row), any(each.strip() for each in row)
        if filled and (found < width or any(each.strip() for each in row[width:])):
            longer = found > width
            report.add(
                Finding(Severity.BLOCKS if longer else Severity.LOOK,
                        "row-ragged" if longer else "row-short",
                        N_("has %(found)s cells under %(headings)s headings."),
                        N_("Put a text that contains the separator in quotation marks."),
                        row=number, params={"found": found, "headings": width})
            )  # fmt: skip
        even.append((row + [""] * width)[:width])
    return even


def _without_stray(
    body: list[list[object]], width: int, first: int, report: FindingReport
) -> list[list[object]]:
    """Name cells that stand to the right of the last heading; they are not read."""
    if not body or len(body[0]) <= width:
        return body
    stray = [
        (number, at, value)
        for number, row in enumerate(body, start=first + 1)
        for at, value in enumerate(row[width:], start=width + 1)
        if value not in ("", None) and str(value).strip()
    ]
    if stray:
        number, at, value = stray[0]
        report.add(
            Finding(Severity.LOOK, "cells-beyond",
                    N_("%(count)s cells stand to the right of the last heading and were not read; the first is %(cell)s."),
                    N_("Give their column a heading, or delete them."),
                    row=number, value=str(value)[:40],
                    params={"count": len(stray), "cell": f"{column_letters(at)}{number}"})
        )  # fmt: skip
    return body


def _with_errors(texts: list[str], opened: Opened, column: int, first: int) -> list[str]:
    """Put the error values of a spreadsheet, which its reader gives as empty, in their place."""
    for (row, at), value in opened.sheet.marks.errors.items():
        if at == column and first < row <= first + len(texts):
            texts[row - first - 1] = value
    return texts


def _missing(cells: Column) -> Column:
    return np.array([each or None for each in cells], dtype=object)


# --- rows that are no data -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which rows are data, which are totals."""

    data: NDArray[np.bool_]
    totals: NDArray[np.bool_]


def _data_rows(
    columns: Sequence[Column], headings: Sequence[str], rows: NDArray[np.int64],
    report: FindingReport,
) -> _Kept:  # fmt: skip
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= column != ""
    again = repeated_headings(columns, headings)
    totals = total_rows(columns) & ~again
    last = np.flatnonzero(filled)
    closing = np.zeros(len(rows), dtype=bool)
    if len(last):
        end = int(last[-1]) + 1
        places = np.flatnonzero(filled[:end])
        closing[places] = closing_rows([column[places] for column in columns])
    closing &= ~totals
    for at in np.flatnonzero(totals):
        agreed = report.ask(
            Finding(Severity.ASK, "total-row", N_("is a row of totals, not of data."),
                    N_("Agree to leave it out of the data."), row=int(rows[at]),
                    value=next((str(c[at])[:40] for c in columns if c[at]), None)),
            Severity.LOOK,
        )  # fmt: skip
        totals[at] = agreed or "total-row" in report.asked
    for code, message, found in (
        ("heading-repeated", N_("the headings stand again on %(count)s rows, which were read past: %(rows)s."), again),
        ("closing-rows", N_("%(count)s lines below the table were read past: rows %(rows)s."), closing),
    ):  # fmt: skip
        if found.any():
            named = rows[found].tolist()
            report.add(Finding(Severity.LOOK, code, message, row=named[0],
                               params={"count": len(named), "rows": named_rows(named)}))  # fmt: skip
    return _Kept(filled & ~again & ~totals & ~closing, totals)


def named_rows(rows: Sequence[int]) -> str:
    """Return row numbers as a text, neighbours joined: 3–5, 9."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    texts = [f"{a}" if a == b else f"{a}–{b}" for a, b in runs[:_MOST_NAMED]]
    return ", ".join(texts) + (" …" if len(runs) > _MOST_NAMED else "")


# --- what is said about the sheet ---------------------------------------------------------


def _say_cleaned(
    cells: Cleaned, heading: str, numbers: NDArray[np.int64], report: FindingReport
) -> None:
    for code, message, found in (
        ("invisible-characters", N_("%(count)s cells held invisible characters, which were taken out: rows %(rows)s."), cells.invisible),
        ("homoglyph", N_("%(count)s cells held the letter Ð of another language, read as Đ: rows %(rows)s."), cells.homoglyphs),
    ):  # fmt: skip
        if found:
            named = numbers[list(found)].tolist()
            report.add(Finding(Severity.CHANGED, code, message, row=named[0], column=heading,
                               value=cells.cells[found[0]][:40],
                               params={"count": len(named), "rows": named_rows(named)}))  # fmt: skip


def _say_marks(opened: Opened, headings: Sequence[str], first: int, report: FindingReport) -> None:
    marks, end = opened.sheet.marks, len(opened.sheet.rows)
    hidden = [row for row in marks.hidden if first < row <= end]
    if hidden:
        report.add(
            Finding(Severity.LOOK, "hidden-row",
                    N_("%(count)s rows are hidden in the spreadsheet; they were read: %(rows)s."),
                    N_("Delete them there if they are not meant."), row=hidden[0],
                    params={"count": len(hidden), "rows": named_rows(hidden)})
        )  # fmt: skip
    for at, heading in enumerate(headings, start=1):
        rows = [row for row, column in marks.bare if column == at and row > first]
        if rows:
            report.add(
                Finding(Severity.BLOCKS, "formula-without-value",
                        N_("%(count)s formulas have no value in the file: rows %(rows)s."),
                        N_("Open the file in Excel and save it, or paste the values."),
                        row=rows[0], column=heading,
                        params={"count": len(rows), "rows": named_rows(rows)})
            )  # fmt: skip
