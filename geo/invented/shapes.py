"""Cells become borders: polygons with exactly shared edges, in degrees."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import in_degrees, in_metres, metric_crs
from geo.invented.division import CELL_KM, Division
from geo.invented.noise import Field

MIDDLE = (107.75, 9.40)
SMOOTH_KM = 0.42
DECIMALS = 6
Shapes = NDArray[np.object_]


def parts(
    division: Division, sea_islands: shapely.MultiPolygon
) -> tuple[Shapes, NDArray[np.int64]]:
    """Return the smallest areas with one former and one present commune, in degrees.

    Also returns their pairs of numbers, shape (n, 2). Their edges are shared exactly, so any
    union of them is exact too.
    """
    pairs, at = np.unique(
        np.column_stack([division.former, division.present]), axis=0, return_inverse=True
    )
    x, y = division.lattice.xy.T
    half = CELL_KM / 2
    cells = shapely.box(x - half, y - half, x + half, y + half)
    # Cells are snapped to a grid of metres, so that what is shared is shared to the bit.
    cells = shapely.set_precision(cells, 0.001)
    raw = np.array([shapely.coverage_union_all(cells[at == n]) for n in range(len(pairs))])
    smooth = shapely.coverage_simplify(raw, SMOOTH_KM)
    last = np.array([division.former.max() + 1, division.present.max() + 1])
    return (
        in_the_sea(np.append(smooth, np.array([sea_islands.simplify(0.05)], object))),
        np.vstack([pairs, last]),
    )


def in_the_sea(shapes: Shapes) -> Shapes:
    """Return shapes in kilometres around the province's middle as shapes in degrees."""
    return shapely.transform(shapes, degrees)


def degrees(xy: Field) -> Field:
    """Return places in kilometres around the province's middle as degrees, six decimals."""
    crs = metric_crs([MIDDLE[0]])
    origin = in_metres([MIDDLE[0]], [MIDDLE[1]], crs)
    return np.round(in_degrees(xy * 1000 + origin, crs), DECIMALS)


def kilometres(lon: ArrayLike, lat: ArrayLike) -> Field:
    """Return places in degrees as kilometres around the province's middle, shape (n, 2)."""
    crs = metric_crs([MIDDLE[0]])
    origin = in_metres([MIDDLE[0]], [MIDDLE[1]], crs)
    return np.asarray((in_metres(lon, lat, crs) - origin) / 1000)


def united(shapes: Shapes, owner: NDArray[np.int64]) -> Shapes:
    """Return the union of the parts of each owner 0…n−1."""
    return np.array(
        [shapely.coverage_union_all(shapes[owner == number]) for number in range(owner.max() + 1)]
    )
