"""The demonstration province held to every rule again, by plain loops over the kept rows."""

import sqlite3
from datetime import date, timedelta

import pytest
import shapely

from planning.analysis.compliance import check
from planning.model.compliance import DEFAULT_RULES, Check
from planning.services import demo
from planning.store import compliance
from planning.store.session import Store

DAY = "2025-03-31"  # of the data


class Rows:
    """The rows of the demonstration as the database holds them, and what is looked up in them."""

    def __init__(self, path):
        db = sqlite3.connect(path)
        db.row_factory = sqlite3.Row
        self.points = db.execute("SELECT * FROM point").fetchall()
        self.staff = db.execute("SELECT * FROM staff").fetchall()
        self.organisations = db.execute("SELECT * FROM organisation").fetchall()
        self.inspections = db.execute("SELECT * FROM inspection").fetchall()
        self.results = db.execute(
            "SELECT point_id, staff_id, period, value FROM result WHERE level IN ('point', 'staff')"
        ).fetchall()
        vintages = {}
        for row in db.execute("SELECT code, valid_from, geometry FROM commune ORDER BY code"):
            vintages.setdefault(row["valid_from"], {})[row["code"]] = shapely.from_wkb(
                row["geometry"]
            )
        db.close()
        former, present = (vintages[each] for each in sorted(vintages))
        self.communes, self.former = present, former
        self.lies = self.placed(present)
        self.lay = self.placed(former)
        self.open = [each for each in self.points if each["status"] == "open"]
        self.direct = [each for each in self.open if each["kind"] == "direct"]

    def placed(self, shapes):
        found = {}
        for each in self.points:
            place = shapely.Point(each["lon"], each["lat"])
            found[each["point_id"]] = next(
                (code for code, shape in shapes.items() if shape.intersects(place)), None
            )
        return found

    def members(self, point):
        return [each for each in self.staff if point["official_code"]
                and each["point_code"] == point["official_code"]]  # fmt: skip


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("demonstration") / "demo.db")
    store.upgrade()
    demo.load_province(store)
    with store.reading() as db:
        register = compliance.load_register(db, demo.PROVINCE)
    checked = check(register, DEFAULT_RULES, DAY)
    store.close()
    return checked, Rows(store.path)


def failing(demonstration, name):
    return {each.record_id for each in demonstration[0].found[name].failures}


def test_points_without_sign_and_without_permanent_staff(demonstration):
    rows = demonstration[1]
    unsigned = {each["point_id"] for each in rows.direct if each["sign"] == 0}
    alone = {each["point_id"] for each in rows.direct
             if not any(one["permanent"] for one in rows.members(each))}  # fmt: skip
    assert len(unsigned) > 50
    assert failing(demonstration, Check.SIGN_MISSING) == unsigned
    assert alone
    assert failing(demonstration, Check.NO_PERMANENT_STAFF) == alone


def test_cards_contracts_and_guarantees_that_ended(demonstration):
    rows = demonstration[1]
    assert all(len([one for one in rows.staff if one["person_id"] == each["person_id"]]) == 1
               for each in rows.staff[:50])  # fmt: skip
    ended = {each["person_id"] for each in rows.staff if each["card_valid_to"] < DAY}
    assert ended
    assert failing(demonstration, Check.CARD_EXPIRED) == ended
    for name, column in ((Check.CONTRACT_EXPIRED, "contract_valid_to"),
                         (Check.GUARANTEE_EXPIRED, "guarantee_valid_to")):  # fmt: skip
        past = {each["organisation_code"] for each in rows.organisations
                if (each[column] or "9") < DAY}  # fmt: skip
        assert past
        assert failing(demonstration, name) == past


def test_cards_of_two_organisations(demonstration):
    rows = demonstration[1]
    by_card = {}
    for each in rows.staff:
        by_card.setdefault(each["card_number"], set()).add(each["organisation_code"])
    twice = {each["person_id"] for each in rows.staff if len(by_card[each["card_number"]]) > 1}
    assert twice
    assert failing(demonstration, Check.TWO_ORGANISATIONS) == twice


def test_organisations_with_too_few_points(demonstration):
    rows = demonstration[1]
    few = {each["organisation_code"] for each in rows.organisations
           if sum(one["organisation_code"] == each["organisation_code"] for one in rows.open) < 3}  # fmt: skip
    assert failing(demonstration, Check.TOO_FEW_POINTS) == few


def test_communes_without_a_staffed_point(demonstration):
    rows = demonstration[1]
    staffed = [each["point_id"] for each in rows.direct if rows.members(each)]
    present = {rows.lies[each] for each in staffed}
    former = {rows.lay[each] for each in staffed}
    assert failing(demonstration, Check.COMMUNE_UNSTAFFED) == rows.communes.keys() - present
    assert failing(demonstration, Check.FORMER_COMMUNE_UNSTAFFED) == rows.former.keys() - former


def last_day(period):
    year = int(period[:4])
    month = {"Q": lambda: 3 * int(period[6:])}.get(period[5:6], lambda: int(period[5:] or 12))()
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).isoformat()


def test_points_without_results_for_six_months(demonstration):
    rows = demonstration[1]
    codes = {each["staff_id"]: each["point_code"] for each in rows.staff}
    told = {last_day(each["period"]) for each in rows.results}
    assert max(told) == DAY
    last = {}
    for each in rows.results:
        if each["value"]:
            key = each["point_id"] or codes[each["staff_id"]]
            last[key] = max(last.get(key, ""), last_day(each["period"]))
    idle = {each["point_id"] for each in rows.direct
            if max(last.get(each["point_id"], ""), last.get(each["official_code"], ""),
                   each["opened"] or "") <= "2024-09-30"}  # fmt: skip
    assert idle
    assert failing(demonstration, Check.POINT_INACTIVE) == idle


def test_points_not_inspected_for_three_months_or_past_a_deadline(demonstration):
    rows = demonstration[1]
    late, seen = {}, {}
    for each in rows.inspections:
        if each["day"] > DAY:
            continue
        point = each["point_id"]
        seen[point] = max(seen.get(point, ""), each["day"])
        if (
            each["deadline"]
            and each["deadline"] < DAY
            and not (each["settled"] and each["settled"] <= DAY)
        ):
            late.setdefault(point, []).append((each["deadline"], str(each["id"])))
    expected = set()
    for each in rows.open:
        point = each["point_id"]
        if point in late:
            expected.add(min(late[point])[1])
        elif "" < (seen.get(point) or each["opened"] or "") < "2024-12-31":
            expected.add(point)
    assert expected
    assert failing(demonstration, Check.INSPECTION_OVERDUE) == expected


def test_codes_that_name_another_organisation_or_commune(demonstration):
    rows = demonstration[1]
    wrong = {
        each["point_id"] for each in rows.open if each["official_code"]
        and each["official_code"][:-3]
        != f"{each['organisation_code']}TH{demo.PROVINCE}{rows.lies[each['point_id']]}"
    }  # fmt: skip
    assert wrong
    assert failing(demonstration, Check.CODE_INCONSISTENT) == wrong
