"""The page of a record holds everything that belongs to it, and no name for who may see none."""

import pandas as pd
import pytest
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.model.errors import NotFoundError
from planning.model.people import Grant, Role, User
from planning.model.proposals import Met
from planning.services.register import records
from planning.services.register.handles import handle
from planning.store import register_tables
from planning.store.register import Deed, record_changes
from tests.databases import ON_FILES
from tests.planning.register.laid import FIRST, FOURTH, POST, PROVINCE, SECOND, SHOP

pytestmark = ON_FILES  # what is read is kept on both kinds of database elsewhere
LAN = User("lan", grants=(Grant(Role.PLANNER, PROVINCE),))
VIEWER = User("mai", grants=(Grant(Role.VIEWER, PROVINCE),))


def test_a_point_shows_staff_inspections_and_conditions(registered):
    with registered.writing() as db:
        condition = {"province_code": PROVINCE, "point_id": SECOND, "code": "BH", "met": False,
                     "day": "2026-03-02", "by": "mai"}  # fmt: skip
        db.execute(sa.insert(register_tables.point_condition).values(condition))
    it = records.point(registered, LAN, PROVINCE, SECOND)
    assert (it.row["commune"], it.row["office"], it.row["owner_name"], it.row["ends"]) == (
        "Xã Số 2", "BHXH Cơ sở 1", "Ánh Dương", "2027-12-31",
    )  # fmt: skip
    assert [each["name"] for each in it.parts["staff"]] == ["Người Hai"]
    assert [each["document"] for each in it.parts["inspections"]] == ["1/BB"]
    lines = {each.criterion.code: (each.met, each.day, each.by) for each in it.lines}
    assert lines["BH"] == (Met.NO, "2026-03-02", "mai")
    assert lines["NV"] == (Met.UNKNOWN, "", "")


def test_an_organisation_shows_its_names_and_where_it_works(registered):
    before = pd.DataFrame({"organisation_code": [POST], "name": ["Bưu điện cũ"]})
    deed = Deed("2026-02-01T00:00:00+00:00", "lan", "import")
    with registered.writing() as db:
        record_changes(db, PROVINCE, Record.ORGANISATION, before,
                       before.assign(name="Bưu điện tỉnh"), deed)  # fmt: skip
    it = records.organisation(registered, LAN, PROVINCE, POST)
    assert it.names == (
        ("Bưu điện tỉnh", ""), ("Bưu điện cũ", deed.at), ("Bưu cục trung tâm", ""),
    )  # fmt: skip
    assert it.area["commune"] == {"Xã Số 1": 1, "Xã Số 4": 1}
    assert it.row["phone"]
    assert records.organisation(registered, VIEWER, PROVINCE, POST).row["phone"] is None


def test_a_person_shows_every_point_they_stand_at(registered):
    it = records.person(registered, LAN, PROVINCE, handle(registered, PROVINCE, "NV1"))
    assert it.row["name"] == "Người Một"
    assert {each["at"]["point_id"] for each in it.parts["rows"]} == {FIRST, FOURTH}


def test_without_the_right_a_person_has_no_name_number_or_history(registered):
    frame_fields = ("name", "staff_id", "person_id", "card_number", "certificate", "phone")
    it = records.person(registered, VIEWER, PROVINCE, handle(registered, PROVINCE, "NV1"))
    assert [it.row[each] for each in frame_fields] == [None] * 6
    assert all(row[each] is None for row in it.parts["rows"] for each in frame_fields)
    assert it.history == ()
    assert it.row["card_valid_to"] == "2026-12-31"
    seen = records.point(registered, VIEWER, PROVINCE, FIRST)
    assert [each["name"] for each in seen.parts["staff"]] == [None]


@pytest.mark.parametrize(
    ("read", "theirs", "others"),
    [
        (records.point, SECOND, FIRST), (records.organisation, SHOP, POST),
        (records.person, "NV2", "NV1"),
    ],
)  # fmt: skip
def test_what_is_another_organisations_is_not_there(registered, read, theirs, others):
    who = User("an", grants=(Grant(Role.ORGANISATION, PROVINCE, organisation=SHOP),))
    if read is records.person:
        theirs, others = (handle(registered, PROVINCE, each) for each in (theirs, others))
    assert read(registered, who, PROVINCE, theirs)
    for each in (others, "none"):
        with pytest.raises(NotFoundError):
            read(registered, who, PROVINCE, each)
