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
_SERIAL = "id"  # a number that a row gets anew where it comes back


def taken(db: sa.Connection, province: str, parts: Parts) -> bytes:
    """Return the rows that `parts` mean, packed."""
    kept: dict[str, Any] = {}
    for name, keys in parts.items():
        table = metadata.tables[name]
        columns = [each for each in table.columns if each.name not in ("province_code", _SERIAL)]
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
        if rows:
            db.execute(sa.insert(metadata.tables[name]), rows)


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
