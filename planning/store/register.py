"""What changed in the register: who changed a record, when, how, from what to what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_PERSONAL = ("name", "phone", "card_number", "certificate", "person_id")
_TELLING = ("name", "person_id")  # another one of these on a row of a file: another record
_AT_ONCE = 400  # ids in one statement


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
    `after`. A record known only by its row in a file is followed while its name stays, and
    through changes by hand; another one on that row is told as one that came. What was personal
    in older changes of staff that went, or whose row another one has now, is forgotten.
    """
    kind = Record(record)
    key = KEYS[kind]
    fields = [
        column.name for column in TABLES[kind].columns
        if column.name in before and column.name in after
        and column.name not in (key, *_DERIVED)
    ]  # fmt: skip
    was, now = _plain(before, key, fields), _plain(after, key, fields)
    other = [] if deed.how == "edit" else _others(was, now)
    bodies = (
        _came([*now.index.difference(was.index), *other]) | _went(was, now.index, kind)
        | _changed(was.drop(index=other), now)
    )  # fmt: skip
    if kind is Record.STAFF:
        _forget(db, province, [*map(str, was.index.difference(now.index)), *other])
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
    """Return the changes of a record, or of the several rows it stands on, newest first.

    Of an id that only names a row in a file they reach back to the newest coming or going: what
    is older may be of another record that stood on that row.
    """
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
    # Nobody is told of a member of staff who went: another may stand on the row unsaid.
    gone = Record(record) is not Record.STAFF
    return list(_of_present((_read(row) for row in found), tell_gone=gone))


def _of_present(newest_first: Iterable[Change], *, tell_gone: bool) -> Iterator[Change]:
    """Yield the changes without those that may be of what stood on the row of a file before."""
    ended: set[str] = set()
    told: set[str] = set()
    for each in newest_first:
        if each.record_id in ended:
            continue
        if each.record_id.startswith(BY_ROW) and (each.added or each.removed):
            ended.add(each.record_id)
            if each.removed and (each.record_id in told or not tell_gone):
                continue  # something stands on the row again: it is not what went
        told.add(each.record_id)
        yield each


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


def _came(ids: Iterable[str]) -> dict[str, dict[str, list[Any]]]:
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
    names = [str(each) for each in both]
    for field in old.columns:
        first, second = old[field].to_numpy(), new[field].to_numpy()
        for at in np.flatnonzero(_differ(first, second)):
            fields = bodies.setdefault(names[at], {})
            fields[str(field)] = [_value(first[at]), _value(second[at])]
    return bodies


def _others(was: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Return the ids by which the same row of a file came to hold another record."""
    both = was.index.intersection(now.index)
    old, new = was.loc[both], now.loc[both]
    another = np.zeros(len(both), dtype=bool)
    for field in _TELLING:
        if field in old:
            another |= _differ(old[field].to_numpy(), new[field].to_numpy())
    another &= np.asarray(both.astype(str).str.startswith(BY_ROW), dtype=bool)
    return [str(each) for each in both[another]]


def _forget(db: sa.Connection, province: str, ids: Sequence[str]) -> None:
    """Take what is personal out of the kept changes of staff; a change that was no more goes."""
    table = register_tables.register_change
    kept = table.c
    for begin in range(0, len(ids), _AT_ONCE):
        found = db.execute(
            sa.select(kept.id, kept.body).where(
                kept.province_code == province, kept.record == Record.STAFF.value,
                kept.record_id.in_(ids[begin : begin + _AT_ONCE]),
            )
        ).all()  # fmt: skip
        for row in found:
            left = {name: pair for name, pair in row.body.items() if name not in _PERSONAL}
            if not left:
                db.execute(sa.delete(table).where(kept.id == row.id))
            elif len(left) < len(row.body):
                db.execute(sa.update(table).where(kept.id == row.id).values(body=left))


def _differ(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.fromiter(
        (a != b for a, b in zip(one, other, strict=True)), dtype=bool, count=len(one)
    )


def _value(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
