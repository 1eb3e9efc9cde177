"""What a choice of sites must obey: how many, where at least and at most, what it may cost.

All rules but spacing are rows `least ≤ Σ each · chosen ≤ most` over the sites; spacing is a
set of pairs of which at most one may be chosen. Sites that may not be chosen at all are no
sites of the problem.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Whole = NDArray[np.int64]
NO_LIMIT = 2**53  # exact as a float, for solvers that count in floats


class RuleKind(StrEnum):
    """Which of the planner's rules a row stands for, so that it can be explained."""

    COUNT = "points"  # so many points in all
    COMMUNE = "commune"  # least and most per present commune
    FORMER = "former commune"  # least and most per former commune
    BUDGET = "budget"
    KEEP = "keep"  # of the closable points so many stay
    GROUP = "group"  # least number of points in a named group of communes
    SPACING = "spacing"
    CHOSEN = "locked in"


@dataclass(frozen=True)
class Row:
    """`least ≤ Σ each[k] · chosen(sites[k]) ≤ most`; `sites` ascending, `each` ≥ 0."""

    kind: RuleKind
    of: str
    sites: Whole
    each: Whole
    least: int = 0
    most: int = NO_LIMIT

    @classmethod
    def count(
        cls, kind: RuleKind, of: str, sites: Whole, least: int = 0, most: int = NO_LIMIT
    ) -> "Row":
        """Return the row that counts sites."""
        return cls(kind, of, sites, np.ones(len(sites), dtype=np.int64), least, most)


@dataclass(frozen=True)
class Rules:
    """The rules for `sites` sites, of which at most `most_sites` are chosen.

    `chosen` are locked in. `clashes` is a symmetric 0/1 matrix (sites, sites) without
    diagonal: pairs that stand too close together.
    """

    sites: int
    most_sites: int
    rows: tuple[Row, ...] = ()
    chosen: Whole = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    clashes: csr_array | None = None

    @property
    def only_a_number(self) -> bool:
        """Whether the number of sites is the only rule."""
        return not self.rows and not len(self.chosen) and self.clashes is None

    @property
    def standing(self) -> Whole:
        """The sites that are points today and may close, ascending."""
        kept = [row.sites for row in self.rows if row.kind is RuleKind.KEEP]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *kept]))

    @property
    def open_choices(self) -> int:
        """How many sites of a plan are not settled beforehand, at most."""
        stay = sum(row.least for row in self.rows if row.kind is RuleKind.KEEP)
        return max(min(self.most_sites, self.sites) - len(self.chosen) - stay, 1)

    def matrix(self) -> csr_array:
        """Return all rows as one matrix of whole numbers, shape (rows, sites)."""
        sizes = [len(row.sites) for row in self.rows]
        first = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        nothing = np.empty(0, dtype=np.int64)
        sites = np.concatenate([nothing, *(row.sites for row in self.rows)])
        each = np.concatenate([nothing, *(row.each for row in self.rows)])
        return csr_array((each, sites, first), shape=(len(self.rows), self.sites))

    def only(self, sites: Whole) -> "Rules":
        """Return the rules for some of the sites (ascending, all locked-in ones among them)."""
        position = np.full(self.sites, -1)
        position[sites] = np.arange(len(sites))
        rows = []
        for row in self.rows:
            kept = position[row.sites] >= 0
            rows.append(replace(row, sites=position[row.sites[kept]], each=row.each[kept]))
        clashes = None if self.clashes is None else csr_array(self.clashes[sites][:, sites])
        return Rules(len(sites), self.most_sites, tuple(rows), position[self.chosen], clashes)

    def broken(self, chosen: Sequence[int]) -> list[tuple[RuleKind, str]]:
        """Return the rules that a choice breaks, each as its kind and what it is about."""
        taken = np.zeros(self.sites, dtype=np.int64)
        taken[list(chosen)] = 1
        wrong = [
            (row.kind, row.of)
            for row in self.rows
            if not row.least <= int(row.each @ taken[row.sites]) <= row.most
        ]
        if taken.sum() > self.most_sites:
            wrong.append((RuleKind.COUNT, ""))
        if not taken[self.chosen].all():
            wrong.append((RuleKind.CHOSEN, ""))
        if self.clashes is not None and int(taken @ (self.clashes @ taken)):
            wrong.append((RuleKind.SPACING, ""))
        return wrong
