"""Compiled loops over the places of one refused site and the sites that could replace it.

Each has a twin in plain numpy in the tests. Sites farther from all these places than anyone
would go are passed over at a glance.
"""

import numpy as np
from numba import njit

PATCH = 64  # places looked at together: few enough to lie close together


@njit(cache=True)
def _box(place):
    """Return the west, east, south and north of some places."""
    x, y = place[:, 0], place[:, 1]
    return np.array([x.min(), x.max(), y.min(), y.max()])


@njit(cache=True)
def _far(x, y, box, reach):
    """Return whether a site is farther than `reach` from a box (west, east, south, north)."""
    dx = max(max(box[0] - x, x - box[1]), 0.0)
    dy = max(max(box[2] - y, y - box[3]), 0.0)
    return dx * dx + dy * dy >= reach * reach


@njit(cache=True)
def savings(place, people, first, second, site, gain, back):
    """Add to `gain` and `back` (m,) what each site saves people, while the first point is open and closed.

    Places (k, 2), neighbours side by side, are `first` metres from their nearest point and
    `second` from the next. `gain` grows by Σ people · (first − d)⁺; `back` by
    Σ people · (second − max(d, first))⁺: how much of the way to the second is spared.
    """
    for low in range(0, len(place), PATCH):
        high = min(low + PATCH, len(place))
        box = _box(place[low:high])
        reach = second[low:high].max()
        for j in range(len(site)):
            x, y = site[j, 0], site[j, 1]
            if _far(x, y, box, reach):
                continue
            more, less = 0.0, 0.0
            for i in range(low, high):
                dx, dy = place[i, 0] - x, place[i, 1] - y
                square = dx * dx + dy * dy
                if square < second[i] * second[i]:
                    away = np.sqrt(square)
                    if away < first[i]:
                        more += people[i] * (first[i] - away)
                        away = first[i]
                    less += people[i] * (second[i] - away)
            gain[j] += more
            back[j] += less


@njit(cache=True)
def least_worst(place, second, site, allowed):
    """Return the allowed site with which the worst of min(second, d) is least, and that worst.

    −1 and the worst of `second` where no site makes it less. Of equal sites the first.
    """
    box = _box(place)
    # Whoever has farthest to go decides most often, and is asked first.
    order = np.argsort(-second, kind="mergesort")
    best, worst = -1, second[order[0]]
    for j in range(len(site)):
        if not allowed[j] or _far(site[j, 0], site[j, 1], box, worst):
            continue
        here = 0.0
        for i in order:
            if second[i] <= here:
                break
            dx, dy = place[i, 0] - site[j, 0], place[i, 1] - site[j, 1]
            here = max(here, min(second[i], np.sqrt(dx * dx + dy * dy)))
            if here >= worst:
                break
        if here < worst:
            best, worst = j, here
    return best, worst
