"""People-weighted k-means over the unserved, its centres moved to admissible sites.

Offered for comparison: k-means minimises squared distance, not people beyond the standard,
and serves fewer people than maximum coverage with as many points of the same candidates.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from planning.siting.covering.relaxation import Relaxation
from planning.siting.covering.runs import curve_order
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import covering
from planning.siting.distances import StraightDistances
from planning.siting.problem import Answer, SitingProblem, Stopped

_STARTS = 3
_STEPS = 480  # of the relaxation, for a bound to compare with
_FAR = 1e12


def solve_by_clusters(problem: SitingProblem, seed: int) -> Answer | None:
    """Choose the sites nearest to cluster centres that the rules let open; bound as for any choice.

    The centre of the most populous cluster goes first. None where a rule stays broken. The
    same problem and seed give the same answer.
    """
    if not isinstance(problem.distances, StraightDistances):
        raise TypeError("clusters need places on the ground, not a table of distances")
    cover = covering(problem)
    search = Search(cover, problem.rules)
    for centre in _centres(problem, seed):
        away = problem.distances.site - centre
        metres = np.sqrt(away[:, 0] ** 2 + away[:, 1] ** 2)
        site = search.best_by((_FAR / (1.0 + metres)).astype(np.int64))
        if site is None:
            break
        search.open(site)
    if search.value < 0:
        return None
    relaxation = Relaxation(cover, problem.rules)
    relaxation.improve(_STEPS)
    bound = max(relaxation.bound, search.value)
    ended = Stopped.PROVED if bound == search.value else Stopped.DONE
    return Answer(tuple(search.chosen.tolist()), search.value, bound, ended)


def _centres(problem: SitingProblem, seed: int) -> NDArray[np.float64]:
    """Return the cluster centres of unserved people in metres, shape (k, 2), most people first."""
    assert isinstance(problem.distances, StraightDistances)
    unserved = np.flatnonzero((problem.now_m > problem.radius_m) & (problem.people > 0))
    unserved = unserved[curve_order(problem.distances.place[unserved])]
    place, people = problem.distances.place[unserved], problem.people[unserved]
    free = problem.rules.most_sites - len(problem.rules.chosen)
    count = min(free, len(np.unique(place, axis=0)), problem.rules.sites)
    if count < 1:
        return np.empty((0, 2))
    model = KMeans(count, n_init=_STARTS, random_state=seed)
    with threadpool_limits(1):  # the same sums, and so the same centres, on every machine
        labels = model.fit(place, sample_weight=people).labels_
    of_cluster = np.bincount(labels, people, minlength=count)
    return np.asarray(model.cluster_centers_[np.argsort(-of_cluster, kind="stable")])
