"""Accounts: who may make them, how signing in is limited and ends, what the trail tells."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import example, given
from hypothesis import strategies as st

from planning.model.accounts import (
    SignInError,
    TooManyTriesError,
    account_name,
    require_good,
)
from planning.model.common_passwords import is_common
from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import Action, ForbiddenError, Grant, Role, Thing, User, local_user, may
from planning.services import accounts
from planning.services.accounts import EVERY_CODE, NewAccount, passwords, signing
from planning.store import account_tables, audit, sign_ins
from planning.store.session import Store

HERE, THERE = "91", "40"
PASSWORD, NEXT = "ngựa ô ăn cỏ tím", "lá chuối trôi sông"
ADDRESS = "192.0.2.7"
IDLE = timedelta(minutes=60)
MACHINE = User("cli:may", grants=tuple(Grant(Role.ADMINISTRATOR, each) for each in EVERY_CODE))
ADMINISTRATOR = User("hanh", grants=(Grant(Role.ADMINISTRATOR, HERE),))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Hash with the least work: these tests do so hundreds of times."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that stands still; `clock.go` moves it."""

    class Clock:
        at = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

        def go(self, **by: float) -> None:
            self.at += timedelta(**by)

    made = Clock()
    monkeypatch.setattr(signing, "moment", lambda: made.at)
    return made


@pytest.fixture
def an(empty_store: Store) -> Store:
    """Return a database with a planner whose password is known."""
    made = NewAccount("an.nguyen", "Nguyễn Văn An", Grant(Role.PLANNER, HERE))
    accounts.add(empty_store, MACHINE, made, PASSWORD)
    return empty_store


def tags(store: Store, actor: str | None = None) -> list[str]:
    with store.reading() as db:
        return [each.tag for each in audit.events(db, None, actor=actor)]


def enter(store: Store, name: str = "an.nguyen", password: str = PASSWORD, address: str = ADDRESS):
    return accounts.sign_in(store, name, password, address)


def fail(store: Store, count: int, name: str = "an.nguyen", address: str = ADDRESS) -> None:
    for _ in range(count):
        with pytest.raises(SignInError) as caught:
            enter(store, name, "wrong in every way", address)
        assert not isinstance(caught.value, TooManyTriesError)


# --- names and passwords ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["an", "an.nguyen", "a-b_c@bhxh.gov.vn", " An ", "9bhxh"])
def test_names_that_are_taken(name):
    assert account_name(name) == name.strip().lower()


@pytest.mark.parametrize(
    "name",
    ["", "a", ".an", "an an", "Ân", "local", "cli:root", "an\n", "x" * 61, "../an", "unknown"],
)
def test_names_that_are_not(name):
    with pytest.raises(RequestError):
        account_name(name + "!" if name == "an\n" else name)


@pytest.mark.parametrize(
    "password",
    ["password1234", "P@ssw0rd2025!!", "Matkhau@123456", "qwertyuiop123", "123456123456",
     "aaaaaaaaaaaa", "Baohiemxahoi2025", "Mật khẩu 2025!", "anhyeuem123456", "1qaz2wsx3edc",
     "vietnam@2026!!", "abcabcabcabc", "zyxwvutsrqpo"],
)  # fmt: skip
def test_passwords_that_are_tried_first_are_refused(password):
    assert is_common(password)
    with pytest.raises(RequestError):
        require_good(password, "binh")


@pytest.mark.parametrize("password", [PASSWORD, NEXT, "correct horse staple", "k7mp-3xqd-9rtw"])
def test_passwords_that_are_good(password):
    require_good(password, "binh")


@pytest.mark.parametrize(
    ("password", "name"),
    [("ngan va dai", "an"), ("x7" * 5 + "q", "binh"), ("toi la nguyen dai", "an.nguyen"),
     ("AN.NGUYEN vui ve", "an.nguyen"), ("k7" * 101, "binh")],
)  # fmt: skip
def test_passwords_that_are_short_long_or_hold_the_name_are_refused(password, name):
    with pytest.raises(RequestError):
        require_good(password, name)


@given(st.text(max_size=200))
@example("password" * 24 + "q")  # many ways to be read as words
def test_every_text_can_be_judged(text):
    assert isinstance(is_common(text), bool)


@given(st.text("abcxyzđĐạếỡ0189 !@#", min_size=1, max_size=6), st.integers(3, 20))
def test_a_piece_again_and_again_is_common(piece, times):
    assert is_common(piece * times)


def test_invented_passwords_are_good_and_never_the_same():
    made = [passwords.invented() for _ in range(50)]
    for each in made:
        require_good(each, "binh")
    assert len(set(made)) == len(made)


def test_a_password_is_kept_as_an_argon2_hash_and_one_letter_is_one_sign(an):
    with an.reading() as db:
        kept = db.execute(sa.select(account_tables.account.c.password)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    decomposed = "ngu" + "\u031b" + "\u0323" + "a ô ăn cỏ tím"
    assert decomposed != PASSWORD
    assert enter(an, password=decomposed).user.name == "an.nguyen"


# --- signing in ------------------------------------------------------------------------


def test_who_signs_in_is_known_by_the_token_and_only_its_hash_is_kept(an):
    entry = enter(an, " An.Nguyen ")
    assert entry.must_change
    found = accounts.present(an, entry.token, IDLE)
    assert found is not None
    assert (found.user.name, found.user.grants) == ("an.nguyen", (Grant(Role.PLANNER, HERE),))
    with an.reading() as db:
        (kept,) = db.execute(sa.select(account_tables.signed_in.c.token)).scalars()
    assert kept == sign_ins.fingerprint(entry.token) != entry.token
    assert accounts.present(an, kept, IDLE) is None
    assert enter(an).token != entry.token


def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(an, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=64))
    for _ in range(2):
        enter(an)
        with an.reading() as db:
            kept = db.execute(sa.select(account_tables.account.c.password)).scalar_one()
        assert "m=64,t=2" in kept


@pytest.mark.parametrize(
    ("name", "password"),
    [("an.nguyen", "wrong"), ("nobody.here", PASSWORD), ("", ""), ("an.nguyen", ""),
     ("an.nguyen'--", PASSWORD), ("an.nguyen", PASSWORD + "\0"), ("an.nguyen", "x" * 5000)],
)  # fmt: skip
def test_whoever_is_refused_hears_the_same_sentence(an, name, password):
    with pytest.raises(SignInError) as caught:
        enter(an, name, password)
    assert str(caught.value) == signing.WRONG


def test_an_unknown_name_costs_the_same_work_as_a_known_one(an, monkeypatch):
    worked = []
    matches = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda known, given: worked.append(known is None) or matches(known, given))  # fmt: skip
    for name in ("an.nguyen", "nobody.here"):
        with pytest.raises(SignInError):
            enter(an, name, "wrong in every way")
    assert worked == [False, True]
    verified = []

    class Counting:
        def verify(self, known, _given):
            verified.append(known)
            raise passwords.VerificationError

        hash = passwords._HASHER.hash

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert not passwords.matches(None, "x")
    assert verified[0].startswith("$argon2id$")


def test_what_was_typed_for_an_unknown_name_is_written_nowhere(an):
    typed = "toi go nham mat khau"
    fail(an, 1, typed)
    with an.reading() as db:
        everything = str([db.execute(sa.select(table)).all() for table in (
            *(account_tables.metadata.tables[each] for each in ("audit", "account", "sign_in_try")),
        )])  # fmt: skip
    assert typed not in everything
    assert ADDRESS not in everything
    assert tags(an, "unknown") == ["access:sign-in:failed"]


def test_ten_failures_for_a_name_close_it_for_a_quarter_of_an_hour(an, clock):
    fail(an, signing.MOST_PER_NAME)
    for address in (ADDRESS, "198.51.100.9"):
        with pytest.raises(TooManyTriesError) as caught:
            enter(an, address=address)  # even with the right password
        assert 0 < caught.value.seconds <= 15 * 60 + 1
    assert tags(an).count("access:sign-in:limited") == 1
    clock.go(minutes=15, seconds=1)
    assert enter(an).user.name == "an.nguyen"


def test_sixty_failures_from_an_address_close_it_for_every_name(an, clock, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    for at in range(signing.MOST_PER_ADDRESS):
        fail(an, 1, f"nobody{at}")
    with pytest.raises(TooManyTriesError):
        enter(an)
    with pytest.raises(SignInError) as elsewhere:
        enter(an, address="198.51.100.9")
    assert not isinstance(elsewhere.value, TooManyTriesError)
    clock.go(minutes=16)
    fail(an, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
     ("192.0.2.7", "192.0.2.8", False), ("fe80::1%eth0", "fe80::2%eth0", True), ("", "?", False)],
)  # fmt: skip
def test_attempts_of_one_subscriber_count_together(one, other, same):
    assert (signing._network(one) == signing._network(other)) is same


def test_who_signs_in_starts_to_count_anew(an):
    fail(an, signing.MOST_PER_NAME - 1)
    enter(an)
    fail(an, signing.MOST_PER_NAME - 1)
    assert enter(an).user.name == "an.nguyen"


def test_signing_in_often_closes_nothing(an):
    for _ in range(signing.MOST_PER_NAME + 5):
        enter(an)


TRY = """
import sys
from planning.database import Database
from planning.model.accounts import SignInError, TooManyTriesError
from planning.services import accounts
from planning.store.session import Store
store = Store(Database.named(sys.argv[1]))
for _ in range(8):
    try:
        accounts.sign_in(store, "an.nguyen", "wrong in every way", "192.0.2.7")
    except TooManyTriesError:
        print("limited")
    except SignInError:
        print("tried")
store.close()
"""


def test_two_processes_share_the_limit(an):
    command = [sys.executable, "-c", TRY, an.database.address]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        for _ in range(2)
    ]
    said = "".join(each.communicate(timeout=120)[0] for each in running).split()
    assert said.count("tried") == signing.MOST_PER_NAME
    assert said.count("limited") == 16 - signing.MOST_PER_NAME


# --- how a sign-in ends ----------------------------------------------------------------


def test_a_sign_in_ends_after_an_hour_without_a_request_and_not_before(an, clock):
    entry = enter(an)
    for _ in range(3):
        clock.go(minutes=59)
        assert accounts.present(an, entry.token, IDLE) is not None
    clock.go(minutes=61)
    assert accounts.present(an, entry.token, IDLE) is None
    clock.go(minutes=-61)
    assert accounts.present(an, entry.token, IDLE) is None  # it has ended for good


def test_a_sign_in_ends_after_twelve_hours_whatever_is_done_in_it(an, clock):
    entry = enter(an)
    for _ in range(24):
        clock.go(minutes=30)
        assert accounts.present(an, entry.token, IDLE) is not None
    clock.go(minutes=1)
    assert accounts.present(an, entry.token, IDLE) is None


def test_signing_out_ends_one_sign_in_and_leaves_the_others(an):
    one, other = enter(an), enter(an)
    accounts.sign_out(an, one.token)
    assert accounts.present(an, one.token, IDLE) is None
    assert accounts.present(an, other.token, IDLE) is not None
    accounts.sign_out(an, one.token)
    assert tags(an, "an.nguyen").count("access:sign-out:done") == 1


def test_a_new_password_ends_every_sign_in_and_gives_one_that_goes_on(an):
    one, other = enter(an), enter(an)
    made = accounts.change_password(an, one, PASSWORD, NEXT)
    for each in (one, other):
        assert accounts.present(an, each.token, IDLE) is None
    found = accounts.present(an, made.token, IDLE)
    assert found is not None
    assert not found.must_change
    with pytest.raises(SignInError):
        enter(an)
    assert enter(an, password=NEXT).user.name == "an.nguyen"
    assert tags(an, "an.nguyen").count("access:password:changed") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [("wrong in every way", NEXT), (PASSWORD, PASSWORD), (PASSWORD, "short"), (PASSWORD, "password2025")],
)  # fmt: skip
def test_a_password_is_not_changed_without_the_present_one_or_to_a_bad_one(an, old, new):
    entry = enter(an)
    with pytest.raises(RequestError):
        accounts.change_password(an, entry, old, new)
    assert accounts.present(an, entry.token, IDLE) is not None
    assert enter(an).user.name == "an.nguyen"


def test_who_has_a_session_cannot_guess_the_password_without_limit(an):
    entry = enter(an)
    for _ in range(signing.MOST_PER_NAME):
        with pytest.raises(RequestError):
            accounts.change_password(an, entry, "wrong in every way", NEXT)
    with pytest.raises(TooManyTriesError):
        accounts.change_password(an, entry, PASSWORD, NEXT)


def test_a_lock_ends_every_sign_in_and_allows_no_new_one(an):
    entry = enter(an)
    accounts.lock(an, MACHINE, "an.nguyen")
    assert accounts.present(an, entry.token, IDLE) is None
    with pytest.raises(SignInError) as caught:
        enter(an)
    assert str(caught.value) == signing.WRONG
    with pytest.raises(SignInError):
        accounts.sign_in_as(an, "an.nguyen")
    accounts.unlock(an, MACHINE, "an.nguyen")
    assert enter(an).user.active


def test_a_password_given_by_an_administrator_ends_sign_ins_and_must_be_changed(an):
    entry = enter(an)
    changed = accounts.change_password(an, entry, PASSWORD, NEXT)
    given = accounts.new_password(an, ADMINISTRATOR, "an.nguyen")
    assert accounts.present(an, changed.token, IDLE) is None
    assert enter(an, password=given).must_change


def test_a_locked_account_in_the_middle_of_signing_in_is_not_let_in(an, monkeypatch):
    """The hash is compared outside of the transaction; what it rested on is looked at again."""
    matches = passwords.matches

    def locked_meanwhile(known, given):
        accounts.lock(an, MACHINE, "an.nguyen")
        return matches(known, given)

    monkeypatch.setattr(passwords, "matches", locked_meanwhile)
    with pytest.raises(SignInError):
        enter(an)


# --- who may keep accounts -------------------------------------------------------------


def test_an_administrator_keeps_accounts_of_their_province_alone(an):
    new = NewAccount("binh", "Trần Thị Bình", Grant(Role.REVIEWER, HERE))
    given = accounts.add(an, ADMINISTRATOR, new)
    assert enter(an, "binh", given).must_change
    with pytest.raises(ForbiddenError):
        accounts.add(an, ADMINISTRATOR, NewAccount("chi", "", Grant(Role.VIEWER, THERE)))
    with pytest.raises(ForbiddenError):
        accounts.give(an, ADMINISTRATOR, "binh", Grant(Role.VIEWER, THERE))
    with pytest.raises(ForbiddenError):
        accounts.listed(an, ADMINISTRATOR, THERE)
    with pytest.raises(ForbiddenError):
        accounts.listed(an, ADMINISTRATOR)
    accounts.give(an, MACHINE, "binh", Grant(Role.VIEWER, THERE))
    for deed in (accounts.lock, accounts.new_password):
        with pytest.raises(ForbiddenError):
            deed(an, ADMINISTRATOR, "binh")
    assert [each.name for each in accounts.listed(an, ADMINISTRATOR, HERE)] == ["an.nguyen", "binh"]
    assert [each.name for each in accounts.listed(an, MACHINE)] == ["an.nguyen", "binh"]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_nobody_else_keeps_accounts(an, role):
    more = {Role.ORGANISATION: {"organisation": "0101010101"}, Role.CHECKER: {"office": "*"}}
    user = User("dung", grants=(Grant(role, HERE, **more.get(role, {})),))
    for deed in (
        lambda: accounts.add(an, user, NewAccount("chi", "", Grant(Role.VIEWER, HERE))),
        lambda: accounts.give(an, user, "an.nguyen", Grant(Role.APPROVER, HERE)),
        lambda: accounts.take(an, user, "an.nguyen", Grant(Role.PLANNER, HERE)),
        lambda: accounts.lock(an, user, "an.nguyen"),
        lambda: accounts.new_password(an, user, "an.nguyen"),
        lambda: accounts.listed(an, user, HERE),
    ):
        with pytest.raises(ForbiddenError):
            deed()
    assert tags(an) == ["access:account:added", "access:role:granted"]


def test_nobody_locks_themselves_out(an):
    new = NewAccount("hanh", "", Grant(Role.ADMINISTRATOR, HERE))
    accounts.add(an, MACHINE, new, PASSWORD)
    with pytest.raises(RequestError):
        accounts.lock(an, ADMINISTRATOR, "hanh")
    with pytest.raises(RequestError):
        accounts.take(an, ADMINISTRATOR, "hanh", Grant(Role.ADMINISTRATOR, HERE))


def test_the_first_account_made_by_the_one_user_of_a_machine_is_an_administrators(empty_store):
    alone = local_user(frozenset({HERE}))
    with pytest.raises(RequestError):
        accounts.add(empty_store, alone, NewAccount("an", "", Grant(Role.PLANNER, HERE)))
    assert not accounts.anyone(empty_store)
    accounts.add(empty_store, alone, NewAccount("hanh", "", Grant(Role.ADMINISTRATOR, HERE)))
    assert accounts.anyone(empty_store)


@pytest.mark.parametrize(
    "grant",
    [Grant(Role.ORGANISATION, HERE), Grant(Role.PLANNER, HERE, organisation="0101010101"),
     Grant(Role.CHECKER, HERE), Grant(Role.REVIEWER, HERE, office="BHXH"),
     Grant(Role.CHECKER, HERE, communes=frozenset({"303"})), Grant(Role.VIEWER, "9"),
     Grant(Role.CHECKER, HERE, office="x" * 101)],
)  # fmt: skip
def test_roles_that_reach_nothing_or_too_much_are_refused(an, grant):
    with pytest.raises((RequestError, ForbiddenError)):
        accounts.give(an, MACHINE, "an.nguyen", grant)


def test_roles_are_given_once_and_taken_away(an):
    grant = Grant(Role.CHECKER, HERE, office="BHXH cơ sở 1", communes=frozenset({"30337"}))
    accounts.give(an, ADMINISTRATOR, "an.nguyen", grant)
    with pytest.raises(DoneAlreadyError):
        accounts.give(an, ADMINISTRATOR, "an.nguyen", grant)
    user = accounts.found(an, "an.nguyen").user
    assert may(user, Action.CHECK, Thing(HERE, commune="30337"))
    accounts.take(an, ADMINISTRATOR, "an.nguyen", Grant(Role.CHECKER, HERE, office="BHXH cơ sở 1"))
    assert accounts.found(an, "an.nguyen").grants == (Grant(Role.PLANNER, HERE),)
    with pytest.raises(NotFoundError):
        accounts.take(an, ADMINISTRATOR, "an.nguyen", grant)
    assert tags(an, "hanh") == ["access:role:granted", "access:role:revoked"]


def test_a_role_given_or_taken_counts_from_the_next_request_on(an):
    entry = enter(an)
    accounts.give(an, MACHINE, "an.nguyen", Grant(Role.APPROVER, HERE))
    found = accounts.present(an, entry.token, IDLE)
    assert found is not None
    assert found.user.roles(HERE) == {Role.PLANNER, Role.APPROVER}
    accounts.take(an, MACHINE, "an.nguyen", Grant(Role.PLANNER, HERE))
    found = accounts.present(an, entry.token, IDLE)
    assert found is not None
    assert found.user.roles(HERE) == {Role.APPROVER}


def test_an_account_of_the_offices_provider_has_no_password_to_guess(an):
    new = NewAccount("chi", "", Grant(Role.VIEWER, HERE), by_provider=True)
    assert accounts.add(an, MACHINE, new) == ""
    for password in ("", "None", PASSWORD):
        with pytest.raises(SignInError):
            enter(an, "chi", password)
    assert not accounts.sign_in_as(an, "Chi").must_change


def test_nothing_in_the_trail_holds_a_password_and_it_still_holds(an):
    entry = enter(an)
    fail(an, 1)
    accounts.change_password(an, entry, PASSWORD, NEXT)
    given = accounts.new_password(an, MACHINE, "an.nguyen")
    with an.reading() as db:
        told = str([tuple(each) for each in audit.events(db, None)])
        assert list(audit.breaks(db)) == []
    for secret in (PASSWORD, NEXT, given, entry.token, "$argon2", ADDRESS):
        assert secret not in told
