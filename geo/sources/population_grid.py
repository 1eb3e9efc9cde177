"""A population grid, as a table of cell centres or as a raster → the grid table."""

from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from rasterio.windows import Window, from_bounds

from geo.crs import DEGREES
from geo.errors import FileError
from geo.sources.fields import known_keys, match_headings, number, require_fields, text_column
from geo.sources.files import read_table
from geo.tables import Grid, grid

HEADINGS = {
    "lon": ("lon", "longitude", "kinh độ", "kinh_do", "x"),
    "lat": ("lat", "latitude", "vĩ độ", "vi_do", "y"),
    "people": ("people", "pop", "population", "dân số", "dan_so", "số dân"),
}
RASTER_SUFFIXES = (".tif", ".tiff")
MOST_CELLS = 400_000_000
MOST_PEOPLE = 1_000_000  # in one cell; the densest square kilometre of the world has a seventh
LARGEST_CELL_DEG = 0.1
Bounds = tuple[float, float, float, float]


def read_grid(path: Path, bounds: Bounds) -> Grid:
    """Read the cells of a population grid that touch `bounds` (west, south, east, north).

    A table gives lon, lat and people of each cell's centre, the cell size following from
    the spacing; a raster (GeoTIFF in WGS 84, north up, people per cell) is read inside the
    bounds only. Cells without people are dropped. Raises `FileError` for a file that is
    neither, and for a raster of another system, rotated, too large or with negative people.
    """
    frame = (
        _raster(path, bounds) if path.suffix.lower() in RASTER_SUFFIXES else _table(path, bounds)
    )
    west, south, east, north = bounds
    half_w, half_h = frame["width_deg"] / 2, frame["height_deg"] / 2
    touches = (
        (frame["lon"] + half_w > west) & (frame["lon"] - half_w < east)
        & (frame["lat"] + half_h > south) & (frame["lat"] - half_h < north)
    )  # fmt: skip
    return grid(frame[touches & (frame["people"] > 0)])


def _table(path: Path, bounds: Bounds) -> pd.DataFrame:
    raw = read_table(path, known_keys(HEADINGS))
    matched = match_headings(raw, HEADINGS, path.name)
    require_fields(matched, HEADINGS, raw, path.name)
    values = {field: text_column(raw, matched, field) for field in HEADINGS}
    numbers = {
        field: pd.to_numeric(cells, errors="coerce").astype(float)
        for field, cells in values.items()
    }
    numbers = {field: cells.where(np.isfinite(cells)) for field, cells in numbers.items()}
    for field, cells in values.items():
        for at in np.flatnonzero(numbers[field].isna()).tolist():
            text = cells.iloc[at]
            value = None if pd.isna(text) else number(str(text))
            if value is None:
                raise FileError(
                    "%(file)s, row %(row)s, column “%(column)s”: “%(value)s” is no number.",
                    file=path.name, row=raw.rows[at], column=matched[field],
                    value="" if pd.isna(text) else text,
                )  # fmt: skip
            numbers[field].iloc[at] = value
    frame = pd.DataFrame(numbers)
    again = frame[["lon", "lat"]].duplicated()
    if again.any():
        raise FileError(
            "%(file)s, row %(row)s: the place of this cell stands on an earlier row too; delete one.",
            file=path.name, row=raw.rows[int(np.flatnonzero(again)[0])],
        )  # fmt: skip
    wrong = (frame["people"] < 0) | (frame["people"] > MOST_PEOPLE)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise FileError(
            "%(file)s, row %(row)s: a cell cannot hold %(value)s people.",
            file=path.name, row=raw.rows[at], value=frame["people"].iloc[at],
        )  # fmt: skip
    west, south, east, north = bounds
    near = frame["lon"].between(west - 0.2, east + 0.2) & frame["lat"].between(
        south - 0.2, north + 0.2
    )
    frame = frame[near].reset_index(drop=True)
    width, height = _spacing(frame["lon"]), _spacing(frame["lat"])
    if max(width, height) > LARGEST_CELL_DEG:
        raise FileError(
            "%(file)s: its cells stand %(degrees)s degrees apart; a grid of at most %(most)s "
            "degrees is read.",
            file=path.name, degrees=round(max(width, height), 3), most=LARGEST_CELL_DEG,
        )  # fmt: skip
    return frame.assign(width_deg=width, height_deg=height)


def _spacing(values: pd.Series) -> float:
    """Return the cell size along one axis: the smallest step between two centres."""
    steps = np.diff(np.unique(values.round(6)))
    steps = steps[steps > 1e-4]
    return float(steps.min()) if len(steps) else 0.005


def _raster(path: Path, bounds: Bounds) -> pd.DataFrame:
    try:
        with rasterio.open(path, driver="GTiff") as source:
            _require_plain(source, path)
            whole = Window(0, 0, source.width, source.height)
            near = from_bounds(*bounds, transform=source.transform)
            window = _outward(near).intersection(whole)
            people = source.read(1, window=window, masked=True).astype(float)
            transform = source.window_transform(window)
    except rasterio.errors.WindowError:
        return pd.DataFrame(
            columns=["lon", "lat", "people", "width_deg", "height_deg"], dtype=float
        )
    except rasterio.errors.RasterioError as error:
        raise FileError("%(file)s cannot be read as a GeoTIFF.", file=path.name) from error
    filled = np.nan_to_num(people.filled(0.0))
    if (filled < 0).any() or (filled > MOST_PEOPLE).any():
        raise FileError(
            "%(file)s holds %(value)s people in a cell; declare its no-data value.",
            file=path.name, value=float(filled.min() if (filled < 0).any() else filled.max()),
        )  # fmt: skip
    rows, columns = np.nonzero(filled > 0)
    return pd.DataFrame(
        {
            "lon": transform.c + (columns + 0.5) * transform.a,
            "lat": transform.f + (rows + 0.5) * transform.e,
            "people": filled[rows, columns],
            "width_deg": transform.a,
            "height_deg": -transform.e,
        }
    )


def _outward(window: Window) -> Window:
    """Return the smallest window of whole cells around `window`."""
    column, row = int(np.floor(window.col_off)), int(np.floor(window.row_off))
    right = int(np.ceil(window.col_off + window.width))
    bottom = int(np.ceil(window.row_off + window.height))
    return Window(column, row, right - column, bottom - row)


def _require_plain(source: rasterio.DatasetReader, path: Path) -> None:
    """Refuse a raster whose cells are not plain north-up cells in degrees."""
    if source.width * source.height > MOST_CELLS:
        raise FileError("%(file)s has too many cells; clip it to the province.", file=path.name)
    if source.crs is None or not DEGREES.equals(source.crs.to_wkt(), ignore_axis_order=True):
        raise FileError("%(file)s is not in WGS 84 degrees; warp it first.", file=path.name)
    if source.transform.b or source.transform.d or source.transform.e >= 0:
        raise FileError("%(file)s is rotated; warp it north-up first.", file=path.name)
