"""The toy province whose files are spoiled here: twelve communes, four by three, 5 km squares.

                +-------+-------+-------+-------+   y = 15 km
                | 00909 | 00910 | 00911 | 00912 |
                +-------+-------+-------+-------+   y = 10
                | 00905 | 00906 | 00907 | 00908 |
                +-------+-------+-------+-------+   y = 5
                | 00901 | 00902 | 00903 | 00904 |
                +-------+-------+-------+-------+   y = 0
    x (km)      0       5      10      15      20

Codes begin with zeros, which spreadsheets lose; two names are one without diacritics. Feature
1 of a boundary file is 00901, row 2 of a table with one row of headings too. Places are in
kilometres from the lower left corner, as in `tests.toy.district`.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.services import imports
from planning.services.imports import Origin
from planning.store.session import Store
from tests.toy import district

CODE = "98"
SINCE = "2025-07-01"
VINTAGE = Vintage(CODE, SINCE)
SIDE_KM, KM2 = 5.0, 25.0
NAMES = {
    "00901": "Xã Hòa Bình", "00902": "Xã Đông Thành", "00903": "Xã Đồng Thành",
    "00904": "Phường Châu Phú", "00905": "Xã Kiến An", "00906": "Xã Long Điền",
    "00907": "Xã Mỹ Thới", "00908": "Phường Bình Đức", "00909": "Xã Vĩnh Hậu",
    "00910": "Xã Thạnh Lợi", "00911": "Xã Ô Lâm", "00912": "Đặc khu Hòn Nghệ",
}  # fmt: skip
CODES = tuple(NAMES)
PEOPLE = dict(
    zip(
        CODES,
        (8120, 9340, 7650, 12480, 8890, 7210, 9905, 11730, 6540, 8015, 7380, 5260),
        strict=True,
    )
)
TOTAL = sum(PEOPLE.values())
ORIGIN = Origin(source="Bản vẽ", as_of="2025-07-01", synthetic=True)

Feature = dict[str, Any]
Place = tuple[float, float]


def corner(code: str) -> Place:
    """Return the lower left corner of a commune."""
    row, column = divmod(CODES.index(code), 4)
    return column * SIDE_KM, row * SIDE_KM


def middle(code: str) -> Place:
    """Return the middle of a commune."""
    x, y = corner(code)
    return x + SIDE_KM / 2, y + SIDE_KM / 2


def square(code: str) -> Any:
    """Return a commune as it is drawn, in degrees."""
    return district.square(*corner(code), SIDE_KM)


def ring(*places: Place) -> list[list[float]]:
    """Return places as the corners of a ring in degrees, closed."""
    corners = district.degrees(places).tolist()
    return [*corners, corners[0]]


def degrees(place: Place) -> tuple[float, float]:
    """Return longitude and latitude of a place."""
    lon, lat = district.degrees([place])[0]
    return float(lon), float(lat)


def metres(place: Place) -> tuple[float, float]:
    """Return east and north of a place in VN-2000, TM-3 105°30′."""
    return district.EAST + 1000 * place[0], district.NORTH + 1000 * place[1]


def feature(code: str, geometry: Any = None, **properties: Any) -> Feature:
    """Return one commune as a GeoJSON feature; `geometry` may be a shape or GeoJSON itself."""
    shape = square(code) if geometry is None else geometry
    written = shape if isinstance(shape, dict) else json.loads(shapely.to_geojson(shape))
    return {
        "type": "Feature", "geometry": written,
        "properties": {"ma": code, "ten": NAMES[code], **properties},
    }  # fmt: skip


def features(**changed: Any) -> list[Feature]:
    """Return all communes as features; `c00903=shape` gives one another shape."""
    return [feature(code, changed.get(f"c{code}")) for code in CODES]


def collection(listed: list[Any], **members: Any) -> str:
    """Return features as the text of a GeoJSON file."""
    return json.dumps(
        {"type": "FeatureCollection", **members, "features": listed}, ensure_ascii=False
    )


def all_areas(**changed: float) -> dict[str, float]:
    """Return code → km² as drawn, `c00903=24.5` for a commune that is another size."""
    return {code: changed.get(f"c{code}", KM2) for code in CODES}


def database(path: Path, folder: Path) -> None:
    """Make a database that holds the province: communes, people, points, a grid."""
    store = Store(path)
    store.upgrade()
    boundaries = folder / "province.geojson"
    boundaries.write_text(collection(features()), encoding="utf-8")
    imports.import_boundaries(store, boundaries, VINTAGE, ORIGIN, "Tỉnh Mẫu")
    people = folder / "people.csv"
    lines = [f"{code},{count}" for code, count in PEOPLE.items()]
    people.write_text("\n".join(["Mã xã,Dân số", *lines]), encoding="utf-8")
    imports.import_population(store, people, Unusable.LEAVE_OUT, ORIGIN)
    points = folder / "points.csv"
    lon, lat = degrees(middle("00901"))
    points.write_text(f"Tên điểm thu,Vĩ độ,Kinh độ\nĐã có,{lat},{lon}\n", encoding="utf-8")
    imports.import_points(store, points, ORIGIN, CODE)
    store.close()


def checksums(database: Path) -> dict[str, str]:
    """Return the SHA-256 of every table as SQLite stores it, row by row."""
    with closing(sqlite3.connect(database)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {
            name: hashlib.sha256(
                "\n".join(map(repr, db.execute(f'SELECT * FROM "{name}" ORDER BY rowid'))).encode()
            ).hexdigest()
            for name in names
        }
