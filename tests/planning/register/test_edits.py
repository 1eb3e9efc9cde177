"""A change by hand writes what was asked, follows through, says who and why, and is undone whole."""

import pytest
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, NotFoundError, QuestionError, RequestError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.services import imports
from planning.services.register import editing, listing, records
from planning.services.register.editing import Ask, Selection
from planning.services.register.handles import handle
from planning.services.register.listing import Filter
from planning.store import audit, register_tables, rows, schema
from planning.store import imports as kept_imports
from planning.store import register as kept
from planning.store.situation import current_fingerprint
from tests.planning.register.laid import FIRST, FOURTH, POST, PROVINCE, SECOND, SHOP, code
from tests.toy import district

P, O, S = Record.POINT, Record.ORGANISATION, Record.STAFF  # noqa: E741
LAN = User("lan", grants=(Grant(Role.PLANNER, PROVINCE),))
TABLES = (schema.point, schema.organisation, register_tables.person, schema.staff)


def listed(store, kind=P, **wanted):
    return listing.listed(store, LAN, PROVINCE, kind, Filter(**wanted))


def marks(store, kind, *ids):
    """Return the marks of records as a reader of the list gets them; staff by number."""
    key = {P: "point_id", O: "organisation_code", S: "person_id"}[kind]
    found = {row[key]: row["mark"] for row in listed(store, kind).rows}
    name = (lambda each: handle(store, PROVINCE, each)) if kind is S else str
    return Selection({name(each): found[each] for each in ids})


def change(store, kind, ids, who=LAN, *, reason="Theo biên bản", place=0, chosen=None, **texts):
    ask = Ask(PROVINCE, kind, texts, reason, place)
    return editing.change(store, who, ask, chosen or marks(store, kind, *ids))


def point(store, point_id=FIRST):
    with store.reading() as db:
        return rows.point(db, PROVINCE, point_id)


def history(store, kind, record_id):
    with store.reading() as db:
        return kept.history(db, PROVINCE, kind, record_id)


def data(store):
    with store.reading() as db:
        return {each.name: sorted(map(repr, db.execute(sa.select(each)))) for each in TABLES}


def sentences(raised):
    return [str(each) for each in raised.value.lines]


def test_one_field_of_one_point_is_changed_and_nothing_else(registered):
    before, untouched = point(registered), point(registered, SECOND)
    done = change(registered, P, [FIRST], opening_hours=" 7h30–17h ")
    assert done.count == 1
    assert point(registered) == {**before, "opening_hours": "7h30–17h"}
    assert point(registered, SECOND) == untouched
    (told,) = history(registered, P, FIRST)[:1]
    assert told.fields == {"opening_hours": (None, "7h30–17h")}
    assert (told.deed.by, told.deed.how, told.deed.batch) == ("lan", "edit", done.batch)


def test_a_change_is_an_event_with_its_reason_and_stands_among_the_imports(registered):
    done = change(registered, P, [FIRST, SECOND], sign="yes", reason="Đã cấp biển")
    with registered.reading() as db:
        event = audit.events(db, PROVINCE)[-1]
        batch = kept_imports.batches(db, PROVINCE)[-1]
    assert (event.tag, event.actor) == ("register:records:changed", "lan")
    assert event.facts["reason"] == "Đã cấp biển"
    assert (event.facts["records"], event.facts["fields"]) == (2, ["sign"])
    assert (batch.id, batch.kind) == (done.batch, "points")
    assert batch.is_mend
    assert batch.imported_by == "lan"


@pytest.mark.parametrize(
    ("kind", "ids", "texts"),
    [
        (P, [FIRST, FOURTH], {"status": "suspended"}),
        (P, [FIRST], dict(zip(("lon", "lat"), map(str, district.degrees([(3, 1.5)])[0]), strict=True))),
        (O, [POST], {"name": "Bưu điện tỉnh mới", "guarantee": "600.000.000"}),
        (S, ["NV1"], {"organisation_code": SHOP}),
        (S, ["NV1", "NV2"], {"card_valid_to": "2027-12-31"}),
    ],
)  # fmt: skip
def test_undoing_a_change_puts_everything_back(registered, kind, ids, texts):
    before, figures = data(registered), current_fingerprint(registered, PROVINCE, None)
    done = change(registered, kind, ids, **texts)
    assert data(registered) != before
    if kind is P:
        assert current_fingerprint(registered, PROVINCE, None) != figures
    imports.undo(registered, PROVINCE, done.batch, by="mai")
    assert data(registered) == before
    undone, changed = history(registered, kind, ids[0])[:2]
    assert (undone.deed.how, undone.deed.by) == ("undo", "mai")
    assert undone.fields == {name: (now, was) for name, (was, now) in changed.fields.items()}
    assert current_fingerprint(registered, PROVINCE, None) == figures


def test_coverage_follows_a_status(registered):
    figures = current_fingerprint(registered, PROVINCE, None)
    change(registered, P, [FIRST], status="closed", status_since="2026-05-04")
    assert current_fingerprint(registered, PROVINCE, None) != figures
    now = point(registered)
    assert (now["status"], now["status_since"], now["closed"]) == (
        "closed", "2026-05-04", "2026-05-04",
    )  # fmt: skip
    change(registered, P, [FIRST], status="open")
    again = point(registered)
    assert (again["status_since"], again["closed"]) == (today(), None)


def test_what_belongs_to_a_field_follows_it(registered):
    other = code(POST, "98001", 7)
    change(registered, P, [FIRST], official_code=other, organisation_code=SHOP)
    now = point(registered)
    assert (now["official_code"], now["former_codes"]) == (other, FIRST)
    assert (now["organisation_code"], now["organisation"]) == (SHOP, "Ánh Dương")
    lon, lat = district.degrees([(3.5, 1.5)])[0]
    change(registered, P, [FIRST], lon=f"{lon:.7f}", lat=f"{lat:.7f}".replace(".", ","))
    assert point(registered)["commune_code"] == "98002"
    change(registered, O, [POST], name="Bưu điện thành phố")
    with registered.reading() as db:
        kept_name = sa.select(schema.organisation.c.former_names)
        mine = schema.organisation.c.organisation_code == POST
        names = db.execute(kept_name.where(mine)).scalar_one()
    assert names == "Bưu cục trung tâm; Bưu điện tỉnh"


def test_a_person_changes_organisation_on_every_row_but_the_point_on_one(registered):
    shown = records.person(registered, LAN, PROVINCE, handle(registered, PROVINCE, "NV1"))
    place = [each["point_code"] for each in shown.parts["rows"]].index(FOURTH) + 1
    change(registered, S, ["NV1"], place=place, organisation_code=SHOP, permanent="yes",
           point_code=SECOND)  # fmt: skip
    with registered.reading() as db:
        mine = schema.staff.c.person_id == "NV1"
        found = db.execute(sa.select(schema.staff).where(mine).order_by("staff_id")).all()
        person = db.execute(
            sa.select(register_tables.person.c.employer).where(
                register_tables.person.c.person_id == "NV1")
        ).scalars().all()  # fmt: skip
    assert person == [SHOP]
    assert {(row.organisation_code, row.organisation, row.employer) for row in found} == {
        (SHOP, "Ánh Dương", SHOP)
    }
    assert sorted(row.point_code for row in found) == sorted([FIRST, SECOND])


@pytest.mark.parametrize("place", [0, 3])
def test_of_a_person_at_several_points_it_is_said_which_of_them_changes(registered, place):
    before = data(registered)
    for texts in ({"point_code": SECOND}, {"permanent": "yes"}, {"phone": "1", "permanent": "yes"}):
        with pytest.raises(RequestError, match="stands at 2 points"):
            change(registered, S, ["NV1"], place=place, **texts)
    with pytest.raises(RequestError, match="Người Một: these people stand at several"):
        change(registered, S, ["NV1", "NV2"], permanent="yes")
    assert data(registered) == before
    change(registered, S, ["NV1"], phone="0900 000 001")  # what belongs to the person, anywhere
    change(registered, S, ["NV2"], point_code=FIRST, permanent="no")  # who stands at one point


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(registered):
    before = data(registered)
    with pytest.raises(QuestionError) as raised:
        change(registered, P, [FIRST], name=" ", lat="99", status="gone", opened="32/13/2025",
               staff_count="-1", organisation_code="9", reason="")  # fmt: skip
    assert len(sentences(raised)) == 7
    assert data(registered) == before


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"opened": "02/05/2026", "closed": "01/05/2026"}, "lies before"),
        ({"sign": "no", "sign_date": "01/05/2026"}, "but no sign"),
        ({"official_code": "12-34"}, "no official code"),
        ({"official_code": SECOND}, "is that of “Đại lý Ân” already"),
        ({"lon": "107"}, "lies in no commune"),
        ({"note": "x" * 501}, "at most 500"),
        ({"note": "a\x00b"}, "on one line"),
    ],
)
def test_what_contradicts_itself_is_refused(registered, texts, said):
    before = data(registered)
    with pytest.raises(QuestionError) as raised:
        change(registered, P, [FIRST], **texts)
    assert [said in each for each in sentences(raised)] == [True]
    assert data(registered) == before


def test_one_wrong_record_of_several_is_named_and_none_is_changed(registered):
    change(registered, P, [FIRST], opened="01/05/2026")
    before = data(registered)
    with pytest.raises(QuestionError) as raised:
        change(registered, P, [FIRST, SECOND], closed="01/04/2026")
    assert [each.startswith("Bưu cục Đông:") for each in sentences(raised)] == [True]
    assert data(registered) == before


def test_a_record_changed_since_it_was_read_is_not_written_over(registered):
    read = marks(registered, P, FIRST, SECOND)
    change(registered, P, [SECOND], note="khác")
    before = data(registered)
    with pytest.raises(DoneAlreadyError, match="Đại lý Ân"):
        change(registered, P, [], chosen=read, sign="yes")
    assert data(registered) == before
    change(registered, P, [], chosen=Selection({FIRST: read.marks[FIRST]}), note="một")
    assert point(registered)["note"] == "một"


def test_all_that_a_filter_leaves_are_changed_unless_the_list_changed(registered):
    read = listed(registered, status="open")
    chosen = Selection({}, Filter(status="open"), read.state)
    assert editing.preview(registered, LAN, (PROVINCE, P), chosen, "office").count == 3
    done = change(registered, P, [], chosen=chosen, office="BHXH Mới")
    assert done.count == 3
    assert [point(registered, each)["office"] for each in (FIRST, SECOND, FOURTH)] == ["BHXH Mới"] * 3  # fmt: skip
    with pytest.raises(DoneAlreadyError):
        change(registered, P, [], chosen=chosen, office="BHXH Khác")


def test_nothing_chosen_nothing_new_and_no_field_for_several_are_said(registered):
    with pytest.raises(RequestError, match="at least one"):
        change(registered, P, [], chosen=Selection({}), sign="yes")
    with pytest.raises(RequestError, match="Nothing would change"):
        change(registered, P, [FIRST], sign="yes")
    with pytest.raises(RequestError, match="several records"):
        change(registered, P, [FIRST, SECOND], name="Như nhau")
    with pytest.raises(NotFoundError):
        change(registered, P, [], chosen=Selection({"none": "x"}), sign="yes")


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.PLANNER])
def test_only_planners_change_the_register(registered, role):
    more = {Role.ORGANISATION: {"organisation": POST}, Role.CHECKER: {"office": "*"}}
    who = User("an", grants=(Grant(role, PROVINCE, **more.get(role, {})),))
    before = data(registered)
    chosen = marks(registered, P, FIRST)
    with pytest.raises(ForbiddenError):
        change(registered, P, [], who, chosen=chosen, sign="no")
    assert data(registered) == before
