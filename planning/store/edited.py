"""Rows changed by hand: several at once, with what stood before, so that they can come back."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planning.store import register_tables, schema

_TABLES = {
    each.name: each
    for each in (schema.point, schema.organisation, register_tables.person, schema.staff,
                 register_tables.inspection)
}  # fmt: skip
_AT_ONCE = 400  # ids in one statement


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table whose `column` holds one of `ids`; parents stand before children."""

    table: sa.Table
    column: str
    ids: Sequence[Any]

    def rows(self, db: sa.Connection, province: str) -> list[dict[str, Any]]:
        """Return them as they stand."""
        return [
            dict(row)
            for where in self._where(province)
            for row in db.execute(sa.select(self.table).where(where)).mappings()
        ]

    def remove(self, db: sa.Connection, province: str) -> None:
        """Take them out."""
        for where in self._where(province):
            db.execute(sa.delete(self.table).where(where))

    def _where(self, province: str) -> Iterator[sa.ColumnElement[bool]]:
        kept = self.table.c
        for first in range(0, len(self.ids), _AT_ONCE):
            some = list(self.ids[first : first + _AT_ONCE])
            yield sa.and_(kept.province_code == province, kept[self.column].in_(some))


def taken(db: sa.Connection, province: str, parts: Sequence[Part]) -> bytes:
    """Return the rows that are going to be changed, packed as `planning.store.snapshots` keeps it."""
    return packed([(each, each.rows(db, province)) for each in parts])


def packed(stood: Sequence[tuple[Part, list[dict[str, Any]]]]) -> bytes:
    """Return what stood before in each part, none where the rows come only now."""
    told = [
        {"table": each.table.name, "column": each.column, "ids": list(each.ids), "rows": rows}
        for each, rows in stood
    ]
    # The province itself stays as it is.
    return zlib.compress(json.dumps({"province": {}, "edited": told}).encode(), 6)


def put(
    db: sa.Connection, province: str, parts: Sequence[Part], rows: Sequence[list[dict[str, Any]]]
) -> None:  # fmt: skip
    """Write `rows`, whole, in place of those of each part."""
    for each in reversed(parts):
        each.remove(db, province)
    for each, wanted in zip(parts, rows, strict=True):
        if wanted:
            db.execute(sa.insert(each.table), wanted)


def restore(db: sa.Connection, province: str, told: Sequence[dict[str, Any]]) -> None:
    """Put back what `taken` packed; rows that were not there go."""
    parts = [Part(_TABLES[each["table"]], each["column"], each["ids"]) for each in told]
    put(db, province, parts, [each["rows"] for each in told])
