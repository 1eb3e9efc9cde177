"""The audit trail: append and read events; never update, never delete.

An event has a tag `area:thing:action` and plain facts, never a sentence, so that it can be
said in any language later.
"""

from typing import Any

import sqlalchemy as sa

from planning.store import schema


def record(
    db: sa.Connection, tag: str, province: str | None, *, at: str, actor: str, **facts: Any
) -> None:
    """Append one event to the trail, in the transaction of what it tells about."""
    db.execute(
        sa.insert(schema.audit).values(
            at=at, actor=actor, tag=tag, province_code=province, facts=facts
        )
    )


def events(db: sa.Connection, province: str) -> list[sa.Row]:
    """Return a province's events, oldest first."""
    table = schema.audit
    query = sa.select(table).where(table.c.province_code == province).order_by(table.c.id)
    return list(db.execute(query))
