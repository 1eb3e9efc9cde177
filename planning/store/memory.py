"""What was made before: the last few results, each made once however many ask at a time."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, RLock
from typing import TypeVar, cast

Made = TypeVar("Made")
_Key = tuple[object, ...]


class Memory:
    """The last `most` results by key; a key holds the fingerprint of all its result depends on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[_Key, object] = OrderedDict()
        self._making: dict[_Key, RLock] = {}
        self._lock = Lock()

    def of(self, key: _Key, make: Callable[[], Made]) -> Made:
        """Return what `make` gave for `key` before, or make it now; others who ask wait for it."""
        with self._lock:
            making = self._making.setdefault(key, RLock())
        with making:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    self._making.pop(key, None)
                    return cast(Made, self._kept[key])
            try:
                made = make()
            except BaseException:
                with self._lock:
                    self._making.pop(key, None)
                raise
            with self._lock:
                self._kept[key] = made
                self._making.pop(key, None)
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
