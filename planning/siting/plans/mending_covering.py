"""Mending a covering plan that loses a site: open the best other one, then exchange around it.

One search is kept for all refused sites; after each it goes back to the plan, which moves
only the few sites that differ.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import RADIUS, Covering
from planning.siting.plans.mending import Mended, by_rules
from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]
_AT_ONCE = 200  # places told to the exact solver at a time
# What a person of a floor counts besides himself: mending for people alone would trade floors
# away, and which price restores one at least cost is not known beforehand.
_PRICES = (0, 1, 4, 16, 64)


class Covered:
    """A plan for most people, or of fewest points, whose sites are refused one after the other."""

    def __init__(self, problem: SitingProblem, plan: Whole, cover: Covering) -> None:
        self._problem, self._plan, self._cover = problem, plan, cover
        self._fewest = problem.objective is Objective.FEWEST_POINTS
        self._most = min(problem.rules.most_sites, problem.rules.sites)
        self._floors = [(self._people_of(floor.places), floor.least) for floor in problem.floors]
        self.value: float = len(plan) if self._fewest else cover.value_of(plan)
        self._searches = [self._search(price) for price in (_PRICES if self._floors else (0,))]
        times = cover.covers.times_served()
        self._sole = np.where(times == 1, cover.weight, 0)
        self._reach = cover.given + int(cover.weight[times > 0].sum())

    def _people_of(self, places: Whole) -> Whole:
        """Return the people of a floor in each stretch of the radius's own layer, shape (k,)."""
        inside = np.zeros(len(self._problem.people), dtype=np.int64)
        inside[places] = self._problem.people[places]
        return np.asarray(self._cover.of_places(inside) * (self._cover.layer == RADIUS))

    def _search(self, price: int) -> Search:
        unit = 10 if self._problem.fade and not self._fewest else 1
        weight = self._cover.weight + sum(price * unit * people for people, _ in self._floors)
        search = Search(replace(self._cover, weight=weight), self._problem.rules)
        search.become(self._plan)
        return search

    def without(self, site: int) -> Mended:
        """Return the best plan without a site that the searches come to."""
        sole = self._cover.covers.places_of(site)
        if self._fewest and self._reach - int(self._sole[sole].sum()) < self._problem.target:
            return Mended(impossible=True)
        best = self._best([self._mended(search, site) for search in self._searches])
        if best.chosen is not None:
            return best
        chosen, impossible = by_rules(self._problem.rules, self._plan, site, self._missing)
        if chosen is None:
            return Mended(impossible=impossible)
        return self._best([self._from(search, chosen, site) for search in self._searches])

    def _best(self, found: list[Whole | None]) -> Mended:
        """Return the best of some choices; of equal ones the first."""
        best = Mended()
        for chosen in found:
            if chosen is None:
                continue
            value = len(chosen) if self._fewest else self._cover.value_of(chosen)
            better = value < best.value if self._fewest else value > best.value
            if best.chosen is None or better:
                best = Mended(chosen, value)
        return best

    def _mended(self, search: Search, site: int) -> Whole | None:
        """Return the plan mended from what is left of it; None where it breaks a rule."""
        search.bar([site])
        search.close(site)
        fresh = search.near
        if self._fewest:
            self._grow(search, fresh)
        else:
            search.fill()
            search.exchange(fresh | search.near)
        return self._ended(search)

    def _from(self, search: Search, chosen: Whole, site: int) -> Whole | None:
        """Return a plan made from a choice that obeys the rules about sites."""
        search.bar([site])
        search.become(chosen)
        if self._fewest:
            self._grow(search, None)
            if not self._floors:
                search.close_idle(self._problem.target)
        else:
            search.fill()
            search.exchange()
        return self._ended(search)

    def _grow(self, search: Search, fresh: NDArray[np.bool_] | None) -> None:
        """Open one site after the other, exchanging around each, until the target is served."""
        number = len(search.chosen)
        while not self._enough(search) and number < self._most:
            number += 1
            search.aim_at(number)
            if not search.open_best():
                break
            search.exchange(None if fresh is None else fresh | search.near)
        search.aim_at(self._most)
        if number > len(self._plan) and not self._floors:
            search.close_idle(self._problem.target)

    def _ended(self, search: Search) -> Whole | None:
        """Return what a search has come to if it is a plan, and put it back to the plan."""
        chosen = search.chosen if self._enough(search) else None
        search.become(self._plan)
        return chosen

    def _enough(self, search: Search) -> bool:
        """Return whether the choice obeys the rules and serves whoever it has to."""
        if search.value < 0:
            return False
        target = self._problem.target if self._fewest else 0
        if not self._floors:
            return search.value >= target
        served = self._cover.covers.served_by(search.chosen)
        # People of a floor who are served whatever is chosen are in no stretch.
        kept = all(
            int(people[served].sum()) >= least - self._already(at)
            for at, (people, least) in enumerate(self._floors)
        )
        return kept and self._cover.value_of(search.chosen) >= target

    def _already(self, floor: int) -> int:
        at = self._problem.floors[floor].places
        now = self._problem.now_m[at] <= self._problem.radius_m[at]
        return int(self._problem.people[at][now].sum())

    def _missing(self, chosen: Whole) -> csr_array | None:
        """Return who could serve some of the stretches that must be and are not; None: all are."""
        missing = np.flatnonzero(self._cover.must & ~self._cover.covers.served_by(chosen))
        if not len(missing):
            return None
        some = missing[:: max(len(missing) // _AT_ONCE, 1)]
        rows = [self._cover.covers.who_serves(int(each)) for each in some]
        return csr_array(np.stack(rows).astype(np.float64))
