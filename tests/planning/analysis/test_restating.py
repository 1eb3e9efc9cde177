"""Figures and points on the communes of another day: by hand, by property, on real data."""

import csv
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import tables
from geo.changes import Change, events_of
from geo.sources.crosswalk import read_crosswalk
from planning.analysis.restating import (
    Basis,
    Loss,
    StepPeople,
    backward,
    forward,
    restate,
    restate_points,
    steps_between,
)
from tests.toy import district

DATA = Path(
    os.environ.get("DIEMTHU_REAL_DATA", Path(__file__).resolve().parents[4] / "shared" / "data")
)
DAY = "2025-07-01"
A, B, C, D = "10001", "10002", "10003", "10004"
X, Y, Z = "20001", "20002", "20003"


def crosswalk(*pairs: tuple[str, str], partial: tuple[str, ...] = ()) -> tables.Crosswalk:
    olds = [old for old, _ in pairs]
    rows = [
        (old, new, "partial" if olds.count(old) > 1 or old in partial else "full")
        for old, new in pairs
    ]
    frame = pd.DataFrame(rows, columns=["old_code", "new_code", "relation"])
    return tables.crosswalk(frame.assign(old_name="Xã", old_district=None))


def figures(**by_code: int | None) -> pd.DataFrame:
    codes = [name.removeprefix("c") for name in by_code]
    return pd.DataFrame({"code": codes, "people": pd.array(list(by_code.values()), "Int64")})


def after(result) -> dict[str, int]:
    return dict(zip(result.table["code"], result.table["people"], strict=True))


# --- by hand ---------------------------------------------------------------------------


def test_merged_units_add_up_and_a_new_code_is_followed():
    step = forward(DAY, crosswalk((A, X), (B, X), (C, Y)))
    result = restate(figures(c10001=10, c10002=5, c10003=7), ["people"], [step])
    assert after(result) == {X: 15, Y: 7}
    assert not result.table["apportioned"].any()
    assert result.balanced


def test_a_divided_unit_is_shared_by_the_people_of_its_parts_to_the_unit():
    people = StepPeople(parts={(A, X): 2, (A, Y): 1}, after={X: 1, Y: 1000})
    step = forward(DAY, crosswalk((A, X), (A, Y), (B, Y)), people)
    result = restate(figures(c10001=10, c10002=1), ["people"], [step])
    # Fair shares are 6⅔ and 3⅓: the one left over goes to the larger remainder.
    assert after(result) == {X: 7, Y: 4}
    assert result.table["apportioned"].tolist() == [True, True]
    marks = result.apportioned.set_index("to_code")
    assert marks.loc[X, "share"] == pytest.approx(2 / 3)
    assert set(marks["basis"]) == {Basis.PARTS}


def test_without_parts_the_people_of_the_units_that_took_it_decide_and_it_says_so():
    step = forward(DAY, crosswalk((A, X), (A, Y)), StepPeople(after={X: 300, Y: 100}))
    result = restate(figures(c10001=8), ["people"], [step])
    assert after(result) == {X: 6, Y: 2}
    assert set(result.apportioned["basis"]) == {Basis.UNITS}


@pytest.mark.parametrize("known", [{}, {X: 300}, {X: 0, Y: 0}])
def test_without_people_nothing_is_shared_and_the_figure_is_reported(known):
    step = forward(DAY, crosswalk((A, X), (A, Y), (B, Y)), StepPeople(after=known))
    result = restate(figures(c10001=8, c10002=3), ["people"], [step])
    assert after(result) == {Y: 3}
    assert result.unlinked[["code", "why", "people"]].to_numpy().tolist() == [
        [A, Loss.NO_PEOPLE, 8]
    ]
    assert result.balance.iloc[0].to_dict() == {
        "figure": "people", "before": 11, "after": 3, "unlinked": 8,
    }  # fmt: skip


def test_units_that_no_change_names_and_lone_parts_are_reported():
    step = forward(DAY, crosswalk((A, X), (B, Y), partial=(B,)))
    result = restate(figures(c10001=1, c10002=2, c10004=4), ["people"], [step])
    assert after(result) == {X: 1}
    assert dict(zip(result.unlinked["code"], result.unlinked["why"], strict=True)) == {
        B: Loss.REST_UNKNOWN, D: Loss.UNNAMED,
    }  # fmt: skip


def test_a_unit_named_on_neither_side_stays_where_it_is_known_afterwards():
    step = forward(DAY, crosswalk((A, X)))
    result = restate(figures(c10004=4), ["people"], [step], known={X, D})
    assert after(result) == {D: 4}
    # A code that begins with the change is another unit than the one that bore it before.
    assert len(restate(figures(c20001=4), ["people"], [step], known={X}).unlinked) == 1


def test_rows_without_a_code_and_unknown_figures_are_neither_lost_nor_zero():
    step = forward(DAY, crosswalk((A, X), (B, X), (C, Y)))
    table = pd.DataFrame({"code": [A, B, C, None], "people": pd.array([1, None, None, 9], "Int64")})
    result = restate(table, ["people"], [step])
    rows = result.table.set_index("code")
    assert rows.loc[X, "people"] == 1
    assert rows["incomplete"].all()
    assert pd.isna(rows.loc[Y, "people"])
    assert result.unlinked["why"].tolist() == [Loss.NO_CODE]
    assert result.balanced


def test_rows_are_kept_apart_by_the_columns_asked_for():
    table = pd.DataFrame({"code": [A, A, B], "office": ["Post", "Viettel", "Post"],
                          "people": [1, 2, 4]})  # fmt: skip
    result = restate(table, ["people"], [forward(DAY, crosswalk((A, X), (B, X)))], apart=["office"])
    rows = result.table[["office", "code", "people"]].to_numpy().tolist()
    assert sorted(rows) == [["Post", X, 5], ["Viettel", X, 2]]


def chain() -> tables.UnitEvents:
    """A and B became C in 2024; C was divided into X and Y in 2025; D stayed, then joined Y."""
    first = events_of(crosswalk((A, C), (B, C)), Change("2024-12-01"), None, None)
    second = events_of(crosswalk((C, X), (C, Y), (D, Y)), Change(DAY), None, None)
    return tables.unit_events(pd.concat([second, first], ignore_index=True))


PEOPLE = {DAY: StepPeople(parts={(C, X): 3, (C, Y): 1, (D, Y): 1}),
          "2024-12-01": StepPeople(before={A: 1, B: 3})}  # fmt: skip


def test_a_chain_of_changes_is_walked_in_order():
    steps = steps_between(chain(), "2019-04-01", "2026-01-01", PEOPLE)
    assert [step.date for step in steps] == ["2024-12-01", DAY]
    result = restate(figures(c10001=4, c10002=8, c10004=5), ["people"], steps)
    assert after(result) == {X: 9, Y: 8}
    assert steps_between(chain(), DAY, "2026-01-01") == []
    assert [step.date for step in steps_between(chain(), "2024-12-01", DAY)] == [DAY]


def test_a_chain_is_walked_backwards_by_people():
    steps = steps_between(chain(), "2026-01-01", "2019-04-01", PEOPLE)
    assert [step.date for step in steps] == [DAY, "2024-12-01"]
    result = restate(figures(c20001=8, c20002=4), ["people"], steps, known={A, B, D})
    # Y: half its ground's people in C, half in D. C: 8 + 2, of which a quarter in A.
    rounded = after(result)
    assert rounded[D] == 2
    assert rounded[A] + rounded[B] == 10
    assert rounded[A] == 2 + 1  # a quarter of 8, and of 2: one half is rounded, in order
    assert result.balanced


# --- points ----------------------------------------------------------------------------


def test_points_go_by_coordinates_and_without_them_only_whole_units_are_followed():
    whose = district.communes({X: district.square(0, 0, 2), Y: district.square(2, 0, 2)})
    lon, lat = district.degrees([(1, 1), (3, 1), (9, 9)]).T
    nan = float("nan")
    points = pd.DataFrame(
        {"code": [A, A, B, A, B, D, None], "lon": [*lon, nan, nan, nan, nan],
         "lat": [*lat, nan, nan, nan, nan]}
    )  # fmt: skip
    steps = [forward(DAY, crosswalk((A, X), (A, Y), (B, Y)))]
    found = restate_points(points, whose, steps)
    assert found["code"].tolist() == [X, Y, None, None, Y, None, None]
    assert found["basis"].tolist() == [
        Basis.COORDINATES, Basis.COORDINATES, None, None, Basis.WHOLE, None, None,
    ]  # fmt: skip
    assert found["why"].tolist() == [
        None, None, Loss.OUTSIDE, Loss.DIVIDED, None, Loss.UNNAMED, Loss.NO_CODE,
    ]  # fmt: skip
    without = restate_points(points, None, steps)
    assert without["why"].tolist()[0] == Loss.DIVIDED
    assert without["code"].tolist()[2] == Y


# --- for any crosswalk -----------------------------------------------------------------

OLDS, NEWS = [f"1000{at}" for at in range(6)], [f"2000{at}" for at in range(4)]
PAIRS = st.lists(st.tuples(st.sampled_from(OLDS), st.sampled_from(NEWS)), unique=True)
COUNTS = st.dictionaries(st.sampled_from([*OLDS, "30001"]),
                         st.one_of(st.none(), st.integers(-10**9, 10**9)))  # fmt: skip
WEIGHTS = st.builds(
    StepPeople,
    parts=st.dictionaries(
        st.tuples(st.sampled_from(OLDS), st.sampled_from(NEWS)), st.integers(0, 10**7)
    ),
    after=st.dictionaries(st.sampled_from(NEWS), st.integers(0, 10**7)),
)


def as_table(counts: dict[str, int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {"code": pd.Series(list(counts), dtype="str"),
         "people": pd.array(list(counts.values()), "Int64")}
    )  # fmt: skip


def total(frame: pd.DataFrame) -> int:
    return sum(int(each) for each in frame["people"].dropna())


@given(PAIRS, COUNTS, WEIGHTS)
@settings(deadline=None)
def test_totals_balance_for_any_crosswalk_and_weights(pairs, counts, people):
    result = restate(as_table(counts), ["people"], [forward(DAY, crosswalk(*pairs), people)])
    assert total(result.table) + total(result.unlinked) == total(as_table(counts))
    assert result.balanced
    assert set(result.table["code"]) <= {new for _, new in pairs}


LATER = st.lists(st.tuples(st.sampled_from(NEWS), st.sampled_from(OLDS)), unique=True)


@given(PAIRS, LATER, COUNTS, WEIGHTS, st.booleans())
@settings(deadline=None)
def test_totals_balance_along_chains_in_both_directions(pairs, later, counts, people, onward):
    first, second = crosswalk(*pairs), crosswalk(*later)
    walked = [forward("2024-12-01", first, people), forward(DAY, second)]
    if not onward:
        walked = [backward(DAY, second), backward("2024-12-01", first, people)]
    result = restate(as_table(counts), ["people"], walked, known=OLDS)
    assert total(result.table) + total(result.unlinked) == total(as_table(counts))
    assert result.balanced


@given(COUNTS)
@settings(deadline=None)
def test_a_crosswalk_of_units_that_stay_changes_nothing(counts):
    same = crosswalk(*((code, code) for code in [*OLDS, "30001"]))
    for step in (forward(DAY, same), backward(DAY, same)):
        result = restate(as_table(counts), ["people"], [step])
        wanted = as_table(counts).sort_values("code")
        assert result.table["code"].tolist() == wanted["code"].tolist()
        assert result.table["people"].equals(wanted["people"].reset_index(drop=True))
        assert not result.table["apportioned"].any()


@given(st.permutations(OLDS), COUNTS)
@settings(deadline=None)
def test_forth_and_back_through_whole_to_whole_is_where_it_began(order, counts):
    counts = {code: value for code, value in counts.items() if code in OLDS}
    news = [f"4000{at}" for at in range(len(OLDS))]
    table = crosswalk(*zip(order, news, strict=True))
    there = restate(as_table(counts), ["people"], [forward(DAY, table)])
    back = restate(there.table, ["people"], [backward(DAY, table)])
    wanted = as_table(counts).sort_values("code").reset_index(drop=True)
    assert back.table["code"].tolist() == wanted["code"].tolist()
    assert back.table["people"].equals(wanted["people"])


# --- real data -------------------------------------------------------------------------


def census() -> pd.DataFrame:
    path = DATA / "census2019_old_communes_angiang_kiengiang_nghean.csv"
    if not path.is_file():
        pytest.skip(f"the real files are not in {DATA}; name their folder in DIEMTHU_REAL_DATA")
    frame = pd.read_csv(path, dtype=str)
    return frame.assign(code=frame["code_2019"], people=frame["pop2019"].astype("Int64"))


def raw(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def change_of_2025(name: str):
    """Return the step of July 2025; the people of the units are the grid's estimate."""
    estimates = {row["code"]: int(row["worldpop2020"])
                 for row in raw("population_an_giang_nghe_an_qa.csv")}  # fmt: skip
    table, _ = read_crosswalk(DATA / f"crosswalk_{name}.csv")
    return forward(DAY, table, StepPeople(after=estimates))


TOTALS = {"an_giang": 1_908_352 + 1_723_067, "nghe_an": 3_327_791}
PROVINCES = {"an_giang": ["89", "91"], "nghe_an": ["40"]}


@pytest.mark.real
@pytest.mark.parametrize("name", ["an_giang", "nghe_an"])
def test_the_census_of_2019_on_present_communes_keeps_its_people(name):
    frame = census()
    ours = frame[frame["province_code_2019"].isin(PROVINCES[name])]
    assert total(ours) == TOTALS[name]
    result = restate(ours, ["people"], [change_of_2025(name)])
    known = {row["old_code"] for row in raw(f"crosswalk_{name}.csv")}
    missing = ours[~ours["code_2019"].isin(known)]
    assert sorted(result.unlinked["code"]) == sorted(missing["code_2019"])
    assert total(result.table) == TOTALS[name] - total(missing)


@pytest.mark.real
@pytest.mark.parametrize("name", ["an_giang", "nghe_an"])
def test_with_the_changes_before_2025_every_person_of_the_census_is_on_a_present_commune(name):
    frame = census()
    ours = frame[frame["province_code_2019"].isin(PROVINCES[name])]
    first = crosswalk(*ours[["code_2019", "code_2025_03"]].itertuples(index=False, name=None))
    result = restate(ours, ["people"], [forward("2024-12-01", first), change_of_2025(name)])
    assert result.unlinked.empty
    assert total(result.table) == TOTALS[name]
    # Recounted from the link that the file itself gives; divided communes may go either way.
    whole = ours[~ours["code_new_2025_07"].str.contains("|", regex=False)]
    direct = whole.groupby("code_new_2025_07")["people"].sum()
    divided = set("|".join(set(ours["code_new_2025_07"]) - set(whole["code_new_2025_07"])).split("|"))  # fmt: skip
    found = result.table.set_index("code")
    for code, people in direct.items():
        assert found.loc[code, "people"] == people or code in divided, code
    assert set(found.index[found["apportioned"]]) == divided - {""}
