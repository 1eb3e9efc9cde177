"""Rebuild broken shapes of an uploaded file in a process apart, each within its time."""

import time
from types import TracebackType
from typing import Any, Self

import shapely

from geo.confined.rings import unpacked
from geo.repair.geometry import MOST_VERTICES, TooComplexError
from geo.sources.child import Child, ChildDiedError, ChildLimitError, ChildRefusedError

SECONDS_A_SHAPE = 5.0
SECONDS_A_FILE = 60.0


class Mender:
    """Rebuilds shapes one by one; starts its process with the first one. Use as a context.

    A shape that takes longer than five seconds, or comes when the file's minute is used up,
    is too complex: 101 corners can keep the library busy for longer than anybody waits.
    """

    def __init__(self) -> None:
        self._child: Child | None = None
        self._left = SECONDS_A_FILE

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._child is not None:
            self._child.end()

    def __call__(self, shape: Any) -> Any | None:
        """Return the shape rebuilt by the structure of its rings, None where nothing is left.

        Raises `TooComplexError` where it takes too long or brings the process down.
        """
        if self._left <= 0:
            raise TooComplexError
        begun = time.monotonic()
        try:
            if self._child is None:
                self._child = Child()
            said, numbers = self._child.ask(
                "mended", {}, shapely.to_wkb(shape), min(SECONDS_A_SHAPE, self._left)
            )
            found = unpacked(list(said["sizes"]), numbers, 4 * MOST_VERTICES)
        except (ChildLimitError, ChildDiedError) as error:
            self._child = None
            raise TooComplexError from error
        except (ChildRefusedError, ValueError, KeyError, TypeError):
            return None
        finally:
            self._left -= time.monotonic() - begun
        return found[0] if len(found) and found[0].is_valid else None
