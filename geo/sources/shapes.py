"""Open a boundary file: shapes with their attributes, in the file's own coordinate system.

GeoJSON goes through a strict parser of our own, since GDAL's follows links in it; the other
formats must begin as their name says before GDAL sees them, and GDAL may reach no network.
"""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geo.crs import DEGREES
from geo.errors import FileError
from geo.sources.gate import archive_members, require_content, require_file

SHAPE_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".fgb")
_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326")
_SHAPEFILE_PARTS = frozenset(
    {"shp", "shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx", "qpj", "qmd", "xml", "fix"}
)
# A proxy where nobody listens: whatever a file asks GDAL to fetch, nothing leaves this machine.
_CLOSED = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".invalid",
    "GDAL_PAM_ENABLED": "NO",
}


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read polygons with their attributes, in the file's own coordinate system.

    GeoJSON is read by a strict parser (no links, no other system than WGS 84 is followed);
    GeoPackage, FlatGeobuf and a zipped Shapefile by GDAL. Attributes stay as they are.
    """
    require_file(path)
    if path.suffix.lower() in (".geojson", ".json"):
        return _geojson(path)
    if path.suffix.lower() not in SHAPE_SUFFIXES:
        raise FileError(
            "%(file)s is not a kind of boundary file read here; give one of %(kinds)s.",
            file=path.name, kinds=", ".join(SHAPE_SUFFIXES),
        )  # fmt: skip
    pyogrio.set_gdal_config_options(_CLOSED)
    try:
        frame = pyogrio.read_dataframe(_source(path))
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


def _source(path: Path) -> str:
    """Return what GDAL may open: a file of the kind its name says, or the one Shapefile in a zip."""
    require_content(path)
    if path.suffix.lower() != ".zip":
        return str(path)
    members = archive_members(path)
    found = [each for each in members if each.lower().endswith(".shp")]
    parts = {each.rpartition(".")[2].lower() for each in members if not each.endswith("/")}
    if len(found) != 1 or not parts <= _SHAPEFILE_PARTS:
        raise FileError(
            "%(file)s must hold one Shapefile and nothing else; it holds %(found)s.",
            file=path.name, found=", ".join(members)[:100],
        )  # fmt: skip
    if not {"shx", "dbf", "prj"} <= parts:
        raise FileError(
            "%(file)s lacks a part of its Shapefile: .shx, .dbf and .prj belong to it.",
            file=path.name,
        )
    return f"/vsizip/{path.resolve()}/{found[0]}"


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
        attributes = feature.get("properties") or {}
        if not isinstance(attributes, dict):
            raise FileError(
                "%(file)s, feature %(row)s: its properties are no table of names and values.",
                file=path.name, row=number,
            )  # fmt: skip
        shapes.append(shape)
        rows.append(attributes)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=DEGREES)


def _require_degrees(path: Path, crs: Any) -> None:
    """Refuse a GeoJSON whose old `crs` member names anything but WGS 84; follow no link."""
    if crs is None:
        return
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if name is None:
        raise FileError(
            "%(file)s points elsewhere for its coordinate system; export it in WGS 84 (EPSG:4326).",
            file=path.name,
        )
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
