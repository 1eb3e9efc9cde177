"""Check of inspections: every open point looked at in time, every deadline kept."""

from collections import defaultdict

import numpy as np

from geo.tables import PointTable
from planning.analysis.compliance.days import day_after, months_later
from planning.analysis.compliance.found import Found, Told, of_points
from planning.analysis.compliance.register import Register, texts
from planning.model.compliance import Check, Record, Rule


def inspection_overdue(register: Register, rule: Rule, day: str) -> Found:
    """Return the open points with a deadline that passed, else without an inspection in time.

    A deadline passes unless what was found is settled by `day`; the failure is that of the
    inspection, since the day after its deadline, the earliest one first. A point is in time
    when it was inspected, or opened, within `rule.amount` months. Where no inspection of any
    point is kept nothing is known, nor of a point without one that opened nobody knows when.
    A point fails once. Inspections after `day` are left out.
    """
    looked_at = register.is_open
    rows = np.flatnonzero(looked_at).tolist()
    last = _newest(register, day)
    if not last:
        return of_points(register, Check.INSPECTION_OVERDUE, {}, rows, looked_at)
    months = rule.amount or 1
    late = _late(register, day)
    opened = texts(register.points[PointTable.opened])
    told, unknown = {}, []
    for row in rows:
        point = register.point_ids[row]
        newest = last.get(point, "")
        if point in late:
            deadline, number = late[point]
            told[row] = Told(day_after(deadline), (("deadline", deadline), ("last", newest)),
                             (Record.INSPECTION, number))  # fmt: skip
        elif not (begin := newest or opened[row]):
            unknown.append(row)
        elif (end := months_later(begin, months)) < day:
            told[row] = Told(day_after(end), (("last", newest),))
    return of_points(register, Check.INSPECTION_OVERDUE, told, unknown, looked_at)


def _newest(register: Register, day: str) -> dict[str, str]:
    """Return by point the day of its newest inspection up to `day`."""
    found: dict[str, str] = {}
    it = register.inspections
    for point, made in zip(texts(it["point_id"]), texts(it["day"]), strict=True):
        if made <= day:
            found[point] = max(found.get(point, ""), made)
    return found


def _late(register: Register, day: str) -> dict[str, tuple[str, str]]:
    """Return by point the earliest deadline that passed unsettled, and whose it is."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    it = register.inspections
    columns = (texts(it[name]) for name in ("point_id", "id", "day", "deadline", "settled"))
    for point, number, made, deadline, settled in zip(*columns, strict=True):
        open_still = not settled or settled > day
        if made <= day and deadline and deadline < day and open_still:
            found[point].append((deadline, number))
    return {point: min(each) for point, each in found.items()}
