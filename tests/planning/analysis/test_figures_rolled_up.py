"""Figures rolled up on a small tree by hand, and on any network beside plain sums."""

from types import MappingProxyType

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.analysis.performance.cascade import steps
from planning.analysis.performance.rolling import Places, Rolled, roll_up
from planning.analysis.performance.standing import Standing, compare, rated, stand
from planning.model.performance import Level

# Two organisations in two communes of one office; the third commune has no office.
POINTS = {"P1": ("BD", "C1"), "P2": ("BD", "C2"), "P3": ("VT", "C2"), "P4": ("VT", "C3")}
STAFF = {"S1": "P1", "S2": "P1", "S3": "P2", "S4": "P3", "S5": ""}
PLACES = Places(
    "2025-07-01",
    pd.DataFrame(
        [{"organisation": org, "commune": commune, "office": ""} for org, commune in POINTS.values()],
        index=list(POINTS),
    ),
    pd.DataFrame(
        [{"point": at, "organisation": POINTS[at][0] if at else "BD"} for at in STAFF.values()],
        index=list(STAFF),
    ),
    MappingProxyType({"C1": "Cơ sở 1", "C2": "Cơ sở 1"}),
)  # fmt: skip
COLUMNS = ["level", "organisation", "commune", "thing", "value"]


def given_figures(*rows: tuple[Level, str, str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(level=frame["level"].map(str)).astype({"value": "int64"})


def of_staff(**figures: int) -> pd.DataFrame:
    return given_figures(*((Level.STAFF, "", "", name, value) for name, value in figures.items()))


def values(rolled: Rolled, level: Level) -> dict[object, int]:
    return {key: int(value) for key, value in rolled.levels[level]["value"].items()}


def test_staff_come_to_points_organisations_communes_offices_and_the_province():
    rolled = roll_up(of_staff(S1=1, S2=2, S3=4, S4=8, S5=16), PLACES)

    assert values(rolled, Level.POINT) == {"P1": 3, "P2": 4, "P3": 8}
    assert values(rolled, Level.ORGANISATION_IN_COMMUNE) == {
        ("BD", "C1"): 3, ("BD", "C2"): 4, ("VT", "C2"): 8, ("BD", ""): 16,
    }  # fmt: skip
    assert values(rolled, Level.ORGANISATION) == {"BD": 23, "VT": 8}
    assert values(rolled, Level.COMMUNE) == {"C1": 3, "C2": 12}
    assert values(rolled, Level.OFFICE) == {"Cơ sở 1": 15}
    assert rolled.province == 31
    # Who has no point is in no commune, and yet in the sum by communes and offices.
    assert rolled.branches == {Level.ORGANISATION: 31, Level.OFFICE: 31, Level.COMMUNE: 31}


def test_what_is_given_counts_and_the_sum_below_stays_beside_it():
    own = pd.concat([of_staff(S1=1, S2=2, S3=4),
                     given_figures((Level.POINT, "", "", "P1", 5), (Level.ORGANISATION, "BD", "", "", 100))])  # fmt: skip
    rolled = roll_up(own, PLACES)

    assert values(rolled, Level.POINT) == {"P1": 5, "P2": 4}
    assert values(rolled, Level.ORGANISATION) == {"BD": 100}
    assert rolled.levels[Level.ORGANISATION].loc["BD", "below"] == 9
    assert rolled.province == 100


def test_a_cascade_that_does_not_add_up_is_told_step_by_step():
    own = given_figures(
        (Level.PROVINCE, "", "", "", 100), (Level.ORGANISATION, "BD", "", "", 60),
        (Level.ORGANISATION, "VT", "", "", 38), (Level.ORGANISATION_IN_COMMUNE, "BD", "C1", "", 40),
        (Level.ORGANISATION_IN_COMMUNE, "BD", "C2", "", 20), (Level.POINT, "", "", "P1", 41),
        (Level.COMMUNE, "", "C3", "", 7),
    )  # fmt: skip
    found = {(each.parent, each.child): each for each in steps(roll_up(own, PLACES))}

    province = found[Level.PROVINCE, Level.ORGANISATION]
    assert province.differing.to_dict("records") == [{"given": 100, "below": 98, "difference": 2}]
    organisations = found[Level.ORGANISATION, Level.ORGANISATION_IN_COMMUNE]
    assert (len(organisations.table), len(organisations.differing), organisations.undivided) == (
        1,
        0,
        1,
    )
    pairs = found[Level.ORGANISATION_IN_COMMUNE, Level.POINT]
    assert pairs.differing.to_dict("records") == [
        {"organisation": "BD", "commune": "C1", "given": 40, "below": 41, "difference": -1}
    ]
    assert pairs.undivided == 1
    assert found[Level.PROVINCE, Level.COMMUNE].table["below"].tolist() == [67]
    assert (Level.OFFICE, Level.COMMUNE) not in found


def test_figures_of_whom_nobody_knows_are_still_in_the_province():
    rolled = roll_up(given_figures((Level.POINT, "", "", "elsewhere", 7)), PLACES)

    assert rolled.province == 7
    assert values(rolled, Level.ORGANISATION) == {}


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(STAFF)), st.integers(0, 10**12), min_size=1))
def test_any_staff_add_up_to_the_province_by_every_way(figures):
    rolled = roll_up(of_staff(**figures), PLACES)
    total = sum(figures.values())

    assert rolled.province == total
    assert set(rolled.branches.values()) == {total}
    by_organisation: dict[str, int] = {}
    for name, value in figures.items():
        whose = POINTS[STAFF[name]][0] if STAFF[name] else "BD"
        by_organisation[whose] = by_organisation.get(whose, 0) + value
    assert values(rolled, Level.ORGANISATION) == by_organisation
    assert all(each.differing.empty for each in steps(rolled))


def test_the_rate_of_the_whole_is_not_the_mean_of_rates():
    table = rated(
        pd.DataFrame(
            {"target": pd.array([10, 90, 100, None], "Int64"),
             "result": pd.array([20, 36, 40, 5], "Int64")}, index=list("ABCD"),
        )
    )  # fmt: skip
    found = compare(table, Standing(200, 96))

    assert found.rate == 0.48
    assert round(found.mean, 6) == round((2 + 0.4 + 0.4) / 3, 6)
    assert (found.below, found.above, found.over, found.unrated) == (2, 1, 1, 1)


def test_a_row_at_the_rate_of_the_whole_is_not_below_it():
    table = rated(pd.DataFrame({"target": [3, 3], "result": [1, 1]}, dtype="Int64"))

    assert compare(table, Standing(6, 2)).below == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_what_is_short_and_what_was_reached_are_the_target(result, target):
    it = Standing(target, result)

    assert it.short + it.result == it.target
    assert (it.completion > 1) == (it.short < 0)


def test_nothing_is_made_up_where_nothing_was_told():
    assert Standing(0, 5).completion is None
    assert Standing(None, 5).short is None
    table = stand(pd.DataFrame({"value": pd.array([4], "Int64")}, index=["A"]),
                  pd.DataFrame({"value": pd.array([7], "Int64")}, index=["B"]))  # fmt: skip
    assert table["completion"].isna().all()
    assert table["short"].isna().all()
