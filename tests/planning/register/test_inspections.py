"""Inspections are written down once, by who may inspect the point, and settled later."""

import pytest
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.model.errors import DoneAlreadyError, NotFoundError, QuestionError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.services import imports
from planning.services.imports import ImportAsk
from planning.services.register import inspecting, listing
from planning.services.register.listing import Filter
from planning.store import audit, register_tables
from planning.store import imports as kept
from tests.planning.register.laid import DAY, FIRST, FOURTH, POST, PROVINCE, SECOND

LAN = User("lan", grants=(Grant(Role.REVIEWER, PROVINCE),))
NEW = {"day": "2026-05-04", "content": "Biển hiệu", "conclusion": "not met",
       "findings": "Biển mờ", "deadline": "20/05/2026", "settled": "", "document": "7/BB"}  # fmt: skip


def every(store):
    with store.reading() as db:
        return [dict(row) for row in db.execute(sa.select(register_tables.inspection)).mappings()]


def late(store):
    found = listing.listed(store, LAN, PROVINCE, Record.INSPECTION, Filter(stage="overdue"))
    return {row["document"] for row in found.rows}


def test_an_inspection_is_kept_with_its_event_and_undone_like_an_import(registered):
    before = every(registered)
    number = inspecting.add(registered, LAN, PROVINCE, FOURTH, NEW)
    (added,) = [each for each in every(registered) if each not in before]
    assert added == {"id": number, "province_code": PROVINCE, "point_id": FOURTH, **NEW,
                     "deadline": "2026-05-20"}  # fmt: skip
    with registered.reading() as db:
        event = audit.events(db, PROVINCE)[-1]
        batch = kept.batches(db, PROVINCE)[-1]
    assert (event.tag, event.actor) == ("register:inspection:added", "lan")
    imports.undo(registered, PROVINCE, batch.id, by="lan")
    assert every(registered) == before


@pytest.mark.parametrize("deed", ["change", "add"])
def test_what_was_done_by_hand_is_undone_after_an_import_on_it_is(registered, tmp_path, deed):
    before = every(registered)
    number = next(each["id"] for each in before if each["document"] == "1/BB")
    told = inspecting.one(registered, LAN, PROVINCE, number)
    texts = {name: str(told.row[name]) for name in inspecting.FIELDS}
    if deed == "change":
        changed = {**texts, "settled": "2026-03-10"}
        inspecting.change(registered, LAN, PROVINCE, (number, told.mark), changed)
    else:
        inspecting.add(registered, LAN, PROVINCE, SECOND, {**NEW, "day": DAY, "document": "9/BB"})
    by_hand = every(registered)
    path = tmp_path / "inspections.csv"
    path.write_text(
        "Mã điểm thu,Ngày kiểm tra,Nội dung kiểm tra,Tồn tại,Kết luận,Số biên bản\n"
        f"{SECOND},02/03/2026,Khác,Khác,Chưa đạt,1/BB\n{SECOND},02/03/2026,Khác,Khác,Chưa đạt,9/BB\n",
        encoding="utf-8",
    )
    imports.commit(registered, ImportAsk("inspections", path, province=PROVINCE))
    assert every(registered) != by_hand
    for stood in (by_hand, before):
        with registered.reading() as db:
            last = [each for each in kept.batches(db, PROVINCE) if each.kind == "inspections"][-1]
        imports.undo(registered, PROVINCE, last.id, by="lan")
        assert sorted(every(registered), key=str) == sorted(stood, key=str)


def test_settling_takes_it_off_what_is_overdue(registered):
    assert late(registered) == {"1/BB"}
    number = next(each["id"] for each in every(registered) if each["document"] == "1/BB")
    it = inspecting.one(registered, LAN, PROVINCE, number)
    texts = {name: str(it.row[name]) for name in inspecting.FIELDS}
    inspecting.change(
        registered, LAN, PROVINCE, (number, it.mark), {**texts, "settled": "2026-03-10"}
    )
    assert late(registered) == set()
    with pytest.raises(DoneAlreadyError):
        inspecting.change(registered, LAN, PROVINCE, (number, it.mark), texts)


def test_everything_wrong_is_said_at_once(registered):
    before = every(registered)
    texts = {"day": "2099-01-01", "content": "", "conclusion": "maybe", "deadline": "x",
             "settled": "2098-01-01"}  # fmt: skip
    with pytest.raises(QuestionError) as raised:
        inspecting.add(registered, LAN, PROVINCE, FIRST, texts)
    # No content, no conclusion, no deadline, two days to come, settled before the inspection.
    assert len(raised.value.lines) == 6
    with pytest.raises(QuestionError, match="no point with the code “99”"):
        inspecting.add(registered, LAN, PROVINCE, "99", NEW)
    assert every(registered) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"findings": ""}, "what was found"),
        ({"deadline": "2026-05-03"}, "before the day"),
        ({"day": DAY, "document": "1/BB", "deadline": ""}, "already"),
    ],
)
def test_what_cannot_be_is_refused(registered, more, said):
    with pytest.raises(QuestionError) as raised:
        inspecting.add(registered, LAN, PROVINCE, SECOND, {**NEW, **more})
    assert [said in str(each) for each in raised.value.lines] == [True]


@pytest.mark.parametrize(
    ("role", "more", "point", "allowed"),
    [
        (Role.PLANNER, {}, FIRST, True), (Role.VIEWER, {}, FIRST, False),
        (Role.APPROVER, {}, FIRST, False), (Role.ADMINISTRATOR, {}, FIRST, False),
        (Role.ORGANISATION, {"organisation": POST}, FIRST, False),
        (Role.CHECKER, {"office": "BHXH Cơ sở 2"}, FOURTH, True),
        (Role.CHECKER, {"office": "BHXH Cơ sở 2"}, FIRST, False),
        (Role.CHECKER, {"communes": frozenset({"98001"})}, FIRST, True),
    ],
)  # fmt: skip
def test_who_may_inspect_which_point(registered, role, more, point, allowed):
    who = User("an", grants=(Grant(role, PROVINCE, **more),))
    if allowed:
        assert inspecting.add(registered, who, PROVINCE, point, NEW)
    else:
        with pytest.raises(ForbiddenError):
            inspecting.add(registered, who, PROVINCE, point, NEW)


def test_an_inspection_of_anothers_point_does_not_exist(registered):
    number = next(each["id"] for each in every(registered) if each["point_id"] == SECOND)
    who = User("an", grants=(Grant(Role.ORGANISATION, PROVINCE, organisation=POST),))
    with pytest.raises(NotFoundError):
        inspecting.one(registered, who, PROVINCE, number)
