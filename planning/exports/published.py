"""The published lists as files: CSV, XLSX and GeoJSON, each with its document, day and hash.

Every file is made of the frozen publication alone, and is the same whenever it is made.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

import xlsxwriter

from geo.sources.points import KINDS, STATUSES
from planning.exports.cells import safe_text
from planning.exports.sheets import DEMONSTRATION
from planning.language import day as written_day
from planning.model.publishing import (
    LISTS,
    Publication,
    PublicOrganisation,
    PublicPoint,
    PublicStaff,
)

WHOLE = "lists.json"  # the very bytes that were kept and hashed
FORMS: Mapping[str, tuple[str, ...]] = {
    "organisations": ("csv", "xlsx"), "points": ("csv", "xlsx", "geojson"), "staff": ("csv", "xlsx"),
}  # fmt: skip
HEADINGS: Mapping[str, str] = {
    "code": "Mã", "name": "Tên", "address": "Địa chỉ", "area": "Địa bàn", "kind": "Hình thức",
    "status": "Trạng thái", "commune_code": "Mã xã", "commune": "Xã/phường/đặc khu",
    "organisation_code": "Mã tổ chức dịch vụ thu", "organisation": "Tổ chức dịch vụ thu",
    "opening_hours": "Thời gian làm việc", "lon": "Kinh độ", "lat": "Vĩ độ",
}  # fmt: skip
OWN_HEADINGS = {
    "organisations": {"code": "Mã tổ chức dịch vụ thu", "name": "Tên tổ chức dịch vụ thu",
                      "address": "Địa chỉ trụ sở"},
    "points": {"code": "Mã điểm thu", "name": "Tên điểm thu"},
    "staff": {"code": "Mã nhân viên thu", "name": "Họ và tên nhân viên thu"},
}  # fmt: skip
TITLES = {
    "organisations": "Danh sách tổ chức dịch vụ thu", "points": "Danh sách điểm thu",
    "staff": "Danh sách nhân viên thu",
}  # fmt: skip
_ROWS = {"organisations": PublicOrganisation, "points": PublicPoint, "staff": PublicStaff}
_WORDS = {"kind": KINDS, "status": STATUSES}
_PLACES = 6
Notes = tuple[tuple[str, str], ...]
_WIDEST, _NARROWEST = 45, 10


def file_names() -> tuple[str, ...]:
    """Return the name of every file of a publication."""
    return (*(f"{name}.{form}" for name in LISTS for form in FORMS[name]), WHOLE)


def file_of(publication: Publication, sha256: str, name: str) -> bytes:
    """Return one of `file_names` but `WHOLE`, made of a publication whose bytes have this hash."""
    which, _, form = name.partition(".")
    return _WRITERS[form](publication, which, notes(publication, sha256))


def notes(publication: Publication, sha256: str) -> Notes:
    """Return what a file says about itself, first the mark of demonstration data where it holds."""
    act = publication.act
    marks = [("Nhãn", DEMONSTRATION)] if publication.synthetic else []
    return (
        *marks,
        ("Tỉnh", f"{publication.province_name} ({publication.province})"),
        ("Công bố theo văn bản số", act.document),
        ("Ngày", written_day(act.day, "vi")),
        ("Số liệu tính đến ngày", written_day(publication.data_date, "vi")),
        ("Tên nhân viên thu", "có nêu" if act.names else "không nêu"),
        ("SHA-256 của toàn bộ danh sách", sha256),
    )


def _columns(which: str) -> list[tuple[str, str]]:
    """Return key and heading of every column of a list."""
    told = {**HEADINGS, **OWN_HEADINGS[which]}
    return [(each.name, told[each.name]) for each in fields(_ROWS[which])]


def _rows(publication: Publication, which: str) -> list[tuple[Any, ...]]:
    """Return the rows of a list in words; staff that are only counted stand below those named."""
    keys = [key for key, _ in _columns(which)]
    rows = [
        tuple(_WORDS[key].get(value, value) if key in _WORDS else value
              for key, value in zip(keys, astuple(each), strict=True))
        for each in getattr(publication.lists, which)
    ]  # fmt: skip
    if which == "staff":
        rows += [(each.organisation_code, each.organisation, "",
                  f"{each.people} nhân viên thu không nêu mã và tên")
                 for each in publication.lists.unnamed]  # fmt: skip
    return rows


def _csv(publication: Publication, which: str, notes: Notes) -> bytes:
    """Return a list as offices open it: semicolons, decimal commas, a byte-order mark.

    A table has no other place for it: each row says by which document it is published.
    """
    about = safe_text("; ".join(f"{what}: {told}" for what, told in notes))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["STT", *(heading for _, heading in _columns(which)), "Nguồn"])
    for at, row in enumerate(_rows(publication, which), start=1):
        writer.writerow([at, *map(_csv_cell, row), about])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv_cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.{_PLACES}f}".replace(".", ",")
    return safe_text(value)


def _xlsx(publication: Publication, which: str, notes: Notes) -> bytes:
    """Return a list as a spreadsheet: texts as text, what it rests on upon a second sheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        # Without a moment of its own the file would be another one every second.
        book.set_properties(
            {"title": TITLES[which], "created": datetime.fromisoformat(publication.act.day)}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        page = book.add_worksheet("Danh sách")
        columns, rows = _columns(which), _rows(publication, which)
        for at, (_, heading) in enumerate([("", "STT"), *columns]):
            page.write_string(0, at, heading, bold)
        for at, row in enumerate(rows, start=1):
            page.write_number(at, 0, at)
            for column, value in enumerate(row, start=1):
                _write(page, at, column, value)
        for column, width in enumerate(_widths(rows, len(columns)), start=1):
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(columns))
        about = book.add_worksheet("Thông tin")
        about.set_column(0, 0, 34)
        about.set_column(1, 1, 72)
        for at, (what, told) in enumerate(notes):
            about.write_string(at, 0, what, bold)
            about.write_string(at, 1, told)
    return out.getvalue()


def _write(page: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, float):
        page.write_number(row, column, value)
    elif value:
        page.write_string(row, column, str(value))


def _widths(rows: Sequence[tuple[Any, ...]], columns: int) -> list[int]:
    longest = [max((len(str(row[at])) for row in rows[:500]), default=0) for at in range(columns)]
    return [min(_WIDEST, max(each, _NARROWEST)) + 2 for each in longest]


def _geojson(publication: Publication, which: str, notes: Notes) -> bytes:
    """Return a list of places as GeoJSON (RFC 7946) under plain English names."""
    keys = [key for key, _ in _columns(which) if key not in ("lon", "lat")]
    features = [
        {"type": "Feature", "properties": {key: getattr(each, key) for key in keys},
         "geometry": {"type": "Point", "coordinates": [each.lon, each.lat]}}
        for each in getattr(publication.lists, which)
    ]  # fmt: skip
    whole = {"type": "FeatureCollection", "name": which, "about": dict(notes),
             "features": features}  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


_WRITERS: Mapping[str, Callable[[Publication, str, Notes], bytes]] = {
    "csv": _csv, "xlsx": _xlsx, "geojson": _geojson,
}  # fmt: skip
