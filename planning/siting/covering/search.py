"""Looking for good choices of sites: greedy, rounded, exchanged, ruined and rebuilt.

Greedy for maximal covering (Church and ReVelle 1974) reaches at least 1 − 1/e of the best
where only the number is a rule (Nemhauser, Wolsey and Fisher 1978). Every choice this module
gives back obeys the rules or says that it does not. Equal gains go to the site that stands
first: the same question has the same answer everywhere.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.compiled import moves
from planning.siting.compiled.runs import BLOCK_BITS
from planning.siting.covering.runs import Runs
from planning.siting.covering.stretches import Covering
from planning.siting.rules import RuleKind, Rules

Whole = NDArray[np.int64]
_MOST_OUT = 3  # how many neighbours leave with a ruined site


class Search:
    """One choice of sites, changed move by move.

    Places that must be served weigh more than all people together, so that they come first.
    """

    def __init__(self, cover: Covering, rules: Rules) -> None:
        self._cover, self._rules = cover, rules
        self._heavy, self._musts = int(cover.weight.sum()) + 1, int(cover.must.sum())
        self._ground = _ground(cover, rules, np.where(cover.must, self._heavy, cover.weight))
        self._none = np.zeros(rules.sites, dtype=np.int64)
        self._state = moves.blank(self._ground)
        self.choose(rules.chosen)

    @property
    def chosen(self) -> Whole:
        """The chosen sites, ascending."""
        return np.flatnonzero(self._state.taken)

    @property
    def value(self) -> int:
        """The weight served, the given included; −1 where a rule is broken."""
        if (
            not moves.kept(self._ground, self._state)
            or not self._state.taken[self._rules.chosen].all()
        ):
            return -1
        reached = int(self._state.tally[moves.VALUE])
        if reached // self._heavy < self._musts:
            return -1
        return self._cover.given + reached - self._musts * self._heavy

    def choose(self, sites: Iterable[int]) -> None:
        """Make this the choice: each site is opened that breaks no upper limit."""
        wanted = [int(each) for each in sites]
        keep = {*wanted, *self._rules.chosen.tolist()}
        for site in self.chosen.tolist():
            if site not in keep:
                moves.move(self._ground, self._state, site, -1)
        for site in [*self._rules.chosen.tolist(), *wanted]:
            if moves.may_open(self._ground, self._state, site):
                moves.move(self._ground, self._state, site, 1)

    def aim_at(self, most_sites: int) -> None:
        """From now on choose at most so many sites; those that lose least are closed."""
        self._ground = self._ground._replace(most_sites=most_sites)
        state, most = self._state, np.iinfo(np.int64).max
        while state.tally[moves.CHOSEN] > most_sites:
            loss = np.where(state.taken & ~self._ground.locked, state.loss, most)
            if loss.min(initial=most) == most:
                break
            moves.move(self._ground, state, int(loss.argmin()), -1)

    def fill(self) -> None:
        """Open sites, the one worth most first, while it gains anybody or a rule asks for it."""
        moves.fill(self._ground, self._state, self._none, 1)

    def open(self, site: int) -> None:
        """Open one site, whatever it gains."""
        moves.move(self._ground, self._state, site, 1)

    def close(self, site: int) -> None:
        """Close one site, whatever it loses."""
        moves.move(self._ground, self._state, site, -1)

    def bar(self, sites: Iterable[int]) -> None:
        """From now on open none of these when filling or exchanging; other sites are free again."""
        self._none[:] = 0
        self._none[list(sites)] = 1

    def become(self, sites: Whole) -> None:
        """Make exactly this the choice, moving only what differs; the caller answers for the rules."""
        wanted = np.zeros(self._rules.sites, dtype=bool)
        wanted[sites] = True
        now = self._state.taken.copy()
        for site in np.flatnonzero(now & ~wanted):
            self.close(int(site))
        for site in np.flatnonzero(wanted & ~now):
            self.open(int(site))

    @property
    def near(self) -> NDArray[np.bool_]:
        """Whose gain or loss the last move may have changed, shape (m,)."""
        near = np.zeros(self._rules.sites, dtype=bool)
        near[self._state.near[: self._state.tally[moves.NEAR]]] = True
        return near

    def best_by(self, worth: Whole) -> int | None:
        """Return the site worth most by another measure (m,) that the rules let open, or None.

        Sites that serve somebody who must be served come first.
        """
        gain = self._state.gain.copy()
        musts = gain // self._heavy if self._cover.must.any() else np.zeros_like(gain)
        self._state.gain[:] = np.where(self._state.taken, 0, worth + self._heavy * musts)
        site = int(moves.best_to_open(self._ground, self._state, self._none, 1))
        self._state.gain[:] = gain
        return None if site == moves.NONE else site

    def fill_up_to(self, target: int) -> list[int]:
        """Open sites, the one worth most first, until `target` is served; return their order."""
        opened = []
        while self.value < target:
            site = int(moves.best_to_open(self._ground, self._state, self._none, 1))
            if site == moves.NONE:
                break
            moves.move(self._ground, self._state, site, 1)
            opened.append(site)
        return opened

    def reopen_standing(self) -> None:
        """Open again what stands today and was closed for nothing: where the rules let it."""
        for site in np.flatnonzero(self._ground.standing & ~self._state.taken).tolist():
            if moves.may_open(self._ground, self._state, site):
                moves.move(self._ground, self._state, site, 1)

    def close_idle(self, target: int, *, standing: bool = True) -> None:
        """Close sites, the one that loses least first, while `target` is served without.

        Without `standing`, points that are open today are left alone.
        """
        spared = self._ground.locked | (self._ground.standing & (not standing))
        for site in sorted(self.chosen.tolist(), key=lambda each: (self._state.loss[each], each)):
            if spared[site]:
                continue
            moves.move(self._ground, self._state, site, -1)
            if self.value < target:
                moves.move(self._ground, self._state, site, 1)

    def exchange(self, fresh: NDArray[np.bool_] | None = None) -> None:
        """Exchange single sites until no exchange gains people."""
        every = np.ones(self._rules.sites, dtype=bool) if fresh is None else fresh.copy()
        moves.exchange(self._ground, self._state, every, self._none)
        self.fill()

    def open_best(self) -> bool:
        """Open the site worth most that the rules let open; return whether there was one."""
        site = int(moves.best_to_open(self._ground, self._state, self._none, 1))
        if site == moves.NONE:
            return False
        moves.move(self._ground, self._state, site, 1)
        return True

    def exchange_near(self) -> None:
        """Exchange sites near the last move, and near every exchange, until none gains people."""
        moves.exchange(self._ground, self._state, self.near, self._none)

    def rebuild(self, rounds: int, seed: int, slack: int) -> int:
        """Ruin and rebuild so many times; the best choice met stays. Returns how often it grew."""
        chance = np.random.default_rng(seed)
        return int(moves.rebuild(self._ground, self._state, rounds, chance, _MOST_OUT, slack))


def rounded(covers: Runs, share: NDArray[np.float64], points: int, offset: float) -> list[int]:
    """Return a choice drawn from fractional sites (m,) evenly along the space-filling curve.

    Systematic sampling keeps as many sites in each neighbourhood as the relaxation wants
    there, whereas the largest fractions may all stand side by side.
    """
    order = covers.along_the_curve()
    running = np.cumsum(share[order])
    if not len(running) or running[-1] <= 0:
        return []
    wanted = (np.arange(points) + offset) * running[-1] / points
    at = np.minimum(np.searchsorted(running, wanted), len(share) - 1)
    return [int(each) for each in dict.fromkeys(order[at].tolist())]


def _ground(cover: Covering, rules: Rules, weight: Whole) -> moves.Ground:
    """Return everything a move needs to know, site by site."""
    start, end, first = cover.covers.arrays
    block_first, block_site = moves.block_index(start, end, first, (len(weight) >> BLOCK_BITS) + 1)
    rows = sorted(range(len(rules.rows)), key=lambda at: (len(rules.rows[at].sites), at))
    by_size = Rules(rules.sites, rules.most_sites, tuple(rules.rows[at] for at in rows))
    by_site = csr_array(by_size.matrix().T)
    by_site.sort_indices()
    clashes = rules.clashes if rules.clashes is not None else csr_array((rules.sites,) * 2)
    locked = np.zeros(rules.sites, dtype=bool)
    locked[rules.chosen] = True
    standing = np.zeros(rules.sites, dtype=bool)
    standing[rules.standing] = True
    return moves.Ground(
        start, end, first, weight, block_first, block_site,
        by_site.indptr.astype(np.int64), by_site.indices.astype(np.int64),
        by_site.data.astype(np.int64),
        np.array([row.least for row in by_size.rows], dtype=np.int64),
        np.array([row.most for row in by_size.rows], dtype=np.int64),
        _parents(by_size), clashes.indptr.astype(np.int64), clashes.indices.astype(np.int64),
        locked, standing, _prices(rules), min(rules.most_sites, rules.sites),
    )  # fmt: skip


def _parents(rules: Rules) -> Whole:
    """Return for each row the smallest later row with a least that holds all its sites, or −1."""
    whose: dict[int, list[int]] = {}
    sets = [set(row.sites.tolist()) for row in rules.rows]
    for at, row in enumerate(rules.rows):
        if row.least > 0 and row.each.max(initial=1) == 1:
            for site in sets[at]:
                whose.setdefault(site, []).append(at)
    parent = np.full(len(rules.rows), -1, dtype=np.int64)
    for at, members in enumerate(sets):
        if members and rules.rows[at].least > 0:
            later = [other for other in whose.get(min(members), ()) if other > at]
            parent[at] = next((other for other in later if members <= sets[other]), -1)
    return parent


def _prices(rules: Rules) -> NDArray[np.float64]:
    """Return what a site costs of the budget, at least a thousandth of the mean; else 1."""
    price = np.ones(rules.sites)
    for row in rules.rows:
        if row.kind is RuleKind.BUDGET and row.each.any():
            price = np.zeros(rules.sites)
            price[row.sites] = row.each
            price = np.maximum(price / price.mean(), 1e-3)
    return price
