"""People by former commune → people by present commune, those of divided ones shared out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import Finding, Severity
from geo.shares import largest_remainder
from geo.sources.rows import Cells, Seen
from geo.tables import Crosswalk

Parts = Mapping[tuple[str, str], float]

_SHARED = Seen(
    Severity.CHANGED, "commune-apportioned",
    N_("former commune %(old)s was divided: its people were shared among %(new)s by where people live."),
)  # fmt: skip
_SPLIT = Seen(
    Severity.LEFT_OUT, "commune-split",
    N_("former commune %(old)s was divided among %(new)s; its people must be divided first."),
)  # fmt: skip
_UNKNOWN = float("nan")
_UNLINKED = Seen(
    Severity.LEFT_OUT, "commune-unlinked", N_("former commune %(old)s stands in no crosswalk.")
)


def carried(
    cells: Cells, frame: pd.DataFrame, crosswalk: Crosswalk, living: Parts
) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Return people by present commune, and by the former communes nobody could divide.

    `living` are the people known to live in each part (former code, present code) of a
    divided commune, by which its people are shared in whole persons. A present commune is
    unknown when a commune that went into it is unknown, missing or cannot be divided: a
    part of the people would look like all.
    """
    taken = crosswalk.groupby("old_code")["new_code"].agg(list)
    whole = crosswalk[crosswalk["relation"] == "full"].drop_duplicates("old_code")
    target = dict(zip(whole["old_code"], whole["new_code"], strict=True))
    apportion: dict[str, int] = {}
    people = dict(zip(frame["code"], frame["people"], strict=True))
    given: dict[tuple[str, str], float] = {}
    for code, count, at in frame[["code", "people", "at"]].itertuples(index=False):
        if code not in taken.index:
            cells.see([int(at)], "old_code", _UNLINKED, {int(at): {"old": code}}.__getitem__)
        elif code not in target:
            shares = _shares(code, count, taken[code], living)
            given |= shares
            if not shares and pd.notna(count):
                apportion[code] = int(count)
            told = {int(at): {"old": code, "new": ", ".join(taken[code])}}
            cells.see(told, "old_code", _SHARED if shares else _SPLIT, told.__getitem__)
    rows = []
    for key, pairs in crosswalk.groupby("new_code"):
        new = str(key)
        olds = list(pairs["old_code"])
        if not any(old in people for old in olds):
            continue
        counts = [
            people.get(old, _UNKNOWN) if old in target else given.get((old, new), _UNKNOWN)
            for old in olds
        ]  # fmt: skip
        total = sum(counts)
        if pd.isna(total):
            _say_incomplete(
                cells, new, [o for o, c in zip(olds, counts, strict=True) if pd.isna(c)]
            )
        rows.append({"code": new, "people": total, "at": -1})
    found = pd.DataFrame(rows, columns=["code", "people", "at"])
    return found.astype({"code": "str", "people": float, "at": int}), apportion


def _shares(old: str, count: float, news: list[str], living: Parts) -> Parts:
    """Return the people of each part of a divided commune, nothing where that is not known."""
    weights = np.array([living.get((old, new), 0.0) for new in news])
    if pd.isna(count) or not weights.sum() > 0:
        return {}
    shares = largest_remainder(weights, int(count)).tolist()
    return {(old, new): float(each) for new, each in zip(news, shares, strict=True)}


def _say_incomplete(cells: Cells, new: str, olds: list[str]) -> None:
    cells.report.add(
        Finding(Severity.LOOK, "commune-incomplete",
                N_("the people of commune %(new)s are unknown: those of the former %(olds)s are missing or divided."),
                params={"commune_code": new, "new": new, "olds": ", ".join(olds[:12])})
    )  # fmt: skip
