"""Where people live: a smooth density, and the whole persons of each grid cell."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.invented.landscape import Landscape, river_distance
from geo.invented.noise import Field

PEOPLE = 1_908_352


def density(land: Landscape, xy: Field) -> Field:
    """Return people per km² at places `xy` (km), before the total is met; shape (n,).

    People live in towns, in rows of houses along rivers and canals, and thinly between;
    hills and water are empty, or nearly so.
    """
    places = shapely.points(xy)
    bank = river_distance(land.rivers, xy)
    canal = shapely.distance(land.canals, places)
    height = land.height_m(xy)
    foot = _foot_of_hills(land, xy)
    fertile = np.exp(0.45 * land.fertility.at(xy))
    # Further from the great rivers rice fields are wider and canal villages smaller.
    near_river: Field = np.exp(-np.maximum(bank, 0) / 11)
    people = 22.0 + 75 * near_river
    people += 1500 * near_river * np.exp(-(((bank - 0.25) / 0.75) ** 2))
    people += (180 + 620 * near_river) * np.exp(-((canal / 0.38) ** 2))
    people += 260 * foot
    people *= fertile
    for town in land.towns:
        apart = np.hypot(xy[:, 0] - town.x, xy[:, 1] - town.y) / town.spread_km
        shape = 0.75 * np.exp(-(apart**2) / 2) + 0.25 * np.exp(-apart / 1.3) / 3.4
        people += town.people / (2 * np.pi * town.spread_km**2) * shape
    people *= np.where(height > 0, np.exp(-height / 60), 1.0)
    dry: Field = np.where(bank < 0, 0.0, people)
    return np.round(dry, 6)


def _foot_of_hills(land: Landscape, xy: Field) -> Field:
    """Return 1 at the foot of a hill, where wells and roads are, falling to 0 around it."""
    ring = np.zeros(len(xy))
    for x, y, half_x, half_y, _ in land.hills:
        apart = np.hypot((xy[:, 0] - x) / (half_x + 1.2), (xy[:, 1] - y) / (half_y + 1.2))
        ring = np.maximum(ring, np.exp(-(((apart - 1.25) / 0.18) ** 2)))
    return ring


def whole_people(weights: Field, total: int) -> NDArray[np.int64]:
    """Share `total` persons out by `weights`: whole persons, the sum exact.

    Largest remainders are rounded up; equal ones in their given order.
    """
    exact: Field = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    short = total - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:short]] += 1
    return whole
