"""Communes side by side: where they overlap, where ground lies between them, what stands apart.

Borders drawn twice never agree to the millimetre. Overlaps of up to a hectare and gaps of up
to two metres in width are taken for that and are closed together, with the change in area
told; larger ones are asked about or refused. Enclosed ground that belongs to no commune stays
as it is, since it may be a lake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import shapes_in_metres
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity

OVERLAP_TOLERANCE_KM2 = 0.01
ASKED_SHARE = 0.01  # of the smaller commune: a larger overlap is no matter of borders
GAP_WIDTH_M = 2.0
TOUCHING_M = 20.0
FAR_KM = 60.0
SAME_SHARE = 0.999
_DEG_M = 111_320.0
_SLIVER_KM2, _SLIVER_ROUNDNESS = 0.05, 0.01
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two shapes (by position) that share ground, and what share that is of each."""

    first: int
    second: int
    area_km2: float
    of_smaller: float
    of_larger: float


@dataclass(frozen=True, slots=True)
class Units:
    """Communes as their file has them: shapes in degrees, names, rows, and the metric system."""

    shapes: NDArray[Any]
    names: Sequence[str]
    rows: Sequence[int]
    crs: CRS


def mended_borders(units: Units, report: FindingReport) -> NDArray[Any]:
    """Return the shapes with small overlaps and gaps along borders closed; report the others."""
    flat = shapes_in_metres(units.shapes, units.crs)
    clean = bool(shapely.coverage_is_valid(flat))
    usable = clean or _overlaps_usable(overlaps(flat), units, report)
    if not usable:
        return units.shapes
    whole = _union(flat, clean=clean)
    holes = _holes(whole)
    narrow = [each for each in holes if _width(each) <= GAP_WIDTH_M]
    shapes = units.shapes
    if narrow or not clean:
        shapes = _closed(units, flat, len(narrow), report)
    _report_gaps([each for each in holes if _width(each) > GAP_WIDTH_M], flat, units, report)
    _report_apart(flat, units, report)
    return shapes


def overlaps(flat: NDArray[Any]) -> list[Overlap]:
    """Return the pairs of shapes (metres) that share ground, however little."""
    tree = shapely.STRtree(flat)
    # A shape that holds another one, or equals it, does not “overlap” it in the sense of GEOS.
    found = np.hstack(
        [tree.query(flat, predicate="overlaps"), tree.query(flat, predicate="covers")]
    )
    found = np.unique(np.sort(found, axis=0), axis=1)
    first, second = found[:, found[0] != found[1]]
    shared = np.asarray(shapely.area(shapely.intersection(flat[first], flat[second])))
    sizes = np.sort([shapely.area(flat[first]), shapely.area(flat[second])], axis=0)
    return [
        Overlap(int(a), int(b), float(m2) / 1e6, float(m2 / small), float(m2 / large))
        for a, b, m2, small, large in zip(first, second, shared, *sizes, strict=True)
        if m2 > 0
    ]


def slivers(units: Units) -> list[int]:
    """Return the positions of shapes that are a thread of ground and no commune."""
    flat = shapes_in_metres(units.shapes, units.crs)
    area, length = shapely.area(flat), shapely.length(flat)
    round_ = 4 * np.pi * area / np.maximum(length, 1.0) ** 2
    found = np.flatnonzero((area / 1e6 < _SLIVER_KM2) & (round_ < _SLIVER_ROUNDNESS))
    return [int(each) for each in found]


def _overlaps_usable(found: list[Overlap], units: Units, report: FindingReport) -> bool:
    """Report overlaps above the tolerance; return whether borders may be mended."""
    usable = True
    for each in found:
        if each.area_km2 <= OVERLAP_TOLERANCE_KM2:
            continue
        params = {
            "first": units.names[each.first], "second": units.names[each.second],
            "km2": round(each.area_km2, 3), "row": units.rows[each.first],
            "other": units.rows[each.second],
        }  # fmt: skip
        if each.of_smaller > ASKED_SHARE:
            usable = False
            report.add(_overlap(each, params))
            continue
        finding = Finding(
            Severity.ASK, "overlap-narrow",
            N_("%(first)s and %(second)s overlap by %(km2)s km² along their border."),
            N_("Agree to give the ground to the one with the longer border along it, or mend it in a GIS."),
            params=params,
        )  # fmt: skip
        usable &= report.ask(finding, Severity.BLOCKS) or finding.code in report.asked
    return usable


def _overlap(each: Overlap, params: dict[str, object]) -> Finding:
    if each.of_larger >= SAME_SHARE:
        return Finding(
            Severity.BLOCKS, "geometry-twice",
            N_("%(first)s and %(second)s lie on the same ground, %(km2)s km²; one of the two shapes is wrong."),
            params=params,
        )  # fmt: skip
    return Finding(
        Severity.BLOCKS, "overlap",
        N_("%(first)s and %(second)s overlap by %(km2)s km²; mend the border in a GIS."),
        params=params,
    )  # fmt: skip


def _closed(units: Units, flat: NDArray[Any], gaps: int, report: FindingReport) -> NDArray[Any]:
    """Return the shapes with every border drawn once; only what changed is replaced."""
    # In degrees, so that the corners which need no mend stay the same to the last digit.
    width = GAP_WIDTH_M / _DEG_M
    found: NDArray[Any] = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than the stubs
        units.shapes, gap_width=width
    )
    same = len(found) == len(flat) and not shapely.is_empty(found).any()
    if not same or not shapely.is_valid(found).all():
        return units.shapes
    before, after = shapely.area(flat), shapely.area(shapes_in_metres(found, units.crs))
    change = float(np.abs(after - before).max())
    report.add(
        Finding(
            Severity.CHANGED, "borders-mended",
            N_("borders drawn twice were made one: overlaps up to 1 ha and %(gaps)s gaps narrower than 2 m were closed; no commune's area changed by more than %(m2)s m², %(name)s's the most."),
            params={"gaps": gaps, "m2": round(change, 1),
                    "name": units.names[int(np.abs(after - before).argmax())]},
        )
    )  # fmt: skip
    return found


def _union(flat: NDArray[Any], *, clean: bool) -> Any:
    return shapely.coverage_union_all(flat) if clean else shapely.union_all(flat)


def _holes(whole: Any) -> list[Any]:
    return [
        shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors
    ]  # fmt: skip


def _width(hole: Any) -> float:
    """Return about how wide a hole is, in metres: twice its area by its length."""
    return float(2 * hole.area / hole.length) if hole.length else 0.0


def _report_gaps(holes: list[Any], flat: NDArray[Any], units: Units, report: FindingReport) -> None:
    tree = shapely.STRtree(flat)
    for hole in holes:
        near = tree.query(hole, predicate="dwithin", distance=1.0)
        named = [units.names[int(each)] for each in sorted(near)][:_MOST_NAMED]
        report.add(
            Finding(
                Severity.LOOK, "gap",
                N_("%(km2)s km² between %(names)s belong to no commune; it may be a lake or another province's ground, else mend the border."),
                row=units.rows[int(min(near))] if len(near) else None,
                params={"km2": round(hole.area / 1e6, 4), "names": ", ".join(named)},
            )
        )  # fmt: skip


def _report_apart(flat: NDArray[Any], units: Units, report: FindingReport) -> None:
    """Report communes that touch no other, and parts far from all the rest."""
    parts, owner = shapely.get_parts(flat, return_index=True)
    group = _groups(parts)
    size = np.bincount(group, weights=shapely.area(parts))
    main = int(size.argmax())
    joined = {int(each) for each in owner[group == main]}
    alone = [at for at in range(len(flat)) if at not in joined]
    if alone:
        report.add(
            Finding(
                Severity.LOOK, "apart",
                N_("%(count)s communes do not touch the rest: %(names)s; islands do not, else ground is missing between them."),
                row=units.rows[alone[0]],
                params={"count": len(alone),
                        "names": ", ".join(units.names[at] for at in alone[:_MOST_NAMED])},
            )
        )  # fmt: skip
    _report_far(parts, owner, units, report)


def _report_far(
    parts: NDArray[Any], owner: NDArray[np.int64], units: Units, report: FindingReport
) -> None:
    """Report groups of parts that lie far from the largest group, by their bounding boxes."""
    boxes = np.asarray(shapely.box(*shapely.bounds(parts).T))
    group = _groups(boxes, FAR_KM * 1000)
    if group.max(initial=0) == 0:
        return
    main = int(np.bincount(group, weights=shapely.area(parts)).argmax())
    rest = shapely.STRtree(boxes[group == main])
    for each in sorted(set(group.tolist()) - {main}):
        mine = np.flatnonzero(group == each)
        _, away = rest.query_nearest(boxes[mine], return_distance=True, all_matches=False)
        at = int(owner[mine[0]])
        report.add(
            Finding(
                Severity.LOOK, "far-away",
                N_("%(name)s, or a part of it, lies %(km)s km from the rest of the province; an island may, else its shape belongs to another code."),
                row=units.rows[at],
                params={"name": units.names[at], "km": round(float(away.min()) / 1000)},
            )
        )  # fmt: skip


def _groups(shapes: NDArray[Any], distance: float = TOUCHING_M) -> NDArray[np.int32]:
    """Return for each shape the number of its group: shapes within `distance` hang together."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    links = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(shapes),) * 2)
    return np.asarray(connected_components(links, directed=False)[1])
