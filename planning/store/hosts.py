"""What kinds of places that could house a point a province knows."""

import sqlalchemy as sa

from planning.store import schema


def types(db: sa.Connection, province: str) -> list[str]:
    """Return the types of the hosts of a province, in the order of their letters."""
    table = schema.host.c
    query = sa.select(table.host_type).where(table.province_code == province)
    return [str(each) for each in db.execute(query.distinct().order_by(table.host_type)).scalars()]
