"""The network after a change of communes: each point's communes and code, each former commune."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from geo.locate import commune_of
from geo.names import sort_key
from geo.tables import Crosswalk, Points, PointTable
from planning.analysis.situation import Situation
from planning.model.official_code import Bearer, Issued, renewed
from planning.model.reform import (
    NO_CROSSWALK,
    NO_FORMER,
    FormerAudit,
    FormerState,
    PointAudit,
    ReformAudit,
    Verdict,
)

_GRAVEST = tuple(Verdict)
_STATES = tuple(FormerState)


def standing_on(points: Points, day: str) -> Points:
    """Return the points as they stood on `day`: those that did are open, the others closed.

    A point stands from its first day until its end; where its list gives no days, open and
    suspended points stood all along, closed ones not. Planned points never stand.
    """
    begun = points[PointTable.opened].isna() | (points[PointTable.opened] <= day)
    ended = points[PointTable.closed]
    gone = (ended <= day) | (ended.isna() & (points[PointTable.status] == "closed"))
    stands = begun & ~gone.fillna(value=False) & (points[PointTable.status] != "planned")
    return Points(points.assign(status=np.where(stands, "open", "closed")))


def audit_reform(situation: Situation, crosswalk: Crosswalk | None, day_before: str) -> ReformAudit:
    """Return what the change into the vintage of `situation` made of its network.

    `crosswalk` leads into that vintage, None where not known; `day_before` is the last day of
    the vintage before, on which points are counted as they stood then.
    """
    units = _Units(situation, crosswalk)
    points = units.points()
    formers = units.formers(points, day_before)
    open_direct = {each.present_located for each in points if _serves(each)} - {None}
    missing = [NO_CROSSWALK] if crosswalk is None else []
    missing += [NO_FORMER] if situation.former is None else []
    return ReformAudit(
        province_code=situation.province_code, date=situation.valid_from,
        points=tuple(sorted(points, key=_gravest_first)), formers=formers,
        communes=len(situation.communes),
        communes_with_point=len(open_direct),
        former_names=units.former_names, present_names=units.present_names,
        missing=tuple(missing),
    )  # fmt: skip


class _Units:
    """The units on both sides of the change, and which went into which."""

    def __init__(self, situation: Situation, crosswalk: Crosswalk | None) -> None:
        self._at = situation
        communes, former = situation.communes, situation.former
        self.present_names = dict(zip(communes["code"], communes["full_name"], strict=True))
        self.former_names: dict[str, str] = {}
        self._districts: dict[str, str | None] = {}
        self._after: dict[str, tuple[str, ...]] = {}
        if crosswalk is not None:
            self.former_names |= dict(
                zip(crosswalk["old_code"], crosswalk["old_name"], strict=True)
            )
            districts = crosswalk["old_district"].astype(object).where(
                crosswalk["old_district"].notna(), None)  # fmt: skip
            self._districts |= dict(zip(crosswalk["old_code"], districts, strict=True))
            grouped = crosswalk.groupby("old_code")["new_code"].unique()
            self._after = {str(old): tuple(sorted(news)) for old, news in grouped.items()}
        if former is not None:
            self.former_names |= dict(zip(former["code"], former["full_name"], strict=True))
        before: dict[str, list[str]] = {}
        for old, news in self._after.items():
            for new in news:
                before.setdefault(new, []).append(old)
        self._only = {new: olds[0] for new, olds in before.items() if len(olds) == 1}

    def points(self) -> list[PointAudit]:
        """Return the audit of every point, in the order of the list."""
        table = self._at.points
        located: list[Any] = [None] * len(table)
        if self._at.former is not None and len(table):
            located = list(commune_of(table["lon"], table["lat"], self._at.former))
        rows = [
            self._place({str(name): _known(row[name]) for name in row}, _known(lies))
            for row, lies in zip(table.to_dict("records"), located, strict=True)
        ]
        bearers = [
            Bearer(row["point_id"], row["official_code"], row["present"],
                   closed=row["status"] == "closed")
            for row in rows
        ]  # fmt: skip
        issued = renewed(bearers, self._at.province_code)
        return [self._audit(row, issued[row["point_id"]]) for row in rows]

    def formers(self, points: list[PointAudit], day_before: str) -> tuple[FormerAudit, ...]:
        """Return the former communes, those that lost their points first."""
        stood = standing_on(self._at.points, day_before)
        standing = set(stood.loc[stood["status"] == "open", "point_id"])
        direct = [each for each in points if each.kind == "direct"]
        now = Counter(each.former for each in direct if each.status == "open")
        then = Counter(each.former for each in direct if each.point_id in standing)
        ever = Counter(each.former for each in direct if each.status != "planned")
        found = [
            FormerAudit(code, name, self._districts.get(code), self._after.get(code, ()),
                        then[code], now[code], _state(then[code], now[code], ever[code]))
            for code, name in self.former_names.items()
        ]  # fmt: skip
        order = {state: at for at, state in enumerate(_STATES)}
        return tuple(sorted(found, key=lambda each: (order[each.state], sort_key(each.name))))

    def _place(self, row: dict[str, Any], former_located: str | None) -> dict[str, Any]:
        """Add the communes that the audit goes by."""
        written, located = row["written_code"], row["commune_code"]
        former = row["former_code"] or former_located
        if former is None and written in self._after and written not in self.present_names:
            former = written
        present = located or (written if written in self.present_names else None)
        if present is None and former in self._after and len(self._after[former]) == 1:
            present = self._after[former][0]
        former = former or self._only.get(present or "")
        return {**row, "former_located": former_located, "former": former, "present": present}

    def _audit(self, row: dict[str, Any], issued: Issued) -> PointAudit:
        return PointAudit(
            point_id=row["point_id"], name=row["name"], organisation=row["organisation"],
            kind=row["kind"], status=row["status"], former_written=row["former_code"],
            former_located=row["former_located"], former=row["former"],
            present_written=row["written_code"], present_located=row["commune_code"],
            present=row["present"], verdict=self._verdict(row),
            official_code=row["official_code"], issued=issued, lon=row["lon"], lat=row["lat"],
        )  # fmt: skip

    def _verdict(self, row: dict[str, Any]) -> Verdict:
        written, located, former = row["written_code"], row["commune_code"], row["former_code"]
        if located is None:
            return Verdict.OUTSIDE
        if written is not None and written != located:
            if located in self._after.get(written, ()):
                return Verdict.FORMER_CODE
            known = written in self.present_names or written in self.former_names
            return Verdict.DIFFERENT if known else Verdict.UNKNOWN
        lies = row["former_located"]
        elsewhere = former in self._after and located not in self._after[former]
        if elsewhere or (former is not None and lies is not None and former != lies):
            return Verdict.FORMER_DIFFERS
        return Verdict.UNWRITTEN if written is None else Verdict.AGREES


def _state(before: int, now: int, ever: int) -> FormerState:
    if now:
        return FormerState.KEPT if before else FormerState.GAINED
    return FormerState.LOST if ever else FormerState.NEVER


def _serves(point: PointAudit) -> bool:
    return point.kind == "direct" and point.status == "open"


def _gravest_first(point: PointAudit) -> tuple[int, bool, str]:
    return _GRAVEST.index(point.verdict), point.settled, point.point_id


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value
