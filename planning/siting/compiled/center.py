"""Compiled search for sites that cover every row, by weights that grow where it is hard.

Row weighting local search (Gao, Weise and Li 2015, for set covering): one site is closed
where it costs least, one that covers a row left bare is opened, and every bare row weighs
more from step to step. It stays within the rules throughout.
"""

import numpy as np
from numba import njit

from planning.siting.compiled.median import NONE, count_in, permitted

_FACTOR, _PLUS = np.uint64(6364136223846793005), np.uint64(1442695040888963407)


@njit(cache=True)
def _cover(rows, sites, state, j):
    """Count a site as open: rows it covers first no longer call for others."""
    row_first, row_site = rows
    site_first, site_row = sites
    times, names, weight, gain, loss = state
    for k in range(site_first[j], site_first[j + 1]):
        r = site_row[k]
        if times[r] == 0:
            loss[j] += weight[r]
            for t in range(row_first[r], row_first[r + 1]):
                gain[row_site[t]] -= weight[r]
        elif times[r] == 1:
            loss[names[r]] -= weight[r]
        times[r] += 1
        names[r] += j  # where one site covers a row, the sum of names is its name


@njit(cache=True)
def _uncover(rows, sites, state, j):
    """Count a site as closed."""
    row_first, row_site = rows
    site_first, site_row = sites
    times, names, weight, gain, loss = state
    for k in range(site_first[j], site_first[j + 1]):
        r = site_row[k]
        times[r] -= 1
        names[r] -= j
        if times[r] == 0:
            for t in range(row_first[r], row_first[r + 1]):
                gain[row_site[t]] += weight[r]
        elif times[r] == 1:
            loss[names[r]] += weight[r]
    loss[j] = 0


@njit(cache=True)
def _opening(rows, r, gain, limits, load, clashing, taken, out):
    """Return the best site that covers a row and may be opened if `out` closes; −1: none."""
    best = NONE
    for t in range(rows[0][r], rows[0][r + 1]):
        j = rows[1][t]
        if taken[j] or j == out or (best != NONE and gain[j] <= gain[best]):
            continue
        if permitted(limits, load, clashing, j, out):
            best = j
    return best


@njit(cache=True)
def _leaving(now, locked, loss, stamp, step):
    """Return the slot of the open site that is missed least, the longest open first; −1: none.

    Neither locked-in sites nor the one opened last leave.
    """
    out = NONE
    for s in range(len(now)):
        j = now[s]
        if locked[j] or stamp[j] == step - 1:
            continue
        if out == NONE or (loss[j], stamp[j]) < (loss[now[out]], stamp[now[out]]):
            out = s
    return out


@njit(cache=True)
def cover_search(rows, sites, limits, counts, chosen, most, steps, seed):
    """Return a choice that covers every row, or the last one tried, and whether it covers all.

    `rows` (first, sites of each row) and `sites` (first, rows of each site) say who covers
    what. `chosen` obeys the rules, `counts` (load, clashing) is what they count for it and is
    rewritten.
    """
    load, clashing = counts
    count, every = len(rows[0]) - 1, len(sites[0]) - 1
    state = (
        np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64),
        np.ones(count, dtype=np.int64), np.diff(sites[0]), np.zeros(every, dtype=np.int64),
    )  # fmt: skip
    times, _, weight, gain, loss = state
    now = np.empty(most, dtype=np.int64)
    now[: len(chosen)] = chosen
    used = len(chosen)
    taken = np.zeros(every, dtype=np.bool_)
    stamp = np.full(every, -1)
    for j in chosen:
        taken[j] = True
        _cover(rows, sites, state, j)
    chance = np.uint64(seed)
    for step in range(1, steps + 1):
        bare = np.flatnonzero(times == 0)
        if not len(bare):
            return now[:used], True
        out = NONE
        if used == most:
            out = _leaving(now[:used], limits.locked, loss, stamp, step)
            if out == NONE:
                break
            _uncover(rows, sites, state, now[out])
            bare = np.flatnonzero(times == 0)
        chance = chance * _FACTOR + _PLUS
        r = bare[(chance >> np.uint64(33)) % np.uint64(len(bare))]
        leaves = now[out] if out != NONE else NONE
        j = _opening(rows, r, gain, limits, load, clashing, taken, leaves)
        if out != NONE:
            stamp[leaves] = step
            if j == NONE:
                _cover(rows, sites, state, leaves)
                continue
            taken[leaves] = False
            count_in(limits, load, clashing, leaves, -1)
        elif j == NONE:
            most = used
            continue
        else:
            out = used
            used += 1
        now[out], taken[j], stamp[j] = j, True, step
        _cover(rows, sites, state, j)
        count_in(limits, load, clashing, j, 1)
        for r in bare:
            if times[r] == 0:
                weight[r] += 1
                for t in range(rows[0][r], rows[0][r + 1]):
                    gain[rows[1][t]] += 1
    return now[:used], not (times == 0).any()
