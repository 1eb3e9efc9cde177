"""Bad and odd boundary files: the catalogue's B01 to B44, with variants, and good formats."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from pyproj import Transformer

from geo.sources.boundaries import Vintage
from tests.corpus import province, shapefiles
from tests.corpus.expecting import Action, Case
from tests.toy import district

_WITHIN_ONE = "a mend that changes the area by less than 1 % is told with the change, not asked"


def saved(name: str, text: str | bytes) -> Callable[[Path], Path]:
    """Return what writes a text into a folder under a name."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make


def geojson(listed: list[Any], **members: Any) -> Callable[[Path], Path]:
    """Return what writes features as GeoJSON."""
    return saved("xa.geojson", province.collection(listed, **members))


def changed(code: str, geometry: Any) -> Callable[[Path], Path]:
    """Return what writes the province with another shape of one commune."""
    return geojson(province.features(**{f"c{code}": geometry}))


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    """Return rings as a GeoJSON polygon, whatever they are."""
    return {"type": "Polygon", "coordinates": list(rings)}


def zipped(**parts: Any) -> Callable[[Path], Path]:
    """Return what writes the province as a zipped Shapefile."""
    listed = parts.pop("rows", None) or shapefiles.rows()
    without = parts.pop("without", None)

    def make(folder: Path) -> Path:
        files = shapefiles.members(listed, **parts)
        return shapefiles.packed(
            folder / "xa.zip", {k: v for k, v in files.items() if k != without}
        )

    return make


def moved(way: Callable[[float, float], tuple[float, float]]) -> list[dict[str, Any]]:
    """Return the features with every corner put through `way` (lon, lat → x, y)."""
    listed = province.features()
    for each in listed:
        (ring,) = each["geometry"]["coordinates"]
        each["geometry"]["coordinates"] = [[list(way(*corner)) for corner in ring]]
    return listed


def metric_rows(number: int) -> list[shapefiles.Row]:
    """Return the communes as Shapefile records in metres of a system."""
    way = Transformer.from_crs(4326, number, always_xy=True)
    rows = shapefiles.rows()
    return [
        shapefiles.Row([[list(way.transform(*corner)) for corner in one] for one in each.rings],
                       each.code, each.name)
        for each in rows
    ]  # fmt: skip


def prj(number: int) -> bytes:
    """Return the .prj of a system as a GIS writes it."""
    return shapefiles.CRS.from_epsg(number).to_wkt("WKT1_ESRI").encode()


# --- shapes ------------------------------------------------------------------------------

_X, _Y = province.corner("00902")
_BOW_TIE = polygon(province.ring((_X, _Y), (_X + 5, _Y + 5), (_X + 5, _Y), (_X, _Y + 5)))
# A border that crosses itself in a loop of 20 by 20 m: 0.0016 % of the commune.
_LOOP = polygon(
    province.ring((_X, _Y), (_X + 2, _Y), (_X + 2.02, _Y + 0.02), (_X + 2.02, _Y), (_X + 2, _Y + 0.02),
                  (_X + 2, _Y + 0.04), (_X + 5, _Y + 0.04), (_X + 5, _Y + 5), (_X, _Y + 5))
)  # fmt: skip
_SLIVER = shapely.Polygon(province.ring((0, -0.002), (2, -0.001), (5, -0.002), (5, 0), (0, 0)))
_WIDER = district.square(*province.corner("00901"), 5.5, 5)  # 10 % over its neighbour
_A_BIT_WIDER = district.square(*province.corner("00901"), 5.03, 5)  # 0.6 %
_DENTED = district.ring((5, 5), (10, 5), (9.8, 6), (9.8, 9), (10, 10), (5, 10))  # 0.8 km² missing
_ISLAND = shapely.MultiPolygon([province.square("00912"), district.square(24, 16, 1)])
_TOWN = district.square(*(each + 1 for each in province.corner("00906")), 2)
_RING_OF_TOWN = shapely.difference(province.square("00906"), _TOWN)
_HOLE_OUTSIDE = polygon(
    province.ring((0, 0), (5, 0), (5, 5), (0, 5)), province.ring((-3, -3), (-3, -2), (-2, -2))
)
_LON, _LAT = province.degrees((0, 0))
_ON_A_LINE = polygon([[_LON, _LAT], [_LON + 0.04, _LAT], [_LON + 0.02, _LAT], [_LON, _LAT]])
_FAR = district.square(15, 180, 5)
_OTHER_LAND = shapely.box(2.2, 48.7, 2.3, 48.8)
_ALL_AROUND = shapely.box(-179.5, -10.0, 179.5, 10.0)


def _with_heights() -> list[dict[str, Any]]:
    return moved(lambda lon, lat: (lon, lat, 12.5))  # type: ignore[return-value,arg-type]


def _open_ring(*places: province.Place) -> dict[str, Any]:
    return polygon(province.ring(*places)[:-1])


def _dense() -> Any:
    """Return 00901 with 20,000 corners, half a metre apart, on its west and south, where none is beside."""
    south = [(x / 2000, 0.0) for x in range(10_000)]
    west = [(0.0, 5 - y / 2000) for y in range(10_000)]
    return shapely.Polygon(district.degrees([*south, (5.0, 0.0), (5.0, 5.0), *west]))


def _star(corners: int = 101) -> dict[str, Any]:
    """Return a star whose every edge crosses nearly every other."""
    x, y = province.middle("00901")
    turns = [2 * math.pi * (corners // 2) * each / corners for each in range(corners)]
    return polygon(province.ring(*((x + 2 * math.cos(t), y + 2 * math.sin(t)) for t in turns)))


def _collected(code: str) -> dict[str, Any]:
    lon, lat = province.degrees(province.middle(code))
    area = json.loads(shapely.to_geojson(province.square(code)))
    return {"type": "GeometryCollection",
            "geometries": [area, {"type": "Point", "coordinates": [lon, lat]}]}  # fmt: skip


def _line(code: str) -> dict[str, Any]:
    return {"type": "LineString",
            "coordinates": [list(each) for each in province.square(code).exterior.coords]}  # fmt: skip


def _point(code: str) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(province.degrees(province.middle(code)))}


def _written(number: int, name: str) -> Callable[[Path], Path]:
    listed = province.features()
    listed[number - 1]["properties"]["ma"] = name
    return geojson(listed)


def _fill(row: int, **properties: Any) -> Callable[[Path], Path]:
    listed = province.features()
    listed[row - 1]["properties"] |= properties
    return geojson(listed)


def _null_shape() -> Callable[[Path], Path]:
    listed = province.features()
    listed[0]["geometry"] = None
    return geojson(listed)


def _twice() -> list[dict[str, Any]]:
    listed = province.features()
    return [*listed, json.loads(json.dumps(listed[0]))]


def _same_code() -> Callable[[Path], Path]:
    return _fill(3, ma="00902")


def _of_official_list() -> Callable[[Path], Path]:
    """Two wards of the real An Giang at invented places, and a code nobody has given."""
    listed = []
    for at, (code, name) in enumerate(
        (("30307", "Phường Long Xuyên"), ("30292", "Phường Bình Đức"), ("99999", "Xã Ba"))
    ):
        one = province.feature(province.CODES[at])
        one["properties"] = {"ma": code, "ten": name}
        listed.append(one)
    return geojson(listed)


def _frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame.from_features(province.features(), crs=4326)


def _by_gdal(name: str, number: int = 4326, **options: Any) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        _frame().to_crs(number).to_file(folder / name, **options)
        return folder / name

    return make


def _kml(extra: str = "") -> Callable[[Path], Path]:
    places = "".join(
        f'<Placemark><name>{name}</name><ExtendedData><Data name="ma"><value>{code}</value></Data>'
        f'<Data name="ten"><value>{name}</value></Data></ExtendedData>{extra}<Polygon>'
        "<outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{lon!r},{lat!r}" for lon, lat in _corners(code))
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for code, name in province.NAMES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return saved("xa.kml", f"{head}<Document>{places}</Document></kml>")


def _corners(code: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in province.square(code).exterior.coords]


def _mif(folder: Path) -> Path:
    head = 'Version 300\nCharset "Neutral"\nDelimiter ","\nCoordSys Earth Projection 1, 104\n'
    mif = head + "Columns 2\n  ma Char(5)\n  ten Char(60)\nData\n\n"
    mid = ""
    for code, name in province.NAMES.items():
        corners = _corners(code)
        mif += f"Region 1\n  {len(corners)}\n" + "".join(f"{x!r} {y!r}\n" for x, y in corners)
        mid += f'"{code}","{name}"\n'
    return shapefiles.packed(folder / "xa.zip", {"xa.mif": mif.encode(), "xa.mid": mid.encode()})


def _two_tables(folder: Path) -> Path:
    roads = shapefiles.rows()[:1]
    return shapefiles.packed(
        folder / "xa.zip",
        {**shapefiles.members(shapefiles.rows(), "a"), **shapefiles.members(roads, "b/a")},
    )


def _cut(folder: Path) -> Path:
    files = shapefiles.members(shapefiles.rows())
    files["xa.shp"] = files["xa.shp"][:300]
    return shapefiles.packed(folder / "xa.zip", files)


def _fewer_rows(folder: Path) -> Path:
    listed = shapefiles.rows()
    files = shapefiles.members(listed)
    files["xa.dbf"] = shapefiles.table(listed[:7])
    return shapefiles.packed(folder / "xa.zip", files)


_AREAS = province.all_areas()
_SEEN_BESIDE = frozenset({"apart"})
_INTO_ZONE = Transformer.from_crs(4326, 9209, always_xy=True)
_PRESENT = Vintage("91", "2025-07-01")
A = Action
KIND = "boundaries"

CASES = (
    Case("G01", KIND, geojson(province.features(), name="xa"), A.ACCEPTS, kept=_AREAS),
    Case("G02", KIND, _by_gdal("xa.gpkg"), A.ACCEPTS, kept=_AREAS),
    Case("G03", KIND, _by_gdal("xa.fgb"), A.ACCEPTS, kept=_AREAS),
    Case("G04", KIND, zipped(), A.ACCEPTS, kept=_AREAS),
    Case("G05", KIND, _kml(), A.ACCEPTS, kept=_AREAS),
    Case("G06", KIND, _mif, A.ACCEPTS, kept=_AREAS),
    Case("G07", KIND, zipped(rows=metric_rows(9209), prj=prj(9209)), A.ACCEPTS, kept=_AREAS,
         beside={"borders-mended"}),
    Case("G08", KIND, geojson(moved(_INTO_ZONE.transform),
                              crs={"type": "name", "properties": {"name": "EPSG:9209"}}),
         A.ACCEPTS, kept=_AREAS, beside={"borders-mended"}),
    Case("B01", KIND, changed("00902", _BOW_TIE), A.BLOCKS, "geometry-invalid", 2,
         why="mending it would change the area by more than 1 %: the catalogue refuses that"),
    Case("B01b", KIND, changed("00902", _LOOP), A.CHANGES, "geometry-mended", 2,
         beside={"gap", "borders-mended"}, kept=province.all_areas(c00902=24.88), why=_WITHIN_ONE),
    Case("B02", KIND, geojson([*province.features()[:4],
                               province.feature("00912", _SLIVER), *province.features()[4:11]]),
         A.ASKS, "sliver", 5, kept=dict.fromkeys(province.CODES[:11], 25.0)),
    Case("B03", KIND, changed("00901", _WIDER), A.BLOCKS, "overlap"),
    Case("B03b", KIND, changed("00901", _A_BIT_WIDER), A.ASKS, "overlap-narrow",
         beside={"borders-mended"}, kept={"": 300.0}),
    Case("B04", KIND, changed("00906", _DENTED), A.LOOKS, "gap",
         kept=province.all_areas(c00906=24.2)),
    Case("B05", KIND, geojson(_twice()), A.BLOCKS, "code-twice", 13, "ma", "00901",
         beside={"geometry-twice"}),
    Case("B06", KIND, _same_code(), A.BLOCKS, "code-twice", 3, "ma", "00902"),
    Case("B07", KIND, _written(3, ""), A.BLOCKS, "code-missing", 3, "ma"),
    Case("B08", KIND, _written(3, "ABC"), A.BLOCKS, "code-format", 3, "ma", "ABC"),
    Case("B09", KIND, _of_official_list(), A.LOOKS, "code-unknown", 3, "ma", "99999",
         beside={"units-missing"}, vintage=_PRESENT,
         kept={"30307": 25.0, "30292": 25.0, "99999": 25.0}),
    Case("B09b", KIND, _fill(1, ma="901"), A.CHANGES, "code-padded", 1, "ma", "901", kept=_AREAS,
         why="five digits are the only ones a code can have: read and told"),
    Case("B10", KIND, zipped(prj=None), A.ASKS, "crs-missing", kept=_AREAS),
    Case("B11", KIND, zipped(without="xa.shx"), A.REFUSED, says=".shx"),
    Case("B12", KIND, zipped(without="xa.dbf"), A.REFUSED, says=".dbf"),
    Case("B13", KIND, geojson(moved(lambda lon, lat: (lat, lon))), A.ASKS, "axes-swapped",
         kept=_AREAS),
    Case("B14", KIND, changed("00912", _ISLAND), A.ACCEPTS, kept=province.all_areas(c00912=26.0)),
    Case("B15", KIND, geojson([
        *province.features(c00906=_RING_OF_TOWN, c00912=_TOWN)]), A.ACCEPTS,
         kept=province.all_areas(c00906=21.0, c00912=4.0)),
    Case("B16", KIND, changed("00901", _HOLE_OUTSIDE), A.ASKS, "hole-outside", 1, kept=_AREAS),
    Case("B17", KIND, geojson(_with_heights()), A.CHANGES, "z-dropped", kept=_AREAS),
    Case("B18", KIND, zipped(measured=True), A.CHANGES, "m-dropped", kept=_AREAS),
    Case("B19", KIND, changed("00901", _ALL_AROUND), A.BLOCKS, "out-of-country", 1),
    Case("B22", KIND, saved("xa.geojson", province.collection(province.features()).encode("utf-16")),
         A.REFUSED, says="UTF-8"),
    Case("B23", KIND, saved("xa.geojson", b"\xef\xbb\xbf"
                            + province.collection(province.features()).encode()),
         A.ACCEPTS, kept=_AREAS),
    Case("B24", KIND, saved("xa.geojson", province.collection(province.features())[:300]),
         A.REFUSED, says="not whole GeoJSON"),
    Case("B25", KIND, geojson([]), A.REFUSED, says="no features"),
    Case("B26", KIND, _null_shape(), A.BLOCKS, "geometry-missing", 1),
    Case("B27", KIND, changed("00901", {"type": "Polygon", "coordinates": []}), A.BLOCKS,
         "geometry-missing", 1),
    Case("B28", KIND, changed("00901", _open_ring((0, 0), (5, 0), (5, 5), (0, 5))), A.ASKS,
         "ring-open", 1, kept=_AREAS),
    Case("B28b", KIND, changed("00904", _open_ring((15, 0), (20, 0), (15, 5))), A.ASKS,
         "ring-open", 4, kept=province.all_areas(c00904=12.5)),
    Case("B29", KIND, changed("00901", _ON_A_LINE), A.BLOCKS,
         "geometry-zero-area", 1),
    Case("B30", KIND, changed("00901", _line("00901")), A.BLOCKS, "geometry-type", 1),
    Case("B31", KIND, changed("00902", _point("00902")), A.BLOCKS, "geometry-type", 2),
    Case("B32", KIND, changed("00901", _collected("00901")), A.ASKS, "geometry-collection", 1,
         kept=_AREAS),
    Case("B33", KIND, geojson(moved(_INTO_ZONE.transform)), A.ASKS, "crs-suspect",
         beside={"borders-mended"}, kept=_AREAS),
    Case("B34", KIND, zipped(rows=metric_rows(9209), prj=prj(9210)), A.ASKS, "out-of-province",
         beside={"borders-mended"}, kept=_AREAS),
    Case("B35", KIND, zipped(prj=prj(32648)), A.ASKS, "crs-contradicts", kept=_AREAS),
    Case("B36", KIND, geojson([province.feature("00901", _OTHER_LAND)]), A.BLOCKS,
         "out-of-country", 1),
    Case("B37", KIND, changed("00901", _dense()), A.LOOKS, "geometry-dense", 1, kept=_AREAS),
    Case("B38", KIND, changed("00901", _star()), A.BLOCKS, "geometry-invalid", 1, hostile=True,
         why="rebuilt by its rings' structure it takes a moment, but its area would change"),
    Case("B38b", KIND, changed("00901", _star(2001)), A.BLOCKS, "geometry-too-complex", 1,
         hostile=True),
    Case("B39", KIND, geojson([{**each, "properties": {**each["properties"], "TEN": "x"}}
                               for each in province.features()]),
         A.ASKS, "column-ambiguous", column="ten", kept=_AREAS),
    Case("B40", KIND, _two_tables, A.ASKS, "several-parts", kept=_AREAS),
    Case("B41", KIND, _cut, A.REFUSED, says="cut short"),
    Case("B42", KIND, _fewer_rows, A.REFUSED, says="12 shapes but 7 rows"),
    Case("B43", KIND, changed("00904", _FAR), A.LOOKS, "far-away", 4, beside=_SEEN_BESIDE,
         kept=_AREAS),
    Case("B44", KIND, _fill(1, dien_tich=9999), A.LOOKS, "area-contradicts", 1, value="9999",
         kept=_AREAS),
    Case("B45", KIND, geojson([{**each, "properties": {"a": 1}} for each in province.features()]),
         A.BLOCKS, "columns-needed"),
)  # fmt: skip
