"""Hashes of passwords: argon2id with the parameters that its library recommends."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from planning.model.accounts import same_signs

_HASHER = PasswordHasher()
_SIGNS = "abcdefghkmnpqrstuvwxyz23456789"  # none that is easily taken for another
_GROUPS, _IN_GROUP = 4, 4


def hashed(password: str) -> str:
    """Return the hash of a password, its salt and parameters within."""
    return _HASHER.hash(same_signs(password))


def matches(known: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; without one it takes as long, and is False."""
    nobody = _of_nobody()
    try:
        right = _HASHER.verify(known or nobody, same_signs(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and known is not None


def outdated(known: str) -> bool:
    """Whether a hash was made with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(known)


def invented() -> str:
    """Return a new password to be given to somebody: 78 bits, in groups to be read aloud."""
    return "-".join(
        "".join(secrets.choice(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS)
    )


@cache
def _of_nobody() -> str:
    """Return a hash that no password has, to be compared with for names that are unknown."""
    return hashed(secrets.token_urlsafe(32))
