"""The question put to a solver: which people are unserved and which site would serve whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.reach import ReachEngine
from planning.analysis.situation import Situation, nearest_open_m
from planning.model.standards import ServiceStandard
from planning.siting.candidates import Candidates, candidates


@dataclass(frozen=True)
class SitingProblem:
    """Maximal covering with the existing points fixed: choose `points` of the candidates.

    `people` are whole persons of the unserved demand places, shape (n,); `place` where they
    live in metres, shape (n, 2); `covers` says which candidate is within the radius of
    which place, 0/1 int64, shape (m, n). `now_m` is the distance to the nearest open direct
    point today, shape (n,), inf where there is none. Points that serve people already are
    exactly accounted for by leaving these people out.
    """

    candidates: Candidates
    people: NDArray[np.int64]
    place: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    now_m: NDArray[np.float64]
    covers: csr_array
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
    place, radius = situation.demand_xy[unserved], radius[unserved]
    covers = engine.within(place, sites.xy, standard.largest_m).covers(radius)
    return SitingProblem(
        candidates=sites, people=situation.people[unserved], place=place, radius_m=radius,
        now_m=now[unserved], covers=covers, points=points,
    )  # fmt: skip
