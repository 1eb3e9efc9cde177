"""A siting question as coverage: who is served by whom, as weights on runs of places.

Coverage that fades with distance is a stack of layers, one for each step: people within the
wider radius count with the wider step's share, those within the narrower radius with the
difference on top. As the nearest site decides, the sum over layers is exact. A worst
distance is one more layer whose places must be served and weigh nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.model.siting import Objective
from planning.siting.covering.runs import Runs, curve_order, stacked
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import RuleKind, Rules

Whole = NDArray[np.int64]
RADIUS, MUST = 0, -1


@dataclass(frozen=True)
class Covering:
    """k stretches of places: `weight` of whole persons (or tenths of them), and who serves them.

    `layer` (k,) is RADIUS where a stretch is served within the radius itself, 1, 2, … for the
    other steps of a fade, MUST where it has to be served.
    `place_first` (k + 1,) and `place` say which places of the problem stand in each stretch.
    `given` is the weight served whatever is chosen; it is in no stretch.
    """

    weight: Whole
    layer: NDArray[np.int8]
    covers: Runs
    given: int
    place_first: NDArray[np.int32]
    place: NDArray[np.int32]

    @property
    def must(self) -> NDArray[np.bool_]:
        """Which stretches have to be served, shape (k,)."""
        return np.asarray(self.layer == MUST)

    def value_of(self, chosen: NDArray[np.integer]) -> int:
        """Return the weight served by the chosen sites and by what stays: the one place that counts."""
        return self.given + int(self.weight[self.covers.served_by(chosen)].sum())

    def meets_musts(self, chosen: NDArray[np.integer]) -> bool:
        """Return whether the chosen sites serve everybody who must be served."""
        return bool(self.covers.served_by(chosen)[self.must].all())

    def of_places(self, value: Whole) -> Whole:
        """Return the sum over each stretch of a value per place of the problem, shape (k,)."""
        running = np.concatenate([[0], np.cumsum(value[self.place])])
        return np.asarray(np.diff(running[self.place_first]))

    def joined(self) -> "Covering":
        """Return the same with neighbours joined that no site tells apart."""
        cuts = self.covers.cuts(np.flatnonzero(np.diff(self.layer, prepend=self.layer[:1])))
        return Covering(
            np.add.reduceat(self.weight, cuts[:-1]) if len(cuts) > 1 else self.weight,
            self.layer[cuts[:-1]], self.covers.merged(cuts), self.given,
            self.place_first[cuts], self.place,
        )  # fmt: skip


def covering(problem: SitingProblem) -> Covering:
    """State a problem as coverage; the order of its places changes nothing."""
    order = curve_order(problem.distances.ground())
    given, rows, covers, weights, number = 0, [], [], [], []
    for layer, factor, share in [*_shares(problem), *_musts(problem)]:
        reach = problem.radius_m * factor if layer != MUST else np.full(len(order), problem.worst_m)
        reached = problem.now_m <= reach
        given += int(problem.people[reached].sum()) * share
        # A place nobody lives at is in no layer: nobody is to be served there.
        waiting = order[(~reached & (problem.people > 0))[order]]
        rows.append(waiting.astype(np.int32))
        covers.append(_runs(problem, waiting, reach[waiting]))
        weights.append(problem.people[waiting] * share)
        number.append(np.full(len(waiting), layer, dtype=np.int8))
    place = np.concatenate(rows)
    del order, rows
    whole = Covering(
        np.concatenate(weights), np.concatenate(number), stacked(covers), given,
        np.arange(len(place) + 1, dtype=np.int32), place,
    )  # fmt: skip
    if problem.capacity is None:
        whole = _without_sure(whole, problem.rules)
    return whole.joined()


def _without_sure(cover: Covering, rules: Rules) -> Covering:
    """Return the covering without places that are served whichever of the standing points close.

    If at most k of the points that stand today may close, whoever k + 1 of them serve is
    served in any case.
    """
    sure = np.zeros(len(cover.weight), dtype=bool)
    for row in rules.rows:
        if row.kind is RuleKind.KEEP and len(row.sites) and (row.each == 1).all():
            standing = np.zeros(rules.sites)
            standing[row.sites] = 1.0
            may_close = len(row.sites) - row.least
            sure |= cover.covers.spread(standing) > may_close + 0.5
    if not sure.any():
        return cover
    kept = np.flatnonzero(~sure)
    return Covering(
        cover.weight[kept], cover.layer[kept], cover.covers.without(sure),
        cover.given + int(cover.weight[sure].sum()),
        np.arange(len(kept) + 1, dtype=np.int32), cover.place[kept],
    )  # fmt: skip


def _musts(problem: SitingProblem) -> list[tuple[int, float, int]]:
    return [] if problem.worst_m is None else [(MUST, 1.0, 0)]


def _shares(problem: SitingProblem) -> list[tuple[int, float, int]]:
    """Return layers: number, factor of the radius, and what reaching it adds for each person.

    The radius itself is layer RADIUS; it is there, if only for floors, whatever fades.
    """
    if not problem.fade or problem.objective is not Objective.MOST_PEOPLE:
        return [(RADIUS, 1.0, 1)]
    tenths = [*(step.tenths for step in problem.fade), 0]
    shares = {step.factor: tenths[at] - tenths[at + 1] for at, step in enumerate(problem.fade)}
    if problem.floors:
        shares.setdefault(1.0, 0)
    others = [factor for factor, share in shares.items() if share and factor != 1.0]
    layers = [(RADIUS, 1.0, shares[1.0])] if 1.0 in shares else []
    return layers + [(at + 1, factor, shares[factor]) for at, factor in enumerate(others)]


def _runs(problem: SitingProblem, places: NDArray[np.intp], reach: NDArray) -> Runs:
    """Return who serves these places, in this order."""
    distances = problem.distances
    if isinstance(distances, StraightDistances):
        return Runs.straight(distances.place[places], reach, distances.site)
    limit = np.full(len(problem.people), -1.0)
    limit[places] = reach
    served = distances.within(limit)[:, places]
    served.sort_indices()
    return Runs.of(served)
