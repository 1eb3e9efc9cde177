"""A toy delta of 54 square communes, in which every published figure of An Giang fits."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import tables
from geo.tables import Communes, Crosswalk, Demand
from planning.demo.settlement import NetworkPlaces

WEST, SOUTH, SIDE = 105.0, 10.0, 0.06
ACROSS, DOWN = 9, 6
STEP = 0.005


def squares(across: int = ACROSS, down: int = DOWN) -> Iterator[tuple[str, float, float]]:
    """Yield code, west and south of each present commune, row by row."""
    for at in range(across * down):
        yield f"{99001 + at}", WEST + at % across * SIDE, SOUTH + at // across * SIDE


def commune_table(rows: list[tuple[str, object]], since: str = "2025-07-01") -> Communes:
    frame = gpd.GeoDataFrame(
        {
            "code": [code for code, _ in rows],
            "name": [f"Toy {code}" for code, _ in rows],
            "full_name": [
                f"{'Phường' if at % 5 == 0 else 'Xã'} Toy {code}"
                for at, (code, _) in enumerate(rows)
            ],
            "unit_type": "xã", "province_code": "99", "valid_from": since, "valid_to": None,
            "district": None, "office": "BHXH cơ sở Toy", "terrain": None, "area_km2": 43.0,
            "seat_lon": np.nan, "seat_lat": np.nan,
        },
        geometry=[shape for _, shape in rows], crs="EPSG:4326",
    )  # fmt: skip
    return tables.communes(frame)


def present(across: int = ACROSS, down: int = DOWN) -> Communes:
    return commune_table(
        [(code, shapely.box(x, y, x + SIDE, y + SIDE)) for code, x, y in squares(across, down)]
    )


def strips() -> list[tuple[str, str, object]]:
    """Return 155 former communes as strips: three to each present one, two to the last seven."""
    found = []
    for at, (code, x, y) in enumerate(squares()):
        parts = 3 if at < 47 else 2
        for part in range(parts):
            west = x + SIDE * part / parts
            shape = shapely.box(west, y, west + SIDE / parts, y + SIDE)
            found.append((f"{98001 + len(found)}", code, shape))
    return found


def demand(across: int = ACROSS, down: int = DOWN, *, former: bool = False) -> Demand:
    """Return people every 500 m, most in the middle of each commune and in the south-west."""
    parts = []
    for at, (code, x, y) in enumerate(squares(across, down)):
        steps = (np.arange(12) + 0.5) * STEP
        lon, lat = (each.ravel() for each in np.meshgrid(x + steps, y + steps))
        away = np.hypot(lon - x - SIDE / 2, lat - y - SIDE / 2) / SIDE
        people = 20 + (2_000 * np.exp(-8 * away) / (1 + at / 15)).astype(np.int64)
        parts.append(pd.DataFrame({"lon": lon, "lat": lat, "people": people, "commune_code": code}))
    frame = pd.concat(parts, ignore_index=True).assign(former_code=None)
    if former:
        places = shapely.points(frame["lon"], frame["lat"])
        for old, _, shape in strips():
            frame.loc[shapely.contains(shape, places), "former_code"] = old
    return tables.demand(frame)


def crosswalk(*, split: int = 3) -> Crosswalk:
    """Return the way from the 155 strips; the first `split` of them went to two communes."""
    codes = [code for code, _, _ in squares()]
    rows = []
    for at, (old, new, _) in enumerate(strips()):
        relation = "partial" if at < split else "full"
        rows.append((old, f"Xã Former {old}", f"Huyện {at // 15}", new, relation))
        if at < split:
            rows.append((old, f"Xã Former {old}", f"Huyện {at // 15}", codes[1], relation))
    names = ["old_code", "old_name", "old_district", "new_code", "relation"]
    return tables.crosswalk(pd.DataFrame(rows, columns=names))


def places(*, with_crosswalk: bool = True) -> NetworkPlaces:
    return NetworkPlaces(present(), demand(), crosswalk() if with_crosswalk else None, None)


def places_with_former_shapes() -> NetworkPlaces:
    former = commune_table([(old, shape) for old, _, shape in strips()], since="2004-01-01")
    return NetworkPlaces(present(), demand(former=True), crosswalk(split=0), None, former)
