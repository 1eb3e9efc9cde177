"""A list of collection points (CSV or spreadsheet) → the point table.

The headings are those of the offices' lists; `HEADINGS` names for every field the heading
we write first and then the variants we also read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.locate import commune_of
from geo.names import search_key
from geo.recognition import Choices, Recognised
from geo.sources.codes import commune_codes
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import iso_date, known_keys, whole_number, yes_or_no
from geo.sources.files import NOTHING, read_table
from geo.sources.official_codes import official_codes
from geo.sources.point_checks import check_points, row_twice
from geo.sources.positions import read_positions
from geo.sources.rows import ERROR, ERRORS, Cells, Seen, mapped, there
from geo.sources.written_communes import named_codes
from geo.tables import Communes, CommuneTable, Crosswalk, Points, PointTable, columns, points

HEADINGS = {
    "organisation": (
        "Tên tổ chức dịch vụ thu",
        "Tổ chức dịch vụ thu",
        "TCDV thu",
        "TCDV",
        "Tên TCDV thu",
        "Tên TCDV",
        "Tên tổ chức",
        "Tổ chức",
        "Đại lý",
        "Tên đại lý",
        "Đơn vị",
        "Tên đơn vị",
        "Đơn vị quản lý",
    ),
    "organisation_code": (
        "Mã tổ chức",
        "Mã TCDV",
        "Mã TCDV thu",
        "Mã đại lý",
        "Mã tổ chức dịch vụ thu",
    ),
    "official_code": ("Mã điểm thu", "Mã điểm", "Mã số điểm thu"),
    "name": ("Tên điểm thu", "Điểm thu", "Tên điểm", "Đại lý thu", "Tên"),
    "kind": ("Hình thức", "Hình thức (trực tiếp/trực tuyến/lưu động)", "Hình thức thu", "kind"),
    "host_type": ("Loại địa điểm", "Loại điểm", "Loại hình địa điểm", "Nơi đặt điểm thu"),
    "address": (
        "Số nhà, đường, thôn/ấp/khóm",
        "Địa chỉ",
        "Địa chỉ điểm thu",
        "Địa chỉ liên hệ",
        "Thôn/ấp",
        "Thôn/ấp/khóm",
    ),
    "written_code": (
        "Mã xã",
        "Mã xã/phường",
        "Mã xã/phường/đặc khu",
        "Mã đơn vị hành chính",
        "Mã ĐVHC",
        "Mã phường/xã",
        "code",
    ),
    "former_code": ("Mã xã cũ",),
    "former_codes": ("Mã điểm thu cũ", "Mã cũ", "Mã điểm cũ"),
    "office": ("BHXH cơ sở quản lý", "BHXH cơ sở"),
    "lat": ("Vĩ độ", "Vĩ độ (Lat)", "lat", "latitude", "Vi do", "Tọa độ X", "X"),
    "lon": ("Kinh độ", "Kinh độ (Long)", "lon", "longitude", "lng", "long", "Tọa độ Y", "Y"),
    "sign": ("Biển hiệu", "Biển hiệu (Có/Chưa)"),
    "sign_date": ("Ngày cấp biển hiệu",),
    "staff_count": (
        "Số nhân viên thu",
        "Số NV",
        "Số NV thu",
        "Số nhân viên",
        "Số lượng nhân viên",
        "Số lượng nhân viên thu",
        "Số NV thu",
    ),
    "permanent_staff": (
        "Nhân viên thường trực",
        "Nhân viên thường trực (Có/Không)",
        "Nhân viên thu thường trực",
    ),
    "opening_hours": ("Thời gian làm việc", "Giờ làm việc", "Thời gian mở cửa"),
    "contract_number": ("Số hợp đồng", "Số HĐ", "Hợp đồng số"),
    "contract_date": ("Ngày hợp đồng", "Ngày ký hợp đồng", "Ngày ký HĐ"),
    "status": ("Trạng thái", "Tình trạng", "Tình trạng hoạt động", "status"),
    "opened": ("Ngày bắt đầu", "Ngày hoạt động", "Ngày bắt đầu hoạt động"),
    "closed": ("Ngày chấm dứt", "Ngày chấm dứt hoạt động", "Ngày ngừng hoạt động"),
    "status_since": ("Trạng thái từ ngày", "Ngày của trạng thái"),
    "note": ("Ghi chú",),
}
# Fields that are read but never handed out: what they say is kept as a code.
NAMED = {
    "commune_name": (
        "Xã/phường/đặc khu",
        "Xã/phường",
        "Phường/xã",
        "Xã",
        "Phường",
        "Tên xã",
        "Đơn vị hành chính cấp xã",
        "commune",
    ),
    "former_name": ("Xã cũ", "Tên xã cũ", "Xã/phường cũ", "Xã (trước sáp nhập)"),
}
# Headings of the offices' template that repeat what other columns say; read past, no finding.
REPEATED = (
    "number",
    "label",
    "STT",
    "Độ chính xác tọa độ",
    "Điện thoại điểm thu",
    "SĐT",
    "Điện thoại",
    "Số điện thoại",
    "TT",
    "Tỉnh",
    "Tỉnh/Thành phố",
)
NEEDED = ("name", "lat", "lon")

KINDS = {"direct": "Trực tiếp", "online": "Trực tuyến", "mobile": "Lưu động"}
STATUSES = {
    "open": "Hoạt động",
    "planned": "Dự kiến",
    "suspended": "Tạm dừng",
    "closed": "Chấm dứt",
}
_STATUS_WORDS = {"dang hoat dong": "open", "de xuat": "planned", "tam ngung": "suspended",
                 "cham dut hoat dong": "closed"}  # fmt: skip
_DATES = ("sign_date", "contract_date", "opened", "closed", "status_since")
_FLAGS = ("sign", "permanent_staff")


_UNREADABLE = {
    "date": N_("is no date; write day/month/year."),
    "flag": N_("is neither “Có” nor “Không”."),
    "staff": N_("is no number of staff."),
}
_TEXTS = (
    "organisation", "organisation_code", "host_type", "address", "office", "opening_hours",
    "contract_number", "former_codes", "note",
)  # fmt: skip
_ALL = {**HEADINGS, **NAMED}


@dataclass(frozen=True, slots=True)
class PointFile:
    """What a list of points holds: the usable rows, what was seen, how it was understood."""

    table: Points
    report: FindingReport
    rows: int
    recognised: Recognised


def read_points(
    path: Path, communes: Communes, choices: Choices = NOTHING, crosswalk: Crosswalk | None = None
) -> PointFile:
    """Read a list of points and find the commune each lies in.

    `communes` are the communes of the province on the vintage in force; `crosswalk` lets
    rows without a code name a former one. A row that cannot
    be used is a finding that leaves it out; a written commune that contradicts the place is
    a finding to look at. Raises `FileError` when the file cannot be read.
    """
    raw = read_table(path, known_keys(_ALL), choices)
    raw, matched = match_columns(raw, _ALL, NEEDED, choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, _ALL, matched, choices)
    twice = row_twice(cells)
    places = read_positions(cells, communes)
    lies = commune_of(places.lon, places.lat, communes)
    frame, usable = _frame(cells, communes, crosswalk, lies)
    usable &= places.usable & ~twice
    frame = frame.assign(
        lon=places.lon, lat=places.lat, commune_code=lies, at=np.arange(len(frame))
    )
    frame = frame[usable].reset_index(drop=True)
    near = check_points(cells, frame, communes)
    recognised = replace(raw.found, crs=places.crs, axes=places.axes, guesses=places.guesses)
    return PointFile(points(_typed(frame[near])), raw.report, len(raw.cells), recognised)


def _frame(
    cells: Cells, communes: Communes, crosswalk: Crosswalk | None, lies: pd.Series
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Return the columns of the point table but its places, and which rows may be used."""
    found: dict[str, Any] = {field: cells.text(field) for field in _TEXTS}
    name = cells.text("name")
    cells.see(
        ~there(name) & ("name" in cells.matched), "name",
        Seen(Severity.LEFT_OUT, "name-missing", N_("the point has no name.")),
    )  # fmt: skip
    kind = _words(cells, "kind", KINDS, {}, "direct")
    status = _words(cells, "status", STATUSES, _STATUS_WORDS, "open")
    provinces = dict(
        zip(communes[CommuneTable.code], communes[CommuneTable.province_code], strict=True)
    )
    official = official_codes(cells, "official_code", provinces)
    written = commune_codes(cells, "written_code", provinces, Severity.LOOK)
    found |= {
        "name": name, "kind": kind, "status": status, "official_code": official,
        "written_code": named_codes(cells, written, communes, crosswalk, lies.to_numpy(dtype=object)),
        "former_code": commune_codes(cells, "former_code", None, Severity.LOOK),
        "staff_count": _read(cells, "staff_count", whole_number, "staff"),
        "point_id": np.where(there(official), official, [f"#{row}" for row in cells.rows]),
        **{field: _read(cells, field, iso_date, "date") for field in _DATES},
        **{field: _read(cells, field, yes_or_no, "flag") for field in _FLAGS},
    }  # fmt: skip
    return pd.DataFrame(found), there(name) & there(kind) & there(status)


def _words(
    cells: Cells, field: str, words: dict[str, str], others: dict[str, str], default: str
) -> NDArray[np.object_]:
    """Return the meaning of each word, None (and reported) where it is not known."""
    texts = cells.text(field)
    known = {**{search_key(word): value for value, word in words.items()}, **others,
             **{value: value for value in words}}  # fmt: skip
    seen = Seen(Severity.LEFT_OUT, "word-unknown", N_("is not known here; use one of %(known)s."))
    values = mapped(texts, lambda text: known.get(search_key(text)))
    cells.see(there(texts) & ~there(values), field, seen,
              lambda _: {"known": ", ".join(words.values())})  # fmt: skip
    return np.where(there(texts), values, default)


def _read(
    cells: Cells, field: str, convert: Callable[[str], Any], kind: str
) -> NDArray[np.object_]:
    """Return a field's values; what cannot be read is reported and missing."""
    texts = cells.written(field)
    texts = cells.text(field) if kind != "flag" else cells.without(texts, _errors(cells, field))
    seen = Seen(Severity.LOOK, f"{field.replace('_', '-')}-unreadable", _UNREADABLE[kind])
    return cells.parsed(field, texts, convert, seen)


def _errors(cells: Cells, field: str) -> NDArray[np.bool_]:
    """Return which cells hold an error value, reported; a cross there means yes, not nothing."""
    wrong = cells.among(cells.written(field), ERRORS)
    cells.see(wrong, field, ERROR)
    return wrong


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.reindex(columns=columns(PointTable))
    return frame.astype(
        {"lon": float, "lat": float, "sign": "boolean", "permanent_staff": "boolean",
         "staff_count": "Int64"}
    )  # fmt: skip
