"""Open a file as it is: a table as raw text cells, shapes as a frame in its own system."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from python_calamine import CalamineError, CalamineWorkbook

from geo.crs import DEGREES
from geo.errors import FileError
from geo.names import clean, heading_key

TABLE_SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".ods")
SHAPE_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".fgb")
LARGEST_BYTES = 200_000_000
_HEADING_ROWS = 10
_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326")


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of one sheet as text, and where they stood.

    `cells` has one column per heading (as written), every cell text or missing; `rows`
    are the row numbers of the file, counted from 1 with the heading, as its reader sees.
    """

    cells: pd.DataFrame
    rows: list[int]


def read_table(path: Path, known: frozenset[str]) -> RawTable:
    """Read a CSV or a spreadsheet's first sheet as text.

    `known` are heading keys (`geo.names.heading_key`); the heading row is the one of the
    first ten that matches most of them. Raises `FileError` when none matches, when the
    file is no table, or when rows are longer than their heading.
    """
    _require_file(path)
    rows = _csv_rows(path) if path.suffix.lower() in (".csv", ".txt") else _sheet_rows(path)
    scores = [len({heading_key(cell) for cell in row} & known) for _, row in rows[:_HEADING_ROWS]]
    if not scores or max(scores) == 0:
        raise FileError(
            "%(file)s has no row of headings that is known here; its first row is “%(row)s”.",
            file=path.name, row=" | ".join(rows[0][1])[:80] if rows else "",
        )  # fmt: skip
    at = scores.index(max(scores))
    headings = rows[at][1]
    while headings and not headings[-1]:
        headings = headings[:-1]
    body = [(number, row) for number, row in rows[at + 1 :] if any(row)]
    for number, row in body:
        if any(row[len(headings) :]):
            raise FileError(
                "%(file)s, row %(row)s: has %(found)s cells under %(headings)s headings; put a "
                "text that contains the separator in quotation marks.",
                file=path.name, row=number, found=len(row), headings=len(headings),
            )  # fmt: skip
    width = len(headings)
    cells = [[cell or None for cell in (row + [""] * width)[:width]] for _, row in body]
    frame = pd.DataFrame(cells, columns=_unique(headings), dtype="str")
    return RawTable(frame, [number for number, _ in body])


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read polygons with their attributes, in the file's own coordinate system.

    GeoJSON is read by a strict parser (no links, no other system than WGS 84 is followed);
    GeoPackage, FlatGeobuf and a zipped Shapefile by GDAL. Attributes stay as they are.
    """
    _require_file(path)
    if path.suffix.lower() in (".geojson", ".json"):
        return _geojson(path)
    if path.suffix.lower() not in SHAPE_SUFFIXES:
        raise FileError(
            "%(file)s is not a kind of boundary file read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(SHAPE_SUFFIXES),
        )  # fmt: skip
    try:
        frame = pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise FileError(
            "%(file)s cannot be read as shapes; export it again as GeoPackage or GeoJSON.",
            file=path.name,
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        raise FileError(
            "%(file)s does not say which coordinate system it is in; export it with one.",
            file=path.name,
        )
    return frame


def _geojson(path: Path) -> gpd.GeoDataFrame:
    try:
        found = json.loads(
            path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse_constant,
            parse_float=_finite,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise FileError("%(file)s is not UTF-8 text; save it as UTF-8.", file=path.name) from error
    except (ValueError, RecursionError) as error:
        raise FileError(
            "%(file)s is not whole GeoJSON (%(where)s); export it again.",
            file=path.name, where=str(error)[:80],
        ) from error  # fmt: skip
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise FileError("%(file)s is not a GeoJSON FeatureCollection.", file=path.name)
    _require_degrees(path, found.get("crs"))
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise FileError("%(file)s contains no features.", file=path.name)
    shapes, rows = [], []
    for number, feature in enumerate(features, start=1):
        try:
            shape = feature["geometry"] and shapely.geometry.shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError, shapely.GEOSException) as error:
            raise FileError(
                "%(file)s, feature %(row)s: its geometry cannot be read (%(where)s).",
                file=path.name, row=number, where=str(error)[:80],
            ) from error  # fmt: skip
        shapes.append(shape)
        rows.append(feature.get("properties") or {})
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=DEGREES)


def _require_degrees(path: Path, crs: Any) -> None:
    """Refuse a GeoJSON whose old `crs` member names anything but WGS 84; follow no link."""
    if crs is None:
        return
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if name not in _CRS84:
        raise FileError(
            "%(file)s says it is in the coordinate system %(crs)s; export it in WGS 84 "
            "(EPSG:4326).",
            file=path.name, crs=str(name)[:60],
        )  # fmt: skip


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if abs(value) == float("inf"):
        raise ValueError(f"{text} is too large for a number")
    return value


def _require_file(path: Path) -> None:
    if not path.is_file():
        raise FileError("There is no file %(file)s.", file=str(path))
    size = path.stat().st_size
    if size == 0:
        raise FileError("%(file)s is empty.", file=path.name)
    if size > LARGEST_BYTES:
        raise FileError(
            "%(file)s has %(size)s MB; at most %(most)s MB are read.",
            file=path.name, size=size // 1_000_000, most=LARGEST_BYTES // 1_000_000,
        )  # fmt: skip


def _csv_rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            "%(file)s is not UTF-8 text; in Excel save it as “CSV UTF-8”.", file=path.name
        ) from error
    head = "\n".join(text.split("\n", _HEADING_ROWS)[:_HEADING_ROWS])
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, [_unquoted(clean(c)) for c in row]) for row in reader)
    except csv.Error as error:
        raise FileError(
            "%(file)s is no CSV table near line %(row)s.", file=path.name, row=reader.line_num
        ) from error
    return rows


def _unquoted(cell: str) -> str:
    """Return text without the apostrophe that keeps a spreadsheet from taking it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _sheet_rows(path: Path) -> list[tuple[int, list[str]]]:
    if path.suffix.lower() not in TABLE_SUFFIXES:
        raise FileError(
            "%(file)s is not a kind of table read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(TABLE_SUFFIXES),
        )  # fmt: skip
    try:
        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise FileError(
            "%(file)s cannot be read as a spreadsheet; save it again as .xlsx without a "
            "password.",
            file=path.name,
        ) from error  # fmt: skip
    return [(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


def _cell(value: Any) -> str:
    """Return a spreadsheet's cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return clean(str(value))


def _unique(headings: list[str]) -> list[str]:
    """Return the headings with a number behind every repeated or empty one."""
    seen: dict[str, int] = {}
    unique = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        unique.append(heading if seen[heading] == 1 and heading else f"{heading} #{seen[heading]}")
    return unique
