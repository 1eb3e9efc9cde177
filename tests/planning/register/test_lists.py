"""The lists of the register show what a filter leaves, in Vietnamese order, to who may see it."""

import pytest

from planning.model.compliance import Record
from planning.model.people import Grant, Role, User
from planning.services.register import listing
from planning.services.register.listing import Filter
from planning.store import audit
from tests.databases import ON_FILES
from tests.planning.register.laid import POST, PROVINCE, SECOND, SHOP

pytestmark = ON_FILES  # what is read is kept on both kinds of database elsewhere
P, O, S, I = Record.POINT, Record.ORGANISATION, Record.STAFF, Record.INSPECTION  # noqa: E741


def user(role=Role.PLANNER, **more):
    return User("dung", grants=(Grant(role, PROVINCE, **more),))


def listed(store, record=P, who=None, /, **wanted):
    return listing.listed(store, who or user(), PROVINCE, record, Filter(**wanted))


def names(store, record=P, who=None, /, **wanted):
    key = {I: "document"}.get(record, "name")
    return [row[key] for row in listed(store, record, who, **wanted).rows]


def test_names_stand_in_the_order_of_the_alphabet(registered):
    # Đ comes after B and D; the tones come after the letters; what is no letter first.
    assert names(registered) == ["=1+1", "Bưu cục Ấp Bắc", "Bưu cục Đông", "Đại lý Ân"]
    assert names(registered, sort="name", down=True) == names(registered)[::-1]
    assert names(registered, O) == ["Ánh Dương", "Bưu điện tỉnh"]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"text": "buu cuc"}, {"Bưu cục Ấp Bắc", "Bưu cục Đông"}),
        ({"text": "BƯU đông"}, {"Bưu cục Đông"}),
        ({"text": "anh duong"}, {"Đại lý Ân"}),  # its organisation
        ({"text": SECOND[-9:]}, {"Đại lý Ân"}),
        ({"status": "suspended"}, {"Bưu cục Ấp Bắc"}),
        ({"kind": "online"}, set()),
        ({"organisation": SHOP}, {"Đại lý Ân"}),
        ({"commune": "98004"}, {"=1+1"}),
        ({"office": "BHXH Cơ sở 1"}, {"Bưu cục Đông", "Đại lý Ân"}),
        ({"sign": "yes"}, {"Bưu cục Đông", "=1+1"}),
        ({"sign": "no"}, {"Đại lý Ân"}),
        ({"sign": "unknown"}, {"Bưu cục Ấp Bắc"}),
        ({"permanent": "no"}, {"Đại lý Ân"}),
        ({"until": "2026-12-31"}, {"Bưu cục Đông", "Bưu cục Ấp Bắc", "=1+1"}),
        ({"until": "2026-12-30"}, set()),
        ({"sign": "yes", "commune": "98001"}, {"Bưu cục Đông"}),
    ],
)
def test_a_filter_of_points_leaves_what_it_says(registered, wanted, left):
    found = listed(registered, **wanted)
    assert {row["name"] for row in found.rows} == left
    assert (found.total, found.known) == (len(left), 4)


def test_organisations_staff_and_inspections_are_filtered_too(registered):
    assert names(registered, O, commune="98002") == ["Ánh Dương"]
    assert names(registered, O, until="2026-06-30") == ["Bưu điện tỉnh"]
    assert names(registered, S, until="2026-01-31") == ["Người Hai"]
    assert names(registered, S, text="T1") == ["Người Một"]
    assert names(registered, I, conclusion="met") == ["2/BB"]
    assert names(registered, I, stage="overdue") == ["1/BB"]
    assert names(registered, I, stage="settled") == []
    assert names(registered, I) == ["2/BB", "1/BB"]  # the newest first


def test_one_person_is_one_row_with_both_points(registered):
    one, _ = sorted(listed(registered, S).rows, key=lambda row: row["person_id"])
    assert (one["name"], one["count"], one["permanent"]) == ("Người Một", 2, True)


def test_organisations_carry_what_they_run(registered):
    counts = {row["organisation_code"]: (row["points"], row["staff"], row["communes"])
              for row in listed(registered, O).rows}  # fmt: skip
    assert counts == {POST: (2, 1, 2), SHOP: (1, 1, 1)}


def test_pages_hold_every_row_once(registered, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 3)
    first, second = (listed(registered, page=page) for page in (1, 2))
    assert (len(first.rows), len(second.rows), first.pages) == (3, 1, 2)
    assert [row["name"] for row in (*first.rows, *second.rows)] == [
        "=1+1", "Bưu cục Ấp Bắc", "Bưu cục Đông", "Đại lý Ân",
    ]  # fmt: skip
    assert listed(registered, page=99).page == 2


@pytest.mark.parametrize(
    ("who", "points", "organisations", "inspections"),
    [
        (user(Role.VIEWER), 4, 2, 2),
        (user(Role.ORGANISATION, organisation=SHOP), 1, 1, 1),
        (user(Role.CHECKER, office="BHXH Cơ sở 2"), 2, 1, 0),
        (User("la", grants=(Grant(Role.PLANNER, "12"),)), 0, 0, 0),
    ],
)
def test_everybody_sees_what_their_role_reaches(
    registered, who, points, organisations, inspections
):
    for kind, count in ((P, points), (O, organisations), (I, inspections)):
        assert listed(registered, kind, who).known == count


def test_names_of_staff_are_shown_to_who_may_see_people_and_recorded_once_a_day(registered):
    seen = listed(registered, S, user(Role.VIEWER))
    assert seen.known == 2
    assert not seen.people
    hidden = {row[name] for row in seen.rows for name in listing.PERSONAL}
    assert hidden == {None}
    assert listed(registered, S, user(Role.VIEWER), text="Người").total == 0

    def events():
        with registered.reading() as db:
            return list(audit.events(db, PROVINCE, area="people"))

    assert events() == []
    listed(registered, S)
    listed(registered, S)
    (event,) = events()
    assert (event.tag, event.actor) == ("people:register:seen", "dung")


def test_an_organisation_sees_its_own_staff_by_name(registered):
    who = user(Role.ORGANISATION, organisation=SHOP)
    assert names(registered, S, who) == ["Người Hai"]
