"""Which months targets and results tell of, and that none is counted on two vintages."""

import numpy as np
import pandas as pd
import pytest

from planning.analysis.performance import spans
from planning.analysis.performance.gathering import Book, book, gather
from planning.analysis.performance.standing import Standing, compare, rated
from planning.analysis.performance.telling import telling, told_anew
from planning.model.errors import RequestError
from planning.model.performance import Counts, Level
from planning.model.periods import period

FORMER, PRESENT = "2004-01-01", "2025-07-01"
COLUMNS = ["level", "organisation", "commune", "thing", "valid_from", "period", "value"]


def figures(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Return figures of communes: vintage, organisation (none: of all), period, figure."""
    return pd.DataFrame(
        [(str(Level.ORGANISATION_IN_COMMUNE if who else Level.COMMUNE), who, f"of {since}", "",
          since, when, value) for since, who, when, value in rows], columns=COLUMNS,
    ).astype({"value": "int64"})  # fmt: skip


def counted(found: Book, code: str) -> dict[str, int]:
    """Return by vintage what is counted of new participants on the present communes."""
    of = period(code)
    anew = told_anew(found.keys, found.results, of, PRESENT)
    there = gather(found.results, len(found.keys), Counts.NEW, of, anew)
    sums = pd.Series(np.where(there.has, there.value, 0)).groupby(found.keys["valid_from"]).sum()
    return {str(since): int(value) for since, value in sums.items()}


def test_a_year_on_present_communes_counts_its_first_half_once():
    rows = ((FORMER, "", "2025-Q1", 300), (FORMER, "", "2025-Q2", 300), (PRESENT, "", "2025", 1200))

    assert counted(book(figures(), figures(*rows)), "2025") == {FORMER: 0, PRESENT: 1200}


def test_halves_on_two_vintages_are_both_counted():
    rows = ((FORMER, "", "2025-Q2", 300), (PRESENT, "", "2025-Q3", 7))

    assert counted(book(figures(), figures(*rows)), "2025") == {FORMER: 300, PRESENT: 7}


def test_only_the_months_told_anew_are_dropped():
    former = [(FORMER, "", f"2025-{each:02d}", 10**each) for each in range(1, 7)]
    rows = (*former, (PRESENT, "", "2025-Q2", 5), (PRESENT, "", "2025-08", 4))

    assert counted(book(figures(), figures(*rows)), "2025") == {FORMER: 1110, PRESENT: 9}


def test_another_organisation_tells_nothing_anew():
    rows = ((FORMER, "BD", "2025-Q1", 30), (PRESENT, "VT", "2025", 50), (PRESENT, "", "2025", 80))

    assert counted(book(figures(), figures(*rows)), "2025") == {FORMER: 30, PRESENT: 130}


def of_points(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(str(Level.POINT), "", "", thing, "", when, value) for thing, when, value in rows],
        columns=COLUMNS,
    ).astype({"value": "int64"})


def test_months_without_a_target_are_known():
    months = [f"2025-{each:02d}" for each in (1, 2, 3)]
    results = of_points(*(("A", each, 100) for each in months), ("B", "2025-Q1", 1))
    found = book(of_points(("A", "2025-01", 100)), results)
    of = period("2025-Q1")
    told = tuple(gather(each, 2, Counts.NEW, of) for each in (found.targets, found.results))
    said = telling(found.keys, np.ones(2, bool), told, of)

    assert (said.missing, said.behind) == ((), 0)
    assert (said.unaimed, said.uneven) == (("2025-02", "2025-03"), 1)


def test_what_is_not_told_is_said_of_those_who_are_seen_alone():
    found = book(
        of_points(), of_points(("A", "2025-01", 1), ("A", "2025-02", 1), ("B", "2025-01", 1))
    )
    of = period("2025-Q1")
    told = tuple(gather(each, 2, Counts.NEW, of) for each in (found.targets, found.results))
    alone = telling(found.keys, (found.keys["thing"] == "B").to_numpy(), told, of)

    assert telling(found.keys, np.ones(2, bool), told, of).behind == 1
    assert (alone.missing, alone.behind) == (("2025-02", "2025-03"), 0)


def test_the_vintages_need_not_tell_the_months_of_each_other():
    found = book(figures(), figures((FORMER, "", "2025-Q2", 3), (PRESENT, "", "2025-Q3", 7)))
    of = period("2025")
    told = tuple(gather(each, 2, Counts.NEW, of) for each in (found.targets, found.results))

    assert telling(found.keys, np.ones(2, bool), told, of).behind == 0


def test_amounts_in_dong_are_compared_without_running_over():
    targets, results = (10**15, 10**15), (10**14, 9 * 10**14)
    table = rated(pd.DataFrame({"target": targets, "result": results}, dtype="Int64"))

    found = compare(table, Standing(sum(targets), sum(results)))
    assert (found.below, found.above) == (1, 1)


def test_the_year_up_to_a_week_is_made_of_months_and_weeks():
    codes = [each.code for each in spans.since_new_year(period("2025-W20"))]

    assert codes == ["2025-Q1", "2025-04", "2025-W18", "2025-W19", "2025-W20"]


@pytest.mark.parametrize("code", ["0001-W01", "9999-W52", "1899", "2201-Q1", "٢٠٢٥"])
def test_years_nobody_means_are_refused(code):
    with pytest.raises(RequestError):
        period(code)


@pytest.mark.parametrize("code", ["1900-W01", "2200-W52", "2200"])
def test_the_first_and_last_years_have_days(code):
    assert period(code).first <= period(code).last
