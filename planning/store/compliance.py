"""The rules a province is held to, what breaks them since when, and how many did on which day."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from planning.analysis.compliance.register import NO_ACTIVITY, Activity, Register, texts
from planning.analysis.staffing import rows_by_code
from planning.model.compliance import Check, Count, Failure, Rule
from planning.model.errors import NotReadyError
from planning.model.performance import Level
from planning.model.periods import period
from planning.store import imports, layers, partners, performance_tables, register_tables, schema

_rule = register_tables.compliance_rule.c
_seen = register_tables.compliance_seen
_count = register_tables.compliance_count
_event = schema.audit.c
Key = tuple[str, str, str]  # rule, kind of record, id of the record
# Events that change nothing that is checked; without them a look at names asks for it all again.
# What a decision changes in the register is told by the register's own history.
_IDLE = ("people:", "access:", "siting:", "scenario:", "jobs:", "round:", "proposal:", "checklist:",
         "attention:", "standard:", "data:export:", "register:list:", "register:lists:")  # fmt: skip


def load_rules(db: sa.Connection, province: str) -> tuple[Rule, ...]:
    """Return every rule there ever was, by check and first day; none as they were never edited."""
    query = (
        sa.select(_rule.rule, _rule.clause, _rule.amount, _rule.valid_from, _rule.valid_to)
        .where(_rule.province_code == province)
        .order_by(_rule.valid_from)
    )
    found = [Rule(Check(row.rule), *tuple(row)[1:]) for row in db.execute(query)]
    order = list(Check)
    return tuple(sorted(found, key=lambda each: order.index(each.check)))


def save_rules(db: sa.Connection, province: str, rules: Iterable[Rule]) -> None:
    """Replace all rules of a province."""
    table = register_tables.compliance_rule
    db.execute(sa.delete(table).where(_rule.province_code == province))
    rows = [{"province_code": province, "rule": str(each.check), "valid_from": each.valid_from,
             "valid_to": each.valid_to, "clause": each.clause, "amount": each.amount}
            for each in rules]  # fmt: skip
    if rows:
        db.execute(sa.insert(table), rows)


def version(db: sa.Connection, province: str) -> tuple[object, ...]:
    """Return what changes with every change of what is checked, without loading any of it."""
    own = register_tables.register_change.c
    newest = sa.select(own.id).where(own.province_code == province).order_by(own.id.desc())
    event = sa.select(_event.id).where(
        _event.province_code == province,
        *(~_event.tag.startswith(each, autoescape=True) for each in _IDLE),
    ).order_by(_event.id.desc())  # fmt: skip
    made = register_tables.inspection.c
    looked = sa.select(sa.func.count(), sa.func.max(made.id)).where(made.province_code == province)
    return (imports.state(db), db.execute(newest.limit(1)).scalar(),
            db.execute(event.limit(1)).scalar(), tuple(db.execute(looked).one()))  # fmt: skip


def load_register(db: sa.Connection, province: str) -> Register:
    """Return the register of a province on its newest boundaries, with those before.

    Raises `NotReadyError` where there are no boundaries.
    """
    days = [first for first, _ in layers.vintages(db, province)]
    if not days:
        raise NotReadyError(
            N_("Province %(province)s has no boundaries yet; import them with “diemthu import "
               "boundaries”."),
            province=province,
        )  # fmt: skip
    points, staff = layers.load_points(db, province), partners.load_staff(db, province)
    return Register(
        province_code=province, points=points, staff=staff,
        organisations=partners.load_organisations(db, province),
        inspections=_inspections(db, province),
        communes=layers.load_communes(db, province, days[-1]),
        former=layers.load_communes(db, province, days[-2]) if len(days) > 1 else None,
        crosswalk=layers.load_crosswalk(db, province),
        activity=_activity(db, province, points, staff),
    )  # fmt: skip


def _inspections(db: sa.Connection, province: str) -> pd.DataFrame:
    it = register_tables.inspection.c
    names = ["id", "point_id", "day", "deadline", "settled"]
    query = sa.select(*(it[name] for name in names)).where(it.province_code == province)
    columns = zip(*map(tuple, db.execute(query.order_by(it.id))), strict=True)
    told = dict(zip(names, columns, strict=False))
    return pd.DataFrame({name: [str(each) for each in told.get(name, ())] for name in names},
                        dtype="str")  # fmt: skip


def _activity(
    db: sa.Connection, province: str, points: pd.DataFrame, staff: pd.DataFrame
) -> Activity:
    """Return which points had results: told of the point itself, or of staff who name it."""
    it = performance_tables.result.c
    of_points = sa.and_(it.province_code == province, it.level.in_((Level.POINT, Level.STAFF)))
    told = db.execute(sa.select(it.period).where(of_points).distinct()).scalars().all()
    if not told:
        return NO_ACTIVITY
    periods = [period(each) for each in told]
    since = min(each.first for each in periods).isoformat()
    until = max(each.last for each in periods).isoformat()
    # Codes of one kind of period are in the order of their days: only the last of each is read.
    kind = sa.func.substr(it.period, 5, 2)
    is_kind = sa.case((kind == "-Q", "Q"), (kind == "-W", "W"), (kind == "", "Y"), else_="M")
    newest = (
        sa.select(it.point_id, it.staff_id, sa.func.max(it.period).label("period"))
        .where(of_points, it.value > 0)
        .group_by(it.point_id, it.staff_id, is_kind)
    )
    last_day = {each.code: each.last.isoformat() for each in periods}
    of_member = _points_of_staff(points, staff)
    last: dict[str, str] = {}
    for point, member, code in db.execute(newest):
        for each in (point,) if point else of_member.get(member, ()):
            last[each] = max(last.get(each, ""), last_day[code])
    return Activity(last, since, until)


def _points_of_staff(points: pd.DataFrame, staff: pd.DataFrame) -> Mapping[str, Sequence[str]]:
    """Return by member of staff the points that their row names, by official code, former code or id."""
    ids, named = texts(points["point_id"]), rows_by_code(points)
    rows = zip(texts(staff["staff_id"]), texts(staff["point_code"]), strict=True)
    return {member: [ids[row] for row in named[code]] for member, code in rows if code in named}


def seen(db: sa.Connection, province: str) -> dict[Key, str]:
    """Return the day on which each record that fails a rule was first seen to."""
    columns = (_seen.c.rule, _seen.c.record, _seen.c.record_id, _seen.c.first_day)
    rows = db.execute(sa.select(*columns).where(_seen.c.province_code == province))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def key_of(failure: Failure) -> Key:
    """Return by what a failure is known again."""
    return str(failure.check), str(failure.record), failure.record_id


def note_seen(db: sa.Connection, province: str, failing: Iterable[Key], day: str) -> None:
    """Keep the day on which each of the failing records was first seen; forget the others.

    A record that keeps its rule again and fails later is seen anew.
    """
    now, before = set(failing), seen(db, province)
    mine = _seen.c.province_code == province
    one = (_seen.c.rule == sa.bindparam("one_rule"), _seen.c.record == sa.bindparam("one_record"),
           _seen.c.record_id == sa.bindparam("one_id"))  # fmt: skip
    gone = [{"one_rule": rule, "one_record": record, "one_id": name}
            for rule, record, name in sorted(before.keys() - now)]  # fmt: skip
    if gone:
        db.execute(sa.delete(_seen).where(mine, *one), gone)
    rows = [{"province_code": province, "rule": rule, "record": record, "record_id": name,
             "first_day": day} for rule, record, name in sorted(now - before.keys())]  # fmt: skip
    if rows:
        db.execute(sa.insert(_seen), rows)


def counts(db: sa.Connection, province: str) -> list[Count]:
    """Return what was counted on every day it was, oldest first."""
    it = _count.c
    query = sa.select(it.day, it.rule, it.failures, it.base).where(it.province_code == province)
    return [Count(row.day, Check(row.rule), row.failures, row.base)
            for row in db.execute(query.order_by(it.day, it.rule))]  # fmt: skip


def keep_counts(db: sa.Connection, province: str, day: str, counted: Sequence[Count]) -> None:
    """Keep what was counted on a day, in place of what was counted earlier that day."""
    it = _count.c
    db.execute(sa.delete(_count).where(it.province_code == province, it.day == day))
    rows = [{"province_code": province, "day": day, "rule": str(each.check),
             "failures": each.failures, "base": each.base} for each in counted]  # fmt: skip
    if rows:
        db.execute(sa.insert(_count), rows)
