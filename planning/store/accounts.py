"""Accounts and their roles as they are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from planning.model.accounts import Account
from planning.model.people import Grant, Role
from planning.store import account_tables

_account = account_tables.account.c
_grant = account_tables.account_grant.c


def anyone(db: sa.Connection) -> bool:
    """Whether there is any account."""
    return bool(db.execute(sa.select(sa.exists().select_from(account_tables.account))).scalar())


def insert(db: sa.Connection, values: Mapping[str, Any]) -> None:
    """Keep a new account."""
    db.execute(sa.insert(account_tables.account).values(dict(values)))


def change(db: sa.Connection, name: str, **values: Any) -> None:
    """Write some columns of an account."""
    db.execute(sa.update(account_tables.account).where(_account.name == name).values(values))


def load(db: sa.Connection, name: str) -> Account | None:
    """Return an account, None where there is none."""
    return next(iter(_read(db, _account.name == name)), None)


def listed(db: sa.Connection, province: str | None = None) -> list[Account]:
    """Return every account by name; with `province` those that have a role in it."""
    if province is None:
        return _read(db, sa.true())
    there = sa.select(_grant.account_name).where(_grant.province_code == province)
    return _read(db, _account.name.in_(there))


def password_of(db: sa.Connection, name: str) -> str | None:
    """Return the hash of a password, None where there is no account or it has none."""
    query = sa.select(_account.password).where(_account.name == name)
    return db.execute(query).scalar_one_or_none()


def give(db: sa.Connection, name: str, grant: Grant, *, at: str, by: str) -> None:
    """Keep a role of an account."""
    db.execute(
        sa.insert(account_tables.account_grant).values(
            account_name=name, role=str(grant.role), province_code=grant.province,
            organisation=grant.organisation, office=grant.office,
            communes=sorted(grant.communes), given_at=at, given_by=by,
        )
    )  # fmt: skip


def take(db: sa.Connection, name: str, grant: Grant) -> None:
    """Remove a role of an account."""
    db.execute(
        sa.delete(account_tables.account_grant).where(
            _grant.account_name == name, _grant.role == str(grant.role),
            _grant.province_code == grant.province, _grant.organisation == grant.organisation,
            _grant.office == grant.office,
        )
    )  # fmt: skip


def _read(db: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Account]:
    rows = db.execute(
        sa.select(account_tables.account).where(condition).order_by(_account.name)
    ).all()
    grants = _grants(db, [row.name for row in rows])
    return [
        Account(row.name, row.full_name, row.active, row.must_change, row.password is not None,
                row.language, row.made_at, row.made_by, row.signed_in_at,
                tuple(grants.get(row.name, ())))
        for row in rows
    ]  # fmt: skip


def _grants(db: sa.Connection, names: Iterable[str]) -> dict[str, list[Grant]]:
    query = sa.select(account_tables.account_grant).where(_grant.account_name.in_(list(names)))
    found: dict[str, list[Grant]] = {}
    for row in db.execute(query.order_by(_grant.province_code, _grant.id)):
        found.setdefault(row.account_name, []).append(
            Grant(Role(row.role), row.province_code, row.organisation, row.office,
                  frozenset(row.communes))
        )  # fmt: skip
    return found
