"""How firm each site of a plan is: whether it is chosen again when circumstances vary.

A plan rests on figures that nobody knows exactly: how fast people travel, how far is too
far, how many live where. The question is solved again under a number of named variations of
them, the rules staying as they are; a site that nearly all of them choose again is firm, and
a review can spend its time on the others.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.model.siting import Firmness, Objective
from planning.siting.distances import Distances, StraightDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import SitingProblem
from planning.siting.solvers import COVERING, solve

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
FIRM, LIKELY = 0.9, 0.5
_PARTS = 100  # people who vary are counted in hundredths, so that small places vary as well
_RADII = (-10, 10, -20, 20)  # per cent
_SPREADS = (5, 15)  # per cent
_DRAWS = 3
_SPARSE = (5,)  # per cent of people
_SPARSE_ALONE = (1, 2, 5)


@dataclass(frozen=True)
class Variation:
    """Other circumstances: a factor on every radius, and one on the people of each place.

    A factor on the radius stands for another speed as well as for another standard.
    `people` has shape (n_places,); None leaves them as they are, 0 leaves a place out.
    """

    name: str
    radius: float = 1.0
    people: Real | None = None


@dataclass(frozen=True)
class Again:
    """How a question is solved again, and within how many metres a site counts as the same."""

    same_m: float = 1000.0
    effort: Effort = Effort.QUICK
    seed: int = 7


@dataclass(frozen=True)
class SiteFirmness:
    """In which variations a site was chosen again and in which not, by name.

    Variations under which no plan was found are in neither. `share` and `mark` are None
    where none is left.
    """

    site: int
    again: tuple[str, ...]
    not_again: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Of the variations with a plan, the share in which the site was chosen again."""
        of = len(self.again) + len(self.not_again)
        return len(self.again) / of if of else None

    @property
    def mark(self) -> Firmness | None:
        """What a planner is told: firm, likely, or depends on circumstances."""
        if self.share is None:
            return None
        if self.share >= FIRM:
            return Firmness.FIRM
        return Firmness.LIKELY if self.share >= LIKELY else Firmness.DEPENDS


def firmness(
    problem: SitingProblem,
    chosen: Sequence[int],
    variations: Sequence[Variation],
    again: Again | None = None,
    watch: Watch | None = None,
) -> list[SiteFirmness]:
    """Return how firm each site of a plan is, in ascending order.

    A site is chosen again when it, or another within `again.same_m`, is part of the plan
    made under a variation. Each site of that plan counts for one of this at most, first for
    itself, then for the nearest: one that is locked in makes no neighbour firm. Tables know
    no distance between sites; there only the site itself counts.

    `watch` is told how many variations are done, of how many, and may end it; only those
    done count then.
    """
    again, watch = again or Again(), watch or Watch()
    plan = np.unique(np.array(chosen, dtype=np.int64))
    found: list[tuple[str, frozenset[int]]] = []
    for done, variation in enumerate(variations):
        inside = _inside(watch, done, len(variations))
        if inside.stop(0.0, 0.0):
            break
        answer = solve(varied(problem, variation), again.effort, again.seed, inside)
        if inside.asked or inside.late:
            break
        if answer is not None and np.isfinite(answer.value):
            other = np.array(answer.chosen, dtype=np.int64)
            found.append((variation.name, met(plan, other, problem.distances, again.same_m)))
    return [
        SiteFirmness(
            site,
            tuple(name for name, sites in found if site in sites),
            tuple(name for name, sites in found if site not in sites),
        )
        for site in plan.tolist()
    ]


def varied(problem: SitingProblem, variation: Variation) -> SitingProblem:
    """Return the question under other circumstances.

    Rules about sites stay. A target and floors stay the same shares of the people.
    """
    radius = problem.radius_m * variation.radius
    if variation.people is None:
        return replace(problem, radius_m=radius)
    # A flow of people to capacities is counted in 32 bits: there whole persons have to do.
    parts = _PARTS if problem.capacity is None else 1
    people = np.rint(problem.people * variation.people * parts).astype(np.int64)
    every = np.arange(len(people))
    return replace(
        problem,
        people=people,
        radius_m=radius,
        target=_share(problem.target, problem.people, people, every),
        floors=tuple(
            replace(floor, least=_share(floor.least, problem.people, people, floor.places))
            for floor in problem.floors
        ),
    )


def _share(least: int, before: Whole, after: Whole, places: Whole) -> int:
    """Return the same share of other people, rounded down: a rule that was kept can be."""
    was, now = int(before[places].sum()), int(after[places].sum())
    return int(least) * now // was if was else int(least)


def usual_variations(
    problem: SitingProblem, areas: NDArray[np.generic] | None = None, seed: int = 7
) -> tuple[Variation, ...]:
    """Return the variations that a plan is usually put to.

    * The radius 10 and 20 per cent shorter and longer: how fast people travel and how far is
      too far are agreed upon, not measured. Not where no radius counts.
    * People 5 and 15 per cent more or fewer, drawn three times for each area (`areas` holds
      the code of the area, mostly the commune, of each place; without it places vary one by
      one): counts are wrong, and people move, by the commune; errors place by place would
      cancel out within a radius. Everybody alike more or fewer would change no plan.
    * Without the sparsest places, where together at most 5 per cent of people live: grids of
      population put a few people on ground where nobody lives. Where the worst distance is
      asked for nothing else varies, and 1 and 2 per cent are tried as well.
    """
    found = []
    if problem.objective in COVERING or problem.floors:
        found += [Variation(f"radius {percent:+d} %", 1 + percent / 100) for percent in _RADII]
    worst = problem.objective is Objective.WORST_DISTANCE
    if not worst or problem.floors or problem.capacity is not None:
        codes, of = np.unique(
            np.arange(len(problem.people)) if areas is None else areas, return_inverse=True
        )
        for percent in _SPREADS:
            for draw in range(1, _DRAWS + 1):
                chance = np.random.default_rng([seed, percent, draw])
                factor = 1 + percent / 100 * chance.uniform(-1, 1, len(codes))
                found.append(Variation(f"people ±{percent} % {draw}", people=factor[of]))
    for percent in _SPARSE_ALONE if worst else _SPARSE:
        lived_in = _without_sparsest(problem.people, percent)
        if (lived_in < 1).any():
            found.append(Variation(f"without the sparsest {percent} %", people=lived_in))
    return tuple(found)


def _without_sparsest(people: Whole, percent: int) -> Real:
    """Return 0 for inhabited places of few people who together are at most so many per cent."""
    order = np.sort(people)
    together = np.cumsum(order)
    enough = order[together * 100 > together[-1] * percent] if len(order) else order
    # Equal places are left out together or not at all.
    least = int(enough[0]) if len(enough) else 0
    return np.where((people > 0) & (people < least), 0.0, 1.0)


def _inside(watch: Watch, done: int, of: int) -> Watch:
    """Return who looks on at one variation: told how many are done, stopped with the whole."""
    left = watch.seconds - (time.monotonic() - watch.began)
    return Watch(tell=lambda *_: watch.stop(float(done), float(of)), seconds=left)


def met(plan: Whole, other: Whole, distances: Distances, same_m: float) -> frozenset[int]:
    """Return which sites of a plan another plan chooses again, or one of its own near them."""
    same = set(np.intersect1d(plan, other).tolist())
    if not isinstance(distances, StraightDistances):
        return frozenset(same)
    mine, theirs = np.setdiff1d(plan, other), np.setdiff1d(other, plan)
    apart = distances.site[mine][:, None, :] - distances.site[theirs][None, :, :]
    metres = np.hypot(apart[..., 0], apart[..., 1])
    left = set(theirs.tolist())
    one, two = np.nonzero(metres <= same_m)
    for at in np.argsort(metres[one, two], kind="stable"):
        site, near = int(mine[one[at]]), int(theirs[two[at]])
        if site not in same and near in left:
            same.add(site)
            left.remove(near)
    return frozenset(same)
