"""Figures of a period out of its parts: by hand, and beside a plain recount of any parts."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.analysis.performance import spans
from planning.analysis.performance.gathering import book, gather
from planning.model.performance import Counts, Level
from planning.model.periods import Period, period

NOTHING = pd.DataFrame(
    columns=["level", "organisation", "commune", "thing", "valid_from", "period", "value"]
).astype({"value": "int64"})
MONTHS = [f"2025-{each:02d}" for each in range(1, 13)]


def told(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return results of points: point, period, figure."""
    return pd.DataFrame(
        [{"level": str(Level.POINT), "organisation": "", "commune": "", "thing": thing,
          "valid_from": "", "period": when, "value": value} for thing, when, value in rows]
    )  # fmt: skip


def of(counts: Counts, code: str, *rows: tuple[str, str, int]) -> dict[str, tuple[int, int]]:
    """Return figure and months told of everybody who has one, by name."""
    found = book(NOTHING, told(*rows))
    there = gather(found.results, len(found.keys), counts, period(code))
    return {
        name: (int(there.value[at]), int(there.months[at]))
        for at, name in enumerate(found.keys["thing"]) if there.has[at]
    }  # fmt: skip


def test_who_is_new_is_added_up_and_what_lacks_is_known():
    rows = (("A", "2025-01", 3), ("A", "2025-03", 4), ("B", "2025-Q1", 9), ("B", "2025-Q2", 1))

    assert of(Counts.NEW, "2025-Q1", *rows) == {"A": (7, 0b101), "B": (9, 0b111)}
    assert of(Counts.NEW, "2025", *rows) == {"A": (7, 0b101), "B": (10, 0b111111)}


def test_who_is_held_is_taken_from_the_newest_part():
    rows = (("A", "2025-01", 30), ("A", "2025-02", 40), ("B", "2025-Q1", 9), ("B", "2025-02", 50))

    assert of(Counts.HELD, "2025-Q1", *rows) == {"A": (40, 0b11), "B": (9, 0b111)}
    assert of(Counts.HELD, "2025", *rows) == {"A": (40, 0b11), "B": (9, 0b111)}


def test_a_period_told_itself_counts_and_other_parts_are_seen():
    found = book(NOTHING, told(*[("A", each, 5) for each in MONTHS[:3]], ("A", "2025-Q1", 16)))
    there = gather(found.results, 1, Counts.NEW, period("2025-Q1"))

    assert (there.value[0], there.parts[0], there.both[0]) == (16, 15, True)


def test_parts_that_are_not_whole_do_not_contradict_a_period():
    found = book(NOTHING, told(("A", "2025-01", 5), ("A", "2025-Q1", 16)))

    assert not gather(found.results, 1, Counts.NEW, period("2025-Q1")).both[0]


def test_a_month_is_told_by_its_weeks_when_all_are_there():
    weeks = [each.code for each in spans.parts(period("2025-03"))]

    assert weeks == ["2025-W10", "2025-W11", "2025-W12", "2025-W13"]  # by their Thursdays
    assert of(Counts.NEW, "2025-03", *[("A", each, 2) for each in weeks]) == {"A": (8, 0b100)}
    assert of(Counts.NEW, "2025-03", ("A", weeks[0], 2)) == {"A": (2, 0)}


@pytest.mark.parametrize("code", ["2025", "2025-Q3", "2025-02", "2020-12"])
def test_parts_cover_a_period_once(code):
    whole = period(code)
    inner = spans.parts(whole)

    assert all(whole.holds(each) for each in inner)
    assert [each.first for each in inner[1:]] == sorted(each.first for each in inner[1:])
    if whole.kind.value != "month":
        assert (inner[0].first, inner[-1].last) == (whole.first, whole.last)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("2025", ["2025"]), ("2025-Q2", ["2025-Q1", "2025-Q2"]), ("2025-05", ["2025-Q1", "2025-04", "2025-05"]),
     ("2025-03", ["2025-Q1"]), ("2025-W02", ["2025-W01", "2025-W02"])],
)  # fmt: skip
def test_the_year_so_far_is_made_of_the_fewest_periods(code, expected):
    assert [each.code for each in spans.since_new_year(period(code))] == expected


FIGURES = st.dictionaries(st.tuples(st.sampled_from("AB"), st.sampled_from(MONTHS)),
                          st.integers(0, 10**9), min_size=1)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(FIGURES, st.sampled_from(["2025", "2025-Q1", "2025-Q4", "2025-07"]))
def test_any_months_come_to_what_a_plain_recount_says(figures, code):
    rows = [(name, when, value) for (name, when), value in figures.items()]
    whole: Period = period(code)
    inside = [row for row in rows if whole.holds(period(row[1]))]

    added: dict[str, int] = {}
    newest: dict[str, tuple[str, int]] = {}
    for name, when, value in inside:
        added[name] = added.get(name, 0) + value
        newest[name] = max(newest.get(name, ("", 0)), (when, value))

    new, held = of(Counts.NEW, code, *rows), of(Counts.HELD, code, *rows)
    assert {name: value for name, (value, _) in new.items()} == added
    assert {name: value for name, (value, _) in held.items()} == {
        name: value for name, (_, value) in newest.items()
    }
