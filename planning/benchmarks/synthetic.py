"""Invented provinces and an invented country: towns of very unequal size, villages, sites.

The same seed gives the same ground on every machine, and the demand does not depend on how
many sites are asked for, so that sizes can be compared.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Row, RuleKind, Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

RURAL = 0.25  # of the demand lives spread over the whole square
COMMUNES = 100
_BLOCK = 1_000_000  # places are drawn in blocks, so that drawing needs little memory


@dataclass(frozen=True)
class Ground:
    """A square of land: its side, its towns, the spread of the largest; no towns: uniform."""

    side_m: float = 130_000.0
    towns: int = 60
    spread_m: float = 6_500.0


PROVINCE = Ground()
UNIFORM = Ground(towns=0)
COUNTRY = Ground(1_100_000.0, 1_500, 26_000.0)


@dataclass(frozen=True)
class Size:
    """How many demand places, candidates and existing points, on which ground."""

    places: int
    sites: int
    existing: int = 0
    ground: Ground = PROVINCE
    seed: int = 1


@dataclass(frozen=True)
class Synthetic:
    """Places (n, 2) with people (n,), candidates (m, 2) and existing points (k, 2) in metres."""

    place: Real
    people: Whole
    site: Real
    existing: Real
    ground: Ground
    seed: int

    def communes(self) -> Whole:
        """Return the commune of each candidate: the nearest of a hundred drawn seats."""
        seats = _stream(self.seed, "communes").random((COMMUNES, 2)) * self.ground.side_m
        return np.asarray(KDTree(seats).query(self.site)[1], dtype=np.int64)


def synthetic(size: Size) -> Synthetic:
    """Return invented land: half of the candidates lie like the demand, half anywhere."""
    place = _like_demand(size, "demand", size.places)
    people = _stream(size.seed, "people").lognormal(2.0, 1.0, size.places)
    settled = _like_demand(size, "sites", (size.sites + 1) // 2)
    anywhere = _stream(size.seed, "anywhere").random((size.sites // 2, 2)) * size.ground.side_m
    return Synthetic(
        place=place,
        people=np.maximum(np.rint(people), 1.0).astype(np.int64),
        site=np.concatenate([settled, anywhere]),
        existing=_like_demand(size, "existing", size.existing),
        ground=size.ground,
        seed=size.seed,
    )


def problem_on(
    land: Synthetic, radius_m: float, points: int, objective: Objective = Objective.MOST_PEOPLE
) -> SitingProblem:
    """Return the question for `points` new points beside the existing ones."""
    count = len(land.people)
    now = (
        np.asarray(KDTree(land.existing).query(land.place)[0])
        if len(land.existing)
        else np.full(count, np.inf)
    )
    return SitingProblem(
        people=land.people,
        radius_m=np.full(count, radius_m),
        now_m=now,
        distances=StraightDistances(land.place, land.site),
        rules=Rules(len(land.site), points),
        objective=objective,
    )


def commune_rows(commune: Whole, least: int, most: int) -> tuple[Row, ...]:
    """Return one rule per commune: so many of its candidates at least and at most."""
    return tuple(
        Row.count(RuleKind.COMMUNE, str(code), np.flatnonzero(commune == code), least, most)
        for code in np.unique(commune)
    )


def clashes(site: Real, spacing_m: float) -> csr_array:
    """Return which pairs of candidates stand closer together than `spacing_m`."""
    pairs = KDTree(site).query_pairs(np.nextafter(spacing_m, 0.0), output_type="ndarray")
    one, other = pairs[:, 0], pairs[:, 1]
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    return coo_array((np.ones(2 * len(pairs), dtype=np.int64), both), (len(site),) * 2).tocsr()


def _stream(seed: int, what: str) -> np.random.Generator:
    """Return chance of its own for each thing drawn, so that one does not shift another."""
    return np.random.default_rng([seed, *what.encode()])


def _like_demand(size: Size, what: str, count: int) -> Real:
    ground = size.ground
    rng = _stream(size.seed, what)
    towns = _stream(size.seed, "towns")
    seat = towns.random((ground.towns, 2)) * ground.side_m
    # Zipf: the second town has half of the people of the first, the third a third; all are
    # equally dense.
    share = 1.0 / np.arange(1, ground.towns + 1)
    wide = ground.spread_m * np.sqrt(share)
    reach = np.cumsum(share / share.sum()) if ground.towns else share
    xy = np.empty((count, 2))
    for first in range(0, count, _BLOCK):
        block = xy[first : first + _BLOCK]
        block[:] = rng.random(block.shape) * ground.side_m
        if ground.towns:
            urban = np.flatnonzero(rng.random(len(block)) >= RURAL)
            town = np.minimum(np.searchsorted(reach, rng.random(len(urban))), ground.towns - 1)
            drawn = seat[town] + rng.standard_normal((len(urban), 2)) * wide[town, None]
            block[urban] = _folded(drawn, ground.side_m)
    return xy


def _folded(xy: Real, side_m: float) -> Real:
    """Return places with those beyond the border mirrored back into the square."""
    return side_m - np.abs(np.mod(xy, 2 * side_m) - side_m)
