"""Load and save whole tables: communes, populations, grids, points, hosts, crosswalks.

Saving replaces what was there for the province (and vintage); loading goes through the
table's own door in `geo.tables`, so nothing unchecked comes out of the database.
"""

from collections.abc import Mapping
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa

from geo import tables
from geo.crs import DEGREES
from geo.tables import Communes, Crosswalk, Grid, Hosts, Points
from planning.store import schema


def save_province(db: sa.Connection, code: str, name: str, *, synthetic: bool) -> None:
    """Add the province or give it this name and mark."""
    values = {"name": name, "synthetic": synthetic}
    changed = db.execute(
        sa.update(schema.province).where(schema.province.c.code == code).values(values)
    )
    if not changed.rowcount:
        db.execute(sa.insert(schema.province).values(code=code, **values))


def provinces(db: sa.Connection) -> list[sa.Row]:
    """Return code, name and synthetic of every province, by code."""
    return list(db.execute(sa.select(schema.province).order_by(schema.province.c.code)))


def vintages(db: sa.Connection, province: str) -> list[tuple[str, str | None]]:
    """Return first and last day (None: still valid) of each set of boundaries, oldest first."""
    table = schema.commune.c
    rows = db.execute(
        sa.select(table.valid_from, sa.func.max(table.valid_to))
        .where(table.province_code == province)
        .group_by(table.valid_from)
        .order_by(table.valid_from)
    )
    return [(row[0], row[1]) for row in rows]


def save_communes(db: sa.Connection, communes: Communes) -> None:
    """Replace one vintage of one province.

    People stay with the communes whose code remains; so do seats that the new boundaries do
    not give.
    """
    province = str(communes["province_code"].iloc[0])
    valid_from = str(communes["valid_from"].iloc[0])
    people = load_population(db, province, valid_from)
    seats = _seats(db, province, valid_from)
    _forget(db, schema.commune, province_code=province, valid_from=valid_from)
    flat = pd.DataFrame(communes.drop(columns="geometry"))
    _insert(db, schema.commune, flat.assign(geometry=shapely.to_wkb(communes.geometry.to_numpy())))
    codes = set(communes["code"])
    unseated = set(communes.loc[communes["seat_lon"].isna(), "code"])
    save_population(db, valid_from, {c: n for c, n in people.items() if c in codes})
    save_seats(db, valid_from, {c: place for c, place in seats.items() if c in unseated})


def _seats(db: sa.Connection, province: str, valid_from: str) -> dict[str, tuple[float, float]]:
    table = schema.commune.c
    rows = db.execute(
        sa.select(table.code, table.seat_lon, table.seat_lat).where(
            table.province_code == province,
            table.valid_from == valid_from,
            table.seat_lon.is_not(None),
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def end_vintage(db: sa.Connection, province: str, valid_from: str, valid_to: str) -> None:
    """Set the last day of a vintage that another one follows."""
    table = schema.commune
    db.execute(
        sa.update(table)
        .where(table.c.province_code == province, table.c.valid_from == valid_from)
        .values(valid_to=valid_to)
    )


def load_communes(db: sa.Connection, province: str, valid_from: str) -> Communes:
    """Return the communes of one vintage, by code."""
    found = frame(db, schema.commune, province_code=province, valid_from=valid_from)
    shapes = shapely.from_wkb(found.pop("geometry").to_numpy())
    return tables.communes(gpd.GeoDataFrame(found, geometry=shapes, crs=DEGREES))


def commune_vintages(db: sa.Connection, codes: list[str]) -> pd.DataFrame:
    """Return code, valid_from and province_code of every vintage of these communes."""
    table = schema.commune.c
    rows = db.execute(
        sa.select(table.code, table.valid_from, table.province_code)
        .where(table.code.in_(codes))
        .order_by(table.code, table.valid_from)
    )
    return pd.DataFrame(rows.all(), columns=["code", "valid_from", "province_code"])


def commune_areas(db: sa.Connection) -> dict[str, float]:
    """Return the area in km² of every commune there is, of its newest vintage."""
    table = schema.commune.c
    rows = db.execute(sa.select(table.code, table.area_km2).order_by(table.valid_from))
    return {row.code: row.area_km2 for row in rows}


def save_seats(
    db: sa.Connection, valid_from: str, seats: Mapping[str, tuple[float, float]]
) -> None:
    """Set the seats of communes of one vintage: code → (lon, lat)."""
    table = schema.commune
    for code, (lon, lat) in seats.items():
        db.execute(
            sa.update(table)
            .where(table.c.code == code, table.c.valid_from == valid_from)
            .values(seat_lon=lon, seat_lat=lat)
        )


def save_population(db: sa.Connection, valid_from: str, people: Mapping[str, int | None]) -> None:
    """Replace the people of communes of one vintage; None is unknown."""
    if not people:
        return
    table = schema.population
    given = table.c.commune_code.in_(list(people))
    db.execute(sa.delete(table).where(given, table.c.valid_from == valid_from))
    rows = [{"commune_code": code, "valid_from": valid_from, "people": count}
            for code, count in people.items()]  # fmt: skip
    db.execute(sa.insert(table), rows)


def load_population(db: sa.Connection, province: str, valid_from: str) -> dict[str, int | None]:
    """Return people by commune code, None for unknown; communes never given are absent."""
    people, commune = schema.population.c, schema.commune.c
    rows = db.execute(
        sa.select(people.commune_code, people.people)
        .join_from(
            schema.population, schema.commune,
            (commune.code == people.commune_code) & (commune.valid_from == people.valid_from),
        )
        .where(commune.province_code == province, people.valid_from == valid_from)
        .order_by(people.commune_code)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def save_grid(db: sa.Connection, province: str, grid: Grid) -> None:
    """Replace the population grid of a province."""
    replace(db, schema.grid_cell, province, grid)


def load_grid(db: sa.Connection, province: str) -> Grid | None:
    """Return the population grid of a province, None when there is none."""
    found = frame(db, schema.grid_cell, province_code=province)
    return tables.grid(found) if len(found) else None


def save_points(db: sa.Connection, province: str, points: Points) -> None:
    """Replace the points of a province."""
    replace(db, schema.point, province, points)


def load_points(db: sa.Connection, province: str) -> Points:
    """Return the points of a province, none as an empty table."""
    found = frame(db, schema.point, province_code=province)
    return tables.points(found)


def count_open_points(db: sa.Connection, province: str) -> dict[str, int]:
    """Return how many open points of each kind a province has."""
    table = schema.point.c
    rows = db.execute(
        sa.select(table.kind, sa.func.count())
        .where(table.province_code == province, table.status == "open")
        .group_by(table.kind)
        .order_by(table.kind)
    )
    return {row[0]: row[1] for row in rows}


def offices(db: sa.Connection, province: str, valid_from: str) -> dict[str, str]:
    """Return the BHXH cơ sở of every commune of a vintage that names one."""
    table = schema.commune.c
    query = sa.select(table.code, table.office).where(
        table.province_code == province, table.valid_from == valid_from, table.office.is_not(None)
    )
    return {code: office for code, office in db.execute(query)}  # noqa: C416 - rows are no pairs


def count_communes(db: sa.Connection, province: str, valid_from: str) -> int:
    """Return how many communes a vintage has."""
    table = schema.commune.c
    query = sa.select(sa.func.count()).where(
        table.province_code == province, table.valid_from == valid_from
    )
    return int(db.execute(query).scalar_one())


def save_hosts(db: sa.Connection, province: str, hosts: Hosts) -> None:
    """Replace the hosts of a province."""
    replace(db, schema.host, province, hosts)


def load_hosts(db: sa.Connection, province: str) -> Hosts:
    """Return the hosts of a province, none as an empty table."""
    found = frame(db, schema.host, province_code=province)
    return tables.hosts(found)


def save_crosswalk(db: sa.Connection, province: str, crosswalk: Crosswalk) -> None:
    """Replace the crosswalk into a province's present communes."""
    replace(db, schema.crosswalk, province, crosswalk)


def load_crosswalk(db: sa.Connection, province: str) -> Crosswalk | None:
    """Return the crosswalk into a province's present communes, None when there is none."""
    found = frame(db, schema.crosswalk, province_code=province)
    return tables.crosswalk(found) if len(found) else None


def save_standard(db: sa.Connection, province: str, radii_km: Mapping[str, float]) -> None:
    """Replace the province's own radii by terrain class, in kilometres."""
    _forget(db, schema.standard, province_code=province)
    rows = [{"province_code": province, "terrain": terrain, "radius_km": km}
            for terrain, km in radii_km.items()]  # fmt: skip
    db.execute(sa.insert(schema.standard), rows)


def load_standard(db: sa.Connection, province: str) -> dict[str, float]:
    """Return the province's own radii by terrain class, empty when it has none."""
    table = schema.standard.c
    rows = db.execute(
        sa.select(table.terrain, table.radius_km)
        .where(table.province_code == province)
        .order_by(table.terrain)
    )
    return {row[0]: row[1] for row in rows}


def replace(db: sa.Connection, table: sa.Table, province: str, rows: pd.DataFrame) -> None:
    """Replace the rows of a province in a table by those of `rows`."""
    _forget(db, table, province_code=province)
    _insert(db, table, pd.DataFrame(rows).assign(province_code=province))


def _insert(db: sa.Connection, table: sa.Table, frame: pd.DataFrame) -> None:
    if len(frame):
        plain = frame.astype(object).where(frame.notna(), None)
        # Pandas' stub allows any key; the columns of a table are named by text.
        db.execute(sa.insert(table), cast("list[dict[str, Any]]", plain.to_dict("records")))


def _forget(db: sa.Connection, table: sa.Table, **where: Any) -> None:
    db.execute(sa.delete(table).where(*(table.c[name] == value for name, value in where.items())))


def frame(db: sa.Connection, table: sa.Table, **where: Any) -> pd.DataFrame:
    """Return rows in the order of the primary key."""
    query = (
        sa.select(table)
        .where(*(table.c[name] == value for name, value in where.items()))
        .order_by(*table.primary_key.columns)
    )
    result = db.execute(query)
    rows = [tuple(row) for row in result]  # of which pandas need not ask what they are
    frame = pd.DataFrame(rows, columns=list(result.keys()))
    types = {
        column.name: dtype
        for column in table.columns
        for kind, dtype in ((sa.Float, float), (sa.Boolean, "boolean"), (sa.Integer, "Int64"))
        if isinstance(column.type, kind)
    }
    return frame.astype(types)
