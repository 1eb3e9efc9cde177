"""Accounts and their roles, kept by whoever administers the provinces they are for."""

from dataclasses import dataclass

import sqlalchemy as sa

from geo.errors import N_
from planning.model.accounts import MOST_FULL_NAME as LONGEST
from planning.model.accounts import Account, account_name, require_good
from planning.model.errors import DoneAlreadyError, NotFoundError, NotReadyError, RequestError
from planning.model.people import Action, Grant, Role, Thing, User, require
from planning.services.accounts import passwords
from planning.services.requests import now
from planning.store import accounts, audit, layers, sign_ins
from planning.store.session import Store

EVERY_CODE = frozenset(f"{number:02d}" for number in range(1, 100))
UNKNOWN = N_("There is no account “%(name)s” here.")
_LONGEST_TEXT, _MOST_COMMUNES = 100, 500


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is to get an account: the name to sign in with, the full name and the first role.

    `by_provider`: they have no password here and sign in by the office's own provider.
    """

    name: str
    full_name: str
    grant: Grant
    by_provider: bool = False


def anyone(store: Store) -> bool:
    """Whether there is any account; where there is no database yet there is none."""
    try:
        with store.reading() as db:
            return accounts.anyone(db)
    except NotReadyError:
        return False


def listed(store: Store, by: User, province: str | None = None) -> list[Account]:
    """Return the accounts with a role in a province, by name; without one, every account.

    Raises `ForbiddenError` unless `by` administers that province, or all.
    """
    for each in EVERY_CODE if province is None else (province,):
        require(by, Action.MANAGE, Thing(each))
    with store.reading() as db:
        return accounts.listed(db, province)


def found(store: Store, name: str) -> Account:
    """Return an account; raise `NotFoundError` where there is none."""
    with store.reading() as db:
        return _known(db, name)


def add(store: Store, by: User, asked: NewAccount, password: str | None = None) -> str:
    """Keep a new account with its first role; return the password to be given to its owner.

    Without `password` one is invented; either is changed at the first sign-in. It is empty for
    who has none. Raises `ForbiddenError` unless `by` administers the province of the role.
    """
    require(by, Action.MANAGE, Thing(asked.grant.province))
    name, full_name = account_name(asked.name), _line(asked.full_name)
    _require_whole(asked.grant)
    given = "" if asked.by_provider else password or passwords.invented()
    if given:
        require_good(given, name)
    hashed, at = passwords.hashed(given) if given else None, now()
    with store.writing() as db:
        if asked.grant.role is not Role.ADMINISTRATOR and by.alone and not accounts.anyone(db):
            raise RequestError(N_("The first account has to be that of an administrator."))
        if accounts.load(db, name) is not None:
            raise DoneAlreadyError(
                N_("There is an account “%(name)s” already; give it a role, or choose another name."),
                name=name,
            )  # fmt: skip
        accounts.insert(db, {
            "name": name, "full_name": full_name, "password": hashed, "must_change": bool(given),
            "active": True, "language": "", "made_at": at, "made_by": by.name, "signed_in_at": "",
        })  # fmt: skip
        audit.record(db, "access:account:added", asked.grant.province, at=at, actor=by.name,
                     account=name)  # fmt: skip
        _give(db, name, asked.grant, at=at, by=by.name)
    return given


def give(store: Store, by: User, name: str, grant: Grant) -> None:
    """Give an account a role; raise `DoneAlreadyError` where it has it."""
    require(by, Action.MANAGE, Thing(grant.province))
    _require_whole(grant)
    with store.writing() as db:
        account = _known(db, name)
        if any(_same(each, grant) for each in account.grants):
            raise DoneAlreadyError(N_("“%(name)s” has that role already."), name=account.name)
        _give(db, account.name, grant, at=now(), by=by.name)


def take(store: Store, by: User, name: str, grant: Grant) -> None:
    """Take a role away; raise `NotFoundError` where the account does not have it."""
    require(by, Action.MANAGE, Thing(grant.province))
    with store.writing() as db:
        account = _known(db, name)
        held = next((each for each in account.grants if _same(each, grant)), None)
        if held is None:
            raise NotFoundError(N_("“%(name)s” does not have that role."), name=account.name)
        if account.name == by.name and grant.role is Role.ADMINISTRATOR:
            raise RequestError(N_("Nobody takes the role of an administrator from themselves; another administrator does it."))  # fmt: skip
        accounts.take(db, account.name, held)
        audit.record(db, "access:role:revoked", grant.province, at=now(), actor=by.name,
                     account=account.name, **_told(held))  # fmt: skip


def lock(store: Store, by: User, name: str) -> None:
    """Let somebody sign in no more, and end where they are signed in."""
    _set_active(store, by, name, active=False)


def unlock(store: Store, by: User, name: str) -> None:
    """Let somebody sign in again."""
    _set_active(store, by, name, active=True)


def new_password(store: Store, by: User, name: str, password: str | None = None) -> str:
    """Put another password in place of one that was lost; return it, to be given to its owner."""
    with store.reading() as db:
        account = _known(db, name)
    _require_all(by, account)
    given = password or passwords.invented()
    require_good(given, account.name)
    hashed = passwords.hashed(given)
    with store.writing() as db:
        account = _known(db, name)
        _require_all(by, account)
        accounts.change(db, account.name, password=hashed, must_change=True)
        sign_ins.end_all(db, account.name)
        audit.record(db, "access:password:given", _one_province(account), at=now(),
                     actor=by.name, account=account.name)  # fmt: skip
    return given


def speak(store: Store, name: str, language: str) -> None:
    """Keep the language that somebody reads."""
    with store.writing() as db:
        accounts.change(db, name, language=language)


def offices(store: Store, province: str) -> list[str]:
    """Return the names of the offices that the newest boundaries of a province name."""
    with store.reading() as db:
        vintages = layers.vintages(db, province)
        if not vintages:
            return []
        communes = layers.load_communes(db, province, vintages[-1][0])
    return sorted({str(each) for each in communes["office"].dropna() if each})


def _set_active(store: Store, by: User, name: str, *, active: bool) -> None:
    with store.writing() as db:
        account = _known(db, name)
        _require_all(by, account)
        if account.name == by.name:
            raise RequestError(N_("Nobody locks their own account."))
        if account.active == active:
            return
        accounts.change(db, account.name, active=active)
        sign_ins.end_all(db, account.name)
        what = "unlocked" if active else "locked"
        audit.record(db, f"access:account:{what}", _one_province(account), at=now(),
                     actor=by.name, account=account.name)  # fmt: skip


def _require_all(by: User, account: Account) -> None:
    """Raise `ForbiddenError` unless `by` administers every province that an account is for."""
    for province in {each.province for each in account.grants} or EVERY_CODE:
        require(by, Action.MANAGE, Thing(province))


def _known(db: sa.Connection, name: str) -> Account:
    account = accounts.load(db, name.strip().lower())
    if account is None:
        raise NotFoundError(UNKNOWN, name=name[:60])
    return account


def _one_province(account: Account) -> str | None:
    """Return the province of an account, None for that of several or none."""
    provinces = {each.province for each in account.grants}
    return provinces.pop() if len(provinces) == 1 else None


def _give(db: sa.Connection, name: str, grant: Grant, *, at: str, by: str) -> None:
    accounts.give(db, name, grant, at=at, by=by)
    audit.record(db, "access:role:granted", grant.province, at=at, actor=by, account=name,
                 **_told(grant))  # fmt: skip


def _told(grant: Grant) -> dict[str, object]:
    told = {"role": str(grant.role), "organisation": grant.organisation, "office": grant.office,
            "communes": sorted(grant.communes)}  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _same(one: Grant, other: Grant) -> bool:
    """Whether two roles are the same but for the communes of a checker."""
    return (one.role, one.province, one.organisation, one.office) == (
        other.role, other.province, other.organisation, other.office
    )  # fmt: skip


def _require_whole(grant: Grant) -> None:
    """Refuse a role that reaches nothing, or names what it has no use for."""
    if grant.province not in EVERY_CODE:
        raise RequestError(N_("“%(code)s” is no code of a province: two digits."), code=grant.province[:10])  # fmt: skip
    if (grant.role is Role.ORGANISATION) != bool(grant.organisation):
        raise RequestError(N_("Name the code of the organisation for the role of an organisation, and for no other."))  # fmt: skip
    where = bool(grant.office or grant.communes)
    if (grant.role is Role.CHECKER) != where:
        raise RequestError(N_("Name the BHXH office or the communes for the role of a field checker, and for no other."))  # fmt: skip
    codes = grant.communes
    if len(codes) > _MOST_COMMUNES or not all(
        len(each) == 5 and each.isascii() and each.isdigit() for each in codes
    ):
        raise RequestError(N_("The communes of a field checker are codes of five digits, at most %(most)s."), most=_MOST_COMMUNES)  # fmt: skip
    if max(len(grant.organisation), len(grant.office)) > _LONGEST_TEXT:
        raise RequestError(N_("This text is too long: at most %(most)s signs."), most=_LONGEST_TEXT)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise RequestError(N_("This text is too long: at most %(most)s signs."), most=LONGEST)
    return line
