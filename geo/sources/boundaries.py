"""A boundary file → the commune table of one province and one vintage."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import DEGREES, VIETNAM_LAT, VIETNAM_LON, metric_crs
from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.names import bare_name, clean, heading_key, unit_type
from geo.repair import geometry
from geo.sources.fields import code_text
from geo.sources.shapes import read_shapes
from geo.tables import Communes, communes

HEADINGS = {
    "code": (
        "code",
        "ma",
        "ma_xa",
        "maxa",
        "mã xã",
        "commune_code",
        "ma_dvhc",
        "Mã đơn vị hành chính",
    ),
    "name": ("name", "ten", "ten_xa", "tên xã", "tên"),
    "full_name": ("full_name", "ten_day_du", "tên đầy đủ"),
    "unit_type": ("unit_type", "loai", "loại", "cấp"),
    "province_code": ("province_code", "ma_tinh", "mã tỉnh"),
    "district": ("district", "huyen", "huyện", "tên huyện", "quận/huyện"),
    "office": ("office", "bhxh_co_so", "BHXH cơ sở", "BHXH cơ sở quản lý"),
    "terrain": ("terrain", "nhom_dia_ban", "nhóm địa bàn"),
    "area": ("area_km2", "dien_tich", "diện tích", "dien_tich_km2"),
    "seat_lon": ("seat_lon",),
    "seat_lat": ("seat_lat",),
}
AREA_TOLERANCE = 0.10


@dataclass(frozen=True, slots=True)
class Vintage:
    """Which boundaries a file holds: of which province, from which day, to which day."""

    province_code: str
    valid_from: str
    valid_to: str | None = None


def read_boundaries(
    path: Path, vintage: Vintage, terrains: frozenset[str]
) -> tuple[Communes | None, FindingReport, str | None]:
    """Read a boundary file: the commune table (None when blocked), findings, province name.

    Rows of other provinces are left out and counted. `terrains` are the terrain classes
    that may stand in the file. Raises `FileError` when the file cannot be read at all.
    """
    raw = read_shapes(path)
    report = FindingReport(path.name)
    fields = _fields(raw, path)
    shapes = _in_degrees(raw)
    ours = _of_province(fields, vintage, report)
    kept = []
    for at in np.flatnonzero(ours):
        shape = geometry.polygonal(shapes.iloc[at], int(at) + 1, report)
        row = _row(fields.iloc[at], int(at) + 1, vintage, report, terrains)
        if shape is not None and row is not None:
            kept.append({**row, "geometry": shape, "row": int(at) + 1})
    if not kept and report.blocked:
        return None, report, None
    if not kept:
        raise FileError(
            "%(file)s holds no usable unit of province %(province)s.",
            file=path.name, province=vintage.province_code,
        )  # fmt: skip
    frame = gpd.GeoDataFrame(pd.DataFrame(kept), geometry="geometry", crs=DEGREES)
    _check_place(frame, report)
    if not report.blocked:
        frame = _measured(frame, report)
    _check_codes(frame, report)
    named = raw["province_name"][ours] if "province_name" in raw else ()
    names = [each for each in dict.fromkeys(named) if each]
    name = clean(str(names[0])) if len(names) == 1 else None
    return (None if report.blocked else communes(frame)), report, name


def _fields(raw: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
    """Return the attributes under our names, missing where the file has none."""
    keys = {heading_key(str(each)): each for each in raw.columns if each != raw.geometry.name}
    found = {
        field: next((keys[heading_key(n)] for n in names if heading_key(n) in keys), None)
        for field, names in HEADINGS.items()
    }
    if found["code"] is None or (found["name"] is None and found["full_name"] is None):
        raise FileError(
            "%(file)s needs a column with the commune's code and one with its name; it has "
            "%(found)s.",
            file=path.name, found=", ".join(map(str, keys.values()))[:200],
        )  # fmt: skip
    empty = pd.Series([None] * len(raw), dtype=object)
    return pd.DataFrame(
        {
            field: raw[name].reset_index(drop=True) if name else empty
            for field, name in found.items()
        }
    )


def _of_province(fields: pd.DataFrame, vintage: Vintage, report: FindingReport) -> Any:
    province = fields["province_code"].map(
        lambda each: _text(each) and code_text(_text(each) or "", 2)
    )
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


def _row(
    fields: pd.Series, row: int, vintage: Vintage, report: FindingReport, terrains: frozenset[str]
) -> dict[str, Any] | None:
    written = _text(fields["code"])
    code = code_text(written or "", 5)
    if code is None:
        report.add(
            Finding(
                Severity.BLOCKS, "code-format",
                N_("is no commune code; a commune code has five digits."),
                row=row, column="code", value=written or "",
            )
        )  # fmt: skip
        return None
    if code != written:
        report.add(
            Finding(
                Severity.CHANGED, "code-padded", N_("was read as %(code)s, with its lost zeros."),
                row=row, column="code", value=written, params={"code": code},
            )
        )  # fmt: skip
    full = _text(fields["full_name"]) or _text(fields["name"]) or code
    if full == code:
        report.add(
            Finding(
                Severity.LOOK, "name-missing",
                N_("the unit has no name; its code stands in its place."),
                row=row, column="name",
            )
        )  # fmt: skip
    kind = _text(fields["unit_type"]) or unit_type(full)
    if not unit_type(full) and kind:
        full = f"{kind[:1].upper()}{kind[1:]} {full}"
    terrain = _text(fields["terrain"])
    if terrain is not None and terrain not in terrains:
        report.add(
            Finding(
                Severity.BLOCKS, "terrain-unknown",
                N_("is no terrain class; use one of %(known)s."),
                row=row, column="terrain", value=terrain,
                params={"known": ", ".join(sorted(terrains))},
            )
        )  # fmt: skip
    return {
        "code": code, "name": bare_name(_text(fields["name"]) or full), "full_name": full,
        "unit_type": kind.lower(), "province_code": vintage.province_code,
        "valid_from": vintage.valid_from, "valid_to": vintage.valid_to,
        "district": _text(fields["district"]), "office": _text(fields["office"]),
        "terrain": terrain, "stated_km2": _float(fields["area"]),
        "seat_lon": _float(fields["seat_lon"]), "seat_lat": _float(fields["seat_lat"]),
    }  # fmt: skip


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


def _measured(frame: gpd.GeoDataFrame, report: FindingReport) -> gpd.GeoDataFrame:
    """Add the measured area; report stated areas that differ from it and overlaps."""
    crs = metric_crs(frame.geometry.bounds[["minx", "maxx"]].to_numpy())
    shapes = frame.geometry.to_numpy()
    measured = geometry.areas_km2(shapes, crs)
    for at, (stated, km2) in enumerate(zip(frame["stated_km2"], measured, strict=True)):
        if stated and abs(stated - km2) > AREA_TOLERANCE * km2:
            report.add(
                Finding(
                    Severity.LOOK, "area-contradicts",
                    N_("%(name)s: the stated area differs by more than 10 %% from the shape's, %(measured)s km²; the shape's is used."),
                    row=int(frame["row"].iloc[at]), column="area_km2", value=f"{stated:g}",
                    params={"name": frame["full_name"].iloc[at], "measured": round(float(km2), 1)},
                )
            )  # fmt: skip
    for each in geometry.overlaps(shapes, crs):
        report.add(
            Finding(
                Severity.BLOCKS, "overlap",
                N_("%(first)s and %(second)s overlap by %(km2)s km²; mend the border in a GIS."),
                params={"first": frame["full_name"].iloc[each.first],
                        "second": frame["full_name"].iloc[each.second],
                        "km2": round(each.area_km2, 3)},
            )
        )  # fmt: skip
    return frame.assign(area_km2=measured)


def _check_codes(frame: gpd.GeoDataFrame, report: FindingReport) -> None:
    again = frame["code"].duplicated(keep="first")
    for at in np.flatnonzero(again):
        report.add(
            Finding(
                Severity.BLOCKS, "code-twice", N_("stands on an earlier row too; a code is given once."),
                row=int(frame["row"].iloc[at]), column="code", value=str(frame["code"].iloc[at]),
            )
        )  # fmt: skip


def _in_degrees(raw: gpd.GeoDataFrame) -> gpd.GeoSeries:
    if raw.crs is not None and raw.crs.equals(DEGREES, ignore_axis_order=True):
        return raw.geometry
    # VN-2000 to WGS 84 is part of the file's own declared system; pyproj carries the shift.
    return raw.geometry.to_crs(DEGREES).set_precision(1e-9, mode="pointwise")


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - only NaN differs from itself
        return None
    text = clean(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
    return text or None


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
