"""What the codes that proposals hold are called: communes, offices, organisations, hosts."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from planning.store import layers, review_tables, round_tables, schema


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code: of communes on the newest boundaries, and of organisations.

    `offices` are the BHXH cơ sở that the boundaries name.
    """

    communes: Mapping[str, str]
    organisations: Mapping[str, str]
    offices: tuple[str, ...]

    def commune(self, code: str) -> str:
        """Return the full name of a commune, its code where it is of other boundaries."""
        return self.communes.get(code, code)

    def organisation(self, code: str) -> str:
        """Return the name of an organisation, its code where the list does not have it."""
        return self.organisations.get(code, code)


def load(db: sa.Connection, province: str) -> Names:
    """Return the names of a province."""
    days = layers.vintages(db, province)
    table = schema.commune.c
    rows = db.execute(
        sa.select(table.code, table.full_name, table.office)
        .where(table.province_code == province, table.valid_from == (days[-1][0] if days else ""))
        .order_by(table.code)
    ).all()
    listed, point = schema.organisation.c, schema.point.c
    known = db.execute(
        sa.select(listed.organisation_code, listed.name).where(listed.province_code == province)
    )
    written = db.execute(
        sa.select(point.organisation_code, point.organisation)
        .where(point.province_code == province, point.organisation_code.is_not(None),
               point.organisation.is_not(None))
        .distinct().order_by(point.organisation_code, point.organisation)
    )  # fmt: skip
    return Names(
        {row.code: row.full_name for row in rows},
        {row[0]: row[1] for row in (*written, *known)},
        tuple(sorted({row.office for row in rows if row.office})),
    )


def review_of(db: sa.Connection, province: str) -> bool:
    """Whether anything of a review was kept for a province: it cannot go any more."""
    tables = (review_tables.proposal, review_tables.criterion, round_tables.review_round)
    return any(
        db.execute(sa.select(sa.exists().where(each.c.province_code == province))).scalar()
        for each in tables
    )


def hosts(db: sa.Connection, province: str) -> list[tuple[str, str, float, float]]:
    """Return name, type, longitude and latitude of every known host, by name."""
    table = schema.host.c
    query = sa.select(table.name, table.host_type, table.lon, table.lat)
    rows = db.execute(query.where(table.province_code == province).order_by(table.name))
    return [(row.name, row.host_type, row.lon, row.lat) for row in rows]


def points(db: sa.Connection, province: str) -> list[sa.Row]:
    """Return id, name, kind, status, place and organisation of every listed point, by name."""
    table = schema.point.c
    query = sa.select(
        table.point_id, table.name, table.kind, table.status, table.lon, table.lat,
        table.organisation_code, table.commune_code,
    )  # fmt: skip
    return list(db.execute(query.where(table.province_code == province).order_by(table.name)))
