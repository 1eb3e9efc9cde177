"""Checks of points: their sign, their permanent staff, their results."""

import numpy as np

from geo.tables import PointTable
from planning.analysis.compliance.days import day_after, day_before, months_end
from planning.analysis.compliance.found import Found, Told, of_points, past
from planning.analysis.compliance.register import NO, UNKNOWN, Register, texts
from planning.model.compliance import Check, Rule


def sign_missing(register: Register, _rule: Rule, day: str) -> Found:
    """Return the open direct points whose sign was not issued, since the day they opened.

    Where the register does not say whether there is a sign, nothing is known. A point that
    had a sign once (the day of it stands) fails since a day nobody wrote down.
    """
    looked_at = register.is_open_direct
    sign = register.points[PointTable.sign]
    unknown = looked_at & sign.isna().to_numpy()
    failing = looked_at & ~unknown & ~sign.fillna(value=True).to_numpy(bool)
    opened = texts(register.points[PointTable.opened])
    issued = texts(register.points[PointTable.sign_date])
    rows = np.flatnonzero(failing).tolist()
    told = {row: Told("" if issued[row] else past(opened[row], day)) for row in rows}
    return of_points(register, Check.SIGN_MISSING, told, np.flatnonzero(unknown).tolist(),
                     looked_at)  # fmt: skip


def no_permanent_staff(register: Register, _rule: Rule, _day: str) -> Found:
    """Return the open direct points that nobody serves permanently.

    By the list of staff where there is one, else by the list of points; see
    `Register.permanently_staffed`. Since when is in no list.
    """
    looked_at = register.is_open_direct
    answers = register.permanently_staffed
    told = {
        row: Told(facts=(("staffed", str(int(register.staffed[row] == 1))),))
        for row in np.flatnonzero(looked_at & (answers == NO)).tolist()
    }
    unknown = np.flatnonzero(looked_at & (answers == UNKNOWN)).tolist()
    return of_points(register, Check.NO_PERMANENT_STAFF, told, unknown, looked_at)


def point_inactive(register: Register, rule: Rule, day: str) -> Found:
    """Return the open points without a result for `rule.amount` months.

    Months are counted back from the last day that results are told for, or from `day` where
    that is earlier: what was not told yet is not taken for idleness. A point fails once so
    many months are told in whole after its last result, or after the day it opened. Of a point
    without any result nothing is known while results are told for less than these months, or
    of no point of its kind: they are then given for other kinds alone.
    """
    looked_at, activity = register.is_open, register.activity
    rows = np.flatnonzero(looked_at).tolist()
    if not activity.until:
        return of_points(register, Check.POINT_INACTIVE, {}, rows, looked_at)
    months = rule.amount or 1
    until = min(day, activity.until)
    before = day_before(activity.since)
    opened = texts(register.points[PointTable.opened])
    kinds = texts(register.points[PointTable.kind])
    told_of = {kind for kind, each in zip(kinds, register.point_ids, strict=True)
               if each in activity.last}  # fmt: skip
    told, unknown = {}, []
    for row in rows:
        if kinds[row] not in told_of:
            unknown.append(row)
            continue
        last = activity.last.get(register.point_ids[row], "")
        begin = max(last, opened[row])
        if begin and months_end(begin, months) > until:
            continue
        if not last and months_end(before, months) > until:
            unknown.append(row)
            continue
        # On the very day on which the months are full it fails since that day.
        since = min(day_after(months_end(begin, months)), day) if begin else ""
        told[row] = Told(since if last or begin >= activity.since else "", (("last", last),))
    return of_points(register, Check.POINT_INACTIVE, told, unknown, looked_at)
