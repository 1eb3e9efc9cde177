"""What was imported, from which file, with what findings; and what is in force now."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from planning.model.days import day_of
from planning.store import schema


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One import of one file into one province.

    `kind` is a name in `planning.services.imports.kinds.KINDS`; `valid_from` the vintage it
    belongs to (empty: none). `source` says where the data come from in one
    line, `as_of` the day they describe. `synthetic` marks demonstration data. `undone_at` is
    when it was taken back (None: in force), `settled_at` when somebody settled the rows that
    were left out. `id` is 0 until it is kept.
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
    imported_by: str = "local"
    undone_at: str | None = None
    undone_by: str | None = None
    settled_at: str | None = None
    id: int = 0

    @property
    def is_mend(self) -> bool:
        """Whether this is one mend of kept data and not a file."""
        return "mend" in self.options


_NAMES = tuple(ImportBatch.__dataclass_fields__)


def record(db: sa.Connection, batch: ImportBatch) -> int:
    """Keep the record of an import; return its number."""
    values = {name: getattr(batch, name) for name in _NAMES if name != "id"}
    done = db.execute(sa.insert(schema.import_batch).values(values))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def history(db: sa.Connection, province: str) -> list[ImportBatch]:
    """Return every import of a province, those undone among them, oldest first."""
    table = schema.import_batch
    rows = db.execute(
        sa.select(table).where(table.c.province_code == province).order_by(table.c.id)
    )
    return [_batch(row) for row in rows]


def batches(db: sa.Connection, province: str) -> list[ImportBatch]:
    """Return every import of a province that was not undone, oldest first."""
    return [each for each in history(db, province) if each.undone_at is None]


def of_file(db: sa.Connection, sha256: str, kind: str) -> ImportBatch | None:
    """Return the newest import of this very file as this kind that was not undone."""
    table = schema.import_batch
    row = db.execute(
        sa.select(table)
        .where(table.c.sha256 == sha256, table.c.kind == kind, table.c.undone_at.is_(None))
        .order_by(table.c.id.desc())
    ).first()
    return None if row is None else _batch(row)


def state(db: sa.Connection) -> tuple[int, int]:
    """Return what changes with every import and every undoing, and with nothing else."""
    table = schema.import_batch
    newest, undone = db.execute(
        sa.select(sa.func.max(table.c.id), sa.func.count(table.c.undone_at))
    ).one()
    return int(newest or 0), int(undone)


def mark_undone(db: sa.Connection, batch: int, *, at: str, by: str) -> None:
    """Note that an import was taken back; its record stays."""
    table = schema.import_batch
    db.execute(sa.update(table).where(table.c.id == batch).values(undone_at=at, undone_by=by))


def mark_settled(db: sa.Connection, batch: int, *, at: str) -> None:
    """Note that the rows an import left out need nobody any more."""
    table = schema.import_batch
    db.execute(sa.update(table).where(table.c.id == batch).values(settled_at=at))


def keep_file(db: sa.Connection, body: bytes, at: str) -> str:
    """Keep an imported file as it came, once; return its SHA-256."""
    table = schema.import_file
    sha256 = hashlib.sha256(body).hexdigest()
    if db.execute(sa.select(table.c.sha256).where(table.c.sha256 == sha256)).first() is None:
        db.execute(
            sa.insert(table).values(
                sha256=sha256, bytes=len(body), body=zlib.compress(body, 6), kept_at=at
            )
        )
    return sha256


def load_file(db: sa.Connection, sha256: str) -> bytes | None:
    """Return an imported file as it came, None when it was not kept."""
    table = schema.import_file
    body = db.execute(sa.select(table.c.body).where(table.c.sha256 == sha256)).scalar()
    return None if body is None else zlib.decompress(body)


def _batch(row: sa.Row) -> ImportBatch:
    return ImportBatch(**{name: getattr(row, name) for name in _NAMES})


def in_force(found: list[ImportBatch], kind: str, valid_from: str = "") -> ImportBatch | None:
    """Return the newest import of a kind (and vintage), None when there is none."""
    fitting = [each for each in found if each.kind == kind and each.valid_from == valid_from]
    return fitting[-1] if fitting else None


def data_date(found: list[ImportBatch]) -> str | None:
    """Return the day the network is described on: what its import says, else the newest import's.

    None when nothing was imported. A mend of kept data does not make them newer.
    """
    points = in_force(found, "points")
    if points is not None and points.as_of:
        return points.as_of
    files = (day_of(each.imported_at) for each in found if not each.is_mend)
    return max(files, default=None)


def any_synthetic(found: list[ImportBatch], vintage: str) -> bool:
    """Return whether anything in force for a vintage is demonstration data."""
    newest = {(each.kind, each.valid_from): each for each in found}
    return any(each.synthetic for (_, day), each in newest.items() if day in ("", vintage))
