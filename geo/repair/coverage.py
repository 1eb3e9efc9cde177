"""Communes side by side: where they overlap, where ground lies between them, what stands apart.

Borders drawn twice never agree to the millimetre. Overlaps of up to a hectare and gaps of up
to two metres in width are taken for that and are closed together, with the change in area
told; larger ones are asked about or refused. Enclosed ground that belongs to no commune stays
as it is, since it may be a lake.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import shapes_in_degrees, shapes_in_metres
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity

OVERLAP_TOLERANCE_KM2 = 0.01
ASKED_SHARE = 0.01  # of the smaller commune: a larger overlap is no matter of borders
GAP_WIDTH_M = 2.0
TOUCHING_M = 20.0
FAR_KM = 60.0
SAME_SHARE = 0.999
_SAME_DEG = 5e-8  # five millimetres
_SLIVER_KM2, _SLIVER_ROUNDNESS = 0.05, 0.01
_MOST_NAMED = 10
_UNION_M2 = 1.0


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
    """Communes as their file has them: shapes in degrees, names, rows, and the metric system.

    `flat` are the shapes in metres.
    """

    shapes: NDArray[Any]
    names: Sequence[str]
    rows: Sequence[int]
    crs: CRS
    flat: NDArray[Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", shapes_in_metres(self.shapes, self.crs))


@dataclass(frozen=True, slots=True)
class Mended:
    """Shapes in degrees whose borders were made one, and their areas in km²."""

    shapes: NDArray[Any]
    km2: NDArray[np.float64]


def mended_borders(units: Units, report: FindingReport) -> Mended:
    """Return the shapes with small overlaps and gaps along borders closed; report the others."""
    flat = units.flat
    edges = shapely.coverage_invalid_edges(flat, gap_width=GAP_WIDTH_M)
    doubtful = np.flatnonzero(~shapely.is_empty(edges))
    if not _overlaps_usable(overlaps(flat, doubtful), units, report):
        return Mended(units.shapes, shapely.area(flat) / 1e6)
    clean = _cleaned(flat, doubtful)
    shapes = _replaced(units, clean, report)
    _report_gaps(clean, units, report)
    _report_apart(clean, units, report)
    return Mended(shapes, shapely.area(clean) / 1e6)


def overlaps(flat: NDArray[Any], doubtful: NDArray[np.int64]) -> list[Overlap]:
    """Return the pairs of shapes (metres) that share ground, however little.

    `doubtful` are the positions of those whose border does not match their neighbours'; of
    two shapes that overlap at least one is among them.
    """
    asked, found = shapely.STRtree(flat).query(flat[doubtful], predicate="intersects")
    pairs = np.sort(np.stack([doubtful[asked], found]), axis=0)
    first, second = np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)
    shared = np.asarray(shapely.area(shapely.intersection(flat[first], flat[second])))
    sizes = np.sort([shapely.area(flat[first]), shapely.area(flat[second])], axis=0)
    return [
        Overlap(int(a), int(b), float(m2) / 1e6, float(m2 / small), float(m2 / large))
        for a, b, m2, small, large in zip(first, second, shared, *sizes, strict=True)
        if m2 > 0
    ]


def slivers(units: Units) -> list[int]:
    """Return the positions of shapes that are a thread of ground and no commune."""
    area, length = shapely.area(units.flat), shapely.length(units.flat)
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


def _cleaned(flat: NDArray[Any], doubtful: NDArray[np.int64]) -> NDArray[Any]:
    """Return shapes in metres with every border drawn once; far from doubt nothing is touched."""
    clean = flat.copy()
    if not len(doubtful):
        return clean
    _, beside = shapely.STRtree(flat).query(flat[doubtful], predicate="intersects")
    these = np.unique(beside)
    found = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than the stubs
        flat[these], gap_width=GAP_WIDTH_M
    )
    if (
        len(found) == len(these)
        and shapely.is_valid(found).all()
        and not shapely.is_empty(found).any()
    ):
        clean[these] = found
    return clean


def _replaced(units: Units, clean: NDArray[Any], report: FindingReport) -> NDArray[Any]:
    """Return the shapes in degrees, those that were mended in the place of the others; tell it."""
    same = shapely.equals_exact(_plain(units.flat), _plain(clean), 1e-6)
    changed = np.flatnonzero(~same)
    shapes = units.shapes.copy()
    if not len(changed):
        return shapes
    shapes[changed] = _on_written_corners(
        shapes_in_degrees(clean[changed], units.crs), units.shapes
    )
    change = np.abs(shapely.area(clean) - shapely.area(units.flat))
    most = int(change.argmax())
    report.add(
        Finding(
            Severity.CHANGED, "borders-mended",
            N_("%(count)s communes whose borders were drawn twice got one border; no area changed by more than %(m2)s m², %(name)s's the most."),
            row=units.rows[most],
            params={"count": len(changed), "m2": round(float(change[most]), 1),
                    "name": units.names[most]},
        )
    )  # fmt: skip
    return shapes


def _plain(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return shapes with parts, rings and corners in one order and no corner twice."""
    shapes = np.asarray(shapely.remove_repeated_points(shapes))
    single = np.asarray(shapely.get_num_geometries(shapes)) == 1
    return np.asarray(shapely.normalize(np.where(single, shapely.get_geometry(shapes, 0), shapes)))


def _on_written_corners(moved: NDArray[Any], written: NDArray[Any]) -> NDArray[Any]:
    """Return shapes whose corners are, to the last digit, those that were written, where they are.

    The way to metres and back moves a corner by up to half a millimetre, and borders would no
    longer match those of the communes that were not touched.
    """
    known, corners = shapely.get_coordinates(written), shapely.get_coordinates(moved)
    away, nearest = cKDTree(known).query(corners, distance_upper_bound=_SAME_DEG)
    there, at = np.isfinite(away), np.asarray(nearest)
    corners[there] = known[at[there]]
    return np.asarray(shapely.set_coordinates(moved.copy(), corners))


def _report_gaps(clean: NDArray[Any], units: Units, report: FindingReport) -> None:
    whole = shapely.coverage_union_all(clean)
    # The fast way is right for shapes that fit; where they do not, ground is lost or doubled.
    if abs(whole.area - shapely.area(clean).sum()) > _UNION_M2:
        whole = shapely.union_all(clean)
    tree = shapely.STRtree(clean)
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    for hole in map(shapely.Polygon, rings):
        near = sorted(tree.query(hole, predicate="dwithin", distance=1.0).tolist())
        report.add(
            Finding(
                Severity.LOOK, "gap",
                N_("%(km2)s km² between %(names)s belong to no commune; it may be a lake or another province's ground, else mend the border."),
                row=units.rows[near[0]] if near else None,
                params={"km2": round(hole.area / 1e6, 4),
                        "names": ", ".join(units.names[at] for at in near[:_MOST_NAMED])},
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
