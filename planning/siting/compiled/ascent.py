"""Compiled steps of the primal-dual method that `relaxation` drives."""

import numpy as np
from numba import njit


@njit(cache=True)
def capped(value, step, low, most, price):
    """Clip `value` in place to low..1 with sum ≤ `most`, nearest in the steps' measure.

    Returns the price θ of the cap: each value is clip(v − θ·step, low, 1). Newton's method
    on a falling, piecewise straight function, kept inside a bracket.
    """
    total = 0.0
    for j in range(len(value)):
        total += min(max(value[j], low[j]), 1.0)
    if total <= most:
        for j in range(len(value)):
            value[j] = min(max(value[j], low[j]), 1.0)
        return 0.0
    left, right, theta = 0.0, np.inf, price
    for _ in range(60):
        total, slope = 0.0, 0.0
        for j in range(len(value)):
            v = value[j] - theta * step[j]
            if v <= low[j]:
                total += low[j]
            elif v >= 1.0:
                total += 1.0
            else:
                total += v
                slope += step[j]
        if abs(total - most) <= 1e-9 * most:
            break
        if total > most:
            left = theta
        else:
            right = theta
        further = theta + (total - most) / slope if slope > 0.0 else np.inf
        if not left < further < right:
            further = (left + right) / 2 if right < np.inf else 2 * theta + 1e-6
        theta = further
    for j in range(len(value)):
        value[j] = min(max(value[j] - theta * step[j], low[j]), 1.0)
    return theta


@njit(cache=True)
def row_pull(row_first, row_site, row_each, nu, out):
    """Subtract from `out` (n_sites,) what the rows' prices `nu` cost each site."""
    for r in range(len(row_first) - 1):
        if nu[r] != 0.0:
            for k in range(row_first[r], row_first[r + 1]):
                out[row_site[k]] -= row_each[k] * nu[r]


@njit(cache=True)
def along_the_curve(start, end, first):
    """Return the sites by the middle places they serve, and their runs in that order.

    Neighbours read the same sums, and of a country those are more than a processor keeps at
    hand: a step over the sites in this order takes two thirds of the time.
    """
    middle = np.full(len(first) - 1, -1, dtype=np.int64)
    for j in range(len(middle)):
        if first[j] < first[j + 1]:
            middle[j] = start[(first[j] + first[j + 1]) // 2]
    order = np.argsort(middle, kind="mergesort")
    starts, ends, firsts = np.empty_like(start), np.empty_like(end), np.zeros_like(first)
    used = 0
    for q in range(len(order)):
        for k in range(first[order[q]], first[order[q] + 1]):
            starts[used], ends[used] = start[k], end[k]
            used += 1
        firsts[q + 1] = used
    return order, starts, ends, firsts


@njit(cache=True)
def iterate(runs, box, rows, point, anchor, out, taken, steps):
    """Take `steps` reflected, anchored primal-dual steps; `taken` were taken since the anchor.

    `runs` is (start, end, first); `box` (ceiling of μ, low of y, most sites, τ, σ, balance);
    `rows` (first, site, each, side, σ) where row r stands for side ≥ Σ each · y. `point`
    (y, μ, ν, [θ]) is changed in place, `anchor` (y, μ, ν) is where it began, and `out`
    (y, μ, ν) receives the last step's feasible end. One pass over the places does all that
    concerns them: sum the shares that reach them, price them, and sum their prices.
    """
    order, start, end, first = along_the_curve(*runs)
    ceiling, low, most, tau, sigma, balance = box
    row_first, row_site, row_each, side, row_sigma = rows
    y, mu, nu, theta = point
    y_0, mu_0, nu_0 = anchor
    y_out, mu_out, nu_out = out
    ahead = np.empty_like(y)
    change, running = np.zeros(len(mu) + 1), np.zeros(len(mu) + 1)
    step, place_step = tau / balance, sigma * balance
    for i in range(len(mu)):
        running[i + 1] = running[i] + mu[i]
    for done in range(taken, taken + steps):
        back = 1.0 / (done + 2.0)  # how much of the anchor is mixed in
        on = 1.0 - back
        for q in range(len(order)):
            pulled = 0.0
            for k in range(first[q], first[q + 1]):
                pulled += running[end[k]] - running[start[k]]
            ahead[order[q]] = pulled
        row_pull(row_first, row_site, row_each, nu, ahead)
        for j in range(len(y)):
            ahead[j] = y[j] + step[j] * ahead[j]
        theta[0] = capped(ahead, step, low, most, theta[0])
        for q in range(len(order)):
            j = order[q]
            value = 2.0 * ahead[j] - y[j]
            y_out[j] = ahead[j]
            y[j] = on * value + back * y_0[j]
            ahead[j] = value
            if value != 0.0:
                for k in range(first[q], first[q + 1]):
                    change[start[k]] += value
                    change[end[k]] -= value
        reached = 0.0
        for i in range(len(mu)):
            reached += change[i]
            change[i] = 0.0
            value = min(max(mu[i] + place_step[i] * (1.0 - reached), 0.0), ceiling[i])
            mu_out[i] = value
            mu[i] = on * (2.0 * value - mu[i]) + back * mu_0[i]
            running[i + 1] = running[i] + mu[i]
        change[len(mu)] = 0.0
        for r in range(len(nu)):
            load = 0.0
            for k in range(row_first[r], row_first[r + 1]):
                load += row_each[k] * ahead[row_site[k]]
            nu_out[r] = max(nu[r] + balance * row_sigma[r] * (load - side[r]), 0.0)
            nu[r] = on * (2.0 * nu_out[r] - nu[r]) + back * nu_0[r]
