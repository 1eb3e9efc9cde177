"""Accounts: what they are called, which passwords are taken, and what is known of each."""

import re
import unicodedata
from dataclasses import dataclass

from geo.errors import N_
from planning.model.common_passwords import is_common
from planning.model.errors import PlanningError, RequestError
from planning.model.people import Grant, User

LEAST_SIGNS, MOST_SIGNS, MOST_FULL_NAME = 12, 200, 100
RESERVED = frozenset({"local", "nobody", "unknown", "cli", "diemthu"})
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
_SHORTEST_IN_PASSWORD = 3
WRONG = N_("The name or the password is not right.")
TOO_MANY = N_("There were too many attempts to sign in; try again in %(minutes)s minutes.")


class SignInError(PlanningError):
    """Somebody could not sign in; the sentence does not say whether the name exists."""


class TooManyTriesError(SignInError):
    """Too many attempts were made for a name or from an address; `seconds` until the next."""

    def __init__(self, seconds: int) -> None:
        super().__init__(TOO_MANY, minutes=max(1, -(-seconds // 60)))
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it; times are ISO text in UTC, empty where never.

    `must_change`: the password was given by somebody else and is changed at the first
    sign-in. `has_password` is False for who signs in by the office's own provider alone.
    """

    name: str
    full_name: str
    active: bool
    must_change: bool
    has_password: bool
    language: str
    made_at: str
    made_by: str
    signed_in_at: str
    grants: tuple[Grant, ...]

    @property
    def user(self) -> User:
        """Who it is when something is asked for."""
        return User(self.name, self.full_name, self.grants, self.active)


def account_name(text: str) -> str:
    """Return the name that `text` writes, in small letters; raise `RequestError` for none."""
    name = unicodedata.normalize("NFC", text).strip().lower()
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise RequestError(
            N_("“%(name)s” cannot be the name of an account: use 2 to 60 small letters without marks, digits, full stops, hyphens, “_” or “@”, and none of %(reserved)s."),
            name=text[:60], reserved=", ".join(sorted(RESERVED)),
        )  # fmt: skip
    return name


def same_signs(password: str) -> str:
    """Return a password as it is hashed: one letter is one sign, however it was typed."""
    return unicodedata.normalize("NFC", password)


def require_good(password: str, name: str) -> None:
    """Raise `RequestError` for a password that is too short, too common or holds the name."""
    signs = same_signs(password)
    if len(signs) < LEAST_SIGNS:
        raise RequestError(
            N_("The password has %(count)s signs; it needs at least %(least)s, for example four words."),
            count=len(signs), least=LEAST_SIGNS,
        )  # fmt: skip
    if len(signs) > MOST_SIGNS:
        raise RequestError(N_("A password has at most %(most)s signs."), most=MOST_SIGNS)
    parts = (name, *re.split(r"[._@-]", name))
    if any(each in signs.lower() for each in parts if len(each) >= _SHORTEST_IN_PASSWORD):
        raise RequestError(N_("The password holds the name of the account; choose another."))
    if is_common(signs):
        raise RequestError(
            N_("The password is one of those that are tried first: a common word, a row of keys or a repetition; choose another.")
        )  # fmt: skip
