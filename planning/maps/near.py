"""What lies around a place, in degrees and few bytes: outlines of communes, listed points."""

from typing import Any

import shapely

from geo.tables import Communes, Points

ACROSS = 0.05  # degrees from the place to the edge, about 5.5 km
COARSE = 0.00012  # degrees an outline may be off by, about 13 m
MOST_POINTS = 60


def around(communes: Communes, points: Points, lon: float, lat: float) -> dict[str, Any]:
    """Return the communes cut at the edge around a place, and the nearest points within it.

    Outlines are lists of [longitude, latitude] in five places, about a metre.
    """
    window = (lon - ACROSS, lat - ACROSS, lon + ACROSS, lat + ACROSS)
    shapes = communes.geometry.to_numpy()
    seen = shapely.intersects(shapes, shapely.box(*window))
    simple = shapely.coverage_simplify(shapes[seen], COARSE)
    named = communes.loc[seen, ["code", "full_name"]].to_numpy().tolist()
    areas = [
        {"code": code, "name": name, "rings": rings}
        for (code, name), shape in zip(named, simple, strict=True)
        if (rings := _rings(shapely.clip_by_rect(shape, *window)))
    ]
    return {"communes": areas, "points": _points(points, lon, lat)}


def _rings(shape: Any) -> list[list[list[float]]]:
    """Return the outer rings of a shape; holes are another commune's and are drawn with it."""
    parts = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
    return [[[round(x, 5), round(y, 5)] for x, y in each.exterior.coords] for each in parts]


def _points(points: Points, lon: float, lat: float) -> list[list[Any]]:
    near = (points["lon"].sub(lon).abs() <= ACROSS) & (points["lat"].sub(lat).abs() <= ACROSS)
    found = points[near]
    away = found["lon"].sub(lon).abs() + found["lat"].sub(lat).abs()
    found = found.loc[away.sort_values().index[:MOST_POINTS]]
    return [
        [round(x, 5), round(y, 5), name, kind, status]
        for x, y, name, kind, status in found[["lon", "lat", "name", "kind", "status"]]
        .to_numpy()
        .tolist()
    ]
