"""The collection staff of a province, handed out to who needs them: personal data."""

from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo.errors import N_
from geo.tables import CommuneTable, Staff, StaffTable
from planning.exports import EXPORTERS
from planning.exports.sheets import Sheet
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.official_code import parse
from planning.model.people import Action, Thing, User, may
from planning.services.requests import now
from planning.store import audit, layers, partners
from planning.store.session import Store

FORMS = ("csv", "xlsx")
HEADINGS = {
    "staff_id": "Mã nhân viên thu", "name": "Họ và tên", "organisation": "Tổ chức dịch vụ thu",
    "organisation_code": "Mã tổ chức", "point_code": "Mã điểm thu", "card_number": "Số thẻ",
    "card_valid_to": "Thẻ có giá trị đến", "certificate": "Chứng chỉ", "permanent": "Thường trực",
    "phone": "Điện thoại",
}  # fmt: skip
NOBODY = N_("There are no staff of this province that you may see.")


def hand_out(store: Store, user: User, province: str, form: str, path: Path) -> None:
    """Write the staff that somebody may see to `path`, and record that they were handed out.

    A service organisation gets its own, a field checker those of points in its communes.
    Raises `NotFoundError` for a format other than `FORMS`, `NotReadyError` where there is
    nobody that `user` may see.
    """
    if form not in FORMS:
        raise NotFoundError(N_("There is no export “%(what)s” as “%(form)s”."), what="staff", form=form[:40])  # fmt: skip
    with store.reading() as db:
        staff = partners.load_staff(db, province)
        known = partners.load_organisations(db, province)
        codes = dict(zip(known["name"], known["organisation_code"], strict=True))
        offices = _offices(db, province)
    things = _things(staff, province, codes, offices)
    seen = staff[[may(user, Action.SEE_PEOPLE, each) for each in things]]
    if seen.empty:
        raise NotReadyError(NOBODY)
    at = now()
    with store.writing() as db:
        audit.record(db, "people:staff:handed-out", province, at=at, actor=user.name, form=form,
                     people=len(seen))  # fmt: skip
    notes = (("Tỉnh", province), ("Dữ liệu cá nhân", "chỉ dùng cho việc được giao"),
             ("Xuất lúc (UTC)", at), ("Người xuất", user.name))  # fmt: skip
    rows = pd.DataFrame(seen)[list(HEADINGS)]
    EXPORTERS[form](path, Sheet("staff", rows, HEADINGS, np.empty(0, object), notes))


def _offices(db: sa.Connection, province: str) -> dict[str, str]:
    """Return by commune the office that looks after it, where the newest boundaries name one."""
    vintages = layers.vintages(db, province)
    if not vintages:
        return {}
    communes = layers.load_communes(db, province, vintages[-1][0])
    named = communes[communes[CommuneTable.office].notna()]
    return dict(zip(named[CommuneTable.code], named[CommuneTable.office], strict=True))


def _things(
    staff: Staff, province: str, codes: dict[str, str], offices: dict[str, str]
) -> list[Thing]:
    """Return whose each member of staff is, and where: by the official code of their point.

    Where a list names their organisation only, its code is that of the organisation so called.
    """
    given = _texts(staff, StaffTable.organisation_code)
    called = _texts(staff, StaffTable.organisation)
    whose = [code or codes.get(name, "") for code, name in zip(given, called, strict=True)]
    read = [parse(each) for each in _texts(staff, StaffTable.point_code)]
    communes = ["" if each is None else each.commune for each in read]
    return [
        Thing(province, organisation, commune, offices.get(commune, ""))
        for organisation, commune in zip(whose, communes, strict=True)
    ]


def _texts(staff: Staff, column: str) -> list[str]:
    """Return a column as texts, empty where nothing is given."""
    return [str(each) for each in staff[column].fillna("").tolist()]
