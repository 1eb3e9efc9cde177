"""People-weighted k-means over the unserved, its centres moved to admissible sites.

Offered for comparison: k-means minimises squared distance, not people beyond the standard,
and serves fewer people than maximum coverage with as many points of the same candidates.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from planning.siting.coverage import Answer, by_gain, people_of, relaxed
from planning.siting.problem import SitingProblem

_STARTS = 3


def solve(problem: SitingProblem, seed: int) -> Answer:
    """Choose candidates near the cluster centres, each at most once; bound as for any choice.

    The centre of the most populous cluster takes the candidate nearest to it first. The
    same problem and seed give the same answer.
    """
    centres = _centres(problem, seed)
    sites = KDTree(problem.candidates.xy)
    free = np.ones(len(problem.candidates.xy), dtype=bool)
    chosen: list[int] = []
    for centre in centres[: len(free)]:
        near = np.atleast_1d(sites.query(centre, k=min(len(free), len(chosen) + 1))[1])
        first = next(int(each) for each in near if free[each])
        free[first] = False
        chosen.append(first)
    return Answer(by_gain(problem, chosen), relaxed(problem, people_of(problem, chosen)).bound)


def _centres(problem: SitingProblem, seed: int) -> NDArray[np.float64]:
    """Return the cluster centres in metres, shape (k, 2), most people first."""
    count = min(problem.points, len(problem.place), len(problem.candidates.xy))
    if not count:
        return np.empty((0, 2))
    model = KMeans(count, n_init=_STARTS, random_state=seed)
    with threadpool_limits(1):  # the same sums, and so the same centres, on every machine
        labels = model.fit(problem.place, sample_weight=problem.people).labels_
    people = np.bincount(labels, problem.people, minlength=count)
    centres: NDArray[np.float64] = model.cluster_centers_[np.argsort(-people, kind="stable")]
    return centres
