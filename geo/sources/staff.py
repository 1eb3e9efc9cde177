"""A list of collection staff → the staff table. Personal data: findings never show values."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.names import name_key
from geo.recognition import Choices, Recognised
from geo.sources.columns import match_columns, unknown_columns
from geo.sources.fields import iso_date, known_keys, yes_or_no
from geo.sources.files import NOTHING, read_table
from geo.sources.rows import Cells, Seen, there
from geo.sources.telephone import telephones
from geo.tables import Staff, staff

HEADINGS = {
    "staff_id": ("Mã nhân viên thu", "Mã nhân viên", "Mã NV", "Số CCCD", "CCCD", "Mã số BHXH"),
    "name": ("Họ tên nhân viên", "Họ và tên", "Họ tên", "Tên nhân viên thu", "Tên nhân viên", "Nhân viên thu", "Nhân viên đại lý", "Họ và tên nhân viên thu"),
    "organisation": (
        "Tên tổ chức dịch vụ thu", "Tổ chức dịch vụ thu", "Tên tổ chức", "Tổ chức", "TCDV thu", "TCDV", "Đại lý thu", "Đại lý", "Đơn vị",
    ),
    "organisation_code": ("Mã tổ chức", "Mã TCDV", "Mã đại lý", "Mã tổ chức dịch vụ thu"),
    "point_code": ("Mã điểm thu", "Mã điểm"),
    "card_number": ("Số thẻ", "Thẻ nhân viên thu", "Số thẻ nhân viên thu", "Mã thẻ"),
    "card_valid_to": ("Thẻ có giá trị đến", "Hạn thẻ", "Ngày hết hạn thẻ", "Giá trị đến", "Thời hạn thẻ"),
    "certificate": ("Giấy chứng nhận", "Chứng chỉ", "Giấy chứng nhận đào tạo", "Giấy chứng nhận bồi dưỡng", "Số giấy chứng nhận"),
    "permanent": ("Thường trực", "Nhân viên thường trực", "Thường trực (Có/Không)"),
    "phone": ("Điện thoại", "SĐT", "Số điện thoại", "ĐT"),
}  # fmt: skip
REPEATED = ("STT", "TT", "Ghi chú", "Tên điểm thu", "Điểm thu", "Địa chỉ", "Email")
NEEDED = ("name",)
PRIVATE = ("staff_id", "name", "card_number", "certificate", "phone")

_NO_NAME = Seen(Severity.LEFT_OUT, "name-missing", N_("the person has no name."))
_DATE = Seen(Severity.LOOK, "card-valid-to-unreadable", N_("is no date; write day/month/year."))
_FLAG = Seen(Severity.LOOK, "permanent-unreadable", N_("is neither “Có” nor “Không”."))
_NO_ORGANISATION = Seen(
    Severity.LOOK, "organisation-missing", N_("the person belongs to no organisation.")
)
_TWO = Seen(
    Severity.BLOCKS, "person-two-organisations",
    N_("the same person stands on row %(other)s under another organisation."),
    N_("Keep the person with one of them."),
)  # fmt: skip
_TWICE = Seen(Severity.LOOK, "person-twice", N_("the same person stands on row %(other)s too."))
_CARD = Seen(
    Severity.LOOK,
    "card-twice",
    N_("the card number stands on row %(other)s too, with another name."),
)


@dataclass(frozen=True, slots=True)
class StaffFile:
    """The staff of a file, what was seen, how many rows it has, how it was understood."""

    table: Staff
    report: FindingReport
    rows: int
    recognised: Recognised


def read_staff(path: Path, choices: Choices = NOTHING) -> StaffFile:
    """Read collection staff: name, organisation, point, card and its validity.

    One person belongs to one organisation; a person under two of them blocks the file. A
    person is known by number, else by card, else by name and telephone. Findings name rows
    and columns, never a name, number or telephone. Raises `FileError` when the file cannot
    be read.
    """
    raw = read_table(path, known_keys(HEADINGS), choices, private=True)
    raw, matched = match_columns(raw, HEADINGS, NEEDED, choices)
    unknown_columns(raw, matched, REPEATED)
    cells = Cells(raw, HEADINGS, matched, choices, PRIVATE)
    name = cells.text("name")
    cells.see(~there(name), "name", _NO_NAME)
    number = cells.text("staff_id")
    permanent = cells.written("permanent")
    frame = pd.DataFrame(
        {
            "name": name,
            "number": number,
            "phone": telephones(cells, "phone"),
            "card_valid_to": cells.parsed(
                "card_valid_to", cells.text("card_valid_to"), iso_date, _DATE
            ),
            "permanent": cells.parsed("permanent", permanent, yes_or_no, _FLAG),
            **{
                field: cells.text(field)
                for field in (
                    "organisation",
                    "organisation_code",
                    "point_code",
                    "card_number",
                    "certificate",
                )
            },
        },
        dtype=object,
    )
    if set(matched) & {"organisation", "organisation_code"}:
        nowhere = frame[["organisation", "organisation_code"]].isna().all(axis=1).to_numpy()
        field = "organisation" if "organisation" in matched else "organisation_code"
        cells.see(nowhere & there(name), field, _NO_ORGANISATION)
    who = _persons(cells, frame)
    first = pd.Series(number, dtype=object).duplicated().to_numpy()
    ids = np.where(there(number) & ~first, number, [f"#{row}" for row in cells.rows])
    kept = frame.assign(staff_id=ids, person_id=ids[who])[there(name)].astype(
        {"permanent": "boolean"}
    )
    return StaffFile(staff(kept), raw.report, len(cells), raw.found)


Told = dict[int, dict[str, object]]


def _persons(cells: Cells, frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return for each row the first one of the same person, shape (n,).

    Persons who stand on several rows are reported, gravely where the organisations differ.
    """
    who = np.arange(len(frame))
    names = [None if each is None else name_key(each) for each in frame["name"]]
    two: Told = {}
    twice: Told = {}
    cards: Told = {}
    known: dict[tuple[str, str], int] = {}
    for at, name in enumerate(names):
        keys = _keys(frame, at, name)
        shared = next((key for key in keys if key in known), None)
        if shared is not None:
            before = known[shared]
            other: dict[str, object] = {"other": int(cells.rows[before])}
            if names[before] != name and shared[0] == "card":
                cards[at] = other
            elif _differ(frame, at, before):
                two[at] = other
            else:
                twice[at] = other
                who[at] = who[before]
        for key in keys:
            known.setdefault(key, at)
    for told, seen in ((two, _TWO), (twice, _TWICE), (cards, _CARD)):
        cells.see(told, "name", seen, told.__getitem__)
    return who


def _keys(frame: pd.DataFrame, at: int, name: str | None) -> list[tuple[str, str]]:
    """Return what a person is known by, the surest first."""
    row = frame.iloc[at]
    keys = [("number", row["number"]), ("card", row["card_number"])]
    found = [(kind, str(value)) for kind, value in keys if value is not None]
    if name is not None and row["phone"] is not None:
        found.append(("phone", f"{name} {row['phone']}"))
    return found


def _differ(frame: pd.DataFrame, one: int, other: int) -> bool:
    """Whether two rows name different organisations, by code where both have one."""
    for field, key in (("organisation_code", str), ("organisation", name_key)):
        first, second = frame[field].iloc[one], frame[field].iloc[other]
        if first is not None and second is not None:
            return bool(key(first) != key(second))
    return False
