"""Plans that were made, newest last: kept whole as the plain values they were handed out as."""

from typing import Any

import sqlalchemy as sa

from planning.store import schema


def save(
    db: sa.Connection, province: str, body: dict[str, Any], *, made_at: str
) -> None:
    """Keep a plan as plain values; it names its vintage and its inputs' fingerprint."""
    db.execute(
        sa.insert(schema.plan).values(
            province_code=province, valid_from=body["valid_from"],
            fingerprint=body["fingerprint"], made_at=made_at, body=body,
        )
    )  # fmt: skip


def latest(db: sa.Connection, province: str, valid_from: str) -> dict[str, Any] | None:
    """Return the newest plan of a province on a vintage, None when there is none."""
    table = schema.plan
    query = (
        sa.select(table.c.body)
        .where(table.c.province_code == province, table.c.valid_from == valid_from)
        .order_by(table.c.id.desc())
    )
    return db.execute(query).scalar()
