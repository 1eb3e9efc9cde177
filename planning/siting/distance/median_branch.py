"""Branch and bound for the p-median: settles small questions, site by site.

Every node fixes some sites open and some closed and bounds what is left by the dual, warm
from its parent; sites whose opening or closing alone would cost more than the gap are fixed
at once. The node with the least bound is next, so that the bound of all rises steadily.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from planning.siting.compiled.median import Demand
from planning.siting.distance.median_dual import Dual
from planning.siting.rules import Rules

Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

_STEPS = 40  # of the dual in one node


@dataclass(frozen=True)
class Node:
    """Choices with some sites open and others closed; radii, shares and prices to go on from."""

    locked: Flags
    banned: Flags
    radius: Real
    share: Real
    price: Real


@dataclass(frozen=True)
class Found:
    """The search a tree is part of: from which bound on a node is settled, and who is told."""

    enough: Callable[[], float]
    offer: Callable[[Whole], bool]
    prove: Callable[[float], None]
    done: Callable[[], bool]


class Branching:
    """One tree: `run` works on it until everything is settled or the work allowed is done."""

    def __init__(
        self, rules: Rules, dual: Dual, demand: Demand, limit: Real, mean_m: float, found: Found
    ) -> None:
        self._rules, self._dual, self._found = rules, dual, found
        self._ground = demand, limit, mean_m
        self._order = count()
        root = Node(dual.locked, dual.banned, dual.best.radius, dual.share, dual.best.price)
        self._open = [(dual.best.bound, next(self._order), root)]

    def run(self, entries: int) -> None:
        """Look at nodes until about so many entries of lists have been walked."""
        while self._open and entries > 0 and not self._found.done():
            bound, _, node = heapq.heappop(self._open)
            self._found.prove(bound)
            if self._found.done():
                return
            entries -= self._look(node)
        if not self._open:
            self._found.prove(np.inf)

    def _look(self, node: Node) -> int:
        """Bound a node, fix what follows, and split it; return the entries walked."""
        dual, (demand, limit, mean_m) = self._dual, self._ground
        dual.fix(node.locked, node.banned)
        dual.share, dual.price = node.share, node.price
        dual.at(demand, limit, node.radius, mean_m)
        walked = 0
        for _ in range(_STEPS):
            dual.step()
            walked += dual.walked
            if dual.best.bound >= self._found.enough():
                return walked
        locked, banned = dual.settled(self._found.enough())
        banned |= self._clashing(locked) & ~locked
        if self._impossible(locked, banned):
            return walked
        free = np.flatnonzero(~locked & ~banned)
        if locked.sum() == self._rules.most_sites or not len(free):
            chosen = np.flatnonzero(locked)
            if not self._rules.broken(chosen.tolist()):
                self._found.offer(chosen)
            return walked
        # The site the fractions are least sure about; where they are sure, the one used most.
        share = np.clip(dual.share[free], 0.0, 1.0)
        one = free[int(np.argmax(np.minimum(share, 1.0 - share) + 1e-6 * share))]
        for opens in (True, False):
            side = locked.copy() if opens else banned.copy()
            side[one] = True
            child = Node(
                side if opens else locked, banned if opens else side, dual.best.radius,
                dual.share.copy(), dual.best.price,
            )  # fmt: skip
            heapq.heappush(self._open, (dual.best.bound, next(self._order), child))
        return walked

    def _clashing(self, locked: Flags) -> Flags:
        if self._rules.clashes is None:
            return np.zeros_like(locked)
        return np.asarray(self._rules.clashes @ locked.astype(np.int64) > 0)

    def _impossible(self, locked: Flags, banned: Flags) -> bool:
        """Return whether what is fixed breaks a rule whatever else is chosen."""
        if locked.sum() > self._rules.most_sites or bool((locked & banned).any()):
            return True
        if bool((self._clashing(locked) & locked).any()):
            return True
        return any(
            int(row.each @ locked[row.sites]) > row.most
            or int(row.each @ ~banned[row.sites]) < row.least
            for row in self._rules.rows
        )
