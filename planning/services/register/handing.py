"""Hand out a list of the register as a file whose headings import reads back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.sources import inspections, organisations, points, staff
from planning.exports import EXPORTERS, as_template
from planning.exports.sheets import DEMONSTRATION, Sheet
from planning.model.compliance import Record
from planning.model.errors import NotReadyError
from planning.model.people import Action, User
from planning.services.register.kept import Register, load
from planning.services.register.listing import Filter, chosen, visible
from planning.services.requests import now
from planning.store import audit, imports, layers
from planning.store.register import BY_ROW
from planning.store.session import Store

FORMS = ("xlsx", "csv")
FILES: Mapping[Record, str] = {
    Record.POINT: "diem-thu", Record.ORGANISATION: "to-chuc", Record.STAFF: "nhan-vien-thu",
    Record.INSPECTION: "kiem-tra",
}  # fmt: skip
NOTHING = N_("Nothing of this list can be handed out to you.")
_NUMBER, _COMMUNE = "STT", "Xã/phường/đặc khu"
_POINTS = (
    _NUMBER, "Tên tổ chức dịch vụ thu", "Mã tổ chức", "Mã điểm thu", "Tên điểm thu", "Hình thức",
    "Loại địa điểm", "Số nhà, đường, thôn/ấp/khóm", _COMMUNE, "Mã xã", "Mã xã cũ",
    "BHXH cơ sở quản lý", "Vĩ độ", "Kinh độ", "Biển hiệu", "Ngày cấp biển hiệu",
    "Số nhân viên thu", "Nhân viên thường trực", "Thời gian làm việc", "Số hợp đồng",
    "Ngày hợp đồng", "Trạng thái", "Trạng thái từ ngày", "Ngày bắt đầu", "Ngày chấm dứt",
    "Mã điểm thu cũ", "Ghi chú",
)  # fmt: skip
_INSPECTIONS = (
    _NUMBER, "Ngày kiểm tra", "Mã điểm thu", "Tên điểm thu", "Nội dung kiểm tra",
    "Phát hiện, tồn tại", "Kết luận", "Hạn khắc phục", "Ngày khắc phục", "Số biên bản",
)  # fmt: skip
_YES, _NO, _NOT_YET = "Có", "Không", "Chưa"
_WORDS: Mapping[str, Mapping[Any, str]] = {
    "kind": points.KINDS, "status": points.STATUSES, "conclusion": inspections.CONCLUSIONS,
    "sign": {True: _YES, False: _NOT_YET}, "permanent_staff": {True: _YES, False: _NO},
    "permanent": {True: _YES, False: _NO},
}  # fmt: skip


def hand_out(
    store: Store, user: User, province: str, asked: tuple[Record, Filter], path: Path
) -> None:
    """Write what a filter leaves of a list to `path`, whose ending names its form; record it.

    Of staff only those whose names the user may see; telephones of organisations only for
    who may see people. Raises `NotReadyError` where nothing is left.
    """
    kind, wanted = asked
    register = load(store, province)
    seen = visible(register, user, kind)
    if kind is Record.STAFF:
        seen &= register.persons.allowed(user, Action.SEE_PEOPLE)
    at = chosen(register, user, kind, wanted, seen)
    if not len(at):
        raise NotReadyError(NOTHING)
    rows, headings, names = _TABLES[kind](register, at)
    if kind is Record.ORGANISATION:
        allowed = register.organisations.allowed(user, Action.SEE_PEOPLE)[at]
        rows = rows.assign(phone=rows["phone"].where(allowed, None))
    form, moment = path.suffix.removeprefix("."), now()
    notes = _notes(store, user, province, moment, len(rows))
    EXPORTERS[form](path, _sheet(FILES[kind], rows, (headings, names), notes))
    tag = "people:staff:handed-out" if kind is Record.STAFF else "register:list:handed-out"
    facts = {"people": len(rows)} if kind is Record.STAFF else {"count": len(rows)}
    with store.writing() as db:
        audit.record(
            db, tag, province, at=moment, actor=user.name, form=form, what=kind.value, **facts
        )


Table = tuple[pd.DataFrame, tuple[str, ...], Mapping[str, str]]


def _of_points(register: Register, at: NDArray[np.int64]) -> Table:
    kept = register.rows
    rows = kept.points.iloc[at]
    lies = pd.Series(kept.lies, dtype=object).iloc[at].to_numpy()
    written = rows["written_code"].astype(object).where(rows["written_code"].notna(), lies)
    codes = written.where(written != "", None)
    shown = rows.assign(
        written_code=codes, commune=codes.map(kept.communes),
        organisation_code=_given(rows["organisation_code"]),
        lat=rows["lat"].round(7), lon=rows["lon"].round(7),
    )  # fmt: skip
    return shown, _POINTS, {**_fields(points.HEADINGS), _COMMUNE: "commune"}


def _of_organisations(register: Register, at: NDArray[np.int64]) -> Table:
    rows = register.rows.organisations.iloc[at]
    rows = rows.assign(organisation_code=_given(rows["organisation_code"]))
    return rows, as_template.ORGANISATIONS, _fields(organisations.HEADINGS)


def _of_staff(register: Register, at: NDArray[np.int64]) -> Table:
    persons = register.persons.frame["person_id"].iloc[at]
    order = {person: place for place, person in enumerate(persons)}
    rows = register.staff
    rows = rows[rows["person_id"].isin(order)]
    rows = rows.iloc[np.argsort(rows["person_id"].map(order).to_numpy(), kind="stable")]
    # A person who stands on several rows is known again by their number on each of them.
    rows = rows.assign(
        staff_id=_given(rows["person_id"]), organisation_code=_given(rows["organisation_code"])
    )
    return rows, as_template.STAFF, _fields(staff.HEADINGS)


def _of_inspections(register: Register, at: NDArray[np.int64]) -> Table:
    rows = register.inspections.frame.iloc[at]
    known = register.rows.points
    codes = dict(zip(known["point_id"], known["official_code"], strict=True))
    code = [codes.get(each) or each for each in rows["point_id"]]
    names = {**_fields(inspections.HEADINGS), "Tên điểm thu": "point"}
    return rows.assign(point_code=code), _INSPECTIONS, names


_TABLES: Mapping[Record, Callable[[Register, NDArray[np.int64]], Table]] = {
    Record.POINT: _of_points, Record.ORGANISATION: _of_organisations, Record.STAFF: _of_staff,
    Record.INSPECTION: _of_inspections,
}  # fmt: skip


def _fields(headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the field that each heading means."""
    return {spelled: field for field, names in headings.items() for spelled in names}


def _given(column: pd.Series) -> pd.Series:
    """Return codes without those that only the row of a file gave."""
    plain = column.astype(object)
    return plain.where(column.notna() & ~plain.astype(str).str.startswith(BY_ROW), None)


def _sheet(
    name: str, rows: pd.DataFrame, under: tuple[tuple[str, ...], Mapping[str, str]],
    notes: tuple[tuple[str, str], ...],
) -> Sheet:  # fmt: skip
    """Return the rows under the headings of the offices, yes and no in their words."""
    headings, fields = under
    columns: dict[str, Any] = {}
    for heading in headings:
        field = fields.get(heading, "")
        if heading == _NUMBER:
            columns[heading] = np.arange(1, len(rows) + 1)
        elif field in rows:
            column = rows[field].astype(object)
            said = column.map(_WORDS[field]) if field in _WORDS else column
            columns[heading] = said.where(rows[field].notna(), None).to_numpy(dtype=object)
    frame = pd.DataFrame(columns)
    return Sheet(name, frame, {each: each for each in columns}, np.empty(0, object), notes)


def _notes(
    store: Store, user: User, province: str, at: str, count: int
) -> tuple[tuple[str, str], ...]:
    with store.reading() as db:
        name = next(row.name for row in layers.provinces(db) if row.code == province)
        days = layers.vintages(db, province)
        found = imports.batches(db, province)
    label = imports.any_synthetic(found, days[-1][0] if days else "")
    return (
        *((("label", DEMONSTRATION),) if label else ()),
        ("Tỉnh", f"{name} ({province})"), ("Số liệu tính đến ngày", imports.data_date(found) or ""),
        ("Số dòng", str(count)), ("Xuất lúc (UTC)", at), ("Người xuất", user.name),
    )  # fmt: skip
