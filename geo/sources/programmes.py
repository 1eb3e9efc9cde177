"""A table of programmes that targets are given for → one row per programme."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import name_key, search_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import known_keys
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, mapped, there

HEADINGS = {
    "code": ("Mã chương trình", "Mã"),
    "name": ("Tên chương trình", "Chương trình", "Sản phẩm", "Tên"),
    "unit": ("Đơn vị tính", "ĐVT"),
    "counts": ("Cách tính", "Cách đếm"),
}
REPEATED = ("STT", "TT", "Ghi chú")
NEEDED = ("code", "name")
COUNTS = {"held": "Đang tham gia cuối kỳ", "new": "Tăng mới trong kỳ"}
_OTHERS = {"dang tham gia": "held", "luy ke": "held", "tang moi": "new", "phat sinh": "new"}
PERSON = "người"

_NO_CODE = Seen(Severity.LEFT_OUT, "code-missing", N_("the programme has no code."))
_NO_NAME = Seen(Severity.LEFT_OUT, "name-missing", N_("the programme has no name."))
_TWICE = Seen(Severity.BLOCKS, "code-twice", N_("stands on an earlier row too; delete one."))
_NAME_TWICE = Seen(
    Severity.BLOCKS, "name-twice", N_("stands on an earlier row too, under another code."),
    N_("Give every programme a name of its own."),
)  # fmt: skip
_COUNTS = Seen(Severity.LEFT_OUT, "counts-unknown", N_("is not known here; use one of %(known)s."))


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """The programmes of a file: code, name, unit, counts (held or new), in their order."""

    frame: pd.DataFrame
    report: FindingReport
    rows: int
    recognised: Recognised


def read_programmes(path: Path, choices: Choices = NOTHING) -> ProgrammeFile:
    """Read programmes; one without a unit counts people, one that says nothing those held.

    Raises `FileError` when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices)
    code, name = cells.text("code"), cells.text("name")
    cells.see(~there(code) & ("code" in matched), "code", _NO_CODE)
    cells.see(~there(name) & ("name" in matched), "name", _NO_NAME)
    twice = _again(code)
    cells.see(twice, "code", _TWICE)
    cells.see(_again(mapped(name, name_key)) & ~twice, "name", _NAME_TWICE)
    texts = cells.text("counts")
    words = {search_key(word): value for value, word in COUNTS.items()} | _OTHERS
    counts = mapped(texts, lambda text: words.get(search_key(text)))
    unknown = there(texts) & ~there(counts)
    cells.see(unknown, "counts", _COUNTS, lambda _: {"known": ", ".join(COUNTS.values())})
    unit = cells.text("unit")
    frame = pd.DataFrame(
        {"code": code, "name": name, "unit": np.where(there(unit), unit, PERSON),
         "counts": np.where(there(counts), counts, "held")}, dtype=object,
    )  # fmt: skip
    kept = frame[there(code) & there(name) & ~unknown & ~twice].reset_index(drop=True)
    return ProgrammeFile(kept, raw.report, len(cells), raw.found)


def _again(texts: np.ndarray) -> np.ndarray:
    series = pd.Series(texts, dtype=object)
    return (series.notna() & series.duplicated()).to_numpy()
