"""The programme that counts who joined, told by months: quarters, years and both beside those before."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from planning.model.people import local_user
from planning.services import performance
from planning.services.demo import PROVINCE
from planning.services.performance import Overview
from planning.store.session import Store

FILES = Path(__file__).parents[3] / "data" / "boundaries"
USER = local_user(frozenset({PROVINCE}))
JOINED, HELD = "BHXH-TN-MOI", "BHXH-TN"
LAST_YEAR = [f"2024-{month:02d}" for month in range(1, 13)]
FIRST_OF_2025 = ["2025-01", "2025-02", "2025-03"]
QUARTERS = {"2024-Q1": LAST_YEAR[:3], "2024-Q2": LAST_YEAR[3:6], "2024-Q3": LAST_YEAR[6:9],
            "2024-Q4": LAST_YEAR[9:], "2025-Q1": FIRST_OF_2025}  # fmt: skip
Pair = tuple[int, int]


@pytest.fixture(scope="module")
def told() -> list[dict[str, str]]:
    with (FILES / "targets_and_results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summed(told: list[dict[str, str]], programme: str, level: str, within: Iterable[str]) -> Pair:
    periods = set(within)
    rows = [each for each in told
            if (each["Chương trình"], each["Cấp"]) == (programme, level) and each["Kỳ"] in periods]  # fmt: skip
    assert rows
    return sum(int(each["Chỉ tiêu"]) for each in rows), sum(int(each["Thực hiện"]) for each in rows)


def seen(store: Store, period: str) -> Overview:
    found = performance.overview(store, USER, PROVINCE, JOINED, period)
    assert isinstance(found, Overview)
    return found


def test_organisations_add_up_to_the_province_in_every_month(told: list[dict[str, str]]) -> None:
    own = [each for each in told if each["Chương trình"] == JOINED]

    assert {each["Cấp"] for each in own} == {"Tỉnh", "Tổ chức"}
    assert {each["Kỳ"] for each in own} == {*LAST_YEAR, *FIRST_OF_2025}
    for month in (*LAST_YEAR, *FIRST_OF_2025):
        assert summed(told, JOINED, "Tổ chức", [month]) == summed(told, JOINED, "Tỉnh", [month])
        assert len([each for each in own if each["Kỳ"] == month]) == 19


def test_at_least_as_many_join_as_more_are_held(told: list[dict[str, str]]) -> None:
    held = {each: summed(told, HELD, "Tỉnh", [each])[1] for each in list(QUARTERS)[1:]}
    for before, now in zip(list(held), list(held)[1:], strict=False):
        assert summed(told, JOINED, "Tỉnh", QUARTERS[now])[1] >= held[now] - held[before]


@pytest.mark.parametrize(
    ("period", "months"), [*QUARTERS.items(), ("2024", LAST_YEAR), ("2025-02", ["2025-02"])]
)
def test_months_add_up_to_quarters_and_the_year(
    demonstration: Store, told: list[dict[str, str]], period: str, months: list[str]
) -> None:
    now = seen(demonstration, period)

    whole = summed(told, JOINED, "Tỉnh", months)
    assert (now.province.target, now.province.result) == whole
    assert not now.basis.missing
    parts = [(each.standing.target or 0, each.standing.result or 0) for each in now.organisations]
    assert (len(parts), tuple(map(sum, zip(*parts, strict=True)))) == (18, whole)


@pytest.mark.parametrize(
    ("period", "before"),
    [("2025-Q1", LAST_YEAR[:3]), ("2025-03", ["2024-03"]), ("2024-Q4", None), ("2024", None)],
)
def test_the_same_period_a_year_before_stands_beside(
    demonstration: Store, told: list[dict[str, str]], period: str, before: list[str] | None
) -> None:
    now = seen(demonstration, period)

    assert now.before == (before and summed(told, JOINED, "Tỉnh", before)[1])
    assert all((each.before is None) == (before is None) for each in now.organisations)


def test_who_joined_since_new_year_is_counted_on(
    demonstration: Store, told: list[dict[str, str]]
) -> None:
    for at, month in enumerate(LAST_YEAR, start=1):
        so_far = summed(told, JOINED, "Tỉnh", LAST_YEAR[:at])[1]
        assert seen(demonstration, month).cumulative.result == so_far
    assert seen(demonstration, "2025-02").cumulative.result == 241 + 366
