"""Signing in and out: attempts counted, sign-ins that end, passwords changed by their owner."""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from geo.errors import N_
from planning.model.accounts import (
    WRONG,
    Account,
    SignInError,
    TooManyTriesError,
    require_good,
)
from planning.model.errors import RequestError
from planning.model.people import User
from planning.services.accounts import passwords
from planning.store import accounts, audit, sign_ins
from planning.store.session import Store

COUNTS = timedelta(minutes=15)
MOST_PER_NAME, MOST_PER_ADDRESS = 10, 60
LONGEST = timedelta(hours=12)  # of one sign-in, whatever is done in it
NOTED_EVERY = timedelta(minutes=1)
UNKNOWN = "unknown"  # who an event names when nobody of that name is known
_LONGEST_NAME, _LONGEST_PASSWORD = 200, 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign-in that holds: who, and the token that the cookie carries."""

    user: User
    token: str
    must_change: bool
    language: str


def moment() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def sign_in(store: Store, name: str, password: str, address: str) -> Entry:
    """Sign somebody in by name and password.

    Raises `SignInError` with one sentence for an unknown name, a wrong password and a locked
    account, after the same work; `TooManyTriesError` where too many attempts failed for the
    name or from the address, whichever process they came to.
    """
    if len(password) > _LONGEST_PASSWORD:
        raise SignInError(WRONG)
    name = name.strip().lower()[:_LONGEST_NAME]
    attempt = secrets.token_hex(8)
    _count(store, name, _network(address), attempt)
    with store.reading() as db:
        account, known = accounts.load(db, name), accounts.password_of(db, name)
    right = passwords.matches(known, password)
    with store.writing() as db:
        # Read again: the account may have been locked, or the password changed, in between.
        account, still = accounts.load(db, name), accounts.password_of(db, name)
        if account is not None and account.active and right and still == known:
            sign_ins.forget_tries(db, attempt, _of_name(name))
            if known is not None and passwords.outdated(known):
                accounts.change(db, name, password=passwords.hashed(password))
            return _begin(db, account, how="password")
        _told_failure(db, account)
    raise SignInError(WRONG)


def sign_in_as(store: Store, name: str) -> Entry:
    """Sign in whom the office's own provider has named; their account must be here already.

    Raises `SignInError` where there is none, or it is locked.
    """
    with store.writing() as db:
        account = accounts.load(db, name.strip().lower()[:_LONGEST_NAME])
        if account is not None and account.active:
            return _begin(db, account, how="provider")
        _told_failure(db, account)
    raise SignInError(
        N_("You have no account here, or it is locked; ask the administrator of your province.")
    )


def present(store: Store, token: str, idle: timedelta) -> Entry | None:
    """Return the sign-in of a token, None where it has ended.

    It ends when somebody signs out, after `idle` without a request, after twelve hours, when
    the password is changed and when the account is locked.
    """
    at = moment()
    with store.reading() as db:
        kept = sign_ins.find(db, token)
        account = None if kept is None else accounts.load(db, kept.name)
    if kept is None or account is None or not account.active:
        return None
    if kept.seen_at < _text(at - idle) or kept.since < _text(at - LONGEST):
        sign_out(store, token, why="idle")
        return None
    if kept.seen_at < _text(at - NOTED_EVERY):
        with store.writing(alone=False) as db:
            sign_ins.touch(db, token, at=_text(at))
    return Entry(account.user, token, account.must_change, account.language)


def sign_out(store: Store, token: str, why: str = "") -> None:
    """End one sign-in; another of the same account goes on."""
    with store.writing() as db:
        kept = sign_ins.find(db, token)
        if kept is not None and sign_ins.end(db, token):
            facts = {"why": why} if why else {}
            audit.record(db, "access:sign-out:done", None, at=_text(moment()), actor=kept.name,
                         **facts)  # fmt: skip


def change_password(store: Store, entry: Entry, old: str, new: str) -> Entry:
    """Change somebody's own password, end all their sign-ins and return the one that goes on.

    Raises `RequestError` where the old one is not right, or the new one is not good enough.
    """
    name = entry.user.name
    require_good(new, name)
    attempt = secrets.token_hex(8)
    _count(store, name, None, attempt)
    with store.reading() as db:
        known = accounts.password_of(db, name)
    if not passwords.matches(known, old):
        raise RequestError(N_("The present password is not right."))
    if passwords.matches(known, new):
        raise RequestError(N_("The new password is the present one; choose another."))
    hashed, at = passwords.hashed(new), _text(moment())
    with store.writing() as db:
        if accounts.password_of(db, name) != known:
            raise RequestError(N_("The present password is not right."))
        sign_ins.forget_tries(db, attempt, _of_name(name))
        accounts.change(db, name, password=hashed, must_change=False)
        sign_ins.end_all(db, name)
        audit.record(db, "access:password:changed", None, at=at, actor=name)
        token = secrets.token_urlsafe(32)
        sign_ins.begin(db, token, name, at=at)
    return Entry(entry.user, token, must_change=False, language=entry.language)


def _count(store: Store, name: str, network: str | None, attempt: str) -> None:
    """Count an attempt before it is known how it ends; refuse it where there were too many.

    So that many at once, in several processes, are not more than one after the other.
    """
    at = moment()
    since = _text(at - COUNTS)
    limits = {_of_name(name): MOST_PER_NAME}
    if network is not None:
        limits[f"address:{network}"] = MOST_PER_ADDRESS
    with store.writing() as db:
        sign_ins.sweep(db, tried_before=since, since_before=_text(at - LONGEST),
                       seen_before=_text(at - LONGEST))  # fmt: skip
        full = []
        for key, most in limits.items():
            count, oldest = sign_ins.tried(db, key, since=since)
            if count >= most:
                full.append((oldest, key, count == most))
        if not full:
            sign_ins.note_try(db, tuple(limits), attempt, at=_text(at))
            return
        oldest, key, first = min(full)
        if first:  # one event for each time that a limit is reached, however many come after
            sign_ins.note_try(db, (key,), attempt, at=oldest)
            audit.record(db, "access:sign-in:limited", None, at=_text(at),
                         actor=_known_name(db, name), per=key.partition(":")[0])  # fmt: skip
    left = datetime.fromisoformat(oldest) + COUNTS - at
    raise TooManyTriesError(int(left.total_seconds()) + 1)


def _begin(db: sa.Connection, account: Account, *, how: str) -> Entry:
    at = _text(moment())
    token = secrets.token_urlsafe(32)
    sign_ins.begin(db, token, account.name, at=at)
    accounts.change(db, account.name, signed_in_at=at)
    audit.record(db, "access:sign-in:done", None, at=at, actor=account.name, how=how)
    must_change = account.must_change and how == "password"
    return Entry(account.user, token, must_change, account.language)


def _told_failure(db: sa.Connection, account: Account | None) -> None:
    """Record that somebody failed; what was typed for an unknown name may be a password."""
    facts = {} if account is None or account.active else {"locked": True}
    audit.record(db, "access:sign-in:failed", None, at=_text(moment()),
                 actor=UNKNOWN if account is None else account.name, **facts)  # fmt: skip


def _known_name(db: sa.Connection, name: str) -> str:
    return UNKNOWN if accounts.load(db, name) is None else name


def _network(address: str) -> str:
    """Return what attempts are counted for: an address, of IPv6 its network of one subscriber."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST_NAME]
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _of_name(name: str) -> str:
    return f"name:{name}"


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
