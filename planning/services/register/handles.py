"""What stands for a member of staff in an address, so that no number of theirs ever does."""

import hmac
import secrets
from collections.abc import Callable
from functools import cache
from weakref import WeakKeyDictionary

from planning.store.session import Store

_PURPOSE = b"handles of staff"  # the same secret signs cookies, and must not be read off a handle
_OF_THIS_PROCESS = secrets.token_bytes(32)
_keys: WeakKeyDictionary[Store, Callable[[], bytes]] = WeakKeyDictionary()


def key_by(store: Store, secret: Callable[[], str]) -> None:
    """Let the handles of a store be made with a secret, which is asked for when it is needed.

    Without one they hold as long as the process runs.
    """
    _keys[store] = cache(lambda: hmac.digest(secret().encode(), _PURPOSE, "sha256"))


def handle(store: Store, province: str, person_id: str) -> str:
    """Return what stands for a person; without the key no trying of numbers leads to theirs."""
    key = _keys[store]() if store in _keys else _OF_THIS_PROCESS
    return hmac.digest(key, f"{province}:{person_id}".encode(), "sha256").hex()[:16]
