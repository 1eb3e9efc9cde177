"""The command line as a contract: names, options, exit status, sentences, JSON keys."""

import errno
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from planning.cli.commands import cli
from planning.cli.output import Console
from planning.database import Database
from planning.demo.network import NO_FORMER
from planning.demo.settlement import UNKNOWN
from planning.services import demo
from planning.settings import Settings
from tests.databases import ON_FILES
from tests.toy import district, files

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {
    ("import", "boundaries"): {"--province", "--valid-from"},
    ("import", "population"): set(),
    ("import", "population-grid"): set(),
    ("import", "points"): set(),
    ("import", "crosswalk"): set(),
    ("demo", "network"): {"--profile"},
    ("assess",): {"--radius-km", "--by-class", "--json"},
    ("gaps",): {"--json"},
    ("suggest",): {"--points", "--method", "--json"},
    ("export",): {"--format"},
    ("serve",): set(),
}
ASSESS = {"people", "people_covered", "share_covered", "mean_distance_m", "median_distance_m",
          "points_direct", "points_online", "population_base", "standard", "communes"}  # fmt: skip
COMMUNE = {"code", "name", "people", "people_covered", "points_direct"}
GAP = {"name", "people", "lon", "lat", "reason", "nearest_point_m"}
SUGGEST = {"method", "people_gained", "upper_bound_people_gained", "seed", "sites"}
SITE = {"rank", "lon", "lat", "commune_code", "people_gained", "host"}


@pytest.fixture
def run(own_database: Database):
    """Return a function that runs a command on a copy of the toy district, in English."""
    return lambda *words, **env: ran(own_database.address, *words, **env)


def ran(database: str | Path, *words: str | Path, **env: str) -> Result:
    settings = {"DIEMTHU_DATABASE": str(database), "DIEMTHU_LANGUAGE": "en", **env}
    return CliRunner().invoke(cli, [str(each) for each in words], env=settings)


def refused(result: Result, status: int = 1) -> str:
    """Return the one sentence of a refusal; results say nothing."""
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.strip()


def command(words: tuple[str, ...]) -> click.Command:
    found: click.Command = cli
    for word in words:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


@pytest.mark.parametrize("words", CONTRACT, ids=" ".join)
def test_the_names_and_options_of_the_contract_are_there_with_help(run, words):
    options = {name for each in command(words).params for name in each.opts}
    assert options >= CONTRACT[words]
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert command(words).help in result.output.replace("\n  ", " ") or command(words).help


def test_the_whole_job_from_files_to_a_list(toy_files, tmp_path):
    database = tmp_path / "new" / "d.db"
    for words in (
        ("import", "boundaries", toy_files / "communes.geojson", "--province", "98",
         "--valid-from", "2025-07-01"),
        ("import", "population", toy_files / "population.csv"),
        ("import", "points", toy_files / "points.csv"),
        ("assess", "--radius-km", "2", "--json", tmp_path / "a.json"),
        ("gaps", "--json", tmp_path / "g.json"),
        ("suggest", "--points", "1", "--json", tmp_path / "s.json"),
        ("export", "proposals", "--format", "csv", tmp_path / "p.csv"),
    ):  # fmt: skip
        result = ran(database, *words)
        assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["people"] == 1000
    assert (tmp_path / "p.csv").is_file()
    assert database.is_file()


def written(run, tmp_path: Path, *words: str) -> dict:
    path = tmp_path / "out.json"
    assert run(*words, "--json", path).exit_code == 0
    return json.loads(path.read_text(encoding="utf-8"))


def test_assess_writes_the_keys_that_others_read(run, tmp_path):
    found = written(run, tmp_path, "assess", "--radius-km", "10")
    assert found.keys() >= ASSESS
    assert all(each.keys() >= COMMUNE for each in found["communes"])
    # Everybody is within 10 km.
    assert (found["people"], found["people_covered"], found["share_covered"]) == (1000, 1000, 1.0)
    assert (found["points_direct"], found["points_online"]) == (1, 1)
    assert [each["people"] for each in found["communes"]] == list(district.PEOPLE)


def test_gaps_writes_the_keys_that_others_read(run, tmp_path):
    many = tmp_path / "many.csv"
    many.write_text(files.POPULATION.replace("98004,400", "98004,4000"), encoding="utf-8")
    assert run("import", "population", many).exit_code == 0
    found = written(run, tmp_path, "gaps", "--radius-km", "2.99")
    assert found.keys() >= {"gaps", "people_scattered"}
    assert found["gaps"]
    assert all(each.keys() >= GAP for each in found["gaps"])
    lost = sum(each["people"] for each in found["gaps"]) + found["people_scattered"]
    covered = written(run, tmp_path, "assess", "--radius-km", "2.99")["people_covered"]
    assert lost == 4600 - covered


@pytest.mark.parametrize("method", ["clusters", "coverage"])
def test_suggest_writes_the_keys_that_others_read(run, tmp_path, method):
    found = written(run, tmp_path, "suggest", "--points", "2", "--method", method, "--seed", "5")
    assert found.keys() >= SUGGEST
    assert (found["method"], found["seed"]) == (method, 5)
    assert all(each.keys() >= SITE for each in found["sites"])
    assert [each["rank"] for each in found["sites"]] == list(range(1, len(found["sites"]) + 1))
    assert sum(each["people_gained"] for each in found["sites"]) == found["people_gained"]
    assert found["people_gained"] <= found["upper_bound_people_gained"]


def test_json_goes_to_standard_output_alone_when_asked(run):
    result = run("assess", "--json", "-")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["people"] == 1000


def test_results_go_to_standard_output_and_progress_to_standard_error(run):
    result = run("assess", "--radius-km", "10")
    assert "1,000 of 1,000 people" in result.stdout
    assert "Demonstration data" in result.stdout
    assert "Measuring" in result.stderr
    assert "Measuring" not in result.stdout


def test_vietnamese_is_spoken_by_default(run):
    said = run("assess", "--radius-km", "10", DIEMTHU_LANGUAGE="vi").stdout
    assert "1.000" in said
    assert "people" not in said


REFUSED = {
    "no such file": (("import", "points", "nowhere.csv"), "There is no file nowhere.csv"),
    "no such province": (("assess", "--province", "77"), "Province 77 is not in the database"),
    "no such vintage": (("gaps", "--valid-from", "1999-01-01"), "no boundaries valid from"),
    "no points asked": (("suggest", "--points", "0"), "1 to 500 points, not 0"),
    "a radius of nothing": (("assess", "--radius-km", "0"), "between 0.2 and 50"),
    "proposals before a plan": (("export", "proposals", "--format", "csv", "out.csv"), "suggest"),
    "a folder that is not there": (
        ("export", "points", "--format", "csv", "nowhere/out.csv"), "cannot be read or written"
    ),
    "a profile nobody knows": (("demo", "network", "--profile", "x"), "no profile “x”"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_one_sentence_on_standard_error_and_status_1(run, tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    words, sentence = REFUSED[case]
    said = refused(run(*words)).splitlines()
    assert sentence in said[-1]
    assert len([line for line in said if not line.endswith(("…", "."))]) == 0


WRONG = {
    "no such command": ("asses",),
    "no such option": ("assess", "--radius", "3"),
    "no such format": ("export", "points", "--format", "pdf", "x"),
    "no such table": ("export", "staff", "--format", "csv", "x"),
    "no such method": ("suggest", "--method", "magic"),
    "a word for a number": ("suggest", "--points", "many"),
    "one radius and by class": ("assess", "--radius-km", "3", "--by-class"),
    "a class nobody knows": ("assess", "--by-class", "--class-radius", "moon=3"),
    "no province": ("import", "boundaries", "x.geojson", "--valid-from", "2025-07-01"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_command_written_wrongly_ends_with_status_2(run, case):
    assert refused(run(*WRONG[case]), status=2)


def test_a_refused_file_is_told_row_by_row(run, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("Tên điểm thu,Vĩ độ,Kinh độ\nA,x,105.5\nB,10.2,\n", encoding="utf-8")
    said = refused(run("import", "points", bad))
    assert "bad.csv was refused and nothing of it was kept: 2 problems" in said
    assert "row 2, column “Vĩ độ”, value “x”" in said
    assert "row 3, column “Kinh độ”" in said


def test_a_database_that_is_not_there_is_a_sentence(tmp_path):
    for database in (tmp_path / "none.db", tmp_path / "no" / "folder" / "none.db"):
        assert "none.db" in refused(ran(database, "assess"))


def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    path = tmp_path / "picture.db"
    path.write_bytes(b"GIF89a" + b"\x00" * 5000)
    assert "picture.db" in refused(ran(path, "assess"))


@pytest.mark.parametrize(
    ("variable", "value"), [("DIEMTHU_LANGUAGE", "fr"), ("DIEMTHU_PORT", "eighty")]
)
def test_a_setting_that_cannot_be_is_named(run, variable, value):
    said = refused(run("assess", **{variable: value}))
    assert variable in said
    assert value in said


def test_an_empty_database_says_what_to_do_first(tmp_path):
    assert ran(tmp_path / "d.db", "db", "upgrade").exit_code == 0
    assert "import boundaries" in refused(ran(tmp_path / "d.db", "assess"))


def test_radii_by_class_are_kept_and_used(run, tmp_path):
    assert run("standard", "--set", "mountain=4,5").exit_code == 0
    assert written(run, tmp_path, "assess")["standard"]["radii_km"]["mountain"] == 4.5
    by_class = written(run, tmp_path, "assess", "--by-class", "--class-radius", "urban=1")
    assert by_class["standard"]["radii_km"]["urban"] == 1.0
    assert by_class["standard"]["kind"] == "by class"


@pytest.mark.parametrize("command", ["assess", "gaps", "suggest"])
def test_json_that_cannot_be_written_is_refused_before_the_work(run, tmp_path, command):
    before = written(run, tmp_path, "suggest", "--points", "1") if command == "suggest" else None
    folder = tmp_path / "folder"
    folder.mkdir()
    said = refused(run(command, "--json", folder))
    assert f"{folder} cannot be read or written: it is a folder." in said
    said = refused(run(command, "--json", tmp_path / "nowhere" / "a.json", DIEMTHU_LANGUAGE="vi"))
    assert str(tmp_path / "nowhere" / "a.json") in said
    assert "không có tệp hoặc thư mục này" in said
    assert not list(tmp_path.rglob(".part-*"))
    if before is not None:
        run("export", "proposals", "--format", "csv", tmp_path / "p.csv")
        assert len((tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_a_draft_of_json_does_not_stay_when_it_cannot_be_put_in_place(tmp_path, monkeypatch):
    console = Console(Settings.from_environment({}))

    def fail(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(self), None, str(target))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        console.json(tmp_path / "a.json", {})
    assert caught.value.filename == str(tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


@ON_FILES
def test_a_closed_pipe_ends_quietly(toy_database):
    environment = {**os.environ, "DIEMTHU_DATABASE": toy_database.address, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "planning.cli", "settings"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, env=environment, check=False, timeout=60
    )
    os.close(writing)
    assert done.returncode == 1
    assert done.stderr == b""


def test_our_own_usage_errors_are_said_in_the_language_of_the_reader(run):
    said = refused(run("assess", "--class-radius", "delta=3", DIEMTHU_LANGUAGE="vi"), status=2)
    assert "--class-radius phải đi cùng --by-class." in said
    said = refused(run("standard", "--set", "moon=3", DIEMTHU_LANGUAGE="vi"), status=2)
    assert "“moon=3” không có dạng CLASS=KM" in said


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DIEMTHU_THREADS", "0"), ("DIEMTHU_THREADS", "-3"), ("DIEMTHU_PORT", "0"),
     ("DIEMTHU_PORT", "65536"), ("DIEMTHU_PORT", "abc")],
)  # fmt: skip
def test_a_setting_out_of_its_range_is_refused_in_the_language_of_the_reader(run, variable, value):
    said = refused(run("assess", **{variable: value, "DIEMTHU_LANGUAGE": "vi"}))
    assert f"{variable} không thể là “{value}”" in said
    assert "máy chủ web" in said
    assert len(said.splitlines()) == 1


def served(toy_database: Database, *words: object) -> str:
    """Return the one sentence of a server that cannot start, in a process of its own."""
    environment = {**os.environ, "DIEMTHU_DATABASE": toy_database.address, "PYTHONPATH": str(ROOT),
                   "DIEMTHU_LANGUAGE": "en"}  # fmt: skip
    command = [sys.executable, "-m", "planning.cli", "serve", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@ON_FILES
@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_a_host_that_is_not_here_is_one_sentence_and_status_2(toy_database, host):
    assert served(toy_database, "--host", host, "--port", 18437) == (
        f"This machine has no address “{host}” to listen on; choose another with --host.\n"
    )


@ON_FILES
def test_a_taken_port_is_another_sentence(toy_database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = served(toy_database, "--port", port)
    assert said == f"Port {port} of 127.0.0.1 is taken; choose another with --port.\n"


def test_a_suggestion_names_the_nearest_host_and_how_far_it_is(run):
    said = run("suggest", "--points", "1", "--radius-km", "1", DIEMTHU_LANGUAGE="vi").stdout
    assert re.search(r"\n    địa điểm gần nhất: .+, cách \d+,\d\d km\n", said)


def test_a_small_radius_is_shown_with_the_places_it_has(run):
    assert run("standard", "--set", "mountain=0.25").exit_code == 0
    assert "mountain: 0,25 km" in run("standard", DIEMTHU_LANGUAGE="vi").stdout


def test_notes_of_a_laid_network_are_said_in_the_language_of_the_reader(run, monkeypatch):
    monkeypatch.setattr(demo, "lay", lambda *_, **__: [NO_FORMER, UNKNOWN])
    said = run("demo", "network", "--profile", "x", DIEMTHU_LANGUAGE="vi").stderr
    assert "Chưa biết các xã cũ" in said
    assert "rải đều trong xã" in said
    assert "Former communes" in run("demo", "network", "--profile", "x").stderr
