"""Most people, while of named groups at least so many are served.

A floor "of these people at least T are served" is relaxed with a price θ on its people: they
weigh 1 + θ, and the bound of the weighted question less θ·T holds for the question with
floors, for any θ ≥ 0 (Lagrange; Fisher 1981). θ is doubled until the floors are met and
halved back as far as they stay met.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.most_people import WORK, MostPeople
from planning.siting.covering.stretches import RADIUS, covering
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, Floor, SitingProblem, Stopped

Whole = NDArray[np.int64]
_GRAIN = 100  # prices are whole hundredths
_MOST_PRICE = 1 << 14
_BACK = 4  # steps back after the floors were first met


def solve_with_floors(
    problem: SitingProblem, effort: Effort, seed: int, watch: Watch
) -> Answer | None:
    """Choose sites for most people under floors; None when no choice was found that meets them."""
    asked = _Floors(problem, seed, watch)
    price = np.zeros(len(problem.floors), dtype=np.int64)
    short = asked.try_at(price, effort)
    while asked.broken is None and short.any() and price.max() < _MOST_PRICE:
        price[short] = np.maximum(2 * price[short], _GRAIN // 4)
        short = asked.try_at(price, Effort.QUICK)
    low, high = price // 2, price
    for _ in range(_BACK if asked.best is not None and price.any() else 0):
        middle = (low + high) // 2
        short = asked.try_at(middle, Effort.QUICK)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    if price.any() and asked.best is not None:
        asked.try_at(high, effort)
    return asked.answer()


class _Floors:
    """The best choice that meets the floors, and the best bound, over the prices tried."""

    def __init__(self, problem: SitingProblem, seed: int, watch: Watch) -> None:
        self._problem, self._seed, self._watch = problem, seed, watch
        self._cover = covering(problem)
        self._of = [self._people_of(floor) for floor in problem.floors]
        self._owed = [self._least_of(floor) for floor in problem.floors]
        self.best: Whole | None = None
        self.value, self.bound = -1, np.inf
        self.broken: str | None = None

    def _people_of(self, floor: Floor) -> Whole:
        """Return the people of a floor in each stretch of the radius's own layer, shape (k,)."""
        inside = np.zeros(len(self._problem.people), dtype=np.int64)
        inside[floor.places] = self._problem.people[floor.places]
        return np.asarray(self._cover.of_places(inside) * (self._cover.layer == RADIUS))

    def _least_of(self, floor: Floor) -> int:
        """Return how many people of a floor are still to be served by chosen sites."""
        problem, at = self._problem, floor.places
        now = problem.now_m[at] <= problem.radius_m[at]
        return floor.least - int(problem.people[at][now].sum())

    def try_at(self, price: Whole, effort: Effort) -> NDArray[np.bool_]:
        """Solve with weights at these prices; return which floors fall short."""
        weight = self._cover.weight * _GRAIN + sum(
            (int(p) * of for p, of in zip(price, self._of, strict=True)),
            start=np.zeros_like(self._cover.weight),
        )
        cover = replace(self._cover, weight=weight, given=self._cover.given * _GRAIN)
        asked = MostPeople(cover, self._problem.rules, self._watch, self._seed)
        asked.run(WORK[effort])
        owed = sum(int(p) * least for p, least in zip(price, self._owed, strict=True))
        self.bound = min(self.bound, (asked.bound - owed) // _GRAIN)
        if asked.value < 0:
            self.broken = "rules"
            return np.ones(len(price), dtype=bool)
        served = self._cover.covers.served_by(asked.best)
        met = [
            int(of[served].sum()) >= least for of, least in zip(self._of, self._owed, strict=True)
        ]
        value = self._cover.value_of(asked.best)
        if all(met) and value > self.value:
            self.best, self.value = asked.best, value
        return ~np.array(met, dtype=bool)

    def answer(self) -> Answer | None:
        """Return the best choice that meets the floors."""
        if self.best is None:
            return None
        bound = max(int(self.bound), self.value)
        ended = Stopped.PROVED if bound == self.value else Stopped.DONE
        if ended is Stopped.DONE and (self._watch.asked or self._watch.late):
            ended = Stopped.ASKED if self._watch.asked else Stopped.TIME
        return Answer(tuple(self.best.tolist()), self.value, bound, ended)
