"""The decisions that a meeting wrote into the spreadsheet of a round, read back.

Everything wrong is told at once, each with row, column, value and mend; as long as anything
is, no decision of the file should be kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import search_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns
from geo.sources.fields import iso_date, known_keys, whole_number
from geo.sources.files import NOTHING, RawTable, read_table
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from planning.exports.packet import decision_sheet as sheet
from planning.exports.packet import words
from planning.exports.packet.columns import NUMBER
from planning.model.people import Action
from planning.model.proposals import MOST_TEXT, Reason, fits

HEADINGS = {
    "number": (sheet.KEY_NUMBER,), "version": (sheet.KEY_VERSION,), "shown": (NUMBER,),
    "verdict": (sheet.DECISION,), "code": (sheet.REASON_CODE,), "text": (sheet.REASON,),
    "document": (sheet.DOCUMENT,), "day": (sheet.DECIDED_ON,),
}  # fmt: skip
NEEDED = ("number", "version", "verdict")
_WRITTEN = ("verdict", "code", "text", "document", "day")
_MOST_DOCUMENT = 100

_UNKNOWN = Seen(
    Severity.BLOCKS, "proposal-unknown", N_("is no proposal of this round."),
    N_("Write the decision into the spreadsheet of the round itself."),
)  # fmt: skip
_NO_KEY = Seen(
    Severity.BLOCKS, "proposal-missing", N_("the row names no proposal, yet it holds a decision."),
    N_("Write the decision into the row of its proposal; the hidden columns name it."),
)  # fmt: skip
_PARTED = Seen(
    Severity.BLOCKS, "proposal-parted",
    N_("the row shows another proposal than the hidden column names: %(number)s."),
    N_("Take the spreadsheet again and write the decisions anew: its rows were torn apart."),
)  # fmt: skip
_CHANGED = Seen(
    Severity.BLOCKS, "proposal-changed",
    N_("%(number)s was changed after this spreadsheet was made (version %(present)s now)."),
    N_("Look at the proposal again, and decide on its page."),
)  # fmt: skip
_TWICE = Seen(
    Severity.BLOCKS, "proposal-twice", N_("%(number)s is decided on row %(other)s too."),
    N_("Keep one of the rows."),
)  # fmt: skip
_VERDICT = Seen(
    Severity.BLOCKS, "decision-unknown", N_("is no decision; write one of %(known)s."),
)  # fmt: skip
_NO_VERDICT = Seen(
    Severity.BLOCKS, "decision-missing", N_("stands on a row without a decision."),
    N_("Write the decision, or empty the cell."),
)  # fmt: skip
_NO_CODE = Seen(
    Severity.BLOCKS, "reason-code-missing", N_("a refusal needs the code of its reason."),
    N_("Choose a code of the sheet “Mã lý do”."),
)  # fmt: skip
_CODE = Seen(
    Severity.BLOCKS, "reason-code-unknown", N_("is no code of a reason; write one of %(known)s."),
)  # fmt: skip
_NO_TEXT = Seen(
    Severity.BLOCKS, "reason-missing",
    N_("the reason has to be written out: what is wanted, or which other reason it is."),
)  # fmt: skip
_TEXT = Seen(
    Severity.BLOCKS, "text-too-long", N_("has more than %(most)s characters, or some that cannot be shown."),
)  # fmt: skip
_DAY = Seen(Severity.BLOCKS, "decision-day", N_("is no date; write day/month/year."))
_CODE_UNUSED = Seen(
    Severity.LOOK, "reason-code-unused", N_("is not kept: only a refusal has the code of a reason."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a meeting: the row it stands on, about which proposal as it stood, what.

    `action` is approve, reject or ask more; `reason` only of a refusal; `text`, `document` and
    `day` (ISO) are empty where nothing was written.
    """

    row: int
    number: str
    version: int
    action: Action
    reason: Reason | None
    text: str
    document: str
    day: str


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of decisions that somebody typed, under the words of the spreadsheet.

    `version` is the one of the proposal that they looked at; an empty `verdict` decides nothing.
    """

    number: str
    version: int
    verdict: str = ""
    code: str = ""
    text: str = ""
    document: str = ""
    day: str = ""


def decisions_in(
    path: Path, versions: Mapping[str, int], choices: Choices = NOTHING
) -> tuple[tuple[Decided, ...], FindingReport]:
    """Return the decisions of a filled spreadsheet and everything seen in it.

    `versions` are the proposals of the round, number → present version. Rows without a
    decision are read past; of a row with a fault there is no decision. Raises `FileError`
    when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
    return _read(Cells(raw, HEADINGS, matched, choices), versions)


def decisions_typed(
    lines: Sequence[Typed], versions: Mapping[str, int]
) -> tuple[tuple[Decided, ...], FindingReport]:
    """Return the decisions of typed lines as of a spreadsheet; rows are counted from 1."""
    columns = {field: HEADINGS[field][0] for field in Typed.__dataclass_fields__}
    cells = pd.DataFrame(
        [[str(getattr(line, field)).strip() or None for field in columns] for line in lines],
        columns=list(columns.values()), dtype=object,
    )  # fmt: skip
    raw = RawTable(
        cells, [*range(1, len(lines) + 1)], FindingReport(""), Recognised("", len(lines))
    )
    return _read(Cells(raw, HEADINGS, columns), versions)


def _read(cells: Cells, versions: Mapping[str, int]) -> tuple[tuple[Decided, ...], FindingReport]:
    """Return the decisions of rows of cells, and everything seen in them."""
    texts = {field: cells.text(field) for field in HEADINGS}
    bad = _keys(cells, texts, versions) | _verdicts(cells, texts) | _reasons(cells, texts)
    bad |= _details(cells, texts)
    decided = there(mapped(texts["verdict"], _verdict)) & ~bad
    return tuple(_decisions(cells, texts, decided)), cells.report


def _keys(
    cells: Cells, texts: Mapping[str, Texts], versions: Mapping[str, int]
) -> NDArray[np.bool_]:
    """Report rows whose proposal is not known, parted from its row, changed or decided twice."""
    number, filled = texts["number"], _filled(texts)
    keyless = ~there(number) & filled
    cells.see(keyless, "number", _NO_KEY)
    unknown = there(number) & filled & ~Cells.among(number, tuple(versions))
    cells.see(unknown, "number", _UNKNOWN)
    shown = texts["shown"]
    parted = there(number) & there(shown) & (shown != number) & filled
    cells.see(parted, "shown", _PARTED, lambda at: {"number": number[at]})
    read = mapped(texts["version"], whole_number)
    present = mapped(number, versions.get)
    changed = there(number) & filled & ~unknown & (read != present)
    cells.see(changed, "version", _CHANGED,
              lambda at: {"number": number[at], "present": present[at]})  # fmt: skip
    other = _repeated(cells, number, filled)
    cells.see(list(other), "number", _TWICE,
              lambda at: {"number": number[at], "other": other[at]})  # fmt: skip
    bad = keyless | unknown | parted | changed
    bad[list(other)] = True
    return np.asarray(bad, dtype=bool)


def _repeated(cells: Cells, number: Texts, filled: NDArray[np.bool_]) -> dict[int, int]:
    """Return the positions of rows that decide again what another row decides, and which."""
    places: dict[str, list[int]] = {}
    for at in np.flatnonzero(filled & there(number)).tolist():
        places.setdefault(str(number[at]), []).append(at)
    return {
        at: int(cells.rows[rows[1] if at == rows[0] else rows[0]])
        for rows in places.values() if len(rows) > 1
        for at in rows
    }  # fmt: skip


def _verdicts(cells: Cells, texts: Mapping[str, Texts]) -> NDArray[np.bool_]:
    verdict = texts["verdict"]
    unknown = there(verdict) & ~there(mapped(verdict, _verdict))
    known = ", ".join(f"“{each}”" for each in sheet.VERDICTS.values())
    cells.see(unknown, "verdict", _VERDICT, lambda _: {"known": known})
    for field in _WRITTEN[1:]:
        cells.see(there(texts[field]) & ~there(verdict), field, _NO_VERDICT)
    return unknown | ~there(verdict)


def _reasons(cells: Cells, texts: Mapping[str, Texts]) -> NDArray[np.bool_]:
    """Report refusals without a reason, codes that are none, and reasons not written out."""
    action, code, text = mapped(texts["verdict"], _verdict), texts["code"], texts["text"]
    reason = mapped(code, _reason)
    refused, asked = action == Action.REJECT, action == Action.ASK_MORE
    missing = refused & ~there(code)
    cells.see(missing, "code", _NO_CODE)
    unknown = refused & there(code) & ~there(reason)
    known = ", ".join(words.REASON_CODES.values())
    cells.see(unknown, "code", _CODE, lambda _: {"known": known})
    bare = (asked | (refused & (reason == Reason.OTHER))) & ~there(text)
    cells.see(bare, "text", _NO_TEXT)
    cells.see(there(action) & ~refused & there(code), "code", _CODE_UNUSED)
    return np.asarray(missing | unknown | bare, dtype=bool)


def _details(cells: Cells, texts: Mapping[str, Texts]) -> NDArray[np.bool_]:
    """Report texts that are too long and days that are none."""
    bad = np.zeros(len(cells), dtype=bool)
    for field, most in (("text", MOST_TEXT), ("document", _MOST_DOCUMENT)):
        bad |= _too_long(cells, field, texts[field], most)
    day = texts["day"]
    wrong = there(day) & ~there(cells.parsed("day", day, iso_date, _DAY))
    return bad | wrong


def _too_long(cells: Cells, field: str, texts: Texts, most: int) -> NDArray[np.bool_]:
    fitting = mapped(texts, lambda text: len(text) <= most and fits(text, MOST_TEXT))
    long = np.asarray(there(texts) & ~fitting.astype(bool), dtype=bool)
    cells.see(long, field, _TEXT, lambda _: {"most": most})
    return long


def _decisions(
    cells: Cells, texts: Mapping[str, Texts], decided: NDArray[np.bool_]
) -> Iterator[Decided]:
    action, reason = mapped(texts["verdict"], _verdict), mapped(texts["code"], _reason)
    for at in np.flatnonzero(decided).tolist():
        refused = action[at] is Action.REJECT
        yield Decided(
            int(cells.rows[at]), str(texts["number"][at]), whole_number(texts["version"][at]) or 0,
            action[at], reason[at] if refused else None, texts["text"][at] or "",
            texts["document"][at] or "", iso_date(texts["day"][at] or "") or "",
        )  # fmt: skip


def _filled(texts: Mapping[str, Texts]) -> NDArray[np.bool_]:
    """Return which rows hold anything that a meeting wrote."""
    filled = np.logical_or.reduce([there(texts[field]) for field in _WRITTEN])
    return np.asarray(filled, dtype=bool)


_KNOWN_VERDICTS = {search_key(text): action for action, text in sheet.VERDICTS.items()}
_KNOWN_REASONS = {
    search_key(text): reason
    for reason in Reason
    for text in (words.REASON_CODES[reason], words.REASONS[reason], reason.value)
}


def _verdict(text: str) -> Action | None:
    return _KNOWN_VERDICTS.get(search_key(text))


def _reason(text: str) -> Reason | None:
    return _KNOWN_REASONS.get(search_key(text))
