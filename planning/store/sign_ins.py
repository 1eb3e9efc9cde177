"""Who is signed in, and the attempts that failed."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from planning.store.account_tables import sign_in_try, signed_in

_in, _try = signed_in.c, sign_in_try.c


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One sign-in: whose, since when and when last seen, ISO text in UTC."""

    name: str
    since: str
    seen_at: str


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a text, under which it is found without being kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def begin(db: sa.Connection, token: str, name: str, *, at: str) -> None:
    """Keep a new sign-in."""
    values = {"token": fingerprint(token), "account_name": name, "since": at, "seen_at": at}
    db.execute(sa.insert(signed_in).values(values))


def find(db: sa.Connection, token: str) -> SignedIn | None:
    """Return a sign-in, None where there is none."""
    query = sa.select(_in.account_name, _in.since, _in.seen_at)
    row = db.execute(query.where(_in.token == fingerprint(token))).first()
    return None if row is None else SignedIn(*row)


def touch(db: sa.Connection, token: str, *, at: str) -> None:
    """Note that somebody was seen."""
    db.execute(sa.update(signed_in).where(_in.token == fingerprint(token)).values(seen_at=at))


def end(db: sa.Connection, token: str) -> bool:
    """End one sign-in; return whether there was one."""
    return bool(db.execute(sa.delete(signed_in).where(_in.token == fingerprint(token))).rowcount)


def end_all(db: sa.Connection, name: str) -> None:
    """End every sign-in of an account."""
    db.execute(sa.delete(signed_in).where(_in.account_name == name))


def sweep(db: sa.Connection, *, seen_before: str, since_before: str, tried_before: str) -> None:
    """Forget sign-ins that ended by themselves and attempts that count no more."""
    db.execute(
        sa.delete(signed_in).where(
            sa.or_(_in.seen_at < seen_before, _in.since < since_before)
        )
    )  # fmt: skip
    db.execute(sa.delete(sign_in_try).where(_try.at < tried_before))


def tried(db: sa.Connection, key: str, *, since: str) -> tuple[int, str]:
    """Return how many attempts of a key count, and when the oldest of them was."""
    query = sa.select(sa.func.count(), sa.func.min(_try.at))
    count, oldest = db.execute(query.where(_try.key == fingerprint(key), _try.at >= since)).one()
    return int(count), oldest or ""


def note_try(db: sa.Connection, keys: tuple[str, ...], attempt: str, *, at: str) -> None:
    """Count an attempt for every key, until it is known how it ended."""
    db.execute(
        sa.insert(sign_in_try),
        [{"key": fingerprint(each), "attempt": attempt, "at": at} for each in keys],
    )


def forget_tries(db: sa.Connection, attempt: str, name_key: str) -> None:
    """Count an attempt that succeeded no more, nor those for the same name before it."""
    theirs = sa.or_(_try.attempt == attempt, _try.key == fingerprint(name_key))
    db.execute(sa.delete(sign_in_try).where(theirs))
