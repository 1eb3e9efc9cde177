"""A list of collection points (CSV or spreadsheet) → the point table.

The headings are those of the offices' lists; `HEADINGS` names for every field the heading
we write first and then the variants we also read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.crs import VIETNAM_LAT, VIETNAM_LON
from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.locate import commune_of
from geo.names import search_key
from geo.sources.fields import (
    code_text,
    iso_date,
    known_keys,
    match_headings,
    number,
    require_fields,
    whole_number,
    yes_or_no,
)
from geo.sources.files import RawTable, read_table
from geo.sources.rows import RowReader
from geo.tables import Communes, CommuneTable, Points, PointTable, columns, points

HEADINGS = {
    "organisation": ("Tên tổ chức dịch vụ thu", "Tổ chức dịch vụ thu", "TCDV", "Đại lý", "Đơn vị"),
    "organisation_code": ("Mã tổ chức",),
    "official_code": ("Mã điểm thu",),
    "name": ("Tên điểm thu", "Điểm thu", "Đại lý thu", "Tên"),
    "kind": ("Hình thức", "Hình thức (trực tiếp/trực tuyến/lưu động)", "kind"),
    "host_type": ("Loại địa điểm",),
    "address": ("Số nhà, đường, thôn/ấp/khóm", "Địa chỉ", "Địa chỉ liên hệ"),
    "written_code": ("Mã xã", "code"),
    "former_code": ("Mã xã cũ",),
    "office": ("BHXH cơ sở quản lý", "BHXH cơ sở"),
    "lat": ("Vĩ độ", "lat", "latitude"),
    "lon": ("Kinh độ", "lon", "longitude", "lng"),
    "sign": ("Biển hiệu", "Biển hiệu (Có/Chưa)"),
    "sign_date": ("Ngày cấp biển hiệu",),
    "staff_count": ("Số nhân viên thu", "Số nhân viên"),
    "permanent_staff": ("Nhân viên thường trực", "Nhân viên thường trực (Có/Không)"),
    "opening_hours": ("Thời gian làm việc",),
    "contract_number": ("Số hợp đồng",),
    "contract_date": ("Ngày hợp đồng",),
    "status": ("Trạng thái", "status"),
    "opened": ("Ngày bắt đầu",),
    "closed": ("Ngày chấm dứt",),
    "note": ("Ghi chú",),
}
# Headings of the offices' template that repeat what other columns say; read past, no finding.
REPEATED = (
    "number",
    "commune",
    "label",
    "STT",
    "Xã/phường/đặc khu",
    "Xã cũ",
    "Độ chính xác tọa độ",
    "Điện thoại điểm thu",
)
NEEDED = {field: HEADINGS[field] for field in ("name", "lat", "lon")}

KINDS = {"direct": "Trực tiếp", "online": "Trực tuyến", "mobile": "Lưu động"}
STATUSES = {
    "open": "Hoạt động",
    "planned": "Dự kiến",
    "suspended": "Tạm dừng",
    "closed": "Chấm dứt",
}
_STATUS_WORDS = {"dang hoat dong": "open", "de xuat": "planned", "tam ngung": "suspended",
                 "cham dut hoat dong": "closed"}  # fmt: skip
_DATES = ("sign_date", "contract_date", "opened", "closed")
_FLAGS = ("sign", "permanent_staff")


@dataclass(frozen=True, slots=True)
class PointFile:
    """What a list of points holds: the usable rows, and what was seen."""

    table: Points
    report: FindingReport
    rows: int


def read_points(path: Path, communes: Communes) -> PointFile:
    """Read a list of points and find the commune each lies in.

    `communes` are the communes of the province on the vintage in force. A row that cannot
    be used is a finding that leaves it out; a written commune that contradicts the place is
    a finding to look at. Raises `FileError` when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS))
    matched = match_headings(raw, HEADINGS, path.name)
    require_fields(matched, NEEDED, raw, path.name)
    report = FindingReport(path.name)
    _unknown_columns(raw, matched, report)
    reader = _Rows(raw, matched, report)
    read = [row for at in range(len(raw.cells)) if (row := reader.read(at)) is not None]
    frame = pd.DataFrame(read, columns=[*columns(PointTable), "row"])
    code = commune_of(frame["lon"].astype(float), frame["lat"].astype(float), communes)
    frame = _typed(frame.assign(commune_code=code))
    _compare_communes(frame, communes, matched.get("written_code", ""), report)
    _same_place(frame, report)
    return PointFile(points(frame.drop(columns="row")), report, len(raw.cells))


class _Rows(RowReader):
    """Turns one row after the other into the values of a point."""

    def __init__(self, raw: RawTable, matched: dict[str, str], report: FindingReport) -> None:
        super().__init__(raw, HEADINGS, matched, report)
        self._ids: set[str] = set()

    def read(self, at: int) -> dict[str, Any] | None:
        """Return the row's values, or None when it cannot be used."""
        values: dict[str, Any] = {field: self.cell(field, at) for field in HEADINGS}
        place = self._place(at)
        kind = self._word(at, "kind", KINDS, {}, "direct")
        status = self._word(at, "status", STATUSES, _STATUS_WORDS, "open")
        if values["name"] is None:
            self.add(at, "name", Severity.LEFT_OUT, "name-missing", N_("the point has no name."))
        if place is None or kind is None or status is None or values["name"] is None:
            return None
        for field in ("written_code", "former_code"):
            values[field] = self._code(at, field)
        for field in _DATES:
            values[field] = self._read(at, field, iso_date, N_("is no date; write day/month/year."))
        for field in _FLAGS:
            values[field] = self._read(at, field, yes_or_no, N_("is neither “Có” nor “Không”."))
        values["staff_count"] = self._read(
            at, "staff_count", whole_number, N_("is no number of staff.")
        )
        return {**values, "point_id": self._id(at), "lon": place[0], "lat": place[1],
                "kind": kind, "status": status, "commune_code": None,
                "row": self._rows[at]}  # fmt: skip

    def _place(self, at: int) -> tuple[float, float] | None:
        found = []
        for field in ("lon", "lat"):
            text = self.cell(field, at)
            value = None if text is None else number(text)
            if text is None:
                self.add(at, field, Severity.LEFT_OUT, "coordinate-missing",
                          N_("the coordinate is missing; survey the point."))  # fmt: skip
            elif value is None:
                self.add(at, field, Severity.LEFT_OUT, "not-a-number",
                          N_("is no coordinate; write decimal degrees such as 10.3811."))  # fmt: skip
            found.append(value)
        lon, lat = found
        if lon is None or lat is None:
            return None
        if _in(lon, VIETNAM_LON) and _in(lat, VIETNAM_LAT):
            return lon, lat
        if _in(lat, VIETNAM_LON) and _in(lon, VIETNAM_LAT):
            message = N_("longitude and latitude are exchanged; put them into the right columns.")
        elif abs(lon) > 1000 or abs(lat) > 1000:
            message = N_(
                "these are metres, not degrees; convert them from VN-2000 to WGS 84 first."
            )
        else:
            message = N_("the place lies outside Viet Nam; check the digits.")
        self._report.add(
            Finding(Severity.LEFT_OUT, "out-of-country", message, row=self._rows[at],
                    column=f"{self._matched['lat']}, {self._matched['lon']}",
                    value=f"{self.cell('lat', at)}, {self.cell('lon', at)}")
        )  # fmt: skip
        return None

    def _word(
        self, at: int, field: str, words: dict[str, str], others: dict[str, str], default: str
    ) -> str | None:
        text = self.cell(field, at)
        if text is None:
            return default
        key = search_key(text)
        known = {**{search_key(word): value for value, word in words.items()}, **others,
                 **{value: value for value in words}}  # fmt: skip
        if key not in known:
            self.add(at, field, Severity.LEFT_OUT, "word-unknown",
                      N_("is not known here; use one of %(known)s."),
                      known=", ".join(words.values()))  # fmt: skip
        return known.get(key)

    def _code(self, at: int, field: str) -> str | None:
        code: str | None = self._read(
            at, field, lambda text: code_text(text, 5),
            N_("is no commune code; a commune code has five digits."),
        )  # fmt: skip
        return code

    def _read(self, at: int, field: str, convert: Any, message: str) -> Any:
        text = self.cell(field, at)
        if text is None:
            return None
        value = convert(text)
        if value is None:
            self.add(at, field, Severity.LOOK, f"{field.replace('_', '-')}-unreadable", message)
        return value

    def _id(self, at: int) -> str:
        """Return the official code where it is given once, else a number that says nothing."""
        official = self.cell("official_code", at)
        if official is not None and official in self._ids:
            self.add(at, "official_code", Severity.LOOK, "code-twice",
                      N_("stands on an earlier row too; a code is given once."))  # fmt: skip
            official = None
        name = official or f"#{self._rows[at]}"
        self._ids.add(name)
        return name


def _unknown_columns(raw: RawTable, matched: dict[str, str], report: FindingReport) -> None:
    known = {search_key(each) for each in REPEATED} | {search_key(x) for x in matched.values()}
    for column in raw.cells.columns:
        if search_key(str(column)) not in known and not str(column).startswith(" #"):
            report.add(
                Finding(Severity.LOOK, "column-unknown", N_("is not a column known here and was not read."),
                        column=str(column))
            )  # fmt: skip


def _compare_communes(
    frame: pd.DataFrame, communes: Communes, column: str, report: FindingReport
) -> None:
    names = dict(zip(communes[CommuneTable.code], communes[CommuneTable.full_name], strict=True))
    written, lies = frame[PointTable.written_code], frame[PointTable.commune_code]
    for at in np.flatnonzero(lies.isna()):
        report.add(
            Finding(Severity.LOOK, "outside", N_("the point lies outside every commune; it serves people within reach all the same."),
                    row=int(frame["row"].iloc[at]))
        )  # fmt: skip
    for at in np.flatnonzero(written.isin(list(names)) & lies.notna() & (written != lies)):
        report.add(
            Finding(Severity.LOOK, "commune-contradicts",
                    N_("the coordinates lie in %(lies)s, not in the commune written, %(written)s."),
                    row=int(frame["row"].iloc[at]), column=column, value=str(written.iloc[at]),
                    params={"lies": names[lies.iloc[at]], "written": names[written.iloc[at]]})
        )  # fmt: skip


def _same_place(frame: pd.DataFrame, report: FindingReport) -> None:
    place = frame[["lon", "lat", "kind"]].astype({"lon": float, "lat": float}).round(6)
    for at in np.flatnonzero(place.duplicated()):
        report.add(
            Finding(Severity.LOOK, "same-place", N_("another point of this kind has the same coordinates."),
                    row=int(frame["row"].iloc[at]),
                    value=f"{place['lat'].iloc[at]}, {place['lon'].iloc[at]}")
        )  # fmt: skip


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(
        {"lon": float, "lat": float, "sign": "boolean", "permanent_staff": "boolean",
         "staff_count": "Int64"}
    )  # fmt: skip


def _in(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
