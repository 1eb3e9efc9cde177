"""How firm proposals are: whether a point about there is chosen again when circumstances vary.

As many sites as a suggestion usually has, or as there are proposals where these are more, are
chosen anew among their places and the known ones, under each of the variations that plans are
put to (`planning.siting.plans.firmness`); here by always taking the site that serves most
people whom nobody serves yet, which takes moments. A proposal counts as chosen again when it,
or another site within a kilometre, is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.model.siting import DEFAULT_POINTS, Firmness
from planning.siting.distances import StraightDistances
from planning.siting.plans.firmness import Again, SiteFirmness, met, usual_variations, varied
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Around:
    """Who lives where, and the places of proposals and of others, all in metres (n, 2).

    `areas` holds the commune of each place where people live, `now_m` how far its nearest
    point is. A place of a proposal that is known as well stands in both.
    """

    people: Whole
    areas: NDArray[np.object_]
    xy: Real
    radius_m: Real
    now_m: Real
    proposed: Real
    known: Real


def proposed_firmness(around: Around, again: Again | None = None) -> list[Firmness | None]:
    """Return how firm each proposal is; None for one that no variation chooses again."""
    again, number = again or Again(), len(around.proposed)
    sites = np.concatenate([around.proposed, around.known])
    distances = StraightDistances(around.xy, sites)
    rules = Rules(sites=len(sites), most_sites=max(number, DEFAULT_POINTS))
    problem = SitingProblem(around.people, around.radius_m, around.now_m, distances, rules)
    variations = usual_variations(problem, around.areas.astype(str), again.seed)
    factors = [each.radius for each in variations] or [1.0]
    # Whoever is served under every radius wants no site.
    rows = np.flatnonzero((around.people > 0) & (around.now_m > around.radius_m * min(factors)))
    near = StraightDistances(around.xy[rows], sites).within(around.radius_m[rows] * max(factors))
    plan, times = np.arange(number), []
    for each in variations:
        there = varied(problem, each)
        waiting = Waiting(there.people[rows], there.radius_m[rows], around.now_m[rows], near)
        chosen = chosen_one_by_one(waiting, rules.most_sites)
        times.append(met(plan, chosen, distances, again.same_m))
    return [_mark([site in sites for sites in times]) for site in range(number)]


@dataclass(frozen=True)
class Waiting:
    """People who may want a site, their radius and the distance to their nearest point.

    `near` holds the distances of at least every pair within the radius, shape (n_sites,
    n_places).
    """

    people: Whole
    radius_m: Real
    now_m: Real
    near: csr_array


def chosen_one_by_one(waiting: Waiting, most: int) -> Whole:
    """Return the sites chosen where each is the one that serves most further people.

    Of equal sites the first is taken; fewer than `most` where the rest would serve nobody
    further.
    """
    near, people = waiting.near, waiting.people
    left = waiting.now_m > waiting.radius_m
    within = (near.data <= waiting.radius_m[near.indices]) & left[near.indices]
    # A copy: the distances serve every variation, and zeros are taken out in place.
    kept = csr_array((within.astype(np.int64), near.indices, near.indptr), near.shape, copy=True)
    kept.eliminate_zeros()
    whose = csr_array(kept.T)
    gain = np.asarray(kept @ people)
    chosen: list[int] = []
    while len(chosen) < most and gain.max(initial=0) > 0:
        best = int(gain.argmax())
        chosen.append(best)
        new = kept.indices[kept.indptr[best] : kept.indptr[best + 1]]
        new = new[left[new]]
        left[new] = False
        gain -= people[new] @ whose[new]
    return np.array(chosen, dtype=np.int64)


def _mark(again: Sequence[bool]) -> Firmness | None:
    names = [str(at) for at in range(len(again))]
    chosen = tuple(name for name, yes in zip(names, again, strict=True) if yes)
    others = tuple(name for name, yes in zip(names, again, strict=True) if not yes)
    return SiteFirmness(0, chosen, others).mark if chosen else None
