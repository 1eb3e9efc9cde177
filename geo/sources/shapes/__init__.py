"""Open a boundary file: shapes in WGS 84 degrees with their attributes, and how it was read.

GeoJSON goes through a strict parser of our own, since GDAL's follows links in it. The other
formats are looked into first, then opened by GDAL in a process apart (`geo.sources.child`).
Nothing opens a further file or address.
"""

import re
import tempfile
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.confined.rings import unpacked
from geo.crs import DEGREES
from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.limits import limits
from geo.recognition import SAMPLE_ROWS, Choices, Recognised
from geo.sources.child import Child, ChildDiedError, ChildLimitError, ChildRefusedError
from geo.sources.gate import require_file
from geo.sources.shapes.geojson import Features, read_geojson, too_much
from geo.sources.shapes.parts import Opened, ask_part, opened
from geo.sources.shapes.sizes import LARGEST_CRS, MOST_FEATURES
from geo.sources.shapes.system import in_degrees, system_of
from geo.sources.shapes.text import converted_columns, decoded_columns
from geo.tables import Communes

SHAPE_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".fgb", ".kml", ".kmz")
_MOST_SHOWN = 40
# KML's own columns of every place, which say nothing of a commune; others may be empty.
_OF_KML = frozenset({"id", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude",
                     "visibility", "draworder", "icon"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShapeFile:
    """What a file of shapes holds.

    `frame` has the attributes as written, Unicode, and the areas in WGS 84 degrees, missing
    where a feature has none. `kinds` says for each feature what geometry is written, None
    for none; `opened` which had a ring that does not end where it begins.
    """

    frame: gpd.GeoDataFrame
    kinds: tuple[str | None, ...]
    opened: tuple[bool, ...]
    report: FindingReport
    recognised: Recognised


@dataclass(frozen=True, slots=True)
class _Raw:
    """The features of one layer as they are written, and what was opened for them."""

    features: Features
    cells: pd.DataFrame
    source: Opened


def read_shapes(
    path: Path, choices: Choices | None = None, province: Communes | None = None
) -> ShapeFile:
    """Read areas with their attributes in WGS 84 degrees.

    `province` are communes of the province the file is about, where they are known: they
    tell which coordinate system fits. What is uncertain is asked in the report and shown as
    it is most likely. Raises `FileError` when the file cannot be read at all.
    """
    choices = choices or Choices()
    require_file(path)
    report = FindingReport(path.name, choices.answers)
    suffix = path.suffix.lower()
    if suffix not in SHAPE_SUFFIXES:
        raise FileError(
            "%(file)s is not a kind of boundary file read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(SHAPE_SUFFIXES),
        )  # fmt: skip
    if suffix in (".geojson", ".json"):
        features = read_geojson(path)
        raw = _Raw(features, pd.DataFrame(features.rows), Opened(path, "", "GeoJSON"))
    else:
        raw = _read_apart(path, choices, report)
    return _understood(raw, choices, province, report)


def _understood(
    raw: _Raw, choices: Choices, province: Communes | None, report: FindingReport
) -> ShapeFile:
    """Return the features with text decoded and shapes in degrees, and how that was done."""
    cells, encoding = raw.cells, "utf-8"
    if raw.source.bytes_coded:
        cells, encoding = decoded_columns(cells, raw.source.encoding, choices, report)
    cells, letters = converted_columns(cells, choices, report)
    found, source = raw.features, raw.source
    areas = np.array([*found.areas, None], object)[:-1]
    system = system_of(areas, found.crs, choices, report, province)
    if any(found.heights):
        report.add(
            Finding(Severity.CHANGED, "z-dropped", N_("heights (Z) of %(count)s shapes were dropped."),
                    params={"count": sum(found.heights)})
        )  # fmt: skip
    if found.measures:
        report.add(Finding(Severity.CHANGED, "m-dropped", N_("measures (M) were dropped.")))
    frame = gpd.GeoDataFrame(cells, geometry=in_degrees(areas, system), crs=DEGREES)
    headings = tuple(str(each) for each in cells.columns)
    recognised = Recognised(
        format=source.format, rows=len(frame), part=source.part, parts=source.parts,
        headings=headings, encoding=encoding, letters=letters, crs=system.name, axes=system.axes,
        guesses=system.guesses, sample=_sample(cells),
    )  # fmt: skip
    return ShapeFile(frame, tuple(found.kinds), tuple(found.opened), report, recognised)


def _sample(cells: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    rows = cells.head(SAMPLE_ROWS).itertuples(index=False, name=None)
    return tuple(
        tuple("" if _nothing(each) else str(each)[:_MOST_SHOWN] for each in row) for row in rows
    )


def _nothing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


# --- through the process apart -------------------------------------------------------------


def _read_apart(path: Path, choices: Choices, report: FindingReport) -> _Raw:
    try:
        with tempfile.TemporaryDirectory(prefix="shapes-") as folder:
            source = opened(path, Path(folder), choices.part, report)
            with Child([source.path.parent if source.bytes_coded else source.path],
                       frozenset({source.driver})) as child:  # fmt: skip
                return _asked(child, source, choices, report)
    except ChildLimitError as error:
        raise FileError(
            "%(file)s takes too long to read and was given up; simplify it or export it again.",
            file=path.name,
        ) from error
    except ChildRefusedError as error:
        if error.why in ("features", "corners", "memory"):
            raise too_much(path.name) from error
        if error.why == "no geometry":
            raise FileError("%(file)s holds a table without shapes.", file=path.name) from error
        raise _unreadable(path) from error
    except (ChildDiedError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> FileError:
    return FileError(
        "%(file)s cannot be read as shapes; export it again as GeoPackage or GeoJSON.",
        file=path.name,
    )


def _asked(child: Child, source: Opened, choices: Choices, report: FindingReport) -> _Raw:
    """Let GDAL read the layer meant, in the process apart; check what it hands out."""
    carried = {"encoding": "ISO-8859-1"} if source.bytes_coded else {}
    where = {"path": str(source.path.resolve()), **carried}
    listed, _ = child.ask("layers", where)
    layers = [each for each in listed["layers"] if each["kind"] is not None] or listed["layers"]
    names = [str(each["name"]) for each in layers]
    if not names:
        raise FileError("%(file)s contains no features.", file=report.file)
    layer, part, parts = names[0], source.part, source.parts
    if not source.parts:
        layer = _layer(layers, names, choices, report)
        part, parts = layer, tuple(names)
    options = {"IMMUTABLE": "YES"} if source.driver == "GPKG" else {}
    said, numbers = child.ask(
        "shapes",
        {**where, "layer": layer, "most": MOST_FEATURES, "corners": limits().corners, "options": options},
    )  # fmt: skip
    source = Opened(source.path, source.driver, source.format, parts, part,
                    source.bytes_coded, source.encoding)  # fmt: skip
    if not said["kinds"]:
        raise FileError("%(file)s contains no features.", file=report.file)
    return _Raw(_features(said, numbers), _cells(said, source), source)


def _layer(
    layers: list[dict[str, Any]], names: list[str], choices: Choices, report: FindingReport
) -> str:
    if choices.part is not None:
        if choices.part not in names:
            raise FileError(
                "%(file)s has no part “%(part)s”; it has %(found)s.",
                file=report.file, part=choices.part[:_MOST_SHOWN], found=", ".join(names)[:200],
            )  # fmt: skip
        return choices.part
    areal = [str(each["name"]) for each in layers if "Polygon" in str(each["kind"])] or names
    if len(areal) > 1:
        ask_part(report, areal)
    return areal[0]


def _features(said: dict[str, Any], numbers: bytes) -> Features:
    """Return the features from the plain values of an answer; `ValueError` where they disagree."""
    kinds = [None if each is None else str(each) for each in said["kinds"]]
    areas = iter(unpacked(list(said["sizes"]), numbers, limits().corners))
    listed = [next(areas) if each is not None and each.endswith("*") else None for each in kinds]
    if next(areas, None) is not None:
        raise ValueError("more shapes than features")
    if not len(kinds) == len(said["heights"]) == len(said["opened"]):
        raise ValueError("columns of different length")
    return Features(
        kinds=[each and each.removesuffix("*") for each in kinds], areas=listed,
        heights=[bool(each) for each in said["heights"]],
        opened=[bool(each) for each in said["opened"]], measures=bool(said["measures"]),
        crs=_system(said["crs"]),
    )  # fmt: skip


def _cells(said: dict[str, Any], source: Opened) -> pd.DataFrame:
    names, columns, rows = list(map(str, said["columns"])), said["cells"], len(said["kinds"])
    if len(names) != len(columns) or any(len(each) != rows for each in columns):
        raise ValueError("columns of different length")
    kept = [
        at for at, name in enumerate(names)
        if source.driver != "LIBKML" or (name.lower() not in _OF_KML and any(columns[at]))
    ]  # fmt: skip
    listed = [pd.Series(columns[at], dtype=object) for at in kept]
    frame = pd.concat(listed, axis=1) if listed else pd.DataFrame(index=range(rows))
    frame.columns = pd.Index([names[at] for at in kept])
    return frame


def _system(written: Any) -> CRS | None:
    """Return a coordinate system from its number or its own description, nothing looked up."""
    if not isinstance(written, str) or not written or len(written) > LARGEST_CRS:
        return None
    number = re.fullmatch(r"(EPSG|ESRI):([0-9]{1,6})", written)
    try:
        if number:
            return CRS.from_authority(number[1], int(number[2]))
        found = CRS.from_wkt(written)
    except CRSError:
        return None
    return None if found.is_engineering else found
