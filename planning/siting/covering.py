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
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.runs import Runs, curve_order, stacked

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
    layer: Whole
    covers: Runs
    given: int
    place_first: Whole
    place: Whole

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
    people, radius, now = (
        each[order] for each in (problem.people, problem.radius_m, problem.now_m)
    )
    layers = [(layer, radius * factor, people * share) for layer, factor, share in _shares(problem)]
    given = sum(int(weight[now <= reach].sum()) for _, reach, weight in layers)
    if problem.worst_m is not None:
        layers.append((MUST, np.full(len(people), problem.worst_m), people * 0))
    rows, covers, weights, number = [], [], [], []
    for layer, reach, weight in layers:
        waiting = np.flatnonzero((now > reach) & (people > 0))
        rows.append(order[waiting])
        covers.append(_runs(problem, order[waiting], reach[waiting]))
        weights.append(weight[waiting])
        number.append(np.full(len(waiting), layer))
    place = np.concatenate(rows).astype(np.int64)
    return Covering(
        np.concatenate(weights), np.concatenate(number), stacked(covers), given,
        np.arange(len(place) + 1), place,
    ).joined()  # fmt: skip


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
