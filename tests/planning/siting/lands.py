"""Made-up land for questions of distance: places, sites, a number of points."""

from math import inf

import numpy as np

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules


def land_of_mean(seed, places=60, sites=15, points=4, now=False):
    """Return a question of the mean distance on 20 × 20 km; with `now` points that stay."""
    rng = np.random.default_rng(seed)
    at, site = rng.uniform(0, 20_000, (places, 2)), rng.uniform(0, 20_000, (sites, 2))
    stays = rng.uniform(0, 20_000, (2, 2))
    away = np.hypot(*(at[:, None] - stays[None]).transpose(2, 0, 1)).min(axis=1)
    return SitingProblem(
        people=rng.integers(1, 500, places),
        radius_m=np.full(places, 3000.0),
        now_m=away if now else np.full(places, inf),
        distances=StraightDistances(at, site),
        rules=Rules(sites, points),
        objective=Objective.MEAN_DISTANCE,
    )


def land_of_worst(seed, places=60, sites=15, points=4):
    """Return a question of the worst distance on 20 × 20 km."""
    rng = np.random.default_rng(seed)
    return SitingProblem(
        people=rng.integers(0, 500, places),
        radius_m=np.full(places, 3000.0),
        now_m=np.full(places, inf),
        distances=StraightDistances(
            rng.uniform(0, 20_000, (places, 2)), rng.uniform(0, 20_000, (sites, 2))
        ),
        rules=Rules(sites, points),
        objective=Objective.WORST_DISTANCE,
    )
