"""Targets and results laid on a network: they add up at every level, summed in plain loops."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
import toy_delta
from conftest import laid
from hypothesis import given
from hypothesis import strategies as st

from planning.demo.campaigns import CAMPAIGNS
from planning.demo.needs import Needy, lay_needs
from planning.demo.profiles import PROFILES
from planning.demo.whole import Laid, lay_everything
from planning.model.performance import Need
from planning.model.periods import period

SEED = 11
PEOPLE = {f"{99001 + at}": 1_000 + 700 * at for at in range(54)}


class Summed:
    """Everything laid for a profile, its figures as plain rows by level."""

    def __init__(self, name: str) -> None:
        self.laid: Laid = lay_everything(
            PROFILES[name], laid(name, toy_delta.places()), PEOPLE, SEED
        )
        self.campaigns = CAMPAIGNS[name]
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in self.laid.figures.to_dict("records"):
            self.rows[each["level"]].append(each)
        self.periods = {
            (campaign.programme.code, reached.period): reached
            for campaign in self.campaigns for reached in campaign.periods
        }  # fmt: skip
        self.levels = {each.programme.code: {str(level) for level in each.levels}
                       for each in self.campaigns}  # fmt: skip
        points = self.laid.register.points.to_dict("records")
        self.point = {each["point_id"]: each for each in points}
        self.works_at = {
            each["staff_id"]: each["point_code"]
            for each in self.laid.register.staff.to_dict("records")
        }  # fmt: skip


@pytest.fixture(scope="module", params=sorted(PROFILES))
def summed(request: pytest.FixtureRequest) -> Summed:
    return Summed(request.param)


def totals(rows: list[dict[str, Any]], name: Any) -> dict[Any, tuple[int, int]]:
    """Return the sums of targets and results by programme, period and what `name` gives."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for each in rows:
        sums = found[(each["programme"], each["period"], name(each))]
        sums[0] += int(each["target"])
        sums[1] += int(each["result"])
    return {key: (target, result) for key, (target, result) in found.items()}


def test_the_province_has_the_figures_of_its_campaigns(summed: Summed) -> None:
    found = {(each["programme"], each["period"]): each for each in summed.rows["province"]}

    assert set(found) == set(summed.periods)
    for key, reached in summed.periods.items():
        assert found[key]["result"] == reached.result
        if reached.target is not None:
            assert found[key]["target"] == reached.target


def test_a_programme_is_told_at_its_levels_only(summed: Summed) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for level, rows in summed.rows.items():
        for each in rows:
            found[each["programme"]].add(level)

    assert found == summed.levels
    assert {level for levels in found.values() for level in levels} == {
        "province", "office", "organisation", "organisation in commune", "point", "staff",
    }  # fmt: skip


@pytest.mark.parametrize(
    "level", ["office", "organisation", "organisation in commune", "point", "staff"]
)
def test_every_level_adds_up_to_the_province(summed: Summed, level: str) -> None:
    whole = {key: (each.target, each.result) for key, each in summed.periods.items()
             if level in summed.levels[key[0]]}  # fmt: skip

    assert totals(summed.rows[level], lambda _: None) == {
        (*key, None): sums for key, sums in whole.items()
    }


def test_staff_add_up_to_their_point(summed: Summed) -> None:
    by_point = totals(summed.rows["staff"], lambda each: summed.works_at[each["staff_id"]])

    assert by_point == totals(summed.rows["point"], lambda each: each["point_id"])


def test_points_add_up_to_their_organisation_in_the_former_commune(summed: Summed) -> None:
    def pair(each: dict[str, Any]) -> tuple[str, str]:
        point = summed.point[each["point_id"]]
        return point["organisation_code"], point["former_code"]

    kept = totals(
        summed.rows["organisation in commune"],
        lambda each: (each["organisation_code"], each["commune_code"]),
    )
    assert totals(summed.rows["point"], pair) == kept


def test_organisations_in_communes_add_up_to_the_organisation(summed: Summed) -> None:
    def code(each: dict[str, Any]) -> str:
        return str(each["organisation_code"])

    parts = totals(summed.rows["organisation in commune"], code)
    pairs = {name for name, levels in summed.levels.items() if "organisation in commune" in levels}
    told = [each for each in summed.rows["organisation"] if each["programme"] in pairs]
    assert parts == totals(told, code)


def test_nobody_has_figures_before_the_point_opened(summed: Summed) -> None:
    for each in summed.rows["point"]:
        opened = summed.point[each["point_id"]]["opened"]
        assert opened <= period(each["period"]).last.isoformat()


def test_silent_points_have_no_result_after_the_first_period_and_others_have(
    summed: Summed,
) -> None:
    last: dict[str, str] = {}
    for each in summed.rows["point"]:
        if each["result"]:
            last[each["point_id"]] = max(last.get(each["point_id"], ""), each["period"])
    told = [at for programme, at in summed.periods if "point" in summed.levels[programme]]
    newest, oldest = max(told), min(told)

    quiet = {point for point, seen in last.items() if seen < newest}
    assert quiet == summed.laid.register.silent
    assert all(last[point] == oldest for point in quiet)
    direct = {code for code, point in summed.point.items() if point["kind"] == "direct"}
    assert set(last) == direct


def test_published_rates_come_out_to_one_decimal(summed: Summed) -> None:
    names = {
        each["organisation_code"]: each["name"]
        for each in summed.laid.register.organisations.to_dict("records")
    }
    for campaign in summed.campaigns:
        newest = campaign.periods[-1].period
        rates = {
            names[each["organisation_code"]]: round(100 * each["result"] / each["target"], 1)
            for each in summed.rows["organisation"]
            if (each["programme"], each["period"]) == (campaign.programme.code, newest)
        }
        assert {name: rates[name] for name in campaign.exact} == dict(campaign.exact)


@given(st.dictionaries(st.from_regex(r"\d{5}", fullmatch=True), st.integers(0, 9_000), min_size=1))
def test_no_commune_needs_more_than_live_there(people: dict[str, int]) -> None:
    needs = lay_needs(Needy(4_000, 9_000, 300, 0, 20, 10), people, np.random.default_rng(1))

    assert list(needs["commune_code"]) == sorted(people)
    assert set(needs.columns[1:]) == {each.value for each in Need} - {"everybody"}
    for need in needs.columns[1:]:
        counts = dict(zip(needs["commune_code"], needs[need], strict=True))
        assert all(0 <= counts[code] <= people[code] for code in people)


def test_needs_of_large_communes_add_up_to_what_is_stated() -> None:
    needs = lay_needs(
        Needy(4_000, 9_000, 300, 7, 20, 10), dict.fromkeys(PEOPLE, 5_000), np.random.default_rng(1)
    )

    assert {each: int(needs[each].sum()) for each in needs.columns[1:]} == {
        "uninsured": 4_000, "outside compulsory": 9_000, "potential": 300, "expiring": 7, "due": 20,
        "lapsed": 10,
    }  # fmt: skip
