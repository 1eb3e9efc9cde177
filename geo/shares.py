"""Whole things shared by weights, none lost."""

import numpy as np
from numpy.typing import NDArray


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Share `total` whole things by `weights` (n,), not negative: shape (n,), sum `total`.

    Hamilton's method: everyone gets the whole part of the fair share, what is left goes to
    the largest remainders, equal ones in order. All weights zero: shared evenly.
    """
    if not weights.sum() > 0:
        weights = np.ones(len(weights))
    fair: NDArray[np.float64] = weights / weights.sum() * total
    share = np.floor(fair).astype(np.int64)
    left = total - int(share.sum())
    order = np.argsort(-(fair - share), kind="stable")
    share[order[:left]] += 1
    return share
