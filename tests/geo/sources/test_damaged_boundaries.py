"""Boundary files damaged anywhere: each is read or refused in a sentence, none breaks the reader."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import FileError
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.shapes.geojson import read_geojson
from tests.toy import files

Found = TypeVar("Found")
VINTAGE = Vintage("98", "2025-07-01")


def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame.from_features(files.row_of_four(), crs=4326)[
        ["code", "name", "geometry"]
    ]


def geopackage(folder: Path) -> Path:
    frame().to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def flatgeobuf(folder: Path) -> Path:
    frame().to_file(folder / "a.fgb")
    return folder / "a.fgb"


def kml(folder: Path) -> Path:
    pyogrio.write_dataframe(frame(), folder / "a.kml", driver="LIBKML")
    return folder / "a.kml"


def archived(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:  # not compressed: damage reaches GDAL
        for part in sorted(folder.glob("a.*")):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return folder / "a.zip"


def shapefile(folder: Path) -> Path:
    frame().to_file(folder / "a.shp")
    return archived(folder)


def mapinfo(folder: Path) -> Path:
    pyogrio.write_dataframe(frame(), folder / "a.tab", driver="MapInfo File")
    return archived(folder)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a file with bytes exchanged, a piece cut out or its end lost."""
    data = bytearray(content)
    how = chance.randrange(3)
    if how == 0:
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif how == 1:
        begin = chance.randrange(len(data))
        del data[begin : begin + chance.randrange(1, 200)]
    else:
        del data[chance.randrange(len(data)) :]
    return bytes(data)


def found_or_refused(path: Path, read: Callable[[], Found]) -> Found | None:
    """Return what was read, None for a refusal that names the file; anything else breaks the test."""
    refused = ""
    try:
        return read()
    except FileError as error:
        refused = str(error)
    assert path.name in refused
    return None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "write", [geopackage, flatgeobuf, kml, shapefile, mapinfo], ids=lambda each: each.__name__
)
def test_damage_is_met_with_a_sentence_or_with_findings(tmp_path, write, seed):
    path = write(tmp_path)
    path.write_bytes(damaged(path.read_bytes(), random.Random(seed)))
    file = found_or_refused(path, lambda: read_boundaries(path, VINTAGE, frozenset()))
    assert file is None or file.table is not None or file.report.blocked


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["type", "coordinates", "geometries", "geometry", "properties", "crs", "name"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
KINDS = st.sampled_from(
    ["Polygon", "MultiPolygon", "GeometryCollection", "Point", "LineString", "Nothing"]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_json_in_the_place_of_a_shape_is_read_or_refused(tmp_path_factory, data):
    geometry = {
        "type": data.draw(KINDS),
        "coordinates": data.draw(JSON),
        "geometries": data.draw(JSON),
    }
    feature = {"type": "Feature", "properties": data.draw(JSON), "geometry": geometry}
    path = tmp_path_factory.mktemp("any") / "a.geojson"
    path.write_text(files.collection([feature]), encoding="utf-8")
    found = found_or_refused(path, lambda: read_geojson(path))
    assert found is None or len(found.areas) == len(found.kinds) == len(found.rows) == 1
