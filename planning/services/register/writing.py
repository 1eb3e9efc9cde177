"""Write what was changed by hand: the rows, what stood before, their history and the event."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from geo.errors import N_
from planning.language import STORED_LANGUAGE, speaker
from planning.model.compliance import Record
from planning.model.people import User
from planning.model.register import FIELDS
from planning.services.register.kept import Register
from planning.services.requests import now
from planning.store import audit, edited, imports, register_tables, schema, snapshots
from planning.store.edited import Part
from planning.store.imports import ImportBatch
from planning.store.register import KEYS, Deed, record_changes

BY_HAND = N_("Changed by hand: %(what)s")
IMPORTS = {Record.POINT: "points", Record.ORGANISATION: "organisations", Record.STAFF: "staff",
           Record.INSPECTION: "inspections"}  # fmt: skip
_TABLES = {Record.POINT: schema.point, Record.ORGANISATION: schema.organisation,
           Record.STAFF: schema.staff, Record.INSPECTION: register_tables.inspection}  # fmt: skip
ONE, SEVERAL = "register:record:changed", "register:records:changed"
ADDED, INSPECTED = "register:inspection:added", "register:inspection:changed"
INSPECTION = N_("inspection")


@dataclass(frozen=True, slots=True)
class Written:
    """How many records were changed, and the import that undoes it."""

    count: int
    batch: int


def rows_of(register: Register, kind: Record, at: NDArray[np.int64]) -> pd.DataFrame:
    """Return the kept rows of records: of staff every row that each person stands on."""
    if kind is Record.STAFF:
        persons = set(register.persons.frame["person_id"].iloc[at])
        staff = register.staff
        return pd.DataFrame(staff[staff["person_id"].isin(persons)])
    table = {Record.POINT: register.rows.points, Record.ORGANISATION: register.rows.organisations}
    return pd.DataFrame(table[kind].iloc[at])


def write(
    db: sa.Connection, user: User, province: str,
    change: tuple[Record, pd.DataFrame, pd.DataFrame], reason: str,
) -> Written:  # fmt: skip
    """Write the rows of `after` in place of those of `before`, in the open transaction."""
    kind, before, after = change
    key = KEYS[kind]
    ids = before[key].tolist()
    rows = _plain(after)
    parts = [Part(_TABLES[kind], key, ids)]
    wanted = [rows]
    if kind is Record.STAFF:
        people = {row["person_id"]: row["employer"] for row in rows}
        parts = [Part(register_tables.person, "person_id", list(people)), *parts]
        wanted = [[{"province_code": province, "person_id": person, "employer": employer}
                   for person, employer in people.items()], rows]  # fmt: skip
    body = edited.taken(db, province, parts)
    edited.put(db, province, parts, wanted)
    fields = _fields(kind, before, after)
    facts = {"record": kind.value, "records": len(set(_records(kind, before))), "fields": fields,
             "why": reason}  # fmt: skip
    batch = recorded(db, user, province, kind, (facts, body, ids))
    deed = Deed(now(), user.name, "edit", batch)
    record_changes(db, province, kind, before, after, deed)
    return Written(int(str(facts["records"])), batch)


def recorded(
    db: sa.Connection, user: User, province: str, kind: Record,
    what: tuple[dict[str, Any], bytes, Sequence[Any]],
) -> int:  # fmt: skip
    """Record a change by hand as an import that can be undone; return its number.

    `what` are its facts, what stood before, and the ids of the rows. Of staff no id and no
    value is told: they are personal.
    """
    facts, body, ids = what
    at, table = now(), IMPORTS[kind]
    base = imports.in_force(imports.batches(db, province), table)
    told = json.dumps([base and base.sha256, facts, list(map(str, ids)), at], sort_keys=True)
    kept = _TABLES[kind]
    count = sa.select(sa.func.count()).where(kept.c.province_code == province)
    say = speaker(STORED_LANGUAGE)
    labels = {each.name: each.label for each in FIELDS.get(kind, ())}
    named = ", ".join(say(labels[each]) for each in facts["fields"] if each in labels)
    named = named or say(INSPECTION if kind is Record.INSPECTION else kind.value)
    batch = imports.record(
        db,
        ImportBatch(
            province_code=province, kind=table, valid_from="",
            file=say(BY_HAND) % {"what": f"{named} ({facts['records']})"},
            sha256=hashlib.sha256(told.encode()).hexdigest(), options={"mend": "edit", **facts},
            rows=int(db.execute(count).scalar_one()), left_out=0, findings=[],
            source=base.source if base else "", as_of=base.as_of if base else None,
            synthetic=base.synthetic if base else False, imported_at=at, imported_by=user.name,
        ),
    )  # fmt: skip
    snapshots.save(db, batch, body)
    shown = {} if kind is Record.STAFF else {"ids": list(map(str, ids[:50]))}
    audit.record(
        db, _tag(kind, facts), province, at=at, actor=user.name, batch=batch,
        reason=facts["why"], **{name: facts[name] for name in ("record", "records", "fields")},
        **shown,
    )  # fmt: skip
    return batch


def _tag(kind: Record, facts: dict[str, Any]) -> str:
    if kind is Record.INSPECTION:
        return ADDED if "deed" in facts else INSPECTED
    return ONE if facts["records"] == 1 else SEVERAL


def _records(kind: Record, rows: pd.DataFrame) -> list[str]:
    return [str(each) for each in rows["person_id" if kind is Record.STAFF else KEYS[kind]]]


def _fields(kind: Record, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the fields of the forms that differ anywhere."""
    return [
        each.name for each in FIELDS[kind]
        if _plain(before[[each.name]]) != _plain(after[[each.name]])
    ]  # fmt: skip


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values, None where nothing is given."""
    whole = frame.astype(object)
    rows = whole.where(whole.notna(), None).to_dict("records")
    return [
        {str(name): value.item() if isinstance(value, np.generic) else value
         for name, value in row.items()}
        for row in rows
    ]  # fmt: skip
