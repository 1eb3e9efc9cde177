"""Every table's columns and rules, declared once; one door into each.

A table class names the columns: `DemandTable.people` *is* the string `"people"`. The
function of the same name is the only way in: it checks every cell, keeps the declared
columns in the declared order and returns the table under its own type, so a function
that takes `Demand` may trust it. Codes are text; a missing value is missing, never zero;
places are WGS 84 degrees.
"""

from typing import Any, NewType, TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series
from pandera.typing.geopandas import GeoSeries

from geo.crs import DEGREES, VIETNAM_LAT, VIETNAM_LON, require_degrees
from geo.errors import TableError
from geo.table_rules import obeys

COMMUNE_CODE = r"^\d{5}$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
Frame = TypeVar("Frame", bound=pd.DataFrame)

Communes = NewType("Communes", gpd.GeoDataFrame)
Population = NewType("Population", pd.DataFrame)
Grid = NewType("Grid", pd.DataFrame)
Demand = NewType("Demand", pd.DataFrame)
Points = NewType("Points", pd.DataFrame)
Hosts = NewType("Hosts", pd.DataFrame)
Crosswalk = NewType("Crosswalk", pd.DataFrame)
Organisations = NewType("Organisations", pd.DataFrame)
Staff = NewType("Staff", pd.DataFrame)
UnitEvents = NewType("UnitEvents", pd.DataFrame)


class _Table(pa.DataFrameModel):
    class Config:
        strict = "filter"
        ordered = False


class _Places(_Table):
    """What every table of places has: degrees inside the country's bounds."""

    lon: Series[float] = pa.Field(ge=VIETNAM_LON[0], le=VIETNAM_LON[1])
    lat: Series[float] = pa.Field(ge=VIETNAM_LAT[0], le=VIETNAM_LAT[1])


class CommuneTable(_Table):
    """One row per commune-level unit of one vintage: a commune is code + validity.

    `valid_to` is the last day of validity, missing while the unit exists. `district` and
    `office` (BHXH cơ sở) are missing where not given. `terrain` is a class of
    `planning.model.standards.TerrainClass` or missing. `area_km2` is measured from the
    shape, in the province's metric system.
    """

    code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, unique=True)
    name: Series[str] = pa.Field(str_length={"min_value": 1})
    full_name: Series[str] = pa.Field(str_length={"min_value": 1})
    unit_type: Series[str]
    province_code: Series[str] = pa.Field(str_matches=r"^\d{2}$")
    valid_from: Series[str] = pa.Field(str_matches=DATE)
    valid_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    district: Series[str] = pa.Field(nullable=True)
    office: Series[str] = pa.Field(nullable=True)
    terrain: Series[str] = pa.Field(nullable=True)
    area_km2: Series[float] = pa.Field(gt=0)
    seat_lon: Series[float] = pa.Field(nullable=True)
    seat_lat: Series[float] = pa.Field(nullable=True)
    geometry: GeoSeries


class PopulationTable(_Table):
    """People per commune: whole persons, missing where unknown, never zero for unknown."""

    code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, unique=True)
    people: Series[float] = pa.Field(ge=0, nullable=True)


class GridTable(_Places):
    """One row per population cell: its centre, its people, its size in degrees."""

    people: Series[float] = pa.Field(ge=0)
    width_deg: Series[float] = pa.Field(gt=0)
    height_deg: Series[float] = pa.Field(gt=0)


class DemandTable(_Places):
    """One row per place where people live: whole persons and the commune they belong to.

    `former_code` is the commune of the vintage before, missing where its boundaries are
    not known.
    """

    people: Series[np.int64] = pa.Field(ge=1)
    commune_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE)
    former_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)


class PointTable(_Places):
    """One row per collection point; only open direct points serve people within reach.

    `kind` is direct, online or mobile; `status` open, planned, suspended or closed.
    `commune_code` is the commune in which the coordinates lie (missing: outside all);
    `written_code` is the one the list names. `official_code` is the 24-character code of
    Công văn 1804/BHXH-QLT where issued, `former_codes` are those before it, parted by
    semicolons. `status_since` is the first day of the present status.
    """

    point_id: Series[str] = pa.Field(unique=True)
    official_code: Series[str] = pa.Field(nullable=True)
    name: Series[str]
    kind: Series[str] = pa.Field(isin=["direct", "online", "mobile"])
    status: Series[str] = pa.Field(isin=["open", "planned", "suspended", "closed"])
    host_type: Series[str] = pa.Field(nullable=True)
    address: Series[str] = pa.Field(nullable=True)
    organisation: Series[str] = pa.Field(nullable=True)
    organisation_code: Series[str] = pa.Field(nullable=True)
    commune_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)
    written_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)
    former_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)
    former_codes: Series[str] = pa.Field(nullable=True)
    office: Series[str] = pa.Field(nullable=True)
    sign: Series[pd.BooleanDtype] = pa.Field(nullable=True)
    sign_date: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    staff_count: Series[pd.Int64Dtype] = pa.Field(ge=0, nullable=True)
    permanent_staff: Series[pd.BooleanDtype] = pa.Field(nullable=True)
    opening_hours: Series[str] = pa.Field(nullable=True)
    contract_number: Series[str] = pa.Field(nullable=True)
    contract_date: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    opened: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    closed: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    status_since: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    note: Series[str] = pa.Field(nullable=True)


class HostTable(_Places):
    """One row per place that could house a point: a post office, a health station or another."""

    host_id: Series[str] = pa.Field(unique=True)
    name: Series[str]
    host_type: Series[str]


class OrganisationTable(_Table):
    """One row per collection service organisation (TCDV thu).

    `organisation_code` is the office's own code, or “#row” where the list gives none;
    `guarantee` is in đồng, `area` the managed area as written; `contract_valid_to` and
    `guarantee_valid_to` are last days, `annexes` the annexes of the contract as written.
    `phone` is personal data.
    """

    organisation_code: Series[str] = pa.Field(unique=True)
    name: Series[str] = pa.Field(str_length={"min_value": 1})
    former_names: Series[str] = pa.Field(nullable=True)
    licence: Series[str] = pa.Field(nullable=True)
    tax_code: Series[str] = pa.Field(nullable=True)
    contract_number: Series[str] = pa.Field(nullable=True)
    contract_date: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    contract_valid_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    annexes: Series[str] = pa.Field(nullable=True)
    guarantee: Series[pd.Int64Dtype] = pa.Field(ge=0, nullable=True)
    guarantee_valid_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    phone: Series[str] = pa.Field(nullable=True)
    address: Series[str] = pa.Field(nullable=True)
    area: Series[str] = pa.Field(nullable=True)


class StaffTable(_Table):
    """One row per member of staff and point: personal data, never in a finding or an export.

    `staff_id` is the person's number where it is given once, else “#row”; `person_id` is the
    same on every row of a person. `point_code` is
    the official code of the point, `card_valid_to` the last day of the staff card.
    """

    staff_id: Series[str] = pa.Field(unique=True)
    person_id: Series[str] = pa.Field(str_length={"min_value": 1})
    name: Series[str] = pa.Field(str_length={"min_value": 1})
    organisation: Series[str] = pa.Field(nullable=True)
    organisation_code: Series[str] = pa.Field(nullable=True)
    point_code: Series[str] = pa.Field(nullable=True)
    card_number: Series[str] = pa.Field(nullable=True)
    card_valid_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    certificate: Series[str] = pa.Field(nullable=True)
    permanent: Series[pd.BooleanDtype] = pa.Field(nullable=True)
    phone: Series[str] = pa.Field(nullable=True)


class CrosswalkTable(_Table):
    """One row per pair of a former commune and a present one that took it, whole or in part."""

    old_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE)
    old_name: Series[str]
    old_district: Series[str] = pa.Field(nullable=True)
    new_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE)
    relation: Series[str] = pa.Field(isin=["full", "partial"])


class UnitEventTable(_Table):
    """One row per unit before a change and unit after it; a unit is code + validity.

    `kind` is one of `geo.changes.Kind`. The unit before is missing where a unit begins from
    none that is known, the unit after where one ends in none that is known. `old_from` is
    missing where the boundaries before are not known, `new_to` while the unit exists;
    `old_to` is the day before `date`, `new_from` is `date`. `whole` says that the unit before
    passed whole into the unit after. `resolution` is the act that ordered the change.
    """

    date: Series[str] = pa.Field(str_matches=DATE)
    kind: Series[str] = pa.Field(str_length={"min_value": 1})
    old_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)
    old_name: Series[str] = pa.Field(nullable=True)
    old_from: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    old_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    new_code: Series[str] = pa.Field(str_matches=COMMUNE_CODE, nullable=True)
    new_name: Series[str] = pa.Field(nullable=True)
    new_from: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    new_to: Series[str] = pa.Field(str_matches=DATE, nullable=True)
    whole: Series[bool]
    resolution: Series[str] = pa.Field(nullable=True)


def communes(frame: gpd.GeoDataFrame) -> Communes:
    """Check `frame` and return it as a commune table, polygons in WGS 84 degrees."""
    require_degrees(frame)
    checked = cast(gpd.GeoDataFrame, _checked(CommuneTable, frame))
    wrong = ~checked.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if wrong.any():
        codes = ", ".join(checked.loc[wrong, "code"])
        raise TableError("Communes must be polygons; these are not: %(codes)s.", codes=codes)
    return Communes(checked)


def population(frame: pd.DataFrame) -> Population:
    """Check `frame` and return it as a population table."""
    return Population(_checked(PopulationTable, frame))


def grid(frame: pd.DataFrame) -> Grid:
    """Check `frame` and return it as a population grid."""
    return Grid(_checked(GridTable, frame))


def demand(frame: pd.DataFrame) -> Demand:
    """Check `frame` and return it as a demand table."""
    return Demand(_checked(DemandTable, frame))


def points(frame: pd.DataFrame) -> Points:
    """Check `frame` and return it as a point table."""
    return Points(_checked(PointTable, frame))


def hosts(frame: pd.DataFrame) -> Hosts:
    """Check `frame` and return it as a table of possible hosts."""
    return Hosts(_checked(HostTable, frame))


def crosswalk(frame: pd.DataFrame) -> Crosswalk:
    """Check `frame` and return it as a crosswalk between two vintages of communes."""
    return Crosswalk(_checked(CrosswalkTable, frame))


def unit_events(frame: pd.DataFrame) -> UnitEvents:
    """Check `frame` and return it as a table of changes of units."""
    return UnitEvents(_checked(UnitEventTable, frame))


def organisations(frame: pd.DataFrame) -> Organisations:
    """Check `frame` and return it as a table of collection service organisations."""
    return Organisations(_checked(OrganisationTable, frame))


def staff(frame: pd.DataFrame) -> Staff:
    """Check `frame` and return it as a table of collection staff."""
    return Staff(_checked(StaffTable, frame))


def columns(table: type[pa.DataFrameModel]) -> list[str]:
    """Return the names of a table's columns in their declared order."""
    return list(table.to_schema().columns)


def _checked(table: type[pa.DataFrameModel], frame: Any) -> Any:
    """Return the declared columns of `frame`, in order, or raise with every bad cell."""
    names = columns(table)
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise TableError(
            "%(table)s lacks the columns %(columns)s.",
            table=table.__name__, columns=", ".join(missing),
        )  # fmt: skip
    whole = frame[names].reset_index(drop=True)
    # A column of text or of nothing may come as objects; numbers are never made text.
    otherwise = [
        name
        for name, column in table.to_schema().columns.items()
        if "str" in str(column.dtype)
        and str(whole[name].dtype) != "str"
        and pd.api.types.infer_dtype(whole[name], skipna=True) in ("string", "empty")
    ]
    if otherwise:
        whole = whole.astype(dict.fromkeys(otherwise, "str"))
    checked = whole if obeys(table.to_schema(), whole) else _examined(table, whole)
    if table is CommuneTable:
        return gpd.GeoDataFrame(checked, geometry="geometry", crs=DEGREES)
    return checked


def _examined(table: type[pa.DataFrameModel], whole: pd.DataFrame) -> Any:
    """Return `whole` if it obeys the table after all, or raise with every bad cell."""
    try:
        return table.validate(whole, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise TableError(
            "%(table)s has bad cells: %(cells)s.",
            table=table.__name__, cells=_cells(error.failure_cases),
        ) from None  # fmt: skip


def _cells(cases: pd.DataFrame, most: int = 20) -> str:
    """Return the failing cells as text: row, column, rule and value of each."""
    rows = cases.head(most).itertuples()
    cells = [f"row {r.index}, {r.column}: {r.check} with {r.failure_case!r}" for r in rows]
    rest = len(cases) - most
    return "; ".join(cells) + (f"; and {rest} more" if rest > 0 else "")
