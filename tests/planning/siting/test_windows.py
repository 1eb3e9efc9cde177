"""Windows of a choice: what a part gains the whole gains, and no rule is broken by it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.model.siting import Objective
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import covering
from planning.siting.covering.windows import Pace, Windows
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules
from tests.planning.siting.brute import optimum, value_of
from tests.planning.siting.questions import problems


@settings(max_examples=60, deadline=None)
@given(
    problems([Objective.MOST_PEOPLE], {"rows", "locked", "clashes", "now", "fade"}),
    st.integers(1, 4),
    st.floats(0, 1),
)
def test_no_window_loses_people_or_breaks_a_rule(problem, size, shift):
    cover, rules = covering(problem), problem.rules
    search = Search(cover, rules)
    search.fill()
    if search.value < 0:
        return
    worth = cover.covers.gathered(cover.weight.astype(float))
    windows, value = Windows(cover, rules, worth, search.chosen), search.value
    for chosen in windows.along(Pace(size, 5, 0.2), 3, shift):
        assert not rules.broken(chosen.tolist())
        # Recounted on the problem itself, not on the covering that the windows are cut from.
        now = value_of(problem, chosen.tolist())
        assert now >= value
        value = now


def row_of_towns(people: list[int]) -> SitingProblem:
    """Return towns 10 km apart on a line, each a candidate, each reached only by itself."""
    place = np.column_stack([np.arange(len(people)) * 10_000.0, np.zeros(len(people))])
    count = len(people)
    return SitingProblem(
        people=np.array(people), radius_m=np.full(count, 1_000.0), now_m=np.full(count, np.inf),
        distances=StraightDistances(place, place), rules=Rules(count, 3),
    )  # fmt: skip


def test_a_window_sees_only_sites_around_it():
    problem = row_of_towns([5, 9, 4, 8, 1])
    cover = covering(problem)
    worth = np.ones(5)
    (chosen,) = Windows(cover, problem.rules, worth, np.array([0, 2, 4])).along(Pace(3, 20, 0.2), 1, 0.0)  # fmt: skip
    # Nobody whom a chosen town serves is within reach of another: exchanges are for all at once.
    assert chosen.tolist() == [0, 2, 4]


def windowed(seed: int) -> tuple[int, int, bool]:
    """Return what one window over everything finds, the best there is, whether it saw all sites."""
    chance = np.random.default_rng(seed)
    place = chance.random((60, 2)) * 4_000.0
    site = chance.random((9, 2)) * 4_000.0
    problem = SitingProblem(
        people=chance.integers(1, 50, 60), radius_m=np.full(60, 1_500.0),
        now_m=np.full(60, np.inf), distances=StraightDistances(place, site), rules=Rules(9, 3),
    )  # fmt: skip
    cover = covering(problem)
    search = Search(cover, problem.rules)
    search.fill()
    windows = Windows(cover, problem.rules, np.ones(9), search.chosen)
    (chosen,) = windows.along(Pace(3, 60, 0.5), seed, 0.0)
    around = cover.covers.gains(cover.weight * cover.covers.served_by(search.chosen)) > 0
    settled = replace(problem, rules=replace(problem.rules, most_sites=len(search.chosen)))
    return value_of(problem, chosen.tolist()), optimum(settled), bool(around.all())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_one_window_over_everything_is_never_above_the_best(seed):
    found, best, _ = windowed(seed)
    assert found <= best


def test_one_window_over_everything_finds_the_best_nearly_always():
    """Ruin and rebuild promises nothing for each case: nineteen in twenty must be the best."""
    cases = [windowed(seed) for seed in range(60)]
    seen = [found == best for found, best, whole in cases if whole]  # else a site is not seen
    assert len(seen) >= 20
    assert sum(seen) >= 0.95 * len(seen)
