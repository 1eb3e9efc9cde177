"""Review rounds on the command line, as a cron job runs them."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from planning.cli.commands import cli
from planning.services.review import drafting
from planning.store import audit
from planning.store.session import Store
from tests.planning.review.acting import PEOPLE, PROVINCE, attempt, content
from tests.planning.review.test_decisions import TO_APPRAISED


@pytest.fixture
def run(store):
    def invoke(*words: str):
        environment = {"DIEMTHU_DATABASE": store.database.address, "DIEMTHU_LANGUAGE": "en"}
        return CliRunner(env=environment).invoke(cli, ("round", *words), prog_name="diemthu")

    return invoke


def appraised(store: Store, x: float):
    now = drafted(store, x)
    for who, action in TO_APPRAISED:
        now = attempt(store, PEOPLE["planner" if who == "post" else who], action, now)
    return now


def drafted(store: Store, x: float):
    return drafting.propose(store, PEOPLE["planner"], PROVINCE, content(x, name=f"Điểm {x}"))


def test_without_anything_appraised_nothing_is_made_and_the_job_is_told(run, store):
    drafted(store, 1)
    made = run("make", "--province", PROVINCE)
    assert made.exit_code == 1
    assert made.stderr.count("\n") == 1
    assert "appraised" in made.stderr
    assert "no review round" in run("list", "--province", PROVINCE).stdout


def test_all_that_are_appraised_are_frozen_listed_and_written_out(run, store, tmp_path):
    ready = [appraised(store, x) for x in (1, 6)]
    drafted(store, 7)
    made = run("make", "--province", PROVINCE, "--day", "2026-12-10", "--json", "-")
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["proposals"] == [each.number for each in ready]
    assert told["name"] == "Review round of 10 Dec 2026"
    listed = run("list", "--province", PROVINCE, "--json", "-").stdout
    (line,) = json.loads(listed)["rounds"]
    assert "0/2" in run("list", "--province", PROVINCE).stdout
    assert (line["number"], line["proposals"], line["decided"]) == (1, 2, 0)
    assert line["fingerprint"] == told["fingerprint"]
    assert line["made_by"].startswith("cli:")

    assert run("packet", "1", str(tmp_path / "a.zip"), "--province", PROVINCE).exit_code == 0
    assert run("packet", "1", str(tmp_path / "b.zip"), "--province", PROVINCE).exit_code == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    written = run("packet", "1", str(tmp_path / "folder"), "--province", PROVINCE)
    assert written.exit_code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        names = sorted(packed.namelist())
        assert names == sorted(each.name for each in (tmp_path / "folder").iterdir())
        assert json.loads(packed.read("manifest.json"))["fingerprint"] == told["fingerprint"]
    with store.reading() as db:
        tags = [each.tag for each in audit.events(db, PROVINCE, area="round")]
    assert tags == ["round:round:made", *["round:document:taken"] * 3]


@pytest.mark.parametrize(
    ("words", "status"),
    [(("packet", "7", "x.zip"), 1), (("packet", "0", "x.zip"), 2), (("make", "DX-2026-0099"), 1),
     (("make", "--day", "10/12/2026"), 1)],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(run, store, tmp_path, monkeypatch, words, status):
    appraised(store, 1)
    monkeypatch.chdir(tmp_path)
    answer = run(*words, "--province", PROVINCE)
    assert answer.exit_code == status
    assert answer.stderr
    assert "Traceback" not in answer.stderr
    assert list(tmp_path.glob("*.zip")) == []
