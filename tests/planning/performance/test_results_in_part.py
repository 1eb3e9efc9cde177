"""What is told in part, lies in no commune or comes from several imports is said, not hidden.

Of the former communes 98101 and 98102 became 98001, 98103 became 98002, 98104 became 98003 and
98004.
"""

import csv
import io

import pytest
import sqlalchemy as sa

from planning.model.mismatch import Access, Kind, Thresholds
from planning.model.people import local_user
from planning.model.performance import Level, Need
from planning.model.standards import ServiceStandard
from planning.services import imports as importing
from planning.services import mismatch, performance
from planning.services.imports import Origin
from planning.services.mismatch import Results
from planning.services.performance import ResultsAsk, Wanted
from planning.services.performance.cascade import MOST_DIFFERING
from planning.services.performance.potential import Brought
from planning.services.requests import AnalysisRequest
from planning.store import layers, performance_tables, schema
from planning.store.situation import load_situation
from tests.databases import ON_FILES
from tests.planning.performance.told import network, of_points, told
from tests.planning.test_needs_kept import count
from tests.toy import district

pytestmark = ON_FILES
CODE, NOW, FORMER = district.PROVINCE, district.SINCE, "2004-01-01"
EVERYTHING = local_user(frozenset({CODE}))
BEFORE, AFTER = "2025-Q2", "2025-Q3"


def of_communes(period, figures, since=FORMER):
    """Return rows of communes: code, and target and result as far as they were told."""
    return [{"level": Level.COMMUNE, "commune_code": code, "period": period, "valid_from": since,
             **{name: value for name, value in zip(("target", "result"), both, strict=True)
                if value is not None}}
            for code, both in figures.items()]  # fmt: skip


@pytest.fixture
def reformed(store, tmp_path):
    """Return the toy district with its former communes and how they became the present ones."""
    shapes = {"98101": district.square(0, 0, 1, 2), "98102": district.square(1, 0, 1, 2),
              "98103": district.square(2, 0, 2), "98104": district.square(4, 0, 4, 2)}  # fmt: skip
    with store.writing() as db:
        layers.save_communes(db, district.communes(shapes, valid_from=[FORMER] * len(shapes)))
    rows = (
        "98101,Một,98001",
        "98102,Hai,98001",
        "98103,Ba,98002",
        "98104,Bốn,98003",
        "98104,Bốn,98004",
    )
    path = tmp_path / "crosswalk.csv"
    path.write_text("\n".join(["Mã xã cũ,Xã cũ,Mã xã mới", *rows]) + "\n", encoding="utf-8")
    importing.import_crosswalk(store, path, Origin(source="Bản vẽ"))
    network(store)
    return store


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def added(rows, name):
    return sum(int(each[name]) for each in rows if each[name])


def test_a_commune_of_which_a_part_was_told_has_no_rate_but_stays_in_the_sum(reformed):
    told(reformed, *of_communes(BEFORE, {"98101": (100, 90), "98102": (100, None), "98103": (50, 25)}))  # fmt: skip
    ask = ResultsAsk(CODE, period=BEFORE, on=NOW)
    found = performance.communes(reformed, EVERYTHING, ask)
    by_code = {each.code: each for each in found.rows}

    first, second = by_code["98001"], by_code["98002"]
    assert (first.standing.completion, first.standing.short) == (None, None)
    assert (first.part.target, first.part.result) == (200, 90)
    assert (second.standing.completion, second.part) == (0.5, None)
    assert (found.whole.target, found.whole.result) == (250, 115)
    rows = rows_of(performance.hand_out(reformed, EVERYTHING, ask, ("communes", "csv"), Wanted()))
    assert (added(rows, "target"), added(rows, "result")) == (250, 115)
    (row,) = (each for each in rows if each["code"] == "98001")
    assert (row["completion"], "một phần" in row["shared"]) == ("", True)
    beside = performance.potential(reformed, EVERYTHING, ask)
    assert {each.code: each.standing.completion for each in beside.rows}["98001"] is None


def test_a_commune_told_in_part_is_no_data_beside_its_access(reformed):
    told(reformed, *of_communes(BEFORE, {"98101": (100, 90), "98102": (100, None), "98103": (50, 25)}))  # fmt: skip
    seen = performance.communes(reformed, EVERYTHING, ResultsAsk(CODE, period=BEFORE, on=NOW))
    rates = {each.code: each.standing.completion for each in seen.rows}
    request = AnalysisRequest(CODE, NOW, standard=ServiceStandard.one_radius(3.0))
    found = mismatch.compare(reformed, request, Access.SHARE, Results(rates, 0.5, ""), Thresholds())

    kinds = {each.code: each.kind for each in found.kinds.communes}
    assert kinds["98001"] is Kind.NO_DATA
    assert kinds["98002"] is not Kind.NO_DATA


@pytest.mark.parametrize("period", [BEFORE, AFTER])
def test_a_year_before_told_in_part_is_not_compared(reformed, period):
    earlier = period.replace("2025", "2024")
    told(reformed, *of_communes(earlier, {"98101": (90, 80), "98102": (90, None), "98103": (9, 20)}))  # fmt: skip
    if period == BEFORE:
        told(reformed, *of_communes(BEFORE, {"98101": (9, 85), "98102": (9, 5), "98103": (9, 21)}))
    else:
        told(reformed, *of_communes(AFTER, {"98001": (9, 90), "98002": (9, 21)}, NOW))
    ask = ResultsAsk(CODE, period=period, on=NOW)
    found = performance.communes(reformed, EVERYTHING, ask)
    by_code = {each.code: (each.standing.result, each.before) for each in found.rows}

    assert by_code["98001"] == (90, None)
    assert by_code["98002"] == (21, 20)


def test_a_commune_counted_in_part_is_not_counted_as_in_the_chosen_demand(reformed):
    count(reformed, Need.UNINSURED, {"98101": 300, "98103": 40}, FORMER)
    found = performance.potential(reformed, EVERYTHING, ResultsAsk(CODE, on=NOW))
    counted = {each.code: each.counts[0] for each in found.rows if each.counts[0] is not None}

    assert counted == {"98002": 40}
    assert counted == dict(load_situation(reformed, CODE, NOW, Need.UNINSURED).need_counts)
    assert (found.sums, found.parts, found.lost, found.restated) == ((40,), (300,), (0,), (FORMER,))


def test_counts_of_the_vintage_before_come_before_those_of_one_after(reformed):
    rows = [{"province_code": CODE, "need": str(Need.UNINSURED), "commune_code": code,
             "valid_from": day, "people": people}
            for code, day, people in (("98103", FORMER, 9), ("98002", "2030-01-01", 7))]  # fmt: skip
    with reformed.writing() as db:
        db.execute(sa.insert(performance_tables.need_count), rows)
    found = performance.potential(reformed, EVERYTHING, ResultsAsk(CODE, on=NOW))

    assert (found.sums, found.restated) == ((9,), (FORMER,))


def test_each_need_has_its_own_source_and_day(reformed):
    count(reformed, Need.UNINSURED, {"98001": 5}, NOW, source="Phòng A", as_of="2026-03-31")
    count(reformed, Need.EXPIRING, {"98001": 4}, NOW, source="Phòng B", as_of="2026-06-30")
    found = performance.potential(reformed, EVERYTHING, ResultsAsk(CODE, on=NOW))

    assert set(found.brought) == {
        Brought((Need.UNINSURED,), "Phòng A", "2026-03-31"),
        Brought((Need.EXPIRING,), "Phòng B", "2026-06-30"),
    }


@pytest.mark.parametrize(("organisation", "sums"), [("BD", (40, 19)), ("", (60, 44))])
def test_what_lies_in_no_commune_is_shown_and_adds_up(reformed, organisation, sums):
    with reformed.writing() as db:
        db.execute(sa.update(schema.point).where(schema.point.c.point_id == "#2")
                   .values(lon=103.0, lat=20.0))  # fmt: skip
    told(reformed, *of_points(("#2", 10, 4), ("#3", 20, 25), ("#4", 30, 15)))
    ask = ResultsAsk(CODE, organisation=organisation)
    found = performance.communes(reformed, EVERYTHING, ask)

    assert [(each.code, each.standing.target, each.standing.result) for each in found.lost] == [
        ("", 10, 4)
    ]
    assert (found.whole.target, found.whole.result) == sums
    rows = rows_of(performance.hand_out(reformed, EVERYTHING, ask, ("communes", "csv"), Wanted()))
    assert (added(rows, "target"), added(rows, "result")) == sums


def test_the_file_of_the_cascade_has_every_difference(reformed):
    many = [f"T{at:03d}" for at in range(MOST_DIFFERING + 5)]
    told(
        reformed,
        *({"level": Level.ORGANISATION, "organisation_code": each, "target": 2} for each in many),
        *({"level": Level.ORGANISATION_IN_COMMUNE, "organisation_code": each,
           "commune_code": "98001", "target": 1} for each in many),
    )  # fmt: skip
    ask = ResultsAsk(CODE)
    page = performance.cascade(reformed, EVERYTHING, ask)
    rows = rows_of(performance.hand_out(reformed, EVERYTHING, ask, ("cascade", "csv"), Wanted()))

    assert {len(each.listed) for each in page.steps if each.differing} == {MOST_DIFFERING}
    assert {each["name"] for each in rows} == set(many)
