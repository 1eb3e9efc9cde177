"""What needs a hand in the kept data of a province, and what somebody found right of it."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from planning.analysis.attention import Given, attend, former_codes
from planning.model.attention import Item, Seen
from planning.store import artefacts, imports, layers, partners, schema
from planning.store.session import Store
from planning.store.situation import current_fingerprint


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks found in one state of the data."""

    valid_from: str
    items: tuple[Item, ...]
    with_grid: bool
    former_codes: int


# Raised when the checks would find other items in the same data.
CHECKS_VERSION = "2"


def found(store: Store, province: str) -> Found:
    """Return what the checks find, on the newest boundaries; computed once per state of data.

    Raises `NotFoundError` for a province that is not there, `NotReadyError` without boundaries.
    """
    version, vintage = _version(store, province)
    key = ("attention", province, vintage, version)
    return store.remembered(key, lambda: _look(store, province, vintage))


def waiting(store: Store, province: str, *, look: bool) -> int | None:
    """Return how many items wait for somebody, without loading any table where that is kept.

    Where it is not kept yet the checks are run, or with `look` False None is returned.
    """
    version, _ = _version(store, province)
    with store.reading() as db:
        kept = artefacts.load(db, "attention", version)
        decided = seen(db, province)
    if kept is None and not look:
        return None
    if kept is None:
        keys = [each.key for each in found(store, province).items]
        with store.writing() as db:
            artefacts.save(db, province, "attention", version, json.dumps(keys).encode())
    else:
        keys = json.loads(kept)
    return sum(key not in decided for key in keys)


def _version(store: Store, province: str) -> tuple[str, str]:
    """Return the name of the state of data that the checks read, and the vintage."""
    fingerprint, vintage = current_fingerprint(store, province, None)
    with store.reading() as db:
        staff = imports.in_force(imports.batches(db, province), "staff")
    return f"{CHECKS_VERSION}-{fingerprint}-{staff.id if staff else 0}", vintage


def _look(store: Store, province: str, vintage: str) -> Found:
    with store.reading() as db:
        days = [first for first, _ in layers.vintages(db, province)]
        before = days[-2] if len(days) > 1 else None
        given = Given(
            province_code=province,
            communes=layers.load_communes(db, province, vintage),
            points=layers.load_points(db, province),
            population=layers.load_population(db, province, vintage),
            former_population=layers.load_population(db, province, before) if before else {},
            crosswalk=layers.load_crosswalk(db, province),
            grid=layers.load_grid(db, province),
            staff=partners.load_staff(db, province),
        )
    return Found(vintage, attend(given), given.grid is not None, former_codes(given))


def left_out(db: sa.Connection, province: str) -> int:
    """Return how many rows the imports in force left out and nobody has settled."""
    newest = {
        (each.kind, each.valid_from): each
        for each in imports.batches(db, province) if not each.is_mend
    }  # fmt: skip
    return sum(each.left_out for each in newest.values() if each.settled_at is None)


def mark_seen(db: sa.Connection, province: str, decision: Seen) -> None:
    """Keep a decision, in place of an earlier one on the same item."""
    forget_seen(db, province, decision.key)
    db.execute(
        sa.insert(schema.attention_seen).values(
            province_code=province, key=decision.key, by=decision.by, at=decision.at,
            why=decision.why,
        )
    )  # fmt: skip


def forget_seen(db: sa.Connection, province: str, key: str) -> bool:
    """Take a decision back; return whether there was one."""
    table = schema.attention_seen
    done = db.execute(sa.delete(table).where(table.c.province_code == province, table.c.key == key))
    return bool(done.rowcount)


def seen(db: sa.Connection, province: str) -> dict[str, Seen]:
    """Return every decision by the key of its item."""
    table = schema.attention_seen
    mine = table.c.province_code == province
    rows = db.execute(sa.select(table).where(mine).order_by(table.c.key))
    return {row.key: Seen(row.key, row.by, row.at, row.why) for row in rows}
