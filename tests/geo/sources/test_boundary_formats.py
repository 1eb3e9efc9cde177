"""One small province in every kind of file a planner may have, read to the same communes."""

import json
import struct
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from geo.crs import shapes_in_metres
from geo.errors import FileError
from geo.findings import Finding, Severity
from geo.recognition import Choices
from geo.sources.boundaries import BoundaryFile, Vintage, read_boundaries
from tests.toy import district, files

VINTAGE = Vintage("98", "2025-07-01")
SHAPES = [district.square(0, 0, 2), district.square(2, 0, 2)]
NAMES = ["Xã Thoại Sơn", "Phường Châu Đốc"]
CODES = ["98001", "98002"]


def read(path: Path, province=None, **choices) -> BoundaryFile:
    return read_boundaries(path, VINTAGE, frozenset({"delta"}), Choices(**choices), province)


def frame(crs: int | None = 4326, names=NAMES, shapes=None, **columns) -> gpd.GeoDataFrame:
    drawn = list(SHAPES if shapes is None else shapes)
    if crs not in (4326, None):
        drawn = list(shapes_in_metres(drawn, CRS.from_epsg(crs)))
    cells = columns or {"MA_XA": CODES[: len(drawn)], "TEN_XA": list(names)[: len(drawn)]}
    return gpd.GeoDataFrame(cells, geometry=drawn, crs=crs)


def packed(folder: Path, pattern: str, name: str = "a.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob(pattern)):
            archive.write(part, part.name)
    return folder / name


def shapefile(folder: Path, what: gpd.GeoDataFrame, *, without=(), **options) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no system, on purpose
        what.to_file(folder / "xa.shp", **options)
    for ending in without:
        (folder / f"xa.{ending}").unlink()
    return packed(folder, "xa.*")


def only(file: BoundaryFile, code: str) -> Finding:
    (found,) = [each for each in file.report if each.code == code]
    return found


def same_as_drawn(file: BoundaryFile, within: float = 1e-6) -> bool:
    return file.table is not None and all(
        found.normalize().equals_exact(drawn.normalize(), within)
        for found, drawn in zip(file.table.geometry, SHAPES, strict=True)
    )


# --- the same communes from every format ----------------------------------------------------


def geopackage(folder):
    frame().to_file(folder / "xa.gpkg", layer="xã")
    return folder / "xa.gpkg"


def flatgeobuf(folder):
    frame().to_file(folder / "xa.fgb", SPATIAL_INDEX="NO")
    return folder / "xa.fgb"


def kml(folder):
    pyogrio.write_dataframe(frame(), folder / "xa.kml", driver="LIBKML")
    return folder / "xa.kml"


def kmz(folder):
    with zipfile.ZipFile(folder / "xa.kmz", "w") as archive:
        archive.write(kml(folder), "doc.kml")
    return folder / "xa.kmz"


def tab(folder):
    pyogrio.write_dataframe(frame(), folder / "xa.tab", driver="MapInfo File")
    return packed(folder, "xa.*")


def mif(folder):
    pyogrio.write_dataframe(frame(), folder / "xa.mif", driver="MapInfo File", FORMAT="MIF")
    return packed(folder, "xa.*")


def zipped_shapefile(folder):
    return shapefile(folder, frame(), encoding="utf-8")


def geojson(folder):
    text = files.collection([
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)),
         "properties": {"MA_XA": code, "TEN_XA": name}}
        for shape, code, name in zip(SHAPES, CODES, NAMES, strict=True)
    ])  # fmt: skip
    (folder / "xa.geojson").write_text(text, encoding="utf-8")
    return folder / "xa.geojson"


FORMATS = {
    geojson: "GeoJSON", geopackage: "GeoPackage", flatgeobuf: "FlatGeobuf", kml: "KML",
    kmz: "KMZ", zipped_shapefile: "Shapefile",
}  # fmt: skip


@pytest.mark.parametrize("write", FORMATS, ids=lambda each: each.__name__)
def test_every_format_gives_the_same_communes(tmp_path, write):
    file = read(write(tmp_path))
    # KML always has heights.
    told = ["z-dropped"] if write in (kml, kmz) else []
    assert [each.code for each in file.report] == told
    assert list(file.table["code"]) == CODES
    assert list(file.table["full_name"]) == NAMES
    assert same_as_drawn(file)
    assert (file.recognised.format, file.recognised.rows) == (FORMATS[write], 2)
    assert file.recognised.columns["code"] == "MA_XA"
    assert "98001" in file.recognised.sample[0]


@pytest.mark.parametrize("write", [tab, mif], ids=lambda each: each.__name__)
def test_a_mapinfo_table_is_read_whatever_its_text_is_coded_in(tmp_path, write):
    file = read(write(tmp_path), encoding="utf-8")
    assert list(file.table["full_name"]) == NAMES
    assert same_as_drawn(file)
    assert file.recognised.format.startswith("MapInfo")


@pytest.mark.parametrize("crs", [9208, 3405, 32648, 3857])
def test_a_declared_system_is_taken_where_its_shapes_lie_in_the_country(tmp_path, crs):
    drawn = frame(crs) if crs != 3857 else frame().to_crs(3857)
    drawn.to_file(tmp_path / "xa.gpkg")
    file = read(tmp_path / "xa.gpkg")
    assert file.report.asked == ()
    assert same_as_drawn(file)
    assert file.recognised.crs == f"EPSG:{crs}"


# --- text ---------------------------------------------------------------------------------


def test_windows_1258_loses_no_letter(tmp_path):
    """GDAL drops the last letter of every text and heading when it decodes 1258 itself."""
    as_bytes = [
        "Xa\u0303 Thoa\u0323i So\u031bn",
        "Phu\u031bo\u031b\u0300ng Ch\u00e2u \u0110\u00f4\u0301c",
    ]
    carried = []
    for each in as_bytes:
        spelled = each.replace("o\u031b", "ơ").replace("u\u031b", "ư")
        carried.append(spelled.encode("cp1258").decode("latin-1"))
    path = shapefile(tmp_path, frame(names=carried), encoding="ISO-8859-1", without=["cpg"])
    file = read(path, encoding="windows-1258")
    assert list(file.table["full_name"]) == NAMES
    assert file.recognised.headings == ("MA_XA", "TEN_XA")


def test_utf_8_that_a_cpg_calls_latin_is_asked_about_and_mended(tmp_path):
    path = shapefile(tmp_path, frame(), encoding="utf-8", without=["cpg"])
    (tmp_path / "xa.cpg").write_text("ISO-8859-1", encoding="ascii")
    path = packed(tmp_path, "xa.*")
    asked = read(path)
    assert only(asked, "encoding-contradicts").severity is Severity.ASK
    agreed = read(path, answers={"encoding-contradicts": True})
    assert agreed.report.asked == ()
    assert list(agreed.table["full_name"]) == NAMES
    declined = read(path, answers={"encoding-contradicts": False})
    # Declined, the text is what the file says it is: letters that look like broken UTF-8.
    assert declined.recognised.encoding == "iso-8859-1"
    assert only(declined, "letters-legacy").params["letters"] == "UTF-8"


def test_tcvn3_letters_are_asked_about_and_turned_into_unicode(tmp_path):
    written = ["X· Tho¹i S¬n", "Ph­êng Ch©u §èc"]
    frame(names=written).to_file(tmp_path / "xa.gpkg")
    asked = read(tmp_path / "xa.gpkg")
    assert only(asked, "letters-legacy").params["letters"] == "TCVN3"
    agreed = read(tmp_path / "xa.gpkg", answers={"letters-legacy": True})
    assert list(agreed.table["full_name"]) == NAMES
    assert agreed.recognised.letters == "TCVN3"


def test_an_encoding_nobody_knows_is_refused(tmp_path):
    with pytest.raises(FileError, match="nobody knows the encoding “klingon”"):
        read(zipped_shapefile(tmp_path), encoding="klingon")


def test_bytes_that_the_stated_encoding_leaves_open_are_kept(tmp_path):
    """0x81 and 0x8d are nothing in windows-1252, which the .cpg names."""
    path = shapefile(
        tmp_path, frame(names=["A\x81\x8d", "B"]), encoding="ISO-8859-1", without=["cpg"]
    )
    (tmp_path / "xa.cpg").write_text("1252", encoding="ascii")
    file = read(packed(tmp_path, "xa.*"))
    assert list(file.table["full_name"]) == ["A\x81\x8d", "B"]
    assert path.exists()
    with pytest.raises(FileError, match="not in windows-1252"):
        read(path, encoding="windows-1252")


# --- parts and columns ----------------------------------------------------------------------


def test_several_layers_are_asked_about_and_can_be_chosen(tmp_path):
    path = tmp_path / "two.gpkg"
    frame(shapes=SHAPES[:1], MA_XA=["98009"], TEN_XA=["Xã Cũ"]).to_file(path, layer="cũ")
    frame().to_file(path, layer="mới", mode="a")
    asked = read(path)
    assert only(asked, "several-parts").severity is Severity.ASK
    assert asked.recognised.parts == ("cũ", "mới")
    chosen = read(path, part="mới")
    assert chosen.report.asked == ()
    assert list(chosen.table["code"]) == CODES
    with pytest.raises(FileError, match="no part “x”"):
        read(path, part="x")


def test_two_shapefiles_in_one_archive_are_asked_about(tmp_path):
    path = shapefile(tmp_path, frame(), encoding="utf-8")
    with zipfile.ZipFile(path, "a") as archive:
        for part in sorted(tmp_path.glob("xa.*")):
            archive.write(part, f"b/{part.name}")
    assert only(read(path), "several-parts").params["count"] == 2
    assert list(read(path, part="b/xa.shp").table["code"]) == CODES


def test_columns_that_differ_by_case_only_are_asked_about(tmp_path):
    features = [
        files.feature(code, shape, ten="A", TEN="B")
        for code, shape in zip(CODES, SHAPES, strict=True)
    ]
    for each in features:
        del each["properties"]["name"], each["properties"]["full_name"]
    (tmp_path / "a.geojson").write_text(files.collection(features), encoding="utf-8")
    asked = read(tmp_path / "a.geojson")
    assert only(asked, "column-ambiguous").column == "ten"
    chosen = read(tmp_path / "a.geojson", columns={"name": "TEN"})
    assert chosen.report.asked == ()
    assert list(chosen.table["name"]) == ["B", "B"]


def test_a_column_that_is_not_there_cannot_be_chosen(tmp_path):
    file = read(geopackage(tmp_path), columns={"code": "nowhere"})
    assert file.table is None
    assert only(file, "column-missing").severity is Severity.BLOCKS


# --- systems --------------------------------------------------------------------------------


def test_a_shapefile_without_prj_is_asked_about_and_shown_where_it_fits(tmp_path):
    path = shapefile(tmp_path, frame(9209).set_crs(None, allow_override=True), encoding="utf-8")
    asked = read(path, district.communes())
    found = only(asked, "crs-missing")
    assert (found.severity, found.params["crs"]) == (Severity.ASK, "EPSG:9209")
    assert same_as_drawn(asked)
    assert asked.recognised.guesses[0].meridian == 105.5
    assert read(path, district.communes(), answers={"crs-missing": True}).report.asked == ()
    assert read(path, district.communes(), answers={"crs-missing": False}).table is None
    chosen = read(path, crs="EPSG:9209")
    assert chosen.report.asked == ()
    assert same_as_drawn(chosen)


def test_metres_in_geojson_are_asked_about(tmp_path):
    metres = shapes_in_metres(SHAPES, CRS.from_epsg(9209))
    features = [files.feature(code, shape) for code, shape in zip(CODES, metres, strict=True)]
    (tmp_path / "a.geojson").write_text(files.collection(features), encoding="utf-8")
    asked = read(tmp_path / "a.geojson", district.communes())
    assert only(asked, "crs-suspect").params["crs"] == "EPSG:9209"
    assert same_as_drawn(asked)


def test_axes_exchanged_in_the_whole_file_are_asked_about(tmp_path):
    swapped = [shapely.transform(each, lambda xy: xy[:, ::-1]) for each in SHAPES]
    features = [files.feature(code, shape) for code, shape in zip(CODES, swapped, strict=True)]
    (tmp_path / "a.geojson").write_text(files.collection(features), encoding="utf-8")
    asked = read(tmp_path / "a.geojson")
    assert only(asked, "axes-swapped").severity is Severity.ASK
    assert same_as_drawn(asked)
    assert read(tmp_path / "a.geojson", answers={"axes-swapped": True}).report.asked == ()
    assert read(tmp_path / "a.geojson", answers={"axes-swapped": False}).table is None


def test_a_wrong_meridian_lands_outside_the_province_and_is_asked_about(tmp_path):
    """Metres of 105°30′ declared as those of 107°00′: in the country, not in the province."""
    frame(9209).set_crs(9214, allow_override=True).to_file(tmp_path / "xa.gpkg")
    asked = read(tmp_path / "xa.gpkg", district.communes())
    assert only(asked, "out-of-province").params["crs"] == "EPSG:9209"
    assert same_as_drawn(asked)
    chosen = read(tmp_path / "xa.gpkg", district.communes(), crs="EPSG:9209")
    assert same_as_drawn(chosen)


def test_a_zone_without_its_datum_is_asked_about(tmp_path):
    """MapInfo knows no VN-2000: it writes the zone by its numbers, on WGS 84."""
    pyogrio.write_dataframe(frame(9208), tmp_path / "xa.tab", driver="MapInfo File")
    path = packed(tmp_path, "xa.*")
    asked = read(path, encoding="utf-8")
    assert only(asked, "crs-by-numbers").params["code"] == 9208
    assert same_as_drawn(asked)
    declined = read(path, encoding="utf-8", answers={"crs-by-numbers": False})
    moved = declined.table.geometry.iloc[0].distance(SHAPES[0].centroid) >= 0
    assert moved
    assert not same_as_drawn(declined, 1e-4)


def test_a_system_that_is_none_cannot_be_chosen(tmp_path):
    for name in ("EPSG:1", "+init=file:/etc/passwd", "9208; x"):
        with pytest.raises(FileError, match="no coordinate system"):
            read(geopackage(tmp_path), crs=name)


# --- shapes ---------------------------------------------------------------------------------


def test_heights_and_measures_are_dropped_with_a_word(tmp_path):
    high = [shapely.force_3d(each, 5.0) for each in SHAPES]
    frame(shapes=high).to_file(tmp_path / "xa.gpkg")
    file = read(tmp_path / "xa.gpkg")
    assert only(file, "z-dropped").params["count"] == 2
    assert same_as_drawn(file)


def measured(folder: Path) -> Path:
    """Return a Shapefile of one polygon with a measure at every corner (type 25)."""
    frame(shapes=SHAPES[:1]).to_file(folder / "xa.shp", encoding="utf-8")
    plain = (folder / "xa.shp").read_bytes()
    corners = struct.unpack("<i", plain[100 + 8 + 40 : 100 + 8 + 44])[0]
    content = (
        struct.pack("<i", 25) + plain[112:] + struct.pack(f"<{corners + 2}d", *range(corners + 2))
    )
    head = bytearray(plain[:100])
    head[24:28], head[32:36] = struct.pack(">i", (108 + len(content)) // 2), struct.pack("<i", 25)
    record = struct.pack(">ii", 1, len(content) // 2) + content
    (folder / "xa.shp").write_bytes(bytes(head) + record)
    index = bytearray((folder / "xa.shx").read_bytes())
    index[32:36], index[104:108] = struct.pack("<i", 25), struct.pack(">i", len(content) // 2)
    (folder / "xa.shx").write_bytes(bytes(index))
    return packed(folder, "xa.*")


def test_measures_are_dropped_with_a_word(tmp_path):
    file = read(measured(tmp_path))
    assert [each.code for each in file.report] == ["m-dropped"]
    assert file.table.geometry.iloc[0].normalize().equals_exact(SHAPES[0].normalize(), 1e-6)


def test_a_thread_of_ground_is_left_out_once_that_is_agreed(tmp_path):
    thread = district.square(4, 0, 0.001, 2)
    shapes = [*SHAPES, thread]
    what = frame(shapes=shapes, MA_XA=[*CODES, "98003"], TEN_XA=[*NAMES, "Xã Sót"])
    what.to_file(tmp_path / "xa.gpkg")
    asked = read(tmp_path / "xa.gpkg")
    assert only(asked, "sliver").row == 3
    agreed = read(tmp_path / "xa.gpkg", answers={"sliver": True})
    assert list(agreed.table["code"]) == CODES
    kept = read(tmp_path / "xa.gpkg", answers={"sliver": False})
    assert list(kept.table["code"]) == [*CODES, "98003"]


def ring_file(folder: Path, geometry: dict) -> Path:
    drawn = files.feature("98001", SHAPES[0])
    text = files.collection([{**drawn, "geometry": geometry}])
    (folder / "a.geojson").write_text(text, encoding="utf-8")
    return folder / "a.geojson"


OPEN = [[105.5, 10.0], [105.51, 10.0], [105.51, 10.01], [105.5, 10.01]]
MENDS = {
    "ring-open": ({"type": "Polygon", "coordinates": [OPEN]}, shapely.Polygon(OPEN)),
    "geometry-collection": (
        {"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [105.5, 10]},
            {"type": "Polygon", "coordinates": [[*OPEN, OPEN[0]]]}]},
        shapely.Polygon(OPEN),
    ),
    "hole-outside": (
        {"type": "Polygon", "coordinates": [
            [*OPEN, OPEN[0]],
            [[x + 0.1, y] for x, y in [*OPEN, OPEN[0]]]]},
        shapely.Polygon(OPEN),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", MENDS)
def test_what_can_be_mended_is_asked_mended_when_agreed_and_refused_when_not(tmp_path, code):
    geometry, meant = MENDS[code]
    path = ring_file(tmp_path, geometry)
    assert read(path).report.asked == (code,)
    agreed = read(path, answers={code: True})
    assert only(agreed, code).severity is Severity.CHANGED
    assert agreed.table.geometry.iloc[0].equals(meant)
    declined = read(path, answers={code: False})
    assert declined.table is None
    assert only(declined, code).row == 1
