"""Single rows: what a mend or a decision writes."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from planning.store import schema


def change_point(
    db: sa.Connection, province: str, point_id: str, values: Mapping[str, Any]
) -> None:
    """Write some columns of one point."""
    db.execute(sa.update(schema.point).where(_point(province, point_id)).values(dict(values)))


def point(db: sa.Connection, province: str, point_id: str) -> dict[str, Any] | None:
    """Return one point, None where there is none."""
    row = db.execute(sa.select(schema.point).where(_point(province, point_id))).mappings().first()
    return None if row is None else dict(row)


def add_point(db: sa.Connection, province: str, values: Mapping[str, Any]) -> None:
    """Put one point into the network."""
    db.execute(sa.insert(schema.point).values(province_code=province, **values))


def remove_point(db: sa.Connection, province: str, point_id: str) -> None:
    """Take one point out of the network."""
    db.execute(sa.delete(schema.point).where(_point(province, point_id)))


def count_points(db: sa.Connection, province: str) -> int:
    """Return how many points a province has, of any kind and status."""
    table = schema.point.c
    query = sa.select(sa.func.count()).where(table.province_code == province)
    return int(db.execute(query).scalar_one())


def _point(province: str, point_id: str) -> sa.ColumnElement[bool]:
    table = schema.point.c
    return sa.and_(table.province_code == province, table.point_id == point_id)
