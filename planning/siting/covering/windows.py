"""Improving a choice part by part: neighbouring chosen sites among the sites around them.

A move in a country looks at sums over the whole country; the same move among a hundred
neighbours and what only they serve looks at what a processor keeps at hand. What all other
sites serve is taken as settled, so whatever a part gains the whole gains. Parts of two dozen
sites are quicker still and gain less: sites move from town to town.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.runs import Runs
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import Covering
from planning.siting.rules import NO_LIMIT, Row, Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
_PER_SITE = 30  # candidates around each chosen site of a window
_PARTS = 10


@dataclass(frozen=True)
class Pace:
    """Chosen sites in a window, rounds of ruin and rebuild for each, what may be lost at first.

    `borne` is a share of what one site serves.
    """

    sites: int
    rounds: int
    borne: float


@dataclass
class Windows:
    """A choice under rules, improved window by window; `worth` (m,) ranks the sites.

    Nothing here knows places that must be served: such a covering is not for windows.
    """

    cover: Covering
    rules: Rules
    worth: Real
    chosen: Whole

    def along(self, pace: Pace, seed: int, shift: float) -> Iterator[Whole]:
        """Improve one window after the other along the curve, yielding the choice each time.

        `shift`, in windows, says where the first one begins.
        """
        free = np.setdiff1d(self.chosen, self.rules.chosen)
        if not len(free):
            return
        order = self.cover.covers.only(free).along_the_curve()
        line = np.roll(free[order], -int(shift * pace.sites))
        times = self._times(self.chosen)
        windows = max(len(line) // pace.sites, 1)
        for at, group in enumerate(np.array_split(line, windows)):
            others = np.setdiff1d(self.chosen, group)
            mine = self._times(group)
            better = self._improved(np.sort(group), others, times - mine, mine, pace, seed + at)
            if better is not None:
                times += self._times(better) - mine
                self.chosen = np.union1d(others, better)
            yield self.chosen

    def _times(self, sites: Whole) -> Whole:
        return self.cover.covers.only(sites).times_served()

    def _improved(
        self, group: Whole, others: Whole, settled: Whole, mine: Whole, pace: Pace, seed: int
    ) -> Whole | None:
        """Return better sites in place of a group's, or None; `settled`, `mine`: served how often."""
        waiting = np.where(settled == 0, self.cover.weight, 0)
        around = self.cover.covers.gains(np.where(mine > 0, waiting, 0)) > 0
        around[others] = False
        if self.rules.clashes is not None:
            around[self.rules.clashes[others].indices] = False
        sites = np.flatnonzero(around)
        best = np.argsort(-self.worth[sites], kind="stable")[: _PER_SITE * len(group)]
        sites = np.union1d(sites[best], group)
        few = _left(self.cover.covers.only(sites), waiting)
        search = Search(few, _left_rules(self.rules, sites, others, len(group)))
        search.choose(np.searchsorted(sites, group))
        value = search.value
        slack, rounds = pace.borne * value / len(group), pace.rounds * len(group)
        for part in range(_PARTS):
            tolerated = int(slack * (1 - part / _PARTS))
            search.rebuild(max(rounds // _PARTS, 1), seed * _PARTS + part, tolerated)
        search.exchange()
        return sites[search.chosen] if search.value > value >= 0 else None


def _left(covers: Runs, waiting: Whole) -> Covering:
    """Return what some sites can still serve of the `waiting` people (k,) of each stretch."""
    cuts = np.unique(np.concatenate([covers.start, covers.end]).astype(np.int64))
    running = np.concatenate([[0], np.cumsum(waiting)])
    weight = np.diff(running[cuts])
    start = np.searchsorted(cuts, covers.start).astype(np.int32)
    end = np.searchsorted(cuts, covers.end).astype(np.int32)
    runs = Runs(start, end, covers.first, len(weight)).without(weight == 0)
    weight = weight[weight > 0]
    place = np.arange(len(weight) + 1, dtype=np.int32)
    layer = np.zeros(len(weight), dtype=np.int8)
    return Covering(weight, layer, runs, 0, place, place[:-1]).joined()


def _left_rules(rules: Rules, sites: Whole, others: Whole, number: int) -> Rules:
    """Return what the rules leave to at most `number` of some sites when others are settled."""
    taken = np.zeros(rules.sites, dtype=np.int64)
    taken[others] = 1
    few = replace(rules, chosen=np.empty(0, dtype=np.int64)).only(sites)
    rows = [
        _less(row, int(whole.each @ taken[whole.sites]))
        for row, whole in zip(few.rows, rules.rows, strict=True)
        if len(row.sites)
    ]
    return replace(few, most_sites=number, rows=tuple(rows))


def _less(row: Row, load: int) -> Row:
    """Return a row of which so much is taken."""
    most = row.most if row.most >= NO_LIMIT else row.most - load
    return replace(row, least=max(row.least - load, 0), most=most)
