"""Areas as plain numbers: corners, and where rings, polygons and shapes begin among them.

Shapes pass between processes so, and not as binary geometry, because a reader of binary
geometry can be made to crash and one of plain numbers cannot.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

AREAS = ("Polygon", "MultiPolygon")
_DEEPEST = 10


def packed(shapes: NDArray[Any]) -> tuple[list[int], bytes]:
    """Return areas, shape (n,), as (number of shapes, rings, polygons and corners), numbers.

    Every shape is a polygon or polygons, flat, and none is missing or empty.
    """
    many = np.array([shapely.MultiPolygon(shapely.get_parts(each)) for each in shapes], object)
    if not len(many):
        return [0, 0, 0, 0], b""
    _, corners, (rings, polygons, parts) = shapely.to_ragged_array(many, include_z=False)
    sizes = [len(many), len(polygons), len(rings), len(corners)]
    numbers = [np.asarray(each, "<i8").tobytes() for each in (parts, polygons, rings)]
    return sizes, b"".join([*numbers, np.asarray(corners, "<f8").tobytes()])


def unpacked(sizes: list[int], numbers: bytes, most_corners: int) -> NDArray[Any]:
    """Return the areas that `packed` made numbers of, as polygons or polygons of several parts.

    Raises `ValueError` for numbers that describe no areas, that are not finite, and for more
    than `most_corners`.
    """
    shapes, polygons, rings, corners = (int(each) for each in sizes)
    if not shapes:
        return np.empty(0, object)
    lengths = [shapes + 1, polygons, rings]
    if min(*lengths, corners) < 1 or corners > most_corners:
        raise ValueError("too many corners, or none")
    if len(numbers) != 8 * (sum(lengths) + 2 * corners):
        raise ValueError("the numbers are not those that were announced")
    found, at = [], 0
    for length in lengths:
        found.append(np.frombuffer(numbers, "<i8", length, at))
        at += 8 * length
    xy = np.frombuffer(numbers, "<f8", 2 * corners, at).reshape(-1, 2)
    ends = (polygons - 1, rings - 1, corners)
    for begins, end in zip(found, ends, strict=True):
        if begins[0] != 0 or begins[-1] != end or (np.diff(begins) < 1).any():
            raise ValueError("rings, polygons and shapes do not fit together")
    if not np.isfinite(xy).all():
        raise ValueError("a corner is no finite number")
    offsets = (found[2], found[1], found[0])
    kind = shapely.GeometryType.MULTIPOLYGON
    many = np.asarray(shapely.from_ragged_array(kind, np.array(xy), offsets))
    single = shapely.get_num_geometries(many) == 1
    return np.where(single, shapely.get_geometry(many, 0), many)


def areas_of(shape: Any) -> Any | None:
    """Return the polygons of a shape, flat, those of a collection too; None if it has none.

    A collection within collections deeper than ten counts as having none.
    """
    parts = [shape]
    for _ in range(_DEEPEST):
        if not any(each.geom_type not in (*AREAS, "Polygon") and _holds(each) for each in parts):
            break
        parts = [
            one for each in parts for one in (shapely.get_parts(each) if _holds(each) else [each])
        ]
    polygons = [
        one
        for each in parts if each.geom_type in AREAS and not each.is_empty
        for one in shapely.get_parts(shapely.force_2d(each)) if not one.is_empty
    ]  # fmt: skip
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _holds(shape: Any) -> bool:
    return bool(shape.geom_type == "GeometryCollection")
