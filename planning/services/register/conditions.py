"""Write down which conditions of the checklist a point meets, apart from any proposal."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from geo.errors import N_
from geo.sources.fields import iso_date
from planning.model.compliance import Record
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, RequestError
from planning.model.people import Action, User, require
from planning.model.proposals import DEFAULT_CRITERIA, Met
from planning.services.register.records import found
from planning.services.requests import now
from planning.store import audit, criteria, register_tables
from planning.store.register import Deed, record_fields
from planning.store.session import Store

WRITTEN = "register:conditions:written"
NO_DAY = N_("Write the day on which the conditions were looked at, not later than today.")
NOT_A_LINE = N_("“%(code)s” is no line of the checklist of today.")
CHANGED = N_(
    "Somebody wrote down conditions of this point since you read them; look at them again."
)
NO_CHANGE = N_("Nothing would change: these conditions are written down already.")
FIELD = "condition "  # with the code of a line: what a history calls it
_kept = register_tables.point_condition
_VALUES = {Met.YES: True, Met.NO: False}


def mark(store: Store, province: str, record_id: str) -> str:
    """Return what changes with every condition that is written down for a point."""
    with store.reading() as db:
        return _mark(_rows(db, province, record_id))


def write(
    store: Store, user: User, province: str, about: tuple[str, str], said: Mapping[str, Met], day: str
) -> None:  # fmt: skip
    """Write down conditions of a point; `about` is its id and the mark they were read with.

    `said` has the codes of lines; a line that is not known any more loses what was written.
    Raises `NotFoundError`, `ForbiddenError`, `RequestError`, and `DoneAlreadyError` where
    somebody else wrote since.
    """
    record_id, read = about
    register, at = found(store, user, province, Record.POINT, record_id)
    require(user, Action.INSPECT, register.points.things[register.points.thing[at]])
    looked = iso_date(day.strip())
    if looked is None or looked > today():
        raise RequestError(NO_DAY)
    with store.writing() as db:
        before = _rows(db, province, record_id)
        if _mark(before) != read:
            raise DoneAlreadyError(CHANGED)
        lines = criteria.load(db, province) or DEFAULT_CRITERIA
        known = {each.code for each in lines if each.holds(today())}
        for code in said:
            if code not in known:
                raise RequestError(NOT_A_LINE, code=code[:20])
        wanted = {code: _VALUES.get(met) for code, met in said.items()}
        if all(_stood(before, code) == (met, looked if met is not None else "")
               for code, met in wanted.items()):  # fmt: skip
            raise RequestError(NO_CHANGE)
        _keep(db, province, record_id, wanted, (looked, user.name))
        changed = {code: (_stood(before, code)[0], met) for code, met in wanted.items()
                   if _stood(before, code)[0] != met}  # fmt: skip
        at_moment = now()
        if changed:
            fields = {f"{FIELD}{code}": pair for code, pair in changed.items()}
            deed = Deed(at_moment, user.name, "edit")
            record_fields(db, province, (Record.POINT, record_id), fields, deed)
        audit.record(db, WRITTEN, province, at=at_moment, actor=user.name, point=record_id,
                     day=looked, codes=sorted(wanted))  # fmt: skip


def _stood(before: Mapping[str, Mapping[str, Any]], code: str) -> tuple[bool | None, str]:
    """Return what was written of a line, and the day; None and empty where nothing was."""
    row = before.get(code)
    return (None, "") if row is None else (row["met"], row["day"])


def _rows(db: sa.Connection, province: str, record_id: str) -> dict[str, dict[str, Any]]:
    query = sa.select(_kept).where(
        _kept.c.province_code == province, _kept.c.point_id == record_id
    ).order_by(_kept.c.code)  # fmt: skip
    return {row["code"]: dict(row) for row in db.execute(query).mappings()}


def _mark(rows: Mapping[str, Mapping[str, Any]]) -> str:
    return sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:12]


def _keep(
    db: sa.Connection, province: str, record_id: str,
    wanted: Mapping[str, bool | None], seen: tuple[str, str],
) -> None:  # fmt: skip
    day, by = seen
    db.execute(
        sa.delete(_kept).where(
            _kept.c.province_code == province, _kept.c.point_id == record_id,
            _kept.c.code.in_(list(wanted)),
        )
    )  # fmt: skip
    rows = [
        {"province_code": province, "point_id": record_id, "code": code, "met": met,
         "day": day, "by": by}
        for code, met in wanted.items() if met is not None
    ]  # fmt: skip
    if rows:
        db.execute(sa.insert(_kept), rows)
