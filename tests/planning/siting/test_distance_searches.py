"""What the searches for the mean and for the worst distance have in common: seeds, ends, refusals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

import numpy as np
import pytest

from planning.siting.distance.center import solve_center
from planning.siting.distance.median import solve_median
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, Floor, SitingProblem, Stopped
from tests.planning.siting import brute
from tests.planning.siting.lands import land_of_mean, land_of_worst


@dataclass(frozen=True)
class Search:
    """A solver, land for it, the effort of its tests, and after how many words it is stopped."""

    solver: Callable[..., Answer | None]
    land: Callable[..., SitingProblem]
    effort: Effort
    words: int

    def solve(self, problem: SitingProblem, seed: int = 0, watch: Watch | None = None) -> Answer:
        return self.solver(problem, self.effort, seed, watch or Watch())


MEAN = Search(solve_median, land_of_mean, Effort.QUICK, 2)
WORST = Search(solve_center, land_of_worst, Effort.NORMAL, 12)
pytestmark = pytest.mark.parametrize("search", [MEAN, WORST], ids=["mean", "worst"])


def test_same_question_and_seed_same_answer(search):
    problem = search.land(5, places=300, sites=40, points=6)
    assert search.solve(problem, seed=3) == search.solve(problem, seed=3)


def test_whoever_stops_the_search_keeps_the_best_so_far(search):
    problem = search.land(2, places=400, sites=60, points=8)
    told = []

    def tell(value, bound):
        told.append((value, bound))
        return len(told) == search.words

    found = search.solve(problem, watch=Watch(tell))
    assert found.stopped is Stopped.ASKED
    assert len(told) == search.words
    assert found.bound <= found.value <= told[0][0]
    assert brute.value_of(problem, found.chosen) == pytest.approx(found.value, rel=1e-12)
    assert all(a[1] <= b[1] and a[0] >= b[0] for a, b in pairwise(told))


def test_no_time_at_all_still_gives_a_choice(search):
    found = search.solve(search.land(2), watch=Watch(seconds=0.0))
    assert found.stopped is Stopped.TIME
    assert found.bound <= found.value < inf


@pytest.mark.parametrize(
    "other",
    [
        {"worst_m": 1.0},
        {"floors": (Floor("x", np.array([0]), 1),)},
        {"capacity": np.ones(15, dtype=np.int64)},
    ],
    ids=["worst distance", "floor", "capacity"],
)
def test_what_others_solve_is_refused(search, other):
    with pytest.raises(ValueError, match="not for this solver"):
        search.solve(replace(search.land(1), **other))
