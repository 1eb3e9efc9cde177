"""What opening, closing or moving points would change, in the time of a click.

Everybody's distance to the nearest open point, and which point that is, are worked out once.
A point more is then one pass over the places; a point less concerns only those whose nearest
it was. The figures are those of a full count (`planning.analysis.coverage`), to the bit.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import in_metres
from geo.errors import N_
from geo.reach import ReachEngine
from geo.tables import CommuneTable, DemandTable, PointTable
from planning.analysis.distances import summary
from planning.analysis.situation import Situation, places_xy
from planning.model.coverage import DistanceSummary
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WhatIfFigures:
    """The network after a change. People are whole persons, distances metres.

    `people_gained` have a point within their radius only after the change, `people_lost`
    only before it. `served` are the people served by commune code, of communes whose
    population is known; `gained_in` and `lost_in` are those gained and lost, only of communes
    with any. `points` are the open direct points, `communes_with_point` how many communes
    have one.
    """

    people_served: int
    people_gained: int
    people_lost: int
    distance: DistanceSummary
    served: dict[str, int]
    gained_in: dict[str, int]
    lost_in: dict[str, int]
    points: int
    communes_with_point: int


class WhatIf:
    """A situation under a standard, ready to be asked what a change would do."""

    def __init__(
        self, situation: Situation, standard: ServiceStandard, engine: ReachEngine
    ) -> None:
        self._at, self._engine = situation, engine
        self._xy, self._people = situation.demand_xy, situation.people
        self._radius = situation.radii_m(standard)
        points = situation.open_direct
        self._sites = places_xy(points, situation.crs)
        self._ids = pd.Index(points[PointTable.point_id])
        self._metres, self._nearest = engine.nearest(self._xy, self._sites)
        self._served = self._metres <= self._radius
        # In order of code: a place on a shared border belongs to the lowest, as in `geo.locate`.
        ordered = situation.communes.sort_values(CommuneTable.code)
        codes = pd.Index(ordered[CommuneTable.code])
        self._shapes = shapely.STRtree(ordered.geometry.to_numpy())
        self._commune = codes.get_indexer(situation.demand[DemandTable.commune_code])
        self._known = [
            (at, str(code)) for at, code in enumerate(codes) if code in situation.counted
        ]
        self._owner = codes.get_indexer(points[PointTable.commune_code])
        self._communes = len(codes)

    @property
    def now(self) -> WhatIfFigures:
        """The figures without any change."""
        return self.figures()

    def figures(self, opened: ArrayLike = (), closed: Collection[str] = ()) -> WhatIfFigures:
        """Return the figures with points opened and others closed.

        `opened` are longitudes and latitudes, shape (n, 2); `closed` the ids of open direct
        points. A point that moves is closed here and opened there. Raises `RequestError`
        where there is no such point.
        """
        new = np.asarray(opened, dtype=np.float64).reshape(-1, 2)
        gone = self._gone(closed)
        metres = self._after(new, gone)
        served = metres <= self._radius
        gained, lost = served & ~self._served, self._served & ~served
        per_commune = self._sums(self._people * served)
        points = np.bincount(
            np.concatenate([self._owner[~gone], self._owners(new)]) + 1,
            minlength=self._communes + 1,
        )
        return WhatIfFigures(
            people_served=int(self._people[served].sum()),
            people_gained=int(self._people[gained].sum()),
            people_lost=int(self._people[lost].sum()),
            distance=summary(metres, self._people),
            served={code: int(per_commune[at]) for at, code in self._known},
            gained_in=self._where(gained),
            lost_in=self._where(lost),
            points=int(points.sum()),
            communes_with_point=int((points[1:] > 0).sum()),
        )

    def unserved(self, opened: ArrayLike = (), closed: Collection[str] = ()) -> Mask:
        """Return which places have no open point within their radius then, shape (n_demand,)."""
        new = np.asarray(opened, dtype=np.float64).reshape(-1, 2)
        return np.asarray(self._after(new, self._gone(closed)) > self._radius)

    def _gone(self, closed: Collection[str]) -> Mask:
        gone = np.zeros(len(self._ids), dtype=bool)
        at = self._ids.get_indexer(sorted(set(closed)))
        if (at < 0).any():
            unknown = [name for name, row in zip(sorted(set(closed)), at, strict=True) if row < 0]
            raise RequestError(
                N_("No open direct point has the code %(codes)s; only such points can close or move."),
                codes=", ".join(unknown),
            )  # fmt: skip
        gone[at] = True
        return gone

    def _after(self, new: Real, gone: Mask) -> Real:
        """Return how far everybody is from a point after the change, shape (n_demand,)."""
        metres = self._metres
        if gone.any():
            # Whoever lives as near to another open point keeps the distance all the same.
            left = np.flatnonzero(gone[self._nearest])
            metres = metres.copy()
            metres[left] = self._engine.nearest(self._xy[left], self._sites[~gone])[0]
        if len(new):
            xy = in_metres(new[:, 0], new[:, 1], self._at.crs)
            metres = np.minimum(metres, self._engine.nearest(self._xy, xy)[0])
        return metres

    def _owners(self, new: Real) -> Whole:
        """Return in which commune each new point lies, by its place in order of code; −1: none."""
        point, commune = self._shapes.query(shapely.points(new), predicate="intersects")
        owner = np.full(len(new), self._communes)
        np.minimum.at(owner, point, commune)
        return np.where(owner < self._communes, owner, -1)

    def _where(self, who: Mask) -> dict[str, int]:
        """Return how many of these people live in each commune, of those where any do."""
        if not who.any():
            return {}
        sums = self._sums(self._people * who)
        return {code: int(sums[at]) for at, code in self._known if sums[at]}

    def _sums(self, people: Whole) -> Whole:
        """Return the sum per commune, exactly."""
        sums = np.zeros(self._communes + 1, dtype=np.int64)
        np.add.at(sums, self._commune, people)
        return sums
