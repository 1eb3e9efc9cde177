"""Every rule on a register drawn by hand: one record that fails it, and its near miss."""

import pytest

from planning.analysis.compliance import CHECKS, Activity, check
from planning.model.compliance import Check, Record, Rule
from tests.toy import district
from tests.toy.register import (
    crosswalk,
    inspections,
    organisations,
    points,
    register,
    staff,
)

DAY = "2026-06-15"
CODE = "0123456789TH98{}{:03d}"


def found(it, name, amount=None, day=DAY):
    return check(it, [Rule(name, "Căn cứ", amount)], day).found[name]


def told(it, name, amount=None, day=DAY):
    """Return record, since and whether only seen of every failure."""
    return {each.record_id: (each.since, each.seen)
            for each in found(it, name, amount, day).failures}  # fmt: skip


def unknown(it, name, amount=None):
    return sum(found(it, name, amount).unknown.values())


def test_a_sign_is_missing_where_it_was_not_issued_and_unknown_where_nobody_says():
    it = register(points=points(
        {"sign": False, "opened": "2025-09-01"},  # fails since it opened
        {"sign": True}, {"sign": None},
        {"sign": False, "kind": "online"}, {"sign": False, "status": "suspended"},
        {"sign": False, "opened": "2025-09-01", "sign_date": "2025-09-02"},  # it had one
        {"sign": False, "opened": "2026-06-16"},  # open already, by a day yet to come
    ))  # fmt: skip
    assert told(it, Check.SIGN_MISSING) == {
        "P0": ("2025-09-01", False), "P5": ("", True), "P6": ("", True),
    }  # fmt: skip
    assert found(it, Check.SIGN_MISSING).base == 4
    assert unknown(it, Check.SIGN_MISSING) == 1


def test_permanent_staff_is_that_of_the_list_of_staff_where_there_is_one():
    codes = [CODE.format("98001", at) for at in range(1, 7)]
    it = register(
        points=points(
            {"official_code": codes[0], "permanent_staff": True},  # the list knows nobody there
            {"official_code": codes[1]}, {"official_code": codes[2]}, {"official_code": codes[3]},
            {"permanent_staff": False},  # without a code nobody can name it: its own columns
            {"kind": "online", "official_code": codes[4]},
            {"official_code": codes[5], "former_codes": "1; 2"},
            {"permanent_staff": False}, {"permanent_staff": True},
        ),
        staff=staff(
            {"point_code": codes[1], "permanent": False},
            {"point_code": codes[2], "permanent": None},
            {"point_code": codes[3], "permanent": False},
            {"point_code": codes[3], "permanent": True},
            {"point_code": "2", "permanent": True},  # by the code that P6 bore before
            {"point_code": "P7", "permanent": True},  # by its id
        ),
    )  # fmt: skip
    assert set(told(it, Check.NO_PERMANENT_STAFF)) == {"P0", "P1", "P4"}
    assert unknown(it, Check.NO_PERMANENT_STAFF) == 1
    assert found(it, Check.NO_PERMANENT_STAFF).base == 7


def test_without_a_list_of_staff_the_list_of_points_speaks():
    it = register(points=points({"permanent_staff": False}, {"permanent_staff": True},
                                {"staff_count": 0}, {"staff_count": 2}))  # fmt: skip
    assert set(told(it, Check.NO_PERMANENT_STAFF)) == {"P0", "P2"}
    assert unknown(it, Check.NO_PERMANENT_STAFF) == 1


def test_a_card_holds_through_its_last_day_and_the_longest_of_a_person_counts():
    it = register(staff=staff(
        {"card_valid_to": "2026-06-14"}, {"card_valid_to": DAY}, {"card_valid_to": None},
        {"person_id": "A", "card_valid_to": "2025-01-31"},
        {"person_id": "A", "card_valid_to": "2027-01-31"},
    ))  # fmt: skip
    assert told(it, Check.CARD_EXPIRED) == {"N0": (DAY, False)}
    assert found(it, Check.CARD_EXPIRED).base == 3
    assert unknown(it, Check.CARD_EXPIRED) == 1


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (Check.CONTRACT_EXPIRED, "contract_valid_to"),
        (Check.GUARANTEE_EXPIRED, "guarantee_valid_to"),
    ],
)
def test_a_contract_and_a_guarantee_hold_through_their_last_day(name, column):
    it = register(organisations=organisations(
        {"organisation_code": "A", column: "2025-12-31"}, {"organisation_code": "B", column: DAY},
        {"organisation_code": "C"},
    ))  # fmt: skip
    assert told(it, name) == {"A": ("2026-01-01", False)}
    assert (found(it, name).base, unknown(it, name)) == (2, 1)


def test_a_person_of_two_organisations_is_found_by_number_card_or_name_and_telephone():
    it = register(
        organisations=organisations({"organisation_code": "A", "name": "Bưu điện",
                                     "former_names": "Bưu chính; VNPost"},
                                    {"organisation_code": "B"}),
        staff=staff(
            {"person_id": "X", "organisation_code": "A"},
            {"person_id": "X", "organisation_code": "B"},  # the same number
            {"card_number": "AG-0001", "organisation_code": "A"},
            {"card_number": "ag 0001", "organisation_code": "B"},  # the same card
            {"name": "Người Hoà", "phone": "0912 000 111", "organisation_code": "A"},
            {"name": "Người  Hòa", "phone": "+84912000111", "organisation_code": "B"},
            {"name": "Người Hoà", "phone": "0912000112", "organisation_code": "B"},  # a namesake
            {"card_number": "AG-0002", "organisation_code": "A"},
            {"card_number": "AG-0002", "organisation": "VNPost"},  # A by its former name
            {"card_number": "AG-0003"}, {"card_number": "AG-0003", "organisation_code": "B"},
            {"card_number": "-", "organisation_code": "A"},
            {"card_number": "-", "organisation_code": "B"},
        ),
    )  # fmt: skip
    assert set(told(it, Check.TWO_ORGANISATIONS)) == {"X", "N2", "N3", "N4", "N5"}
    whole = found(it, Check.TWO_ORGANISATIONS)
    assert whole.failures[0].facts == (("others", "Tổ chức B"),)
    # Six registrations of three persons, the namesake, one of N7 and N8 together, N10, N11, N12.
    assert whole.base == 11
    assert sum(whole.unknown.values()) == 1


def test_a_name_that_a_point_gives_with_a_code_is_that_organisation():
    it = register(
        points=points({"organisation": "Viettel", "organisation_code": "B"}),
        staff=staff({"card_number": "1", "organisation": "VIETTEL"},
                    {"card_number": "1", "organisation_code": "B"}),
    )  # fmt: skip
    assert told(it, Check.TWO_ORGANISATIONS) == {}
    assert it.staff_employers == ["B", "B"]


def test_rows_are_one_person_through_a_third_row():
    it = register(staff=staff(
        {"person_id": "X", "card_number": "1", "organisation_code": "A"},
        {"person_id": "Y", "card_number": "1", "name": "Ân", "phone": "01"},
        {"person_id": "Z", "name": "Ân", "phone": "1", "organisation_code": "B"},
    ))  # fmt: skip
    assert set(told(it, Check.TWO_ORGANISATIONS)) == {"X", "Z"}


def test_an_organisation_needs_so_many_open_points_of_any_kind():
    three = [{"organisation_code": "A"}, {"organisation": "Tổ chức A", "kind": "online"},
             {"organisation_code": "A", "kind": "mobile"}]  # fmt: skip
    it = register(
        organisations=organisations({"organisation_code": "A"}, {"organisation_code": "B"}),
        points=points(*three, {"organisation_code": "B"}, {"organisation_code": "B"},
                      {"organisation_code": "B", "status": "closed"}),
    )  # fmt: skip
    (failure,) = found(it, Check.TOO_FEW_POINTS, 3).failures
    assert (failure.record_id, failure.facts) == ("B", (("points", "2"), ("least", "3")))
    assert told(it, Check.TOO_FEW_POINTS, 2) == {}


def test_a_commune_needs_an_open_direct_point_with_staff():
    it = register(points=points(
        {"at": (1, 1), "staff_count": 1},
        {"at": (3, 1), "staff_count": 0},  # 98002: nobody there
        {"at": (5, 1)},  # 98003: nobody knows
        {"at": (7, 1), "staff_count": 1, "kind": "online"},  # 98004: none that is direct
        {"at": (7, 1), "staff_count": 1, "status": "planned"},
    ))  # fmt: skip
    assert set(told(it, Check.COMMUNE_UNSTAFFED)) == {"98002", "98004"}
    whole = found(it, Check.COMMUNE_UNSTAFFED)
    assert whole.unknown == {("", "98003"): 1}
    assert [each.facts for each in whole.failures] == [(("points", "1"),), (("points", "0"),)]
    assert {each.record for each in whole.failures} == {Record.COMMUNE}


def test_a_former_commune_is_the_one_of_its_former_boundaries():
    # 98001 was two halves, of which only the western one has the staffed point.
    former = district.communes({"98101": district.square(0, 0, 1, 2),
                                "98102": district.square(1, 0, 1, 2)})  # fmt: skip
    whole = register(points=points({"at": (0.5, 1), "staff_count": 1}), former=former)
    (failure,) = found(whole, Check.FORMER_COMMUNE_UNSTAFFED).failures
    assert (failure.record_id, failure.commune_code) == ("98102", "98001")
    assert dict(failure.facts) == {"points": "0", "now": "Xã Số 1"}
    # What the row says counts before where the point lies.
    written = register(former=former, points=points(
        {"at": (0.5, 1), "staff_count": 1, "former_code": "98102"}))  # fmt: skip
    assert set(told(written, Check.FORMER_COMMUNE_UNSTAFFED)) == {"98101"}
    assert told(register(), Check.FORMER_COMMUNE_UNSTAFFED) == {}
    assert found(register(), Check.FORMER_COMMUNE_UNSTAFFED).base == 0


def test_without_former_boundaries_the_crosswalk_names_the_former_communes():
    ways = crosswalk(("98101", "Cũ A", "98001", "full"), ("98102", "Cũ B", "98001", "full"),
                     ("98103", "Cũ C", "98002", "full"))  # fmt: skip
    it = register(crosswalk=ways, points=points(
        {"at": (1, 1), "staff_count": 1, "former_code": "98101"}))  # fmt: skip
    assert set(told(it, Check.FORMER_COMMUNE_UNSTAFFED)) == {"98102", "98103"}
    # A staffed point that says no former commune may be of either that became 98001.
    silent = register(crosswalk=ways, points=points({"at": (1, 1), "staff_count": 1}))
    assert set(told(silent, Check.FORMER_COMMUNE_UNSTAFFED)) == {"98103"}
    assert unknown(silent, Check.FORMER_COMMUNE_UNSTAFFED) == 2


def test_a_point_is_inactive_after_so_many_months_of_what_is_told():
    activity = Activity({"P0": "2025-09-30", "P1": "2025-10-31", "P4": "2025-03-31"},
                        "2025-01-01", "2026-04-30")  # fmt: skip
    it = register(activity=activity, points=points(
        {}, {},
        {"opened": "2025-11-01"},  # within the months
        {"opened": "2025-10-29"},  # just before them
        {"status": "closed"}, {},
    ))  # fmt: skip
    # From October on six whole months end with March; from November on, with April.
    assert told(it, Check.POINT_INACTIVE, 6) == {
        "P0": ("2026-04-01", False), "P1": ("2026-05-01", False),
        "P3": ("2026-04-30", False), "P5": ("", True),
    }  # fmt: skip
    assert found(it, Check.POINT_INACTIVE, 6).base == 5
    assert "P1" not in told(it, Check.POINT_INACTIVE, 7)


@pytest.mark.parametrize(
    ("last", "until", "day", "since"),
    [
        ("2024-12-31", "2025-06-30", "2025-07-15", "2025-07-01"),
        ("2024-12-31", "2025-06-30", "2025-06-30", "2025-06-30"),  # full on this very day
        ("2024-12-31", "2025-06-30", "2025-06-29", None),
        ("2025-02-28", "2025-08-31", "2025-09-15", "2025-09-01"),
        ("2025-02-28", "2025-08-30", "2025-09-15", None),
        ("2024-08-31", "2025-02-28", "2025-03-01", "2025-03-01"),
        ("2025-01-12", "2025-07-12", "2025-07-20", "2025-07-13"),  # a week, amid its month
    ],
)
def test_months_without_a_result_are_whole_months(last, until, day, since):
    it = register(points=points({}), activity=Activity({"P0": last}, "2024-01-01", until))
    expected = {} if since is None else {"P0": (since, False)}
    assert told(it, Check.POINT_INACTIVE, 6, day) == expected


def test_six_months_that_are_told_are_enough_for_a_point_without_any_result():
    for first, expected in (("2025-01-01", {"P0"}), ("2025-01-02", set())):
        it = register(points=points({}, {}),
                      activity=Activity({"P1": "2025-06-30"}, first, "2025-06-30"))  # fmt: skip
        assert set(told(it, Check.POINT_INACTIVE, 6)) == expected
        assert unknown(it, Check.POINT_INACTIVE, 6) == 1 - len(expected)


def test_what_was_not_told_is_no_idleness():
    it = register(points=points({}))
    assert unknown(it, Check.POINT_INACTIVE, 6) == 1
    direct_only = register(points=points({}, {"kind": "online"}), activity=Activity(
        {"P0": "2026-05-31"}, "2025-01-01", "2026-05-31"))  # fmt: skip
    assert told(direct_only, Check.POINT_INACTIVE, 6) == {}
    assert found(direct_only, Check.POINT_INACTIVE, 6).unknown == {("", "98001"): 1}
    short = register(points=points({}, {}), activity=Activity({"P1": "2026-06-30"}, "2026-04-01",
                                                              "2026-06-30"))  # fmt: skip
    assert unknown(short, Check.POINT_INACTIVE, 6) == 1
    assert set(told(short, Check.POINT_INACTIVE, 2)) == {"P0"}


def test_a_point_is_overdue_by_a_deadline_or_by_the_months_since_it_was_inspected():
    it = register(
        points=points(
            {}, {}, {}, {}, {}, {"opened": "2026-05-01"}, {"opened": "2026-03-14"}, {},
            {"status": "suspended"},
        ),
        inspections=inspections(
            {"point_id": "P0", "day": "2026-03-15"},  # three months ago to the day
            {"point_id": "P1", "day": "2026-03-14"},
            {"point_id": "P2", "day": "2026-06-01", "deadline": "2026-06-14"},
            {"point_id": "P3", "day": "2026-06-01", "deadline": DAY},
            {"point_id": "P4", "day": "2026-06-01", "deadline": "2026-06-10",
             "settled": "2026-06-09"},
            {"point_id": "P8", "day": "2025-01-01"},
            {"point_id": "P1", "day": "2026-06-16"},  # yet to come
        ),
    )  # fmt: skip
    assert told(it, Check.INSPECTION_OVERDUE, 3) == {
        "P1": ("2026-06-15", False), "3": (DAY, False), "P6": ("2026-06-15", False),
    }  # fmt: skip
    late = next(each for each in found(it, Check.INSPECTION_OVERDUE, 3).failures
                if each.record is Record.INSPECTION)  # fmt: skip
    assert (late.name, late.facts) == (
        "Điểm 2",
        (("deadline", "2026-06-14"), ("last", "2026-06-01")),
    )
    assert unknown(it, Check.INSPECTION_OVERDUE, 3) == 1  # P7
    assert unknown(register(points=points({}, {})), Check.INSPECTION_OVERDUE, 3) == 2


@pytest.mark.parametrize(
    ("day", "fails"), [("2025-05-28", False), ("2025-05-29", True), ("2025-05-31", True)]
)
def test_an_inspection_is_overdue_from_its_since_date_on(day, fails):
    """Three months after 28 February are 28 May, whatever the day it is looked at."""
    it = register(points=points({}), inspections=inspections(
        {"point_id": "P0", "day": "2025-02-28"}))  # fmt: skip
    expected = {"P0": ("2025-05-29", False)} if fails else {}
    assert told(it, Check.INSPECTION_OVERDUE, 3, day) == expected


def test_of_two_deadlines_of_a_point_the_earlier_one_is_told():
    it = register(points=points({}), inspections=inspections(
        {"point_id": "P0", "day": "2026-05-01", "deadline": "2026-06-01"},
        {"point_id": "P0", "day": "2026-04-01", "deadline": "2026-05-01"},
    ))  # fmt: skip
    assert told(it, Check.INSPECTION_OVERDUE, 3) == {"2": ("2026-05-02", False)}


def test_a_code_names_the_organisation_and_the_commune_of_its_point():
    own = {"organisation_code": "0123456789"}
    it = register(
        crosswalk=crosswalk(("98101", "Cũ A", "98001", "full")),
        organisations=organisations({"organisation_code": "IS01", "tax_code": "9876543210-001"}),
        points=points(
            {**own, "official_code": CODE.format("98001", 1)},
            {**own, "official_code": CODE.format("98002", 2)},  # another commune
            {**own, "official_code": CODE.format("98101", 3)},  # the one before the reform
            {**own, "official_code": "TH0001"},
            {**own, "official_code": "9999999999TH9898001004"},
            {"organisation_code": "IS01", "official_code": "9876543210TH9898001005"},
            {"organisation_code": "IS02", "official_code": "9999999999TH9898001006"},
            {**own}, {**own, "at": (50, 1), "official_code": CODE.format("98001", 7)},
            {**own, "official_code": "0123456789TH9798001008"},  # another province
            {**own, "official_code": "X", "status": "closed"},
        ),
    )  # fmt: skip
    facts = {each.record_id: dict(each.facts)
             for each in found(it, Check.CODE_INCONSISTENT).failures}  # fmt: skip
    assert {key: each["wrong"] for key, each in facts.items()} == {
        "P1": "commune", "P2": "former", "P3": "form", "P4": "organisation", "P9": "commune",
    }  # fmt: skip
    assert {key: each["right"] for key, each in facts.items()} == {
        "P1": CODE.format("98001", 2), "P2": CODE.format("98001", 3), "P3": "",
        "P4": CODE.format("98001", 4), "P9": CODE.format("98001", 8),
    }  # fmt: skip
    assert told(it, Check.CODE_INCONSISTENT)["P2"] == (district.SINCE, False)
    assert unknown(it, Check.CODE_INCONSISTENT) == 2


def test_every_kind_of_rule_can_be_checked():
    assert set(CHECKS) == set(Check)
