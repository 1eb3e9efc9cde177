"""The linear relaxation of maximal covering: a bound that holds, and where sites want to be.

Relaxing the rule "a place is served only through a chosen site" with multipliers μ between
0 and the place's people w gives the Lagrangian bound

    L(μ) = Σᵢ (wᵢ − μᵢ) + (sum of the p largest (A μ)ⱼ)        for every 0 ≤ μ ≤ w,

which holds for any such μ; the smallest L is the optimum of the linear programme. μ is
sought by the primal-dual hybrid gradient method with diagonal steps (Chambolle and Pock
2011; Pock and Chambolle 2011), restarted from its averages; how far that converges changes
how tight the bound is, never whether it holds.
"""

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem

_BISECTIONS = 30
_MILLION = 1_000_000


class Relaxation:
    """Primal-dual iterations for one problem.

    Variables: y over sites in [0, 1] with sum ≤ p, z over places in [0, 1], multipliers μ of
    z ≤ Aᵀ y. Weights are scaled so that the largest is 1. `bound` is the best upper bound
    so far in whole persons, `site` the fractional choice y, shape (n_sites,).
    """

    def __init__(self, problem: SitingProblem) -> None:
        covers = problem.covers
        self._covers, self._points = covers, problem.points
        self._people = problem.people
        self._scale = float(self._people.max(initial=1))
        self._weight = self._people / self._scale
        sites, places = covers.shape
        times = covers.times_served()
        self._step_site = 1.0 / np.maximum(covers.lengths, 1)
        self._step_dual = 1.0 / (times + 1.0)
        self.site = np.full(sites, min(1.0, self._points / max(sites, 1)))
        self._place = np.zeros(places)
        self._dual = self._weight / 2
        self._balance = 1.0
        self.bound = int(problem.people[times > 0].sum())

    @property
    def trivial(self) -> bool:
        """Whether all candidates may be chosen, so that the bound is what all serve."""
        return self._points >= self._covers.shape[0]

    def improve(self, steps: int) -> None:
        """Take some steps, restart from their average, and tighten the bound."""
        sums = [np.zeros_like(each) for each in (self.site, self._place, self._dual)]
        start = (self.site, self._dual)
        for _ in range(steps):
            self._step()
            now = (self.site, self._place, self._dual)
            sums = [total + each for total, each in zip(sums, now, strict=True)]
        last = self._dual
        self.site, self._place, self._dual = (total / steps for total in sums)
        self.bound = min(self.bound, self._lagrangian(last), self._lagrangian(self._dual))
        moved_site = np.linalg.norm((self.site - start[0]) / np.sqrt(self._step_site))
        moved_dual = np.linalg.norm((self._dual - start[1]) / np.sqrt(self._step_dual))
        if moved_site > 0 and moved_dual > 0:
            # Balance the two step sizes by how far each side moved since the last restart.
            ratio = np.sqrt(self._balance * moved_dual / moved_site)
            self._balance = float(np.clip(ratio, 1e-3, 1e3))

    def _lagrangian(self, multipliers: NDArray[np.float64]) -> int:
        """Return L(μ) in whole persons, rounded down; no more can be reached.

        Prices are whole millionths of a person, so that every sum is exact.
        """
        whole = self._people * _MILLION
        price = np.clip((multipliers * self._scale * _MILLION).astype(np.int64), 0, whole)
        per_site = self._covers.gains(price)
        top = np.partition(per_site, len(per_site) - self._points)[-self._points :]
        return int((whole - price).sum() + top.sum()) // _MILLION

    def _step(self) -> None:
        tau, sigma = 1.0 / self._balance, self._balance
        site = self._capped(self.site + tau * self._step_site * self._covers.gathered(self._dual))
        place = np.clip(self._place + tau * (self._weight - self._dual), 0.0, 1.0)
        pull = (2 * place - self._place) - self._covers.spread(2 * site - self.site)
        self._dual = np.clip(self._dual + sigma * self._step_dual * pull, 0.0, self._weight)
        self.site, self._place = site, place

    def _capped(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the nearest y with 0 ≤ y ≤ 1 and sum ≤ p, in the steps' own measure."""
        capped = np.clip(value, 0.0, 1.0)
        if capped.sum() <= self._points:
            return capped
        low, high = 0.0, float((value / self._step_site).max())
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            capped = np.clip(value - middle * self._step_site, 0.0, 1.0)
            low, high = (middle, high) if capped.sum() > self._points else (low, middle)
        return capped
