"""Who sees what of a report, what is kept of it over time, and what is handed out."""

from datetime import date, timedelta

import openpyxl
import pytest

from planning.analysis.compliance.days import months_later
from planning.model.compliance import Check, Count, Record, Rule
from planning.model.days import today
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Grant, Role, User
from planning.model.performance import ALL_KEYS
from planning.services.compliance import checking, handing, listing, rules
from planning.services.compliance.listing import Filter, filtered, paged, ranked
from planning.services.compliance.reporting import note_sight, report
from planning.store import audit, compliance, layers, partners, performance_tables
from tests.toy import district
from tests.toy.register import organisations, points, staff

HERE = district.PROVINCE
A, B = "0123456780", "0123456781"
CODE = f"{A}TH{HERE}98001001"


@pytest.fixture
def listed(store):
    """Return the toy database with a register of two organisations that fail some rules."""
    with store.writing() as db:
        layers.save_points(db, HERE, points(
            {"organisation_code": A, "sign": False, "official_code": CODE, "opened": "2025-08-01"},
            {"organisation_code": B, "sign": False, "at": (3, 1), "permanent_staff": False},
            {"sign": False, "at": (3, 1), "permanent_staff": True},
            {"organisation": "Tổ chức lạ", "sign": True, "at": (50, 1), "permanent_staff": True},
        ))  # fmt: skip
        partners.save_organisations(db, HERE, organisations(
            {"organisation_code": A, "name": "Đại lý Ân"},
            {"organisation_code": B, "name": "Bưu điện", "contract_valid_to": "2025-12-31"}))  # fmt: skip
        partners.save_staff(db, HERE, staff(
            {"name": "Người Một", "organisation_code": A, "point_code": CODE, "permanent": True,
             "card_valid_to": "2026-01-01"},
            {"name": "Người Hai", "organisation_code": B, "card_valid_to": "2026-01-01"}))  # fmt: skip
    return store


def user(role, **more):
    return User("an", grants=(Grant(role, HERE, **more),))


def told(found, check):
    return sorted(each.failure.record_id for each in found.lines if each.failure.check is check)


def seen_events(store):
    with store.reading() as db:
        return [(each.tag, each.facts) for each in audit.events(db, HERE, area="people")]


def test_a_viewer_sees_everything_but_the_names_of_staff(listed):
    found = report(listed, user(Role.VIEWER), HERE)
    assert found.whole
    assert told(found, Check.SIGN_MISSING) == ["P0", "P1", "P2"]
    assert told(found, Check.CARD_EXPIRED) == ["N0", "N1"]
    people = [each for each in found.lines if each.failure.record is Record.STAFF]
    assert {each.name for each in people} == {""}
    note_sight(listed, user(Role.VIEWER), HERE, found.lines)
    assert seen_events(listed) == []


def test_who_sees_names_of_staff_is_recorded_once_a_day(listed):
    found = report(listed, user(Role.REVIEWER), HERE)
    assert {each.name for each in found.lines if each.failure.record is Record.STAFF} == {
        "Người Một", "Người Hai"}  # fmt: skip
    for _ in range(2):
        note_sight(listed, user(Role.REVIEWER), HERE, found.lines)
    assert [tag for tag, _ in seen_events(listed)] == ["people:compliance:seen"]


def test_an_organisation_sees_its_own_alone(listed):
    found = report(listed, user(Role.ORGANISATION, organisation=B), HERE)
    assert {each.failure.organisation_code for each in found.lines} == {B}
    assert told(found, Check.CONTRACT_EXPIRED) == [B]
    signs = next(each for each in found.rules if each.rule.check is Check.SIGN_MISSING)
    assert (signs.failures, signs.base, signs.before) == (1, 1, None)
    assert (found.whole, found.counts) == (False, ())
    assert {each.name for each in found.lines if each.failure.record is Record.STAFF} == {
        "Người Hai"
    }
    assert [each.code for each in found.by_organisation] == [B]


def test_a_checker_sees_its_own_communes_alone(listed):
    found = report(listed, user(Role.CHECKER, communes=frozenset({"98002"})), HERE)
    assert {each.failure.commune_code for each in found.lines} == {"98002"}
    assert told(found, Check.SIGN_MISSING) == ["P1", "P2"]
    assert told(found, Check.CARD_EXPIRED) == []


def test_sums_over_organisations_and_over_communes_are_the_whole(listed):
    found = report(listed, user(Role.VIEWER), HERE)
    for ranks in (found.by_organisation, found.by_commune):
        assert sum(each.failures for each in ranks) == found.failures
        assert sum(each.checks for each in ranks) == sum(each.base for each in found.rules)
    # By the letters of the alphabet: B before Đ before T; what belongs to none is last.
    assert [each.name for each in found.by_organisation] == [
        "Bưu điện",
        "Đại lý Ân",
        "Tổ chức lạ",
        "",
    ]
    most = ranked(found.by_organisation, "failures", down=True)
    assert [each.failures for each in most] == sorted(
        (each.failures for each in most), reverse=True
    )
    assert ranked(found.by_organisation, "name", down=True) == list(found.by_organisation)[::-1]


def test_filters_leave_what_they_say_and_pages_hold_all_of_it(listed, monkeypatch):
    found = report(listed, user(Role.VIEWER), HERE)
    signs = filtered(found, Filter(check=Check.SIGN_MISSING))
    assert len(signs) == 3
    assert {each.failure.organisation_code for each in signs} == {A, B, ""}
    nobody = filtered(found, Filter(organisation=listing.NONE))
    assert {each.failure.organisation_code for each in nobody} == {""}
    parts = [len(filtered(found, Filter(organisation=each.code or listing.NONE)))
             for each in found.by_organisation]  # fmt: skip
    assert sum(parts) == found.failures
    monkeypatch.setattr(listing, "PAGE", 2)
    pages = [paged(found, Filter(page=at)) for at in range(1, paged(found, Filter()).pages + 1)]
    assert sum((each.lines for each in pages), ()) == tuple(filtered(found, Filter()))
    assert paged(found, Filter(page=99)).page == pages[-1].page


def test_counts_and_first_sight_of_today_are_kept_and_follow_the_data(listed):
    alone = next(each.failure for each in report(listed, user(Role.VIEWER), HERE).lines
                 if each.failure.check is Check.NO_PERMANENT_STAFF)  # fmt: skip
    assert (alone.record_id, alone.since, alone.seen) == ("P1", today(), True)
    with listed.writing() as db:
        kept = {each.check: each for each in compliance.counts(db, HERE)}
        assert kept[Check.SIGN_MISSING] == Count(today(), Check.SIGN_MISSING, 3, 4)
        long_ago = ("no permanent staff", "point", "P1")
        compliance.note_seen(db, HERE, {long_ago}, "2026-01-01")
        first = compliance.seen(db, HERE)[long_ago]
        layers.save_points(db, HERE, points({"sign": False, "permanent_staff": False},
                                            {"sign": True, "permanent_staff": False}))  # fmt: skip
        audit.record(db, "data:mend:committed", HERE, at="2026-01-01T00:00:00+00:00", actor="an")
    again = report(listed, user(Role.VIEWER), HERE)
    assert told(again, Check.NO_PERMANENT_STAFF) == ["P0", "P1"]
    since = {each.failure.record_id: each.failure.since for each in again.lines
             if each.failure.check is Check.NO_PERMANENT_STAFF}  # fmt: skip
    assert since == {"P0": today(), "P1": first}
    assert [(each.failures, each.base) for each in again.counts
            if each.check is Check.SIGN_MISSING] == [(1, 2)]  # fmt: skip
    waiting = checking.waiting(listed, HERE)
    assert (waiting.failures, waiting.day) == (again.failures, today())


def test_a_month_ago_is_the_newest_count_that_is_a_month_old(listed):
    month = months_later(today(), -1)
    late = (date.fromisoformat(month) + timedelta(days=1)).isoformat()
    with listed.writing() as db:
        for day, failures in (("2025-01-01", 9), (month, 8), (late, 7)):
            compliance.keep_counts(db, HERE, day, [Count(day, Check.SIGN_MISSING, failures, 9)])
    found = report(listed, user(Role.VIEWER), HERE)
    before = {each.rule.check: each.before for each in found.rules}
    assert before[Check.SIGN_MISSING] == Count(month, Check.SIGN_MISSING, 8, 9)
    assert before[Check.CARD_EXPIRED] is None


def test_a_past_day_has_its_own_rules_and_keeps_no_counts(listed):
    head = user(Role.ADMINISTRATOR)
    all_rules = rules.all_rules(listed, HERE)
    rules.put(listed, head, HERE, rules.state_of(all_rules), Rule(Check.TOO_FEW_POINTS, "Tỉnh", 1, today()))  # fmt: skip
    past = report(listed, user(Role.VIEWER), HERE, "2025-12-31")
    assert told(past, Check.TOO_FEW_POINTS) == [A, B]
    assert told(past, Check.CONTRACT_EXPIRED) == []
    assert checking.waiting(listed, HERE) is None
    now = report(listed, user(Role.VIEWER), HERE)
    assert told(now, Check.TOO_FEW_POINTS) == []
    assert told(now, Check.CONTRACT_EXPIRED) == [B]


@pytest.mark.parametrize("day", ["2999-01-01", "31/12/2025", "2025-02-30"])
def test_what_is_no_day_up_to_today_is_refused(listed, day):
    with pytest.raises(RequestError):
        report(listed, user(Role.VIEWER), HERE, day)


def test_a_province_that_is_not_there_is_not_found(listed):
    with pytest.raises(NotFoundError):
        report(listed, User("an"), "12")


def test_the_spreadsheet_names_staff_only_for_who_may_see_them(listed, tmp_path):
    for role, names, events in ((Role.VIEWER, set(), []),
                                (Role.PLANNER, {"Người Một", "Người Hai"}, [{"people": 2}])):  # fmt: skip
        found, path = report(listed, user(role), HERE), tmp_path / f"{role}.xlsx"
        handing.hand_out(listed, user(role), HERE, (found, found.lines), path)
        book = openpyxl.load_workbook(path)
        headings, *rows = [[cell.value for cell in row] for row in book["Danh sách"].iter_rows()]
        assert len(rows) == found.failures
        people = [
            dict(zip(headings, row, strict=True)) for row in rows if row[2] == "nhân viên thu"
        ]
        assert {each["Tên"] for each in people} - {None} == names
        assert {each["Mã hồ sơ"] for each in people} == ({"N0", "N1"} if names else {None})
        assert [facts for _, facts in seen_events(listed)] == events
        assert ["Nhãn", "Dữ liệu minh họa"] in [
            [cell.value for cell in row] for row in book["Thông tin"].iter_rows()]  # fmt: skip
        book.close()


def test_plain_values_say_nothing_of_who_a_member_of_staff_is(listed):
    told_plainly = str(handing.as_dict(report(listed, user(Role.PLANNER), HERE)))
    for personal in ("Người Một", "N0", "N1"):
        assert personal not in told_plainly
    assert "Đại lý Ân" in told_plainly


def test_results_of_points_and_of_their_staff_count_in_every_kind_of_period(listed):
    table = performance_tables.result
    rows = [("2026", "P0", "", 0), ("2025-Q4", "P0", "", 1), ("2025-12", "P1", "", 5),
            ("2025-11", "P1", "", 5), ("2026-W02", "", "N0", 1), ("2026-W53", "P2", "", 1)]  # fmt: skip
    with listed.writing() as db:
        for period, point, member, value in rows:
            level = "point" if point else "staff"
            keys = {**dict.fromkeys(ALL_KEYS, ""), "point_id": point, "staff_id": member}
            db.execute(table.insert().values(province_code=HERE, programme="BHXH-TN", period=period,
                                             level=level, valid_from="", value=value, **keys))  # fmt: skip
    with listed.reading() as db:
        activity = compliance.load_register(db, HERE).activity
    # N0 works at P0: the second week of 2026 ends on 11 January; week 53 on 3 January 2027.
    assert activity.last == {"P0": "2026-01-11", "P1": "2025-12-31", "P2": "2027-01-03"}
    assert (activity.since, activity.until) == ("2025-10-01", "2027-01-03")


def test_a_change_of_what_is_kept_is_seen_and_a_look_is_no_change(listed):
    with listed.writing() as db:
        before = compliance.version(db, HERE)
        audit.record(db, "people:compliance:seen", HERE, at="2026-01-01", actor="an")
        audit.record(db, "access:sign-in:done", HERE, at="2026-01-01", actor="an")
        audit.record(db, "proposal:proposal:comment", HERE, at="2026-01-01", actor="an")
        audit.record(db, "data:mend:committed", "12", at="2026-01-01", actor="an")
        assert compliance.version(db, HERE) == before
        audit.record(db, "register:point:changed", HERE, at="2026-01-01", actor="an")
        assert compliance.version(db, HERE) != before
