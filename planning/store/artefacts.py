"""Things that were computed once and are kept under the fingerprint of their inputs."""

from datetime import UTC, datetime

import sqlalchemy as sa

from planning.store import schema

_MOST_PER_KIND = 40


def load(db: sa.Connection, kind: str, fingerprint: str) -> bytes | None:
    """Return what was kept under this kind and fingerprint, or None."""
    table = schema.artefact
    key = f"{kind}:{fingerprint}"
    return db.execute(sa.select(table.c.body).where(table.c.key == key)).scalar()


def save(db: sa.Connection, province: str, kind: str, fingerprint: str, body: bytes) -> None:
    """Keep `body`; the oldest of the province's kind make room for it."""
    table = schema.artefact
    key = f"{kind}:{fingerprint}"
    db.execute(sa.delete(table).where(table.c.key == key))
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    db.execute(sa.insert(table).values(key=key, province_code=province, body=body, made_at=now))
    of_kind = (table.c.province_code == province) & table.c.key.startswith(f"{kind}:")
    old = sa.select(table.c.key).where(of_kind).order_by(table.c.made_at.desc())
    db.execute(sa.delete(table).where(table.c.key.in_(old.offset(_MOST_PER_KIND))))
