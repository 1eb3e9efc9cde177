"""Results of the demonstration counted again by plain loops over its files."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from planning.model.people import local_user
from planning.services import performance
from planning.services.demo import PROVINCE
from planning.services.performance import CommunesSeen, Overview, ResultsAsk, Wanted
from planning.store.session import Store

FILES = Path(__file__).parents[3] / "data" / "boundaries"
USER = local_user(frozenset({PROVINCE}))
PROGRAMMES, QUARTER = ("BHXH-TN", "BHYT-HGD"), "2025-Q1"
Pair = tuple[int, int]


def lines(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=PROGRAMMES)
def programme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(programme: str, level: str) -> list[dict[str, str]]:
    return [
        row for row in lines("targets_and_results.csv")
        if (row["Kỳ"], row["Chương trình"], row["Cấp"]) == (QUARTER, programme, level)
    ]  # fmt: skip


def summed(rows: list[dict[str, str]], by: str) -> dict[str, Pair]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        found[row[by]][0] += int(row["Chỉ tiêu"] or 0)
        found[row[by]][1] += int(row["Thực hiện"] or 0)
    return {key: (one, two) for key, (one, two) in found.items()}


def seen_by_commune(store: Store, programme: str, on: str = "") -> CommunesSeen:
    found = performance.communes(store, USER, ResultsAsk(PROVINCE, programme, QUARTER, on))
    assert isinstance(found, CommunesSeen)
    return found


def test_organisations_are_what_the_file_says(demonstration: Store, programme: str) -> None:
    found = performance.overview(demonstration, USER, PROVINCE, programme, QUARTER)
    assert isinstance(found, Overview)

    assert {
        each.key: (each.standing.target, each.standing.result) for each in found.organisations
    } == summed(told(programme, "Tổ chức"), "Mã tổ chức")


def test_former_communes_are_the_sums_of_organisations_in_them(
    demonstration: Store, programme: str
) -> None:
    found = seen_by_commune(demonstration, programme)

    assert {
        each.code: (each.standing.target, each.standing.result)
        for each in found.rows if each.standing.target is not None
    } == summed(told(programme, "Tổ chức theo xã"), "Mã xã")  # fmt: skip


def test_present_communes_hold_whole_former_ones_and_keep_the_sum(
    demonstration: Store, programme: str
) -> None:
    now = seen_by_commune(demonstration, programme, "2025-07-01")
    before = summed(told(programme, "Tổ chức theo xã"), "Mã xã")
    links = [(row["old_code"], row["new_code"], row["relation"]) for row in lines("crosswalk.csv")]
    into: dict[str, set[str]] = defaultdict(set)
    divided = set()
    for old, new, relation in links:
        into[new].add(old)
        if relation == "partial":
            divided.add(old)

    assert not now.lost
    assert (now.whole.target, now.whole.result) == tuple(
        map(sum, zip(*before.values(), strict=True))
    )
    whole = [each for each in now.rows if not into[each.code] & divided]
    assert len(whole) > len(now.rows) / 2
    for each in whole:
        expected = [before.get(old, (0, 0)) for old in into[each.code]]
        assert (each.standing.target or 0, each.standing.result or 0) == tuple(
            map(sum, zip(*expected, strict=True))
        )
        assert not each.shared


@pytest.mark.parametrize(("level", "written", "key"), [
    ("points", "Điểm thu", "Mã điểm thu"), ("staff", "Nhân viên thu", "Mã nhân viên thu"),
])  # fmt: skip
def test_those_below_half_are_found_by_a_plain_loop_too(
    demonstration: Store, programme: str, level: str, written: str, key: str
) -> None:
    half = ResultsAsk(PROVINCE, programme, QUARTER)
    found = performance.below(demonstration, USER, half, Wanted(level, 0.5, rows=0))
    under = {
        who: target - result for who, (target, result) in summed(told(programme, written), key).items()
        if target and 2 * result < target
    }  # fmt: skip

    assert not isinstance(found, performance.Choice)
    assert (found.below, found.short) == (len(under), sum(under.values()))
    assert {each.key: each.standing.short for each in found.rows} == under
