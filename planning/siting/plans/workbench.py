"""A province ready to try scenarios on: figures in the time of a click.

Everything that does not depend on a scenario is worked out once; a scenario is then a few
points more and a few less (`planning.siting.plans.what_if`).
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import tables
from geo.errors import N_
from geo.locate import commune_of
from geo.reach import ReachEngine
from geo.tables import CommuneTable, PointTable
from planning.analysis.situation import Situation
from planning.model.comparing import NetworkFigures, Provenance, ScenarioFigures
from planning.model.errors import RequestError
from planning.model.scenario import NEW, NO_POINT, Added, Change, ChangeKind, Outline
from planning.model.standards import ServiceStandard
from planning.siting.plans.what_if import WhatIf, WhatIfFigures

_MOST_KEPT = 64
OUTSIDE = N_("The place %(lat)s; %(lon)s lies in no commune of the province; choose one inside its boundaries, in numbers the latitude first, in degrees.")  # fmt: skip
_ON_LIST = (ChangeKind.MOVE, ChangeKind.CLOSE, ChangeKind.OPEN, ChangeKind.KIND)


@dataclass(frozen=True, slots=True)
class Listed:
    """A point of the list as it is."""

    id: str
    name: str
    kind: str
    status: str
    lon: float
    lat: float

    @property
    def serves(self) -> bool:
        """Whether it serves people within reach."""
        return self.kind == "direct" and self.status == "open"


@dataclass(frozen=True)
class Difference:
    """A scenario as a difference of the points that serve: places opened, listed points gone."""

    opened: tuple[tuple[float, float], ...]
    closed: tuple[str, ...]
    added: int
    moved: int
    without_effect: tuple[str, ...]


class Workbench:
    """A situation under a standard, and what every scenario on it needs."""

    def __init__(
        self, situation: Situation, standard: ServiceStandard, engine: ReachEngine, method: str
    ) -> None:
        self.situation, self.standard, self.engine = situation, standard, engine
        self.what_if = WhatIf(situation, standard, engine)
        self.points = _listed(situation)
        self.names: Mapping[str, str] = dict(
            zip(situation.communes[CommuneTable.code],
                situation.communes[CommuneTable.full_name], strict=True)
        )  # fmt: skip
        self._made_from = Provenance(
            situation.valid_from, situation.fingerprint, standard, situation.base, method
        )
        self._area = float(situation.communes[CommuneTable.area_km2].sum())
        self._people = int(situation.people.sum())
        ordered = situation.communes.sort_values(CommuneTable.code)
        self._codes = [str(code) for code in ordered[CommuneTable.code]]
        self._shapes = ordered.geometry.to_numpy().copy()
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._decided = _decided_places(situation)
        self._now = self._network(self.what_if.now)
        self._kept: OrderedDict[Difference, ScenarioFigures] = OrderedDict()

    def measure(self, outline: Outline) -> ScenarioFigures:
        """Return the network with a scenario against the network as it is."""
        change = self.difference(outline)
        if change in self._kept:
            return self._kept[change]
        found = self.what_if.figures(np.array(change.opened).reshape(-1, 2), change.closed)
        made = ScenarioFigures(
            now=self._now, then=self._network(found),
            people_gained=found.people_gained, people_lost=found.people_lost,
            served=found.served, gained_in=found.gained_in, lost_in=found.lost_in,
            added=change.added, closed=len(change.closed) - change.moved, moved=change.moved,
            without_effect=change.without_effect, made_from=self._made_from,
        )  # fmt: skip
        self._kept[change] = made
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return made

    def unserved(self, outline: Outline) -> NDArray[np.bool_]:
        """Return which places have no point within their radius then, shape (n_demand,)."""
        change = self.difference(outline)
        return self.what_if.unserved(np.array(change.opened).reshape(-1, 2), change.closed)

    def difference(self, outline: Outline) -> Difference:
        """Return a scenario as the points that begin and cease to serve."""
        added = _not_decided(outline, self._decided)
        new = [each for each in added if each.kind == "direct"]
        opened = [(each.lon, each.lat) for each in new]
        closed, lost, moved = [], [], 0
        for name in outline.altered:
            point = self.points.get(name)
            if point is None:
                lost.append(name)
                continue
            then = altered(point, outline)
            elsewhere = (then.lon, then.lat) != (point.lon, point.lat)
            if point.serves and (elsewhere or not then.serves):
                closed.append(name)
                moved += then.serves
            if then.serves and (elsewhere or not point.serves):
                opened.append((then.lon, then.lat))
        return Difference(tuple(opened), tuple(closed), len(new), moved, tuple(lost))

    def commune_at(self, lon: float, lat: float) -> str | None:
        """Return the code of the commune in which a place lies; None where in none."""
        place = shapely.Point(lon, lat)
        near = np.sort(self._tree.query(place))
        found = near[shapely.intersects(self._shapes[near], place)]
        return self._codes[int(found[0])] if len(found) else None

    def require(self, outline: Outline, change: Change) -> None:
        """Refuse a change about a point that is not there, or to a place in no commune."""
        name = change.point_id
        known = name in self.points or name in outline.added
        stays = change.kind is ChangeKind.LOCK_IN and change.lon is None
        about = change.kind in _ON_LIST or stays
        if about and not known:
            raise RequestError(NO_POINT, point=name)
        if change.kind is ChangeKind.OPEN and self._is_open(outline, name):
            raise RequestError(N_("“%(point)s” is open already."), point=self.points[name].name)
        if change.lon is not None and self.commune_at(change.lon, change.lat or 0.0) is None:
            raise RequestError(OUTSIDE, lat=round(change.lat or 0.0, 5), lon=round(change.lon, 5))

    def _is_open(self, outline: Outline, name: str) -> bool:
        return name in self.points and altered(self.points[name], outline).status == "open"

    def _network(self, found: WhatIfFigures) -> NetworkFigures:
        return NetworkFigures(
            people=self._people, people_served=found.people_served, points=found.points,
            communes=len(self._codes), communes_with_point=found.communes_with_point,
            area_km2=self._area, distance=found.distance,
        )  # fmt: skip


def altered(point: Listed, outline: Outline) -> Listed:
    """Return a listed point as a scenario has it."""
    change = outline.altered.get(point.id)
    if change is None:
        return point
    given = {"lon": change.lon, "lat": change.lat, "kind": change.kind, "status": change.status}
    return replace(point, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def changed_situation(situation: Situation, outline: Outline) -> Situation:
    """Return the situation with the points as a scenario has them, under a fingerprint of its own."""
    points = pd.DataFrame(situation.points)
    known = _listed(situation)
    for name in outline.altered:
        if name not in known:
            continue
        then = altered(known[name], outline)
        row = points[PointTable.point_id] == name
        for column in (PointTable.lon, PointTable.lat, PointTable.kind, PointTable.status):
            points.loc[row, column] = getattr(then, column)
    if new := _not_decided(outline, _decided_places(situation)):
        points = pd.concat([points, _added_rows(points, new)], ignore_index=True)
    code = commune_of(points[PointTable.lon], points[PointTable.lat], situation.communes)
    points = points.assign(commune_code=code.to_numpy(dtype=object))
    moved = points[PointTable.point_id].isin([*outline.altered, *outline.added]).to_numpy()
    if situation.former is not None and moved.any():
        lies = commune_of(points[PointTable.lon], points[PointTable.lat], situation.former)
        former = points[PointTable.former_code].where(~moved, lies.to_numpy(dtype=object))
        points = points.assign(former_code=former)
    return replace(
        situation, points=tables.points(points),
        fingerprint=fingerprint_with(situation.fingerprint, outline),
    )  # fmt: skip


def fingerprint_with(fingerprint: str, outline: Outline) -> str:
    """Return the hash of the data together with what a scenario makes of them."""
    parts = [fingerprint, [asdict(each) for each in outline.added.values()],
             [asdict(each) for each in outline.altered.values()]]  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _listed(situation: Situation) -> dict[str, Listed]:
    table = situation.points
    columns = (PointTable.point_id, PointTable.name, PointTable.kind, PointTable.status,
               PointTable.lon, PointTable.lat)  # fmt: skip
    rows = zip(*(table[column].to_list() for column in columns), strict=True)
    return {row[0]: Listed(*row) for row in rows if not row[0].startswith(NEW)}


def _decided_places(situation: Situation) -> frozenset[tuple[float, float]]:
    """Return the places of points that are decided on and in no list yet."""
    table = situation.points
    new = table[PointTable.point_id].str.startswith(NEW)
    return frozenset(
        zip(table.loc[new, PointTable.lon], table.loc[new, PointTable.lat], strict=True)
    )


def _not_decided(outline: Outline, decided: frozenset[tuple[float, float]]) -> list[Added]:
    """Return what a scenario adds, but for what was proposed from it and is approved by now."""
    return [each for each in outline.added.values() if (each.lon, each.lat) not in decided]


def _added_rows(points: pd.DataFrame, new: list[Added]) -> pd.DataFrame:
    filled = {
        PointTable.point_id: [each.id for each in new],
        PointTable.name: [each.name or each.id for each in new],
        PointTable.kind: [each.kind for each in new], PointTable.status: ["open"] * len(new),
        PointTable.lon: [each.lon for each in new], PointTable.lat: [each.lat for each in new],
    }  # fmt: skip
    return pd.DataFrame(
        {name: pd.Series(filled.get(name, [None] * len(new)), dtype=points[name].dtype)
         for name in points.columns}
    )  # fmt: skip
