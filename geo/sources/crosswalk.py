"""A table of former communes and the present ones that took them → the crosswalk table."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.recognition import Choices, Recognised
from geo.sources.codes import commune_codes
from geo.sources.columns import match_columns
from geo.sources.fields import known_keys
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, mapped, there
from geo.tables import Crosswalk, crosswalk

HEADINGS = {
    "old_code": ("old_code", "Mã xã cũ", "Mã đơn vị cũ", "Mã cũ"),
    "old_name": ("old_name", "Xã cũ", "Tên xã cũ", "Tên đơn vị cũ", "Tên cũ"),
    "old_district": ("old_district", "Huyện cũ", "Quận/huyện cũ", "Tên huyện cũ"),
    "new_code": ("new_code", "Mã xã", "Mã xã mới", "Mã đơn vị mới", "Mã mới"),
    "relation": ("relation", "Quan hệ"),
}
_NEEDED = ("old_code", "old_name", "new_code")
_RELATIONS = {"full": "full", "partial": "partial", "toàn bộ": "full", "một phần": "partial"}
_NO_CODE = Seen(
    Severity.BLOCKS, "code-format", N_("is no commune code; a commune code has five digits.")
)
_AGAIN = Seen(
    Severity.LEFT_OUT, "pair-twice",
    N_("the two communes stand on an earlier row too; this one was left out."),
)  # fmt: skip
_NO_RELATION = Seen(
    Severity.LOOK, "relation-unknown",
    N_("is neither “full” nor “partial”; it was taken from the number of rows of the former commune."),
)  # fmt: skip
_CONTRADICTS = Seen(
    Severity.LOOK, "relation-contradicts",
    N_("says that the former commune passed whole, but it stands on %(count)s rows."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrosswalkFile:
    """The crosswalk of a file, what was seen, how many rows it has, how it was understood."""

    table: Crosswalk
    report: FindingReport
    rows: int
    recognised: Recognised


def read_crosswalk(path: Path) -> tuple[Crosswalk, FindingReport]:
    """Return the table and the findings of `read_crosswalk_file` without any choice."""
    file = read_crosswalk_file(path)
    return file.table, file.report


def read_crosswalk_file(path: Path, choices: Choices = NOTHING) -> CrosswalkFile:
    """Read former commune → present commune, whole (`full`) or in part (`partial`).

    Without a column for the relation a former commune that stands on one row passed whole,
    one on several rows in parts. A row without two codes blocks the file: a crosswalk with
    holes would lose communes unseen.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, _NEEDED, choices)
    cells = Cells(raw, HEADINGS, matched, choices)
    frame = pd.DataFrame(
        {"old_name": cells.text("old_name"), "old_district": cells.text("old_district")}
    )
    for field in ("old_code", "new_code"):
        codes = commune_codes(cells, field, None, Severity.BLOCKS)
        if field in matched:
            cells.see(~there(cells.written(field)), field, _NO_CODE)
        frame[field] = pd.Series(codes, dtype="str")
    frame["old_name"] = frame["old_name"].fillna(frame["old_code"])
    again = (frame[["old_code", "new_code"]].duplicated() & frame["old_code"].notna()).to_numpy()
    cells.see(again, "old_code", _AGAIN)
    frame["relation"] = pd.Series(_relations(cells, frame, again), dtype="str")
    kept = frame[~again].iloc[: 0 if raw.report.blocked else None]
    return CrosswalkFile(crosswalk(kept), raw.report, len(cells), raw.found)


def _relations(cells: Cells, frame: pd.DataFrame, again: np.ndarray) -> list[str]:
    """Return full or partial for every row, as written or as the number of rows says."""
    parts = frame["old_code"].where(~again).map(frame["old_code"][~again].value_counts())
    texts = cells.text("relation")
    written = mapped(texts, lambda each: _RELATIONS.get(each.lower()))
    cells.see(there(texts) & ~there(written), "relation", _NO_RELATION)
    counts = parts.fillna(1).to_numpy(int)
    wrong = (written == "full") & (counts > 1) & ~again
    cells.see(wrong, "relation", _CONTRADICTS, lambda at: {"count": int(counts[at])})
    guess = np.where(counts > 1, "partial", "full")
    return [str(g if w is None else w) for g, w in zip(guess, written, strict=True)]
