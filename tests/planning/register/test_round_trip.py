"""A list of the register, handed out and imported again, is the list that stood there."""

import csv

import openpyxl
import pytest
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.model.errors import NotReadyError
from planning.model.people import Grant, Role, User
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.services.register import handing
from planning.services.register.listing import Filter
from planning.store import audit, register_tables, schema
from tests.databases import ON_FILES
from tests.planning.register.laid import PROVINCE, SHOP

pytestmark = ON_FILES  # what is read is kept on both kinds of database elsewhere
LAN = User("lan", grants=(Grant(Role.PLANNER, PROVINCE),))
# What is kept of each kind, and the columns that a file does not carry.
KINDS = {
    Record.POINT: ("points", schema.point, {"point_id", "lon", "lat"}),
    Record.ORGANISATION: ("organisations", schema.organisation, set()),
    Record.STAFF: ("staff", schema.staff, {"staff_id"}),
    Record.INSPECTION: ("inspections", register_tables.inspection, {"id"}),
}


def handed(store, kind, path, who=LAN, **wanted):
    handing.hand_out(store, who, PROVINCE, (kind, Filter(**wanted)), path)
    return path


def kept(store, kind):
    _, table, beside = KINDS[kind]
    with store.reading() as db:
        found = db.execute(sa.select(table).where(table.c.province_code == PROVINCE)).mappings()
        return sorted(
            repr({name: value for name, value in row.items() if name not in beside})
            for row in found
        )


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_handed_out_reads_back_the_same(registered, tmp_path, kind, form):
    if form == "csv" and kind is Record.POINT:
        with registered.writing() as db:  # CSV has no types: a formula is kept from running
            db.execute(
                sa.update(schema.point).where(schema.point.c.name == "=1+1").values(name="B")
            )
    if kind is Record.POINT:  # a file names the commune of every point
        where = schema.point.c.written_code.is_(None)
        with registered.writing() as db:
            lies = {"written_code": schema.point.c.commune_code}
            db.execute(sa.update(schema.point).where(where).values(lies))
    before = kept(registered, kind)
    path = handed(registered, kind, tmp_path / f"list.{form}")
    imports.commit(registered, ImportAsk(KINDS[kind][0], path, province=PROVINCE))
    assert kept(registered, kind) == before


def test_text_that_looks_like_a_formula_stays_text(registered, tmp_path):
    path = handed(registered, Record.POINT, tmp_path / "list.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = {row["Tên điểm thu"] for row in csv.DictReader(file)}
    assert "'=1+1" in names
    sheet = openpyxl.load_workbook(handed(registered, Record.POINT, tmp_path / "list.xlsx")).active
    (cell,) = [each for row in sheet.iter_rows() for each in row if each.value == "=1+1"]
    assert cell.data_type == "s"


def test_a_file_holds_what_the_filter_leaves_and_every_word_of_the_offices(registered, tmp_path):
    path = handed(registered, Record.POINT, tmp_path / "list.csv", organisation=SHOP)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    expected = {"Tên điểm thu": "Đại lý Ân", "Hình thức": "Trực tiếp", "Trạng thái": "Hoạt động",
                "Biển hiệu": "Chưa", "Nhân viên thường trực": "Không", "Mã xã": "98002",
                "Xã/phường/đặc khu": "Xã Số 2"}  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_names_of_staff_go_only_to_who_may_see_them_and_are_recorded(registered, tmp_path):
    viewer = User("mai", grants=(Grant(Role.VIEWER, PROVINCE),))
    with pytest.raises(NotReadyError):
        handed(registered, Record.STAFF, tmp_path / "none.csv", viewer)
    shop = User("an", grants=(Grant(Role.ORGANISATION, PROVINCE, organisation=SHOP),))
    text = handed(registered, Record.STAFF, tmp_path / "own.csv", shop).read_text("utf-8-sig")
    assert "Người Hai" in text
    assert "Người Một" not in text
    with registered.reading() as db:
        event = audit.events(db, PROVINCE)[-1]
    assert (event.tag, event.actor, event.facts["people"]) == ("people:staff:handed-out", "an", 1)


def test_telephones_of_organisations_stay_away_from_who_sees_no_people(registered, tmp_path):
    viewer = User("mai", grants=(Grant(Role.VIEWER, PROVINCE),))
    for who, shown in ((LAN, True), (viewer, False)):
        path = handed(registered, Record.ORGANISATION, tmp_path / f"{who.name}.csv", who)
        assert ("296000001" in path.read_text("utf-8-sig")) is shown
