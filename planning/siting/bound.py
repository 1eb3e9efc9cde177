"""An upper bound: no choice of as many candidates can serve more people than this.

Relaxing the rule "a place is served only through a chosen site" with multipliers μ between
0 and the place's people w gives the Lagrangian bound

    L(μ) = Σᵢ (wᵢ − μᵢ) + (sum of the p largest (A μ)ⱼ)        for every 0 ≤ μ ≤ w,

which holds for any such μ; the smallest L is the bound of the linear programme. μ is sought
by the primal-dual hybrid gradient method with diagonal steps (Chambolle and Pock 2011;
Pock and Chambolle 2011), restarted from its averages; how well that converges changes how
tight the bound is, never whether it holds.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.problem import SitingProblem

_ROUNDS, _STEPS = 12, 50


def upper_bound(problem: SitingProblem, reached: int) -> int:
    """Return the bound in whole persons; `reached` is what a known plan serves.

    Stops early when the bound meets `reached`, which is then proved best.
    """
    covers = problem.covers
    served_by_all = int(problem.people[np.diff(covers.tocsc().indptr) > 0].sum())
    best = float(served_by_all)
    if problem.points >= covers.shape[0] or best <= reached:
        return int(best)
    people = problem.people.astype(float)
    search = _Search(covers.astype(float), people / people.max(), problem.points)
    for _ in range(_ROUNDS):
        search.run(_STEPS)
        best = min(best, _lagrangian(search, people))
        if best < reached + 1:
            break
    return max(reached, int(np.floor(best)))


def _lagrangian(search: "_Search", people: NDArray[np.float64]) -> float:
    """Return L(μ) for the better of the last and the mean multipliers, rounded outward."""
    scale = people.max()
    bounds = []
    for multipliers in (search.dual, search.mean_dual):
        price = np.clip(multipliers * scale, 0.0, people)
        per_site = search.covers @ price
        top = np.partition(per_site, len(per_site) - search.points)[-search.points :]
        bounds.append(float((people - price).sum() + top.sum()))
    return min(bounds) * (1 + 1e-12) + 1e-6


class _Search:
    """Primal-dual iterations for the linear programme of maximal covering.

    Variables: y over sites in [0, 1] with sum ≤ p, z over places in [0, 1], multipliers μ of
    z ≤ Aᵀ y. Weights are scaled so that the largest is 1.
    """

    def __init__(self, covers: csr_array, weight: NDArray[np.float64], points: int) -> None:
        self.covers, self.points = covers, points
        self._into = covers.T.tocsr()
        self._weight = weight
        places, sites = covers.shape[1], covers.shape[0]
        self._step_site = 1.0 / np.maximum(np.diff(covers.indptr), 1)
        self._step_dual = 1.0 / (np.diff(self._into.indptr) + 1.0)
        self._site = np.full(sites, min(1.0, points / sites))
        self._place = np.zeros(places)
        self.dual = weight / 2
        self.mean_dual = self.dual
        self._balance = 1.0

    def run(self, steps: int) -> None:
        """Take some steps, then restart from their average."""
        sums = [np.zeros_like(each) for each in (self._site, self._place, self.dual)]
        start = (self._site, self.dual)
        for _ in range(steps):
            self._step()
            for total, each in zip(sums, (self._site, self._place, self.dual), strict=True):
                total += each
        self._site, self._place, self.dual = (total / steps for total in sums)
        self.mean_dual = self.dual
        moved_site = np.linalg.norm((self._site - start[0]) / np.sqrt(self._step_site))
        moved_dual = np.linalg.norm((self.dual - start[1]) / np.sqrt(self._step_dual))
        if moved_site > 0 and moved_dual > 0:
            # Balance the two step sizes by how far each side moved since the last restart.
            ratio = np.sqrt(self._balance * moved_dual / moved_site)
            self._balance = float(np.clip(ratio, 1e-3, 1e3))

    def _step(self) -> None:
        tau, sigma = 1.0 / self._balance, self._balance
        site = self._capped(self._site + tau * self._step_site * (self.covers @ self.dual))
        place = np.clip(self._place + tau * (self._weight - self.dual), 0.0, 1.0)
        pull = (2 * place - self._place) - self._into @ (2 * site - self._site)
        self.dual = np.clip(self.dual + sigma * self._step_dual * pull, 0.0, self._weight)
        self._site, self._place = site, place

    def _capped(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the nearest y with 0 ≤ y ≤ 1 and sum ≤ points, in the steps' own measure."""
        capped = np.clip(value, 0.0, 1.0)
        if capped.sum() <= self.points:
            return capped
        low, high = 0.0, float((value / self._step_site).max())
        for _ in range(50):
            middle = (low + high) / 2
            capped = np.clip(value - middle * self._step_site, 0.0, 1.0)
            low, high = (middle, high) if capped.sum() > self.points else (low, middle)
        return capped
