"""Compiled inner loops over runs: build, gather, spread, count.

Each has a twin in plain numpy in the tests that it must equal. Serial and without
reordering of sums, so that every machine gets the same numbers. Compiled once, at set-up:
`python -m planning.siting.warm`.
"""

import numpy as np
from numba import njit

LEAF, FAN = 16, 8  # places in a leaf box, boxes in the box above
BLOCK_BITS = 7  # places are summed in blocks of 128


@njit(cache=True)
def curve_keys(x, y, low_x, low_y, span, bits):
    """Return where places lie on a Hilbert curve of 2**bits × 2**bits cells over a square."""
    keys = np.empty(len(x), dtype=np.int64)
    cells = float((1 << bits) - 1)
    for i in range(len(x)):
        a = int((x[i] - low_x) / span * cells)
        b = int((y[i] - low_y) / span * cells)
        key = 0
        for bit in range(bits - 1, -1, -1):
            right, upper = (a >> bit) & 1, (b >> bit) & 1
            key = (key << 2) | ((3 * right) ^ upper)
            # The quarter is turned so that its own curve enters and leaves rightly: the lower
            # ones change places, the right one of them mirrored. Masks spare a guess each time.
            mirror, swap = -(right & (1 - upper)), upper - 1
            a, b = a ^ mirror, b ^ mirror
            other = (a ^ b) & swap
            a, b = a ^ other, b ^ other
        keys[i] = key
    return keys


@njit(cache=True)
def boxes(x, y, radius):
    """Return a tree of boxes over places in curve order: six bounds each, level by level."""
    count = (len(x) + LEAF - 1) // LEAF
    total, size = 0, count
    while True:
        total += size
        if size <= 1:
            break
        size = (size + FAN - 1) // FAN
    box = np.empty((max(total, 1), 6))
    for b in range(count):
        first, last = b * LEAF, min((b + 1) * LEAF, len(x))
        box[b, 0] = x[first:last].min()
        box[b, 1] = x[first:last].max()
        box[b, 2] = y[first:last].min()
        box[b, 3] = y[first:last].max()
        box[b, 4] = radius[first:last].min()
        box[b, 5] = radius[first:last].max()
    below, size = 0, count
    while size > 1:
        above, more = below + size, (size + FAN - 1) // FAN
        for b in range(more):
            first, last = below + b * FAN, below + min((b + 1) * FAN, size)
            for k in range(3):
                box[above + b, 2 * k] = box[first:last, 2 * k].min()
                box[above + b, 2 * k + 1] = box[first:last, 2 * k + 1].max()
        below, size = above, more
    return box


@njit(cache=True)
def _levels(places):
    """Return where each level of the tree begins, leaves first, and its number of levels."""
    starts = np.zeros(40, dtype=np.int64)
    size, levels = (places + LEAF - 1) // LEAF, 1
    while size > 1:
        starts[levels] = starts[levels - 1] + size
        size = (size + FAN - 1) // FAN
        levels += 1
    return starts, levels


@njit(cache=True)
def straight_runs(x, y, radius, box, site_x, site_y):
    """Return the runs of places within their own radius of each site.

    Boxes wholly within reach are taken as a whole, boxes out of reach are left; only at the
    rim single places are measured. Rounding is monotone, so a box never contradicts its
    places.
    """
    starts, levels = _levels(len(x))
    sizes = np.zeros(levels, dtype=np.int64)
    sizes[0] = (len(x) + LEAF - 1) // LEAF
    span = np.ones(levels, dtype=np.int64)
    span[0] = LEAF
    for level in range(1, levels):
        sizes[level] = (sizes[level - 1] + FAN - 1) // FAN
        span[level] = span[level - 1] * FAN
    start = np.empty(max(64, 24 * len(site_x)), dtype=np.int32)
    end = np.empty_like(start)
    first = np.zeros(len(site_x) + 1, dtype=np.int64)
    used = 0
    at_level = np.empty(FAN * 40, dtype=np.int64)
    at_box = np.empty(FAN * 40, dtype=np.int64)
    for j in range(len(site_x)):
        sx, sy = site_x[j], site_y[j]
        last_end = -1
        depth = 0
        if len(x):
            at_level[0], at_box[0], depth = levels - 1, 0, 1
        while depth:
            depth -= 1
            level, b = at_level[depth], at_box[depth]
            one = box[starts[level] + b]
            near_x = max(max(one[0] - sx, sx - one[1]), 0.0)
            near_y = max(max(one[2] - sy, sy - one[3]), 0.0)
            if np.sqrt(near_x * near_x + near_y * near_y) > one[5]:
                continue
            far_x = max(abs(one[0] - sx), abs(one[1] - sx))
            far_y = max(abs(one[2] - sy), abs(one[3] - sy))
            low, high = b * span[level], min((b + 1) * span[level], len(x))
            inside = np.sqrt(far_x * far_x + far_y * far_y) <= one[4]
            if not inside and level > 0:
                for child in range(min((b + 1) * FAN, sizes[level - 1]) - 1, b * FAN - 1, -1):
                    at_level[depth], at_box[depth] = level - 1, child
                    depth += 1
                continue
            i = low
            while i < high:
                if not inside:
                    dx, dy = x[i] - sx, y[i] - sy
                    if np.sqrt(dx * dx + dy * dy) > radius[i]:
                        i += 1
                        continue
                stop = high if inside else i + 1
                if i == last_end:
                    end[used - 1] = stop
                else:
                    if used == len(start):
                        start = np.concatenate((start, np.empty_like(start)))
                        end = np.concatenate((end, np.empty_like(end)))
                    start[used], end[used] = i, stop
                    used += 1
                last_end = stop
                i = stop
        first[j + 1] = used
    return start[:used].copy(), end[:used].copy(), first


@njit(cache=True)
def gather(start, end, first, weight, out):
    """Write into `out` (n_sites,) the sum of `weight` over each site's runs."""
    running = np.empty(len(weight) + 1, dtype=weight.dtype)
    running[0] = 0
    total = running[0]
    for i in range(len(weight)):
        total += weight[i]
        running[i + 1] = total
    for j in range(len(first) - 1):
        total = running[0]
        for k in range(first[j], first[j + 1]):
            total += running[end[k]] - running[start[k]]
        out[j] = total


@njit(cache=True)
def spread(start, end, first, share, out):
    """Write into `out` (n_places,) the sum of the shares of the sites that serve each place."""
    change = np.zeros(len(out) + 1, dtype=share.dtype)
    for j in range(len(first) - 1):
        value = share[j]
        if value != 0:
            for k in range(first[j], first[j + 1]):
                change[start[k]] += value
                change[end[k]] -= value
    total = change[0]
    for i in range(len(out)):
        if i:
            total += change[i]
        out[i] = total
