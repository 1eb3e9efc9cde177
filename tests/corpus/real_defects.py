"""The ten oddities of the real data, made again in small on the toy province.

The same is looked for in the real files themselves in `test_corpus.py`, where they are at
hand. Nothing of them stands here.
"""

from typing import Any

import numpy as np
import shapely

from tests.corpus import province
from tests.corpus.boundaries import changed, geojson
from tests.corpus.expecting import Action, Case
from tests.corpus.points import KEPT, rows, written
from tests.corpus.points import saved as saved_points
from tests.corpus.rasters import EACH, INSIDE, raster
from tests.corpus.tables import HEAD, PEOPLE, body, csv
from tests.toy import district


def _shaken(metres: float) -> list[dict[str, Any]]:
    """Return the communes with every corner moved by less than so much, each its own way."""
    chance = np.random.default_rng(4)
    listed = []
    for code in province.CODES:
        x, y = province.corner(code)
        corners = [(x, y), (x + 5, y), (x + 5, y + 5), (x, y + 5)]
        noise = chance.uniform(-metres, metres, (4, 2)) / 1000
        moved = [(a + dx, b + dy) for (a, b), (dx, dy) in zip(corners, noise, strict=True)]
        listed.append(province.feature(code, district.ring(*moved)))
    return listed


def _spike() -> dict[str, Any]:
    """Return 00901 with a spike 3 cm wide, whose sides cross when six decimals are kept."""
    lon, lat = province.degrees((0, 2.2))
    lat = round(lat, 6)
    spike = [(lon, lat + 4e-7), (lon - 0.003, lat + 2e-7), (lon, lat)]
    corners = province.ring((0, 0), (5, 0), (5, 5), (0, 5))[:-1]
    whole = shapely.Polygon([*corners, *spike])
    rounded = shapely.Polygon([*corners, *np.round(spike, 6)])
    assert whole.is_valid
    assert not rounded.is_valid
    return province.feature("00901", rounded)


def _islands() -> Any:
    """Return 00912 with 25 islands of 0.01 km² beside its main part."""
    parts = [district.square(21 + at % 5 * 0.5, 11 + at // 5 * 0.5, 0.1) for at in range(25)]
    return shapely.MultiPolygon([province.square("00912"), *parts])


def _renamed() -> list[dict[str, Any]]:
    """Return the communes with one name in decomposed letters and one with its tone elsewhere."""
    listed = province.features()
    listed[0]["properties"]["ten"] = "Xã Hoà Bình"
    listed[2]["properties"]["ten"] = "Xã Đo\u0302\u0300ng Thành"
    return listed


def _codes_as_numbers() -> list[dict[str, Any]]:
    listed = province.features()
    for each in listed:
        each["properties"]["ma"] = int(each["properties"]["ma"])
    return listed


def _named_points() -> str:
    """Return a list of points that names the two communes which are one without diacritics."""
    found = rows()
    names = (
        "Xa\u0303 Ho\u0300a Bi\u0300nh",
        "Xã Đồng Thành",
        "Xã Long Điền",
        "P. Bình Đức",
    )
    for each, name in zip(found, names, strict=True):
        each[1] = name
    return written(found, head=("Tên điểm thu", "Xã/phường", "Vĩ độ", "Kinh độ"))


def _twins() -> list[list[Any]]:
    """Return people and areas, one commune with the figures of another."""
    found = [[code, count, f"{20 + at}.5"] for at, (code, count) in enumerate(PEOPLE.items())]
    found[7][1:] = found[3][1:]
    return found


def _uneven() -> np.ndarray:
    """Return a grid with nearly nobody in one corner, though its total is right."""
    weak = INSIDE.copy()
    weak[:, 15:] = False
    share = np.where(weak, EACH * 1.8, np.where(INSIDE, 1.0, 0.0))
    return share * (province.TOTAL / share.sum())


A = Action
_AREAS = province.all_areas()
_TOTALS = [*body(), ["Toàn tỉnh", province.TOTAL + 412_249]]

CASES = (
    Case("D01", "population", csv(body(c00904=1248)), A.LOOKS, "zeros-lost", 5, "Dân số", "1248",
         kept={**PEOPLE, "00904": 1248}),
    Case("D01b", "population", csv(body(c00904=125)), A.LOOKS, "zeros-lost", 5, "Dân số", "125",
         kept={**PEOPLE, "00904": 125}),
    Case("D02", "population", csv(_twins(), (*HEAD, "Diện tích")), A.LOOKS, "same-value", 9,
         "Dân số", kept={**PEOPLE, "00908": PEOPLE["00904"]}),
    Case("D03", "population", csv(_TOTALS), A.ASKS, "total-mismatch", 14, "Dân số",
         str(province.TOTAL + 412_249), beside={"total-row"}, kept=PEOPLE),
    Case("D04", "boundaries", geojson(_shaken(0.05)), A.CHANGES, "borders-mended", kept=_AREAS),
    Case("D05", "boundaries", geojson([_spike(), *province.features()[1:]]), A.CHANGES,
         "geometry-mended", 1, kept=_AREAS),
    Case("D06", "boundaries", geojson([
        {**each, "properties": {**each["properties"], "dien_tich": 38.4 if at == 5 else 25.0}}
        for at, each in enumerate(province.features())]), A.LOOKS, "area-contradicts", 6,
         value="38.4", kept=_AREAS),
    Case("D07", "boundaries", geojson(_renamed()), A.ACCEPTS,
         kept={**_AREAS, "name of 00901": "Xã Hoà Bình"}),  # as written, composed; found by its key
    Case("D07b", "points", saved_points("diem.csv", _named_points()), A.ACCEPTS, kept=KEPT),
    Case("D08", "boundaries", geojson(_codes_as_numbers()), A.CHANGES, "code-padded", 1, "ma",
         "901", kept=_AREAS),
    Case("D09", "boundaries", changed("00912", _islands()), A.ACCEPTS,
         kept=province.all_areas(c00912=25.25)),
    Case("D10", "grid", raster(_uneven()), A.ACCEPTS, kept=float(province.TOTAL),
         why="only shares within a commune are taken of a grid; its people are the communes' own"),
)  # fmt: skip
