"""How long to look for a better plan, and who is told meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from planning.model.asking import Effort

__all__ = ["Effort", "Watch", "nobody"]


def nobody(value: float, bound: float) -> bool:
    """Tell nobody, and never ask to stop."""
    del value, bound
    return False


@dataclass
class Watch:
    """Who looks on: is told value and bound as they improve, and may end the search.

    `tell` returns True to stop; `seconds` is how long the search may take on the clock. A plan
    that was stopped by the clock may differ between machines, and says so.
    """

    tell: Callable[[float, float], bool] = nobody
    seconds: float = float("inf")
    asked: bool = False
    began: float = field(default_factory=time.monotonic)

    def stop(self, value: float, bound: float) -> bool:
        """Pass on how far the search is; return whether to end it now."""
        self.asked = self.asked or self.tell(value, bound)
        return self.asked or self.late

    @property
    def late(self) -> bool:
        """Whether the time allowed has run out."""
        return time.monotonic() - self.began > self.seconds
