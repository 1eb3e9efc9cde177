"""Mend one thing in the kept data: a small import of its own, which can be undone like one.

A mend writes one row. Its record stands in the history of imports with the facts as options
and no file; figures follow it as they follow any import. `planning.services.imports.undo`
takes it back.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from geo.errors import N_
from planning.language import STORED_LANGUAGE, counting, speaker
from planning.model.attention import Action, Item, Mend, Seen
from planning.model.compliance import Record
from planning.model.errors import NotFoundError, RequestError
from planning.services.requests import now, only_province
from planning.store import attention, audit, imports, layers, rows, snapshots, watched
from planning.store.imports import ImportBatch
from planning.store.register import Deed
from planning.store.session import Store

MOST_WHY = 200
MEND_FILE = N_("Mended by hand: %(what)s")
GONE = N_("This is settled already, or the data changed meanwhile; look at the list again.")
_STATUS = {Action.CLOSE: "closed", Action.SUSPEND: "suspended"}
_PEOPLE = (Action.TAKE_GRID, Action.TAKE_FORMER)


@dataclass(frozen=True, slots=True)
class MendAsk:
    """Which mend of which item, by their keys; who asks, and why where they say so."""

    item: str
    mend: str
    by: str = "local"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done: `batch` undoes it, None where no data were changed."""

    item: Item
    mend: Mend
    batch: int | None


def mend(store: Store, province: str, ask: MendAsk) -> Mended:
    """Do what an item offers, in one transaction with its record and its audit event.

    Only what the checks offer now can be done: the values come from them, never from the
    asker. Raises `NotFoundError` for what is not offered any more and `RequestError` when
    the data changed in between.
    """
    only_province(store, province)
    with store.reading() as db:
        state = imports.state(db)
    found = attention.found(store, province)
    item, chosen = _offered(found.items, ask)
    with store.writing() as db:
        if imports.state(db) != state:
            raise RequestError(GONE)
        if chosen.action is Action.SEEN:
            _mark_seen(db, province, item, ask)
            return Mended(item, chosen, None)
        batch = _write(db, province, found.valid_from, (item, chosen), ask)
    return Mended(item, chosen, batch)


def look_again(store: Store, province: str, key: str, by: str = "local") -> None:
    """Take back that an item was found right."""
    only_province(store, province)
    with store.writing() as db:
        if not attention.forget_seen(db, province, key):
            raise NotFoundError(GONE)
        audit.record(db, "attention:item:reopened", province, at=now(), actor=by, item=key)


def _offered(items: tuple[Item, ...], ask: MendAsk) -> tuple[Item, Mend]:
    for item in items:
        if item.key == ask.item:
            for each in item.mends:
                if each.key == ask.mend:
                    return item, each
    raise NotFoundError(GONE)


def _mark_seen(db: sa.Connection, province: str, item: Item, ask: MendAsk) -> None:
    at = now()
    attention.mark_seen(db, province, Seen(item.key, ask.by, at, ask.why.strip()[:MOST_WHY]))
    audit.record(
        db, "attention:item:seen", province, at=at, actor=ask.by, item=item.key,
        records=[each.id for each in item.records], why=ask.why.strip()[:MOST_WHY],
    )  # fmt: skip


def _write(
    db: sa.Connection, province: str, vintage: str, chosen: tuple[Item, Mend], ask: MendAsk
) -> int:
    """Change the row, keep what stood before and the record of it; return its number."""
    item, way = chosen
    assert way.record is not None
    of_people = way.action in _PEOPLE
    kind, day = ("population", vintage) if of_people else ("points", "")
    key = (
        {"commune_code": way.record.id, "valid_from": vintage}
        if of_people
        else {"province_code": province, "point_id": way.record.id}
    )
    before = snapshots.taken_row(db, kind, key)
    was = None if of_people else watched.rows(db, province, Record.POINT, way.record.id)
    _change(db, province, vintage, way)
    facts = {"mend": way.action.value, "record": way.record.id, "value": way.value,
             "item": item.key}  # fmt: skip
    at = now()
    base = imports.in_force(imports.batches(db, province), kind, day)
    record = _record(db, province, (kind, day), base, facts)
    what = item.label(way, speaker(STORED_LANGUAGE), counting(STORED_LANGUAGE))
    file = speaker(STORED_LANGUAGE)(MEND_FILE) % {"what": what}
    batch = imports.record(
        db, ImportBatch(**record, file=file, imported_at=at, imported_by=ask.by)
    )  # fmt: skip
    snapshots.save(db, batch, before)
    if was is not None:
        deed = Deed(at, ask.by, "mend", batch)
        watched.tell(db, province, Record.POINT, was, deed, way.record.id)
    audit.record(
        db, "data:mend:committed", province, at=at, actor=ask.by, kind=kind, batch=batch, **facts
    )
    return batch


def _change(db: sa.Connection, province: str, vintage: str, way: Mend) -> None:
    assert way.record is not None
    record, value = way.record.id, way.value
    match way.action:
        case Action.TAKE_GRID | Action.TAKE_FORMER:
            assert isinstance(value, int)
            layers.save_population(db, vintage, {record: value})
        case Action.REMOVE:
            rows.remove_point(db, province, record)
        case Action.CLOSE | Action.SUSPEND:
            rows.change_point(db, province, record, {"status": _STATUS[way.action]})
        case Action.TAKE_COMMUNE:
            both = {"written_code": value, "commune_code": value}
            rows.change_point(db, province, record, both)
        case _:
            rows.change_point(db, province, record, {"official_code": value})


def _record(
    db: sa.Connection, province: str, data: tuple[str, str], base: ImportBatch | None,
    facts: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Return what the record of a mend takes over from the import in force."""
    kind, day = data
    told = json.dumps([base and base.sha256, facts], sort_keys=True, ensure_ascii=False)
    if kind == "points":
        kept = rows.count_points(db, province)
    else:
        kept = sum(each is not None for each in layers.load_population(db, province, day).values())
    return {
        "province_code": province, "kind": kind, "valid_from": day, "options": facts,
        "sha256": hashlib.sha256(told.encode()).hexdigest(),
        "rows": kept, "left_out": 0, "findings": [],
        "source": base.source if base else "", "as_of": base.as_of if base else None,
        "synthetic": base.synthetic if base else False,
    }  # fmt: skip
