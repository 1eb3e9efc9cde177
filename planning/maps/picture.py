"""Small maps as plain lines for SVG: they need no script and can be printed.

Lengths are metres of the province's own system, drawn to one scale, so that a scale bar holds
everywhere on the picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import in_metres, shapes_in_metres
from geo.tables import CommuneTable, PointTable
from planning.analysis.situation import Situation, places_xy
from planning.model.coverage import Gap

MARGIN = 6.0  # pixels around what is drawn
BAR_KM = (0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Area:
    """A commune as drawn: its code, name and the `d` of its path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as drawn, in pixels."""

    x: float
    y: float
    kind: str
    is_open: bool
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small map: its size in pixels, what is on it, and a scale bar of so many kilometres."""

    width: int
    height: int
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[tuple[int, str], ...]
    bar_km: float
    bar_px: float


class Frame:
    """Turns metres into pixels: the bounds fill a width and a greatest height, north up."""

    def __init__(self, bounds: tuple[float, float, float, float], width: int, tallest: int) -> None:
        west, south, east, north = bounds
        across, up = max(east - west, 1.0), max(north - south, 1.0)
        room = width - 2 * MARGIN
        self.scale = min(room / across, (tallest - 2 * MARGIN) / up)  # pixels per metre
        self.width = width
        self.height = round(up * self.scale + 2 * MARGIN)
        self._west = west - (room / self.scale - across) / 2
        self._north = north

    def pixels(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in metres, shape (n, 2), as pixels from the upper left corner."""
        return np.column_stack(
            [(xy[:, 0] - self._west) * self.scale + MARGIN,
             (self._north - xy[:, 1]) * self.scale + MARGIN]
        )  # fmt: skip

    def path(self, shape: BaseGeometry) -> str:
        """Return a polygon or several, in metres, as the `d` of an SVG path."""
        parts = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        return "".join(self._ring(np.array(ring.coords)[:, :2]) for ring in rings)

    def bar(self) -> tuple[float, float]:
        """Return the scale bar: the longest round number of km within a quarter of the width."""
        fitting = [km for km in BAR_KM if km * 1000 * self.scale <= self.width / 4]
        km = fitting[-1] if fitting else BAR_KM[0]
        return km, km * 1000 * self.scale

    def _ring(self, xy: NDArray[np.float64]) -> str:
        spots = self.pixels(xy).round(1)
        moved = np.ones(len(spots), dtype=bool)
        moved[1:] = (spots[1:] != spots[:-1]).any(axis=1)
        spots = spots[moved]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots.tolist()) + "Z"


def province(situation: Situation, width: int, tallest: int) -> Picture:
    """Draw all communes of a province with their open direct points."""
    rows = np.arange(len(situation.communes))
    shapes = situation.shapes_xy
    frame = Frame(_bounds(shapes), width, tallest)
    return _drawn(situation, frame, (rows, shapes), ())


def commune(
    situation: Situation, code: str, gaps: Iterable[Gap], width: int, tallest: int
) -> Picture:
    """Draw one commune with its neighbours, every point and the gaps in it."""
    rows, own = _near(situation, code)
    shapes = _metric(situation, rows)
    west, south, east, north = shapes[own].bounds
    pad = 0.12 * max(east - west, north - south)
    bounds = (west - pad, south - pad, east + pad, north + pad)
    seen = shapely.intersects(shapes, shapely.box(*bounds))
    frame = Frame(bounds, width, tallest)
    return _drawn(situation, frame, (rows[seen], shapes[seen]), gaps, every=True)


def _near(situation: Situation, code: str) -> tuple[NDArray[np.intp], int]:
    """Return the rows of the communes around one, by their bounds in degrees, and its own place.

    Turning every commune of a province into metres would take longer than all the rest.
    """
    bounds = situation.communes.geometry.bounds.to_numpy()
    own = int(np.flatnonzero(situation.communes[CommuneTable.code] == code)[0])
    west, south, east, north = bounds[own]
    pad = 0.15 * max(east - west, north - south)
    near = (
        (bounds[:, 0] <= east + pad) & (bounds[:, 2] >= west - pad)
        & (bounds[:, 1] <= north + pad) & (bounds[:, 3] >= south - pad)
    )  # fmt: skip
    rows = np.flatnonzero(near)
    return rows, int(np.flatnonzero(rows == own)[0])


def _drawn(
    situation: Situation, frame: Frame, drawn: tuple[NDArray[np.intp], NDArray[np.object_]],
    gaps: Iterable[Gap], *, every: bool = False,
) -> Picture:  # fmt: skip
    rows, shapes = drawn
    simple = shapely.coverage_simplify(shapes, 0.7 / frame.scale)
    names = situation.communes[CommuneTable.full_name].to_numpy()[rows]
    codes = situation.communes[CommuneTable.code].to_numpy()[rows]
    areas = tuple(
        Area(code, name, frame.path(shape))
        for code, name, shape in zip(codes, names, simple, strict=True)
    )
    return Picture(
        frame.width, frame.height, areas, _marks(situation, frame, every=every),
        tuple((each.rank, _gap(situation, frame, each)) for each in gaps if len(each.outline) > 3),
        *frame.bar(),
    )  # fmt: skip


def _marks(situation: Situation, frame: Frame, *, every: bool) -> tuple[Mark, ...]:
    points = situation.points if every else situation.open_direct
    if not len(points):
        return ()
    spots = frame.pixels(places_xy(points, situation.crs)).round(1)
    return tuple(
        Mark(x, y, kind, status == "open", name)
        for (x, y), kind, status, name in zip(
            spots.tolist(), points[PointTable.kind], points[PointTable.status],
            points[PointTable.name], strict=True,
        )
        if -MARGIN <= x <= frame.width + MARGIN and -MARGIN <= y <= frame.height + MARGIN
    )  # fmt: skip


def _gap(situation: Situation, frame: Frame, gap: Gap) -> str:
    lonlat = np.array(gap.outline)
    return frame.path(shapely.Polygon(in_metres(lonlat[:, 0], lonlat[:, 1], situation.crs)))


def _metric(situation: Situation, rows: NDArray[np.intp]) -> NDArray[np.object_]:
    return shapes_in_metres(situation.communes.geometry.to_numpy()[rows], situation.crs)


def _bounds(shapes: NDArray[np.object_]) -> tuple[float, float, float, float]:
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return west, south, east, north
