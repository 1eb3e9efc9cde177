"""The audit trail: append and read events; never update, never delete.

An event has a tag `area:thing:action` and plain facts, never a sentence, so that it can be
said in any language later. Every event carries the hash of itself and of the one before it,
so that a row changed, removed or put in between is found.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planning.store import review_tables, schema

START = "0" * 64  # stands before the first event
_event = schema.audit.c
_head = review_tables.audit_head


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the trail: how many events there are and the hash of the newest."""

    events: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the trail does not hold: `event` is not what was written there.

    `gone`: it is missing; else it was changed, or does not follow the one before it.
    """

    event: int
    gone: bool


def record(
    db: sa.Connection, tag: str, province: str | None, *, at: str, actor: str, **facts: Any
) -> int:
    """Append one event, in the transaction of what it tells about; return its number.

    Whoever else appends waits until this transaction has ended.
    """
    taken = (
        sa.update(_head).values(last_id=_head.c.last_id + 1)
        .returning(_head.c.last_id, _head.c.hash)
    )  # fmt: skip
    number, before = db.execute(taken).one()
    row = {"id": number, "at": at, "actor": actor, "tag": tag, "province_code": province,
           "facts": facts}  # fmt: skip
    own = chained(before, row)
    db.execute(sa.insert(schema.audit).values(**row, hash=own))
    db.execute(sa.update(_head).values(hash=own))
    return int(number)


def chained(before: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an event that follows one with the hash `before`."""
    told = [before, row["id"], row["at"], row["actor"], row["tag"], row["province_code"],
            row["facts"]]  # fmt: skip
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def head(db: sa.Connection) -> Head:
    """Return where the trail ends."""
    return Head(*db.execute(sa.select(_head.c.last_id, _head.c.hash)).one())


def breaks(db: sa.Connection) -> Iterator[Break]:
    """Yield every place where the trail does not hold, oldest first; nothing when it does."""
    before, expected = START, 1
    rows = db.execute(sa.select(schema.audit).order_by(_event.id)).mappings()
    for row in rows:
        for missing in range(expected, row["id"]):
            yield Break(missing, gone=True)
        if row["id"] == expected and row["hash"] != chained(before, dict(row)):
            yield Break(row["id"], gone=False)
        before, expected = row["hash"], row["id"] + 1
    end = head(db)
    for missing in range(expected, end.events + 1):
        yield Break(missing, gone=True)
    if expected == end.events + 1 and end.hash != before:
        yield Break(end.events, gone=False)


def hash_of(db: sa.Connection, number: int) -> str | None:
    """Return the hash of an event, None where there is none: to compare with one kept elsewhere."""
    if number == 0:
        return START
    return db.execute(sa.select(_event.hash).where(_event.id == number)).scalar_one_or_none()


def holds(db: sa.Connection, known: str) -> bool:
    """Whether a hash kept elsewhere is that of the start or of an event that is still there."""
    found = sa.select(sa.exists().where(_event.hash == known))
    return known == START or bool(db.execute(found).scalar())


def events(
    db: sa.Connection, province: str | None, *, actor: str | None = None,
    area: str | None = None, since: str = "",
) -> list[sa.Row]:  # fmt: skip
    """Return events, oldest first: a province's, an actor's, of an area; None: of all.

    `since` is the first moment that counts, ISO text in UTC; empty: from the beginning.
    """
    query = sa.select(schema.audit)
    if province is not None:
        query = query.where(_event.province_code == province)
    if actor is not None:
        query = query.where(_event.actor == actor)
    if since:
        query = query.where(_event.at >= since)
    if area is not None:
        query = query.where(_event.tag.startswith(f"{area}:", autoescape=True))
    return list(db.execute(query.order_by(_event.id)))
