"""The small map beside a published list: communes and points, drawn once and kept with it."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import in_metres, metric_crs, shapes_in_metres
from geo.names import sort_key
from geo.tables import Communes, CommuneTable
from planning.maps.picture import Frame
from planning.model.publishing import Drawing, PublicPoint

WIDTH, TALLEST = 640, 560
_NEAREST_PX = 0.7  # outlines are drawn no finer


def drawn(communes: Communes, points: tuple[PublicPoint, ...]) -> Drawing:
    """Draw every commune, in the order of their names, and a place for every point, in theirs."""
    crs = metric_crs(communes.geometry.bounds[["minx", "maxx"]].to_numpy())
    shapes = shapes_in_metres(communes.geometry.to_numpy(), crs)
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    frame = Frame((west, south, east, north), WIDTH, TALLEST)
    simple = shapely.coverage_simplify(shapes, _NEAREST_PX / frame.scale)
    areas = [
        (str(code), str(name), frame.path(shape), _box(frame, shape))
        for code, name, shape in zip(
            communes[CommuneTable.code], communes[CommuneTable.full_name], simple, strict=True
        )
    ]
    spots = in_metres([each.lon for each in points], [each.lat for each in points], crs)
    marks = frame.pixels(spots).round(1).tolist() if points else []
    return Drawing(
        frame.width, frame.height, *frame.bar(),
        areas=tuple(sorted(areas, key=lambda each: sort_key(each[1]))),
        marks=tuple((x, y) for x, y in marks),
    )  # fmt: skip


def _box(frame: Frame, shape: BaseGeometry) -> tuple[float, float, float, float]:
    """Return the bounds of a shape in metres as pixels: left, top, right, bottom."""
    west, south, east, north = shape.bounds
    left, bottom, right, top = frame.pixels(np.array([[west, south], [east, north]])).ravel()
    return (
        round(float(left), 1), round(float(top), 1), round(float(right), 1), round(float(bottom), 1)
    )  # fmt: skip
