"""The network and its people as they stand on one vintage: what every measure reads."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import in_metres, metric_crs, shapes_in_metres
from geo.reach import ReachEngine
from geo.tables import (
    Communes,
    CommuneTable,
    Crosswalk,
    Demand,
    DemandTable,
    Hosts,
    Points,
    PointTable,
)
from planning.analysis.terrain import terrain_classes
from planning.model.coverage import PopulationBase
from planning.model.standards import ServiceStandard


@dataclass(frozen=True)
class Situation:
    """A province on one vintage: places, people, points, and where they came from.

    `population` holds people by commune code, without the unknown. `former` are the
    boundaries of the vintage before, `crosswalk` the way from there; either may be missing.
    `data_date` is the day the network is described on, `fingerprint` the hash of all inputs.
    `kept_out` are places, in degrees, where the province wants no new point. `demand` holds the
    people of the need that is counted; `need_counts` are those by commune code, None where
    everybody is. Terrain is always told by all people.
    """

    province_code: str
    province_name: str
    valid_from: str
    communes: Communes
    population: dict[str, int]
    demand: Demand
    points: Points
    hosts: Hosts
    former: Communes | None
    former_population: dict[str, int]
    crosswalk: Crosswalk | None
    base: PopulationBase
    data_date: str | None
    fingerprint: str
    kept_out: tuple[tuple[float, float], ...] = ()
    need_counts: dict[str, int] | None = None

    @cached_property
    def crs(self) -> CRS:
        """The metric system of the province, from its boundaries alone."""
        return metric_crs(self.communes.geometry.bounds[["minx", "maxx"]].to_numpy())

    @cached_property
    def demand_xy(self) -> NDArray[np.float64]:
        """Where people live, in metres, shape (n_demand, 2)."""
        return in_metres(self.demand[DemandTable.lon], self.demand[DemandTable.lat], self.crs)

    @cached_property
    def shapes_xy(self) -> NDArray[np.object_]:
        """The shapes of the communes in metres, in their order; turned once for all who ask."""
        return shapes_in_metres(self.communes.geometry.to_numpy(), self.crs)

    @property
    def counted(self) -> dict[str, int]:
        """People that are counted by commune code, without the unknown."""
        return self.population if self.need_counts is None else self.need_counts

    @property
    def people(self) -> NDArray[np.int64]:
        """Whole persons per demand place, shape (n_demand,)."""
        return self.demand[DemandTable.people].to_numpy()

    @cached_property
    def open_direct(self) -> Points:
        """The points that serve people within reach: open and direct, wherever they lie."""
        return points_of(self.points, "direct", "open")

    def name_of(self, code: str) -> str:
        """Return the full name of a present commune."""
        row = self.communes[CommuneTable.code] == code
        return str(self.communes.loc[row, CommuneTable.full_name].iloc[0])

    def radii_m(self, standard: ServiceStandard) -> NDArray[np.float64]:
        """Return the radius that holds at each demand place, in metres, shape (n_demand,)."""
        terrain = terrain_classes(self.communes, self.population)
        by_code = {code: standard.radius_m(each) for code, each in terrain.items()}
        return np.asarray(self.demand[DemandTable.commune_code].map(by_code), np.float64)


def points_of(points: Points, kind: str, status: str) -> Points:
    """Return the points of one kind and status."""
    rows = (points[PointTable.kind] == kind) & (points[PointTable.status] == status)
    return Points(points[rows].reset_index(drop=True))


def places_xy(places: pd.DataFrame, crs: CRS) -> NDArray[np.float64]:
    """Return the places of any table with lon and lat in metres of `crs`, shape (n, 2)."""
    return in_metres(places[PointTable.lon], places[PointTable.lat], crs)


def nearest_open_m(situation: Situation, engine: ReachEngine) -> NDArray[np.float64]:
    """Return the distance from each demand place to the nearest open direct point.

    Metres, shape (n_demand,); inf where no point is open.
    """
    sites = places_xy(situation.open_direct, situation.crs)
    return engine.nearest(situation.demand_xy, sites)[0]
