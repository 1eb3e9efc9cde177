"""Lists of near sites for every place, and coarser pictures of where people live.

Lists are cut off at a distance per place. A plan is valued without them; the bound stays
valid because no multiplier asks for farther sites than the lists hold.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.compiled import median as kernels
from planning.siting.compiled.median import Demand
from planning.siting.distances import Distances, StraightDistances, TableDistances

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

FEW_PAIRS = 4_000_000  # up to here lists are complete and hold float64
MOST_PAIRS = 60_000_000  # 0.5 GB
_REACHES = (2.0, 1.6, 1.3, 1.15)  # lists reach so many times the second nearest chosen site
_BEYOND = 1.5  # where no listed site is open, so many times the end of the list is supposed
_SAMPLE = 400
_FINER = 4  # places of one level per place of the next coarser one


def table(distances: Distances, places: Whole, sites: Whole | None = None) -> Real:
    """Return the distances of a few places from some sites, or all, shape (sites, places)."""
    every = np.arange(distances.shape[0]) if sites is None else sites
    if isinstance(distances, TableDistances):
        return np.asarray(distances.metres[np.ix_(every, places)])
    if isinstance(distances, StraightDistances):
        site, place = distances.site[every], distances.place[places]
        dx, dy = (place[:, k] - site[:, k, None] for k in range(2))
        return np.asarray(np.sqrt(dx * dx + dy * dy))
    rows = [distances.of(int(site))[places] for site in every]
    return np.stack(rows) if rows else np.empty((0, len(places)))


def complete_lists(
    distances: Distances, places: Whole, people: Real, now_m: Real, sites: Whole
) -> Demand:
    """Return the lists of a few places (k,) with all of some sites that bring them nearer."""
    metres = table(distances, places, sites).T
    order = np.argsort(metres, axis=1, kind="stable")
    metres = np.take_along_axis(metres, order, axis=1)
    kept = (metres < now_m[:, None]) & np.isfinite(metres)
    first = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    site, away = sites[order][kept].astype(np.int32), metres[kept]
    # Being reached by nobody costs more than the worst way to reach everybody.
    farthest = np.where(kept, metres, 0.0).max(axis=1, initial=0.0)
    never = 1.0 + 2.0 * float((people * farthest).sum()) / float(people.min(initial=1.0))
    cap = np.where(np.isfinite(now_m), now_m, never)
    return Demand(np.arange(len(places)), people, cap, first, site, away)


def near_lists(
    distances: Distances, places: Whole, people: Real, now_m: Real, limit: Real
) -> Demand:
    """Return the lists of places (k,) with the sites within the limit (≤ now_m) of each."""
    if isinstance(distances, StraightDistances):
        corner = distances.site.min(axis=0)
        at, site = distances.place[places] - corner, distances.site - corner
        everywhere = 4.0 * (float(np.abs(at).max()) + float(site.max()))
        limit = np.where(np.isfinite(limit), limit, everywhere)
        span = max(float(site.max()), 1.0)
        cell = span / max(1, int(np.sqrt(len(site) / 2)))
        across = int(span / cell) + 1
        column, row = (site / cell).astype(np.int64).T
        members = np.argsort(row * across + column, kind="stable")
        key = (row * across + column)[members]
        first_of = np.searchsorted(key, np.arange(across * across + 1))
        lists = kernels.straight_lists(at, limit, site, cell, across, first_of, members)
    else:
        asked = np.full(distances.shape[1], -1.0)
        asked[places] = limit
        near = distances.within(asked).tocsc()[:, places]
        near.sort_indices()
        limit = np.where(np.isfinite(limit), limit, near.data.max(initial=0.0))
        lists = kernels.sorted_lists(near.indptr.astype(np.int64), near.indices, near.data)
    return Demand(np.arange(len(places)), people, np.minimum(now_m, _BEYOND * limit), *lists)


def reach_of_lists(distances: Distances, places: Whole, second: Real, now_m: Real) -> Real | None:
    """Return how far the lists of places (k,) may reach for what memory holds; None: too far.

    `second` (k,) is the distance of the second nearest site of a good plan.
    """
    step = max(1, len(places) // _SAMPLE)
    metres = table(distances, places[::step])
    for times in _REACHES:
        limit = np.minimum(now_m, times * second)
        if float((metres <= limit[::step]).mean()) * metres.shape[0] * len(places) <= MOST_PAIRS:
            return limit
    return None


@dataclass(frozen=True)
class Level:
    """A picture of where people live: some of the places, each with the people around it.

    `places` are positions of the places that stand for others, ascending; `finer` says for
    each place of the next finer level which of these stands for it.
    """

    places: Whole
    people: Real
    finer: Whole


def levels(ground: Real, places: Whole, people: Real, coarsest: int) -> list[Level]:
    """Return pictures of places, coarsest first, the last one with all of them."""
    found = [Level(places, people, np.arange(len(places)))]
    while len(found[0].places) > 2 * coarsest:
        count = max(coarsest, len(found[0].places) // _FINER)
        coarser = _coarser(ground, found[0], count)
        if len(coarser.places) > 0.9 * len(found[0].places):
            break
        found.insert(0, coarser)
    return found


def _coarser(ground: Real, level: Level, count: int) -> Level:
    """Return at most about `count` places: one per cell of a grid, nearest its people's centre."""
    xy = ground[level.places]
    span = np.maximum(np.ptp(xy, axis=0), 1.0)
    cell = max(float(np.sqrt(span.prod() / count)), float(span.max()) / count)
    column, row = ((xy - xy.min(axis=0)) / cell).astype(np.int64).T
    _, of = np.unique(row * (column.max() + 1) + column, return_inverse=True)
    people = np.bincount(of, level.people).astype(np.float64)
    centre = np.stack([np.bincount(of, level.people * each) / people for each in xy.T], axis=1)
    away = np.hypot(*(xy - centre[of]).T)
    order = np.lexsort((away, of))
    chosen = order[np.searchsorted(of[order], np.arange(len(people)))]
    # Ascending positions, so that a level is the same whatever the grid's own order.
    ascending = np.argsort(chosen, kind="stable")
    place_of = np.empty(len(chosen), dtype=np.int64)
    place_of[ascending] = np.arange(len(chosen))
    return Level(level.places[chosen[ascending]], people[ascending], place_of[of])
