"""Who is within the standard of an open direct point, for the province and every part of it.

People are served when the straight line to the nearest open direct point is no longer than
the radius that holds where they live. Points are counted where they lie; people may be
served by a point of another commune, since the offices serve regardless of boundaries.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.names import sort_key
from geo.reach import ReachEngine
from geo.tables import Communes, CommuneTable, DemandTable, Points, PointTable
from planning.analysis.distances import summary
from planning.analysis.situation import Situation, nearest_open_m, points_of
from planning.model.coverage import AreaCoverage, CoverageReport
from planning.model.standards import ServiceStandard

MANY_POINTS = 10  # a commune with ten or more direct points is an overlap worth a look


def assess_coverage(
    situation: Situation, standard: ServiceStandard, engine: ReachEngine
) -> CoverageReport:
    """Measure coverage of the province, its communes, former communes, districts, offices."""
    metres = nearest_open_m(situation, engine)
    served = metres <= situation.radii_m(standard)
    measure = _Measure(situation, metres, served)
    communes = measure.communes()
    former = measure.former()
    former_points = _points_per_former(situation)
    return CoverageReport(
        province_code=situation.province_code, valid_from=situation.valid_from,
        standard=standard, base=situation.base, total=measure.total(),
        communes=communes, former=former,
        districts=measure.grouped(CommuneTable.district),
        offices=measure.grouped(CommuneTable.office),
        communes_with_point=sum(each.points_direct > 0 for each in communes),
        communes_many=sum(each.points_direct >= MANY_POINTS for each in communes),
        former_with_point=None if former_points is None else int((former_points > 0).sum()),
        former_communes=None if former_points is None else len(former_points),
        former_many=None if former_points is None else int((former_points >= MANY_POINTS).sum()),
        points_outside=int(situation.open_direct[PointTable.commune_code].isna().sum()),
        fingerprint=situation.fingerprint,
    )  # fmt: skip


class _Measure:
    """Sums the same distances and people up over one grouping after the other."""

    def __init__(
        self, situation: Situation, metres: NDArray[np.float64], served: NDArray[np.bool_]
    ) -> None:
        self._at = situation
        self._metres, self._served = metres, served
        self._people = situation.people
        self._online = points_of(situation.points, "online", "open")

    def total(self) -> AreaCoverage:
        at = self._at
        return self._area(
            at.province_code, at.province_name, np.arange(len(self._people)),
            (len(at.open_direct), len(self._online)),
            float(at.communes[CommuneTable.area_km2].sum()), known=bool(at.counted),
        )  # fmt: skip

    def communes(self) -> tuple[AreaCoverage, ...]:
        at = self._at
        key = at.demand[DemandTable.commune_code]
        return self._areas(at.communes, key, PointTable.commune_code, at.counted)

    def former(self) -> tuple[AreaCoverage, ...]:
        """Areas of the vintage before, where its boundaries are known."""
        at = self._at
        if at.former is None:
            return ()
        key = at.demand[DemandTable.former_code]
        # People of a former commune are those who live on its ground, counted today.
        ground = {str(code): 1 for code in key.dropna().unique()}
        return self._areas(at.former, key, PointTable.former_code, ground)

    def grouped(self, column: str) -> tuple[AreaCoverage, ...]:
        """Areas made of communes that share a value of `column`, empty where none is given."""
        at = self._at
        group = at.communes.set_index(CommuneTable.code)[column]
        if group.isna().all():
            return ()
        places = at.demand[DemandTable.commune_code].map(group)
        counts = [self._count(points[PointTable.commune_code].map(group))
                  for points in (at.open_direct, self._online)]  # fmt: skip
        areas = at.communes.groupby(column)[CommuneTable.area_km2].sum()
        rows = self._rows(places)
        return tuple(
            self._area(name, name, rows.get(name, np.empty(0, int)),
                       (counts[0].get(name, 0), counts[1].get(name, 0)), float(areas[name]),
                       known=name in rows)
            for name in sorted(areas.index, key=sort_key)
        )  # fmt: skip

    def _areas(
        self, communes: Communes, key: pd.Series, point_column: str, known: Iterable[str]
    ) -> tuple[AreaCoverage, ...]:
        rows = self._rows(key)
        direct = self._count(self._at.open_direct[point_column])
        online = self._count(self._online[point_column])
        known = set(known)
        ordered = communes.sort_values(CommuneTable.code)
        return tuple(
            self._area(code, name, rows.get(code, np.empty(0, int)),
                       (direct.get(code, 0), online.get(code, 0)), area, known=code in known)
            for code, name, area in zip(
                ordered[CommuneTable.code], ordered[CommuneTable.full_name],
                ordered[CommuneTable.area_km2], strict=True,
            )
        )  # fmt: skip

    def _area(
        self, code: str, name: str, rows: NDArray[np.intp], points: tuple[int, int],
        area_km2: float, *, known: bool,
    ) -> AreaCoverage:  # fmt: skip
        people = self._people[rows]
        return AreaCoverage(
            code=code, name=name,
            people=int(people.sum()) if known else None,
            people_covered=int(people[self._served[rows]].sum()) if known else None,
            points_direct=points[0], points_online=points[1], area_km2=area_km2,
            distance=summary(self._metres[rows], people),
        )  # fmt: skip

    @staticmethod
    def _rows(key: pd.Series) -> dict[str, NDArray[np.intp]]:
        """Return the positions of each value of `key`, without the missing."""
        groups = pd.Series(np.arange(len(key))).groupby(key.to_numpy()).indices
        return {str(name): np.asarray(at, np.intp) for name, at in groups.items()}

    @staticmethod
    def _count(codes: pd.Series) -> dict[str, int]:
        return {str(code): int(count) for code, count in codes.dropna().value_counts().items()}


def _points_per_former(situation: Situation) -> pd.Series | None:
    """Return open direct points per former commune, every one listed; None when unknown.

    The former communes are those of the crosswalk, else of the boundaries before; a point
    belongs to the one its list names, else to the one its coordinates lie in.
    """
    if situation.crosswalk is not None:
        codes = sorted(situation.crosswalk["old_code"].unique())
    elif situation.former is not None:
        codes = sorted(situation.former[CommuneTable.code])
    else:
        return None
    points: Points = situation.open_direct
    if points[PointTable.former_code].isna().all() and len(points):
        return None
    counts = points[PointTable.former_code].value_counts()
    return counts.reindex(codes, fill_value=0)
