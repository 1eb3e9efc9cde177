"""Boundary files made to read, fetch, run, fill or hang something: refused, and nothing asked."""

import json
import sqlite3
import struct
import zipfile
from math import cos, pi, sin
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import FileError
from geo.findings import Severity
from geo.repair.geometry import TooComplexError
from geo.sources import child as child_module
from geo.sources import mending
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.child import Child, ChildDiedError, ChildLimitError, ChildRefusedError
from geo.sources.mending import Mender
from geo.sources.shapes import read_shapes
from tests.toy import district, files

SECRET = "mật khẩu 1234"
VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
GDALG = '{{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read {} ! write x"}}'
WFS = "<OGRWFSDataSource><URL>{}</URL></OGRWFSDataSource>"
KML = '<?xml version="1.0"?>{}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
PLACEMARK = (
    "<Placemark><name>x</name>{}<Polygon><outerBoundaryIs><LinearRing><coordinates>105.5,10 105.6,10 "
    "105.6,10.1 105.5,10</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


@pytest.fixture
def secret(tmp_path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text(f"id,WKT\n{SECRET},POINT(105 10)\n", encoding="utf-8")
    return path


def saved(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def zipped(folder: Path, **members: bytes | str) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


# --- files that point elsewhere ------------------------------------------------------------

ENDINGS = ("geojson", "json", "gpkg", "fgb", "kml", "kmz", "zip")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("text", [VRT, GDALG, WFS], ids=["vrt", "gdalg", "wfs"])
def test_a_file_that_names_another_opens_neither_file_nor_address(
    tmp_path, canary, secret, ending, text
):
    address, asked = canary
    for target in (str(secret), f"/vsicurl/{address}/a.geojson", f"{address}/wfs"):
        path = saved(tmp_path, f"a.{ending}", text.format(target))
        with pytest.raises(FileError) as refused:
            read_shapes(path)
        assert SECRET not in str(refused.value)
    assert asked == []


@pytest.mark.parametrize("name", ["a.vrt", "a.geojson", "a.shp", "a.tab"])
def test_an_archive_with_such_a_file_opens_nothing(tmp_path, canary, name):
    address, asked = canary
    parts = {name: VRT.format(f"/vsicurl/{address}/x"), "a.shx": "x", "a.dbf": "x", "a.dat": "x",
             "a.map": "x", "a.id": "x"}  # fmt: skip
    with pytest.raises(FileError):
        read_shapes(zipped(tmp_path, **parts))
    assert asked == []


@pytest.mark.parametrize("kind", ["link", "url", "LINK", "URL"])
def test_a_linked_system_of_coordinates_is_not_fetched(tmp_path, canary, kind):
    address, asked = canary
    crs = {"type": kind, "properties": {"href": f"{address}/crs", "url": f"{address}/crs"}}
    path = saved(tmp_path, "a.geojson", files.collection(files.row_of_four(), crs=crs))
    with pytest.raises(FileError, match="points elsewhere"):
        read_shapes(path)
    assert asked == []


def test_links_in_kml_are_not_followed(tmp_path, canary):
    address, asked = canary
    links = (
        f"<NetworkLink><Link><href>{address}/n.kml</href></Link></NetworkLink>"
        + PLACEMARK.format(f"<styleUrl>{address}/s.kml#a</styleUrl>")
    )
    file = read_shapes(saved(tmp_path, "a.kml", KML.format("", links)))
    assert len(file.frame) == 1
    assert asked == []


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_kml_with_entities_of_its_own_is_refused(tmp_path, secret, coding):
    doctype = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://{secret}">]>'
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(doctype, PLACEMARK.format("")).encode(coding))
    with pytest.raises(FileError, match="not what its name says"):
        read_shapes(path)


def test_a_mapinfo_table_that_opens_another_is_refused(tmp_path):
    table = '!table\n!version 300\n!charset Neutral\nOpen Table "/etc/x.tab"\nCreate View a As Select * From x\n'
    with pytest.raises(FileError, match="opens other files"):
        read_shapes(zipped(tmp_path, **{"a.tab": table, "a.dat": "x", "a.map": "x", "a.id": "x"}))


# --- data bases with programs ---------------------------------------------------------------

PROGRAMS = {
    "endless view": "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT * FROM n",
    "view of a file": "CREATE VIEW v AS SELECT readfile('/etc/passwd') AS x",
    "trigger": "CREATE TRIGGER t AFTER INSERT ON xa BEGIN DELETE FROM xa; END",
    "foreign module": "CREATE VIRTUAL TABLE v USING fts5(x)",
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_geopackage_with_a_program_in_it_is_refused(tmp_path, what):
    path = tmp_path / "xa.gpkg"
    gpd.GeoDataFrame({"code": ["98001"]}, geometry=[district.square(0, 0, 1)], crs=4326).to_file(
        path, layer="xa"
    )
    before = read_shapes(path)
    assert len(before.frame) == 1
    db = sqlite3.connect(path)
    db.execute(PROGRAMS[what])
    db.commit()
    db.close()
    with pytest.raises(FileError, match="more than tables"):
        read_shapes(path)


def test_nothing_is_written_beside_an_uploaded_file(tmp_path):
    path = tmp_path / "xa.gpkg"
    gpd.GeoDataFrame({"code": ["98001"]}, geometry=[district.square(0, 0, 1)], crs=4326).to_file(
        path
    )
    content = path.read_bytes()
    read_shapes(path)
    assert [each.name for each in tmp_path.iterdir()] == ["xa.gpkg"]
    assert path.read_bytes() == content


# --- archives ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../a.shp", "/etc/a.shp", "..\\a.shp"])
def test_a_member_that_points_out_of_the_archive_is_refused(tmp_path, name):
    with pytest.raises(FileError, match="not opened here"):
        read_shapes(zipped(tmp_path, **{name: "x"}))


def test_archives_of_nothing_useful_say_what_they_hold(tmp_path):
    for members in ({"readme.docx": "x"}, {"inner.zip": "x"}, {"notes.txt": "x"}):
        with pytest.raises(FileError, match=next(iter(members))):
            read_shapes(zipped(tmp_path, **members))
    saved(tmp_path, "r.zip", "Rar!\x1a\x07 not a zip")
    with pytest.raises(FileError, match="not what its name says"):
        read_shapes(tmp_path / "r.zip")
    (tmp_path / "e.zip").write_bytes(b"")
    with pytest.raises(FileError, match="is empty"):
        read_shapes(tmp_path / "e.zip")


def test_an_archive_of_very_many_members_is_refused(tmp_path):
    with pytest.raises(FileError, match="not opened here"):
        read_shapes(zipped(tmp_path, **{f"{at}.shp": "x" for at in range(60)}))


def test_a_kmz_that_would_fill_the_disk_is_not_unpacked(tmp_path):
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * 50_000_000)
    with pytest.raises(FileError, match="would unpack"):
        read_shapes(path)


def shapefile(folder: Path) -> dict[str, bytes]:
    frame = gpd.GeoDataFrame({"ma": ["98001", "98002"]}, geometry=[district.square(0, 0, 1), district.square(2, 0, 1)], crs=4326)  # fmt: skip
    frame.to_file(folder / "xa.shp")
    return {each.name: each.read_bytes() for each in folder.glob("xa.*")}


def test_a_cut_shapefile_is_refused_with_its_name(tmp_path):
    parts = shapefile(tmp_path)
    with pytest.raises(FileError, match=r"“xa\.shp” is cut short"):
        read_shapes(zipped(tmp_path, **{**parts, "xa.shp": parts["xa.shp"][:150]}))


def test_a_table_with_other_rows_than_shapes_is_refused_with_both_counts(tmp_path):
    parts = shapefile(tmp_path)
    table = parts["xa.dbf"][:4] + struct.pack("<I", 5) + parts["xa.dbf"][8:]
    with pytest.raises(FileError, match="2 shapes but 5 rows"):
        read_shapes(zipped(tmp_path, **{**parts, "xa.dbf": table}))


# --- shapes without end ----------------------------------------------------------------------


def star(points: int) -> shapely.Polygon:
    """Return a star whose every edge crosses nearly every other."""
    turn = 2 * pi * (points // 2) / points
    return shapely.Polygon(
        [(105.5 + 0.1 * cos(turn * at), 10 + 0.1 * sin(turn * at)) for at in range(points)]
    )


def test_a_shape_that_keeps_the_library_busy_is_given_up_and_the_rest_is_read(
    tmp_path, monkeypatch
):
    """A thousand and one corners, half a million crossings."""
    monkeypatch.setattr(mending, "SECONDS_A_SHAPE", 0.5)
    features = [
        files.feature("98001", star(2001)),
        files.feature("98002", district.square(9, 9, 1)),
    ]
    path = saved(tmp_path, "a.geojson", files.collection(features))
    file = read_boundaries(path, Vintage("98", "2025-07-01"), frozenset())
    found = [each for each in file.report if each.severity is Severity.BLOCKS]
    assert [(each.code, each.row) for each in found] == [("geometry-too-complex", 1)]


def test_the_minute_of_a_file_is_used_up_once(monkeypatch):
    monkeypatch.setattr(mending, "SECONDS_A_FILE", 0.0)
    with Mender() as mend, pytest.raises(TooComplexError):
        mend(star(5))


def test_collections_within_collections_are_refused(tmp_path):
    geometry: dict = {"type": "Point", "coordinates": [105, 10]}
    for _ in range(30):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    with pytest.raises(FileError, match="feature 1"):
        read_shapes(saved(tmp_path, "a.geojson", files.collection([feature])))


def test_coordinates_that_are_no_numbers_are_refused(tmp_path):
    for corner in (
        [["105", "10"]],
        [[True, False]],
        [[None, 1]],
        [[[1, 2], 3]],
        [[10**400, 1]],
        [[]],
    ):
        geometry = {"type": "Polygon", "coordinates": [corner * 4]}
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        with pytest.raises(FileError):
            read_shapes(
                saved(
                    tmp_path,
                    "a.geojson",
                    json.dumps({"type": "FeatureCollection", "features": [feature]}),
                )
            )


# --- the process apart -------------------------------------------------------------------------


def test_the_process_apart_has_no_driver_but_the_one_wanted(tmp_path):
    path = saved(tmp_path, "a.geojson", files.collection(files.row_of_four()))
    with Child([path], frozenset({"GPKG"})) as child, pytest.raises(ChildRefusedError):
        child.ask("layers", {"path": str(path)})


def test_the_process_apart_reads_no_file_that_was_not_given(tmp_path):
    given = saved(tmp_path, "a.geojson", files.collection(files.row_of_four()))
    other = saved(tmp_path, "b.geojson", files.collection(files.row_of_four()))
    with Child([given], frozenset({"GeoJSON"})) as child:
        said, _ = child.ask("layers", {"path": str(given)})
        assert said["layers"][0]["features"] == 4
        if not child.jail["files_closed"]:
            pytest.skip("this kernel has no Landlock")
        with pytest.raises(ChildRefusedError, match="Permission"):
            child.ask("layers", {"path": str(other)})


def test_the_process_apart_reaches_no_address(tmp_path, canary):
    """Even with the driver that would follow a link."""
    address, asked = canary
    crs = {"type": "link", "properties": {"href": f"{address}/crs", "type": "ogcwkt"}}
    path = saved(tmp_path, "a.geojson", files.collection(files.row_of_four(), crs=crs))
    with Child([path], frozenset({"GeoJSON"})) as child:
        child.ask("layers", {"path": str(path)})
    assert asked == []


def test_a_process_that_takes_too_long_is_killed_and_gone():
    with Child() as child:
        with pytest.raises(ChildLimitError):
            child.ask("mended", {}, shapely.to_wkb(star(2001)), seconds=0.5)
        assert child._process.poll() is not None


def test_a_process_that_dies_is_told_from_one_that_says_no():
    with Child() as child:
        with pytest.raises(ChildRefusedError):
            child.ask("nonsense")
        child._process.kill()
        with pytest.raises(ChildDiedError):
            child.ask("mended", {}, shapely.to_wkb(star(5)))


def test_the_environment_of_the_process_apart_holds_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("DIEMTHU_SECRET", "x")
    environment = child_module._environment(frozenset({"GPKG"}))
    assert "DIEMTHU_SECRET" not in environment
    assert "GPKG" not in environment["GDAL_SKIP"].split(",")
    assert {"OGR_VRT", "GDALG", "HTTP", "WFS"} <= set(environment["GDAL_SKIP"].split(","))
