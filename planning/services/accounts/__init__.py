"""Accounts: who there is and what they are, signing in and out, passwords."""

from planning.services.accounts.keeping import (
    EVERY_CODE,
    UNKNOWN,
    NewAccount,
    add,
    anyone,
    found,
    give,
    listed,
    lock,
    new_password,
    offices,
    speak,
    take,
    unlock,
)
from planning.services.accounts.signing import (
    Entry,
    change_password,
    present,
    sign_in,
    sign_in_as,
    sign_out,
)

__all__ = [
    "EVERY_CODE", "UNKNOWN", "Entry", "NewAccount", "add", "anyone", "change_password", "found", "give",
    "listed", "lock", "new_password", "offices", "present", "sign_in", "sign_in_as", "sign_out",
    "speak", "take", "unlock",
]  # fmt: skip
