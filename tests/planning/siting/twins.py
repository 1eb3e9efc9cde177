"""Plain twins of the compiled loops: the same answers, written without cleverness."""

import numpy as np


def served_matrix(place, radius, site):
    """Return who is within the radius of which place, 0/1 (n_sites, n_places)."""
    away = site[:, None, :] - place[None, :, :]
    return (np.sqrt(away[..., 0] ** 2 + away[..., 1] ** 2) <= radius).astype(np.int64)


def capped(value, step, low, most):
    """Return clip(value − θ·step, low, 1) with sum ≤ most, θ found by halving."""

    def at(theta):
        return np.clip(value - theta * step, low, 1.0)

    if at(0.0).sum() <= most:
        return at(0.0)
    left, right = 0.0, 1.0
    while at(right).sum() > most and right < 1e12:
        right *= 2
    for _ in range(200):
        middle = (left + right) / 2
        left, right = (middle, right) if at(middle).sum() > most else (left, middle)
    return at(right)


def stepped(served, box, rows, point, anchor, taken):
    """Return (y, μ, ν) after one reflected, anchored step, and the step's feasible end."""
    ceiling, low, most, tau, sigma, balance = box
    matrix, side, row_sigma = rows
    y, mu, nu = point
    pulled = served @ mu - matrix.T @ nu
    y_out = capped(y + tau / balance * pulled, tau / balance, low, most)
    ahead = 2 * y_out - y
    mu_out = np.clip(mu + balance * sigma * (1 - served.T @ ahead), 0, ceiling)
    nu_out = np.maximum(nu + balance * row_sigma * (matrix @ ahead - side), 0)
    back = 1 / (taken + 2)
    ends = (y_out, mu_out, nu_out)
    new = tuple((1 - back) * (2 * end - was) + back * first
                for end, was, first in zip(ends, point, anchor, strict=True))  # fmt: skip
    return new, ends


def worth(served, weight, chosen):
    """Return value, gain of each site not chosen, loss of each chosen one."""
    times = served[sorted(chosen)].sum(axis=0) if chosen else np.zeros(served.shape[1], dtype=int)
    value = int(weight[times > 0].sum())
    gain = served @ np.where(times == 0, weight, 0)
    loss = served @ np.where(times == 1, weight, 0)
    return value, gain, loss
