"""What stood before an import: the rows of the tables it writes, kept so that they can come back."""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from planning.store import edited, performance_tables, register_tables, replaced, schema
from planning.store.imports import ImportBatch

# What each kind of import writes. Communes carry their people along: replacing a commune
# takes its population with it.
_WRITES: Mapping[str, tuple[sa.Table, ...]] = {
    "boundaries": (schema.commune, schema.population),
    "seats": (schema.commune, schema.population),
    "population": (schema.population,),
    "grid": (schema.grid_cell,),
    "points": (schema.point,),
    "hosts": (schema.host,),
    "crosswalk": (schema.crosswalk, schema.unit_event),
    "organisations": (schema.organisation,),
    "staff": (register_tables.person, schema.staff),
    "inspections": (register_tables.inspection,),
    "programmes": (performance_tables.programme,),
    "targets": (performance_tables.target, performance_tables.result),
    "results": (performance_tables.target, performance_tables.result),
    "needs": (performance_tables.need_count,),
}
REPLACES = "replaces"  # the option of an import that names the parts of the tables it wrote


def overlap(kind: str, other: str) -> bool:
    """Whether two kinds of import write the same table."""
    return bool(set(_WRITES[kind]) & set(_WRITES[other]))


def stands_on(later: ImportBatch, earlier: ImportBatch) -> bool:
    """Whether an import wrote over what an earlier one brought.

    Two that name the parts of the tables they wrote stand on each other where they share one.
    """
    if not overlap(later.kind, earlier.kind):
        return False
    first, second = later.options.get(REPLACES), earlier.options.get(REPLACES)
    return first is None or second is None or bool(set(first) & set(second))


def taken(db: sa.Connection, kind: str, province: str) -> bytes:
    """Return the rows of a province that an import of this kind may replace, packed."""
    known = db.execute(_rows_of(schema.province, province)).mappings().first()
    rows = {
        table.name: [dict(row) for row in db.execute(_rows_of(table, province)).mappings()]
        for table in _WRITES[kind]
    }
    whole = {"province": None if known is None else dict(known), "rows": rows}
    return zlib.compress(json.dumps(whole, default=_as_text).encode(), 6)


def taken_row(db: sa.Connection, kind: str, key: Mapping[str, str]) -> bytes:
    """Return the one row that a mend of this kind of data may change, packed.

    `key` is the row's primary key, column by column. Only a kind that writes one table can be
    mended row by row.
    """
    (table,) = _WRITES[kind]
    found = db.execute(sa.select(table).where(_is(table, key))).mappings().all()
    whole = {"key": dict(key), "rows": {table.name: [dict(row) for row in found]}}
    return zlib.compress(json.dumps(whole, default=_as_text).encode(), 6)


def save(db: sa.Connection, batch: int, body: bytes) -> None:
    """Keep what stood before an import."""
    db.execute(sa.insert(schema.import_before).values(batch_id=batch, body=body))


def load(db: sa.Connection, batch: int) -> bytes | None:
    """Return what stood before an import, None when it was not kept."""
    table = schema.import_before
    found: bytes | None = db.execute(
        sa.select(table.c.body).where(table.c.batch_id == batch)
    ).scalar()
    return found


def is_first(body: bytes) -> bool:
    """Whether an import brought its province, which goes again when that is undone."""
    whole = json.loads(zlib.decompress(body))
    return "province" in whole and whole["province"] is None


def restore(db: sa.Connection, kind: str, province: str, body: bytes) -> None:
    """Put back what stood before an import; a province that was not there goes again.

    What stood before a mend is the one row it changed, and only that is put back.
    """
    whole = json.loads(zlib.decompress(body))
    if "edited" in whole:
        edited.restore(db, province, whole["edited"])
        return
    if "parts" in whole:
        replaced.restore(db, province, whole["parts"])
        return
    if "key" in whole:
        (table,) = _WRITES[kind]
        db.execute(sa.delete(table).where(_is(table, whole["key"])))
        _put(db, table, whole["rows"][table.name])
        return
    before = whole["province"]
    if before is None:
        db.execute(sa.delete(schema.province).where(schema.province.c.code == province))
        return
    db.execute(sa.update(schema.province).where(schema.province.c.code == province).values(before))
    for table in reversed(_WRITES[kind]):
        db.execute(sa.delete(table).where(_belongs(table, province)))
    rows = _with_persons(whole["rows"]) if kind == "staff" else whole["rows"]
    for table in _WRITES[kind]:
        _put(db, table, rows.get(table.name, []))


def _with_persons(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return staff kept before rows named their person, each row a person of its own."""
    if "person" in rows:
        return rows
    staff = [
        {**row, "person_id": row["staff_id"],
         "employer": row["organisation_code"] or row["organisation"] or ""}
        for row in rows["staff"]
    ]  # fmt: skip
    names = ("province_code", "person_id", "employer")
    return {"staff": staff, "person": [{name: row[name] for name in names} for row in staff]}


def _put(db: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(sa.insert(table), [_from_text(table, row) for row in rows])


def _is(table: sa.Table, key: Mapping[str, str]) -> sa.ColumnElement[bool]:
    assert set(key) == {each.name for each in table.primary_key.columns}
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def _rows_of(table: sa.Table, province: str) -> sa.Select[Any]:
    return sa.select(table).where(_belongs(table, province)).order_by(*table.primary_key.columns)


def _belongs(table: sa.Table, province: str) -> sa.ColumnElement[bool]:
    if table is schema.province:
        return table.c.code == province
    if "province_code" in table.c:
        return table.c.province_code == province
    commune = schema.commune.c
    owned = sa.select(commune.code, commune.valid_from).where(commune.province_code == province)
    return sa.tuple_(table.c.commune_code, table.c.valid_from).in_(owned)


def _as_text(value: Any) -> str:
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode()


def _from_text(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: base64.b64decode(value)
        if value is not None and table.c[name].type.python_type is bytes
        else value
        for name, value in row.items()
    }
