"""The toy district: few communes, whole kilometres, answers by hand.

Four communes stand in a row, each 2 km wide and 2 km high; all people of a commune live in
its middle. The district lies on the central meridian of its metric zone.

    commune     98001   98002   98003   98004        y = 2 km
               +-------+-------+-------+-------+
    people     |  100  |  200  |  300  |  400  |
               |   *   |   *   |   *   |   *   |     y = 1 km
               +-------+-------+-------+-------+     y = 0
    x (km)     0   1   2   3   4   5   6   7   8
    district   |--- Huyện Đông -------|- Tây --|
    office     |--- Cơ sở 1 --|---- Cơ sở 2 ---|

A place is given as (x, y) in kilometres from the lower left corner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo import tables
from planning.analysis.situation import Situation
from planning.model.coverage import PopulationBase

ZONE = CRS.from_epsg(9209)  # VN-2000 TM-3, 105°30′
TO_DEGREES = Transformer.from_crs(ZONE, "EPSG:4326", always_xy=True)
TO_ZONE = Transformer.from_crs("EPSG:4326", ZONE, always_xy=True)
EAST, NORTH = 500_000.0, 1_130_000.0
PROVINCE = "98"
SINCE = "2025-07-01"
CODES = ("98001", "98002", "98003", "98004")
PEOPLE = (100, 200, 300, 400)
MIDDLES = ((1.0, 1.0), (3.0, 1.0), (5.0, 1.0), (7.0, 1.0))

Place = tuple[float, float]


def degrees(places: Sequence[Place]) -> NDArray[np.float64]:
    """Return places in kilometres as longitude and latitude, shape (n, 2)."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2) * 1000 + (EAST, NORTH)
    return np.column_stack(TO_DEGREES.transform(xy[:, 0], xy[:, 1]))


def ring(*corners: Place) -> Any:
    """Return the polygon with these corners in kilometres, in degrees."""
    return shapely.Polygon(degrees(corners))


def square(west: float, south: float, width: float, height: float | None = None) -> Any:
    """Return a rectangle in kilometres as a polygon in degrees."""
    east, north = west + width, south + (width if height is None else height)
    return ring((west, south), (east, south), (east, north), (west, north))


def communes(shapes: Mapping[str, Any] | None = None, **columns: Sequence[Any]) -> tables.Communes:
    """Return a commune table: the four of the row, or others by code."""
    shapes = shapes or {code: square(2 * at, 0, 2) for at, code in enumerate(CODES)}
    codes = list(shapes)
    flat = [shapely.transform(each, TO_ZONE.transform, interleaved=False)
            for each in shapes.values()]  # fmt: skip
    none = [None] * len(codes)
    frame = {
        "code": codes, "name": [f"Số {code[-1]}" for code in codes],
        "full_name": [f"Xã Số {code[-1]}" for code in codes], "unit_type": ["xã"] * len(codes),
        "province_code": [code[:2] for code in codes], "valid_from": [SINCE] * len(codes),
        "valid_to": none, "district": none, "office": none, "terrain": none,
        "area_km2": [each.area / 1e6 for each in flat],
        "seat_lon": [float("nan")] * len(codes), "seat_lat": [float("nan")] * len(codes),
        **columns,
    }  # fmt: skip
    return tables.communes(
        gpd.GeoDataFrame(pd.DataFrame(frame), geometry=list(shapes.values()), crs="EPSG:4326")
    )


@dataclass(frozen=True)
class Point:
    """A collection point of the toy, by default an open direct one."""

    at: Place
    kind: str = "direct"
    status: str = "open"
    name: str = "Bưu cục"
    former: str | None = None


def points(listed: Sequence[Point], whose: tables.Communes) -> tables.Points:
    """Return the point table; every point belongs to the commune that covers it."""
    places = degrees([each.at for each in listed])
    frame = pd.DataFrame(
        {
            **{name: pd.Series([None] * len(listed), dtype=object)
               for name in tables.columns(tables.PointTable)},
            "point_id": [f"P{at:03d}" for at in range(len(listed))],
            "name": [each.name for each in listed], "kind": [each.kind for each in listed],
            "status": [each.status for each in listed],
            "former_code": [each.former for each in listed],
            "commune_code": [_owner(*place, whose) for place in places],
        },
        dtype=object,
    ).assign(lon=places[:, 0], lat=places[:, 1]).astype({"sign": "boolean", "permanent_staff": "boolean", "staff_count": "Int64"})  # fmt: skip
    return tables.points(frame)


def _owner(lon: float, lat: float, whose: tables.Communes) -> str | None:
    covering = whose[whose.geometry.covers(shapely.Point(lon, lat))]
    return min(covering["code"], default=None)


def demand(
    places: Sequence[tuple[Place, int, str]], former: Sequence[str | None] | None = None
) -> tables.Demand:
    """Return the demand table of (place, people, commune code)."""
    at = degrees([place for place, _, _ in places])
    frame = pd.DataFrame(
        {
            "lon": at[:, 0], "lat": at[:, 1],
            "people": pd.Series([people for _, people, _ in places], dtype=np.int64),
            "commune_code": pd.Series([code for _, _, code in places], dtype="str"),
            "former_code": pd.Series(list(former or [None] * len(places)), dtype="str"),
        }
    )  # fmt: skip
    return tables.demand(frame)


def no_hosts() -> tables.Hosts:
    """Return a host table without hosts."""
    names = ["host_id", "name", "host_type", "lon", "lat"]
    return tables.hosts(pd.DataFrame(columns=names).astype({"lon": float, "lat": float}))


def hosts(listed: Sequence[tuple[Place, str]]) -> tables.Hosts:
    """Return a host table of (place, name)."""
    at = degrees([place for place, _ in listed])
    names = [name for _, name in listed]
    return tables.hosts(
        pd.DataFrame({"host_id": names, "name": names, "host_type": "bưu cục",
                      "lon": at[:, 0], "lat": at[:, 1]})
    )  # fmt: skip


def situation(
    listed: Sequence[Point] = (),
    people: Mapping[str, int] | None = None,
    places: Sequence[tuple[Place, int, str]] | None = None,
    whose: tables.Communes | None = None,
    **parts: Any,
) -> Situation:
    """Return the toy district with these points; anything else may be given too.

    `people` are the known populations by commune (default: all four of the drawing), each
    in the middle of its commune; `places` names every place where people live instead.
    """
    whose = communes() if whose is None else whose
    people = dict(zip(CODES, PEOPLE, strict=True)) if people is None else dict(people)
    if places is None:
        middle = dict(zip(CODES, MIDDLES, strict=True))
        places = [(middle[code], count, code) for code, count in people.items() if count]
    else:
        people = {}
        for _, count, code in places:
            people[code] = people.get(code, 0) + count
    unknown = tuple(sorted(set(whose["code"]) - set(people)))
    base = PopulationBase("drawing", None, sum(people.values()), unknown, 0, synthetic=True)
    parts = {
        "demand": demand(places), "hosts": no_hosts(), "former": None, "former_population": {},
        "crosswalk": None, "base": base, "data_date": None, "fingerprint": "toy", **parts,
    }  # fmt: skip
    return Situation(
        province_code=PROVINCE, province_name="Tỉnh Mẫu", valid_from=SINCE, communes=whose,
        population=people, points=points(listed, whose), **parts,
    )  # fmt: skip
