"""A part of all choices: which sites are settled, what is left, and how much it can reach.

A node of the search tree holds the choices with some sites locked in, some out, and extra rows
"of these sites at most (at least) so many". What it can reach at most is the Lagrangian bound
of `relaxation` for what is left, in whole grains. Prices begin as the parent's and are improved
by primal-dual steps among the sites that still matter; the bound is then taken over all sites.
At any prices, a site whose reduced gain is so small that forcing it in brings the bound below
the target is in no choice that reaches it; one without which the bound falls below is in every
such choice (reduced-cost fixing, as Beasley 1993 for set covering).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.compiled import ascent
from planning.siting.covering.narrowing import left_over
from planning.siting.covering.relaxation import Prices, Sides, in_grains
from planning.siting.covering.stretches import Covering

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CHUNK = 320  # steps between looks at the bound
_WORTH_IT = 0.03  # of what separates bound and target; a chunk that gains less is the last
_ACTIVE = 0.3  # how far below the marginal site, in that measure, a site takes part in steps
_MOST_ACTIVE = 0.8  # where more of the sites take part, all do
_BALANCE = 4.0  # of the two sides' steps, from prices that are nearly right
_WIDE, _WIDE_WEIGHT = 0.5, 3.0  # a row of so many sites is made heavier, as in `relaxation`
_IDLE = 1e-9


@dataclass(frozen=True)
class Group:
    """A rule for one part: of `sites` (positions in the parent) so many, at most or at least."""

    sites: Whole
    number: int
    at_least: bool


@dataclass(frozen=True)
class Weighed:
    """L at some prices: `constant` without any site, `gain` (m,) of each, in `grain` per unit."""

    grain: int
    constant: int
    gain: Whole

    def reach(self, points: int) -> int:
        """Return the most that so many sites add up to, in grains."""
        best = np.sort(np.maximum(self.gain, 0))[::-1][: max(points, 0)]
        return self.constant + int(best.sum())

    def settled(self, points: int, most_lost: int) -> tuple[Mask, Mask]:
        """Return which sites are out and which are in wherever at most so many grains are lost."""
        if points <= 0:
            return np.ones(len(self.gain), dtype=bool), np.zeros(len(self.gain), dtype=bool)
        gain = np.maximum(self.gain, 0)
        order = np.sort(gain)[::-1]
        last = int(order[points - 1]) if points <= len(order) else 0
        after = int(order[points]) if points < len(order) else 0
        return self.gain < last - most_lost, gain - after > most_lost


@dataclass(frozen=True)
class Node:
    """Choices of at most `points` of `sites` besides the `locked` ones (both of the question).

    `cover` is what is left to serve, `sides` the rows left for `sites`, `share` (m,) and
    `prices` where the steps ended, `weighed` L at the prices of the best bound met, `bound`
    the most that any of these choices serves. `rows` counts the extra rows added so far.
    """

    sites: Whole
    locked: Whole
    points: int
    cover: Covering
    sides: Sides
    share: Real
    prices: Prices
    weighed: Weighed
    bound: int
    rows: int = 0

    @classmethod
    def root(
        cls, cover: Covering, sides: Sides, points: int, share: Real, prices: Prices
    ) -> "Node":
        """Return all choices of so many sites, bounded at these prices."""
        sites, nothing = np.arange(len(share)), np.empty(0, dtype=np.int64)
        weighed = Weighed(*in_grains(cover, sides, prices))
        bound = cover.given + weighed.reach(points) // weighed.grain
        return cls(sites, nothing, points, cover, sides, share, prices, weighed, bound)

    @property
    def size(self) -> int:
        """Runs and stretches, which a step goes through."""
        return len(self.cover.covers.start) + len(self.cover.weight)

    def settled(self, target: int) -> tuple[Mask, Mask]:
        """Return which sites are out and which are in wherever at least `target` is served."""
        weighed = self.weighed
        most_lost = weighed.reach(self.points) - (target - self.cover.given) * weighed.grain
        return weighed.settled(self.points, most_lost)


@dataclass(frozen=True)
class Branching:
    """How parts are made: for what `target`, how many `steps`, at what scale of prices.

    `clashes` are pairs of the question's sites of which at most one may be chosen.
    """

    target: int
    steps: int
    scale: float
    clashes: csr_array | None = None

    def part(self, node: Node, out: Mask, locked: Mask, group: Group | None = None) -> Node | None:
        """Return the choices of a node without the sites `out`, with those `locked`.

        None where none of them obeys the rows and reaches the target. Its bound is the node's
        until it is `tightened`.
        """
        idle, needed = node.settled(self.target)
        if (locked & out).any():
            return None
        locked = locked | (needed & ~out)
        if self._apart(node, locked):
            return None
        out = (out | idle | self._beside(node, locked)) & ~locked
        sides, row = node.sides, node.prices.row
        if group is not None:
            sides, row = _with(sides, row, group)
        keep, taken = np.flatnonzero(~(out | locked)), np.flatnonzero(locked)
        left = _left(sides, keep, taken)
        cover = left_over(node.cover, keep, taken)
        if len(taken) > node.points or left is None or _unserved(node.cover, cover, taken):
            return None
        sides, rows = left
        prices = Prices(_gathered(cover, node.prices.place), row[rows])
        chosen = np.concatenate([node.locked, node.sites[taken]])
        weighed = Weighed(*in_grains(cover, sides, prices))
        points = node.points - len(taken)
        bound = min(node.bound, cover.given + weighed.reach(points) // weighed.grain)
        return Node(
            node.sites[keep], chosen, points, cover, sides, node.share[keep], prices, weighed,
            bound, node.rows + (group is not None),
        )  # fmt: skip

    def _apart(self, node: Node, locked: Mask) -> bool:
        """Return whether two sites to lock stand too close together."""
        if self.clashes is None:
            return False
        taken = node.sites[locked]
        return bool(self.clashes[taken][:, taken].sum())

    def _beside(self, node: Node, locked: Mask) -> Mask:
        """Return which sites stand too close to one that is locked."""
        if self.clashes is None:
            return np.zeros(len(node.sites), dtype=bool)
        beside = self.clashes[node.sites[locked]].sum(axis=0) > 0
        return np.asarray(beside[node.sites])

    def tightened(self, node: Node) -> tuple[Node, int]:
        """Return a node with prices improved and its bound lowered, and what work that was."""
        prices, share, spent, done = node.prices, node.share, 2 * node.size, 0
        best, reach, bound = node.weighed, node.weighed, node.bound
        active = np.zeros(len(node.sites), dtype=bool)
        while done < self.steps and bound >= self.target and len(node.sites):
            active |= self._active(node, reach, share, bound)
            few = np.flatnonzero(active)
            if node.cover.must.any() or len(few) > _MOST_ACTIVE * len(active):
                few = np.arange(len(active))
            prices, share, work = self._stepped(node, few, prices, share)
            reach = Weighed(*in_grains(node.cover, node.sides, prices))
            before, done, spent = bound, done + _CHUNK, spent + work + 2 * node.size
            now = node.cover.given + reach.reach(node.points) // reach.grain
            if now < bound:
                best, bound = reach, now
            if done > _CHUNK and before - bound < _WORTH_IT * (bound - self.target + 1):
                break
        return replace(node, prices=prices, share=share, weighed=best, bound=bound), spent

    def _active(self, node: Node, weighed: Weighed, share: Real, bound: int) -> Mask:
        """Return which sites are chosen in part, or nearly worth it."""
        gain = weighed.gain / weighed.grain
        last = np.sort(gain)[::-1][min(node.points, len(gain)) - 1] if node.points else 0.0
        near = _ACTIVE * max(bound - self.target + 1, 1)
        return np.asarray((gain >= last - near) | (share > _IDLE))

    def _stepped(
        self, node: Node, few: Whole, prices: Prices, share: Real
    ) -> tuple[Prices, Real, int]:
        """Return prices and shares of all sites after a chunk of steps among a few of them."""
        cover = left_over(node.cover, few, np.empty(0, dtype=np.int64))
        sides = node.sides.only(few)
        less = Prices(_gathered(cover, prices.place), prices.row)
        less, of_few = _steps(cover, sides, node.points, less, share[few], self.scale)
        every = np.zeros(len(share))
        every[few] = of_few
        place = prices.place.copy()
        place[cover.place] = _parted(cover, less.place, node.cover)
        work = _CHUNK * (len(cover.covers.start) + len(cover.weight) + sides.matrix.nnz)
        return Prices(place, less.row), every, work


def _with(sides: Sides, price: Real, group: Group) -> tuple[Sides, Real]:
    """Return the rows with one more, which costs nothing yet."""
    sign = -1 if group.at_least else 1
    each = np.full(len(group.sites), sign, dtype=np.int64)
    shape = (1, sides.matrix.shape[1])
    row = csr_array((each, group.sites, np.array([0, len(each)])), shape=shape)
    matrix = csr_array(vstack([sides.matrix, row]))
    return Sides(matrix, np.append(sides.side, sign * group.number)), np.append(price, 0.0)


def _left(sides: Sides, keep: Whole, taken: Whole) -> tuple[Sides, Whole] | None:
    """Return the rows that can still bind for the sites kept, and which; None if one must break."""
    side = sides.side - np.asarray(sides.matrix[:, taken].sum(axis=1), dtype=np.int64)
    matrix = csr_array(sides.matrix[:, keep])
    of = np.repeat(np.arange(len(side)), np.diff(matrix.indptr))
    least = np.bincount(of, np.minimum(matrix.data, 0), len(side))
    most = np.bincount(of, np.maximum(matrix.data, 0), len(side))
    if (least > side).any():
        return None
    rows = np.flatnonzero(most > side)
    return Sides(csr_array(matrix[rows]), side[rows]), rows


def _unserved(whole: Covering, left: Covering, taken: Whole) -> bool:
    """Return whether somebody who must be served no longer can be."""
    if not whole.must.any():
        return False
    can = whole.covers.served_by(taken)
    can[left.place] = True
    return bool((whole.must & ~can).any())


def _gathered(cover: Covering, value: Real) -> Real:
    """Return the sum over each stretch of a value per stretch of the larger covering."""
    if not len(cover.weight):
        return np.empty(0)
    return np.asarray(np.add.reduceat(value[cover.place], cover.place_first[:-1]))


def _parted(cover: Covering, price: Real, whole: Covering) -> Real:
    """Return prices of stretches shared out by weight among those that were joined in them."""
    sizes = np.diff(cover.place_first)
    each = np.repeat(price / np.maximum(cover.weight, 1), sizes) * whole.weight[cover.place]
    return np.where(
        np.repeat(cover.must, sizes), np.repeat(price / np.maximum(sizes, 1), sizes), each
    )


def _steps(
    cover: Covering, sides: Sides, points: int, prices: Prices, share: Real, scale: float
) -> tuple[Prices, Real]:
    """Return prices and shares after a chunk of primal-dual steps from those given."""
    matrix, unit = _scaled(sides, cover)
    size = abs(matrix)
    tau = 1.0 / np.maximum(cover.covers.lengths + size.sum(axis=0), 1.0)
    sigma = 1.0 / np.maximum(cover.covers.spread(np.ones(len(share))), 1.0)
    row_sigma = 1.0 / np.maximum(size.sum(axis=1), 1.0)
    ceiling = np.where(cover.must, float(cover.weight.sum()) + 1.0, cover.weight) / scale
    point = (
        share.copy(), np.minimum(prices.place / scale, ceiling), prices.row / scale / unit,
        np.zeros(1),
    )  # fmt: skip
    anchor, out = (tuple(each.copy() for each in point[:3]) for _ in range(2))
    rows = (
        matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data,
        sides.side * unit, row_sigma,
    )  # fmt: skip
    most = float(min(points, len(share)))
    box = (ceiling, np.zeros(len(share)), most, tau, sigma, _BALANCE)
    ascent.iterate(cover.covers.arrays, box, rows, point, anchor, out, 0, _CHUNK)
    return Prices(out[1] * scale, out[2] * scale * unit), out[0]


def _scaled(sides: Sides, cover: Covering) -> tuple[csr_array, Real]:
    """Return the rows with largest coefficient 1, rows of most sites heavier, and by how much."""
    matrix = sides.matrix.astype(np.float64)
    sizes = np.diff(matrix.indptr)
    of = np.repeat(np.arange(len(sizes)), sizes)
    largest = np.ones(len(sizes))
    np.maximum.at(largest, of, np.abs(matrix.data))
    mean = float(cover.covers.lengths.mean()) if matrix.shape[1] else 1.0
    share = sizes / max(matrix.shape[1], 1)
    heavy = np.where(share > _WIDE, np.maximum(_WIDE_WEIGHT * mean * share, 1.0), 1.0)
    unit = heavy / largest
    matrix.data = matrix.data * unit[of]
    return matrix, unit
