"""The demonstration province as tables: two vintages of communes, people, the way between."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import DEGREES
from geo.invented import names
from geo.invented.division import DISTRICTS, FORMER, Division, divide
from geo.invented.landscape import Landscape, draw_landscape
from geo.invented.people import PEOPLE, density, whole_people
from geo.invented.shapes import kilometres, parts, united
from geo.locate import commune_of
from geo.tables import Communes

SEED = 20250701
PROVINCE_CODE, PROVINCE_NAME = "99", "Tỉnh Minh Họa"
GRID_DEG = 0.004  # 445 m: fine enough that no cell is cut again
WARDS, TOWNSHIPS, MOST_TOWNSHIPS = 27, 18, 3  # the last: in one district
HILLY_M = 40.0


@dataclass(frozen=True)
class DemoProvince:
    """Everything but the network.

    `former` and `present` have the columns of a boundary file and `people`; `grid` lon, lat
    and whole people; `crosswalk` one row per former and present commune that share ground.
    """

    former: gpd.GeoDataFrame
    present: gpd.GeoDataFrame
    grid: pd.DataFrame
    crosswalk: pd.DataFrame


def build_province(seed: int = SEED) -> DemoProvince:
    """Build the province; the same seed gives the same province."""
    rng = np.random.default_rng(seed)
    land = draw_landscape(rng)
    division = divide(land, rng)
    shapes, pairs = parts(division, land.sea_islands)
    former_shapes, present_shapes = united(shapes, pairs[:, 0]), united(shapes, pairs[:, 1])
    grid = _grid(land, former_shapes)
    former = _former(land, division, former_shapes, grid, rng)
    present = _present(former, present_shapes, pairs, grid)
    return DemoProvince(former, present, grid, _crosswalk(former, present, pairs))


def _grid(land: Landscape, shapes: NDArray[np.object_]) -> pd.DataFrame:
    """Return whole people per cell of a grid in degrees, summing to the province's people."""
    west, south, east, north = shapely.total_bounds(shapes)
    lon = np.arange(np.floor(west / GRID_DEG), np.ceil(east / GRID_DEG)) * GRID_DEG + GRID_DEG / 2
    lat = np.arange(np.floor(south / GRID_DEG), np.ceil(north / GRID_DEG)) * GRID_DEG + GRID_DEG / 2
    cells = pd.DataFrame(
        {"lon": np.tile(lon, len(lat)).round(6), "lat": np.repeat(lat, len(lon)).round(6)}
    )
    inside = commune_of(cells["lon"], cells["lat"], _coded(shapes)).notna()
    cells = cells[inside].reset_index(drop=True)
    people = np.zeros(len(cells))
    for east_part in (-0.25, 0.25):
        for north_part in (-0.25, 0.25):
            xy = kilometres(
                cells["lon"] + east_part * GRID_DEG, cells["lat"] + north_part * GRID_DEG
            )
            people += density(land, xy)
    cells = cells.assign(people=whole_people(people, PEOPLE))
    return cells[cells["people"] > 0].reset_index(drop=True)


def _coded(shapes: NDArray[np.object_]) -> Communes:
    """Return bare shapes with their number as a code, for finding places in them."""
    codes = [f"{number:05d}" for number in range(len(shapes))]
    return Communes(gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=DEGREES))


def _former(
    land: Landscape, division: Division, shapes: NDArray[np.object_], grid: pd.DataFrame,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:  # fmt: skip
    people, seats = _gathered(shapes, grid)
    kind = _kinds(people / shapely.area(shapes), division)
    terrain = _terrains(land, shapes, kind)
    name = _former_names(division, people, terrain, rng)
    district = [names.DISTRICT_NAMES[number] for number in division.district]
    return gpd.GeoDataFrame(
        {
            "code": [f"99{3 * number + 1:03d}" for number in range(FORMER)],
            "name": name,
            "full_name": [f"{k[:1].upper()}{k[1:]} {n}" for k, n in zip(kind, name, strict=True)],
            "unit_type": kind,
            "province_code": PROVINCE_CODE,
            "province_name": PROVINCE_NAME,
            "district": district,
            "office": None,
            "terrain": terrain,
            "seat_lon": seats[:, 0],
            "seat_lat": seats[:, 1],
            "people": people,
        },
        geometry=shapes,
        crs=DEGREES,
    )


def _gathered(
    shapes: NDArray[np.object_], grid: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return people per shape, and the place of its most populous cell as its seat."""
    code = commune_of(grid["lon"], grid["lat"], _coded(shapes))
    number = code.astype(int)
    people = np.bincount(number, grid["people"], minlength=len(shapes)).astype(np.int64)
    busiest = grid.assign(number=number).sort_values("people", ascending=False, kind="stable")
    busiest = busiest.drop_duplicates("number").set_index("number").loc[list(range(len(shapes)))]
    return people, busiest[["lon", "lat"]].to_numpy()


def _kinds(per_area: NDArray[np.float64], division: Division) -> list[str]:
    """Return phường for the densest communes of the two densest districts, then thị trấn.

    The river island stays rural, as such islands do.
    """
    district = division.district
    order = [at for at in np.argsort(-per_area, kind="stable") if at not in division.river_island]
    centre = [district[order[0]]]
    centre.append(next(district[at] for at in order if district[at] != centre[0]))
    wards = [at for at in order if district[at] in centre][:WARDS]
    wards += [at for at in order if at not in wards][: WARDS - len(wards)]
    townships: list[int] = []
    for at in order:
        taken = sum(district[each] == district[at] for each in townships)
        if at not in wards and taken < MOST_TOWNSHIPS and len(townships) < TOWNSHIPS:
            townships.append(at)
    words = {**dict.fromkeys(wards, "phường"), **dict.fromkeys(townships, "thị trấn")}
    return [words.get(at, "xã") for at in range(len(per_area))]


def _terrains(land: Landscape, shapes: NDArray[np.object_], kind: list[str]) -> list[str]:
    terrains = []
    for number, (shape, word) in enumerate(zip(shapes, kind, strict=True)):
        places = shapely.get_coordinates(shape.buffer(0).representative_point())
        west, south, east, north = shape.bounds
        mesh = np.array(np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9)))
        mesh = np.vstack([places, mesh.reshape(2, -1).T])
        mesh = mesh[shapely.intersects_xy(shape, mesh)]
        height = float(land.height_m(kilometres(mesh[:, 0], mesh[:, 1])).mean())
        if number == len(shapes) - 1:
            terrains.append("island")
        elif height > HILLY_M:
            terrains.append("mountain")
        elif word != "xã":
            terrains.append("urban")
        else:
            terrains.append("midland" if height > 1 else "delta")
    return terrains


def _former_names(
    division: Division, people: NDArray[np.int64], terrain: list[str], rng: np.random.Generator
) -> list[str]:
    free = iter(names.invented(rng))
    hills = iter(names.HILL_NAMES)
    chosen = [
        (next(hills, None) or next(free)) if each == "mountain" else next(free) for each in terrain
    ]
    chosen[-1] = names.SEA_ISLAND
    for number, name in zip(division.river_island, names.RIVER_ISLAND, strict=False):
        chosen[number] = name
    ordinary = [
        at for at in np.argsort(-people)
        if terrain[at] == "delta" and at not in division.river_island
    ]  # fmt: skip
    chosen[ordinary[0]] = names.BUSIEST
    return chosen


def _present(
    former: gpd.GeoDataFrame, shapes: NDArray[np.object_], pairs: NDArray[np.int64],
    grid: pd.DataFrame,
) -> gpd.GeoDataFrame:  # fmt: skip
    people, seats = _gathered(shapes, grid)
    rows, taken = [], set()
    for number in range(len(shapes)):
        merged = former.iloc[np.unique(pairs[pairs[:, 1] == number, 0])]
        largest = merged.sort_values("people", ascending=False, kind="stable")
        name = next(each for each in largest["name"] if each not in taken)
        taken.add(name)
        rows.append(_present_row(number, name, largest, len(shapes)))
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=DEGREES)
    return frame.assign(seat_lon=seats[:, 0], seat_lat=seats[:, 1], people=people)


def _present_row(number: int, name: str, merged: pd.DataFrame, count: int) -> dict[str, object]:
    """Return one present commune: the kind and terrain of most of its people."""
    weight = merged.groupby("unit_type")["people"].sum()
    kind = "phường" if weight.get("phường", 0) * 2 > weight.sum() else "xã"
    terrain = merged.groupby("terrain")["people"].sum().idxmax()
    if number == count - 1:
        kind = "đặc khu"
    elif kind == "xã" and terrain == "urban":
        terrain = "delta"
    district = names.DISTRICT_NAMES.index(merged["district"].iloc[0])
    office = names.OFFICE_NAMES[district % len(names.OFFICE_NAMES)]
    return {
        "code": f"99{3 * number + 2:03d}", "name": name,
        "full_name": f"{kind[:1].upper()}{kind[1:]} {name}", "unit_type": kind,
        "province_code": PROVINCE_CODE, "province_name": PROVINCE_NAME, "district": None,
        "office": f"BHXH cơ sở {office}", "terrain": terrain,
    }  # fmt: skip


def _crosswalk(
    former: gpd.GeoDataFrame, present: gpd.GeoDataFrame, pairs: NDArray[np.int64]
) -> pd.DataFrame:
    old, new = former.iloc[pairs[:, 0]].reset_index(), present.iloc[pairs[:, 1]].reset_index()
    districts = {name: f"{880 + at}" for at, name in enumerate(names.DISTRICT_NAMES[:DISTRICTS])}
    parts_of = old.groupby("code")["code"].transform("size")
    return pd.DataFrame(
        {
            "old_code": old["code"], "old_name": old["full_name"],
            "old_district_code": old["district"].map(districts), "old_district": old["district"],
            "old_province_code": PROVINCE_CODE, "old_province": PROVINCE_NAME,
            "new_code": new["code"], "new_name": new["full_name"],
            "new_province_code": PROVINCE_CODE,
            "relation": (parts_of > 1).map({True: "partial", False: "full"}),
        }
    )  # fmt: skip
