"""What each of many proposals would do alone on the network, in one pass.

Everybody's distance to the nearest open point is worked out once; a proposal then concerns
only who lives within reach of its place, and whose nearest point it takes away. The numbers
are those of a what-if of that proposal alone (`planning.siting.plans.what_if`), to the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.crs import in_metres
from geo.reach import ReachEngine
from geo.tables import PointTable
from planning.analysis.situation import Situation, places_xy
from planning.model.standards import ServiceStandard

Real = NDArray[np.float64]
Rows = NDArray[np.int64]
Place = tuple[float, float]
_MARGIN_M = 1.0  # a tree may leave out whoever lives exactly at its limit


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposal as the place, in degrees, that begins to serve and the point that ceases to.

    Both None: it changes nobody's way, such as an online point.
    """

    opened: Place | None = None
    closed: str | None = None


@dataclass(frozen=True)
class Alone:
    """What a proposal does alone. Distances are metres, places are rows of the demand.

    `gained` and `lost` are the rows of people served only with it and only without it,
    `reached` those within their radius of the place it opens; `overlap` people within the
    radius of its place are served by another point. The means are those of everybody gained
    or lost, None where there is nobody or no point.
    """

    gained: Rows
    lost: Rows
    reached: Rows
    people_gained: int
    people_lost: int
    overlap: int
    distance_now_m: float | None
    distance_then_m: float | None


class Ground:
    """A situation under a standard, ready to be asked about proposals one by one."""

    def __init__(
        self, situation: Situation, standard: ServiceStandard, engine: ReachEngine
    ) -> None:
        self._engine, self._crs = engine, situation.crs
        self.xy, self.people = situation.demand_xy, situation.people
        self.radius_m = situation.radii_m(standard)
        points = situation.open_direct
        self._sites = places_xy(points, situation.crs)
        self._ids = pd.Index(points[PointTable.point_id])
        self.now_m, self._nearest = engine.nearest(self.xy, self._sites)
        self._tree = KDTree(self.xy)
        self._farthest = float(self.radius_m.max(initial=0.0)) + _MARGIN_M

    @property
    def unserved(self) -> NDArray[np.bool_]:
        """Which rows have no open point within their radius."""
        return np.asarray(self.now_m > self.radius_m)

    def flat(self, place: Place) -> Real:
        """Return a place in degrees in metres, shape (2,)."""
        return np.asarray(in_metres([place[0]], [place[1]], self._crs)[0])

    def alone(self, wishes: Sequence[Wish]) -> list[Alone]:
        """Return what each proposal would do alone."""
        return [self._alone(each) for each in wishes]

    def _alone(self, wish: Wish) -> Alone:
        gone = -1 if wish.closed is None else int(self._ids.get_loc(wish.closed))
        opened = None if wish.opened is None else self.flat(wish.opened)
        here = opened if gone < 0 else self._sites[gone]
        if here is None:
            nobody = np.empty(0, dtype=np.int64)
            return Alone(nobody, nobody, nobody, 0, 0, 0, None, None)
        places = [each for each in (opened, here) if each is not None]
        own = np.flatnonzero(self._nearest == gone) if gone >= 0 else self._none()
        rows = np.unique(np.concatenate([own, *(self._around(each) for each in places)]))
        radius, people = self.radius_m[rows], self.people[rows]
        now = self.now_m[rows]
        others = self._without(gone, rows, now)
        new = np.full(len(rows), np.inf) if opened is None else self._away(rows, opened)
        then = np.minimum(others, new)
        gained, lost = (then <= radius) & (now > radius), (then > radius) & (now <= radius)
        there = self._away(rows, here) if opened is None else new
        concerned = gained | lost
        return Alone(
            rows[gained], rows[lost], rows[new <= radius],
            int(people[gained].sum()), int(people[lost].sum()),
            int(people[(there <= radius) & (others <= radius)].sum()),
            _mean(now[concerned], people[concerned]), _mean(then[concerned], people[concerned]),
        )  # fmt: skip

    def _around(self, place: Real) -> Rows:
        near = self._tree.query_ball_point(place, self._farthest)
        return np.asarray(near, dtype=np.int64)

    def _away(self, rows: Rows, place: Real) -> Real:
        """Return how far rows are from a place, to the bit as the engine measures."""
        return self._engine.nearest(self.xy[rows], place[None])[0]

    def _without(self, gone: int, rows: Rows, now: Real) -> Real:
        """Return how far rows are from the points but one."""
        if gone < 0:
            return now
        others, mine = now.copy(), self._nearest[rows] == gone
        sites = np.delete(self._sites, gone, axis=0)
        others[mine] = self._engine.nearest(self.xy[rows[mine]], sites)[0]
        return others

    @staticmethod
    def _none() -> Rows:
        return np.empty(0, dtype=np.int64)


def _mean(metres: Real, people: NDArray[np.int64]) -> float | None:
    """Return the mean distance of people; None where there are none, or no point is open."""
    if not people.sum() or not np.isfinite(metres).all():
        return None
    return float((metres * people).sum() / people.sum())
