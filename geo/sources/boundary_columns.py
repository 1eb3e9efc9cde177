"""Which column of a boundary file stands for which field, and its cells as text."""

from math import isnan
from typing import Any

import pandas as pd

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.names import clean, heading_key
from geo.recognition import Choices

HEADINGS = {
    "code": (
        "code", "ma", "ma_xa", "mã xã", "commune_code", "ward_code", "ma_dvhc", "ma_dvhc_xa",
        "Mã đơn vị hành chính", "ma_hc", "ma_px", "ma_phuong_xa", "xa_code", "id_xa",
        "ma_xa_moi", "maxa_new", "ma_so", "ma_gso",
    ),
    "name": (
        "name", "ten", "ten_xa", "tên xã", "tên", "ten_dvhc", "Tên đơn vị hành chính",
        "ten_hc", "ten_px", "ten_phuong_xa", "phuong_xa", "xa_phuong", "ward_name",
        "commune_name", "ward", "commune", "xa", "ten_xa_moi",
    ),
    "full_name": ("full_name", "ten_day_du", "tên đầy đủ", "ten_xa_day_du"),
    "unit_type": ("unit_type", "loai", "loại", "cấp", "loai_dvhc", "loai_xa"),
    "province_code": ("province_code", "ma_tinh", "mã tỉnh", "ma_tinh_tp", "matp"),
    "province_name": ("province_name", "ten_tinh", "tên tỉnh", "tinh", "tỉnh", "tinh_tp"),
    "district": ("district", "huyen", "huyện", "tên huyện", "quận/huyện", "ten_huyen"),
    "office": ("office", "bhxh_co_so", "BHXH cơ sở", "BHXH cơ sở quản lý"),
    "terrain": ("terrain", "nhom_dia_ban", "nhóm địa bàn"),
    "area": ("area_km2", "dien_tich", "diện tích", "dien_tich_km2", "dientich_km2", "dt_km2"),
    "seat_lon": ("seat_lon",),
    "seat_lat": ("seat_lat",),
}  # fmt: skip


def matched_columns(cells: pd.DataFrame, choices: Choices, report: FindingReport) -> dict[str, str]:
    """Return field → column as written; report what is missing and what is ambiguous.

    What was chosen is taken; else the first spelling listed wins. Columns with one spelling
    and different contents (`ten`, `TEN`) are asked about. Missing are the code, and the name
    where neither name is there: both block the file.
    """
    written = [str(each) for each in cells.columns]
    matched: dict[str, str] = {}
    for field, names in HEADINGS.items():
        column = choices.columns.get(field)
        if column is None:
            column = _found(cells, (*names, field), written, report)
        elif column and column not in written:
            report.add(
                Finding(Severity.BLOCKS, "column-missing", N_("the file has no such column; it has %(found)s."),
                        column=column, params={"found": ", ".join(written)[:200]})
            )  # fmt: skip
            column = None
        if column:
            matched[field] = column
    if "code" not in matched or not {"name", "full_name"} & set(matched):
        report.add(
            Finding(
                Severity.BLOCKS, "columns-needed",
                N_("the file needs a column with the commune's code and one with its name; it has %(found)s."),
                N_("Choose the columns, or rename them."),
                params={"found": ", ".join(written)[:200]},
            )
        )  # fmt: skip
    return matched


def _found(
    cells: pd.DataFrame, names: tuple[str, ...], written: list[str], report: FindingReport
) -> str | None:
    """Return the column that the first fitting spelling means."""
    for name in names:
        found = [at for at, each in enumerate(written) if heading_key(each) == heading_key(name)]
        if not found:
            continue
        first = written[found[0]]
        same = all(_same(cells.iloc[:, found[0]], cells.iloc[:, at]) for at in found[1:])
        if not same:
            report.ask(
                Finding(
                    Severity.ASK, "column-ambiguous",
                    N_("the columns %(columns)s have one meaning and different contents; “%(first)s” was read."),
                    N_("Choose the column, or agree to this one."), column=first,
                    params={"columns": ", ".join(f"“{written[at]}”" for at in found), "first": first},
                ),
                Severity.BLOCKS,
            )  # fmt: skip
        return first
    return None


def _same(one: pd.Series, other: pd.Series) -> bool:
    return [as_text(each) for each in one] == [as_text(each) for each in other]


def fields_of(cells: pd.DataFrame, matched: dict[str, str]) -> pd.DataFrame:
    """Return the cells under our names as text, missing where the file has none."""
    at = {str(each): number for number, each in reversed(list(enumerate(cells.columns)))}
    found = {
        field: [as_text(each) for each in cells.iloc[:, at[matched[field]]]]
        if field in matched else [None] * len(cells)
        for field in HEADINGS
    }  # fmt: skip
    return pd.DataFrame(found, dtype=object)


def as_text(value: Any) -> str | None:
    """Return a cell as clean text, None where it is empty; 30292.0 is 30292."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    whole = isinstance(value, float) and value.is_integer()
    return clean(str(int(value)) if whole else str(value)) or None


def as_number(text: str | None) -> float:
    """Return a measure written with a point or a comma, NaN where it is none."""
    try:
        return float((text or "nan").replace(",", "."))
    except ValueError:
        return float("nan")
