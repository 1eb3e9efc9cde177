"""Figures of a file on the communes of another day, through the command line."""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from planning.cli.commands import cli
from planning.services import imports
from planning.services.imports import Origin
from planning.store import schema
from planning.store.session import Store
from tests.toy import district

CROSSWALK = """Mã xã cũ,Xã cũ,Mã xã mới
97001,Xã Một,98001
97002,Xã Hai,98001
97003,Xã Ba,98002
97003,Xã Ba,98003
97004,Xã Bốn,98004
"""


@pytest.fixture
def run(store: Store, tmp_path: Path):
    """Return a function that runs a command on the toy district after a change, in English."""
    path = tmp_path / "crosswalk.csv"
    path.write_text(CROSSWALK, encoding="utf-8")
    imports.import_crosswalk(store, path, Origin())
    settings = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "en"}
    return lambda *words: CliRunner().invoke(cli, [str(each) for each in words], env=settings)


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    """Return targets by former commune and organisation; one commune is of elsewhere."""
    path = tmp_path / "targets.csv"
    path.write_text(
        "Mã xã cũ,Tổ chức,Chỉ tiêu\n97001,A,1.000\n97002,A,7\n97003,A,50\n97003,B,5\n11111,B,9\n97004,B,\n",
        encoding="utf-8",
    )
    return path


def rows(result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_targets_are_added_up_shared_by_people_and_accounted_for(run, targets, tmp_path):
    account = tmp_path / "account.json"
    done = run("restate", targets, "--to", "2025-07-01", "--figure", "Chỉ tiêu", "--json", account)
    found = {row["code"]: row for row in rows(done)}
    # 98002 has 200 people and 98003 has 300: 50 are shared as 20 and 30, 5 as 2 and 3.
    assert {code: row["Chỉ tiêu"] for code, row in found.items()} == {
        "98001": "1007", "98002": "22", "98003": "33", "98004": "",
    }  # fmt: skip
    assert {code: row["apportioned"] for code, row in found.items()} == {
        "98001": "False", "98002": "True", "98003": "True", "98004": "False",
    }  # fmt: skip
    assert found["98001"]["name"] == "Xã Số 1"
    assert found["98004"]["incomplete"] == "True"
    assert "Chỉ tiêu: 1,071 before, 1,062 after, 9 not linked." in done.stderr
    assert "Not linked: 11111 – no change names this unit" in done.stderr
    written = json.loads(account.read_text(encoding="utf-8"))
    assert written["balance"] == [
        {"figure": "Chỉ tiêu", "before": 1071, "after": 1062, "unlinked": 9}
    ]
    assert {each["to_code"]: each["share"] for each in written["apportioned"]} == {
        "98002": 0.4, "98003": 0.6,
    }  # fmt: skip
    assert written["from"] == "2025-06-30"


def test_rows_stay_apart_and_the_table_goes_to_a_file(run, targets, tmp_path):
    out = tmp_path / "out.csv"
    done = run("restate", targets, "--to", "2026-01-01", "--figure", "Chỉ tiêu", "--apart",
               "Tổ chức", "--out", out)  # fmt: skip
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        found = [(row["Tổ chức"], row["code"], row["Chỉ tiêu"]) for row in csv.DictReader(file)]
    assert sorted(found) == [
        ("A", "98001", "1007"), ("A", "98002", "20"), ("A", "98003", "30"),
        ("B", "98002", "2"), ("B", "98003", "3"), ("B", "98004", ""),
    ]  # fmt: skip


def test_backwards_nothing_is_shared_without_people(run, tmp_path):
    path = tmp_path / "present.csv"
    path.write_text("Mã xã,n\n98001,10\n98002,4\n98004,6\n", encoding="utf-8")
    done = run("restate", path, "--to", "2019-04-01", "--figure", "n")
    assert {row["code"]: row["n"] for row in rows(done)} == {"97003": "4", "97004": "6"}
    assert "Not linked: 98001 – the unit was divided and no people are known" in done.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--to", "1/7/2025", "--figure", "Chỉ tiêu"), "“1/7/2025” is no day"),
        (("--to", "2025-07-01", "--figure", "Dân số"), "has no column “Dân số”"),
        (("--to", "2025-07-01", "--figure", "Tổ chức"), "row 2: “A” under “Tổ chức”"),
        (("--to", "2025-07-01", "--figure", "Chỉ tiêu", "--code", "x"), "has no column “x”"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(run, targets, words, sentence):
    done = run("restate", targets, *words)
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert done.stdout == ""


def test_without_a_known_change_it_says_what_to_import(store, targets):
    settings = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "en"}
    words = ["restate", str(targets), "--to", "2025-07-01", "--figure", "Chỉ tiêu"]
    done = CliRunner().invoke(cli, words, env=settings)
    assert done.exit_code == 1
    assert "diemthu import crosswalk" in done.stderr


def test_without_a_figure_every_row_is_placed_by_itself(run, tmp_path):
    ((lon, lat),) = district.degrees([(3, 1)])
    path = tmp_path / "points.csv"
    path.write_text(
        "Tên điểm thu,Mã xã cũ,Vĩ độ,Kinh độ\n"
        f"Ở xã chia,97003,{lat:.6f},{lon:.6f}\nKhông tọa độ,97003,,\nNguyên xã,97004,,\nNgoài,97001,9,104\n",
        encoding="utf-8",
    )
    done = run("restate", path, "--to", "2025-07-01")
    found = {row["Tên điểm thu"]: row for row in rows(done)}
    assert {name: row["code_then"] for name, row in found.items()} == {
        "Ở xã chia": "98002", "Không tọa độ": "", "Nguyên xã": "98004", "Ngoài": "",
    }  # fmt: skip
    assert found["Ở xã chia"]["basis"] == "coordinates"
    assert found["Nguyên xã"]["name_then"] == "Xã Số 4"
    assert "1 rows placed by: whole" in done.stderr
    assert "1 rows without a commune: the unit was divided; only coordinates" in done.stderr


def test_a_crosswalk_kept_before_events_were_is_read_as_the_newest_change(run, store, targets):
    with store.writing() as db:
        db.execute(sa.delete(schema.unit_event))
    done = run("restate", targets, "--to", "2025-07-01", "--figure", "Chỉ tiêu")
    assert {row["code"]: row["Chỉ tiêu"] for row in rows(done)}["98001"] == "1007"


def test_on_one_vintage_only_its_own_codes_are_kept(run, tmp_path):
    path = tmp_path / "present.csv"
    path.write_text("Mã xã,n\n98001,10\n22222,4\n", encoding="utf-8")
    done = run("restate", path, "--from", "2025-07-01", "--to", "2026-01-01", "--figure", "n")
    assert {row["code"]: row["n"] for row in rows(done)} == {"98001": "10"}
    assert "n: 14 before, 10 after, 4 not linked." in done.stderr


# --- any day where a vintage is chosen ---------------------------------------------------


def test_a_day_means_the_boundaries_in_force_on_it(run):
    on = run("assess", "--on", "2026-03-31", "--json", "-")
    first = run("assess", "--valid-from", "2025-07-01", "--json", "-")
    assert json.loads(on.stdout) == json.loads(first.stdout)
    before = run("assess", "--on", "2025-06-30")
    assert before.exit_code == 1
    assert "no boundaries in force on 2025-06-30; it has those of 2025-07-01" in before.stderr
    both = run("assess", "--on", "2026-03-31", "--valid-from", "2025-07-01")
    assert both.exit_code == 2
