"""The kept data of a province as the checks read them: `Given`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import in_metres, metric_crs
from geo.demand import spread
from geo.locate import commune_of
from geo.tables import (
    Communes,
    CommuneTable,
    Crosswalk,
    DemandTable,
    Grid,
    Points,
    PointTable,
    Staff,
)
from planning.model.attention import Item, Kind, Mend, Record


@dataclass(frozen=True)
class Given:
    """The tables of a province on one vintage, as they are kept.

    `population` is people by present commune, None where unknown; empty when none was ever
    given. `former_population` is the same for the vintage before. `crosswalk`, `grid` and `staff`
    may be missing. Places are degrees.
    """

    province_code: str
    communes: Communes
    points: Points
    population: Mapping[str, int | None]
    former_population: Mapping[str, int | None]
    crosswalk: Crosswalk | None
    grid: Grid | None
    staff: Staff | None = None

    @cached_property
    def crs(self) -> CRS:
        """The metric system of the province, from its boundaries alone."""
        return metric_crs(self.communes.geometry.bounds[["minx", "maxx"]].to_numpy())

    @cached_property
    def xy(self) -> NDArray[np.float64]:
        """Where the points are, in metres, shape (n_points, 2)."""
        return in_metres(self.points[PointTable.lon], self.points[PointTable.lat], self.crs)

    @cached_property
    def lies(self) -> pd.Series:
        """The commune each point lies in by its coordinates, missing outside all."""
        return commune_of(self.points[PointTable.lon], self.points[PointTable.lat], self.communes)

    @cached_property
    def located(self) -> list[str | None]:
        """The same commune row by row, as plain text or None."""
        return plain(self.lies)

    @cached_property
    def not_closed(self) -> NDArray[np.bool_]:
        """Which points are not history, shape (n_points,)."""
        return np.asarray(self.points[PointTable.status] != "closed")

    @cached_property
    def standing(self) -> NDArray[np.bool_]:
        """Which points are open or planned, shape (n_points,)."""
        return np.asarray(self.points[PointTable.status].isin(["open", "planned"]))

    @cached_property
    def names(self) -> dict[str, str]:
        """The full name of every present commune, by code."""
        codes = self.communes[CommuneTable.code]
        return dict(zip(codes, self.communes[CommuneTable.full_name], strict=True))

    @cached_property
    def old_names(self) -> dict[str, str]:
        """The name of every former commune the crosswalk knows, by code."""
        if self.crosswalk is None:
            return {}
        return dict(zip(self.crosswalk["old_code"], self.crosswalk["old_name"], strict=True))

    @cached_property
    def became(self) -> set[tuple[str, str]]:
        """Every pair of a former commune and a present one that took of it, by their codes."""
        if self.crosswalk is None:
            return set()
        return set(zip(self.crosswalk["old_code"], self.crosswalk["new_code"], strict=True))

    @cached_property
    def grid_people(self) -> dict[str, int]:
        """The grid's own sum of people by commune, whole persons; empty without a grid."""
        if self.grid is None:
            return {}
        demand = spread(self.communes, None, self.grid).demand
        sums = demand.groupby(DemandTable.commune_code)[DemandTable.people].sum()
        return {str(code): int(people) for code, people in sums.items()}

    def commune_name(self, code: str) -> str:
        """Return what a commune is called, present or former; its code where nobody knows."""
        return self.names.get(code) or self.old_names.get(code) or code

    def point(self, row: int) -> Record:
        """Return the record of the point in a row."""
        return self._records[row]

    @cached_property
    def _records(self) -> list[Record]:
        ids, names = plain(self.points[PointTable.point_id]), plain(self.points[PointTable.name])
        return [Record("point", str(i), str(n)) for i, n in zip(ids, names, strict=True)]

    @cached_property
    def degrees(self) -> NDArray[np.float64]:
        """Where the points are, in degrees, shape (n_points, 2)."""
        return self.points[[PointTable.lon, PointTable.lat]].to_numpy(np.float64)


def plain(column: pd.Series) -> list[str | None]:
    """Return a column of text as plain values; a text array is slow to walk through."""
    return [None if each is None else str(each)
            for each in column.astype(object).where(column.notna(), None).tolist()]  # fmt: skip


def point_item(
    given: Given,
    kind: Kind,
    rows: list[int],
    sentence: tuple[str, dict[str, object]],
    mends: tuple[Mend, ...],
) -> Item:
    """Return an item about points; it stands where the first of them does."""
    message, params = sentence
    lon, lat = given.degrees[rows[0]].tolist()
    records = tuple(given.point(row) for row in rows)
    return Item(kind, message, params, records, lon, lat, mends)
