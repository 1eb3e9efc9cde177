"""What was found in a file, as a spreadsheet: its own cells with the faulty ones marked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from geo.errors import N_, filled
from geo.findings import Finding, Severity

MOST_CELLS = 400_000  # of the file itself; of a larger one only rows that must be mended
MOST_COMMENTS = 1000
LONGEST_CELL = 32_767
_HEAD_ROWS = 40
_MEND_WIDTH, _WIDTH = 60, 18
WORDS: Mapping[Severity, str] = {
    Severity.BLOCKS: N_("refused"),
    Severity.ASK: N_("to be decided"),
    Severity.CHANGED: N_("read otherwise than written"),
    Severity.LEFT_OUT: N_("left out"),
    Severity.LOOK: N_("to be looked at"),
}
_COLOURS = {
    Severity.BLOCKS: "#F8C9BC", Severity.ASK: "#D9CCEF", Severity.LEFT_OUT: "#FBDCC8",
    Severity.CHANGED: "#CFE6F5", Severity.LOOK: "#FFF0B8",
}  # fmt: skip
_GRAVEST = tuple(_COLOURS)


@dataclass(frozen=True, slots=True)
class Saying:
    """The language of a file: how message ids are said, how numbers are written."""

    say: Callable[[str], str]
    number: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a table as they were written, from its first row; `name` of its sheet.

    `headings` are the headings as its reader saw them, in the order of the columns; without
    them the headings are looked for among the first rows.
    """

    name: str
    rows: Sequence[Sequence[str]]
    headings: tuple[str, ...] = ()


def write_findings(
    path: Path, findings: Sequence[Finding], saying: Saying, written: Written | None
) -> None:
    """Write the findings, and the table they are about with its faulty cells coloured.

    Every cell is text: nothing of the file becomes a formula, a number or a link.
    """
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(path, options) as book:
        if written is not None and written.rows:
            _marked(book, findings, saying, written)
        _listed(book, findings, saying)


def sentence_of(finding: Finding, saying: Saying) -> tuple[str, str]:
    """Return what is wrong and how to mend it, without the place."""
    given = {"row": finding.row, "column": finding.column, "value": finding.value}
    values = filled({**given, **finding.params}, saying.say, saying.number)
    said = [saying.say(each) % values if each else "" for each in (finding.message, finding.mend)]
    return said[0], said[1]


def _listed(book: Any, findings: Sequence[Finding], saying: Saying) -> None:
    say = saying.say
    page = book.add_worksheet(say(N_("Findings"))[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    looks = _looks(book)
    headings = (N_("Row"), N_("Column"), N_("Value"), N_("Gravity"), N_("What was found"),
                N_("How to mend it"), N_("Kind of finding"))  # fmt: skip
    for at, (heading, width) in enumerate(zip(headings, (8, 24, 26, 20, 64, 50, 24), strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, say(heading), bold)
    for at, each in enumerate(sorted(findings, key=_gravest_first), start=1):
        message, mend = sentence_of(each, saying)
        if each.row is not None:
            page.write_number(at, 0, each.row, wrap)
        for column, text in enumerate((each.column, each.value), start=1):
            page.write_string(at, column, _cell(text or ""), wrap)
        page.write_string(at, 3, say(WORDS[each.severity]), looks[each.severity])
        for column, text in enumerate((message, mend, each.code), start=4):
            page.write_string(at, column, _cell(text), wrap)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(findings), 1), len(headings) - 1)


def _marked(book: Any, findings: Sequence[Finding], saying: Saying, written: Written) -> None:
    """Write the table itself: faulty cells coloured, what to do in a column of its own."""
    page = book.add_worksheet(_sheet_name(written.name) or saying.say(N_("Data")))
    looks, bold = _looks(book), book.add_format({"bold": True, "border": 1})
    width = max(map(len, written.rows[: _HEAD_ROWS * 10]), default=0)
    columns = _columns(written)
    by_row: dict[int, list[Finding]] = {}
    for each in sorted(findings, key=_gravest_first):
        if each.row is not None:
            by_row.setdefault(each.row, []).append(each)
    whole = sum(map(len, written.rows)) <= MOST_CELLS
    page.set_column(0, 0, 8)
    page.set_column(1, width, _WIDTH)
    page.set_column(width + 1, width + 1, _MEND_WIDTH)
    page.write_string(0, 0, saying.say(N_("Row")), bold)
    page.write_string(0, width + 1, saying.say(N_("How to mend it")), bold)
    at, comments = 1, 0
    for number, row in enumerate(written.rows, start=1):
        found = by_row.get(number, [])
        grave = any(each.severity is not Severity.LOOK for each in found)
        if not (whole or grave or number <= _HEAD_ROWS):
            continue
        page.write_number(at, 0, number)
        worst = {columns.get(each.column or "", -1): each for each in reversed(found)}
        for column, text in enumerate(row):
            if column not in worst:
                if text:
                    page.write_string(at, column + 1, _cell(text))
                continue
            page.write_string(at, column + 1, _cell(text), looks[worst[column].severity])
            if comments < MOST_COMMENTS:
                comments += 1
                page.write_comment(at, column + 1, " ".join(sentence_of(worst[column], saying)))
        if found:
            said = dict.fromkeys(" ".join(sentence_of(each, saying)).strip() for each in found)
            look = looks[found[0].severity]
            page.write_string(at, width + 1, _cell("; ".join(said)), look)
        at += 1
    page.freeze_panes(1, 1)


def _columns(written: Written) -> dict[str, int]:
    """Return in which column each heading stands, the first one where it stands twice."""
    found = {name: at for at, name in reversed(list(enumerate(written.headings)))}
    for row in written.rows[:_HEAD_ROWS]:
        for at, text in enumerate(row):
            found.setdefault(" ".join(text.split()), at)
    return found


def _looks(book: Any) -> dict[Severity, Any]:
    return {
        each: book.add_format({"bg_color": colour, "text_wrap": True, "valign": "top"})
        for each, colour in _COLOURS.items()
    }


def _gravest_first(finding: Finding) -> tuple[int, int]:
    return _GRAVEST.index(finding.severity), finding.row or 0


def _sheet_name(name: str) -> str:
    """Return a name that a spreadsheet takes: no signs it keeps for itself, at most 31."""
    kept = "".join(each for each in name if each not in "[]:*?/\\" and each.isprintable())
    return kept.strip("' ")[:31]


def _cell(text: str) -> str:
    """Return text that a cell can hold: not too long, no signs that XML has no place for."""
    if not text.isprintable():
        text = "".join(each for each in text if each >= " " or each in "\t\n")
    return text[:LONGEST_CELL]
