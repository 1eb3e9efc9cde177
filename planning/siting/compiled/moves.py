"""Compiled moves on a choice of sites: open, close, exchange, ruin and rebuild.

`Ground` does not change; `State` holds one choice: how often every place is served and, up
to date after every move, what each site would gain and each chosen site would lose. Only
sites near what changed are counted anew: people are summed in blocks of places, and an
index tells which sites have runs in a block.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from planning.siting.compiled.runs import BLOCK_BITS

SIZE = 1 << BLOCK_BITS
NONE = -1
OF_STANDING = 0.2  # how often a ruin may begin at a point that is open today


class Ground(NamedTuple):
    """Runs, weights, and the rules site by site; see `search.ground` for how it is made."""

    start: np.ndarray
    end: np.ndarray
    first: np.ndarray
    weight: np.ndarray
    block_first: np.ndarray
    block_site: np.ndarray
    site_first: np.ndarray  # the rows each site stands in, and with which coefficient
    site_row: np.ndarray
    site_each: np.ndarray
    least: np.ndarray
    most: np.ndarray
    parent: np.ndarray  # the smallest row that holds this one whole, children first; or −1
    clash_first: np.ndarray
    clash: np.ndarray
    locked: np.ndarray
    standing: np.ndarray  # points that are open today and of which most stay
    price: np.ndarray  # what a site costs of what is scarce; all 1 where only the number is
    most_sites: int


class State(NamedTuple):
    """One choice of sites and all that follows from it."""

    times: np.ndarray  # how often each place is served
    free_in: np.ndarray
    sole_in: np.ndarray
    free_at: np.ndarray
    sole_at: np.ndarray
    taken: np.ndarray
    gain: np.ndarray
    loss: np.ndarray
    load: np.ndarray
    clashes: np.ndarray
    near: np.ndarray
    site_seen: np.ndarray
    block_seen: np.ndarray
    blocks: np.ndarray
    log: np.ndarray  # the moves made since the log was emptied: site + 1, negative when closed
    tally: np.ndarray


CHOSEN, VALUE, TICK, NEAR, LOGGED = 0, 1, 2, 3, 4  # what `tally` counts


@njit(cache=True)
def block_index(start, end, first, blocks):
    """Return which sites have runs in each block of places: (first (blocks + 1,), sites)."""
    amount = np.zeros(blocks + 1, dtype=np.int64)
    site = np.empty(0, dtype=np.int32)
    at = amount
    for fill in range(2):
        if fill:
            amount = np.cumsum(amount)
            site = np.empty(amount[-1], dtype=np.int32)
            at = amount[:-1].copy()
        for j in range(len(first) - 1):
            seen = -1
            for k in range(first[j], first[j + 1]):
                low = max(start[k] >> BLOCK_BITS, seen + 1)
                for b in range(low, ((end[k] - 1) >> BLOCK_BITS) + 1):
                    if fill:
                        site[at[b]] = j
                        at[b] += 1
                    else:
                        amount[b + 1] += 1
                    seen = b
    return amount, site


@njit(cache=True)
def blank(g):
    """Return the state in which nothing is chosen."""
    n, m = len(g.weight), len(g.first) - 1
    blocks = (n >> BLOCK_BITS) + 1
    s = State(
        np.zeros(n, dtype=np.int32), np.zeros(n + 1, dtype=np.int64),
        np.zeros(n + 1, dtype=np.int64), np.zeros(blocks + 1, dtype=np.int64),
        np.zeros(blocks + 1, dtype=np.int64), np.zeros(m, dtype=np.bool_),
        np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64),
        np.zeros(len(g.least), dtype=np.int64), np.zeros(m, dtype=np.int32),
        np.empty(m, dtype=np.int32), np.zeros(m, dtype=np.int64),
        np.zeros(blocks, dtype=np.int64), np.empty(blocks, dtype=np.int64),
        np.empty(4 * m + 64, dtype=np.int64), np.zeros(5, dtype=np.int64),
    )  # fmt: skip
    for b in range(blocks):
        free, sole = _sum_block(g, s, b)
        s.free_at[b + 1], s.sole_at[b + 1] = s.free_at[b] + free, s.sole_at[b] + sole
    for j in range(m):
        s.gain[j] = _people(g, s.free_at, s.free_in, j)
    return s


@njit(cache=True)
def _sum_block(g, s, b):
    """Sum one block anew: people nobody serves, and people served once."""
    free, sole = 0, 0
    for i in range(b * SIZE, min((b + 1) * SIZE, len(g.weight) + 1)):
        s.free_in[i], s.sole_in[i] = free, sole
        if i < len(g.weight):
            times = s.times[i]
            if times == 0:
                free += g.weight[i]
            elif times == 1:
                sole += g.weight[i]
    return free, sole


@njit(cache=True)
def _people(g, at, inside, j):
    """Return the people of one kind on the runs of a site."""
    total = 0
    for k in range(g.first[j], g.first[j + 1]):
        low, high = g.start[k], g.end[k]
        total += at[high >> BLOCK_BITS] + inside[high] - at[low >> BLOCK_BITS] - inside[low]
    return total


@njit(cache=True)
def move(g, s, site, by):
    """Open (`by` = 1) or close (−1) a site; afterwards `s.near` lists the sites near it."""
    s.tally[TICK] += 1
    tick, changed = s.tally[TICK], 0
    for k in range(g.first[site], g.first[site + 1]):
        for i in range(g.start[k], g.end[k]):
            before = s.times[i]
            s.times[i] = before + by
            if min(before, before + by) <= 1:
                b = i >> BLOCK_BITS
                if s.block_seen[b] != tick:
                    s.block_seen[b] = tick
                    s.blocks[changed] = b
                    changed += 1
    s.tally[VALUE] += s.gain[site] if by > 0 else -s.loss[site]
    s.tally[CHOSEN] += by
    if s.tally[LOGGED] < len(s.log):
        s.log[s.tally[LOGGED]] = by * (site + 1)
    s.tally[LOGGED] += 1
    s.taken[site] = by > 0
    for k in range(g.site_first[site], g.site_first[site + 1]):
        s.load[g.site_row[k]] += by * g.site_each[k]
    for k in range(g.clash_first[site], g.clash_first[site + 1]):
        s.clashes[g.clash[k]] += by
    _resum(g, s, changed)
    near = 0
    for c in range(changed):
        b = s.blocks[c]
        for k in range(g.block_first[b], g.block_first[b + 1]):
            j = g.block_site[k]
            if s.site_seen[j] != tick:
                s.site_seen[j] = tick
                s.near[near] = j
                near += 1
    s.tally[NEAR] = near
    for c in range(near):
        j = s.near[c]
        if s.taken[j]:
            s.gain[j], s.loss[j] = 0, _people(g, s.sole_at, s.sole_in, j)
        else:
            s.gain[j] = _people(g, s.free_at, s.free_in, j)


@njit(cache=True)
def _resum(g, s, changed):
    """Bring the sums of blocks up to date."""
    free_more, sole_more = 0, 0
    order = np.sort(s.blocks[:changed])
    for c in range(changed):
        b = order[c]
        free_was, sole_was = s.free_at[b + 1] - s.free_at[b], s.sole_at[b + 1] - s.sole_at[b]
        free, sole = _sum_block(g, s, b)
        s.free_at[b] += free_more
        s.sole_at[b] += sole_more
        free_more += free - free_was
        sole_more += sole - sole_was
        stop = order[c + 1] if c + 1 < changed else len(s.free_at)
        for later in range(b + 1, stop):
            s.free_at[later] += free_more
            s.sole_at[later] += sole_more


@njit(cache=True)
def may_open(g, s, site):
    """Return whether a site breaks no upper limit."""
    if s.taken[site] or s.clashes[site] or s.tally[CHOSEN] >= g.most_sites:
        return False
    for k in range(g.site_first[site], g.site_first[site + 1]):
        r = g.site_row[k]
        if s.load[r] + g.site_each[k] > g.most[r]:
            return False
    return True


@njit(cache=True)
def _helps(g, s, site):
    """Return whether a site brings a row nearer to its least."""
    for k in range(g.site_first[site], g.site_first[site + 1]):
        r = g.site_row[k]
        if s.load[r] < g.least[r] and g.site_each[k] > 0:
            return True
    return False


@njit(cache=True)
def sites_owed(g, s):
    """Return how many more sites the least of all rows need; rows inside rows count once."""
    total = 0
    inside = np.zeros(len(g.least), dtype=np.int64)
    for r in range(len(g.least)):
        owed = max(g.least[r] - s.load[r], inside[r])
        if g.parent[r] >= 0:
            inside[g.parent[r]] += owed
        else:
            total += owed
    return total


@njit(cache=True)
def best_to_open(g, s, barred, bar):
    """Return the site worth most for its price that may be opened, or −1.

    Sites with `barred[site] == bar` are passed over. As soon as every site left is owed to
    some row, only sites that such a row counts are looked at.
    """
    left = g.most_sites - s.tally[CHOSEN]
    owed = sites_owed(g, s) if len(g.least) else 0
    must = owed >= left and owed > 0
    best, top = NONE, 0.0
    for j in range(len(s.gain)):
        worth = s.gain[j] / g.price[j]
        if worth > top or (must and best == NONE):
            if barred[j] == bar or not may_open(g, s, j):
                continue
            if must and not _helps(g, s, j):
                continue
            best, top = j, worth
    return best


@njit(cache=True)
def fill(g, s, barred, bar):
    """Open sites one by one, each worth most, while any is worth something or is owed."""
    while True:
        site = best_to_open(g, s, barred, bar)
        if site == NONE:
            break
        move(g, s, site, 1)


@njit(cache=True)
def kept(g, s):
    """Return whether every row has its least."""
    for r in range(len(g.least)):
        if s.load[r] < g.least[r]:
            return False
    return True


@njit(cache=True)
def exchange(g, s, fresh, nobody_barred):
    """Close one site and open a better one until no exchange gains people.

    `fresh` marks sites worth trying; it is cleared where a try gained nothing and set
    again near every exchange.
    """
    gained = True
    while gained:
        gained = False
        for old in range(len(s.taken)):
            if not s.taken[old] or not fresh[old] or g.locked[old]:
                continue
            value = s.tally[VALUE]
            move(g, s, old, -1)
            new = best_to_open(g, s, nobody_barred, 1)
            if new == NONE or s.tally[VALUE] + s.gain[new] <= value:
                move(g, s, old, 1)
                fresh[old] = False
                continue
            move(g, s, new, 1)
            if kept(g, s):
                gained = True
                for c in range(s.tally[NEAR]):
                    fresh[s.near[c]] = True
            else:
                move(g, s, new, -1)
                move(g, s, old, 1)
                fresh[old] = False


@njit(cache=True)
def undo(g, s):
    """Take back every move since the log was emptied."""
    for at in range(s.tally[LOGGED] - 1, -1, -1):
        site = s.log[at]
        move(g, s, abs(site) - 1, -1 if site > 0 else 1)
    s.tally[LOGGED] = 0


@njit(cache=True)
def _ruin(g, s, chance, barred, bar, most_out):
    """Close a random site and some of its neighbours, half of them barred for a while."""
    sites = np.flatnonzero(s.taken & ~g.locked & ~g.standing)
    if not len(sites) or chance.random() < OF_STANDING:
        sites = np.flatnonzero(s.taken & ~g.locked)
    if not len(sites):
        return
    middle = sites[int(chance.random() * len(sites))]
    move(g, s, middle, -1)
    barred[middle] = bar if chance.random() < 0.5 else 0
    around = s.near[: s.tally[NEAR]].copy()
    around = around[s.taken[around] & ~g.locked[around]]
    for _ in range(min(int(chance.random() * most_out), len(around))):
        site = around[int(chance.random() * len(around))]
        if s.taken[site]:
            move(g, s, site, -1)
            barred[site] = bar if chance.random() < 0.5 else 0


@njit(cache=True)
def rebuild(g, s, rounds, chance, most_out, slack):
    """Ruin and rebuild neighbourhoods; leave the best choice met, and say how often it grew.

    `chance` is a seeded generator. A rebuilt choice is kept when it is at most `slack` people worse than the one before
    (record-to-record travel, Dueck 1993; ruin and recreate, Schrimpf et al. 2000).
    """
    barred = np.zeros(len(s.taken), dtype=np.int64)
    best, best_taken, grew = s.tally[VALUE], s.taken.copy(), 0
    for bar in range(2, rounds + 2):
        s.tally[LOGGED] = 0
        value = s.tally[VALUE]
        _ruin(g, s, chance, barred, bar, most_out)
        fill(g, s, barred, bar)
        if s.tally[VALUE] < min(value, best - slack * (rounds + 1 - bar) / rounds) or not kept(
            g, s
        ):
            if s.tally[LOGGED] <= len(s.log):
                undo(g, s)
        elif s.tally[VALUE] > best:
            best, grew = s.tally[VALUE], grew + 1
            best_taken[:] = s.taken
    for site in range(len(best_taken)):
        if s.taken[site] and not best_taken[site]:
            move(g, s, site, -1)
    for site in range(len(best_taken)):
        if best_taken[site] and not s.taken[site]:
            move(g, s, site, 1)
    return grew
