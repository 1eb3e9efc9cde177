"""How many points each commune gets: whole numbers between bounds, in sum exact."""

import numpy as np
from numpy.typing import NDArray

from planning.demo.profiles import Crowding

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def bounded_shares(weights: Floats, total: int, low: Counts, high: Counts) -> Counts:
    """Share `total` whole things by positive `weights` (n,), each within `low`..`high`.

    One factor times the weight, cut at the bounds, then largest remainders. Shape (n,),
    sum `total`. Raises `ValueError` when the bounds cannot hold the total.
    """
    if not low.sum() <= total <= high.sum():
        message = f"{total} things do not fit between {low.sum()} and {high.sum()}"
        raise ValueError(message)
    small, large = 0.0, float(((high + 1) / weights).max())
    for _ in range(80):
        factor = (small + large) / 2
        if np.clip(factor * weights, low, high).sum() < total:
            small = factor
        else:
            large = factor
    fair = np.clip(large * weights, low, high)
    share = np.minimum(np.floor(fair + 1e-9), high).astype(np.int64)
    while (left := total - int(share.sum())) > 0:
        order = np.argsort(-np.where(share < high, fair - share, -np.inf), kind="stable")
        free = order[share[order] < high[order]]
        share[free[:left]] += 1
    return share


def fits(crowding: Crowding, units: int, total: int) -> bool:
    """Return whether `units` communes can be as crowded as published with `total` points."""
    others = units - crowding.communes
    least = crowding.most + (crowding.communes - 1) * crowding.least + others
    most = crowding.communes * crowding.most - crowding.communes + 1
    most += others * (crowding.least - 1)
    return units == crowding.of and least <= total <= most


def crowded_bounds(crowding: Crowding, weights: Floats, fullest: int) -> tuple[Counts, Counts]:
    """Return the least and most points of each commune, shape (n,) each.

    The communes of the largest `weights` are the crowded ones; `fullest` is the index of
    the one that has most.
    """
    order = np.argsort(-weights, kind="stable")
    crowded = order[order != fullest][: crowding.communes - 1]
    low = np.ones(len(weights), dtype=np.int64)
    high = np.full(len(weights), crowding.least - 1, dtype=np.int64)
    low[crowded], high[crowded] = crowding.least, crowding.most - 1
    low[fullest] = high[fullest] = crowding.most
    return low, high
