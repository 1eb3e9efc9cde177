"""The linear relaxation of covering under rules: a bound that holds, and where sites want to be.

With multipliers μ ≥ 0 for "a place is served only through a chosen site" and ν ≥ 0 for the
rules R y ≤ s, every choice that obeys the rules serves at most

    L(μ, ν) = Σᵢ max(wᵢ − μᵢ, 0) − Σ_must μᵢ + s·ν + max over y of Σⱼ (A μ − Rᵀ ν)ⱼ yⱼ,

the last sum over the p largest positive terms; places that must be served count in the
second sum instead of the first. L holds for any μ and ν, its smallest value is the optimum
of the linear programme. They are sought by the primal-dual hybrid gradient method with
diagonal steps (Chambolle and Pock 2011; Pock and Chambolle 2011), reflected, anchored and
restarted (Lu and Yang 2024; restarts as in PDLP, Applegate and others 2021); how far that
converges changes how tight the bound is, never whether it holds: L is computed in whole
millionths of a person.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.compiled import ascent
from planning.siting.compiled import cliques as compiled
from planning.siting.covering.stretches import Covering
from planning.siting.rules import NO_LIMIT, Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
_MILLION = 1_000_000
_CHECK = 40  # steps between looks at the bound
_ENOUGH, _AGING = 0.3, 0.5  # restart when the gap has shrunk so far, or the run is so old
_STILL = 1e-12
_ROW_WEIGHT = 3.0  # of a row of all sites, in the places a site serves
_CLIQUES = 3  # of sites too close together that each of them is in
_BALANCE = 4.0  # of the two sides' steps, to begin with


@dataclass(frozen=True)
class Prices:
    """Multipliers: μ of stretches (k,) in people, ν of rule rows in people per unit."""

    place: Real
    row: Real


@dataclass(frozen=True)
class Sides:
    """Rules as `R y ≤ side`: least sides turned round, spacing as cliques."""

    matrix: csr_array
    side: Whole

    @classmethod
    def of(cls, rules: Rules) -> "Sides":
        """Return one row for each side of each rule that can bind, and for each clique."""
        sites: list[Whole] = []
        each: list[Whole] = []
        side: list[int] = []
        for row in rules.rows:
            if row.most < min(NO_LIMIT, int(row.each.sum())):
                sites.append(row.sites)
                each.append(row.each)
                side.append(row.most)
            if row.least > 0:
                sites.append(row.sites)
                each.append(-row.each)
                side.append(-row.least)
        for clique in cliques(rules.clashes):
            sites.append(clique)
            each.append(np.ones(len(clique), dtype=np.int64))
            side.append(1)
        first = np.cumsum([0, *(len(one) for one in sites)])
        nothing = np.empty(0, dtype=np.int64)
        data = (np.concatenate([nothing, *each]), np.concatenate([nothing, *sites]), first)
        return cls(csr_array(data, shape=(len(side), rules.sites)), np.array(side, dtype=np.int64))

    def only(self, sites: Whole) -> "Sides":
        """Return the same rules for some of the sites, all rows kept."""
        return Sides(csr_array(self.matrix[:, sites]), self.side)


def cliques(clashes: csr_array | None) -> list[Whole]:
    """Return sets of sites of which at most one may be chosen; each clashing site is in some.

    Not every clash need lie in one: leaving some away only makes the bound looser.
    """
    if clashes is None:
        return []
    near = csr_array(clashes)
    first, members = compiled.cliques(
        near.indptr.astype(np.int64), near.indices.astype(np.int64), _CLIQUES
    )
    return list(np.split(members, first[1:-1])) if len(first) > 1 else []


class Relaxation:
    """Primal-dual steps for one covering under rules.

    `site` is the fractional choice y (m,); `prices` the multipliers of the best bound;
    `bound` the best bound in whole units of weight, the given included.
    """

    def __init__(self, cover: Covering, rules: Rules, sides: Sides | None = None) -> None:
        self._cover, self._rules, self._must = cover, rules, cover.must
        self._sides = sides or Sides.of(rules)
        sites, places = cover.covers.shape
        self._low = np.zeros(sites)
        self._low[rules.chosen] = 1.0
        self._most = min(rules.most_sites, sites)
        # Weights in their own greatest unit: people counted in tens have the same plan.
        self._unit = int(np.gcd.reduce(cover.weight)) or 1 if places else 1
        total = float(cover.weight.sum() // self._unit) + 1.0
        self._scale = max(total / max(places, 1), 1.0) * self._unit
        self._ceiling = np.where(self._must, total * self._unit, cover.weight) / self._scale
        self._rows, self._row_unit = self._scaled_rows()
        self._tau, self._sigma, self._row_sigma = self._steps(sites)
        times = cover.covers.times_served()
        room = max(sites - len(rules.chosen), 1)
        share = min(1.0, max(self._most - len(rules.chosen), 0) / room)
        usual = float(np.median(times)) if places else 1.0
        # A place that many can serve is worth little: somebody will.
        self._point = (
            np.maximum(self._low, share),
            np.where(self._must, 0.0, self._ceiling * np.minimum(1.0, usual / 2 / np.maximum(times, 1))),
            np.zeros(len(self._sides.side)), np.zeros(1),
        )  # fmt: skip
        self._out = tuple(each.copy() for each in self._point[:3])
        self._anchor = tuple(each.copy() for each in self._point[:3])
        self._balance, self._since, self._done, self._gap = _BALANCE, 0, 0, np.inf
        self.site = self._out[0]
        self.prices = self._priced(self._out)
        self.bound = cover.given + int(cover.weight[times > 0].sum())

    def _scaled_rows(self) -> tuple[csr_array, Real]:
        """Return the rows, large ones made heavier, and by how much each was.

        A budget weighs on a site as one coefficient against hundreds of places: unscaled, its
        price would move by that much slower than theirs. Rows of few sites are quick as they are.
        """
        matrix = self._sides.matrix.astype(np.float64)
        sizes = np.diff(matrix.indptr)
        of = np.repeat(np.arange(len(sizes)), sizes)
        largest = np.ones(len(sizes))
        np.maximum.at(largest, of, np.abs(matrix.data))
        mean_length = float(self._cover.covers.lengths.mean()) if matrix.shape[1] else 1.0
        share = sizes / max(matrix.shape[1], 1)
        unit = np.maximum(_ROW_WEIGHT * mean_length * share, 1.0) / largest
        matrix.data = matrix.data * unit[of]
        return matrix, unit

    def _steps(self, sites: int) -> tuple[Real, Real, Real]:
        """Return τ, σ of places and σ of rows: one over the sums of each line's sizes."""
        size = abs(self._rows)
        lengths = self._cover.covers.lengths + size.sum(axis=0)
        times = self._cover.covers.spread(np.ones(sites))
        tau, sigma = 1.0 / np.maximum(lengths, 1.0), 1.0 / np.maximum(times, 1.0)
        return tau, sigma, 1.0 / np.maximum(size.sum(axis=1), 1.0)

    def curve(self) -> Whole:
        """Return the bound for every number of sites, read from the best prices."""
        return bound_curve(self._cover, self._rules, self._sides, self.prices)

    def aim_at(self, most_sites: int) -> None:
        """Go on for another number of sites, from where the steps stand now."""
        self._most = most_sites
        self._rules = replace(self._rules, most_sites=most_sites)
        self._gap, self._since = np.inf, 0
        self.bound = bound_of(self._cover, self._rules, self._sides, self.prices)

    def improve(self, steps: int) -> None:
        """Take about so many steps, restarting where it helps, and tighten the bound."""
        matrix, side = self._rows, self._sides.side * self._row_unit
        rows = (
            matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64),
            matrix.data, side, self._row_sigma,
        )  # fmt: skip
        for _ in range(max(steps // _CHECK, 1)):
            most = float(min(self._most, len(self._low)))
            box = (self._ceiling, self._low, most, self._tau, self._sigma, self._balance)
            runs = self._cover.covers.arrays
            ascent.iterate(
                runs, box, rows, self._point, self._anchor, self._out, self._since, _CHECK
            )
            self._since += _CHECK
            self._done += _CHECK
            self._look()

    def _look(self) -> None:
        """Keep the bound; restart from the point reached where that has come far enough."""
        gap = self._measured(self._out)
        if gap > _ENOUGH * self._gap and self._since < _AGING * self._done:
            return
        moved_site = _moved(self._out[0], self._anchor[0], self._tau)
        moved_place = _moved(self._out[1], self._anchor[1], self._sigma)
        if moved_site > _STILL and moved_place > _STILL:
            # Balance the two step sizes by how far each side moved since the last restart.
            self._balance = float(np.sqrt(self._balance * moved_place / moved_site))
        for point, anchor, out in zip(self._point, self._anchor, self._out, strict=False):
            point[:] = anchor[:] = out
        self._gap, self._since = gap, 0

    def _measured(self, point: tuple[Real, ...]) -> float:
        """Return how far a point is from proving itself, and keep its bound if it is the best."""
        site, prices = point[0], self._priced(point)
        bound = bound_of(self._cover, self._rules, self._sides, prices)
        if bound < self.bound:
            self.bound, self.prices = bound, prices
        served = np.minimum(self._cover.covers.spread(site), 1.0)
        reached = float((self._cover.weight * served).sum())
        short = float((1.0 - served[self._must]).sum()) * self._scale
        over = np.maximum(self._sides.matrix @ site - self._sides.side, 0.0) @ prices.row
        return float(abs(bound - self._cover.given - reached) + short + over)

    def _priced(self, point: tuple[Real, ...]) -> Prices:
        return Prices(point[1] * self._scale, point[2] * self._scale * self._row_unit)


def _moved(here: Real, there: Real, step: Real) -> float:
    """Return a distance in the steps' own measure; not by BLAS, whose sums depend on threads."""
    return float(np.sqrt(((here - there) ** 2 / step).sum()))


def bound_of(cover: Covering, rules: Rules, sides: Sides, prices: Prices) -> int:
    """Return L(μ, ν) in whole units of weight, the given included: no choice serves more."""
    curve = bound_curve(cover, rules, sides, prices)
    return int(curve[min(max(rules.most_sites - len(rules.chosen), 0), len(curve) - 1)])


def bound_curve(cover: Covering, rules: Rules, sides: Sides, prices: Prices) -> Whole:
    """Return L for every number of sites, from the locked-in ones alone to all, (free + 1,).

    Prices are made whole millionths (fewer where sums would grow too large), so that
    nothing is rounded but the end, downwards.
    """
    grain, constant, gain = in_grains(cover, sides, prices)
    locked = np.zeros(len(gain), dtype=bool)
    locked[rules.chosen] = True
    free = np.sort(np.maximum(gain[~locked], 0))[::-1]
    constant += int(gain[locked].sum())
    return np.asarray(cover.given + (constant + np.concatenate([[0], np.cumsum(free)])) // grain)


def in_grains(cover: Covering, sides: Sides, prices: Prices) -> tuple[int, int, Whole]:
    """Return grains per unit of weight, L(μ, ν) without any site and what each site adds (m,).

    The last two are in grains and leave out what is given; prices were made whole grains.
    """
    total = float(np.abs(prices.place).sum() + cover.weight.sum()) + 1.0
    grain = max(min(_MILLION, int(2**60 / total)), 1)
    must, whole = cover.must, cover.weight * grain
    mu = np.maximum((prices.place * grain).astype(np.int64), 0)
    mu = np.where(must, mu, np.minimum(mu, whole))
    nu = np.maximum((prices.row * grain).astype(np.int64), 0)
    gain = cover.covers.gains(mu) - sides.matrix.T @ nu
    constant = int((whole - mu)[~must].sum()) - int(mu[must].sum())
    constant += sum(int(nu[r]) * int(sides.side[r]) for r in np.flatnonzero(nu))
    return grain, constant, np.asarray(gain)


def reduced_gains(cover: Covering, sides: Sides, prices: Prices) -> Real:
    """Return what each site is worth at these prices, (A μ − Rᵀ ν)ⱼ, shape (m,)."""
    return np.asarray(cover.covers.gathered(prices.place) - sides.matrix.T @ prices.row)
