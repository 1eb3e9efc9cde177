"""A profile laid on kept boundaries keeps its whole register, in place of the one before."""

from collections.abc import Iterator

import pandas as pd
import pytest
import toy_delta
from kept_tables import INSURED, SOCIAL, VOLUNTARY, Tables, nghe_an_stands

from geo import tables
from planning.database import Database
from planning.model.compliance import Record
from planning.model.people import local_user
from planning.services import demo, imports
from planning.services.performance import Overview, overview
from planning.store import imports as kept_imports
from planning.store import layers
from planning.store.register import history
from planning.store.session import Store
from tests.databases import ON_FILES, Databases

PROVINCE = "99"
KINDS = ["points", "organisations", "staff", "inspections", "programmes", "results", "needs"]


@pytest.fixture(scope="module")
def laid_database(databases: Databases, empty_database: Database) -> Iterator[Database]:
    """Return a database with the toy delta and Nghệ An's network on it, to be copied."""
    made = databases.copy(empty_database)
    store = Store(made)
    people = toy_delta.demand()
    grid = pd.DataFrame(people)[["lon", "lat", "people"]].assign(
        width_deg=toy_delta.STEP, height_deg=toy_delta.STEP
    )
    with store.writing() as db:
        layers.save_province(db, PROVINCE, "Tỉnh Đồ chơi", synthetic=True)
        layers.save_communes(db, toy_delta.present())
        layers.save_grid(db, PROVINCE, tables.grid(grid.astype({"people": float})))
        layers.save_crosswalk(db, PROVINCE, toy_delta.crosswalk())
    demo.lay(store, "nghe-an-2023", PROVINCE)
    store.close()
    yield made
    databases.drop(made)


@pytest.fixture(scope="module")
def laid(laid_database: Database, databases: Databases) -> Iterator[Store]:
    own = databases.copy(laid_database)
    opened = Store(own)
    yield opened
    opened.close()
    databases.drop(own)


@pytest.fixture(scope="module")
def kept(laid: Store) -> Tables:
    return Tables(laid, PROVINCE)


def test_the_published_figures_of_nghe_an_stand_in_the_kept_tables(kept: Tables) -> None:
    nghe_an_stands(kept)


def test_every_level_adds_up_to_the_province(kept: Tables) -> None:
    for figures in (kept.targets, kept.results):
        for (programme, period), sums in kept.sums(figures).items():
            levels = {"province"} if programme == SOCIAL else {
                "province", "office", "organisation", "organisation in commune", "point", "staff",
            }  # fmt: skip
            assert set(sums) == levels, (programme, period)
            assert len(set(sums.values())) == 1, (programme, period)


def test_figures_name_present_communes_where_former_ones_have_no_shapes(kept: Tables) -> None:
    present = {code for code, _, _ in toy_delta.squares()}
    named = {
        (each["commune_code"], each["valid_from"]) for each in (*kept.targets, *kept.results)
        if each["level"] == "organisation in commune"
    }  # fmt: skip

    assert {code for code, _ in named} <= present
    assert {day for _, day in named} == {"2025-07-01"}
    assert not any(each["valid_from"] for each in kept.results if each["level"] == "staff")


def test_conditions_follow_from_the_register(kept: Tables) -> None:
    met = {(each["point_id"], each["code"]): each["met"] for each in kept.conditions}
    permanent = {each["point_code"] for each in kept.staff if each["permanent"]}

    for each in kept.direct:
        point = each["point_id"]
        assert met[(point, "NV")] == (each["official_code"] in permanent)
        assert (point, "BH") not in met  # no article counts the signs of Nghệ An
        assert (point, "HD") in met
    assert not all(met.values())


def test_needs_are_counted_on_the_present_communes(kept: Tables) -> None:
    found = [each for each in kept.needs if each["need"] == "potential"]

    assert {each["commune_code"] for each in found} == {code for code, _, _ in toy_delta.squares()}
    assert sum(each["people"] for each in found) == 96_300


def test_what_was_laid_first_has_no_history(laid: Store) -> None:
    with laid.reading() as db:
        assert not history(db, PROVINCE, Record.ORGANISATION, "0000000002")


@pytest.mark.parametrize(
    ("programme", "result", "more"), [(VOLUNTARY, 113_461, 4_039), (INSURED, 2_936_308, 60_737)]
)
def test_the_page_of_results_tells_the_published_growth(
    laid: Store, programme: str, result: int, more: int
) -> None:
    found = overview(laid, local_user(frozenset({PROVINCE})), PROVINCE, programme, "2023-Q4")

    assert isinstance(found, Overview)
    assert found.province.result == result
    assert found.before is not None
    assert result - found.before == more


def test_each_kind_is_an_import_that_can_be_undone(
    laid_database: Database, databases: Databases
) -> None:
    own = databases.copy(laid_database)
    store = Store(own)
    try:
        with store.reading() as db:
            batches = kept_imports.batches(db, PROVINCE)
        assert [each.kind for each in batches] == KINDS
        assert all(each.synthetic and each.source == "Dữ liệu minh họa" for each in batches)

        for each in reversed(batches):
            imports.undo(store, PROVINCE, each.id)

        after = Tables(store, PROVINCE)
        left = [after.points, after.organisations, after.staff, after.inspections,
                after.programmes, after.targets, after.results, after.needs]  # fmt: skip
        assert not any(left)
    finally:
        store.close()
        databases.drop(own)


@ON_FILES
def test_another_profile_replaces_everything(laid_database: Database, databases: Databases) -> None:
    own = databases.copy(laid_database)
    store = Store(own)
    try:
        demo.lay(store, "an-giang-2025q1", PROVINCE)

        after = Tables(store, PROVINCE)
        assert {each["period"] for each in after.results if each["programme"] != "BHXH-TN-MOI"} == {
            "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1",
        }  # fmt: skip
        assert {each["code"] for each in after.programmes} == {
            "BHXH-TN", "BHYT-HGD", "THU-LAO", "BHXH-TN-MOI",
        }  # fmt: skip
        assert (len(after.staff), len(after.organisations)) == (947, 18)
        points = {each["point_id"] for each in after.points}
        assert {each["point_id"] for each in after.inspections} == points
        assert {each["point_id"] for each in after.conditions} <= points
        with store.reading() as db:
            (gone,) = history(db, PROVINCE, Record.ORGANISATION, "0000000025")
            (named,) = history(db, PROVINCE, Record.ORGANISATION, "0000000002")
        assert gone.removed
        assert named.fields["name"] == ("Viettel Nghệ An", "Viettel")
    finally:
        store.close()
        databases.drop(own)
