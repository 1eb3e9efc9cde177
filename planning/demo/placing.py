"""Put points at places where people live: which places, and how far from their middle."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import in_degrees
from geo.locate import commune_of
from geo.tables import Communes, DemandTable

FARTHEST_M = 140.0
# Where only the places' own commune is known, a point keeps close to them.
NEAR_M = 5.0
_ROUNDS = 24
_DIGITS = 6


def choose_places(
    places: pd.DataFrame, wanted: pd.Series, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return row numbers of `places`: `wanted` (index: unit) of each unit, drawn by pull.

    No place is drawn twice before every place of its unit was drawn once. The order is by
    unit, the first of each unit the place that draws most.
    """
    unit = places["unit"].to_numpy(object)
    pull = np.maximum(places["pull"].to_numpy(), 1e-9)
    # The earliest of exponential waiting times is a draw without replacement by weight.
    waiting = rng.exponential(size=len(places)) / pull
    waiting[pd.Series(pull).groupby(unit).idxmax().to_numpy(int)] = 0.0
    order = pd.DataFrame({"unit": unit, "waiting": waiting}).sort_values(
        ["unit", "waiting"], kind="stable"
    )
    rows = order.groupby("unit", sort=True).indices
    taken = [
        order.index.to_numpy()[rows[code]][np.arange(count) % len(rows[code])]
        for code, count in wanted.sort_index().items()
        if count > 0
    ]
    return np.concatenate(taken).astype(np.int64) if taken else np.empty(0, dtype=np.int64)


def scatter(
    places: pd.DataFrame,
    crs: CRS,
    checks: list[tuple[str, Communes]],
    farthest_m: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return a spot near each of `places`, as lon and lat of six decimals, shape (n, 2).

    `checks` pairs a column of codes with the communes they name: a spot must lie in all
    of them, and no two spots are equal. Closer and closer spots are tried; the place
    itself serves where none is found.
    """
    xy = places[["x", "y"]].to_numpy()
    spots = places[[DemandTable.lon, DemandTable.lat]].to_numpy().round(_DIGITS)
    bad = np.ones(len(places), dtype=bool)
    for attempt in range(_ROUNDS):
        reach = farthest_m * 0.75**attempt
        moved = in_degrees(xy[bad] + _steps(int(bad.sum()), reach, rng), crs)
        spots[bad] = moved.round(_DIGITS)
        bad = ~_lies(spots, places, checks) | pd.DataFrame(spots).duplicated().to_numpy()
        if not bad.any():
            return spots
    spots[bad] = places[[DemandTable.lon, DemandTable.lat]].to_numpy().round(_DIGITS)[bad]
    return spots


def _steps(count: int, reach_m: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return steps of at most `reach_m` in any direction, even over the disc."""
    angle = rng.uniform(0, 2 * np.pi, count)
    length = reach_m * np.sqrt(rng.uniform(0, 1, count))
    return np.column_stack([length * np.cos(angle), length * np.sin(angle)])


def _lies(
    spots: NDArray[np.float64], places: pd.DataFrame, checks: list[tuple[str, Communes]]
) -> NDArray[np.bool_]:
    good = np.ones(len(places), dtype=bool)
    for column, communes in checks:
        code = commune_of(spots[:, 0], spots[:, 1], communes).to_numpy(object)
        good &= code == places[column].to_numpy(object)
    return good
