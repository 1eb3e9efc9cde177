"""The same covering with fewer sites: those that a good plan is likely to choose from.

Leaving sites away joins places nobody tells apart any more; both make every move cheaper. A
plan found among fewer sites is a plan of the whole problem; a bound is not, and is always
taken over all sites.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.runs import Runs
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


def left_over(whole: Covering, sites: Whole, settled: Whole) -> Covering:
    """Return what `settled` sites leave to `sites` (ascending) to serve; theirs is given.

    What neither serve is gone. The places of what is returned are the stretches of `whole`.
    """
    served = whole.covers.served_by(settled)
    few = whole.covers.only(sites)
    gone = served | (few.times_served() == 0)
    left = np.flatnonzero(~gone).astype(np.int32)
    return Covering(
        whole.weight[left], whole.layer[left], _unbroken(few.without(gone)),
        whole.given + int(whole.weight[served].sum()),
        np.arange(len(left) + 1, dtype=np.int32), left,
    ).joined()  # fmt: skip


def _unbroken(runs: Runs) -> Runs:
    """Return the same runs with those of one site joined that follow each other."""
    site = np.repeat(np.arange(runs.shape[0]), np.diff(runs.first))
    begins = np.ones(len(site), dtype=bool)
    begins[1:] = (runs.start[1:] != runs.end[:-1]) | (site[1:] != site[:-1])
    at = np.flatnonzero(begins)
    end = runs.end[np.append(at[1:], len(site)) - 1] if len(at) else runs.end
    first = np.concatenate([[0], np.cumsum(begins)])[runs.first]
    return Runs(runs.start[at], end, first, runs.places)
