"""Files made to make their reader fetch, leak, hang, unpack or fill something.

They are those of the experiment with hostile uploads, made small. A file that should not be
opened by what is written in it names the canary (`CANARY` stands for its address) and a
private file beside it. Size is promised rather than written where the promise is enough.
"""

import re
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from tests.corpus import province, rasters, shapefiles
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case
from tests.corpus.points import HEAD, KEPT, rows, sheet

CANARY = "http://127.0.0.1:9"  # replaced by a listener's address while the corpus is tested
PRIVATE = "private.csv"
SECRET = "do-not-tell-0901"


def address() -> str:
    """Return where whoever follows a link in one of these files would call."""
    return CANARY


def trap(name: str, text: str) -> Callable[[Path], Path]:
    """Return what writes a text that may name `{canary}` and the private file, `{private}`."""

    def make(folder: Path) -> Path:
        private = folder / PRIVATE
        private.write_text(f"ma,ten,WKT\n{SECRET},{SECRET},POINT(105.5 10.3)\n", encoding="utf-8")
        body = text.replace("{canary}", address()).replace("{private}", str(private))
        return saved(name, body)(folder)

    return make


_VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="private"><SrcDataSource>{source}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
_VRT_FILE = _VRT.replace("{source}", "{private}")
_VRT_LINK = _VRT.replace("{source}", "/vsicurl/{canary}/x.geojson")
_GDALG = (
    '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read {source} ! '
    'write --of stream streamed_dataset"}'
)
_WFS = "<OGRWFSDataSource><URL>{canary}/wfs</URL></OGRWFSDataSource>"
_WMS = (
    '<GDAL_WMS><Service name="TMS"><ServerUrl>{canary}/${z}/${x}/${y}.png</ServerUrl></Service>'
    "<DataWindow><UpperLeftX>105</UpperLeftX><UpperLeftY>11</UpperLeftY><LowerRightX>106</LowerRightX>"
    "<LowerRightY>10</LowerRightY><SizeX>256</SizeX><SizeY>256</SizeY></DataWindow><BandsCount>1</BandsCount></GDAL_WMS>"
)
_GTI = "<GDALTileIndexDataset><IndexDataset>/vsicurl/{canary}/tiles.gpkg</IndexDataset></GDALTileIndexDataset>"
_RASTER_VRT = (
    '<VRTDataset rasterXSize="10" rasterYSize="10"><SRS>EPSG:4326</SRS>'
    "<GeoTransform>105.45,0.01,0,10.42,0,-0.01</GeoTransform>{band}</VRTDataset>"
)
_SIMPLE_BAND = (
    '<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>/vsicurl/{canary}/x.tif'
    "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
)
_RAW_BAND = (
    '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand"><SourceFilename '
    'relativetoVRT="0">{private}</SourceFilename><ImageOffset>0</ImageOffset></VRTRasterBand>'
)
_KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'
_LAUGHS = "".join(
    f'<!ENTITY l{at} "{"".join(f"&l{at - 1};" for _ in range(10))}">' for at in range(1, 10)
)
_XXE_KML = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file://{private}">]>'
    + _KML.replace("{inside}", "<Placemark><name>&x;</name></Placemark>")
)
_LAUGHS_KML = f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY l0 "ha">{_LAUGHS}]>' + _KML.replace(
    "{inside}", "<Placemark><name>&l9;</name></Placemark>"
)
_GML = (
    '<?xml version="1.0"?><FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://x {canary}/x.xsd"/>'
)


def _linked_kml() -> str:
    places = "".join(
        f"<Placemark><name>{name}</name><styleUrl>{{canary}}/style.kml#a</styleUrl><ExtendedData>"
        f'<Data name="ma"><value>{code}</value></Data><Data name="ten"><value>{name}</value></Data>'
        "</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x!r},{y!r}" for x, y in map(tuple, province.square(code).exterior.coords))
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for code, name in province.NAMES.items()
    )
    return places + "<NetworkLink><Link><href>{canary}/more.kml</href></Link></NetworkLink>"


def _linked(kind: str, key: str = "href") -> Callable[[Path], Path]:
    crs = {"type": kind, "properties": {key: "{canary}/crs", "type": "ogcwkt"}}
    return trap("xa.geojson", province.collection(province.features(), crs=crs))


def _json_with(number: str) -> Callable[[Path], Path]:
    text = province.collection(province.features())
    first = repr(province.square("00901").exterior.coords[0][0])
    return saved("xa.geojson", text.replace(first, number, 1))


def _deep_collection(depth: int) -> Callable[[Path], Path]:
    start, end = '{"type":"GeometryCollection","geometries":[', "]}"
    shape = start * depth + '{"type":"Point","coordinates":[105.5,10.3]}' + end * depth
    one = '{"type":"Feature","properties":{"ma":"00901","ten":"Xã"},"geometry":' + shape + "}"
    return saved("xa.geojson", '{"type":"FeatureCollection","features":[' + one + "]}")


def _geopackage(*statements: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "xa.gpkg"
        gpd.GeoDataFrame.from_features(province.features(), crs=4326).to_file(path, layer="xa")
        with closing(sqlite3.connect(path)) as db:
            for each in statements:
                db.execute(each)
            db.commit()
        return path

    return make


_ENDLESS = (
    "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS fid, i AS ma, NULL AS geom FROM n"
)
_OF_VIEW = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('endless', 'features', 'endless', 4326)",
    "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 4326, 0, 0)",
)
_TRIGGER = "CREATE TRIGGER eat AFTER INSERT ON xa BEGIN DELETE FROM xa; END"
_EXTENSION = "CREATE VIEW loaded AS SELECT load_extension('/tmp/x.so') AS ma"


def _bomb(name: str, member: str, size: int = 60_000_000) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(member, bytes(size))
        return path

    return make


def _lying_bomb(folder: Path) -> Path:
    """Pack a Shapefile whose directory promises a hundredth of what is inside."""
    files = shapefiles.members(shapefiles.rows())
    path = shapefiles.packed(folder / "xa.zip", {**files, "xa.dbf": bytes(30_000_000)})
    body = bytearray(path.read_bytes())
    place = body.rfind(b"xa.dbf") - 46
    struct.pack_into("<I", body, place + 24, 300_000)
    path.write_bytes(bytes(body))
    return path


def _many_members(folder: Path) -> Path:
    return shapefiles.packed(folder / "xa.zip", {f"a{at}.shp": b"" for at in range(1500)})


def _link_member(folder: Path) -> Path:
    """Pack a Shapefile whose .dbf is a symbolic link to a private file."""
    private = folder / PRIVATE
    private.write_text(SECRET, encoding="utf-8")
    files = shapefiles.members(shapefiles.rows())
    path = folder / "xa.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name)
            if name == "xa.dbf":
                info.external_attr = 0o120777 << 16
                body = str(private).encode()  # noqa: PLW2901 - what a link holds is its target
            archive.writestr(info, body)
    return path


def _huge(name: str) -> Callable[[Path], Path]:
    """Return what makes a file of 250 MB of which nothing is written."""

    def make(folder: Path) -> Path:
        with (folder / name).open("wb") as file:
            file.truncate(250_000_000)
        return folder / name

    return make


def _overview(folder: Path) -> Path:
    path = folder / "o.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=24, width=30, count=1, dtype="float64",
        crs=CRS.from_epsg(4326), transform=Affine(0.01, 0, 105.45, 0, -0.01, 10.42),
    ) as out:  # fmt: skip
        out.write(rasters.cells(), 1)
        out.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=f"/vsicurl/{address()}/o.ovr")
    return path


def _workbook(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], Path]:
    """Return what writes a good list of points as a workbook with its parts changed."""

    def make(folder: Path) -> Path:
        path = sheet([HEAD, *rows()])(folder)
        with zipfile.ZipFile(path) as archive:
            files = {each: archive.read(each) for each in archive.namelist()}
        change(files)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in files.items():
                archive.writestr(name, body)
        return path

    return make


_SHEET = "xl/worksheets/sheet1.xml"


def _declared(entities: str) -> Callable[[dict[str, bytes]], object]:
    def change(files: dict[str, bytes]) -> None:
        body = re.sub(rb"^<\?xml[^>]*\?>", b"", files[_SHEET])
        files[_SHEET] = b'<?xml version="1.0"?><!DOCTYPE w [' + entities.encode() + b"]>" + body

    return change


def _swollen(files: dict[str, bytes]) -> None:
    files[_SHEET] = files[_SHEET].replace(b"</worksheet>", b" " * 60_000_000 + b"</worksheet>")


def _linked_book(files: dict[str, bytes]) -> None:
    name = "xl/_rels/workbook.xml.rels"
    link = (
        '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/externalLink" Target="{address()}/x.xlsx" TargetMode="External"/>'
    )
    files[name] = files[name].replace(b"</Relationships>", link.encode() + b"</Relationships>")


A = Action
B, P, G = "boundaries", "points", "grid"
_AREAS = province.all_areas()
_NOT_THAT = "not what its name says"
_NO_JSON = "not whole GeoJSON"

_REFUSED = tuple(
    Case(name, kind, make, A.REFUSED, says=says, hostile=True)
    for name, kind, make, says in (
        ("H01", B, trap("xa.geojson", _VRT_FILE), _NO_JSON),
        ("H02", B, trap("xa.kml", _VRT_FILE), _NOT_THAT),
        ("H03", B, trap("xa.gpkg", _VRT_FILE), _NOT_THAT),
        ("H04", B, trap("xa.fgb", _VRT_LINK), _NOT_THAT),
        ("H05", B, trap("xa.zip", _VRT_LINK), _NOT_THAT),
        ("H06", B, trap("xa.geojson", _GDALG.replace("{source}", "{private}")), "FeatureCollection"),
        ("H07", B, trap("xa.json", _GDALG.replace("{source}", "/vsicurl/{canary}/x.json")),
         "FeatureCollection"),
        ("H08", B, trap("xa.geojson", _VRT_LINK), _NO_JSON),
        ("H09", B, trap("xa.kml", _WFS), _NOT_THAT),
        ("H10", G, trap("o.tif", _WMS), "GeoTIFF"),
        ("H11", G, trap("o.tif", _GTI), "GeoTIFF"),
        ("H12", G, trap("o.tif", _RASTER_VRT.replace("{band}", _SIMPLE_BAND)), "GeoTIFF"),
        ("H13", G, trap("o.tif", _RASTER_VRT.replace("{band}", _RAW_BAND)), "GeoTIFF"),
        ("H14", B, _linked("link"), "points elsewhere"),
        ("H15", B, _linked("url", "url"), "points elsewhere"),
        ("H16", B, _linked("LINK"), "points elsewhere"),
        ("H17", B, _linked("URL", "url"), "points elsewhere"),
        ("H18", B, trap("xa.kml", _XXE_KML), _NOT_THAT),
        ("H19", B, saved("xa.kml", _LAUGHS_KML), _NOT_THAT),
        ("H20", B, saved("xa.kml", _LAUGHS_KML.encode("utf-16")), _NOT_THAT),
        ("H21", B, trap("xa.gml", _GML), "not a kind of boundary file"),
        ("H22", B, _geopackage(_ENDLESS, *_OF_VIEW), "more than tables"),
        ("H23", B, _geopackage(_TRIGGER), "more than tables"),
        ("H24", B, _geopackage(_EXTENSION), "more than tables"),
        ("H25", B, _bomb("xa.zip", "xa.shp"), "would unpack"),
        ("H26", B, _bomb("xa.kmz", "doc.kml"), "would unpack"),
        ("H27", P, _bomb("diem.xlsx", _SHEET), "would unpack"),
        ("H28", B, _lying_bomb, "xa.zip"),
        ("H29", B, _many_members, "not opened here"),
        ("H30", B, _link_member, "xa.zip"),
        ("H31", B, _huge("xa.geojson"), "250 MB"),
        ("H32", P, _huge("diem.csv"), "250 MB"),
        ("H33", G, _huge("o.tif"), "250 MB"),
        ("H34", B, saved("xa.geojson", "[" * 200_000 + "]" * 200_000), _NO_JSON),
        ("H35", B, _deep_collection(100), "feature 1"),
        ("H36", B, _deep_collection(40_000), _NO_JSON),
        ("H37", B, _json_with("NaN"), _NO_JSON),
        ("H38", B, _json_with("-Infinity"), _NO_JSON),
        ("H39", B, _json_with("1e999"), "feature 1"),
        ("H40", B, _json_with('"105.5"'), "feature 1"),
        ("H41", P, _workbook(_declared(f'<!ENTITY l0 "ha">{_LAUGHS}')), "document type"),
        ("H42", P, _workbook(_declared('<!ENTITY x SYSTEM "file:///etc/passwd">')), "document type"),
        ("H43", P, _workbook(_swollen), "would unpack"),
        ("H44", B, lambda _: Path(f"/vsicurl/{address()}/x.geojson"), "no file"),
        ("H45", B, lambda folder: folder, "no file"),
        ("H46", G, lambda _: Path(f"/vsicurl/{address()}/x.tif"), "no file"),
        ("H47", P, saved("diem.csv", b"\x00\x01\x02" * 5000), "diem.csv"),
        ("H48", B, saved("xa.geojson", '{"type":"FeatureCollection","features":[' + "1," * 60_000
                         + "1]}"), "more than"),
        ("H49", B, saved("xa.geojson", '{"type":"FeatureCollection","features":{"0":1}}'),
         "no features"),
        ("H50", B, saved("xa.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature",'
                         '"geometry":{"type":"Polygon","coordinates":[[["a"]]]}}]}'), "feature 1"),
    )
)  # fmt: skip
CASES = (
    *_REFUSED,
    Case("H51", B, trap("xa.kml", _KML.replace("{inside}", _linked_kml())), A.ACCEPTS,
         kept=_AREAS, hostile=True),
    Case("H52", G, _overview, A.ACCEPTS, kept=float(province.TOTAL), hostile=True),
    Case("H53", P, _workbook(_linked_book), A.ACCEPTS, kept=KEPT, hostile=True),
)  # fmt: skip
