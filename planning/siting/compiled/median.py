"""Compiled loops of the p-median: lists of near sites, greedy, interchange, the dual.

Every place has a list of the sites near it, nearest first; all loops walk such lists from
the front and stop where nothing can change. Serial and without reordering of sums, so that
every machine gets the same numbers. Each loop has a twin in plain numpy in the tests.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

NONE = -1
_LOW = 0xFFFFFFFF


class Demand(NamedTuple):
    """Places k with people, and for each the list `row[k]` of near sites, nearest first.

    List i is `site[first[i]:first[i + 1]]` with distances `metres` (float32 rounded down
    where there are many). `cap` is what counts for a place where no listed site is open.
    """

    row: np.ndarray
    people: np.ndarray
    cap: np.ndarray
    first: np.ndarray
    site: np.ndarray
    metres: np.ndarray


class Limits(NamedTuple):
    """The rules site by site: the rows it stands in with its amounts, and whom it clashes with."""

    site_first: np.ndarray
    site_row: np.ndarray
    site_each: np.ndarray
    least: np.ndarray
    most: np.ndarray
    clash_first: np.ndarray
    clash_site: np.ndarray
    locked: np.ndarray


@njit(cache=True)
def _write_sorted(keys, first, site, metres, bits):
    """Write a list given as (distance bits, site) keys: nearest first, then smallest site."""
    keys.sort()
    narrow = bits.view(np.float32)
    for t in range(len(keys)):
        site[first + t] = keys[t] & _LOW
        bits[0] = keys[t] >> 32
        metres[first + t] = narrow[0]


@njit(cache=True)
def _key(away, site, bits):
    """Return one whole number that sorts by distance, as float32 rounded down, then by site."""
    narrow = bits.view(np.float32)
    narrow[0] = away
    if np.float64(narrow[0]) > away:
        bits[0] -= 1
    return (np.int64(bits[0]) << 32) | site


@njit(cache=True)
def straight_lists(place, limit, site, cell, across, first_of, members):
    """Return `first`, `site`, `metres` of the sites within each place's limit (≤).

    `members` are the sites cell by cell (cells of side `cell`, `across` of them in a row of
    the grid), those of cell c from `first_of[c]`; places and sites are relative to the corner.
    """
    down = (len(first_of) - 1) // across
    first = np.zeros(len(place) + 1, dtype=np.int64)
    bits = np.zeros(1, dtype=np.int32)
    at, metres = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
    keys = np.empty(0, dtype=np.int64)
    for fill in range(2):
        longest = 0
        for i in range(len(place)):
            x, y, reach = place[i, 0], place[i, 1], limit[i]
            left, right = max(int((x - reach) / cell), 0), min(int((x + reach) / cell), across - 1)
            low, high = max(int((y - reach) / cell), 0), min(int((y + reach) / cell), down - 1)
            count = 0
            for c in range(low * across, (high + 1) * across, across):
                for s in range(first_of[c + left], first_of[c + right + 1]):
                    dx, dy = x - site[members[s], 0], y - site[members[s], 1]
                    away = np.sqrt(dx * dx + dy * dy)
                    if away <= reach:
                        if fill:
                            keys[count] = _key(away, members[s], bits)
                        count += 1
            if fill:
                _write_sorted(keys[:count], first[i], at, metres, bits)
            first[i + 1] = first[i] + count
            longest = max(longest, count)
        if not fill:
            at = np.empty(first[-1], dtype=np.int32)
            metres = np.empty(first[-1], dtype=np.float32)
            keys = np.empty(longest, dtype=np.int64)
    return first, at, metres


@njit(cache=True)
def sorted_lists(first, site, away):
    """Return `first`, `site`, `metres` of lists that are in no order yet."""
    at, metres = np.empty(len(site), dtype=np.int32), np.empty(len(site), dtype=np.float32)
    bits = np.zeros(1, dtype=np.int32)
    for i in range(len(first) - 1):
        keys = np.empty(first[i + 1] - first[i], dtype=np.int64)
        for t in range(len(keys)):
            keys[t] = _key(away[first[i] + t], site[first[i] + t], bits)
        _write_sorted(keys, first[i], at, metres, bits)
    return first, at, metres


@njit(cache=True)
def two_nearest(demand, taken):
    """Return the cost of a choice, and of each place the two nearest chosen sites and how far.

    Returns (cost, metres (n, 2), sites (n, 2)); a site is −1 where the cap counts.
    """
    count = len(demand.row)
    away, who = np.empty((count, 2)), np.full((count, 2), NONE, dtype=np.int32)
    cost = 0.0
    for k in range(count):
        away[k, 0] = away[k, 1] = demand.cap[k]
        found = 0
        for t in range(demand.first[demand.row[k]], demand.first[demand.row[k] + 1]):
            if taken[demand.site[t]]:
                away[k, found], who[k, found] = demand.metres[t], demand.site[t]
                found += 1
                if found == 2:
                    break
        cost += demand.people[k] * away[k, 0]
    return cost, away, who


@njit(cache=True)
def shortened(demand, position):
    """Return the lists of these places with only some sites, renumbered by `position` (−1: left out)."""
    first = np.zeros(len(demand.row) + 1, dtype=np.int64)
    site, metres = np.empty(0, dtype=demand.site.dtype), np.empty(0, dtype=demand.metres.dtype)
    for fill in range(2):
        for k in range(len(demand.row)):
            used = first[k]
            for t in range(demand.first[demand.row[k]], demand.first[demand.row[k] + 1]):
                if position[demand.site[t]] != NONE:
                    if fill:
                        site[used], metres[used] = position[demand.site[t]], demand.metres[t]
                    used += 1
            first[k + 1] = used
        if not fill:
            site = np.empty(first[-1], dtype=demand.site.dtype)
            metres = np.empty(first[-1], dtype=demand.metres.dtype)
    return first, site, metres


@njit(cache=True)
def savings(demand, radius, saved):
    """Write into `saved` (n_sites,) the sum over places of people · (radius − distance)⁺."""
    saved[:] = 0.0
    for k in range(len(demand.row)):
        for t in range(demand.first[demand.row[k]], demand.first[demand.row[k] + 1]):
            if demand.metres[t] >= radius[k]:
                break
            saved[demand.site[t]] += demand.people[k] * (radius[k] - demand.metres[t])


@njit(cache=True)
def greedy(demand, taken, most):
    """Add to `taken`, one after another, the site that saves most, up to `most` sites in all."""
    _, near, _ = two_nearest(demand, taken)
    away = near[:, 0].copy()
    saved = np.empty(len(taken))
    savings(demand, away, saved)
    for _ in range(taken.sum(), min(most, len(taken))):
        saved[taken] = -1.0
        best = saved.argmax()
        if saved[best] <= 0.0:
            break
        taken[best] = True
        for k in range(len(away)):
            first, end = demand.first[demand.row[k]], demand.first[demand.row[k] + 1]
            new = away[k]
            for t in range(first, end):
                if demand.metres[t] >= away[k]:
                    break
                if demand.site[t] == best:
                    new = demand.metres[t]
                    break
            if new == away[k]:
                continue
            for t in range(first, end):
                if demand.metres[t] >= away[k]:
                    break
                less = away[k] - max(new, demand.metres[t])
                saved[demand.site[t]] -= demand.people[k] * less
            away[k] = new


@njit(cache=True)
def swap_worth(demand, away, who, slot, gain, loss, extra):
    """Write what opening gains, closing loses, and what doing both saves beside.

    With s = `slot` of a chosen site, opening j and closing s changes the cost by
    `loss[s] - extra[j, s] - gain[j]` (Resende and Werneck 2007). All three start at zero.
    """
    for k in range(len(demand.row)):
        people, one, two = demand.people[k], away[k, 0], away[k, 1]
        s = slot[who[k, 0]] if who[k, 0] != NONE else NONE
        if s != NONE:
            loss[s] += people * (two - one)
        end = two if s != NONE else one
        for t in range(demand.first[demand.row[k]], demand.first[demand.row[k] + 1]):
            metres, j = demand.metres[t], demand.site[t]
            if metres >= end:
                break
            if metres < one:
                gain[j] += people * (one - metres)
            if s != NONE:
                extra[j, s] += people * (two - max(metres, one))


@njit(cache=True)
def _amount(limits, site, row):
    for k in range(limits.site_first[site], limits.site_first[site + 1]):
        if limits.site_row[k] == row:
            return limits.site_each[k]
    return 0


@njit(cache=True)
def permitted(limits, load, clashing, site, out):
    """Return whether the rules allow to open a site and close `out` (−1: nothing).

    `load` (rows,) is the sum of each row now, `clashing` how many open sites each clashes with.
    """
    clashes = clashing[site]
    if out != NONE:
        if limits.locked[out]:
            return False
        for k in range(limits.clash_first[site], limits.clash_first[site + 1]):
            if limits.clash_site[k] == out:
                clashes -= 1
        for k in range(limits.site_first[out], limits.site_first[out + 1]):
            row = limits.site_row[k]
            now = load[row] - limits.site_each[k] + _amount(limits, site, row)
            if now < limits.least[row]:
                return False
    if clashes > 0:
        return False
    for k in range(limits.site_first[site], limits.site_first[site + 1]):
        row = limits.site_row[k]
        leaves = _amount(limits, out, row) if out != NONE else 0
        if load[row] + limits.site_each[k] - leaves > limits.most[row]:
            return False
    return True


@njit(cache=True)
def count_in(limits, load, clashing, site, sign):
    """Add a site to what the rules count (sign 1), or take it away (−1)."""
    for k in range(limits.site_first[site], limits.site_first[site + 1]):
        load[limits.site_row[k]] += sign * limits.site_each[k]
    for k in range(limits.clash_first[site], limits.clash_first[site + 1]):
        clashing[limits.clash_site[k]] += sign


@njit(cache=True)
def counted(limits, chosen, load, clashing):
    """Add the sites of a choice to what the rules count; both arrays start at zero."""
    for site in chosen:
        count_in(limits, load, clashing, site, 1)


@njit(cache=True)
def _best_out(limits, load, clashing, chosen, room, j, worth):
    """Return the profit of opening j with the best slot to close for it (−1: none)."""
    gain, loss, extra = worth
    best, out = 0.0, NONE
    if room and permitted(limits, load, clashing, j, NONE):
        best = gain[j]
    for s in range(len(chosen)):
        profit = gain[j] - loss[s] + extra[j, s]
        if profit > best and permitted(limits, load, clashing, j, chosen[s]):
            best, out = profit, s
    return best, out


@njit(cache=True)
def take_swaps(limits, counts, chosen, most, worth, beside, enough, limit):
    """Make up to `limit` moves that do not touch one another, the most profitable first.

    `worth` is (gain, loss, extra) of `swap_worth`, `beside` (slots, slots) which chosen sites
    are nearest and second nearest to a common place. Moves whose touched slots are apart
    change different places, so that their profits add up. Returns the choice after them.
    """
    load, clashing = counts  # what the rules count for `chosen`; rewritten
    sites, slots = len(worth[0]), len(chosen)
    taken = np.zeros(sites, dtype=np.bool_)
    taken[chosen] = True
    gain, loss, extra = worth
    for s in range(slots):
        if limits.locked[chosen[s]]:
            loss[s] = np.inf
    profit, out = np.zeros(sites), np.full(sites, NONE)
    for j in range(sites):
        # No exchange pays more than the opening alone.
        if not taken[j] and gain[j] > enough:
            profit[j], out[j] = _best_out(limits, load, clashing, chosen, slots < most, j, worth)
    touched = np.zeros(extra.shape[1], dtype=np.bool_)
    after = np.empty(most, dtype=np.int64)
    after[:slots] = chosen
    used, moves = slots, 0
    for j in np.argsort(-profit, kind="mergesort"):
        if profit[j] <= enough or moves == limit:
            break
        s = out[j]
        near = extra[j] > 0.0
        if s != NONE:
            near |= beside[s]
            near[s] = True
        if (near & touched).any() or (s == NONE and used == most):
            continue
        leaves = after[s] if s != NONE else NONE
        if not permitted(limits, load, clashing, j, leaves):
            continue
        touched |= near
        moves += 1
        count_in(limits, load, clashing, j, 1)
        if s != NONE:
            count_in(limits, load, clashing, leaves, -1)
            after[s] = j
        else:
            after[used] = j
            used += 1
    return after[:used]


@njit(cache=True)
def dual_step(demand, limit, share, pace, state):
    """Move every place's radius to the best one near it, given the shares of the sites.

    `state` is (radius u, listed sites within it, saved, mass) and is rewritten. The radius of
    place i maximises u − Σⱼ shareⱼ (u − dᵢⱼ)⁺ − (u − u₀)² / 2τ, a walk along its list; then
    `saved[j]` = Σ people · (u − d)⁺ and `mass[j]` = Σ people over the places whose radius
    holds j.
    """
    radius, within, saved, mass = state
    saved[:] = 0.0
    mass[:] = 0.0
    for k in range(len(demand.row)):
        first, end = demand.first[demand.row[k]], demand.first[demand.row[k] + 1]
        step = pace / max(within[k], 1)
        slope, u = 1.0, radius[k] + step
        for t in range(first, end):
            if u <= demand.metres[t]:
                break
            slope -= share[demand.site[t]]
            u = max(radius[k] + step * slope, np.float64(demand.metres[t]))
        u = min(max(u, 0.0), limit[k])
        count = 0
        for t in range(first, end):
            if demand.metres[t] >= u:
                break
            saved[demand.site[t]] += demand.people[k] * (u - demand.metres[t])
            mass[demand.site[t]] += demand.people[k]
            count += 1
        radius[k], within[k] = u, count


@njit(cache=True)
def straight_savings(place, people, site, radius):
    """Return what `savings` of complete lists would say, without any list."""
    saved = np.zeros(len(site))
    for i in range(len(place)):
        x, y, reach = place[i, 0], place[i, 1], radius[i]
        square = reach * reach
        for j in range(len(site)):
            dx, dy = x - site[j, 0], y - site[j, 1]
            away = dx * dx + dy * dy
            if away < square:
                saved[j] += people[i] * (reach - np.sqrt(away))
    return saved
