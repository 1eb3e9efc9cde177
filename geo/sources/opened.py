"""A table file opened: the sheet that fits best, its values, its letters, its headings."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.letters import Letters, converted, recognise
from geo.recognition import Choices
from geo.sources.cell_text import as_text
from geo.sources.csv_text import CSV_SUFFIXES, read_csv_text
from geo.sources.headings import HEADING_ROWS, HeadingRows, find_headings
from geo.sources.sheets import MOST_SHEETS, SHEET_SUFFIXES, Sheet, read_sheets

TABLE_SUFFIXES = (*CSV_SUFFIXES, *SHEET_SUFFIXES)
_SAMPLE_ROWS = 400  # of each sheet, to tell its letters by
_MOST_RIVALS = 6  # that are named
_CLEARLY = 2  # times as many known headings as any other sheet
AS_WRITTEN = "none"  # a choice of letters: convert nothing


@dataclass(frozen=True, slots=True)
class Opened:
    """One sheet and how it was understood, its values still as the file has them.

    `encoding` is the coding of a text file's bytes, `letters` the legacy letters its texts
    are to be turned from.
    """

    sheet: Sheet
    head: HeadingRows
    format: str
    parts: tuple[str, ...] = field(default=())
    encoding: str | None = None
    letters: Letters | None = None

    def texts(self, values: Sequence[Any]) -> list[str]:
        """Return values as text in Unicode, cleaned of nothing."""
        return _texts(values, self.letters)


def open_table(
    path: Path, known: frozenset[str], choices: Choices, report: FindingReport
) -> Opened:
    """Return the sheet whose headings are known best, or the one chosen.

    Raises `FileError` for a file that is no table, that is empty, and for a choice that
    does not fit it.
    """
    suffix = path.suffix.lower()
    encoding: str | None = None
    parts: tuple[str, ...] = ()
    if suffix in CSV_SUFFIXES:
        text = read_csv_text(path, choices.encoding)
        sheets, encoding = [Sheet("", list(text.rows))], text.encoding
    elif suffix in SHEET_SUFFIXES:
        sheets, parts = read_sheets(path, choices.part)
    else:
        raise FileError(
            "%(file)s is not a kind of table read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(TABLE_SUFFIXES),
        )  # fmt: skip
    last = None if choices.heading_row is None else choices.heading_row - 1
    found = [
        Opened(sheet, head, suffix.removeprefix("."), parts, encoding, letters)
        for sheet in sheets
        for letters in [_letters(sheet, choices, path)]
        if (head := _head(sheet, known, letters, last)) is not None
    ]
    if not found:
        raise _no_headings(path, sheets, choices)
    best = max(found, key=lambda each: (each.head.score, not each.sheet.hidden))
    _say_sheet(best, found, choices, report)
    return _agreed(best, choices, report)


def _letters(sheet: Sheet, choices: Choices, path: Path) -> Letters | None:
    if choices.letters == AS_WRITTEN:
        return None
    if choices.letters is not None:
        try:
            return Letters(choices.letters)
        except ValueError:
            raise FileError(
                "%(file)s: “%(letters)s” are no letters known here; choose one of %(known)s.",
                file=path.name, letters=choices.letters[:20],
                known=", ".join([*map(str, Letters), AS_WRITTEN]),
            ) from None  # fmt: skip
    sample = [each for row in sheet.rows[:_SAMPLE_ROWS] for each in row if isinstance(each, str)]
    found = recognise(sample)
    return None if found is Letters.NFD else found  # every text is composed anyway


def _head(
    sheet: Sheet, known: frozenset[str], letters: Letters | None, last: int | None
) -> HeadingRows | None:
    count = max(HEADING_ROWS, (last or 0) + 1)
    rows = [_texts(row, letters) for row in sheet.rows[:count]]
    return find_headings(rows, known, sheet.merged, last)


def _texts(values: Sequence[Any], letters: Letters | None) -> list[str]:
    texts = as_text(values)
    if letters is None:
        return texts
    return [each if each.isascii() else converted(each, letters) for each in texts]


def _no_headings(path: Path, sheets: Sequence[Sheet], choices: Choices) -> FileError:
    if choices.heading_row is not None:
        return FileError(
            "%(file)s has no headings on row %(row)s.", file=path.name, row=choices.heading_row
        )
    rows = sheets[0].rows if sheets else []
    return FileError(
        "%(file)s has no row of headings; its first row is “%(row)s”.",
        file=path.name, row=" | ".join(as_text(rows[0]))[:80] if rows else "",
    )  # fmt: skip


def _listed(rivals: Sequence[Opened], parts: Sequence[str]) -> str:
    """Return the names of the first rivals and how many more there are, looked into or not."""
    named = [f"“{each.sheet.name}”" for each in rivals[:_MOST_RIVALS]]
    rest = len(rivals) - len(named) + max(0, len(parts) - MOST_SHEETS)
    return ", ".join(named) + (f" … +{rest}" if rest else "")


def _say_sheet(
    best: Opened, found: Sequence[Opened], choices: Choices, report: FindingReport
) -> None:
    others = [each for each in found if each is not best and each.head.score]
    rivals = [each for each in others if best.head.score < _CLEARLY * each.head.score]
    if rivals and choices.part is None:
        report.add(
            Finding(Severity.LOOK, "sheet-choice",
                    N_("the sheet “%(part)s” was read; %(others)s could have been meant too."),
                    N_("If another one is meant, choose it."),
                    params={"part": best.sheet.name, "others": _listed(rivals, best.parts)})
        )  # fmt: skip
    if best.sheet.hidden:
        report.add(
            Finding(Severity.LOOK, "sheet-hidden", N_("the sheet read, “%(part)s”, is hidden."),
                    params={"part": best.sheet.name})
        )  # fmt: skip


def _agreed(opened: Opened, choices: Choices, report: FindingReport) -> Opened:
    """Return the sheet with its letters settled: told, asked for or left as they are."""
    guessed = opened.encoding is not None and choices.encoding is None
    if guessed and not str(opened.encoding).startswith(("utf", "iso-8859-1", "windows-1252")):
        report.add(
            Finding(Severity.LOOK, "encoding",
                    N_("the bytes of the file were read as %(encoding)s; check the letters shown."),
                    params={"encoding": opened.encoding})
        )  # fmt: skip
    if opened.letters is None:
        return opened
    before, after = _example(opened)
    finding = Finding(
        Severity.CHANGED, "letters-legacy",
        N_("the texts are written in %(letters)s letters and were read as Unicode: “%(before)s” as “%(after)s”."),
        N_("Agree if the letters shown are right; else choose others."),
        params={"letters": opened.letters.value, "before": before, "after": after},
    )  # fmt: skip
    if choices.letters is not None:
        report.add(finding)
        return opened
    report.ask(finding, otherwise=Severity.LOOK)
    declined = choices.answers.get(finding.code) is False
    return replace(opened, letters=None) if declined else opened


def _example(opened: Opened) -> tuple[str, str]:
    """Return a text that the conversion changes, before and after."""
    for row in opened.sheet.rows[opened.head.first : _SAMPLE_ROWS]:
        plain = as_text(row)
        for before, after in zip(plain, opened.texts(row), strict=True):
            if before != after:
                return before[:40], after[:40]
    return "", ""
