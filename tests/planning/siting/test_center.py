"""The p-center solver: against every choice of sites, its search and its proof by hand."""

from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.compiled.center import cover_search
from planning.siting.distance import center
from planning.siting.distance.center import solve_center
from planning.siting.distance.median_search import limits_of
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Stopped
from planning.siting.rules import Row, RuleKind, Rules
from tests.planning.siting import brute
from tests.planning.siting.lands import land_of_worst as land
from tests.planning.siting.questions import problems

WORST = (Objective.WORST_DISTANCE,)
PARTS = frozenset({"table", "now", "rows", "locked", "clashes"})
SOME = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=12, deadline=None)
SEED = st.integers(0, 10**6)


def solve(problem, effort=Effort.NORMAL, seed=0, watch=None):
    return solve_center(problem, effort, seed, watch or Watch())


@SOME
@given(problem=problems(WORST, PARTS))
def test_small_questions_are_settled(problem):
    best, found = brute.optimum(problem), solve(problem)
    if best is None:
        assert found is None
        return
    assert found.value == found.bound == best
    assert found.stopped is Stopped.PROVED
    assert brute.value_of(problem, found.chosen) == best


@SOME
@given(problem=problems(WORST, PARTS))
def test_quick_answers_enclose_the_best(problem):
    best, found = brute.optimum(problem), solve(problem, Effort.QUICK)
    if best is None:
        assert found is None
        return
    assert found.bound <= best <= found.value
    assert brute.value_of(problem, found.chosen) == found.value
    assert found.proved == (found.stopped is Stopped.PROVED)


@FEW
@given(seed=SEED, points=st.integers(1, 10))
def test_one_more_point_is_never_worse(seed, points):
    values = [
        solve(replace(land(seed), rules=Rules(15, count))).value for count in (points, points + 1)
    ]
    assert values[1] <= values[0]


@FEW
@given(seed=SEED)
def test_order_and_number_of_people_do_not_matter(seed):
    problem = land(seed)
    order = np.random.default_rng(seed).permutation(60)
    there = problem.distances
    turned = replace(
        problem,
        people=3 * problem.people[order],
        distances=StraightDistances(there.place[order], there.site),
    )
    twice = replace(
        problem,
        people=np.tile(problem.people, 2),
        radius_m=np.tile(problem.radius_m, 2),
        now_m=np.tile(problem.now_m, 2),
        distances=StraightDistances(np.tile(there.place, (2, 1)), there.site),
    )
    assert solve(problem).value == solve(turned).value == solve(twice).value


def test_places_asked_about_one_after_another_bound_the_same_question(monkeypatch):
    problem = land(3, places=2000, sites=80, points=8)
    best = solve(problem)
    assert best.proved
    monkeypatch.setattr(center, "_FEW_PAIRS", 0)
    monkeypatch.setattr(center, "_FIRST", 100)
    monkeypatch.setattr(center, "_CELLS", 50)
    some = solve(problem)
    assert some.bound <= best.value <= some.value
    assert some.value <= 1.1 * best.value
    assert some.bound >= 0.8 * best.value
    metres = np.stack([problem.distances.of(site) for site in range(80)])
    table = solve(replace(problem, distances=TableDistances(metres)))
    assert table.bound <= best.value <= table.value


def test_large_questions_obey_rules_too(monkeypatch):
    monkeypatch.setattr(center, "_FEW_PAIRS", 0)
    problem = land(4, places=500, sites=40, points=8)
    half = Row.count(RuleKind.GROUP, "half", np.arange(20), 5, 6)
    close = np.hypot(*(problem.distances.site[:, None] - problem.distances.site).transpose(2, 0, 1))
    clashes = csr_array(((close < 3000) & ~np.eye(40, dtype=bool)).astype(np.int64))
    rules = Rules(40, 8, (half,), np.array([7]), clashes)
    found, free = solve(replace(problem, rules=rules)), solve(problem)
    assert rules.broken(found.chosen) == []
    assert free.bound <= found.value
    assert found.bound <= found.value


def random_cover(seed, rows=12, sites=8):
    rng = np.random.default_rng(seed)
    return csr_array((rng.random((rows, sites)) < 0.35).astype(np.int64))


def least_cover(near):
    dense = near.toarray() > 0
    for count in range(dense.shape[1] + 1):
        if any(dense[:, list(some)].any(axis=1).all() for some in combinations(range(8), count)):
            return count
    return inf


@FEW
@given(seed=SEED, count=st.integers(0, 6))
def test_a_proof_that_more_sites_are_needed_holds(seed, count):
    near = random_cover(seed)
    if center._needs_more(near, count, 10):
        assert least_cover(near) > count


@FEW
@given(seed=SEED)
def test_the_search_for_a_cover_finds_one_where_there_is_one(seed):
    near = random_cover(seed)
    sites, least = csr_array(near.T), least_cover(near)
    if least == inf:
        return
    limits = limits_of(Rules(8, least))
    found, complete = cover_search(
        (near.indptr.astype(np.int64), near.indices.astype(np.int64)),
        (sites.indptr.astype(np.int64), sites.indices.astype(np.int64)),
        limits, (np.zeros(0, dtype=np.int64), np.zeros(8, dtype=np.int64)),
        np.zeros(0, dtype=np.int64), least, 5000, 1,
    )  # fmt: skip
    assert complete
    assert len(found) <= least
    assert (near.toarray()[:, found] > 0).any(axis=1).all()


@FEW
@given(seed=SEED)
def test_rows_that_hold_another_are_found(seed):
    near = random_cover(seed)
    sets = [frozenset(np.flatnonzero(row).tolist()) for row in near.toarray()]
    least = {i for i, one in enumerate(sets) if not any(two < one for two in sets)
             and one not in sets[:i]}  # fmt: skip
    largest = {i for i, one in enumerate(sets) if not any(two > one for two in sets)
               and one not in sets[:i]}  # fmt: skip
    filled = {i for i, one in enumerate(sets) if one}
    if len(filled) == len(sets):
        assert set(center._in_no_other(near, smallest=True).tolist()) == least
        assert set(center._in_no_other(near, smallest=False).tolist()) == largest
