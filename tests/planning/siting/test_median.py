"""The p-median solver: against every choice of sites, its loops against plain numpy."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.model.siting import Objective
from planning.siting.compiled import median as kernels
from planning.siting.distance import median, median_lists
from planning.siting.distance.median import solve_median
from planning.siting.distance.median_dual import Dual
from planning.siting.distance.median_search import Interchange
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Stopped
from planning.siting.rules import Rules
from tests.planning.siting import brute
from tests.planning.siting.lands import land_of_mean as land
from tests.planning.siting.questions import problems

MEAN = (Objective.MEAN_DISTANCE,)
PARTS = frozenset({"table", "now", "rows", "locked", "clashes"})
SOME = settings(max_examples=60, deadline=None)
FEW = settings(max_examples=12, deadline=None)
SEED = st.integers(0, 10**6)
CLOSE = 1e-9


def solve(problem, effort=Effort.QUICK, seed=0, watch=None):
    return solve_median(problem, effort, seed, watch or Watch())


def demand_of(seed, narrow=False):
    """Return lists of 40 places with the sites of 12 that are near, and what they were made of."""
    problem = land(seed, 40, 12)
    metres = median_lists.table(problem.distances, np.arange(40)).T
    limit = np.quantile(metres, 0.6, axis=1)
    people = problem.people.astype(float)
    if narrow:
        return median_lists.near_lists(
            problem.distances, np.arange(40), people, np.full(40, inf), limit
        ), metres
    lists = median_lists.complete_lists(
        problem.distances, np.arange(40), people, limit, np.arange(12)
    )
    return lists, metres


def nearest(metres, cap, chosen):
    return np.minimum(metres[:, list(chosen)].min(axis=1, initial=inf), cap)


@SOME
@given(problem=problems(MEAN, PARTS))
def test_value_and_bound_enclose_the_best_of_all_choices(problem):
    best, found = brute.optimum(problem), solve(problem)
    if best is None:
        assert found is None
        return
    assert brute.value_of(problem, found.chosen) == pytest.approx(found.value, rel=CLOSE)
    assert problem.rules.broken(found.chosen) == []
    assert found.value >= best * (1 - CLOSE)
    assert found.bound <= best * (1 + CLOSE)
    assert found.proved == (found.stopped is Stopped.PROVED)
    if found.proved:
        assert found.value == pytest.approx(best, rel=CLOSE)


@pytest.mark.parametrize("now", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_without_further_rules_the_best_choice_is_found(seed, now):
    problem = land(seed, now=now)
    found = solve(problem, Effort.NORMAL)
    assert found.value == pytest.approx(brute.optimum(problem), rel=CLOSE)
    assert found.bound > 0.97 * found.value


@FEW
@given(seed=SEED, points=st.integers(1, 10))
def test_one_more_point_is_never_worse(seed, points):
    problem = land(seed)
    fewer, more = (
        solve(replace(problem, rules=Rules(15, count)), Effort.NORMAL)
        for count in (points, points + 1)
    )
    assert more.bound <= fewer.value
    assert more.value <= fewer.value


@FEW
@given(seed=SEED)
def test_the_order_of_the_rows_changes_no_best_value(seed):
    problem = land(seed)
    order = np.random.default_rng(seed).permutation(60)
    turned = replace(
        problem,
        people=problem.people[order],
        distances=StraightDistances(problem.distances.place[order], problem.distances.site),
    )
    one, other = solve(problem, Effort.NORMAL), solve(turned, Effort.NORMAL)
    assert one.value == pytest.approx(other.value, rel=CLOSE)
    assert max(one.bound, other.bound) <= one.value * (1 + CLOSE)


@FEW
@given(seed=SEED, times=st.sampled_from([2, 1000]))
def test_twice_the_people_go_twice_as_many_metres(seed, times):
    problem = land(seed, now=True)
    one, many = solve(problem), solve(replace(problem, people=problem.people * times))
    assert many.value == pytest.approx(times * one.value, rel=CLOSE)
    assert many.bound <= times * one.value * (1 + CLOSE)


@FEW
@given(seed=SEED)
def test_a_place_split_in_two_changes_nothing(seed):
    problem = land(seed)
    part = problem.people // 3
    split = replace(
        problem,
        people=np.concatenate([problem.people - part, part]),
        radius_m=np.tile(problem.radius_m, 2),
        now_m=np.tile(problem.now_m, 2),
        distances=StraightDistances(
            np.tile(problem.distances.place, (2, 1)), problem.distances.site
        ),
    )
    one, other = solve(problem, Effort.NORMAL), solve(split, Effort.NORMAL)
    assert one.value == pytest.approx(other.value, rel=CLOSE)


@pytest.mark.parametrize("now", [False, True])
@pytest.mark.parametrize("points", [1, 6])
def test_coarse_pictures_and_cut_lists_bound_the_same_question(monkeypatch, points, now):
    problem = land(3, places=600, sites=60, points=points, now=now)
    best = solve(problem, Effort.NORMAL)
    monkeypatch.setattr(median, "_COARSE", 20)
    monkeypatch.setattr(median, "FEW_PAIRS", 0)
    cut = solve(problem, Effort.NORMAL)
    assert cut.bound <= best.value
    assert best.bound <= cut.value
    assert cut.value <= 1.01 * best.value
    assert cut.bound >= 0.97 * best.value
    # Where memory holds the lists of some places only, the others are measured without.
    monkeypatch.setattr(median_lists, "MOST_PAIRS", 3000)
    measured = solve(problem, Effort.NORMAL)
    assert measured.bound <= best.value
    assert measured.value <= 1.05 * best.value
    table = TableDistances(
        np.hypot(
            *(problem.distances.site[:, None] - problem.distances.place[None]).transpose(2, 0, 1)
        )
    )
    same = solve(replace(problem, distances=table), Effort.NORMAL)
    assert same.bound <= best.value
    assert 0.85 * best.value <= same.bound


# The compiled loops against plain numpy.


@FEW
@given(seed=SEED, narrow=st.booleans())
def test_lists_hold_the_near_sites_in_order(seed, narrow):
    lists, metres = demand_of(seed, narrow)
    limit = np.quantile(metres, 0.6, axis=1)
    for i in range(40):
        row = slice(lists.first[i], lists.first[i + 1])
        expected = np.argsort(metres[i], kind="stable")
        near = metres[i] <= limit[i] if narrow else metres[i] < limit[i]
        assert lists.site[row].tolist() == [j for j in expected if near[j]]
        exact = metres[i, lists.site[row]]
        assert (lists.metres[row] <= exact).all()
        assert lists.metres[row] == pytest.approx(exact, rel=2e-7)


def test_lists_of_a_table_are_those_of_the_coordinates():
    problem = land(4, 40, 12)
    metres = median_lists.table(problem.distances, np.arange(40))
    limit, people = np.full(40, 9000.0), problem.people.astype(float)
    some = np.array([3, 8, 20])
    asked = some, people[some], np.full(3, 8000.0), limit[some]
    for one, other in zip(
        median_lists.near_lists(problem.distances, *asked),
        median_lists.near_lists(TableDistances(metres), *asked),
        strict=True,
    ):
        assert np.array_equal(one, other)


@FEW
@given(seed=SEED)
def test_worth_of_an_exchange_is_the_difference_of_two_costs(seed):
    lists, metres = demand_of(seed)
    chosen = np.array([1, 4, 7])
    taken = np.isin(np.arange(12), chosen)

    def cost(sites):
        return float(lists.people @ nearest(metres, lists.cap, sites))

    now, away, who = kernels.two_nearest(lists, taken)
    assert now == pytest.approx(cost(chosen))
    assert away[:, 0] == pytest.approx(nearest(metres, lists.cap, chosen))
    slot = np.full(12, kernels.NONE)
    slot[chosen] = np.arange(3)
    gain, loss, extra = np.zeros(12), np.zeros(3), np.zeros((12, 3))
    kernels.swap_worth(lists, away, who, slot, gain, loss, extra)
    for j in np.flatnonzero(~taken):
        assert now - gain[j] == pytest.approx(cost([*chosen, j]))
        for s in range(3):
            swapped = [*np.delete(chosen, s), j]
            assert now - gain[j] + loss[s] - extra[j, s] == pytest.approx(cost(swapped))


@FEW
@given(seed=SEED)
def test_savings_and_the_greedy_choice_are_what_they_say(seed):
    lists, metres = demand_of(seed)
    radius = np.random.default_rng(seed).uniform(0, 1, 40) * lists.cap
    saved = np.empty(12)
    kernels.savings(lists, radius, saved)
    plain = (lists.people[:, None] * np.maximum(radius[:, None] - metres, 0)).sum(axis=0)
    assert saved == pytest.approx(plain)
    taken = np.zeros(12, dtype=np.bool_)
    kernels.greedy(lists, taken, 4)
    chosen = []
    for _ in range(4):
        costs = [lists.people @ nearest(metres, lists.cap, [*chosen, j]) for j in range(12)]
        chosen.append(int(np.argmin(costs)))
    assert np.flatnonzero(taken).tolist() == sorted(chosen)


@FEW
@given(seed=SEED)
def test_a_dual_step_is_the_best_radius_near_the_one_before(seed):
    lists, metres = demand_of(seed)
    rng = np.random.default_rng(seed)
    share, before = rng.uniform(0, 0.5, 12), rng.uniform(0, 1, 40) * lists.cap
    within = (metres < before[:, None]).sum(axis=1)
    state = before.copy(), within.copy(), np.empty(12), np.empty(12)
    kernels.dual_step(lists, lists.cap, share, 500.0, state)
    radius, inside, saved, mass = state
    tries = np.linspace(0, 1, 400)[:, None] * lists.cap

    def worth(u):
        over = np.maximum(u[..., None] - metres, 0.0) @ share
        return u - over - (u - before) ** 2 / (2 * 500.0 / np.maximum(within, 1))

    assert (worth(radius) >= worth(tries).max(axis=0) - 1e-6).all()
    near = metres < radius[:, None]
    assert inside.tolist() == near.sum(axis=1).tolist()
    assert mass == pytest.approx(lists.people @ near)
    assert saved == pytest.approx(
        (lists.people[:, None] * np.maximum(radius[:, None] - metres, 0)).sum(axis=0)
    )
    dual = Dual(Rules(12, 3))
    dual.at(lists, lists.cap, before, 100.0)
    for _ in range(30):
        dual.step()
    best = min(
        float(lists.people @ nearest(metres, lists.cap, three))
        for three in brute.combinations(range(12), 3)
    )
    assert dual.best.bound <= best * (1 + CLOSE)


@FEW
@given(seed=SEED)
def test_interchange_ends_where_no_exchange_pays(seed):
    lists, metres = demand_of(seed)
    chosen = Interchange(Rules(12, 3)).improved(lists, np.array([0, 1, 2]), Watch())
    cost = lists.people @ nearest(metres, lists.cap, chosen)
    for s in range(3):
        for j in set(range(12)) - set(chosen.tolist()):
            other = [*np.delete(chosen, s), j]
            assert lists.people @ nearest(metres, lists.cap, other) >= cost * (1 - CLOSE)


def test_lists_cut_short_keep_the_sites_named():
    lists, _ = demand_of(1)
    position = np.full(12, kernels.NONE)
    position[[2, 5, 9]] = [0, 1, 2]
    first, site, metres = kernels.shortened(lists, position)
    for i in range(40):
        row = slice(lists.first[i], lists.first[i + 1])
        kept = position[lists.site[row]] >= 0
        assert site[first[i] : first[i + 1]].tolist() == position[lists.site[row][kept]].tolist()
        assert metres[first[i] : first[i + 1]].tolist() == lists.metres[row][kept].tolist()


def test_savings_without_lists_are_the_same():
    problem = land(9, 40, 12)
    lists, metres = demand_of(9)
    radius = np.quantile(metres, 0.4, axis=1)
    saved = kernels.straight_savings(
        problem.distances.place, lists.people, problem.distances.site, radius
    )
    plain = (lists.people[:, None] * np.maximum(radius[:, None] - metres, 0)).sum(axis=0)
    assert saved == pytest.approx(plain)
