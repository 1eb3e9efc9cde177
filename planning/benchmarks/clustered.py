"""What clustering models reach where a solver chooses: centres moved to the nearest candidates.

People nobody serves yet are clustered, weighted by people, and each centre takes the nearest
candidate that is free. Only the number of points is obeyed: other rules are beyond clustering.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.cluster import HDBSCAN, KMeans, MiniBatchKMeans
from threadpoolctl import threadpool_limits

from planning.benchmarks.recount import served
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
Centres = Callable[[Real, Whole, int, int], Real]

MOST_WORK = 50_000_000  # places times centres: beyond this plain k-means takes minutes a round
MOST_PLACES = 20_000  # HDBSCAN takes the square of it
SMALLEST = (5, 15, 40, 100)  # of a cluster; the best of the four counts
_NEAR = 32


def shares_of_bound(problem: SitingProblem, bound: float, seed: int) -> dict[str, float | None]:
    """Return what share of the gain that the bound allows each model reaches, in per cent.

    None where a model takes too long for the size.
    """
    if not isinstance(problem.distances, StraightDistances):
        return {}
    now = int(problem.people[problem.now_m <= problem.radius_m].sum())
    possible = bound - now
    models: dict[str, tuple[Centres, ...]] = {
        "KMeans": (_kmeans,),
        "MiniBatchKMeans": (_minibatch,),
        "HDBSCAN": tuple(_hdbscan(smallest) for smallest in SMALLEST),
    }
    if possible <= 0:
        return {}
    found: dict[str, float | None] = {}
    with threadpool_limits(1):
        for name, ways in models.items():
            gains = [_gain(problem, way, seed, now) for way in ways]
            known = [each for each in gains if each is not None]
            found[name] = 100.0 * max(known) / possible if known else None
    return found


def _gain(problem: SitingProblem, centres: Centres, seed: int, now: int) -> int | None:
    distances = problem.distances
    if not isinstance(distances, StraightDistances):
        return None
    rows = np.flatnonzero((problem.now_m > problem.radius_m) & (problem.people > 0))
    points = min(problem.rules.most_sites, len(rows), problem.rules.sites)
    if centres is _kmeans and len(rows) * points > MOST_WORK:
        return None
    found = centres(distances.place[rows], problem.people[rows], points, seed)
    chosen = _moved(found, distances.site)
    return served(problem, chosen) - now


def _moved(centres: Real, site: Real) -> list[int]:
    """Return the nearest free candidate of each centre, in the order of the centres."""
    if not len(centres):
        return []
    count = min(_NEAR, len(site))
    near = KDTree(site).query(centres, k=count)[1].reshape(len(centres), count)
    taken: dict[int, None] = {}
    for row in near.tolist():
        free = next((each for each in row if each not in taken), None)
        if free is not None:
            taken[free] = None
    return list(taken)


def _kmeans(place: Real, people: Whole, points: int, seed: int) -> Real:
    model = KMeans(points, n_init=1, random_state=seed)
    return np.asarray(model.fit(place, sample_weight=people).cluster_centers_)


def _minibatch(place: Real, people: Whole, points: int, seed: int) -> Real:
    model = MiniBatchKMeans(
        points, batch_size=max(4096, 4 * points), n_init=3, random_state=seed, compute_labels=False
    )
    return np.asarray(model.fit(place, sample_weight=people).cluster_centers_)


def _hdbscan(smallest: int) -> Centres:
    """Return the model with this least size of a cluster; it knows no weights of its own.

    Its leaves are taken: the other way it offers joins whole towns into one cluster.
    """

    def centres(place: Real, people: Whole, points: int, seed: int) -> Real:
        rng = np.random.default_rng(seed)
        drawn = rng.choice(len(place), min(MOST_PLACES, len(place)), replace=False,
                           p=people / people.sum())  # fmt: skip
        label = HDBSCAN(
            min(smallest, len(drawn)), cluster_selection_method="leaf", copy=True
        ).fit_predict(place[drawn])
        inside = label >= 0
        weight = people[drawn][inside]
        size = np.bincount(label[inside], weight)
        east, north = (
            np.bincount(label[inside], weight * place[drawn][inside, at]) / size for at in (0, 1)
        )
        most = np.argsort(-size, kind="stable")[:points]
        return np.column_stack([east, north])[most]

    return centres
