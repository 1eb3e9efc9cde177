"""Proving a covering plan best, or finding a better one: branch and bound on the relaxation.

Sites that cannot be in a better choice are left out first; what remains is parted again and
again, the part with the highest bound first (Land and Doig 1960). A part is cut in two at a
stretch of places that the relaxation serves by a broken number of sites: at most k of those who
serve it are chosen, or at least k + 1 (branching on a constraint, as Ryan and Foster 1981 do on
pairs); k = 0 leaves all of them out. Only where no stretch is left that tells enough, a single
site is in or out. Now and then a choice is rounded from a part and exchanged.

Work is counted in runs and stretches gone through, never in seconds, so that every machine does the
same. Stopped at any time, the highest bound among the parts that are left holds.
"""

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.branching import Branching, Group, Node
from planning.siting.covering.narrowing import Narrowed
from planning.siting.covering.relaxation import Prices, Sides
from planning.siting.covering.search import Search, rounded
from planning.siting.covering.stretches import Covering
from planning.siting.effort import Watch
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Cut = tuple[NDArray[np.bool_], NDArray[np.bool_], Group | None]  # out, locked, with a rule

_STEPS = 640  # on each part, at most
_BROKEN = 0.05  # a number of sites this far from whole is worth cutting at
_LESS = 0.5  # how much less it is where the number is above one: no site can be left out
_MOST_ROWS = 60  # in one part; then single sites are settled, which must end
_ROUND_FIRST, _ROUND_EVERY = 12, 4  # parts from which a choice is rounded
_SHARP = 4  # one in so many sites left, and so many times as many sites
_SEARCH_WORK = 40  # times its size that rounding and exchanging take, in work


@dataclass(frozen=True)
class Question:
    """What is to be proved, and where the relaxation of it stands."""

    cover: Covering
    rules: Rules
    sides: Sides
    share: Real
    prices: Prices


@dataclass
class Proof:
    """The best choice known (empty: none) and its value, and what no choice exceeds."""

    best: Whole
    value: int
    bound: int
    parts: int = 0  # looked at
    spent: int = 0  # of the work allowed

    @property
    def finished(self) -> bool:
        """Whether nothing better exists."""
        return self.bound <= self.value


@dataclass(frozen=True)
class Allowed:
    """How much work may be done, and among how many sites it is worth beginning.

    Where so few of many sites are left, prices are sharp: then it is worth beginning among more.
    """

    work: int
    sites: int

    def among(self, sites: int) -> int:
        """Return how many of all sites may be left."""
        return max(self.sites, min(sites // _SHARP, _SHARP * self.sites))


NO_PROOF = Allowed(0, 0)


def certify(question: Question, known: Proof, allowed: Allowed, watch: Watch) -> Proof:
    """Return a proof with a value no smaller and a bound no larger than what is known.

    A choice is looked for that is worth more than `known.value`, whether or not `known.best`
    is worth so much. Where more sites are left than `allowed`, nothing is done.
    """
    tree = _Tree(question, known)
    if known.finished or not tree.begin(allowed.among(question.rules.sites)):
        return tree.proof
    while tree.parts and tree.proof.spent < allowed.work:
        if watch.stop(tree.proof.value, tree.bound):
            break
        tree.branch()
    tree.proof.bound = tree.bound
    return tree.proof


def sites_left(question: Question, value: int) -> int:
    """Return how many sites the prices alone do not settle for choices worth more than `value`."""
    root = _root(question)
    return 0 if root is None else _left(root, value)


def _root(ask: Question) -> Node | None:
    """Return all choices with the locked-in sites; None where these break the rules.

    They are in every choice, whatever they are worth: before they are left out of what is
    weighed, nothing else can be settled.
    """
    locked = np.zeros(ask.rules.sites, dtype=bool)
    locked[ask.rules.chosen] = True
    every = Node.root(ask.cover, ask.sides, ask.rules.most_sites, ask.share, ask.prices)
    settle_nothing = Branching(-1, 0, 1.0, ask.rules.clashes)
    return settle_nothing.part(every, np.zeros_like(locked), locked)


def _left(root: Node, value: int) -> int:
    idle, needed = root.settled(value + 1)
    return int((~idle & ~needed).sum())


@dataclass
class _Tree:
    """The parts that are left, highest bound first, those made earlier before others."""

    question: Question
    proof: Proof
    parts: list[tuple[int, int, Node]] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        cover = self.question.cover
        self.proof = Proof(self.proof.best, self.proof.value, self.proof.bound)
        self._scale = max(float(cover.weight.sum()) / max(len(cover.weight), 1), 1.0)

    @property
    def bound(self) -> int:
        """No choice is worth more: neither one that is known nor one in any part left."""
        left = -self.parts[0][0] if self.parts else self.proof.value
        return min(self.proof.bound, max(left, self.proof.value))

    def begin(self, most_sites: int) -> bool:
        """Settle what the prices settle; return whether so few sites are left."""
        ask = self.question
        root = _root(ask)
        if root is None or _left(root, self.proof.value) > most_sites:
            return False
        none = np.zeros(len(root.sites), dtype=bool)
        part = self._branching().part(root, none, none)
        if part is not None:
            kept = np.unique(np.concatenate([part.sites, part.locked, self.proof.best]))
            self._narrow = Narrowed.to(kept, ask.cover, ask.rules)
            self._search = Search(self._narrow.cover, self._narrow.rules)
            self._keep(part)
        self.proof.bound = self.bound
        return True

    def _branching(self) -> Branching:
        return Branching(self.proof.value + 1, _STEPS, self._scale, self.question.rules.clashes)

    def branch(self) -> None:
        """Cut the part with the highest bound in two."""
        node = heapq.heappop(self.parts)[2]
        if node.bound <= self.proof.value:
            return  # a better choice was found since
        self.proof.parts += 1
        none, some = np.zeros((2, len(node.sites)), dtype=bool)
        group = _broken(node)
        if group is None:
            some[_doubtful(node)] = True
            cuts: list[Cut] = [(some, none, None), (none, some, None)]
        else:
            more = Group(group.sites, group.number + 1, at_least=True)
            some[group.sites] = True
            cuts = [
                (some, none, None) if group.number == 0 else (none, none, group),
                (none, some, None) if len(group.sites) == 1 else (none, none, more),
            ]
        for out, locked, rule in cuts:
            self.proof.spent += 4 * node.size
            part = self._branching().part(node, out, locked, rule)
            if part is not None:
                self._keep(part)

    def _keep(self, part: Node) -> None:
        """Bound a part and look for a choice in it; keep it if it may hold a better one."""
        part, work = self._branching().tightened(part)
        self.proof.spent += work
        if part.bound <= self.proof.value:
            return
        self.made += 1
        if not part.points or not len(part.sites):
            self._take_whole(part)
            return
        if self.made <= _ROUND_FIRST or self.made % _ROUND_EVERY == 0:
            self._round(part)
        if part.bound > self.proof.value:
            heapq.heappush(self.parts, (-part.bound, self.made, part))

    def _take_whole(self, part: Node) -> None:
        """Take the only choice of a part, if it obeys the rules."""
        cover, rules = self.question.cover, self.question.rules
        chosen = np.sort(part.locked)
        if not rules.broken(chosen.tolist()) and cover.meets_musts(chosen):
            self._take(chosen, cover.value_of(chosen))

    def _round(self, part: Node) -> None:
        """Round a choice from a part, mend it and exchange its sites."""
        offset = (0.5, 0.25, 0.75)[self.made % 3]
        some = rounded(part.cover.covers, part.share, part.points, offset)
        chosen = np.concatenate([part.locked, part.sites[np.array(some, dtype=np.int64)]])
        self._search.choose(np.searchsorted(self._narrow.sites, chosen))
        self._search.fill()
        self._search.exchange()
        self._take(self._narrow.sites[self._search.chosen], self._search.value)
        cover = self._narrow.cover
        self.proof.spent += _SEARCH_WORK * (len(cover.covers.start) + len(cover.weight))

    def _take(self, chosen: Whole, value: int) -> None:
        if value > self.proof.value:
            self.proof.best, self.proof.value = chosen, value


def _broken(node: Node) -> Group | None:
    """Return those who serve the stretch served by the most broken number of sites."""
    if node.rows >= _MOST_ROWS:
        return None
    number = node.cover.covers.spread(node.share)
    broken = np.abs(number - np.round(number))
    if broken.max(initial=0.0) <= _BROKEN:
        return None
    at = int(np.argmax(np.where(number < 1.0, broken, _LESS * broken)))
    sites = np.flatnonzero(node.cover.covers.who_serves(at))
    return Group(sites, int(np.floor(number[at])), at_least=False)


def _doubtful(node: Node) -> int:
    """Return the site most nearly half chosen; where all are whole, the one most chosen."""
    half = np.minimum(node.share, 1.0 - node.share)
    return int(np.argmax(half if half.max() > _BROKEN else node.share))
