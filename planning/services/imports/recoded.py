"""A new list of points beside the one before: who keeps its name in the register, who was re-coded.

The official code of a point holds its commune, so that merged communes give it another one. The
point stays the same: it keeps what it is called in the register, so that its results,
inspections and history stay with it, and its code before stands among its former codes.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo import tables
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import name_key
from geo.tables import Points
from planning.model.official_code import parse

SAME_PLACE_M = 30.0
_METRES_PER_DEGREE = 111_195.0
_MOST = 50  # that are named one by one
_RECODED = N_("the point “%(name)s” bears the code %(after)s in place of %(before)s; it stays the same point, and the code before is kept among its former codes.")  # fmt: skip
_MORE = N_("%(count)s more points bear another code than before; the codes before are kept.")


def with_codes_before(
    kept: Points, new: Points, report: FindingReport, *, codes_listed: bool
) -> Points:
    """Return a new list in which points keep what they are called, and their former codes.

    A point is the same as before by its official code; else, where both codes are seen in one
    list alone, by organisation and place (30 m), and by name where several stand there.
    `codes_listed` says that the new list has a column of former codes; where it has none, those
    kept stay.
    """
    before, after = _codes(kept), _codes(new)
    same = _by_code(before, after)
    moved = _by_place(kept, new, before, after, same)
    frame = pd.DataFrame(new)
    former = frame["former_codes"].astype(object).to_list()
    called = frame["point_id"].astype(object).to_list()
    told: list[Finding] = []
    for at, was in {**same, **moved}.items():
        called[at] = kept["point_id"].iloc[was]
        known = [] if codes_listed and at in same else _several(kept["former_codes"].iloc[was])
        if at in moved:
            known.append(before[was])
            told.append(Finding(
                Severity.LOOK, "point-recoded", _RECODED,
                params={"name": frame["name"].iloc[at], "before": before[was], "after": after[at]},
            ))  # fmt: skip
        listed = _several(former[at])
        every = dict.fromkeys([*listed, *(each for each in known if each != after[at])])
        former[at] = "; ".join(every) or None
    _tell(told, report)
    if not same and not moved:
        return new
    ids = _unlike(called, {*same, *moved})
    changed = frame.assign(
        point_id=pd.Series(ids, dtype="str"), former_codes=pd.Series(former, dtype="str")
    )
    return tables.points(changed)


def _tell(told: list[Finding], report: FindingReport) -> None:
    for each in told[:_MOST]:
        report.add(each)
    if len(told) > _MOST:
        report.add(Finding(Severity.LOOK, "points-recoded", _MORE,
                           params={"count": len(told) - _MOST}))  # fmt: skip


def _codes(points: Points) -> list[str]:
    """Return the official code of each point, an empty text where it has none."""
    return list(points["official_code"].astype(object).fillna(""))


def _by_code(before: list[str], after: list[str]) -> dict[int, int]:
    """Return place in the new list → place in the one before, of points with the same code."""
    places = {code: at for at, code in enumerate(before) if code}
    return {at: places[code] for at, code in enumerate(after) if code in places}


def _by_place(
    kept: Points, new: Points, before: list[str], after: list[str], same: dict[int, int]
) -> dict[int, int]:
    """Return the points that bear another code: place in the new list → in the one before."""
    stayed = set(same.values())
    olds = [at for at, code in enumerate(before) if parse(code) and at not in stayed]
    news = [at for at, code in enumerate(after) if parse(code) and at not in same]
    if not olds or not news:
        return {}
    pairs = []
    there = cKDTree(_metres(kept, olds))
    near = cKDTree(_metres(new, news)).query_ball_tree(there, SAME_PLACE_M)
    for at, found_there in zip(news, near, strict=True):
        for each in found_there:
            was = olds[each]
            if _organisation(before[was]) != _organisation(after[at]):
                continue
            named = name_key(str(kept["name"].iloc[was])) == name_key(str(new["name"].iloc[at]))
            pairs.append((not named, at, was))
    found: dict[int, int] = {}
    doubtful = {at for other, at, _ in pairs if other and _count(pairs, at) > 1}
    for other, at, was in sorted(pairs):
        if at in found or was in found.values() or (other and at in doubtful):
            continue
        found[at] = was
    return found


def _count(pairs: list[tuple[bool, int, int]], at: int) -> int:
    return sum(1 for _, each, _ in pairs if each == at)


def _organisation(code: str) -> str:
    """Return the enterprise code within the official code: the organisation that bears it."""
    found = parse(code)
    return "" if found is None else found.organisation


def _metres(points: Points, places: list[int]) -> NDArray[np.float64]:
    lon, lat = (points[name].to_numpy(dtype=float)[places] for name in ("lon", "lat"))
    return np.column_stack([lon * np.cos(np.radians(lat)), lat]) * _METRES_PER_DEGREE


def _unlike(called: list[str], settled: set[int]) -> list[str]:
    """Return what points are called, each by itself; who came first keeps its name."""
    used = {called[at] for at in settled}
    number = len(called)
    names = list(called)
    for at in range(len(called)):
        if at in settled:
            continue
        while names[at] in used:
            number += 1
            names[at] = f"#{number}"
        used.add(names[at])
    return names


def _several(text: object) -> list[str]:
    return (
        [each.strip() for each in text.split(";") if each.strip()] if isinstance(text, str) else []
    )
