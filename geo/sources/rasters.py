"""A population raster (GeoTIFF) → its cells, and what is wrong with it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window, from_bounds

from geo.crs import DEGREES
from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.recognition import Choices, Recognised

RASTER_SUFFIXES = (".tif", ".tiff")
MOST_CELLS = 400_000_000
MOST_READ = 25_000_000  # cells inside the bounds
NODATA_SHARE = 0.001  # of cells with one and the same negative value: no-data, not people
_DEGREES_FIT = (-180.0, -90.0, 180.0, 90.0)

Bounds = tuple[float, float, float, float]


def read_raster(
    path: Path, bounds: Bounds, choices: Choices, most: float
) -> tuple[pd.DataFrame, FindingReport, Recognised]:
    """Return cells with people inside `bounds`, what was seen, how the file was understood.

    A blocked raster has no cells. Cells that are not a number are no-data. `most` people
    may live in one cell. Raises `FileError` for a file that is no GeoTIFF.
    """
    report = FindingReport(path.name, choices.answers)
    try:
        with rasterio.open(path, driver="GTiff") as source:
            recognised = _recognised(source, choices)
            window = _window(source, bounds, choices, report)
            if window is None:
                return _none(), report, recognised
            read = source.read(1, window=window, masked=True).astype(float)
            transform = source.window_transform(window)
    except rasterio.errors.RasterioError as error:
        raise FileError("%(file)s cannot be read as a GeoTIFF.", file=path.name) from error
    people = np.nan_to_num(read.filled(0.0), nan=0.0, posinf=np.inf, neginf=-np.inf)
    people = _without_nodata(people, report)
    _check_values(people, transform, most, report)
    if report.blocked:
        return _none(), report, recognised
    people[(people < 0) | (people > most)] = 0
    rows, columns = np.nonzero(people > 0)
    frame = pd.DataFrame(
        {
            "lon": transform.c + (columns + 0.5) * transform.a,
            "lat": transform.f + (rows + 0.5) * transform.e,
            "people": people[rows, columns],
            "width_deg": transform.a,
            "height_deg": -transform.e,
        }
    )
    return frame, report, recognised


def _none() -> pd.DataFrame:
    names = ["lon", "lat", "people", "width_deg", "height_deg"]
    return pd.DataFrame(columns=names, dtype=float)


def _recognised(source: rasterio.DatasetReader, choices: Choices) -> Recognised:
    crs = choices.crs or (source.crs.to_string() if source.crs else None)
    return Recognised("tif", source.width * source.height, crs=crs, axes="xy")


def _window(
    source: rasterio.DatasetReader, bounds: Bounds, choices: Choices, report: FindingReport
) -> Window | None:
    """Return the part of the raster over the bounds; None where it cannot be read."""
    _check_plain(source, choices, report)
    if report.blocked:
        return None
    if choices.answers.get("crs-missing") is False:
        return None
    whole = Window(0, 0, source.width, source.height)
    try:
        near = from_bounds(*bounds, transform=source.transform)
        window = _outward(near).intersection(whole)
    except rasterio.errors.WindowError:
        report.add(
            Finding(Severity.LOOK, "no-overlap",
                    N_("no cell lies in the province; the cells reach over %(extent)s."),
                    params={"extent": ", ".join(f"{each:.2f}" for each in source.bounds)})
        )  # fmt: skip
        return None
    if window.width * window.height > MOST_READ:
        _add_too_large(source, report)
        return None
    return window


def _outward(window: Window) -> Window:
    """Return the smallest window of whole cells around `window`."""
    column, row = int(np.floor(window.col_off)), int(np.floor(window.row_off))
    right = int(np.ceil(window.col_off + window.width))
    bottom = int(np.ceil(window.row_off + window.height))
    return Window(column, row, right - column, bottom - row)


def _check_plain(source: rasterio.DatasetReader, choices: Choices, report: FindingReport) -> None:
    """Report whatever keeps the cells from being plain north-up cells in degrees."""
    if source.width * source.height > MOST_CELLS:
        _add_too_large(source, report)
    if source.transform.b or source.transform.d or source.transform.e >= 0:
        report.add(
            Finding(Severity.BLOCKS, "raster-rotated", N_("the raster is rotated."),
                    N_("Warp it north-up first."))
        )  # fmt: skip
    extent = ", ".join(f"{each:.4g}" for each in source.bounds)
    fits = all(
        low <= value <= high
        for value, low, high in zip(
            source.bounds, _DEGREES_FIT[:2] * 2, _DEGREES_FIT[2:] * 2, strict=True
        )
    )
    if source.crs is None and choices.crs is None and fits:
        report.ask(
            Finding(Severity.ASK, "crs-missing",
                    N_("the raster says no system of coordinates; it reaches over %(extent)s."),
                    N_("Agree to read it as degrees (EPSG:4326)."), params={"extent": extent}),
            otherwise=Severity.BLOCKS,
        )  # fmt: skip
        return
    system = choices.crs or (source.crs.to_wkt() if source.crs else None)
    if system is not None and DEGREES.equals(system, ignore_axis_order=True) and fits:
        return
    contradicts = fits and system is not None
    report.add(
        Finding(Severity.BLOCKS, "crs-contradicts" if contradicts else "crs-not-degrees",
                N_("the raster says it is in %(crs)s, but its extent %(extent)s is one of degrees.")
                if contradicts
                else N_("the raster is not in WGS 84 degrees (%(crs)s, %(extent)s)."),
                N_("Choose EPSG:4326.") if contradicts else N_("Warp it first."),
                params={"crs": _name(source), "extent": extent})
    )  # fmt: skip


def _name(source: rasterio.DatasetReader) -> str:
    return str(source.crs.to_string())[:40] if source.crs else "?"


def _add_too_large(source: rasterio.DatasetReader, report: FindingReport) -> None:
    report.add(
        Finding(Severity.BLOCKS, "raster-too-large",
                N_("the raster has too many cells, %(width)s × %(height)s; clip it to the province."),
                params={"width": source.width, "height": source.height})
    )  # fmt: skip


def _without_nodata(people: NDArray[np.float64], report: FindingReport) -> NDArray[np.float64]:
    """Ask about one negative value on many cells: a no-data value that is not declared."""
    negative = people[people < 0]
    if not len(negative):
        return people
    values, counts = np.unique(negative, return_counts=True)
    value, count = float(values[counts.argmax()]), int(counts.max())
    round_value = value == int(value) if np.isfinite(value) else True
    if not (round_value and count >= max(2, NODATA_SHARE * people.size)) and value > -1e30:
        return people
    report.ask(
        Finding(Severity.ASK, "nodata-undeclared",
                N_("%(count)s cells hold %(number)s; that is a no-data value, which the file does not declare."),
                N_("Agree to read these cells as empty."), value=f"{value:g}",
                params={"count": count, "number": f"{value:g}"}),
        otherwise=Severity.BLOCKS,
    )  # fmt: skip
    return np.where(people == value, 0.0, people)


def _check_values(
    people: NDArray[np.float64], transform: Any, most: float, report: FindingReport
) -> None:
    for where, message in (
        (people < 0, N_("%(count)s cells hold a negative number of people; the first, in row %(at_row)s and column %(at_column)s from the corner of the province, lies at %(place)s.")),
        (people > most, N_("%(count)s cells hold more people than can live there; the first, in row %(at_row)s and column %(at_column)s from the corner of the province, lies at %(place)s.")),
    ):  # fmt: skip
        rows, columns = np.nonzero(where)
        if len(rows):
            row, column = int(rows[0]), int(columns[0])
            lon = transform.c + (column + 0.5) * transform.a
            lat = transform.f + (row + 0.5) * transform.e
            report.add(
                Finding(Severity.BLOCKS, "out-of-range", message,
                        N_("Correct the raster, or declare its no-data value."),
                        value=f"{people[row, column]:g}",
                        params={"count": len(rows), "at_row": row + 1, "at_column": column + 1,
                                "place": f"{lat:.4f}, {lon:.4f}"})
            )  # fmt: skip
