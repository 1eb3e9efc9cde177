"""Parts of tables: the rows an import replaces while the others stay, kept so they can come back."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from planning.store.schema import metadata

# Table → the values that mean its rows, column by column: every row that has them all.
Parts = Mapping[str, Sequence[Mapping[str, str]]]
_AT_ONCE = 300  # parts named in one statement
_SERIAL = "id"  # the number of a row, by which a change by hand before the import knows it


def taken(db: sa.Connection, province: str, parts: Parts) -> bytes:
    """Return the rows that `parts` mean, packed."""
    kept: dict[str, Any] = {}
    for name, keys in parts.items():
        table = metadata.tables[name]
        columns = [each for each in table.columns if each.name != "province_code"]
        rows: list[list[Any]] = []
        for where in _meant(table, province, keys):
            found = db.execute(
                sa.select(*columns).where(where).order_by(*table.primary_key.columns)
            )
            rows += [list(row) for row in found]
        kept[name] = {
            "keys": [dict(each) for each in keys], "rows": rows,
            "columns": [each.name for each in columns],
        }  # fmt: skip
    return zlib.compress(json.dumps({"parts": kept}, ensure_ascii=False).encode(), 6)


def restore(db: sa.Connection, province: str, kept: Mapping[str, Any]) -> None:
    """Put back the rows of parts that were taken, in place of those that stand there now."""
    forget(db, province, {name: each["keys"] for name, each in kept.items()})
    for name, each in kept.items():
        rows = [
            {"province_code": province, **dict(zip(each["columns"], row, strict=True))}
            for row in each["rows"]
        ]  # fmt: skip
        _insert(db, metadata.tables[name], rows)


def _insert(db: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Put rows in under the numbers they had; one whose number another row has now gets a new one."""
    numbers = [row[_SERIAL] for row in rows if _SERIAL in row]
    taken: set[int] = set()
    for begin in range(0, len(numbers), _AT_ONCE):
        some = table.c[_SERIAL].in_(numbers[begin : begin + _AT_ONCE])
        taken.update(db.execute(sa.select(table.c[_SERIAL]).where(some)).scalars())
    anew = [row for row in rows if row.get(_SERIAL) in taken]
    for each in anew:
        del each[_SERIAL]
    for part in (
        [row for row in rows if _SERIAL in row],
        [row for row in rows if _SERIAL not in row],
    ):
        if part:
            db.execute(sa.insert(table), part)


def forget(db: sa.Connection, province: str, parts: Parts) -> None:
    """Delete the rows that `parts` mean."""
    for name, keys in parts.items():
        table = metadata.tables[name]
        for where in _meant(table, province, keys):
            db.execute(sa.delete(table).where(where))


def counts(db: sa.Connection, province: str, parts: Parts) -> dict[str, int]:
    """Return how many rows of each table `parts` mean now."""
    return {
        name: sum(
            int(db.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])
                           .where(where)).scalar_one())
            for where in _meant(metadata.tables[name], province, keys)
        )
        for name, keys in parts.items()
    }  # fmt: skip


def _meant(
    table: sa.Table, province: str, keys: Sequence[Mapping[str, str]]
) -> Iterator[sa.ColumnElement[bool]]:
    for begin in range(0, len(keys), _AT_ONCE):
        some = keys[begin : begin + _AT_ONCE]
        names = list(some[0])
        columns = sa.tuple_(*(table.c[name] for name in names))
        values = [tuple(each[name] for name in names) for each in some]
        yield sa.and_(table.c.province_code == province, columns.in_(values))
