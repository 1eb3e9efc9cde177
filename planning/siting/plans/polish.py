"""Where inside its settlement a chosen site would serve more people.

Candidates stand for a whole settlement; between them and the best place in it there may be a
few hundred metres. A site may shift to another home of its commune within a kilometre, never
onto water or a field.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planning.model.asking import Objective, SuggestionAsk
from planning.model.siting import Shift
from planning.model.wishes import CandidateKind
from planning.siting.plans.ranking import worth_of
from planning.siting.stating.question import Question

FARTHEST_M = 1000.0
SIDES = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
_SETTLED = (CandidateKind.SETTLEMENT, CandidateKind.CENTRE)

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


def shifts(question: Question, chosen: Sequence[int], ask: SuggestionAsk) -> dict[int, Shift]:
    """Return, for each chosen site that would serve more people elsewhere, where.

    Every site is moved alone, all others staying where they are. A site at a host stays
    there; and where hosts, money, room, floors or the worst distance are part of the rules
    nothing is moved, since what a place then costs or breaks is more than a count.
    """
    if not _counts_alone(ask):
        return {}
    kinds = question.places.table["kind"].to_numpy(dtype=object)
    free = [site for site in chosen if kinds[site] in _SETTLED and not question.places.chosen[site]]
    network = _Network(question, chosen, ask)
    found = {site: network.best_shift(site) for site in free}
    return {site: shift for site, shift in found.items() if shift is not None}


def _counts_alone(ask: SuggestionAsk) -> bool:
    rules = ask.rules
    counts = ask.objective in (Objective.MOST_PEOPLE, Objective.FEWEST_POINTS)
    hosted = rules.kinds or rules.host_types or rules.host_within_km is not None
    floors = any(group.share is not None for group in rules.groups)
    return counts and not (hosted or floors or ask.budget or rules.capacity or rules.worst_km)


class _Network:
    """The points open under a plan, seen from each of its sites."""

    def __init__(self, question: Question, chosen: Sequence[int], ask: SuggestionAsk) -> None:
        self._question, self._people = question, question.people
        self._spacing_m = (ask.rules.spacing_km or 0.0) * 1000
        self._tenth = 10 if ask.fade else 1
        self._worth = worth_of(question.problem, question.problem.now_m)
        self._reach = question.people.radius_m.max(initial=0.0) * (ask.fade or 1.0)
        places = question.places
        self._standing = np.concatenate([places.xy[list(chosen)], places.staying_xy])
        self._sites = list(chosen)
        # The nearest site of everybody and the second: without the one the other is left.
        self._first = question.problem.now_m.copy()
        self._second = self._first.copy()
        self._whose = np.full(len(self._first), -1)
        for site in chosen:
            metres = question.problem.distances.of(site)
            nearer = metres < self._first
            self._second = np.where(nearer, self._first, np.minimum(self._second, metres))
            self._first[nearer], self._whose[nearer] = metres[nearer], site

    def best_shift(self, site: int) -> Shift | None:
        """Return the home from which most more people are served; of equal ones the nearest."""
        here = self._question.places.xy[site]
        metres = np.hypot(*(self._people.xy - here).T)
        homes = self._homes(site, metres)
        near = np.flatnonzero(metres <= FARTHEST_M + self._reach)
        alone = np.where(self._whose[near] == site, self._second[near], self._first[near])
        served = [self._served(near, np.minimum(alone, self._away(home, near))) for home in homes]
        before = self._served(near, np.minimum(alone, metres[near]))
        if not served or max(served) <= before:
            return None
        best = int(np.argmax(served))
        home, gain = int(homes[best]), round((served[best] - before) / self._tenth)
        east, north = self._people.xy[home] - here
        row = self._people.table.iloc[home]
        return Shift(
            float(metres[home]), SIDES[round(float(np.degrees(np.arctan2(north, east))) / 45) % 8],
            gain, float(row["lon"]), float(row["lat"]),
        )  # fmt: skip

    def _homes(self, site: int, metres: Real) -> Whole:
        """Return the homes to which a site may shift, nearest first."""
        row, table = self._question.places.table.iloc[site], self._people.table
        same = (table["commune_code"] == row["commune_code"]).to_numpy(dtype=bool)
        if isinstance(row["former_code"], str):
            same = same & (table["former_code"] == row["former_code"]).to_numpy(dtype=bool)
        same = same & ~self._question.barred
        homes = np.flatnonzero(same & (metres <= FARTHEST_M) & (metres > 0))
        homes = homes[np.argsort(metres[homes], kind="stable")]
        others = np.delete(self._standing, self._sites.index(site), axis=0)
        away = self._people.xy[homes][:, None, :] - others[None]
        nearest = np.hypot(away[..., 0], away[..., 1]).min(axis=1, initial=np.inf)
        return np.asarray(homes[nearest >= self._spacing_m])

    def _away(self, home: int, near: Whole) -> Real:
        return np.asarray(np.hypot(*(self._people.xy[near] - self._people.xy[home]).T))

    def _served(self, near: Whole, metres: Real) -> float:
        everybody = np.full(len(self._first), np.inf)
        everybody[near] = metres
        return float(self._worth(everybody).sum())
