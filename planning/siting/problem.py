"""The question put to a solver: which people are unserved and which site would serve whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.reach import ReachEngine
from planning.analysis.situation import Situation, nearest_open_m
from planning.model.standards import ServiceStandard
from planning.siting.candidates import Candidates, candidates
from planning.siting.runs import Runs, curve_order


@dataclass(frozen=True)
class SitingProblem:
    """Maximal covering with the existing points fixed: choose `points` of the candidates.

    `people` are whole persons of the unserved demand places, shape (n,); `place` where they
    live in metres, shape (n, 2), in the order of a space-filling curve; `covers` says which
    of the m candidates is within the radius of which place. `now_m` is the distance to the nearest open direct
    point today, shape (n,), inf where there is none. Points that serve people already are
    exactly accounted for by leaving these people out.
    """

    candidates: Candidates
    people: NDArray[np.int64]
    place: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    now_m: NDArray[np.float64]
    covers: Runs
    points: int

    def __post_init__(self) -> None:
        shape = (len(self.candidates.xy), len(self.people))
        if self.covers.shape != shape:
            raise ValueError(f"covers has shape {self.covers.shape}, not {shape}")
        if self.points < 1:
            raise ValueError(f"points must be at least 1, not {self.points}")


def siting_problem(
    situation: Situation, standard: ServiceStandard, engine: ReachEngine, points: int
) -> SitingProblem:
    """State the question for a situation: who is unserved, which sites could serve them."""
    radius = situation.radii_m(standard)
    now = nearest_open_m(situation, engine)
    unserved = now > radius
    sites = candidates(situation, unserved, standard.largest_m)
    rows = np.flatnonzero(unserved)
    rows = rows[curve_order(situation.demand_xy[rows])]
    place, radius = situation.demand_xy[rows], radius[rows]
    covers = Runs.of(engine.within(place, sites.xy, standard.largest_m).covers(radius))
    return SitingProblem(
        candidates=sites, people=situation.people[rows], place=place, radius_m=radius,
        now_m=now[rows], covers=covers, points=points,
    )  # fmt: skip
