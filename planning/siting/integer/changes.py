"""What one rule would have to be so that a plan is possible, read off a choice that bends it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planning.siting.integer.elastic import ChangeKind, Loose
from planning.siting.problem import SitingProblem
from planning.siting.rules import RuleKind, Rules


@dataclass(frozen=True)
class Spacing:
    """The spacing asked for, and the distances (sites, sites) of pairs that are closer.

    Symmetric, without diagonal; a stored zero means two sites at the same spot.
    """

    asked_m: float
    pairs: csr_array

    def closest(self, chosen: Sequence[int]) -> float:
        """Return how far apart the two closest of some sites are; at least what is asked."""
        pairs = self.pairs.tocoo()
        both = np.isin(pairs.row, chosen) & np.isin(pairs.col, chosen)
        return float(pairs.data[both].min(initial=self.asked_m))

    def clashes(self, spacing_m: float) -> csr_array:
        """Return the pairs that are closer than a spacing, as a 0/1 matrix."""
        pairs = self.pairs.tocoo()
        close = pairs.data < spacing_m
        at = pairs.row[close], pairs.col[close]
        return csr_array((np.ones(len(at[0]), dtype=np.int64), at), shape=pairs.shape)


@dataclass(frozen=True)
class Change:
    """What one rule would have to be so that a plan is possible.

    `now` is what is asked and `need` the nearest to it that works: numbers of points, metres,
    people, or money as the rows count it. For areas exempt `now` is none and `need` how many
    must be; `areas` is one choice of them, and others may do as well. For higher mosts and
    lower leasts of several rows `areas` are those that change and no one changes by more than
    the difference, `now` being the largest asked among them. A worst distance of inf means that
    somebody is reached by nothing. `sites` are those unlocked, or
    those that then stand closer than asked.

    `alone` says that this change is enough; otherwise all those listed are needed together.
    `proved` says that nothing less is enough, and that every rule was looked at.
    """

    kind: ChangeKind
    now: float
    need: float
    rule: RuleKind | None = None
    areas: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()
    alone: bool = True
    proved: bool = True


@dataclass(frozen=True)
class Bent:
    """A choice that bends some rules, and how many people each floor and the target miss."""

    problem: SitingProblem
    chosen: tuple[int, ...]
    missed: dict[Loose, int]
    spacing: Spacing | None = None
    worst_m: float = 0.0

    def change(self, loose: Loose) -> Change | None:
        """Return the change of one kind of rule that this choice needs; None where it needs none."""
        if loose.rule is not None:
            return self._of_rows(loose, loose.rule)
        if loose.kind in {ChangeKind.FLOOR, ChangeKind.TARGET}:
            return self._of_people(loose)
        of_sites = {
            ChangeKind.POINTS: self._of_points,
            ChangeKind.LOCKED: self._of_locked,
            ChangeKind.SPACING: self._of_spacing,
            ChangeKind.WORST: self._of_worst,
        }
        return of_sites[loose.kind]()

    def _of_points(self) -> Change | None:
        most, need = most_points(self.problem.rules), len(self.chosen)
        return Change(ChangeKind.POINTS, most, need) if need > most else None

    def _of_locked(self) -> Change | None:
        locked = set(self.problem.rules.chosen.tolist())
        lost = tuple(sorted(locked - set(self.chosen)))
        if not lost:
            return None
        return Change(ChangeKind.LOCKED, len(locked), len(locked) - len(lost), sites=lost)

    def _of_worst(self) -> Change | None:
        now = self.problem.worst_m
        if now is None or self.worst_m <= now:
            return None
        return Change(ChangeKind.WORST, now, self.worst_m)

    def _of_rows(self, loose: Loose, rule: RuleKind) -> Change | None:
        taken = np.zeros(self.problem.rules.sites, dtype=np.int64)
        taken[list(self.chosen)] = 1
        rows = [row for row in self.problem.rules.rows if row.kind is rule]
        sums = [int(row.each @ taken[row.sites]) for row in rows]
        if loose.kind is ChangeKind.MAXIMUM:
            off = [(row, row.most, total - row.most) for row, total in zip(rows, sums, strict=True)]
        else:
            off = [
                (row, row.least, row.least - total) for row, total in zip(rows, sums, strict=True)
            ]
        off = [each for each in off if each[2] > 0]
        if not off:
            return None
        areas = tuple(row.of for row, _, _ in off)
        if loose.kind is ChangeKind.EXEMPT:
            return Change(loose.kind, 0, len(off), rule, areas)
        now, by = max(limit for _, limit, _ in off), max(by for *_, by in off)
        need = now + by if loose.kind is ChangeKind.MAXIMUM else now - by
        return Change(loose.kind, now, need, rule, areas)

    def _of_people(self, loose: Loose) -> Change | None:
        missed = self.missed.get(loose, 0)
        if not missed:
            return None
        if loose.kind is ChangeKind.TARGET:
            target = self.problem.target
            return Change(loose.kind, target, target - missed)
        floor = self.problem.floors[loose.floor]
        return Change(loose.kind, floor.least, floor.least - missed, areas=(floor.name,))

    def _of_spacing(self) -> Change | None:
        clashes = self.problem.rules.clashes
        if clashes is None:
            return None
        inside = list(self.chosen)
        close = np.flatnonzero(clashes[inside][:, inside].sum(axis=1))
        if not len(close):
            return None
        sites = tuple(self.chosen[k] for k in close)
        if self.spacing is None:
            return Change(ChangeKind.SPACING, 0.0, 0.0, sites=sites)
        return Change(
            ChangeKind.SPACING, self.spacing.asked_m, self.spacing.closest(self.chosen), sites=sites
        )


def most_points(rules: Rules) -> int:
    """Return how many points there may be in all."""
    return min([rules.most_sites, *(row.most for row in rules.rows if row.kind is RuleKind.COUNT)])
