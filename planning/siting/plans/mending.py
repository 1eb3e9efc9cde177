"""Mending a plan that loses a site: what all objectives have in common."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.integer.feasible import feasible_start
from planning.siting.rules import Row, RuleKind, Rules

Whole = NDArray[np.int64]
_SECONDS = 2.0  # for an exact solver to say whether the rules can be met at all


@dataclass(frozen=True)
class Mended:
    """A plan without the refused site, ascending, and its value; None where none was found.

    `impossible` says that it is proved that there is none.
    """

    chosen: Whole | None = None
    value: float = float("nan")
    impossible: bool = False


class Mender(Protocol):
    """Mends one plan, whose value is `value`, for one refused site after the other."""

    value: float

    def without(self, site: int) -> Mended:
        """Return the plan mended without a site."""
        ...


def without(rules: Rules, site: int) -> Rules:
    """Return the rules with one site barred."""
    barred = Row.count(RuleKind.CHOSEN, "refused", np.array([site]), most=0)
    return replace(rules, rows=(*rules.rows, barred))


def by_rules(
    rules: Rules, plan: Whole, site: int, missing: Callable[[Whole], csr_array | None]
) -> tuple[Whole | None, bool]:
    """Return a choice without a site that obeys the rules and keeps most of the plan.

    `missing` says of a choice which sites could serve some of those who must be served and
    are not (places, sites), None where all are. Without a choice the second value says
    whether it is proved that there is none.
    """
    prefer = np.zeros(rules.sites)
    prefer[plan] = 1.0
    near: csr_array | None = None
    until = time.monotonic() + _SECONDS
    while (left := until - time.monotonic()) > 0:
        try:
            found = feasible_start(without(rules, site), prefer, near, left)
        except TimeoutError:
            break
        if found is None:
            return None, True
        chosen = np.array(found, dtype=np.int64)
        unserved = missing(chosen)
        if unserved is None:
            return chosen, False
        near = unserved if near is None else csr_array(vstack([near, unserved]))
    return None, False
