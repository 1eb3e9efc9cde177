"""The distribution of distances over people: classes of one kilometre, and the Lorenz curve."""

import numpy as np
from numpy.typing import NDArray

from planning.analysis.distances import summary
from planning.model.distribution import DistanceClass, Distribution

CLASS_KM = 1.0
CLASSES = 10  # of a kilometre each; one more holds everybody farther away
STEPS = 100  # corners of the Lorenz curve


def distribution(metres: NDArray[np.float64], people: NDArray[np.int64]) -> Distribution:
    """Return how distances (n,) in metres are spread over whole persons (n,)."""
    total = int(people.sum())
    if not total or not np.isfinite(metres).all():
        return Distribution(total, (), (), None)
    return Distribution(
        total, _classes(metres, people, total), _lorenz(metres, people),
        summary(metres, people).gini,
    )  # fmt: skip


def _classes(
    metres: NDArray[np.float64], people: NDArray[np.int64], total: int
) -> tuple[DistanceClass, ...]:
    at = np.minimum((metres // (CLASS_KM * 1000)).astype(int), CLASSES)
    counts = np.zeros(CLASSES + 1, dtype=np.int64)
    np.add.at(counts, at, people)
    return tuple(
        DistanceClass(
            row * CLASS_KM, (row + 1) * CLASS_KM if row < CLASSES else None, int(count),
            int(count) / total,
        )
        for row, count in enumerate(counts)
    )  # fmt: skip


def _lorenz(
    metres: NDArray[np.float64], people: NDArray[np.int64]
) -> tuple[tuple[float, float], ...]:
    """Return the curve at every hundredth of the people; a place is crossed in a straight line."""
    order = np.argsort(metres, kind="stable")
    counts = people[order].astype(float)
    burden = np.concatenate([[0.0], np.cumsum(metres[order] * counts)])
    if burden[-1] == 0:
        return ()
    heads = np.concatenate([[0.0], np.cumsum(counts)])
    share = np.arange(STEPS + 1) / STEPS
    borne = np.interp(share, heads / heads[-1], burden / burden[-1])
    return tuple((float(x), float(y)) for x, y in zip(share, borne, strict=True))
