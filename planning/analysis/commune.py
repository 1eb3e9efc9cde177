"""What one commune's sheet says beyond its coverage: its points, those next door, its past."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.names import sort_key
from geo.reach import ReachEngine
from geo.tables import CommuneTable, DemandTable, PointTable
from planning.analysis.situation import Situation, places_xy
from planning.model.commune import FormerPart, ListedPoint, OutsidePoint
from planning.model.standards import ServiceStandard

MOST_OUTSIDE = 5
_STATUS_ORDER = ("open", "planned", "suspended", "closed")
_KIND_ORDER = ("direct", "online", "mobile")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest open direct points of other communes, and how many people they serve here."""

    points: tuple[OutsidePoint, ...]
    people_served: int


def listed_points(situation: Situation, code: str) -> tuple[ListedPoint, ...]:
    """Return every point in a commune: open before others, direct before online, by name."""
    points = situation.points
    rows = points[points[PointTable.commune_code] == code].astype(object)
    plain = rows.where(rows.notna(), None)
    fields = (
        PointTable.point_id, PointTable.name, PointTable.kind, PointTable.status,
        PointTable.organisation, PointTable.host_type, PointTable.address,
        PointTable.staff_count, PointTable.sign,
    )  # fmt: skip
    found = [ListedPoint(*values) for values in plain[list(fields)].to_numpy().tolist()]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                _STATUS_ORDER.index(each.status), _KIND_ORDER.index(each.kind),
                sort_key(each.name), each.point_id,
            ),
        )
    )  # fmt: skip


def neighbours(
    situation: Situation, code: str, standard: ServiceStandard, engine: ReachEngine
) -> Neighbours:
    """Return the open direct points of other communes nearest to the people of one."""
    rows = np.flatnonzero(situation.demand[DemandTable.commune_code] == code)
    points = situation.open_direct
    outside = np.flatnonzero((points[PointTable.commune_code] != code).to_numpy(dtype=bool))
    if not len(rows) or not len(outside):
        return Neighbours((), 0)
    xy, people = situation.demand_xy[rows], situation.people[rows]
    sites = places_xy(points, situation.crs)
    metres, nearest = engine.nearest(xy, sites)
    served = metres <= situation.radii_m(standard)[rows]
    whose = np.isin(nearest, outside)
    away = np.hypot(*(sites[outside] - np.average(xy, axis=0, weights=people)).T)
    order = np.argsort(away, kind="stable")[:MOST_OUTSIDE]
    found = tuple(
        _outside(situation, int(outside[at]), float(away[at]), people[nearest == outside[at]])
        for at in order
    )
    return Neighbours(found, int(people[served & whose].sum()))


def _outside(
    situation: Situation, row: int, metres: float, people: NDArray[np.int64]
) -> OutsidePoint:
    point = situation.open_direct.iloc[row]
    code = point[PointTable.commune_code]
    commune = situation.name_of(code) if isinstance(code, str) else None
    return OutsidePoint(str(point[PointTable.name]), commune, metres, int(people.sum()))


def former_parts(situation: Situation, code: str) -> tuple[FormerPart, ...] | None:
    """Return the former communes of which a commune was made, None without a crosswalk."""
    crosswalk = situation.crosswalk
    if crosswalk is None:
        return None
    rows = crosswalk[crosswalk["new_code"] == code]
    parts = [
        FormerPart(
            str(old), str(name), None if pd.isna(district) else str(district), relation == "full"
        )
        for old, name, district, relation in zip(
            rows["old_code"], rows["old_name"], rows["old_district"], rows["relation"], strict=True
        )
    ]
    return tuple(sorted(parts, key=lambda each: (not each.whole, sort_key(each.name), each.code)))


def said_of(situation: Situation, code: str, column: str) -> str | None:
    """Return what the boundaries say of a commune in one column, None where nothing."""
    rows = situation.communes[CommuneTable.code] == code
    value = situation.communes.loc[rows, column].iloc[0]
    return None if pd.isna(value) else str(value)
