"""Where unserved people gather: a density-based clustering model weighted by people."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import DBSCAN, KMeans
from sklearn.utils.validation import _check_sample_weight, validate_data
from threadpoolctl import threadpool_limits

_MOST_PIECES = 8


class PeopleClusters(ClusterMixin, BaseEstimator):
    """DBSCAN over places weighted by people, long chains cut to a size one can serve.

    A place is dense when at least `least_people` live within `spacing_m` of it; dense places
    within that spacing of each other form a cluster, with the thinner places around them.
    A cluster that reaches further than `extent_m` from its middle is cut by people-weighted
    k-means into parts that do not, so that an endless row of hamlets along a canal becomes
    several gaps one can name. Everything else is scattered: label −1.

    Follows Ester, Kriegel, Sander and Xu (KDD 1996) with weights; the same input in the same
    order gives the same labels, and rows in another order the same partition up to ties.

    Parameters
    ----------
    spacing_m : float
        Reach of a neighbourhood in metres.
    least_people : int
        People in a neighbourhood that make its middle dense.
    extent_m : float
        Farthest that a place of a cluster may lie from the cluster's middle, in metres.
    random_state : int
        Seed of the cutting.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Cluster of each place, 0..k−1, or −1 for scattered.
    """

    def __init__(
        self,
        spacing_m: float = 1000.0,
        least_people: int = 300,
        extent_m: float = 5000.0,
        random_state: int = 7,
    ) -> None:
        self.spacing_m = spacing_m
        self.least_people = least_people
        self.extent_m = extent_m
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Cluster places `X` in metres, shape (n_samples, 2), weighted by people."""
        places = validate_data(self, X, dtype=np.float64)
        people = _check_sample_weight(sample_weight, places, dtype=np.float64)
        model = DBSCAN(eps=self.spacing_m, min_samples=self.least_people)
        # One thread: the sums' order, and so the result, is the same on every machine, and
        # many small fits are faster without threads waiting for each other.
        with threadpool_limits(1):
            labels = model.fit(places, sample_weight=people).labels_
            self.labels_ = self._cut(places, people, labels)
        return self

    def _cut(
        self, places: NDArray[np.float64], people: NDArray[np.float64], labels: NDArray[np.intp]
    ) -> NDArray[np.intp]:
        """Return the labels with every cluster of too great an extent cut into parts."""
        cut = np.full(len(labels), -1)
        free = 0
        for label in range(labels.max() + 1):
            rows = np.flatnonzero(labels == label)
            parts = self._parts(places[rows], people[rows])
            cut[rows] = parts + free
            free += int(parts.max()) + 1
        return cut

    def _parts(self, places: NDArray[np.float64], people: NDArray[np.float64]) -> NDArray[np.intp]:
        """Cut one cluster again and again where it is too wide; return the part of each place."""
        parts = np.zeros(len(places), dtype=np.intp)
        waiting = [np.arange(len(places))]
        free = 0
        while waiting:
            rows = waiting.pop()
            extent = _extent(places[rows], people[rows])
            if extent <= self.extent_m:
                parts[rows] = free
                free += 1
                continue
            # As many pieces as fit the ground, few at a time: cutting in steps is fast.
            pieces = min(max(2, int((extent / self.extent_m) ** 2)), _MOST_PIECES, len(rows))
            model = KMeans(pieces, n_init=1, random_state=self.random_state)
            labels = model.fit(places[rows], sample_weight=people[rows]).labels_
            waiting.extend(rows[labels == each] for each in np.unique(labels)[::-1])
        return parts


def _extent(places: NDArray[np.float64], people: NDArray[np.float64]) -> float:
    """Return how far any place lies from the people-weighted middle."""
    away = places - np.average(places, axis=0, weights=people)
    return float(np.linalg.norm(away, axis=1).max())
