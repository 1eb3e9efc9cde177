"""What changed in the register: who changed a record, when, how, from what to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from planning.model.compliance import Record
from planning.store import register_tables, schema

TABLES: dict[Record, sa.Table] = {
    Record.POINT: schema.point, Record.ORGANISATION: schema.organisation,
    Record.STAFF: schema.staff,
}  # fmt: skip
KEYS: dict[Record, str] = {
    Record.POINT: "point_id", Record.ORGANISATION: "organisation_code", Record.STAFF: "staff_id",
}  # fmt: skip
PRESENCE = "record"  # the field that says whether the record is there
BY_ROW = "#"  # what the id of a record begins with that only its row in a file names
_DERIVED = ("province_code", "employer")
# What says who somebody is does not outlive the record it stood in.
_PERSONAL = ("name", "phone", "card_number", "person_id")


@dataclass(frozen=True, slots=True)
class Deed:
    """When and by whom something was changed, and how: import, edit, mend, decision or undo.

    `at` is ISO text in UTC; `batch` the number of the import that undoes it, None: none.
    """

    at: str
    by: str
    how: str
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one record: field → (before, after), None where nothing was given.

    `added` and `removed` say that the record came or went; what a removed record held stands
    in `fields`, without what is personal.
    """

    deed: Deed
    record_id: str
    fields: dict[str, tuple[Any, Any]]
    added: bool = False
    removed: bool = False


def record_changes(
    db: sa.Connection, province: str, record: Record | str, before: pd.DataFrame,
    after: pd.DataFrame, deed: Deed,
) -> int:  # fmt: skip
    """Keep how records of a kind differ between two states; return how many differ.

    `before` and `after` are rows of the kind's table with their id, whole or some columns:
    a column that one of them lacks is not compared. Call it in the transaction that writes
    `after`. A record known only by its row in a file is followed while its name stays.
    """
    kind = Record(record)
    key = KEYS[kind]
    fields = [
        column.name for column in TABLES[kind].columns
        if column.name in before and column.name in after
        and column.name not in (key, *_DERIVED)
    ]  # fmt: skip
    was, now = _plain(before, key, fields), _plain(after, key, fields)
    bodies = (
        _came(now.index.difference(was.index)) | _went(was, now.index, kind) | _changed(was, now)
    )
    rows = [
        {"province_code": province, "record": kind.value, "record_id": name, "at": deed.at,
         "by": deed.by, "how": deed.how, "batch_id": deed.batch, "body": body}
        for name, body in sorted(bodies.items())
    ]  # fmt: skip
    if rows:
        db.execute(sa.insert(register_tables.register_change), rows)
    return len(rows)


def record_fields(
    db: sa.Connection, province: str, about: tuple[Record, str],
    fields: Mapping[str, tuple[Any, Any]], deed: Deed,
) -> None:  # fmt: skip
    """Keep a change of one record in what is not a column of its own: field → (before, after)."""
    kind, record_id = about
    db.execute(
        sa.insert(register_tables.register_change).values(
            province_code=province, record=kind.value, record_id=record_id, at=deed.at, by=deed.by,
            how=deed.how, batch_id=deed.batch,
            body={name: list(pair) for name, pair in fields.items()},
        )
    )  # fmt: skip


def history(
    db: sa.Connection, province: str, record: Record | str, record_id: str | Sequence[str]
) -> list[Change]:
    """Return the changes of a record, or of the several rows it stands on, newest first."""
    ids = [record_id] if isinstance(record_id, str) else list(record_id)
    kept = register_tables.register_change
    found = db.execute(
        sa.select(kept)
        .where(
            kept.c.province_code == province,
            kept.c.record == Record(record).value,
            kept.c.record_id.in_(ids),
        )
        .order_by(kept.c.id.desc())
    )
    return [_read(row) for row in found]


def _read(row: sa.Row) -> Change:
    fields = {name: (pair[0], pair[1]) for name, pair in row.body.items()}
    there = fields.pop(PRESENCE, (None, None))
    return Change(
        Deed(row.at, row.by, row.how, row.batch_id), row.record_id, fields,
        added=there[1] is True, removed=there[1] is False,
    )  # fmt: skip


def _plain(frame: pd.DataFrame, key: str, fields: list[str]) -> pd.DataFrame:
    """Return the fields by id, as plain values, None where nothing is given."""
    whole = pd.DataFrame(frame)[[key, *fields]].astype(object)
    return whole.where(whole.notna(), None).set_index(key)


def _came(ids: pd.Index) -> dict[str, dict[str, list[Any]]]:
    return {str(each): {PRESENCE: [False, True]} for each in ids}


def _went(was: pd.DataFrame, kept: pd.Index, kind: Record) -> dict[str, dict[str, list[Any]]]:
    gone = was[~was.index.isin(kept)]
    if kind is Record.STAFF:
        gone = gone.drop(columns=[each for each in _PERSONAL if each in gone])
    return {
        str(name): {PRESENCE: [True, False], **_given(row)}
        for name, row in zip(gone.index, gone.to_dict("records"), strict=True)
    }


def _given(row: dict[Any, Any]) -> dict[str, list[Any]]:
    return {
        str(name): [_value(value), None] for name, value in row.items() if value is not None
    }  # fmt: skip


def _changed(was: pd.DataFrame, now: pd.DataFrame) -> dict[str, dict[str, list[Any]]]:
    both = was.index.intersection(now.index)
    old, new = was.loc[both], now.loc[both]
    bodies: dict[str, dict[str, list[Any]]] = {}
    other, names = _another(old, new), [str(each) for each in both]
    for field in old.columns:
        first, second = old[field].to_numpy(), new[field].to_numpy()
        for at in np.flatnonzero(_differ(first, second) & ~other):
            fields = bodies.setdefault(names[at], {})
            fields[str(field)] = [_value(first[at]), _value(second[at])]
    return bodies


def _another(old: pd.DataFrame, new: pd.DataFrame) -> NDArray[np.bool_]:
    """Return where the same row of a file came to hold something else, shape (n,)."""
    by_row = old.index.astype(str).str.startswith(BY_ROW)
    if "name" not in old:
        return np.zeros(len(old), dtype=bool)
    return np.asarray(by_row & _differ(old["name"].to_numpy(), new["name"].to_numpy()))


def _differ(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.fromiter(
        (a != b for a, b in zip(one, other, strict=True)), dtype=bool, count=len(one)
    )


def _value(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
