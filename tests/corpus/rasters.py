"""Bad and odd population grids: the catalogue's rasters R01 to R09, and grids as tables.

The good raster has 30 by 24 cells of 0.01 degrees around the province, one hundred people on
each; its total agrees with the communes' as far as the cells that touch the province count.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from tests.corpus import province
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case

STEP = 0.01
WEST, SOUTH = 105.45, 10.18
WIDE, HIGH = 30, 24
NORTH = SOUTH + HIGH * STEP
_NORTH_UP = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
_MIDDLE = 12, 15  # row and column of a cell in the middle of the province


def _cells_inside() -> np.ndarray:
    """Return which cells touch the province."""
    corners = [(0, 0), (20, 0), (20, 15), (0, 15)]
    lons, lats = zip(*(province.degrees(each) for each in corners), strict=True)
    lon = WEST + STEP * np.arange(WIDE)
    lat = NORTH - STEP * (np.arange(HIGH) + 1)
    touching = (lat[:, None] < max(lats)) & (lat[:, None] + STEP > min(lats))
    return touching & (lon < max(lons)) & (lon + STEP > min(lons))


INSIDE = _cells_inside()
EACH = province.TOTAL / INSIDE.sum()  # people on each cell that touches the province


def cells(value: float | None = None) -> np.ndarray:
    """Return people per cell, with `value` in the cell in the middle."""
    found = np.where(INSIDE, EACH, 0.0)
    if value is not None:
        found[_MIDDLE] = value
    return found


def raster(people: np.ndarray, name: str = "o.tif", **profile: Any) -> Callable[[Path], Path]:
    """Return what writes people per cell as a GeoTIFF."""

    def make(folder: Path) -> Path:
        given = {
            "driver": "GTiff", "height": people.shape[0], "width": people.shape[1], "count": 1,
            "dtype": "float64", "crs": CRS.from_epsg(4326), "transform": _NORTH_UP, **profile,
        }  # fmt: skip
        with rasterio.open(folder / name, "w", **given) as out:
            out.write(people.astype(given["dtype"]), 1)
        return folder / name

    return make


def _sparse(folder: Path) -> Path:
    """Write a GeoTIFF of 300,000 by 300,000 cells in some hundred kilobytes."""
    path = folder / "o.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=300_000, width=300_000, count=1, dtype="uint8",
        crs=CRS.from_epsg(4326), transform=Affine(1e-6, 0, WEST, 0, -1e-6, NORTH), sparse_ok=True,
        tiled=True, blockxsize=16384, blockysize=16384, BIGTIFF="YES",
    ):  # fmt: skip
        pass
    return path


def table(change: Callable[[list[list[Any]]], object] = len, head: str = "lon,lat,people",
          ) -> Callable[[Path], Path]:  # fmt: skip
    """Return what writes the cells as a table of centres, after `change` spoiled its rows."""
    rows: list[list[Any]] = [
        [f"{WEST + (column + 0.5) * STEP:.6f}", f"{NORTH - (row + 0.5) * STEP:.6f}", EACH]
        for row, column in np.argwhere(INSIDE).tolist()
    ]
    change(rows)
    return saved("o.csv", "\n".join([head, *(",".join(map(str, each)) for each in rows)]) + "\n")


def _undeclared() -> np.ndarray:
    """Return the cells with every fifth column empty, written as a number nobody declares."""
    return np.where(_EMPTY, -99999.0, cells())


def _of(at: int, value: Any) -> Callable[[list[list[Any]]], object]:
    """Return what writes a value into a column of the table's third cell, on row 4."""
    return lambda rows: rows[2].__setitem__(at, value)


_EMPTY = np.broadcast_to(np.arange(WIDE) % 5 == 0, INSIDE.shape)
_LEFT = float(cells()[~_EMPTY].sum())
_NAN = np.where(_EMPTY, math.nan, cells())
A = Action
KIND = "grid"
TOTAL = float(province.TOTAL)

CASES = (
    Case("G40", KIND, raster(cells()), A.ACCEPTS, kept=TOTAL),
    Case("G41", KIND, table(), A.ACCEPTS, kept=TOTAL),
    Case("R01", KIND, raster(_undeclared()), A.ASKS, "nodata-undeclared", value="-99999",
         kept=_LEFT),
    Case("R01b", KIND, raster(_undeclared(), nodata=-99999.0), A.ACCEPTS, kept=_LEFT),
    Case("R02", KIND, raster(cells(), crs=None), A.ASKS, "crs-missing", kept=TOTAL),
    Case("R03", KIND, raster(cells(), crs=CRS.from_epsg(3857)), A.BLOCKS, "crs-contradicts"),
    Case("R03b", KIND, raster(cells(), crs=CRS.from_epsg(32648),
                              transform=Affine(1000, 0, 540_000, 0, -1000, 1_150_000)),
         A.BLOCKS, "crs-not-degrees"),
    Case("R04", KIND, raster(cells(-5.5)), A.BLOCKS, "out-of-range", value="-5.5"),
    Case("R04b", KIND, raster(cells(5_000_000.0)), A.BLOCKS, "out-of-range", value="5e+06"),
    Case("R05", KIND, raster(cells(), transform=Affine(STEP, 0, 2.2, 0, -STEP, 48.9)), A.REFUSED,
         says="covers none of the provinces"),
    Case("R06", KIND, _sparse, A.BLOCKS, "raster-too-large", hostile=True),
    Case("R07", KIND, raster(cells() / 1.2), A.ACCEPTS, kept=TOTAL / 1.2,
         why="sums of two sources differ by a tenth anywhere; a quarter is looked at (R07b)"),
    Case("R07b", KIND, raster(cells() * 3), A.LOOKS, "total-implausible", kept=TOTAL * 3),
    Case("R08", KIND, raster(_NAN), A.ACCEPTS, kept=_LEFT),
    Case("R09", KIND, raster(cells(), transform=Affine(STEP, 0.002, WEST, 0.002, -STEP, NORTH)),
         A.BLOCKS, "raster-rotated"),
    Case("R10", KIND, saved("o.tif", b"II*\x00nothing at all"), A.REFUSED, says="GeoTIFF"),
    Case("R11", KIND, table(_of(2, "nhiều")), A.BLOCKS, "not-a-number", 4, "people", "nhiều"),
    Case("R12", KIND, table(_of(2, -3)), A.BLOCKS, "out-of-range", 4, "people", "-3"),
    Case("R13", KIND, table(_of(1, "")), A.BLOCKS, "cell-empty", 4, "lat"),
    Case("R14", KIND, table(lambda rows: rows.insert(2, list(rows[0]))), A.BLOCKS, "cell-twice", 4),
    Case("R15", KIND, table(_of(0, 255.5)), A.BLOCKS, "out-of-range", 4, "lon", "255.5"),
    Case("R16", KIND, table(head="a,b,c"), A.BLOCKS, "column-missing"),
)  # fmt: skip
