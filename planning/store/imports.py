"""What was imported, from which file, with what findings; and what is in force now."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planning.store import schema


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One import of one file into one province.

    `kind` is boundaries, population, grid, points, hosts, seats or crosswalk; `valid_from`
    the vintage it belongs to (empty: none). `source` says where the data come from in one
    line, `as_of` the day they describe. `synthetic` marks demonstration data.
    """

    province_code: str
    kind: str
    valid_from: str
    file: str
    sha256: str
    options: dict[str, Any]
    rows: int
    left_out: int
    source: str
    as_of: str | None
    synthetic: bool
    findings: list[dict[str, Any]]
    imported_at: str


def record(db: sa.Connection, batch: ImportBatch) -> None:
    """Keep the record of an import."""
    values = {name: getattr(batch, name) for name in ImportBatch.__dataclass_fields__}
    db.execute(sa.insert(schema.import_batch).values(values))


def batches(db: sa.Connection, province: str) -> list[ImportBatch]:
    """Return every import of a province, oldest first."""
    table = schema.import_batch
    rows = db.execute(
        sa.select(table).where(table.c.province_code == province).order_by(table.c.id)
    )
    return [
        ImportBatch(**{name: getattr(row, name) for name in ImportBatch.__dataclass_fields__})
        for row in rows
    ]


def in_force(found: list[ImportBatch], kind: str, valid_from: str = "") -> ImportBatch | None:
    """Return the newest import of a kind (and vintage), None when there is none."""
    fitting = [each for each in found if each.kind == kind and each.valid_from == valid_from]
    return fitting[-1] if fitting else None


def data_date(found: list[ImportBatch]) -> str | None:
    """Return the day the network is described on: what its import says, else the newest import's.

    None when nothing was imported.
    """
    points = in_force(found, "points")
    if points is not None and points.as_of:
        return points.as_of
    return max((each.imported_at[:10] for each in found), default=None)


def any_synthetic(found: list[ImportBatch], vintage: str) -> bool:
    """Return whether anything in force for a vintage is demonstration data."""
    newest = {(each.kind, each.valid_from): each for each in found}
    return any(each.synthetic for (_, day), each in newest.items() if day in ("", vintage))
