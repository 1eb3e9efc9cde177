"""A list of collection service organisations → the organisation table."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import name_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import iso_date, known_keys, whole_number
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from geo.sources.telephone import telephones
from geo.tables import Organisations, organisations

HEADINGS = {
    "organisation_code": ("Mã tổ chức", "Mã TCDV", "Mã TCDV thu", "Mã đại lý", "Mã tổ chức dịch vụ thu"),
    "name": (
        "Tên tổ chức dịch vụ thu", "Tổ chức dịch vụ thu", "Tên tổ chức", "Tổ chức", "Tên TCDV thu", "Tên TCDV",
        "TCDV thu", "TCDV", "Tên đại lý", "Đại lý thu", "Đại lý", "Tên đơn vị", "Đơn vị",
    ),
    "former_names": ("Tên cũ", "Tên trước đây", "Tên gọi cũ"),
    "licence": ("Giấy phép", "Số giấy phép", "Giấy phép kinh doanh", "Số ĐKKD", "Quyết định thành lập"),
    "tax_code": ("Mã số thuế", "MST", "Mã số doanh nghiệp", "Mã doanh nghiệp"),
    "contract_number": ("Số hợp đồng", "Hợp đồng ủy quyền thu", "Hợp đồng", "Số HĐ", "Hợp đồng số"),
    "contract_date": ("Ngày hợp đồng", "Ngày ký hợp đồng", "Ngày ký HĐ"),
    "contract_valid_to": ("Hợp đồng có giá trị đến", "Thời hạn hợp đồng", "Hạn hợp đồng", "Ngày hết hạn hợp đồng"),
    "annexes": ("Phụ lục hợp đồng", "Phụ lục", "Các phụ lục"),
    "guarantee": ("Bảo lãnh", "Ký quỹ", "Bảo lãnh/ký quỹ", "Bảo lãnh (đồng)", "Số tiền bảo lãnh"),
    "guarantee_valid_to": ("Bảo lãnh có giá trị đến", "Thời hạn bảo lãnh", "Hạn bảo lãnh", "Ngày hết hạn bảo lãnh"),
    "phone": ("Điện thoại", "SĐT", "Số điện thoại", "ĐT"),
    "address": ("Địa chỉ", "Địa chỉ liên hệ", "Địa chỉ trụ sở", "Trụ sở"),
    "area": ("Địa bàn quản lý", "Địa bàn", "Địa bàn hoạt động", "Địa bàn thu"),
}  # fmt: skip
REPEATED = ("STT", "TT", "Ghi chú", "Người đại diện", "Tên đại diện", "Email")
NEEDED = ("name",)
PRIVATE = ("phone",)
_TEXTS = ("former_names", "licence", "contract_number", "annexes", "address", "area")
_DATES = ("contract_date", "contract_valid_to", "guarantee_valid_to")

_NO_NAME = Seen(Severity.LEFT_OUT, "name-missing", N_("the organisation has no name."))
_CODE_TWICE = Seen(Severity.BLOCKS, "code-twice", N_("stands on an earlier row too; delete one."))
_NAME_TWICE = Seen(
    Severity.LOOK, "name-twice", N_("stands on row %(other)s too, under another code.")
)
_TAX_CODE = Seen(
    Severity.LOOK, "tax-code-format", N_("is no tax code: ten digits, or ten and three.")
)
_TAX_PADDED = Seen(
    Severity.CHANGED, "tax-code-padded", N_("was read as %(code)s, with its lost zeros.")
)
_MONEY = Seen(
    Severity.LOOK, "guarantee-unreadable",
    N_("is no sum of money; write whole đồng without a unit."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """The organisations of a file, what was seen, how many rows it has, how it was understood."""

    table: Organisations
    report: FindingReport
    rows: int
    recognised: Recognised


def read_organisations(path: Path, choices: Choices = NOTHING) -> OrganisationFile:
    """Read collection service organisations: name, and what else the list gives of each.

    An organisation without a code is known by the number of its row. Raises `FileError`
    when the file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices)
    raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices, PRIVATE)
    name, code = cells.text("name"), cells.text("organisation_code")
    cells.see(~there(name), "name", _NO_NAME)
    twice = _repeats(code)
    cells.see(twice, "organisation_code", _CODE_TWICE)
    _same_names(cells, name, code)
    frame = pd.DataFrame(
        {
            "organisation_code": np.where(there(code), code, [f"#{row}" for row in cells.rows]),
            "name": name,
            "tax_code": _tax_codes(cells),
            "guarantee": cells.parsed("guarantee", cells.text("guarantee"), _money, _MONEY),
            "phone": telephones(cells, "phone"),
            **{field: cells.text(field) for field in _TEXTS},
            **{field: _day(cells, field) for field in _DATES},
        },
        dtype=object,
    )
    kept = frame[there(name) & ~twice].astype({"guarantee": "Int64"})
    return OrganisationFile(organisations(kept), raw.report, len(cells), raw.found)


def _repeats(texts: Texts) -> np.ndarray:
    series = pd.Series(texts, dtype=object)
    return (series.notna() & series.duplicated()).to_numpy()


def _same_names(cells: Cells, names: Texts, codes: Texts) -> None:
    """Name organisations whose name an earlier row with another code has too."""
    first: dict[str, int] = {}
    told: dict[int, dict[str, object]] = {}
    for at, name in enumerate(names):
        if name is None:
            continue
        before = first.setdefault(name_key(name), at)
        if before != at and codes[before] != codes[at]:
            told[at] = {"other": int(cells.rows[before])}
    cells.see(told, "name", _NAME_TWICE, told.__getitem__)


def _tax_codes(cells: Cells) -> Texts:
    texts = cells.text("tax_code")
    codes = mapped(texts, _tax_code)
    padded = there(codes) & (codes != mapped(texts, lambda each: each.replace(" ", "")))
    cells.see(padded, "tax_code", _TAX_PADDED, lambda at: {"code": codes[at]})
    cells.see(there(texts) & ~there(codes), "tax_code", _TAX_CODE)
    return codes


def _tax_code(text: str) -> str | None:
    """Return a tax code, with the first zero that a spreadsheet lost; None if it is none."""
    plain = text.replace(" ", "")
    bare = plain.replace("-", "")
    if not (bare.isascii() and bare.isdigit()):
        return None
    if len(bare) in (9, 12):
        return "0" + plain
    return plain if len(bare) in (10, 13) else None


def _day(cells: Cells, field: str) -> Texts:
    code = f"{field.replace('_', '-')}-unreadable"
    seen = Seen(Severity.LOOK, code, N_("is no date; write day/month/year."))
    return cells.parsed(field, cells.text(field), iso_date, seen)


def _money(text: str) -> int | None:
    return whole_number(
        text.lower().removesuffix("đồng").removesuffix("đ").removesuffix("vnd").strip()
    )
