"""A list of collection staff → the staff table. Personal data: findings never show values."""

from collections.abc import Callable
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
from geo.sources.rows import Cells, Seen, Texts, mapped, there
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
_UNKNOWN_ORGANISATION = Seen(
    Severity.LOOK, "organisation-unknown",
    N_("is no organisation of the register, by code or by name; %(count)s rows name it."),
    N_("Correct it, or import the organisations too."),
)  # fmt: skip
_UNKNOWN_POINT = Seen(
    Severity.LOOK, "point-unknown",
    N_("is the code of no point of the register; %(count)s rows name it."),
    N_("Correct it, or import the list of points too."),
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


@dataclass(frozen=True, slots=True)
class Register:
    """The organisations and points that staff may belong to, each as lists write it.

    `organisation` returns the code of an organisation by its code or any of its names, None
    where it is not known; `point` says whether a code is that of a point. Either is None where
    the register has nothing of the kind yet.
    """

    organisation: Callable[[str | None, str | None], str | None] | None = None
    point: Callable[[str], bool] | None = None


NO_REGISTER = Register()


def read_staff(
    path: Path, choices: Choices = NOTHING, register: Register = NO_REGISTER
) -> StaffFile:  # fmt: skip
    """Read collection staff: name, organisation, point, card and its validity.

    One person belongs to one organisation; a person under two of them blocks the file, also
    where the register has one of the two under another name. A person is known by number, else
    by card, else by name and telephone. Findings name rows and columns, never a name, number or
    telephone. Raises `FileError` when the file cannot be read.
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
    employers = _employers(cells, frame, register)
    _see_points(cells, frame, register)
    who = _persons(cells, frame, employers)
    first = pd.Series(number, dtype=object).duplicated().to_numpy()
    ids = np.where(there(number) & ~first, number, [f"#{row}" for row in cells.rows])
    kept = frame.assign(staff_id=ids, person_id=ids[who])[there(name)].astype(
        {"permanent": "boolean"}
    )
    return StaffFile(staff(kept), raw.report, len(cells), raw.found)


Told = dict[int, dict[str, object]]


def _employers(cells: Cells, frame: pd.DataFrame, register: Register) -> Texts:
    """Return by what each row's organisation is known, None where it names none."""
    codes = frame["organisation_code"].to_numpy(dtype=object)
    names = frame["organisation"].to_numpy(dtype=object)
    find = register.organisation
    by_code = codes if find is None else mapped(codes, lambda code: find(code, None))
    by_name = (
        mapped(names, name_key) if find is None else mapped(names, lambda name: find(None, name))
    )
    known = np.where(there(by_code), by_code, by_name)
    if find is not None:
        unknown = ~there(known)
        _see_unknown(cells, unknown & there(codes), "organisation_code", _UNKNOWN_ORGANISATION)
        _see_unknown(
            cells, unknown & there(names) & ~there(codes), "organisation", _UNKNOWN_ORGANISATION
        )
    written = np.where(there(codes), codes, mapped(names, name_key))
    return np.where(there(known), known, written)


def _see_points(cells: Cells, frame: pd.DataFrame, register: Register) -> None:
    find = register.point
    if find is None:
        return
    codes = frame["point_code"].to_numpy(dtype=object)
    found = mapped(codes, lambda code: True if find(code) else None)
    _see_unknown(cells, there(codes) & ~there(found), "point_code", _UNKNOWN_POINT)


def _see_unknown(cells: Cells, where: NDArray[np.bool_], field: str, seen: Seen) -> None:
    """Report what the register does not know, once for every text."""
    places = np.flatnonzero(where)
    counts: dict[str, int] = {}
    first: dict[str, int] = {}
    for at, text in zip(places, cells.written(field)[places], strict=True):
        counts[text] = counts.get(text, 0) + 1
        first.setdefault(text, int(at))
    told: Told = {at: {"count": counts[text]} for text, at in first.items()}
    cells.see(told, field, seen, told.__getitem__)


def _persons(cells: Cells, frame: pd.DataFrame, employers: Texts) -> NDArray[np.int64]:
    """Return for each row the first one of the same person, shape (n,).

    Persons who stand on several rows are reported, gravely where the organisations differ.
    """
    names = mapped(frame["name"].to_numpy(dtype=object), name_key)
    before, by_card = _earlier(frame, names)
    who = np.arange(len(frame))
    whose = employers.copy()  # of the person on a row, as far as the rows up to it tell
    two: Told = {}
    twice: Told = {}
    cards: Told = {}
    for at in np.flatnonzero(before >= 0):
        same = int(before[at])
        other: dict[str, object] = {"other": int(cells.rows[same])}
        first = int(who[same])
        if names[same] != names[at] and by_card[at]:
            cards[int(at)] = other
        elif whose[first] is not None and whose[at] is not None and whose[first] != whose[at]:
            two[int(at)] = other
        else:
            twice[int(at)] = other
            who[at] = first
            whose[first] = whose[at] if whose[first] is None else whose[first]
    for told, seen in ((two, _TWO), (twice, _TWICE), (cards, _CARD)):
        cells.see(told, "name", seen, told.__getitem__)
    return who


def _earlier(frame: pd.DataFrame, names: Texts) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the first row with the same number, else card, else name and telephone; -1: none.

    The second array says where it is the card by which the row was found.
    """
    count = len(frame)
    phones = frame["phone"].to_numpy(dtype=object)
    both = there(names) & there(phones)
    called = np.full(count, None, dtype=object)
    called[both] = names[both] + " " + phones[both]
    before = np.full(count, -1)
    by_card = np.zeros(count, dtype=bool)
    for kind in ("phone", "card", "number"):  # the surest last: it counts before the others
        keys = {"phone": called, "card": frame["card_number"], "number": frame["number"]}[kind]
        at, distinct = pd.factorize(np.asarray(keys, dtype=object))
        first = np.full(len(distinct) + 1, count)
        np.minimum.at(first, at, np.arange(count))
        again = (at >= 0) & (first[at] < np.arange(count))
        before[again], by_card[again] = first[at[again]], kind == "card"
    return before, by_card
