"""GeoJSON read strictly: no links, no numbers JSON does not know, no collections without end."""

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.confined.rings import areas_of
from geo.crs import DEGREES
from geo.errors import FileError
from geo.limits import limits
from geo.sources.shapes.sizes import MOST_DEPTH, MOST_FEATURES

_SYSTEM = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?([0-9]{4,6})")
_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84")


@dataclass(slots=True)
class Features:
    """The features of a file as they are written: attributes, kinds, areas.

    `areas` is the polygons of each feature, None where it has none; `kinds` the kind of
    geometry as written, None where it is missing or empty; `opened` the features with a ring
    that does not end where it begins, `heights` those with a third number.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str | None] = field(default_factory=list)
    areas: list[Any] = field(default_factory=list)
    heights: list[bool] = field(default_factory=list)
    opened: list[bool] = field(default_factory=list)
    measures: bool = False
    crs: CRS | None = None


def read_geojson(path: Path) -> Features:
    """Read a FeatureCollection; raise `FileError` where it is none or is not whole."""
    try:
        with _not_collecting():
            text = path.read_bytes().decode("utf-8-sig")
            found = json.loads(text, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise FileError("%(file)s is not UTF-8 text; save it as UTF-8.", file=path.name) from error
    except (ValueError, RecursionError) as error:
        raise FileError(
            "%(file)s is not whole GeoJSON (%(where)s); export it again.",
            file=path.name, where=str(error)[:80],
        ) from error  # fmt: skip
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise FileError("%(file)s is not a GeoJSON FeatureCollection.", file=path.name)
    listed = found.get("features")
    if not isinstance(listed, list) or not listed:
        raise FileError("%(file)s contains no features.", file=path.name)
    if len(listed) > MOST_FEATURES:
        raise too_much(path.name)
    read = Features(crs=_system(path, found.get("crs")))
    corners = 0
    for number, feature in enumerate(listed, start=1):
        _add(read, feature, path.name, number)
        area = read.areas[-1]
        corners += 0 if area is None else int(shapely.get_num_coordinates(area))
        if corners > limits().corners:
            raise too_much(path.name)
    return read


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Leave garbage alone meanwhile: looking for it among millions of new numbers triples the work."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def too_much(file: str) -> FileError:
    """Return the refusal of a file with too many features or corners."""
    return FileError(
        "%(file)s has more than %(features)s features or %(corners)s corners; give one province, or simplify it in a GIS.",
        file=file, features=MOST_FEATURES, corners=limits().corners,
    )  # fmt: skip


def _add(read: Features, feature: Any, file: str, number: int) -> None:
    try:
        written = feature["geometry"]
        attributes = feature.get("properties") or {}
        notes = _Notes()
        area = None if written is None else _area(written, notes)
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        IndexError,
        shapely.GEOSException,
    ) as error:
        raise FileError(
            "%(file)s, feature %(row)s: its geometry cannot be read (%(where)s).",
            file=file, row=number, where=str(error)[:80],
        ) from error  # fmt: skip
    if not isinstance(attributes, dict):
        raise FileError(
            "%(file)s, feature %(row)s: its properties are no table of names and values.",
            file=file, row=number,
        )  # fmt: skip
    kind = None if written is None else str(written["type"])
    read.rows.append(attributes)
    read.areas.append(area)
    read.kinds.append(None if area is None and notes.empty else kind)
    read.heights.append(notes.heights)
    read.opened.append(notes.opened)


@dataclass(slots=True)
class _Notes:
    heights: bool = False
    opened: bool = False
    empty: bool = False


def _area(written: dict[str, Any], notes: _Notes) -> Any | None:
    """Return the polygons of a geometry as written, None where it has none."""
    kind = written["type"]
    if kind == "GeometryCollection":
        found = [_area(each, notes) for each in _members(written, 1)]
        kept = [one for each in found if each is not None for one in shapely.get_parts(each)]
        return areas_of(shapely.MultiPolygon(kept)) if kept else None
    places = written["coordinates"]
    if not isinstance(places, list):
        raise TypeError("coordinates are no list")
    if not places:
        notes.empty = True
        return None
    if kind == "Polygon":
        return _polygon(places, notes)
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([_polygon(each, notes) for each in places])
    if kind not in ("Point", "MultiPoint", "LineString", "MultiLineString"):
        raise ValueError(f"{str(kind)[:40]} is no kind of geometry")
    return None


def _members(written: dict[str, Any], depth: int) -> list[dict[str, Any]]:
    """Return what a collection holds, collections within it taken apart."""
    if depth > MOST_DEPTH:
        raise ValueError("collections within collections")
    found: list[dict[str, Any]] = []
    for each in written["geometries"]:
        found += _members(each, depth + 1) if each["type"] == "GeometryCollection" else [each]
    return found


def _polygon(rings: list[Any], notes: _Notes) -> Any:
    drawn = np.array([shapely.linearrings(_ring(each, notes)) for each in rings], object)
    return np.asarray(shapely.polygons(drawn[:1], drawn[1:].reshape(1, -1)))[0]


def _ring(corners: list[list[float]], notes: _Notes) -> NDArray[np.float64]:
    """Return the corners of a ring, (n, 2), closed if they were not."""
    if len({len(each) for each in corners}) > 1:
        corners = [each[:2] for each in corners]
        notes.heights = True
    ring = np.array(corners)
    if ring.dtype.kind not in "iuf" or ring.ndim != 2 or ring.shape[1] < 2:
        raise TypeError("a corner is no pair of numbers")
    notes.heights |= ring.shape[1] > 2
    ring = ring[:, :2].astype(float)
    if not np.isfinite(ring).all():
        raise ValueError("a coordinate is too large for a number")
    if (ring[0] != ring[-1]).any():
        notes.opened = True
        ring = np.vstack([ring, ring[:1]])
    if len(ring) < 3:
        raise ValueError("a ring of fewer than three corners")
    return ring if len(ring) > 3 else np.vstack([ring, ring[-1:]])


def _system(path: Path, crs: Any) -> CRS:
    """Return the system an old `crs` member names, degrees where there is none; follow no link."""
    if crs is None:
        return DEGREES
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if not isinstance(name, str):
        raise FileError(
            "%(file)s points elsewhere for its coordinate system; export it in WGS 84 (EPSG:4326).",
            file=path.name,
        )
    number = _SYSTEM.fullmatch(name)
    if name in _CRS84 or (number and number[1] == "4326"):
        return DEGREES
    try:
        if number:
            return CRS.from_epsg(int(number[1]))
    except CRSError:
        pass
    raise FileError(
        "%(file)s says it is in the coordinate system %(crs)s; export it in WGS 84 (EPSG:4326).",
        file=path.name, crs=name[:60],
    )  # fmt: skip


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
