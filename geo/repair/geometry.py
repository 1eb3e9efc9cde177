"""One shape at a time: what is mended, what is asked, what is refused.

A mended shape is always reported with its area before and after; a change of more than
one per cent is refused, because it is a decision and not a mend.
"""

from collections.abc import Callable
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
MOST_VERTICES = 500_000
# A ring with more corners than this, nearer to each other than that, holds more noise than border.
DENSE_VERTICES, DENSE_DEG = 10_000, 2e-5
_MOST_SHOWN = 80
_AREAL = ("Polygon", "MultiPolygon", "GeometryCollection")


class TooComplexError(Exception):
    """A shape could not be rebuilt within the time it may take."""


Rebuild = Callable[[Any], Any | None]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape as it is written: its areas (None where it has none) and what was seen of it.

    `kind` is the kind of geometry in the file, None for none or an empty one; `opened` tells
    of a ring that did not end where it begins and was closed.
    """

    area: Any | None
    kind: str | None
    row: int
    opened: bool = False


def rebuilt_here(shape: Any) -> Any | None:
    """Return an invalid area rebuilt by the structure of its rings, in this very process.

    For shapes of our own making: those of others may take hours (`geo.sources.mending`).
    """
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [each for each in shapely.get_parts(mended) if each.geom_type == "Polygon"]
    return shapely.unary_union(parts) if parts else None


def polygonal(drawn: Drawn, report: FindingReport, rebuild: Rebuild = rebuilt_here) -> Any | None:
    """Return the shape of a commune as valid flat polygons, or None when it cannot be used.

    What can be mended without a decision is mended and told; what needs one is asked, and
    returned as it would be mended unless that was declined.
    """
    why = _unusable(drawn)
    if why is not None:
        report.add(Finding(Severity.BLOCKS, *why, row=drawn.row))
        return None
    if not _agreed_to_parts(drawn, report):
        return None
    _dense(drawn, report)
    if _valid(drawn.area):
        return drawn.area
    area = _without_holes_outside(drawn, report)
    return area if area is None or _valid(area) else _rebuilt(area, drawn.row, report, rebuild)


def _unusable(drawn: Drawn) -> tuple[str, str] | None:
    """Return the code and the message of what makes a shape no commune's, None for nothing."""
    if drawn.kind is None:
        return "geometry-missing", N_("the unit has no shape; draw it or delete the row.")
    if drawn.area is None or drawn.kind not in _AREAL:
        return "geometry-type", N_("the shape is no area; a commune is a polygon.")
    if shapely.get_num_coordinates(drawn.area) > MOST_VERTICES:
        return "geometry-too-complex", N_("the shape has too many corners; simplify it in a GIS.")
    if _without_area(drawn.area):
        return (
            "geometry-zero-area",
            N_("the shape has no area: its corners lie on a line; draw it again."),
        )
    return None


def _valid(area: Any) -> bool:
    return bool(shapely.is_valid(area))


def areas_km2(shapes: NDArray[Any], crs: CRS) -> NDArray[np.float64]:
    """Return the areas of shapes given in degrees, in km², measured in metres of `crs`."""
    return np.asarray(shapely.area(shapes_in_metres(shapes, crs))) / 1e6


def _without_area(area: Any) -> bool:
    """Whether no ring of the shape encloses ground: three corners on a line, or two."""
    if area.area:
        return False
    rings = shapely.get_exterior_ring(shapely.get_parts(area))
    return all(shapely.convex_hull(each).area == 0 for each in rings)


def _agreed_to_parts(drawn: Drawn, report: FindingReport) -> bool:
    """Ask about collections and open rings; return whether the shape may be used."""
    asked = []
    if drawn.kind == "GeometryCollection":
        asked.append(
            Finding(
                Severity.ASK, "geometry-collection",
                N_("the shape is a collection of areas and other things."),
                N_("Agree to keep its areas only, or draw it again."), row=drawn.row,
            )
        )  # fmt: skip
    if drawn.opened:
        asked.append(
            Finding(
                Severity.ASK, "ring-open", N_("a ring of the shape does not end where it begins."),
                N_("Agree to close it with a straight line, or draw it again."), row=drawn.row,
            )
        )  # fmt: skip
    return all(_go_on(each, report) for each in asked)


def _go_on(finding: Finding, report: FindingReport) -> bool:
    """Ask; return False only where the mend was declined."""
    return report.ask(finding, Severity.BLOCKS) or finding.code in report.asked


def _dense(drawn: Drawn, report: FindingReport) -> None:
    area: Any = drawn.area
    corners = int(shapely.get_num_coordinates(area))
    if corners > DENSE_VERTICES and area.length / corners < DENSE_DEG:
        report.add(
            Finding(
                Severity.LOOK, "geometry-dense",
                N_("the border has %(count)s corners, on average less than 2 m apart, which is noise more than border."),
                row=drawn.row, params={"count": corners},
            )
        )  # fmt: skip


def _without_holes_outside(drawn: Drawn, report: FindingReport) -> Any | None:
    """Return the shape without holes that lie outside their shell, once that is agreed."""
    area: Any = drawn.area
    parts, dropped = [], 0
    for part in shapely.get_parts(area):
        shell = shapely.Polygon(part.exterior)
        holes = [shapely.Polygon(each) for each in part.interiors]
        if not shell.is_valid or not all(each.is_valid for each in holes):
            return area
        kept = [each for each in holes if not each.disjoint(shell)]
        dropped += len(holes) - len(kept)
        parts.append(shapely.Polygon(part.exterior, [each.exterior for each in kept]))
    if not dropped:
        return area
    finding = Finding(
        Severity.ASK, "hole-outside", N_("%(count)s holes of the shape lie outside of it."),
        N_("Agree to drop them, or draw the shape again."), row=drawn.row, params={"count": dropped},
    )  # fmt: skip
    if not _go_on(finding, report):
        return None
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rebuilt(area: Any, row: int, report: FindingReport, rebuild: Rebuild) -> Any | None:
    why = shapely.is_valid_reason(area)[:_MOST_SHOWN]
    try:
        mended = rebuild(area)
    except TooComplexError:
        report.add(
            Finding(
                Severity.BLOCKS, "geometry-too-complex",
                N_("the shape crosses itself so often that it cannot be mended here; draw it again."),
                row=row,
            )
        )  # fmt: skip
        return None
    before, after = area.area, 0.0 if mended is None else mended.area
    if not before or mended is None or abs(after - before) > LARGEST_CHANGE * max(after, before):
        report.add(
            Finding(
                Severity.BLOCKS, "geometry-invalid",
                N_("the shape crosses itself (%(why)s) and mending it would change its area by more than 1 %%; mend it in a GIS."),
                row=row, params={"why": why},
            )
        )  # fmt: skip
        return None
    report.add(
        Finding(
            Severity.CHANGED, "geometry-mended",
            N_("the shape was invalid (%(why)s) and was rebuilt; its area changed by %(change)s %%."),
            row=row,
            params={"why": why, "change": round(100 * (after - before) / before, 4)},
        )
    )  # fmt: skip
    return mended
