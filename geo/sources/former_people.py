"""People by former commune → people by present commune, where a commune passed whole."""

from collections.abc import Mapping

import pandas as pd

from geo.errors import N_
from geo.findings import Finding, Severity
from geo.sources.rows import Cells, Seen
from geo.tables import Crosswalk

_SPLIT = Seen(
    Severity.LEFT_OUT, "commune-split",
    N_("former commune %(old)s was divided among %(new)s; its people must be divided first."),
)  # fmt: skip
_UNLINKED = Seen(
    Severity.LEFT_OUT, "commune-unlinked", N_("former commune %(old)s stands in no crosswalk.")
)


def carried(
    cells: Cells, frame: pd.DataFrame, crosswalk: Crosswalk
) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Return people by present commune, and by the former communes that were divided.

    A present commune is unknown when a whole commune that went into it is unknown or
    missing; people of a divided commune are left out of all its parts, which therefore are
    unknown too: a part of the people would look like all.
    """
    taken = crosswalk.groupby("old_code")["new_code"].agg(list)
    whole = crosswalk[crosswalk["relation"] == "full"].drop_duplicates("old_code")
    target = dict(zip(whole["old_code"], whole["new_code"], strict=True))
    apportion: dict[str, int] = {}
    people = dict(zip(frame["code"], frame["people"], strict=True))
    for code, count, at in frame[["code", "people", "at"]].itertuples(index=False):
        if code not in taken.index:
            cells.see([int(at)], "old_code", _UNLINKED, {int(at): {"old": code}}.__getitem__)
        elif code not in target:
            if pd.notna(count):
                apportion[code] = int(count)
            told = {int(at): {"old": code, "new": ", ".join(taken[code])}}
            cells.see(told, "old_code", _SPLIT, told.__getitem__)
    rows = []
    for new, pairs in crosswalk.groupby("new_code"):
        olds = list(pairs["old_code"])
        if not any(old in people for old in olds):
            continue
        counts = [people.get(old, float("nan")) if old in target else float("nan") for old in olds]
        total = sum(counts)
        if pd.isna(total):
            _say_incomplete(
                cells, str(new), [o for o, c in zip(olds, counts, strict=True) if pd.isna(c)]
            )
        rows.append({"code": str(new), "people": total, "at": -1})
    found = pd.DataFrame(rows, columns=["code", "people", "at"])
    return found.astype({"code": "str", "people": float, "at": int}), apportion


def _say_incomplete(cells: Cells, new: str, olds: list[str]) -> None:
    cells.report.add(
        Finding(Severity.LOOK, "commune-incomplete",
                N_("the people of commune %(new)s are unknown: those of the former %(olds)s are missing or divided."),
                params={"commune_code": new, "new": new, "olds": ", ".join(olds[:12])})
    )  # fmt: skip
