"""The ground on which a plan is recounted: homes and points in metres, straight from degrees."""

from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj.transformer import TransformerGroup

from planning.analysis.situation import Situation
from planning.model.errors import PlanDoesNotAddUpError
from planning.model.siting import SitingPlan
from planning.model.standards import ServiceStandard

ROUNDING_M = 1e-6

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Ground:
    """Where people live and where points stand today."""

    def __init__(self, situation: Situation, standard: ServiceStandard) -> None:
        self.situation = situation
        # Of several ways between WGS 84 and VN-2000 the best for the whole country, everywhere.
        self._way = TransformerGroup("EPSG:4326", situation.crs, always_xy=True).transformers[0]
        self.demand = situation.demand
        self._x, self._y = self.flat(self.demand["lon"].to_numpy(), self.demand["lat"].to_numpy())
        self.people: Whole = self.demand["people"].to_numpy()
        self._radius = situation.radii_m(standard)
        points = situation.points
        open_now = (points["kind"] == "direct") & (points["status"] == "open")
        self.points: pd.DataFrame = points[open_now].reset_index(drop=True)

    def flat(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Return degrees as metres, east and north."""
        return self._way.transform(lon, lat)

    def metres(self, lon: float, lat: float) -> Real:
        """Return how far everybody is from a place."""
        x, y = self.flat(lon, lat)
        return np.asarray(np.sqrt((self._x - x) ** 2 + (self._y - y) ** 2))

    def near(self, metres: Real, factor: float = 1.0) -> tuple[Mask, Mask]:
        """Return who is surely and who is possibly within the radius."""
        limit = self._radius * factor
        return metres <= limit - ROUNDING_M, metres <= limit + ROUNDING_M

    def tenths(self, metres: Real, fade: float) -> tuple[Whole, Whole]:
        """Return how many tenths everybody surely and possibly counts where coverage fades."""
        least, most = np.zeros(len(metres), np.int64), np.zeros(len(metres), np.int64)
        for tenth in range(1, 11):
            factor = 1 + (Fraction(str(fade)) - 1) * (10 - tenth) / 10
            sure, maybe = self.near(metres, float(factor))
            least[sure], most[maybe] = tenth, tenth
        return least, most

    @cached_property
    def open_m(self) -> Real:
        """How far everybody is from a point today."""
        return self._nearest(self.points)

    def closed(self, plan: SitingPlan) -> Mask:
        """Return which of today's points the plan closes."""
        names = [point.point_id for point in plan.closed]
        gone = self.points["point_id"].isin(names).to_numpy(dtype=bool)
        agree("points closed", len(names), int(gone.sum()))
        return gone

    def plan_m(self, plan: SitingPlan) -> Real:
        """Return how far everybody is from a point once the plan is carried out."""
        closed = self.closed(plan)
        metres = self._nearest(self.points[~closed]) if closed.any() else self.open_m
        for site in plan.sites:
            metres = np.minimum(metres, self.metres(site.lon, site.lat))
        return metres

    def room(self, plan: SitingPlan) -> Whole:
        """Return how many people each of today's points can serve."""
        asked = plan.ask.rules.capacity
        each = 0 if asked is None else asked.people_per_point
        staff = self.points["staff_count"]
        if asked is None or asked.people_per_staff is None:
            return np.full(len(staff), each, dtype=np.int64)
        return np.array(
            [each if pd.isna(one) else int(one) * asked.people_per_staff for one in staff], np.int64
        )

    def reached(self, what: str, served: Whole, share: float, people: Whole) -> None:
        """Refuse a plan that serves less than a share of people."""
        least = ceil(Fraction(str(share)) * int(people.sum()))
        if int(served.sum()) < least:
            agree(what, least, int(served.sum()))

    def _nearest(self, points: pd.DataFrame) -> Real:
        metres = np.full(len(self.people), np.inf)
        for lon, lat in points[["lon", "lat"]].to_numpy():
            np.minimum(metres, self.metres(lon, lat), out=metres)
        return metres


def agree(what: str, recounted: object, stated: object) -> None:
    """Refuse a plan that states another number than was recounted."""
    if recounted != stated:
        raise PlanDoesNotAddUpError(
            "The plan does not add up and was not kept: %(what)s is %(stated)s, recounted "
            "%(recounted)s.",
            what=what, stated=stated, recounted=recounted,
        )  # fmt: skip


def between(what: str, least: Whole, most: Whole, stated: float) -> None:
    """Refuse a number that is neither the least nor the most nor between the two."""
    low, high = int(least.sum()), int(most.sum())
    if not low <= stated <= high:
        agree(what, low, stated)
