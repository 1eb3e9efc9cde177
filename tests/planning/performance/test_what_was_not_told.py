"""What the figures of a period are without is said: targets, months, sums that contradict."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from planning.model.people import Grant, Role, User, local_user
from planning.model.performance import Level
from planning.services import performance
from planning.services.performance import Overview, ResultsAsk, Wanted
from planning.store import imports
from planning.store.imports import ImportBatch
from planning.store.ledgers.ledger import open_ledger
from tests.planning.performance.told import PROGRAMME, QUARTER, network, of_points, told
from tests.toy import district

CODE = district.PROVINCE
EVERYTHING = local_user(frozenset({CODE}))
NEW = "BHXH-TN-MOI"  # counts who joined within the period


def seen(store, programme=NEW, period=None, user=EVERYTHING) -> Overview:
    found = performance.overview(store, user, CODE, programme, period)
    assert isinstance(found, Overview)
    return found


def results(store, *rows, programme=NEW):
    """Keep results of the whole province: period, figure."""
    told(store, *({"level": Level.PROVINCE, "period": when, "result": value}
                  for when, value in rows), programme=programme)  # fmt: skip


def test_the_year_so_far_names_the_quarter_it_is_without(store):
    results(store, ("2025-Q1", 5), ("2025-Q3", 7))
    found = seen(store, period="2025-Q3")

    assert (found.cumulative.result, found.lacking) == (12, ("2025-Q2",))
    results(store, ("2025-Q2", 1))
    assert (seen(store).cumulative.result, seen(store).lacking) == (13, ())


def test_the_year_so_far_is_told_by_months_and_then_by_weeks(store):
    results(
        store,
        *((f"2025-{each:02d}", 10) for each in (1, 2, 3, 4)),
        ("2025-W18", 3),
        ("2025-W19", 4),
    )
    found = seen(store, period="2025-W19")

    assert (found.cumulative.result, found.lacking) == (47, ())


def test_months_without_targets_are_said_on_the_page_and_in_files(store):
    results(store, *((f"2025-{each:02d}", 100) for each in (1, 2, 3)))
    told(store, {"level": Level.PROVINCE, "period": "2025-01", "target": 100}, programme=NEW)
    found = seen(store, period="2025-Q1")

    assert found.province.completion == 3
    assert (found.basis.unaimed, found.basis.uneven) == (("2025-02", "2025-03"), 1)
    ask = ResultsAsk(CODE, NEW, "2025-Q1")
    body = performance.hand_out(store, EVERYTHING, ask, ("cascade", "xlsx"), Wanted())
    cells = {
        cell
        for sheet in openpyxl.load_workbook(BytesIO(body))
        for row in sheet.values
        for cell in row
    }
    assert {"Chưa có chỉ tiêu của", "Tháng 2/2025, Tháng 3/2025"} <= cells


def test_sums_that_contradict_are_seen_where_the_province_has_no_figure(store):
    network(store)
    told(store, {"level": Level.ORGANISATION, "organisation_code": "BD", "result": 100},
         {"level": Level.COMMUNE, "commune_code": "98001", "result": 1000}, programme=NEW)  # fmt: skip
    apart = ((Level.ORGANISATION, 100), (Level.COMMUNE, 1000))

    assert seen(store).basis.results_apart == apart
    assert seen(store).basis.targets_apart == ()
    results(store, (QUARTER, 100))
    assert seen(store).basis.results_apart == ()  # now it is a step of the cascade
    assert {each.child for each in seen(store).steps if len(each.differing)} == {Level.COMMUNE}


def test_an_organisation_is_told_what_it_lacks_itself(store):
    network(store)
    told(
        store, *of_points(("#2", 1, 1), ("#3", 1, 1), ("#4", 1, 1), period="2025-07"), programme=NEW
    )
    told(store, *of_points(("#3", 1, 1), period="2025-08"), programme=NEW)
    told(store, *of_points(("#3", 9, 9), period="2025-09"), programme=NEW)
    told(store, *of_points(("#3", 9, 99)), programme=NEW)
    of = {each: User(each, grants=(Grant(Role.ORGANISATION, CODE, organisation=each),))
          for each in ("BD", "VT")}  # fmt: skip
    own = {each: seen(store, period=QUARTER, user=user).basis for each, user in of.items()}

    whole = seen(store, period=QUARTER).basis
    assert (whole.missing, whole.behind, whole.parted) == ((), 2, 1)
    assert (own["BD"].missing, own["BD"].behind, own["BD"].parted) == (("2025-08", "2025-09"), 0, 0)
    assert (own["VT"].missing, own["VT"].behind, own["VT"].parted) == ((), 0, 1)


def test_a_target_without_a_result_is_counted_and_said(store):
    network(store)
    told(store, *of_points(("#2", 100, 50)))
    told(store, {"level": Level.POINT, "point_id": "#3", "target": 300})
    found = seen(store, PROGRAMME)

    assert found.province.completion == 0.125  # 50 ÷ 400
    assert found.comparison.unrated == 1


@pytest.mark.parametrize(("period", "source"), [("2025-Q3", "Báo cáo quý III"), ("2025-Q1", "Giao quý I")])  # fmt: skip
def test_figures_name_the_import_that_brought_them(store, period, source):
    for kind, named, brought in (
        ("targets", "result", ("2025-Q1", "Giao quý I")),  # a table of both
        ("results", "result", ("2025-Q3", "Báo cáo quý III")),
        ("results", "result", ("2025-Q2", "Báo cáo quý II")),
        ("targets", "target", ("2025-Q3", "Giao quý III")),
    ):
        results(store, (brought[0], 1)) if named == "result" else None
        batch(store, kind, brought[1], f"{named} {NEW} {brought[0]} province")
    batch(store, "results", "Chương trình khác", f"result {PROGRAMME} {period} province")

    assert seen(store, period=period).basis.source == source


def batch(store, kind, source, part):
    with store.writing() as db:
        imports.record(db, ImportBatch(
            CODE, kind=kind, valid_from="", file="f.csv", sha256="0", rows=1, left_out=0,
            source=source, as_of="2025-10-01", synthetic=False, findings=[],
            options={"replaces": [part]}, imported_at="2025-10-02T00:00:00+00:00"))  # fmt: skip


def test_offices_stand_against_their_targets(store):
    told(store, {"level": Level.OFFICE, "office": "Cơ sở 1", "target": 10, "result": 4},
         {"level": Level.OFFICE, "office": "Cơ sở 2", "target": 10, "result": 9}, programme=NEW)  # fmt: skip
    told(
        store,
        {"level": Level.OFFICE, "office": "Cơ sở 2", "result": 6, "period": "2024-Q3"},
        programme=NEW,
    )

    assert [(each.name, each.standing.completion, each.below, each.before)
            for each in seen(store, period=QUARTER).offices] == [
        ("Cơ sở 2", 0.9, False, 6), ("Cơ sở 1", 0.4, True, None)]  # fmt: skip


def test_the_first_year_has_none_before_it(store):
    results(store, ("1900", 1))

    assert (seen(store, period="1900").before, seen(store, period="1900").year_end) == (None, None)


class Emptied(dict):
    """What another thread empties after every look."""

    def __contains__(self, key):
        return True


def test_what_another_thread_dropped_is_made_again(store):
    ledger = replace(open_ledger(store, CODE, NEW), worked_out=Emptied())

    assert ledger.once("sum", lambda: 7) == 7


def test_what_was_worked_out_to_nothing_is_not_made_twice(store):
    ledger, made = open_ledger(store, CODE, NEW), []
    for _ in range(2):
        ledger.once("nothing", lambda: made.append(1))

    assert made == [1]
