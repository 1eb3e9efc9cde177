"""A new list of points beside what the province decided: no decision is lost unseen.

A point that nobody gave an official code is called after its row, and a list sorted otherwise
calls another point so. Points that proposals are about keep what they are called, so that a
decision stays with its point.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, hypot, radians

import pandas as pd
import sqlalchemy as sa

from geo import tables
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.tables import Points
from planning.model.errors import RequestError
from planning.model.proposals import IN_FORCE, UNDECIDED, Proposal, State
from planning.store import layers, proposals

SAME_M, METRES_PER_DEGREE = 200.0, 111_195.0
BY_ROW = "#"  # begins what a point without an official code is called
_OPEN = (*UNDECIDED, *IN_FORCE)
_RUNNING = (State.OPERATING, State.SUSPENDED)
_DECIDED = ["official_code", "lon", "lat", "kind", "status", "commune_code", "written_code", "former_code",
            "office", "opened", "closed"]  # fmt: skip
MISSING = N_("the point “%(name)s” (%(point)s), which operates by decision on %(number)s, is not in this list.")  # fmt: skip
KEEP_MISSING = N_("Agree to keep such points as they are; declined, they leave the list.")
OTHERWISE = N_("status, kind, code or place of the point “%(name)s” (%(point)s) are not what was decided on %(number)s.")  # fmt: skip
KEEP_DECIDED = N_("Agree to keep what was decided; declined, this list counts.")
LEFT = N_("the point “%(name)s” (%(point)s), which the proposal %(number)s is about, is not in this list.")  # fmt: skip
IN_USE = N_("The proposal %(number)s is about a point of this list, so it cannot be taken back; import the list before it again instead.")  # fmt: skip
LOOK_AT = N_("Look whether the proposal still stands.")


@dataclass(frozen=True, slots=True)
class _Bound:
    """A listed point as it is now, and the newest proposal about it."""

    was: Mapping[str, object]
    proposal: Proposal

    @property
    def about(self) -> dict[str, object]:
        return {"point": self.was["point_id"], "name": self.was["name"],
                "number": self.proposal.number}  # fmt: skip


def with_decisions(db: sa.Connection, province: str, new: Points, report: FindingReport) -> Points:
    """Return a new list in which points that proposals are about keep what they are called.

    Asks about points that operate by decision and are missing, and about those the list says
    otherwise of; names those that open proposals are about and that are missing.
    """
    bound = _bound(db, province)
    if not bound:
        return new
    rows: list[dict[str, object]] = [
        {str(name): value for name, value in row.items()}
        for row in pd.DataFrame(new).astype(object).to_dict("records")
    ]
    free, found = list(rows), {}
    for point, each in bound.items():
        found[point] = _same(each.was, free)
        free = [row for row in free if row is not found[point]]
    _call(rows, found)
    for point, each in bound.items():
        row = found[point]
        if row is None:
            _missing(rows, each, report)
        elif each.proposal.state not in _OPEN and _differs(row, each):
            told = Finding(Severity.ASK, "point-decided-otherwise", OTHERWISE, KEEP_DECIDED,
                           params=each.about)  # fmt: skip
            if report.ask(told, otherwise=Severity.LOOK):
                kept = _DECIDED if each.proposal.code else _DECIDED[1:]
                row.update({name: each.was[name] for name in kept})
    types = pd.DataFrame(new).dtypes
    return tables.points(pd.DataFrame(rows, columns=list(new.columns)).astype(types))


def require_unused(db: sa.Connection, province: str, since: str) -> None:
    """Refuse to take a list back when a proposal made since then is about one of its points.

    In the list before, what is called after its row may be another point.
    """
    for each in proposals.listed(db, province, (*_OPEN, *_RUNNING)):
        if each.content.point_id.startswith(BY_ROW) and each.made_at >= since:
            raise RequestError(IN_USE, number=each.number)


def _bound(db: sa.Connection, province: str) -> dict[str, _Bound]:
    states = (*_OPEN, *_RUNNING, State.ENDED)
    newest = {
        each.content.point_id: each
        for each in sorted(proposals.listed(db, province, states), key=lambda it: it.changed_at)
        if each.content.point_id
    }
    if not newest:
        return {}
    kept = pd.DataFrame(layers.load_points(db, province)).astype(object).to_dict("records")
    return {
        str(row["point_id"]): _Bound(
            {str(name): value for name, value in row.items()}, newest[str(row["point_id"])]
        )
        for row in kept
        if row["point_id"] in newest
        and (newest[str(row["point_id"])].state is not State.ENDED or row["status"] == "closed")
    }  # fmt: skip  - one that was taken back ended without closing its point


def _same(was: Mapping[str, object], rows: list[dict[str, object]]) -> dict[str, object] | None:
    """Return the row of a point in a new list: by its code, else by name and place."""
    point, code = str(was["point_id"]), was["official_code"]
    coded = [code] if isinstance(code, str) else []
    if not point.startswith(BY_ROW):
        coded.append(point)
    named = [each for each in rows if coded and each["official_code"] in coded]
    if named:
        return named[0]
    near = [
        each for each in rows if _name(each) == _name(was) and _metres(each, was) <= SAME_M
    ]  # fmt: skip
    if near:
        return min(near, key=lambda each: _metres(each, was))
    return next(
        (each for each in rows if each["point_id"] == point
         and (_name(each) == _name(was) or _metres(each, was) <= SAME_M)),
        None,
    )  # fmt: skip


def _call(rows: list[dict[str, object]], found: Mapping[str, dict[str, object] | None]) -> None:
    """Call the rows found as they are called now; nothing else is called so afterwards."""
    kept = {id(row): point for point, row in found.items() if row is not None}
    used = {str(each["point_id"]) for each in rows} | set(found)
    number = len(rows)
    for row in rows:
        point = kept.get(id(row))
        if point is None and row["point_id"] in found:
            while f"{BY_ROW}{number}" in used:
                number += 1
            point = f"{BY_ROW}{number}"
            used.add(point)
        row["point_id"] = point or row["point_id"]


def _missing(rows: list[dict[str, object]], bound: _Bound, report: FindingReport) -> None:
    if bound.proposal.state in _RUNNING:
        told = Finding(Severity.ASK, "point-decided-missing", MISSING, KEEP_MISSING,
                       params=bound.about)  # fmt: skip
        if report.ask(told, otherwise=Severity.LOOK):
            rows.append(dict(bound.was))
    elif bound.proposal.state in _OPEN:
        report.add(Finding(Severity.LOOK, "point-proposed-missing", LEFT, LOOK_AT,
                           params=bound.about))  # fmt: skip


def _differs(row: Mapping[str, object], bound: _Bound) -> bool:
    was, code = bound.was, bound.proposal.code
    said = any(row[name] != was[name] for name in ("status", "kind"))
    coded = bool(code) and was["official_code"] == code and row["official_code"] != code
    return said or coded or _metres(row, was) > SAME_M


def _name(row: Mapping[str, object]) -> str:
    return " ".join(str(row["name"]).split()).casefold()


def _metres(one: Mapping[str, object], other: Mapping[str, object]) -> float:
    lon, lat = (float(str(one[name])) - float(str(other[name])) for name in ("lon", "lat"))
    east = lon * cos(radians(float(str(one["lat"]))))
    return hypot(east, lat) * METRES_PER_DEGREE
