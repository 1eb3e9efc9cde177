"""A year whose halves were told on former and on present communes is one year on the present ones."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from planning.database import Database
from planning.model.people import local_user
from planning.model.performance import ALL_KEYS, Level
from planning.services import performance
from planning.services.demo import PROVINCE
from planning.services.performance import CommunesSeen, Overview, ResultsAsk
from planning.store import performance_tables
from planning.store.session import Store

FILES = Path(__file__).parents[3] / "data" / "boundaries"
USER = local_user(frozenset({PROVINCE}))
NEW, HELD = "THU-NGHIEM-MOI", "THU-NGHIEM"
ORGANISATION, FORMER, PRESENT = "0000000001", "2004-01-01", "2025-07-01"


@pytest.fixture(scope="module")
def whole() -> tuple[str, str]:
    """Return a former commune that passed whole, and the present one it went into."""
    with (FILES / "crosswalk.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(
        each for each in rows if each["relation"] == "full" and each["old_code"] != each["new_code"]
    )
    return row["old_code"], row["new_code"]


@pytest.fixture
def store(demonstration: Store, tmp_path: Path, whole: tuple[str, str]) -> Iterator[Store]:
    """Return a copy of the demonstration with a quarter before and one after the reform."""
    path = tmp_path / "copy.db"
    with demonstration.reading() as db, closing(sqlite3.connect(path)) as copy:
        db.connection.driver_connection.backup(copy)
    opened = Store(Database.of(path))
    common = {"province_code": PROVINCE, "level": Level.ORGANISATION_IN_COMMUNE,
              **dict.fromkeys(ALL_KEYS, ""), "organisation_code": ORGANISATION}  # fmt: skip
    with opened.writing() as db:
        for code, counts in ((NEW, "new"), (HELD, "held")):
            table = performance_tables.programme
            db.execute(sa.delete(table).where(table.c.code == code))
            db.execute(sa.insert(table).values(province_code=PROVINCE, code=code, name=code,
                                               unit="người", counts=counts, position=90))  # fmt: skip
            db.execute(sa.insert(performance_tables.result), [
                {**common, "programme": code, "period": period, "commune_code": commune,
                 "valid_from": since, "value": value}
                for period, commune, since, value in (
                    ("2025-Q2", whole[0], FORMER, 40), ("2025-Q3", whole[1], PRESENT, 7))
            ])  # fmt: skip
    yield opened
    opened.close()


@pytest.mark.parametrize(("programme", "expected"), [(NEW, 47), (HELD, 7)])
def test_both_halves_stand_in_the_commune_there_is_now(
    store: Store, whole: tuple[str, str], programme: str, expected: int
) -> None:
    seen = performance.communes(store, USER, ResultsAsk(PROVINCE, programme, "2025", PRESENT))
    assert isinstance(seen, CommunesSeen)
    assert {each.code: each.standing.result for each in seen.rows if each.standing.result} == {
        whole[1]: expected
    }
    of_all = performance.overview(store, USER, PROVINCE, programme, "2025")
    assert isinstance(of_all, Overview)
    assert of_all.province.result == expected
    assert {each.key: each.standing.result for each in of_all.organisations} == {
        ORGANISATION: expected
    }


def test_what_was_told_before_stays_on_the_communes_of_then(
    store: Store, whole: tuple[str, str]
) -> None:
    seen = performance.communes(store, USER, ResultsAsk(PROVINCE, NEW, "2025-Q2"))
    assert isinstance(seen, CommunesSeen)
    assert seen.on == FORMER
    assert {each.code: each.standing.result for each in seen.rows if each.standing.result} == {
        whole[0]: 40
    }


def test_a_year_told_anew_on_present_communes_is_counted_once(
    store: Store, whole: tuple[str, str]
) -> None:
    """The second quarter told on former communes lies in the year told on present ones."""
    row = {"province_code": PROVINCE, "programme": NEW, "period": "2025", "valid_from": PRESENT,
           "level": Level.ORGANISATION_IN_COMMUNE, **dict.fromkeys(ALL_KEYS, ""),
           "organisation_code": ORGANISATION, "commune_code": whole[1], "value": 60}  # fmt: skip
    with store.writing() as db:
        db.execute(sa.insert(performance_tables.result), row)

    seen = performance.overview(store, USER, PROVINCE, NEW, "2025")
    assert isinstance(seen, Overview)
    assert seen.province.result == 60
    assert seen.basis.missing == ()
    before = performance.overview(store, USER, PROVINCE, NEW, "2025-Q2")
    assert isinstance(before, Overview)
    assert before.province.result == 40
