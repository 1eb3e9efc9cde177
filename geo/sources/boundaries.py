"""A boundary file → the commune table of one province and one vintage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import DEGREES, VIETNAM_LAT, VIETNAM_LON, metric_crs
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import bare_name, unit_type
from geo.recognition import Choices, Recognised
from geo.repair import coverage, geometry
from geo.sources.boundary_codes import compare_with_list
from geo.sources.boundary_columns import as_number, fields_of, matched_columns
from geo.sources.fields import code_text
from geo.sources.mending import Mender
from geo.sources.shapes import ShapeFile, read_shapes
from geo.tables import Communes, communes

AREA_TOLERANCE = 0.10
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Vintage:
    """Which boundaries a file holds: of which province, from which day, to which day."""

    province_code: str
    valid_from: str
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """What a boundary file holds.

    `table` is None where anything blocks; while something is asked that nobody has answered
    (`report.asked`) it shows what would come in, and is not to be kept. `name` is the
    province's where the file names one.
    """

    table: Communes | None
    report: FindingReport
    name: str | None
    recognised: Recognised


def read_boundaries(
    path: Path, vintage: Vintage, terrains: frozenset[str], choices: Choices | None = None,
    province: Communes | None = None,
) -> BoundaryFile:  # fmt: skip
    """Read a boundary file: the commune table, what was seen, how it was understood.

    Rows of other provinces are left out and counted. `terrains` are the terrain classes
    that may stand in the file; `province` is the province's communes on any vintage, where
    they are known: they tell which coordinate system fits. Raises `FileError` when the file
    cannot be read at all.
    """
    choices = choices or Choices()
    file = read_shapes(path, choices, province)
    report = file.report
    cells = pd.DataFrame(file.frame.drop(columns=file.frame.geometry.name))
    matched = matched_columns(cells, choices, report)
    report.call_columns(matched)
    recognised = replace(file.recognised, columns=matched)
    if any(each.code == "columns-needed" for each in report):
        return BoundaryFile(None, report, None, recognised)
    fields = fields_of(cells, matched)
    ours = _of_province(fields, vintage, report)
    kept = _rows(file, fields, ours, vintage, terrains)
    if kept:
        frame = _checked(gpd.GeoDataFrame(pd.DataFrame(kept), geometry="geometry", crs=DEGREES),
                         vintage, report)  # fmt: skip
    elif not report.blocked:
        report.add(
            Finding(
                Severity.BLOCKS, "province-empty",
                N_("the file holds no usable unit of province %(province)s; check the province."),
                params={"province": vintage.province_code},
            )
        )  # fmt: skip
    named = [each for each in dict.fromkeys(fields["province_name"][ours]) if each]
    name = str(named[0]) if len(named) == 1 else None
    table = None if report.blocked or not kept else communes(frame)
    return BoundaryFile(table, report, name, recognised)


def _of_province(fields: pd.DataFrame, vintage: Vintage, report: FindingReport) -> Any:
    province = fields["province_code"].map(lambda each: each and code_text(each, 2))
    ours = province.isna() | (province == vintage.province_code)
    others = int((~ours).sum())
    if others:
        report.add(
            Finding(
                Severity.LEFT_OUT, "other-province",
                N_("%(count)s units belong to other provinces and were left out."),
                params={"count": others},
            )
        )  # fmt: skip
    return ours.to_numpy(dtype=bool)


def _rows(
    file: ShapeFile, fields: pd.DataFrame, ours: Any, vintage: Vintage, terrains: frozenset[str]
) -> list[dict[str, Any]]:
    """Return the values of every row of the province that can be used, with its shape."""
    shapes, kept = file.frame.geometry.to_numpy(), []
    records = [
        {str(name): cell for name, cell in each.items()} for each in fields.to_dict("records")
    ]
    with Mender() as mend:
        for at in map(int, np.flatnonzero(ours)):
            drawn = geometry.Drawn(shapes[at], file.kinds[at], at + 1, file.opened[at])
            shape = geometry.polygonal(drawn, file.report, mend)
            row = _row(records[at], at + 1, vintage, file.report, terrains)
            if shape is not None and row is not None:
                kept.append({**row, "geometry": shape, "row": at + 1})
    return kept


def _row(
    fields: dict[str, Any], row: int, vintage: Vintage, report: FindingReport,
    terrains: frozenset[str],
) -> dict[str, Any] | None:  # fmt: skip
    code = _code(fields["code"], row, report)
    if code is None:
        return None
    full = fields["full_name"] or fields["name"] or code
    if full == code:
        report.add(
            Finding(
                Severity.LOOK, "name-missing",
                N_("the unit has no name; its code stands in its place."),
                row=row, column="name",
            )
        )  # fmt: skip
    kind = fields["unit_type"] or unit_type(full)
    if not unit_type(full) and kind:
        full = f"{kind[:1].upper()}{kind[1:]} {full}"
    terrain = fields["terrain"]
    if terrain is not None and terrain not in terrains:
        report.add(
            Finding(
                Severity.BLOCKS, "terrain-unknown",
                N_("is no terrain class; use one of %(known)s."),
                row=row, column="terrain", value=terrain[:_MOST_SHOWN],
                params={"known": ", ".join(sorted(terrains))},
            )
        )  # fmt: skip
    return {
        "code": code, "name": bare_name(fields["name"] or full), "full_name": full,
        "unit_type": kind.lower(), "province_code": vintage.province_code,
        "valid_from": vintage.valid_from, "valid_to": vintage.valid_to,
        "district": fields["district"], "office": fields["office"],
        "terrain": terrain, "stated_km2": as_number(fields["area"]),
        "seat_lon": as_number(fields["seat_lon"]), "seat_lat": as_number(fields["seat_lat"]),
    }  # fmt: skip


def _code(written: str | None, row: int, report: FindingReport) -> str | None:
    code = code_text(written or "", 5)
    if not written or code is None:
        finding = Finding(
            Severity.BLOCKS, "code-format",
            N_("is no commune code; a commune code has five digits."),
            row=row, column="code", value=(written or "")[:_MOST_SHOWN],
        )  # fmt: skip
        if not written:
            finding = Finding(
                Severity.BLOCKS, "code-missing",
                N_("the unit has no code; a commune code has five digits."),
                row=row, column="code",
            )  # fmt: skip
        report.add(finding)
        return None
    if code != written:
        report.add(
            Finding(
                Severity.CHANGED, "code-padded", N_("was read as %(code)s, with its lost zeros."),
                row=row, column="code", value=written, params={"code": code},
            )
        )  # fmt: skip
    return code


def _checked(frame: gpd.GeoDataFrame, vintage: Vintage, report: FindingReport) -> gpd.GeoDataFrame:
    """Report what only all rows together tell; return them measured, borders mended."""
    _check_codes(frame, report)
    compare_with_list(
        list(frame["code"]), list(frame["full_name"]), list(frame["row"]),
        (vintage.province_code, vintage.valid_from), report,
    )  # fmt: skip
    _check_place(frame, report)
    if any(each.code == "out-of-country" for each in report):
        return frame
    units = _units(frame)
    kept = _without_slivers(frame, units, report)
    if len(kept) < len(frame):
        frame, units = kept, _units(kept)
    mended = coverage.mended_borders(units, report)
    frame = frame.set_geometry(gpd.GeoSeries(mended.shapes, index=frame.index, crs=DEGREES))
    _check_areas(frame["stated_km2"], mended.km2, units, report)
    return frame.assign(area_km2=mended.km2)


def _units(frame: gpd.GeoDataFrame) -> coverage.Units:
    crs = metric_crs(frame.geometry.bounds[["minx", "maxx"]].to_numpy())
    rows: Sequence[int] = [int(each) for each in frame["row"]]
    return coverage.Units(frame.geometry.to_numpy(), list(frame["full_name"]), rows, crs)


def _without_slivers(
    frame: gpd.GeoDataFrame, units: coverage.Units, report: FindingReport
) -> gpd.GeoDataFrame:
    """Leave out units that are only a thread of ground, once that is agreed."""
    dropped = []
    for at in coverage.slivers(units) if len(frame) > 1 else ():
        finding = Finding(
            Severity.ASK, "sliver",
            N_("%(name)s is only a thread of ground, left over between borders."),
            N_("Agree to leave it out, or draw it again."), row=int(frame["row"].iloc[at]),
            params={"name": frame["full_name"].iloc[at]},
        )  # fmt: skip
        if report.ask(finding, Severity.LOOK):
            dropped.append(at)
    return frame.drop(index=frame.index[dropped]).reset_index(drop=True)


def _check_place(frame: gpd.GeoDataFrame, report: FindingReport) -> None:
    """Block shapes outside the country: swapped axes, or metres taken for degrees."""
    bounds = frame.geometry.bounds
    outside = (
        (bounds["minx"] < VIETNAM_LON[0]) | (bounds["maxx"] > VIETNAM_LON[1])
        | (bounds["miny"] < VIETNAM_LAT[0]) | (bounds["maxy"] > VIETNAM_LAT[1])
    )  # fmt: skip
    for at in np.flatnonzero(outside):
        where = ", ".join(f"{value:.4g}" for value in bounds.iloc[at])
        report.add(
            Finding(
                Severity.BLOCKS, "out-of-country",
                N_("the shape lies outside Viet Nam; check the coordinate system and the order of the axes."),
                row=int(frame["row"].iloc[at]), column="geometry", value=where,
            )
        )  # fmt: skip


def _check_areas(
    stated_km2: pd.Series, measured: Any, units: coverage.Units, report: FindingReport
) -> None:
    """Report stated areas that differ from the measured ones."""
    for at, (stated, km2) in enumerate(zip(stated_km2, measured, strict=True)):
        if stated and abs(stated - km2) > AREA_TOLERANCE * km2:
            report.add(
                Finding(
                    Severity.LOOK, "area-contradicts",
                    N_("%(name)s: the stated area differs by more than 10 %% from the shape's, %(measured)s km²; the shape's is used."),
                    row=units.rows[at], column="area", value=f"{stated:g}",
                    params={"name": units.names[at], "measured": round(float(km2), 1)},
                )
            )  # fmt: skip


def _check_codes(frame: gpd.GeoDataFrame, report: FindingReport) -> None:
    again = frame["code"].duplicated(keep="first")
    for at in np.flatnonzero(again):
        report.add(
            Finding(
                Severity.BLOCKS, "code-twice", N_("stands on an earlier row too; a code is given once."),
                row=int(frame["row"].iloc[at]), column="code", value=str(frame["code"].iloc[at]),
            )
        )  # fmt: skip
