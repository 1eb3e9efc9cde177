"""The published figures on the real boundaries, from what is kept there and what services tell.

Nothing of the real files is kept: the databases lie in a temporary folder only.
"""

from pathlib import Path

import pytest
from kept_tables import Tables, nghe_an_stands

from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.analysis.compliance import check
from planning.demo.profiles import PROFILES
from planning.model.compliance import DEFAULT_RULES, Check
from planning.model.people import local_user
from planning.services import demo, imports
from planning.services.performance import Overview, overview
from planning.store import compliance
from planning.store.session import Store

pytestmark = pytest.mark.real
AG, NA = ("an_giang", "91", "an-giang-2025q1"), ("nghe_an", "40", "nghe-an-2023")
# Communes of former Kiên Giang, of which the profile does not speak, have no point at all.
OTHER_COMMUNES = {Check.COMMUNE_UNSTAFFED: 48, Check.FORMER_COMMUNE_UNSTAFFED: 143}


def filled(folder: Path, real: Path, place: tuple[str, str, str]) -> Store:
    """Return a database with a real province and the network of its profile."""
    name, code, profile = place
    store, origin = Store(folder / f"{name}.db"), imports.Origin()
    store.upgrade()
    imports.import_boundaries(
        store, real / f"{name}_2025.geojson", Vintage(code, "2025-07-01"), origin
    )
    people = real / "population_an_giang_nghe_an_qa.csv"
    imports.import_population(store, people, Unusable.LEAVE_OUT, origin)
    imports.import_grid(store, real / f"worldpop2020_1km_{name}.csv", origin, code)
    imports.import_crosswalk(store, real / f"crosswalk_{name}.csv", origin)
    demo.lay(store, profile, code)
    return store


@pytest.fixture(scope="module")
def an_giang(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Store:
    return filled(tmp_path_factory.mktemp("ag"), real_data, AG)


@pytest.fixture(scope="module")
def nghe_an(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Store:
    return filled(tmp_path_factory.mktemp("na"), real_data, NA)


def failures(store: Store, place: tuple[str, str, str]) -> dict[Check, int]:
    with store.reading() as db:
        register = compliance.load_register(db, place[1])
    checked = check(register, DEFAULT_RULES, PROFILES[place[2]].as_of)
    return {each: len(of.failures) for each, of in checked.found.items()}


def test_nghe_an_stands_as_published(nghe_an: Store) -> None:
    nghe_an_stands(Tables(nghe_an, NA[1]))


@pytest.mark.parametrize(
    ("programme", "short", "below", "over"),
    [("BHXH-TN", 19_335, 12, {"Công ty Minh An": 786.4}),
     ("BHYT-HGD", 106_965, 14, {"Công ty Minh An": 197.5, "Công ty Thiện Nhân": 127.6,
                                "Công ty Hoàng Ngọc An Giang": 119.7})],
)  # fmt: skip
def test_an_giang_stands_as_published(
    an_giang: Store, programme: str, short: int, below: int, over: dict[str, float]
) -> None:
    found = overview(an_giang, local_user(frozenset({AG[1]})), AG[1], programme, "2025-Q1")

    assert isinstance(found, Overview)
    assert found.province.short == short
    assert found.comparison.below == below
    assert over == {
        each.name: round(100 * each.standing.completion, 1)
        for each in found.organisations if (each.standing.completion or 0) > 1
    }  # fmt: skip
    assert not any(len(each.differing) for each in found.steps)


def test_as_many_fail_each_rule_as_stated(an_giang: Store, nghe_an: Store) -> None:
    stated = {**PROFILES[AG[2]].lapses.by_check, **OTHER_COMMUNES}

    assert failures(an_giang, AG) == stated
    assert failures(nghe_an, NA) == dict(PROFILES[NA[2]].lapses.by_check)
