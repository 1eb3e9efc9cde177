"""What the services of results and of the rules tell of the demonstration is what was published."""

from collections import Counter

import pytest

from planning.analysis.compliance import check
from planning.demo.profiles import AN_GIANG
from planning.model.compliance import DEFAULT_RULES
from planning.model.people import local_user
from planning.services.demo import FOLDER, PROVINCE, REGISTER
from planning.services.performance import Overview, overview, trend
from planning.store import compliance, imports, needs
from planning.store.session import Store

USER = local_user(frozenset({PROVINCE}))
VOLUNTARY, HOUSEHOLD, QUARTER = "BHXH-TN", "BHYT-HGD", "2025-Q1"


def seen(store: Store, programme: str) -> Overview:
    found = overview(store, USER, PROVINCE, programme, QUARTER)
    assert isinstance(found, Overview)
    return found


def rates(found: Overview) -> dict[str, float]:
    return {
        each.name: round(100 * each.standing.completion, 1)
        for each in found.organisations if each.standing.completion is not None
    }  # fmt: skip


def test_voluntary_insurance_stands_as_published(demonstration: Store) -> None:
    found = seen(demonstration, VOLUNTARY)

    assert (found.province.result, found.province.short) == (12_561, 19_335)
    assert round(100 * (found.province.completion or 0), 1) == 39.4
    assert (found.comparison.below, found.comparison.over) == (12, 1)
    assert next(iter(rates(found).items())) == ("Công ty Minh An", 786.4)
    named = {"Công ty Đăng Khoa": 3.4, "Công ty Huy Phúc": 6.8, "Công ty Thiện Nhân": 21.2}
    assert {name: rates(found)[name] for name in named} == named


def test_household_insurance_stands_as_published(demonstration: Store) -> None:
    found = seen(demonstration, HOUSEHOLD)

    assert (found.province.result, found.province.short) == (749_962, 106_965)
    assert round(100 * (found.province.completion or 0), 1) == 87.5
    assert (found.comparison.below, found.comparison.over) == (14, 3)
    assert dict(list(rates(found).items())[:3]) == {
        "Công ty Minh An": 197.5, "Công ty Thiện Nhân": 127.6, "Công ty Hoàng Ngọc An Giang": 119.7,
    }  # fmt: skip


@pytest.mark.parametrize("programme", [VOLUNTARY, HOUSEHOLD])
def test_nothing_differs_where_parts_are_added_up(demonstration: Store, programme: str) -> None:
    found = seen(demonstration, programme)

    assert len(found.steps) >= 4
    assert not any(len(each.differing) for each in found.steps)
    assert [each.period.code for each in trend(demonstration, USER, found, PROVINCE)] == [
        "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1",
    ]  # fmt: skip


def test_the_rules_find_as_many_failures_as_the_profile_states(demonstration: Store) -> None:
    with demonstration.reading() as db:
        register = compliance.load_register(db, PROVINCE)

    checked = check(register, DEFAULT_RULES, AN_GIANG.as_of)

    found = {each: len(of.failures) for each, of in checked.found.items()}
    assert found == dict(AN_GIANG.lapses.by_check)


def test_every_need_is_offered_as_counted_on_the_present_communes(demonstration: Store) -> None:
    with demonstration.reading() as db:
        offers = needs.offered(db, PROVINCE, "2025-07-01")

    assert {each.need.value: each.people for each in offers} == {
        "uninsured": 133_319, "outside compulsory": 846_200, "potential": 58_400, "due": 4_180,
        "expiring": 41_700, "lapsed": 9_260,
    }  # fmt: skip
    assert {each.as_of for each in offers} == {"2025-03-31"}


def test_every_row_of_the_files_is_kept_and_only_the_shared_cards_are_to_look_at(
    demonstration: Store,
) -> None:
    with demonstration.reading() as db:
        batches = imports.batches(db, PROVINCE)

    register = [each for each in batches if each.kind in dict(REGISTER)]
    assert [each.kind for each in register] == [kind for kind, _ in REGISTER]
    for each in register:
        lines = (FOLDER / each.file).read_text(encoding="utf-8").count("\n")
        assert (each.rows, each.left_out) == (lines - 1, 0)
    found = Counter(finding["code"] for each in register for finding in each.findings)
    assert found == {"card-twice": AN_GIANG.lapses.shared_cards}
