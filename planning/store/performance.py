"""Read what is kept of programmes, targets, results and demand counted by commune."""

from collections.abc import Hashable, Sequence

import pandas as pd
import sqlalchemy as sa

from planning.model.performance import DEFAULT_PROGRAMMES, Counts, Need, Programme
from planning.store import imports, performance_tables, register_tables, schema

COLUMNS = ("period", "level", "organisation", "commune", "thing", "valid_from", "value")


def programmes(db: sa.Connection, province: str) -> tuple[Programme, ...]:
    """Return the programmes of a province in its order, the usual ones until it names its own."""
    table = performance_tables.programme
    rows = db.execute(
        sa.select(table).where(table.c.province_code == province)
        .order_by(table.c.position, table.c.code)
    )  # fmt: skip
    found = tuple(Programme(row.code, row.name, row.unit, Counts(row.counts)) for row in rows)
    return found or DEFAULT_PROGRAMMES


def state(db: sa.Connection, province: str) -> Hashable:
    """Return what changes when figures of a province, or what they are about, may have changed.

    Every import and undoing counts, every change of the register, and the number of figures.
    """
    change = register_tables.register_change.c
    counts = [
        db.execute(sa.select(sa.func.count()).where(each.c.province_code == province)).scalar_one()
        for each in (performance_tables.target, performance_tables.result)
    ]
    newest = db.execute(sa.select(sa.func.max(change.id))).scalar_one()
    return (*imports.state(db), int(newest or 0), *map(int, counts))


def figures(db: sa.Connection, table: sa.Table, province: str, programme: str) -> pd.DataFrame:
    """Return every target or result of a programme under the headings of `COLUMNS`.

    `table` is `performance_tables.target` or `.result`. `organisation` and `commune` are
    codes, `thing` the office, the point or the staff member that the level names; all are
    empty where the level has none. Figures are whole numbers.
    """
    own = table.c
    query = sa.select(
        own.period, own.level, own.organisation_code, own.commune_code,
        (own.office + own.point_id + own.staff_id).label("thing"), own.valid_from, own.value,
    ).where(own.province_code == province, own.programme == programme)  # fmt: skip
    rows = db.execute(query).all()
    # Column by column: pandas looks at each of some hundred thousand rows by itself otherwise.
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))).astype({"value": "int64"})


def counted(db: sa.Connection, province: str) -> frozenset[str]:
    """Return the codes of the programmes of a province that have a target or a result."""
    return frozenset(each.code for each in programmes(db, province)
                     if _is_told(db, province, each.code))  # fmt: skip


def _is_told(db: sa.Connection, province: str, programme: str) -> bool:
    tables = (performance_tables.target.c, performance_tables.result.c)
    return any(
        db.execute(
            sa.select(sa.literal(1))
            .where(own.province_code == province, own.programme == programme)
            .limit(1)
        ).first()
        for own in tables
    )


def needs(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return need, commune, valid_from and people of every count of demand that is kept."""
    own = performance_tables.need_count.c
    query = sa.select(own.need, own.commune_code, own.valid_from, own.people).where(
        own.province_code == province
    )
    frame = pd.DataFrame(
        db.execute(query).all(), columns=["need", "commune", "valid_from", "people"]
    )
    return frame.assign(need=frame["need"].map(Need)).astype({"people": "int64"})


def organisations(db: sa.Connection, province: str) -> dict[str, str]:
    """Return the name of every organisation of a province by its code."""
    own = schema.organisation.c
    query = sa.select(own.organisation_code, own.name).where(own.province_code == province)
    return {row.organisation_code: row.name for row in db.execute(query)}


def points(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return by point its code and those before, name, organisation by code and by name, status and place."""
    own = schema.point.c
    query = sa.select(
        own.point_id, own.official_code, own.former_codes, own.name, own.organisation_code,
        own.organisation, own.status, own.opened, own.lon, own.lat,
    ).where(own.province_code == province)  # fmt: skip
    result = db.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys())).set_index("point_id")


def staff(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return by member of staff the code of their point, and their organisation; no names."""
    own = schema.staff.c
    query = sa.select(
        own.staff_id, own.point_code, own.organisation_code, own.organisation
    ).where(own.province_code == province)  # fmt: skip
    result = db.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys())).set_index("staff_id")


def staff_names(db: sa.Connection, province: str, ids: Sequence[str]) -> dict[str, str]:
    """Return the names of some members of staff: personal data."""
    own = schema.staff.c
    query = sa.select(own.staff_id, own.name).where(
        own.province_code == province, own.staff_id.in_(list(ids))
    )
    return {row.staff_id: row.name for row in db.execute(query)}
