"""One shape at a time, then shapes side by side: what is mended, what is refused.

A mended shape is always reported with its area before and after; a change of more than
one per cent is refused, because it is a decision and not a mend.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import shapes_in_metres
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity

LARGEST_CHANGE = 0.01
OVERLAP_TOLERANCE_KM2 = 0.01
MOST_VERTICES = 500_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two shapes (by position) that share more ground than the tolerance."""

    first: int
    second: int
    area_km2: float


def polygonal(shape: Any, row: int, report: FindingReport) -> Any | None:
    """Return `shape` as valid flat polygons, or None when it cannot be used.

    Z values are dropped, invalid rings are rebuilt by structure, parts that are no area are
    left away; each of these is reported for `row`.
    """
    if shape is None or shape.is_empty:
        report.add(
            _blocks(
                "geometry-missing", N_("the unit has no shape; draw it or delete the row."), row
            )
        )
        return None
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        report.add(
            _blocks(
                "geometry-too-complex",
                N_("the shape has too many corners; simplify it in a GIS."),
                row,
            )
        )
        return None
    if shape.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        report.add(
            _blocks("geometry-type", N_("the shape is no area; a commune is a polygon."), row)
        )
        return None
    flat = shapely.force_2d(shape)
    if shapely.has_z(shape):
        report.add(Finding(Severity.CHANGED, "z-dropped", N_("heights (Z) were dropped."), row=row))
    if flat.is_valid and flat.geom_type != "GeometryCollection":
        return flat
    return _rebuilt(flat, row, report)


def _rebuilt(flat: Any, row: int, report: FindingReport) -> Any | None:
    mended = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    parts = [each for each in shapely.get_parts(mended) if each.geom_type == "Polygon"]
    polygon = shapely.unary_union(parts)
    before, after = flat.area, polygon.area
    if not parts or not before or abs(after - before) > LARGEST_CHANGE * max(after, before):
        report.add(
            _blocks(
                "geometry-invalid",
                N_(
                    "the shape crosses itself (%(why)s) and mending it would change its area by more than 1 %%; mend it in a GIS."
                ),
                row,
                why=shapely.is_valid_reason(flat)[:80],
            )
        )
        return None
    report.add(
        Finding(
            Severity.CHANGED, "geometry-mended",
            N_("the shape was invalid (%(why)s) and was rebuilt; its area changed by %(change)s %%."),
            row=row,
            params={"why": shapely.is_valid_reason(flat)[:80],
                    "change": round(100 * (after - before) / before, 4)},
        )
    )  # fmt: skip
    return polygon


def areas_km2(shapes: NDArray[Any], crs: CRS) -> NDArray[np.float64]:
    """Return the areas of shapes given in degrees, in km², measured in metres of `crs`."""
    return np.asarray(shapely.area(shapes_in_metres(shapes, crs))) / 1e6


def overlaps(shapes: NDArray[Any], crs: CRS) -> list[Overlap]:
    """Return the pairs of shapes (degrees) that overlap by more than the tolerance."""
    flat = shapes_in_metres(shapes, crs)
    tree = shapely.STRtree(flat)
    # A shape that holds another one, or equals it, does not “overlap” it in the sense of GEOS.
    found = np.hstack(
        [tree.query(flat, predicate="overlaps"), tree.query(flat, predicate="covers")]
    )
    found = np.unique(np.sort(found, axis=0), axis=1)
    first, second = found[:, found[0] != found[1]]
    shared = shapely.area(shapely.intersection(flat[first], flat[second])) / 1e6
    return [
        Overlap(int(a), int(b), float(km2))
        for a, b, km2 in zip(first, second, shared, strict=True)
        if km2 > OVERLAP_TOLERANCE_KM2
    ]


def _blocks(code: str, message: str, row: int, **params: object) -> Finding:
    return Finding(Severity.BLOCKS, code, message, row=row, params=params)
