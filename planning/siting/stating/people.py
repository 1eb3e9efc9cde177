"""Where the people of a province live: one row per place, in an order of its own.

The order of the rows of the input, or a place split over several of them, changes nothing:
places are joined by where they are and sorted by it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import in_metres
from geo.tables import DemandTable
from planning.analysis.situation import Situation
from planning.analysis.terrain import terrain_classes
from planning.model.standards import ServiceStandard

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
_PLACE = [DemandTable.lon, DemandTable.lat, DemandTable.commune_code, DemandTable.former_code]


@dataclass(frozen=True)
class Homes:
    """Places where people live, sorted by longitude and latitude.

    `table` has lon, lat, commune_code and former_code (empty: not known); `xy` metres (n, 2),
    `people` whole persons, `radius_m` how far counts as served there.
    """

    table: pd.DataFrame
    xy: Real
    people: Whole
    radius_m: Real


def homes(situation: Situation, standard: ServiceStandard) -> Homes:
    """Return the places of a situation with the radius that the standard gives each."""
    demand = situation.demand.assign(former_code=situation.demand["former_code"].fillna(""))
    people = demand.groupby(_PLACE, sort=True)[DemandTable.people].sum()
    table = people.index.to_frame(index=False)
    terrain = terrain_classes(situation.communes, situation.population)
    radius = {code: standard.radius_m(each) for code, each in terrain.items()}
    return Homes(
        table,
        in_metres(table[DemandTable.lon], table[DemandTable.lat], situation.crs),
        people.to_numpy(dtype=np.int64),
        np.asarray(table[DemandTable.commune_code].map(radius), np.float64),
    )
