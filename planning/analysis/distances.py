"""Distances of people summed up: weighted means, quantiles and inequality."""

import numpy as np
from numpy.typing import NDArray

from planning.model.coverage import DistanceSummary

NOTHING = DistanceSummary(None, None, None, None, None)


def summary(metres: NDArray[np.float64], people: NDArray[np.int64]) -> DistanceSummary:
    """Sum up distances (n,) in metres weighted by whole persons (n,).

    A quantile q is the smallest distance within which at least q of the people live. All
    values are None when nobody lives here or any distance is infinite (no open point).
    """
    total = int(people.sum())
    if not total or not np.isfinite(metres).all():
        return NOTHING
    order = np.argsort(metres, kind="stable")
    far, count = metres[order], people[order]
    within = np.cumsum(count)
    median, p90 = (float(far[np.searchsorted(within, q * total)]) for q in (0.5, 0.9))
    return DistanceSummary(
        mean_m=float((far * count).sum() / total),
        median_m=median, p90_m=p90, max_m=float(far[-1]),
        gini=_gini(far, count),
    )  # fmt: skip


def _gini(far: NDArray[np.float64], count: NDArray[np.int64]) -> float:
    """Return the Gini index of distances in rising order: 1 − 2 × area under the Lorenz curve."""
    burden = np.cumsum(far * count)
    if burden[-1] == 0:
        return 0.0
    lorenz = np.concatenate([[0.0], burden / burden[-1]])
    share = count / count.sum()
    return float(1.0 - ((lorenz[1:] + lorenz[:-1]) * share).sum())
