"""Accounts and the trail of events on the command line, as the user of the shell runs them."""

import getpass
import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from planning.cli.commands import cli, main
from planning.model.people import Grant, Role
from planning.services import accounts
from planning.services.accounts import passwords
from planning.store import audit
from tests.databases import ON_FILES

PASSWORD = "ngựa ô ăn cỏ tím"
ROOT = Path(__file__).resolve().parents[2]
BY = f"cli:{getpass.getuser()}"
OF = ("--role", "planner", "--province", "91")


@pytest.fixture
def run(own_database, monkeypatch):
    """Return a function that runs a command on a copy of the toy database."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))

    def invoke(*words: str, typed: str | None = None):
        environment = {"DIEMTHU_DATABASE": own_database.address, "DIEMTHU_LANGUAGE": "en"}
        return CliRunner(env=environment).invoke(cli, words, input=typed, prog_name="diemthu")

    return invoke


@pytest.fixture
def an(run):
    """Make one account; return the function that runs commands."""
    made = run("user", "add", "an.nguyen", *OF, "--password-stdin", typed=f"{PASSWORD}\n")
    assert made.exit_code == 0
    return run


def test_the_first_account_is_made_and_everybody_signs_in_from_then_on(run, store):
    made = run("user", "add", "an.nguyen", "--full-name", "Nguyễn Văn An", *OF,
               "--password-stdin", typed=f"{PASSWORD}\n")  # fmt: skip
    assert (made.exit_code, made.stdout) == (
        0, "The account an.nguyen was made.\nFrom now on everybody signs in, also on this machine.\n"
    )  # fmt: skip
    assert accounts.sign_in(store, "an.nguyen", PASSWORD, "").must_change
    again = run("user", "add", "chi", *OF, "--by-provider")
    assert "From now on" not in again.stdout
    with store.reading() as db:
        told = {(each.tag, each.actor) for each in audit.events(db, "91")}
    assert told == {("access:account:added", BY), ("access:role:granted", BY)}


def test_a_password_is_never_an_argument_and_is_asked_for_only_at_a_terminal(run):
    assert run("user", "add", "an", *OF, "--password", PASSWORD).exit_code == 2
    silent = run("user", "add", "an", *OF)
    assert silent.exit_code == 1
    assert "--password-stdin" in silent.stderr
    for typed in ("", "\n", "ngắn\n", "password2025\n"):
        refused = run("user", "add", "an", *OF, "--password-stdin", typed=typed)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert len(refused.stderr.strip().splitlines()) == 1


def test_roles_are_given_and_taken_and_listed(an, store):
    checker = ("--role", "checker", "--province", "91", "--communes", "30337,30340")
    assert an("user", "grant", "an.nguyen", *checker).exit_code == 0
    assert Grant(Role.CHECKER, "91", communes=frozenset({"30337", "30340"})) in accounts.found(store, "an.nguyen").grants  # fmt: skip
    listed = an("user", "list").stdout
    assert listed == "an.nguyen\t\t–\t91 planner; 91 checker 30337,30340\n"
    assert an("user", "revoke", "an.nguyen", *OF).exit_code == 0
    for words in (("revoke", "an.nguyen", *OF), ("grant", "binh", *OF),
                  ("grant", "an.nguyen", "--role", "organisation", "--province", "91"),
                  ("grant", "an.nguyen", "--role", "viewer", "--province", "9")):  # fmt: skip
        refused = an("user", *words)
        assert refused.exit_code == 1
    assert an("user", "grant", "an.nguyen", "--role", "king", "--province", "91").exit_code == 2


def test_an_account_is_locked_unlocked_and_given_a_new_password(an, store):
    entry = accounts.sign_in(store, "an.nguyen", PASSWORD, "")
    assert an("user", "lock", "an.nguyen").exit_code == 0
    assert ", locked" in an("user", "list").stdout
    assert not accounts.found(store, "an.nguyen").active
    assert an("user", "unlock", "an.nguyen").exit_code == 0
    new = "lá chuối trôi sông"
    given = an("user", "password", "an.nguyen", "--password-stdin", typed=f"{new}\n")
    assert given.exit_code == 0
    assert accounts.sign_in(store, "an.nguyen", new, "").token != entry.token
    assert an("user", "lock", "binh").exit_code == 1


def test_what_is_done_on_the_command_line_carries_the_name_of_the_shell(run, store):
    run("standard", "--set", "delta=2.5")
    with store.reading() as db:
        assert audit.events(db, None)[-1].actor == BY


# --- the trail --------------------------------------------------------------------------


def test_a_trail_that_holds_says_so_and_gives_the_hash_to_keep(an, store):
    found = an("audit", "verify", "--json", "-")
    told = json.loads(found.stdout)
    with store.reading() as db:
        end = audit.head(db)
    assert found.exit_code == 0
    assert told == {"holds": True, "events": end.events, "head": end.hash, "cut_off": False,
                    "breaks": []}  # fmt: skip
    assert end.hash in an("audit", "verify").stdout
    assert an("audit", "verify", "--head", end.hash).exit_code == 0
    an("user", "lock", "an.nguyen")
    assert an("audit", "verify", "--head", end.hash).exit_code == 0
    assert an("audit", "verify", "--head", audit.START).exit_code == 0


@ON_FILES
@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE audit SET actor = 'khac' WHERE id = 2", "Event 2 was changed"),
        ("UPDATE audit SET facts = '{}' WHERE id = 3", "Event 3 was changed"),
        ("DELETE FROM audit WHERE id = 2", "Event 2 is missing."),
        ("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)", "is missing."),
    ],
)
def test_a_row_that_was_changed_or_removed_is_named(an, own_database, damage, sentence):
    with sqlite3.connect(own_database.file) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(damage)
    db.close()
    found = an("audit", "verify")
    assert found.exit_code == 1
    assert found.stdout == ""
    assert sentence in found.stderr


@ON_FILES
def test_a_trail_cut_off_with_its_end_is_found_by_the_hash_kept_elsewhere(an, own_database, store):
    with store.reading() as db:
        kept, known = audit.head(db), audit.events(db, None)
    store.close()
    last, before = known[-1].id, known[-2].hash
    with sqlite3.connect(own_database.file) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():  # fmt: skip
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DELETE FROM audit WHERE id = ?", (last,))
        db.execute("UPDATE audit_head SET last_id = ?, hash = ?", (last - 1, before))
    db.close()
    assert an("audit", "verify").exit_code == 0  # nothing within the database tells it
    found = an("audit", "verify", "--head", kept.hash)
    assert found.exit_code == 1
    assert "cut off or written anew" in found.stderr


def test_events_are_shown_newest_last_by_whom_and_of_which_area(an):
    every = an("audit", "show", "--last", "1000").stdout.splitlines()
    numbers = [int(each.split("\t")[0]) for each in every]
    assert numbers == sorted(numbers)
    access = an("audit", "show", "--area", "access").stdout.splitlines()
    assert [each.split("\t")[2:5] for each in access] == [
        [BY, "access:account:added", "91"], [BY, "access:role:granted", "91"],
    ]  # fmt: skip
    assert an("audit", "show", "--by", "nobody").stdout == ""
    assert an("audit", "show", "--last", "1").stdout.splitlines() == every[-1:]
    assert len(json.loads(an("audit", "show", "--province", "91", "--json", "-").stdout)["events"]) == 2  # fmt: skip
    assert PASSWORD not in "".join(every)


# --- serving ----------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{"DIEMTHU_HOST": "0.0.0.0"}, {"DIEMTHU_PROXIES": "1"}])
def test_another_address_is_not_served_without_an_account(own_database, more):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {**os.environ, "DIEMTHU_DATABASE": own_database.address, "DIEMTHU_LANGUAGE": "en",
                   "PYTHONPATH": str(ROOT), **more}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "planning.cli", "serve", "--port", port],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "diemthu user add NAME --role administrator" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_secrets_are_not_shown_among_the_settings(run, monkeypatch):
    secret = "k" * 40
    for name in ("SECRET_KEY", "SECRET_KEY_BEFORE", "OIDC_CLIENT_SECRET"):
        monkeypatch.setenv(f"DIEMTHU_{name}", secret)
    monkeypatch.setenv("DIEMTHU_NAMES", "a.example.vn, B.example.vn")
    said = run("settings").stdout
    assert secret not in said
    assert "DIEMTHU_SECRET_KEY=***" in said
    assert "DIEMTHU_NAMES=a.example.vn,b.example.vn" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", "short"), ("NAMES", "a b"), ("NAMES", "http://a"), ("PROXIES", "-1"),
     ("IDLE_MINUTES", "1"), ("OIDC_ISSUER", "http://idp.example.vn"), ("OIDC_ISSUER", "idp"),
     ("OIDC_ISSUER", "file:///etc/passwd")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_and_a_secret_not_repeated(monkeypatch, capsys, name, value):  # fmt: skip
    monkeypatch.setenv("DIEMTHU_LANGUAGE", "en")
    monkeypatch.setenv(f"DIEMTHU_{name}", value)
    monkeypatch.setattr(sys, "argv", ["diemthu", "settings"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert f"DIEMTHU_{name} cannot be" in said
    assert ("“short”" in said) is False
