"""The same covering with fewer sites: those that a good plan is likely to choose from.

Leaving sites away joins places nobody tells apart any more; both make every move cheaper. A
plan found among fewer sites is a plan of the whole problem; a bound is not, and is always
taken over all sites.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.stretches import Covering
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class Narrowed:
    """A covering and its rules for the sites `sites` (ascending) alone."""

    sites: Whole
    cover: Covering
    rules: Rules

    @classmethod
    def to(cls, sites: Whole, whole: Covering, rules: Rules) -> "Narrowed":
        """Narrow a covering to some sites; the locked-in ones must be among them."""
        few = Covering(
            whole.weight, whole.layer, whole.covers.only(sites), whole.given,
            whole.place_first, whole.place,
        )  # fmt: skip
        return cls(sites, few.joined(), rules.only(sites))


def promising(worth: Real, must_have: Whole, rules: Rules, amount: int) -> Whole:
    """Return the `amount` sites worth most, those that must be there, and some of every row.

    Of each row with a least, the sites worth most stay as often as three times its least.
    """
    order = np.argsort(-worth, kind="stable")
    keep = np.zeros(len(worth), dtype=bool)
    keep[order[:amount]] = True
    keep[must_have] = True
    keep[rules.chosen] = True
    for row in rules.rows:
        if row.least > 0:
            best = row.sites[np.argsort(-worth[row.sites], kind="stable")]
            keep[best[: 3 * row.least + 3]] = True
    return np.flatnonzero(keep)
