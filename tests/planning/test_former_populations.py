"""People counted by former communes become people of the present ones, none lost."""

import csv

import pytest

from planning.services import demo, imports
from planning.services.imports import ImportAsk
from planning.store import layers
from planning.store.session import Store

PRESENT = demo.SINCE


@pytest.fixture(scope="module")
def former():
    with (demo.FOLDER / "population_2004.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: int(row["people"]) for row in rows}


@pytest.fixture
def province(databases, empty_database):
    """Return the demonstration province, which a test may change."""
    whole = databases.prepared(
        "demonstration", lambda: databases.copy(empty_database), demo.load_province
    )
    own = databases.copy(whole)
    opened = Store(own)
    yield opened
    opened.close()
    databases.drop(own)


def written(tmp_path, people):
    path = tmp_path / "former.csv"
    lines = [f"{code},{count}" for code, count in people.items()]
    path.write_text("\n".join(["Mã xã cũ,Dân số", *lines]) + "\n", encoding="utf-8")
    return ImportAsk("population", path)


def test_a_table_by_former_communes_keeps_its_total_to_the_person(province, former, tmp_path):
    imports.commit(province, written(tmp_path, former))

    with province.reading() as db:
        kept = layers.load_population(db, demo.PROVINCE, PRESENT)
        crosswalk = layers.load_crosswalk(db, demo.PROVINCE)
    assert None not in kept.values()
    assert sum(kept.values()) == sum(former.values())
    whole = crosswalk[crosswalk["relation"] == "full"]
    divided = set(crosswalk.loc[crosswalk["relation"] == "partial", "new_code"])
    assert divided
    for new, pairs in whole.groupby("new_code"):
        if new not in divided:
            assert kept[new] == sum(former[old] for old in pairs["old_code"])


def test_shared_people_are_said_to_be_shared(province, former, tmp_path):
    findings = imports.examine(province, written(tmp_path, former)).report

    with province.reading() as db:
        crosswalk = layers.load_crosswalk(db, demo.PROVINCE)
    divided = set(crosswalk.loc[crosswalk["relation"] == "partial", "old_code"])
    told = {each.params["old"] for each in findings if each.code == "commune-apportioned"}
    assert told == divided


def test_without_the_former_boundaries_nobody_can_divide(province, former, tmp_path):
    with province.writing() as db:
        db.exec_driver_sql("DELETE FROM commune WHERE valid_from < '2025-01-01'")

    report = imports.examine(province, written(tmp_path, former)).report
    codes = {each.code for each in report}
    assert "commune-split" in codes
    assert "commune-apportioned" not in codes
