"""Where the people are: commune totals spread over places, to the person.

With a population grid its cells, cut into pieces of at most 500 m, say how a commune's
people are spread; without one they are spread evenly over a lattice inside the commune.
Either way every commune's total is met exactly, in whole persons (largest remainders).
This is dasymetric areal interpolation that keeps totals; nothing is smoothed or invented
between communes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import in_degrees, metric_crs, shapes_in_metres
from geo.locate import commune_of
from geo.shares import largest_remainder
from geo.tables import Communes, CommuneTable, Demand, DemandTable, Grid, GridTable, demand

LARGEST_PIECE_M = 500.0
_METRES_PER_DEGREE = 111_700.0  # no degree along a meridian or the equator is longer


@dataclass(frozen=True, slots=True)
class SpreadPeople:
    """The demand table and what did not go into it.

    `people_outside` are people of grid cells that touch the province but lie in no commune,
    before rescaling, rounded to whole persons. `lattice_communes` are the communes whose
    people were spread evenly because no grid cell with people lies in them.
    """

    demand: Demand
    people_outside: int
    lattice_communes: tuple[str, ...]


def spread(
    communes: Communes,
    people: Mapping[str, int] | None,
    grid: Grid | None,
    former: Communes | None = None,
) -> SpreadPeople:
    """Spread people over places.

    `people` gives whole persons by commune code; a commune that is not in it is unknown and
    gets no demand. With `people` None the grid's own sums are the totals. `former` are the
    communes of the vintage before, whose code each place is given too.
    """
    pieces, outside = _pieces(communes, grid)
    totals = _grid_totals(pieces) if people is None else dict(people)
    settled = set(pieces.loc[pieces["weight"] > 0, "code"])
    empty = [
        code for code in communes[CommuneTable.code]
        if totals.get(code, 0) > 0 and code not in settled
    ]  # fmt: skip
    lattice = _lattice(communes[communes[CommuneTable.code].isin(empty)])
    every = pd.concat([pieces[pieces["code"].isin(list(totals))], lattice], ignore_index=True)
    every = every.assign(people=_whole_persons(every, totals))
    every = every[every["people"] > 0].reset_index(drop=True)
    if former is None:
        former_code = pd.Series([None] * len(every), dtype="str")
    else:
        former_code = commune_of(every["lon"], every["lat"], former)
    frame = pd.DataFrame(
        {
            DemandTable.lon: every["lon"],
            DemandTable.lat: every["lat"],
            DemandTable.people: every["people"].astype(np.int64),
            DemandTable.commune_code: every["code"].astype("str"),
            DemandTable.former_code: former_code,
        }
    )
    return SpreadPeople(demand(frame), round(outside), tuple(sorted(empty)))


def touching(grid: Grid, communes: Communes) -> Grid:
    """Return the cells of `grid` that share ground with a commune."""
    _, found = shapely.STRtree(_boxes(grid)).query(
        communes.geometry.to_numpy(), predicate="intersects"
    )
    return Grid(grid.iloc[np.unique(found)].reset_index(drop=True))


def reached_share(grid: Grid, communes: Communes) -> float:
    """Return the share of the communes (0..1) that some cell of `grid` shares ground with."""
    asked, _ = shapely.STRtree(_boxes(grid)).query(
        communes.geometry.to_numpy(), predicate="intersects"
    )
    return len(np.unique(asked)) / len(communes)


def _boxes(grid: Grid) -> NDArray[Any]:
    half_w, half_h = grid[GridTable.width_deg] / 2, grid[GridTable.height_deg] / 2
    lon, lat = grid[GridTable.lon], grid[GridTable.lat]
    return np.asarray(shapely.box(lon - half_w, lat - half_h, lon + half_w, lat + half_h))


def _pieces(communes: Communes, grid: Grid | None) -> tuple[pd.DataFrame, float]:
    """Return the grid's cells cut up, with their commune, and the people outside all."""
    if grid is None or not len(grid):
        return pd.DataFrame({"lon": [], "lat": [], "weight": [], "code": []}), 0.0
    sizes = [grid[GridTable.width_deg].round(7), grid[GridTable.height_deg].round(7)]
    parts: list[pd.DataFrame] = []
    for size, cells in grid.groupby(sizes):
        width, height = cast("tuple[float, float]", size)  # the stub says only: hashable
        parts.append(_cut(cells, float(width), float(height)))
    cut = pd.concat(parts, ignore_index=True)
    code = commune_of(cut["lon"], cut["lat"], communes)
    outside = float(cut.loc[code.isna(), "weight"].sum())
    inside = cut.assign(code=code)[code.notna()]
    return inside.reset_index(drop=True), outside


def _cut(cells: pd.DataFrame, width: float, height: float) -> pd.DataFrame:
    """Return cells of one size cut into equal pieces of at most 500 m, people shared evenly."""
    lat = np.radians(np.abs(cells[GridTable.lat]).min())  # where cells are widest
    across = max(1, int(np.ceil(width * _METRES_PER_DEGREE * np.cos(lat) / LARGEST_PIECE_M)))
    down = max(1, int(np.ceil(height * _METRES_PER_DEGREE / LARGEST_PIECE_M)))
    east = ((np.arange(across) + 0.5) / across - 0.5) * width
    north = ((np.arange(down) + 0.5) / down - 0.5) * height
    steps = np.array([(x, y) for y in north for x in east])
    lon = cells[GridTable.lon].to_numpy()[:, None] + steps[:, 0]
    lat_deg = cells[GridTable.lat].to_numpy()[:, None] + steps[:, 1]
    weight = np.repeat(cells[GridTable.people].to_numpy() / len(steps), len(steps))
    return pd.DataFrame({"lon": lon.ravel(), "lat": lat_deg.ravel(), "weight": weight})


def _grid_totals(pieces: pd.DataFrame) -> dict[str, int]:
    sums = pieces.groupby("code")["weight"].sum().round()
    return {str(code): int(people) for code, people in sums.items()}


def _lattice(communes: pd.DataFrame) -> pd.DataFrame:
    """Return evenly spaced places inside each commune, at least one, of equal weight."""
    parts: list[pd.DataFrame] = []
    for code, shape in zip(communes[CommuneTable.code], communes.geometry, strict=True):
        crs = metric_crs([shape.bounds[0], shape.bounds[2]])
        flat = shapes_in_metres([shape], crs)[0]
        west, south, east, north = flat.bounds
        x = np.arange(west + LARGEST_PIECE_M / 2, east, LARGEST_PIECE_M)
        y = np.arange(south + LARGEST_PIECE_M / 2, north, LARGEST_PIECE_M)
        xy = np.array(np.meshgrid(x, y)).reshape(2, -1).T
        shapely.prepare(flat)
        xy = xy[shapely.contains_xy(flat, xy)] if len(xy) else xy
        if not len(xy):
            inside = flat.representative_point()
            xy = np.array([[inside.x, inside.y]])
        degrees = in_degrees(xy, crs)
        parts.append(
            pd.DataFrame({"lon": degrees[:, 0], "lat": degrees[:, 1], "weight": 1.0, "code": code})
        )
    if not parts:
        return pd.DataFrame({"lon": [], "lat": [], "weight": [], "code": []})
    return pd.concat(parts, ignore_index=True)


def _whole_persons(places: pd.DataFrame, totals: Mapping[str, int]) -> NDArray[np.int64]:
    """Return whole persons per place, in the places' order, each commune's total met."""
    people = np.zeros(len(places), dtype=np.int64)
    for code, at in places.groupby("code").indices.items():
        people[at] = largest_remainder(places["weight"].to_numpy()[at], totals[str(code)])
    return people
