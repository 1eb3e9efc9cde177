"""A table of former communes and the present ones that took them → the crosswalk table."""

from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.sources.fields import code_text, known_keys, match_headings, require_fields, text_column
from geo.sources.files import read_table
from geo.tables import Crosswalk, crosswalk

HEADINGS = {
    "old_code": ("old_code", "Mã xã cũ"),
    "old_name": ("old_name", "Xã cũ", "Tên xã cũ"),
    "old_district": ("old_district", "Huyện cũ"),
    "new_code": ("new_code", "Mã xã", "Mã xã mới"),
    "relation": ("relation", "Quan hệ"),
}
_NEEDED = {field: HEADINGS[field] for field in ("old_code", "old_name", "new_code")}
_RELATIONS = {"full": "full", "partial": "partial", "toàn bộ": "full", "một phần": "partial"}


def read_crosswalk(path: Path) -> tuple[Crosswalk, FindingReport]:
    """Read former commune → present commune, whole (`full`) or in part (`partial`).

    Without a column for the relation a former commune that stands on one row passed whole,
    one on several rows in parts. A row without two codes blocks the file: a crosswalk with
    holes would lose communes unseen.
    """
    raw = read_table(path, known_keys(HEADINGS))
    matched = match_headings(raw, HEADINGS, path.name)
    require_fields(matched, _NEEDED, raw, path.name)
    report = FindingReport(path.name)
    cells = pd.DataFrame({field: text_column(raw, matched, field) for field in HEADINGS})
    for field in ("old_code", "new_code"):
        codes = [None if pd.isna(each) else code_text(str(each), 5) for each in cells[field]]
        for at, code in enumerate(codes):
            if code is None:
                written = cells[field].iloc[at]
                report.add(
                    Finding(Severity.BLOCKS, "code-format",
                            N_("is no commune code; a commune code has five digits."),
                            row=raw.rows[at], column=matched[field],
                            value="" if pd.isna(written) else str(written))
                )  # fmt: skip
        cells[field] = pd.Series(codes, dtype="str")
    again = cells[["old_code", "new_code"]].duplicated() & cells["old_code"].notna()
    for at in map(int, np.flatnonzero(again)):
        report.add(
            Finding(Severity.LEFT_OUT, "pair-twice",
                    N_("the two communes stand on an earlier row too; this one was left out."),
                    row=raw.rows[at], column=matched["old_code"],
                    value=str(cells["old_code"].iloc[at]))
        )  # fmt: skip
    cells = cells[~again].reset_index(drop=True)
    parts = cells.groupby("old_code")["new_code"].transform("size")
    guess = (parts > 1).map({True: "partial", False: "full"})
    relation = cells["relation"].str.lower().map(_RELATIONS).fillna(guess)
    if report.blocked:
        return crosswalk(cells.iloc[:0].assign(relation="full")), report
    return crosswalk(cells.assign(relation=relation)), report
