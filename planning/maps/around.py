"""A small map of one place: the communes around it, the points near it, how far it would reach."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.crs import in_metres, shapes_in_metres
from geo.tables import CommuneTable, PointTable
from planning.analysis.situation import Situation, places_xy
from planning.maps.picture import MARGIN, Area, Frame, Mark

SIDE = 2.2  # radii from the place to the edge of the map


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as drawn, in pixels from the upper left corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A small map around a place: its size in pixels, communes, points, the place itself.

    `reach_px` is the service radius `reach_km` around the place; `other` a second place.
    """

    width: int
    height: int
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]
    place: Spot
    other: Spot | None
    reach_km: float
    reach_px: float
    bar_km: float
    bar_px: float


def drawn(
    situation: Situation, place: tuple[float, float], radius_m: float,
    other: tuple[float, float] | None, size: tuple[int, int],
) -> Surroundings:  # fmt: skip
    """Draw what lies around a place in degrees, wide enough for its radius and a second place."""
    width, height = size
    spots = np.array([place] if other is None else [place, other])
    xy = in_metres(spots[:, 0], spots[:, 1], situation.crs)
    up = max(SIDE * radius_m, 1.15 * float(np.abs(xy - xy[0]).max()))
    across = up * width / height
    bounds = (xy[0, 0] - across, xy[0, 1] - up, xy[0, 0] + across, xy[0, 1] + up)
    frame = Frame(bounds, width, height)
    pixels = frame.pixels(xy).round(1).tolist()
    return Surroundings(
        frame.width, frame.height, _areas(situation, frame, bounds), _marks(situation, frame),
        Spot(*pixels[0]), None if other is None else Spot(*pixels[1]), radius_m / 1000,
        round(radius_m * frame.scale, 1), *frame.bar(),
    )  # fmt: skip


def _areas(
    situation: Situation, frame: Frame, bounds: tuple[float, float, float, float]
) -> tuple[Area, ...]:
    """Return the communes that the map shows, cut at its edge."""
    window = shapely.box(*bounds)
    degrees = situation.communes.geometry.bounds.to_numpy()
    low = in_metres(degrees[:, 0], degrees[:, 1], situation.crs)
    high = in_metres(degrees[:, 2], degrees[:, 3], situation.crs)
    pad = 1000.0  # the corners of a box in degrees are not those of the box in metres
    near = (
        (low[:, 0] - pad <= bounds[2]) & (high[:, 0] + pad >= bounds[0])
        & (low[:, 1] - pad <= bounds[3]) & (high[:, 1] + pad >= bounds[1])
    )  # fmt: skip
    rows = np.flatnonzero(near)
    if not len(rows):
        return ()
    shapes = shapes_in_metres(situation.communes.geometry.to_numpy()[rows], situation.crs)
    simple = shapely.coverage_simplify(shapes, 0.7 / frame.scale)
    cut = shapely.intersection(simple, window)
    codes = situation.communes[CommuneTable.code].to_numpy()[rows]
    names = situation.communes[CommuneTable.full_name].to_numpy()[rows]
    return tuple(
        Area(code, name, frame.path(shape))
        for code, name, shape in zip(codes, names, cut, strict=True)
        if not shape.is_empty
    )


def _marks(situation: Situation, frame: Frame) -> tuple[Mark, ...]:
    points = situation.points
    if not len(points):
        return ()
    spots = frame.pixels(places_xy(points, situation.crs)).round(1)
    seen = (
        (spots[:, 0] >= MARGIN) & (spots[:, 0] <= frame.width - MARGIN)
        & (spots[:, 1] >= MARGIN) & (spots[:, 1] <= frame.height - MARGIN)
    )  # fmt: skip
    found = points[seen]
    return tuple(
        Mark(x, y, kind, status == "open", name)
        for (x, y), kind, status, name in zip(
            spots[seen].tolist(), found[PointTable.kind], found[PointTable.status],
            found[PointTable.name], strict=True,
        )
    )  # fmt: skip
