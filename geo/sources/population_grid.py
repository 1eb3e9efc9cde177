"""A population grid, as a table of cell centres or as a raster → the grid table."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns
from geo.sources.fields import known_keys, number
from geo.sources.files import NOTHING, read_table
from geo.sources.gate import require_file
from geo.sources.rasters import RASTER_SUFFIXES, read_raster
from geo.sources.rows import Cells, Seen, mapped, there
from geo.tables import Grid, grid

HEADINGS = {
    "lon": ("lon", "longitude", "kinh độ", "kinh_do", "x"),
    "lat": ("lat", "latitude", "vĩ độ", "vi_do", "y"),
    "people": ("people", "pop", "population", "dân số", "dan_so", "số dân"),
}
MOST_PEOPLE = 1_000_000  # in one cell; the densest square kilometre of the world has a seventh
LARGEST_CELL_DEG = 0.1
TOTAL_TOLERANCE = 0.25  # of the known people, by which a grid of counts may differ
Bounds = tuple[float, float, float, float]

_NO_NUMBER = Seen(Severity.BLOCKS, "not-a-number", N_("is no number."))
_EMPTY = Seen(Severity.BLOCKS, "cell-empty", N_("is empty; a cell needs place and people."))
_PEOPLE = Seen(Severity.BLOCKS, "out-of-range", N_("cannot be the people of a cell."))
_PLACE = Seen(Severity.BLOCKS, "out-of-range", N_("is no longitude or latitude in degrees."))
_TWICE = Seen(
    Severity.BLOCKS, "cell-twice",
    N_("the place of this cell stands on an earlier row too; delete one."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridFile:
    """The cells of a grid that touch the bounds, what was seen, how it was understood."""

    table: Grid
    report: FindingReport
    rows: int
    recognised: Recognised


def read_grid(path: Path, bounds: Bounds) -> Grid:
    """Return the cells of `read_grid_file`; raise `FileError` for what would block it."""
    file = read_grid_file(path, bounds)
    grave = (Severity.BLOCKS, Severity.ASK)
    blocking = next((each for each in file.report if each.severity in grave), None)
    if blocking is not None:
        raise FileError("%(file)s: %(problem)s", file=path.name, problem=blocking.sentence(str))
    return file.table


def read_grid_file(path: Path, bounds: Bounds, choices: Choices = NOTHING) -> GridFile:
    """Read the cells of a population grid that touch `bounds` (west, south, east, north).

    A table gives lon, lat and people of each cell's centre, the cell size following from
    the spacing; a raster (GeoTIFF in WGS 84, north up, people per cell) is read inside the
    bounds only. Cells without people are dropped. Raises `FileError` for a file that is
    neither.
    """
    require_file(path)
    if path.suffix.lower() in RASTER_SUFFIXES:
        frame, report, recognised = read_raster(path, bounds, choices, MOST_PEOPLE)
    else:
        frame, report, recognised = _table(path, bounds, choices)
    west, south, east, north = bounds
    half_w, half_h = frame["width_deg"] / 2, frame["height_deg"] / 2
    touches = (
        (frame["lon"] + half_w > west) & (frame["lon"] - half_w < east)
        & (frame["lat"] + half_h > south) & (frame["lat"] - half_h < north)
    )  # fmt: skip
    kept = frame[touches & (frame["people"] > 0)]
    if len(frame) and not touches.any() and not report.blocked:
        report.add(_no_overlap(frame))
    return GridFile(grid(kept), report, recognised.rows, recognised)


def _no_overlap(frame: pd.DataFrame) -> Finding:
    extent = [frame["lon"].min(), frame["lat"].min(), frame["lon"].max(), frame["lat"].max()]
    return Finding(
        Severity.LOOK, "no-overlap", N_("no cell lies in the province; the cells reach over %(extent)s."),
        params={"extent": ", ".join(f"{each:.2f}" for each in extent)},
    )  # fmt: skip


def compare_total(cells: Grid, people: float | None, report: FindingReport) -> None:
    """Name a total that cannot be counts: densities per km², thousands, another country.

    `cells` are those on the ground of the communes, `people` who is known to live there.
    """
    if people is None or not len(cells) or people <= 0:
        return
    total = float(cells["people"].sum())
    if abs(total - people) > TOTAL_TOLERANCE * people:
        report.add(
            Finding(Severity.LOOK, "total-implausible",
                    N_("the cells sum to %(sum)s people, the communes to %(people)s; are these people per cell, or per km²?"),
                    params={"sum": round(total), "people": round(people)})
        )  # fmt: skip


def _table(
    path: Path, bounds: Bounds, choices: Choices
) -> tuple[pd.DataFrame, FindingReport, Recognised]:
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, tuple(HEADINGS), choices)
    cells = Cells(raw, HEADINGS, matched, choices)
    values = {field: _numbers(cells, field) for field in HEADINGS}
    frame = pd.DataFrame(values)
    people = values["people"]
    cells.see((people < 0) | (people > MOST_PEOPLE), "people", _PEOPLE)
    for field, most in (("lon", 180), ("lat", 90)):
        cells.see(np.abs(values[field]) > most, field, _PLACE)
    again = frame[["lon", "lat"]].duplicated() & frame[["lon", "lat"]].notna().all(axis=1)
    cells.see(again.to_numpy(), "lat", _TWICE)
    west, south, east, north = bounds
    near = frame["lon"].between(west - 0.2, east + 0.2) & frame["lat"].between(
        south - 0.2, north + 0.2
    )
    whole = frame[frame.notna().all(axis=1)]
    if len(whole) and not near.any():
        raw.report.add(_no_overlap(whole))
    frame = frame[
        near & frame.notna().all(axis=1) & ~again & (people >= 0) & (people <= MOST_PEOPLE)
    ]
    frame = frame.reset_index(drop=True)
    width, height = _spacing(frame["lon"]), _spacing(frame["lat"])
    if max(width, height) > LARGEST_CELL_DEG:
        raw.report.add(
            Finding(Severity.BLOCKS, "cells-too-large",
                    N_("the cells stand %(degrees)s degrees apart; a grid of at most %(most)s degrees is read."),
                    params={"degrees": round(max(width, height), 3), "most": LARGEST_CELL_DEG})
        )  # fmt: skip
    recognised = replace(raw.found, crs="EPSG:4326", axes="xy")
    return frame.assign(width_deg=width, height_deg=height), raw.report, recognised


def _numbers(cells: Cells, field: str) -> NDArray[np.float64]:
    """Return a column's numbers, NaN (and reported) where a cell has none."""
    texts = cells.written(field)
    found = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(
        float, copy=True
    )
    found[~np.isfinite(found)] = np.nan
    rest = np.flatnonzero(np.isnan(found) & there(texts))
    if len(rest):
        read = mapped(texts[rest], number)
        found[rest] = [np.nan if each is None else each for each in read]
    if field in cells.matched:
        cells.see(np.isnan(found) & there(texts), field, _NO_NUMBER)
        cells.see(~there(texts), field, _EMPTY)
    return found


def _spacing(values: pd.Series) -> float:
    """Return the cell size along one axis: the smallest step between two centres."""
    steps = np.diff(np.unique(values.round(6)))
    steps = steps[steps > 1e-4]
    return float(steps.min()) if len(steps) else 0.005
