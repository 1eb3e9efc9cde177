"""Which organisation runs which point, from which house, under which official code."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.shares import largest_remainder
from planning.demo.profiles import NetworkProfile
from planning.demo.wording import draw_houses

# The rule of Ho Chi Minh City, the only one published: an organisation has three points.
FEWEST_POINTS = 3


def enterprise_code(at: int) -> str:
    """Return the invented ten-digit enterprise code of a profile's organisation number `at`."""
    return f"{at + 1:010d}"


def assign(
    profile: NetworkProfile, points: pd.DataFrame, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the number of the organisation that runs each of `points`, shape (n,).

    `points` has district, unit and first (whether it is the chief point of its unit). Those
    that work everywhere come first: one point in each district, then chief points before
    others. The rest goes to the private ones in unbroken stretches from district to district.
    """
    counts = _counts(profile, len(points))
    owner = np.full(len(points), -1, dtype=np.int64)
    wish = rng.uniform(0, 1, len(points)) - 0.6 * points["first"].to_numpy()
    order = np.argsort(wish, kind="stable")
    district = points["district"].to_numpy(object)
    for at in _everywhere(profile):
        free = order[owner[order] < 0]
        _, chief = np.unique(district[free], return_index=True)
        picked = free[np.sort(chief)]
        owner[picked] = at
        rest = free[~np.isin(free, picked)]
        owner[rest[: max(0, counts[at] - len(picked))]] = at
    private = [at for at in range(len(counts)) if at not in _everywhere(profile)]
    free = np.flatnonzero(owner < 0)
    route = free[np.lexsort((points["unit"].to_numpy(str)[free], district[free].astype(str)))]
    parts = np.array([profile.organisations[at].part for at in private])
    share = _at_least(parts, len(free))
    owner[route] = np.repeat(rng.permutation(private), share)
    return owner


def draw_house_of(
    profile: NetworkProfile, owner: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.object_]:
    """Return the kind of house of each point, by what its organisation works from."""
    house = np.empty(len(owner), dtype=object)
    sort = np.array([profile.organisations[at].houses for at in owner], dtype=object)
    for each in sorted(set(sort)):
        rows = np.flatnonzero(sort == each)
        house[rows] = draw_houses(each, len(rows), rng)
    return house


def official_codes(province: str, commune: pd.Series, owner: NDArray[np.int64]) -> pd.Series:
    """Return codes in the form of Công văn 1804: enterprise, TH, province, commune, number."""
    enterprise = pd.Series([enterprise_code(at) for at in owner], index=commune.index)
    start = enterprise + "TH" + province + commune
    number = start.groupby(start).cumcount() + 1
    return start + number.astype(str).str.zfill(3)


def _counts(profile: NetworkProfile, total: int) -> NDArray[np.int64]:
    return _at_least(np.array([each.part for each in profile.organisations]), total)


def _at_least(parts: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Share `total` by `parts`, nobody with fewer than three while there are enough."""
    floor = min(FEWEST_POINTS, total // max(1, len(parts)))
    return floor + largest_remainder(parts, total - floor * len(parts))


def _everywhere(profile: NetworkProfile) -> list[int]:
    return [at for at, each in enumerate(profile.organisations) if each.everywhere]
