"""A start obeys the rules; a change is enough, and nothing less is. Brute force is the judge."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.distances import TableDistances
from planning.siting.integer.changes import Change, Spacing
from planning.siting.integer.elastic import ChangeKind
from planning.siting.integer.feasible import feasible_start, smallest_changes
from planning.siting.problem import Floor, SitingProblem
from planning.siting.rules import NO_LIMIT, Row, RuleKind, Rules
from tests.planning.siting import brute
from tests.planning.siting.changing import applied, with_less, without
from tests.planning.siting.questions import problems, rules

SOME = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def subsets(sites: int) -> Iterator[tuple[int, ...]]:
    for count in range(sites + 1):
        yield from combinations(range(sites), count)


# The start.


@SOME
@given(data=st.data(), sites=st.integers(0, 7))
def test_a_start_obeys_the_rules_and_is_preferred_most(data, sites):
    given_rules = data.draw(rules(sites))
    prefer = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=sites, max_size=sites)))
    sides = data.draw(st.lists(st.sets(st.integers(0, max(sites - 1, 0))), max_size=3))
    near = np.zeros((len(sides), sites))
    for place, some in enumerate(sides):
        near[place, [site for site in some if site < sites]] = 1
    good = [
        sum(prefer[list(chosen)])
        for chosen in subsets(sites)
        if brute.obeys(given_rules, chosen) and all(near[:, list(chosen)].sum(axis=1) > 0)
    ]
    start = feasible_start(given_rules, prefer.astype(np.float64), csr_array(near))
    if not good:
        assert start is None
        return
    assert start is not None
    assert brute.obeys(given_rules, start)
    assert (near[:, list(start)].sum(axis=1) > 0).all()
    # To a thousandth of the most; these sums are whole and at most 63.
    assert sum(prefer[list(start)]) == max(good)


# Changes: each is applied to the question, which brute force then calls possible or not.


def possible(problem: SitingProblem) -> bool:
    return brute.optimum(problem) is not None


def named(change: Change) -> tuple[ChangeKind, str | None]:
    of = change.areas[0] if change.kind is ChangeKind.FLOOR else change.rule
    return change.kind, of


@st.composite
def impossible(draw: st.DrawFn, **wanted: object) -> tuple[SitingProblem, Spacing | None]:
    """Draw a question no choice answers, with the distances of clashing sites if there are any."""
    problem = draw(problems(fits=False, most_sites=5, most_places=5, **wanted))
    assume(not possible(problem))
    clashes = problem.rules.clashes
    if clashes is None:
        return problem, None
    one, other = np.nonzero(np.triu(clashes.toarray()))
    some = st.sampled_from([0.0, 100.0, 250.5, 300.0])
    apart = draw(st.lists(some, min_size=len(one), max_size=len(one)))
    both = np.concatenate([one, other]), np.concatenate([other, one])
    pairs = csr_array((np.array(apart * 2, dtype=np.float64), both), shape=clashes.shape)
    return problem, Spacing(400.0, pairs)


@SOME
@given(asked=impossible())
def test_each_change_is_enough_and_nothing_less_is(asked):
    problem, spacing = asked
    changes = smallest_changes(problem, spacing)
    for change in changes:
        event(f"{change.kind}, alone: {change.alone}")
        assert change.proved
        assert change.now != change.need
    alone = [change for change in changes if change.alone]
    for change in alone:
        assert possible(applied(problem, change, spacing)), change
        assert not any(possible(less) for less in with_less(problem, change, spacing)), change
    helps = {kind for kind, free in without(problem, spacing).items() if possible(free)}
    assert {named(change) for change in alone} == helps
    assert len(alone) in {0, len(changes)}


@SOME
@given(asked=impossible())
def test_where_no_single_change_is_enough_several_are_together(asked):
    problem, spacing = asked
    changes = smallest_changes(problem, spacing)
    assume(not any(change.alone for change in changes))
    changed = problem
    for change in changes:
        changed = applied(changed, change, spacing)
    if changes:
        assert possible(changed)
    else:
        free = Rules(sites=problem.rules.sites, most_sites=problem.rules.sites)
        free = replace(problem, rules=free, floors=(), target=0, worst_m=None)
        assert not possible(free), "some change of the rules would have helped"


@SOME
@given(problem=problems(fits=True, most_sites=5, most_places=5))
def test_nothing_is_to_change_where_a_plan_is_possible(problem):
    assume(possible(problem))
    assert smallest_changes(problem) == []


# By hand.


def bare(given_rules: Rules, **more: object) -> SitingProblem:
    """Return a question about one person who is served today, where only the sites matter."""
    one, here = np.ones(1, dtype=np.int64), np.zeros(1)
    nothing = TableDistances(np.full((given_rules.sites, 1), inf))
    return SitingProblem(one, here, here, nothing, given_rules, **more)


def communes(sites: int, count: int, least: int, most: int = NO_LIMIT) -> tuple[Row, ...]:
    """Return rows for communes of equally many sites, named by their number."""
    each = np.split(np.arange(sites), count)
    return tuple(
        Row.count(RuleKind.COMMUNE, f"{k:03}", inside, least, most) for k, inside in enumerate(each)
    )


def test_a_province_with_a_least_number_per_commune_needs_as_many_points():
    # 150 communes with at least 2 points each need 300; 250 points leave 25 communes out.
    asked = bare(Rules(9_000, 250, communes(9_000, 150, least=2)))
    by_kind = {change.kind: change for change in smallest_changes(asked)}
    assert set(by_kind) == {ChangeKind.POINTS, ChangeKind.EXEMPT}
    assert (by_kind[ChangeKind.POINTS].now, by_kind[ChangeKind.POINTS].need) == (250, 300)
    assert by_kind[ChangeKind.EXEMPT].need == 25
    assert len(set(by_kind[ChangeKind.EXEMPT].areas)) == 25
    assert all(change.proved for change in by_kind.values())


def test_a_budget_is_raised_to_the_cost_of_the_cheapest_sites():
    # Two communes of three sites; the cheapest in each cost 3 and 5 million.
    cost = np.array([7, 3, 9, 8, 5, 6]) * 1_000_000
    budget = Row(RuleKind.BUDGET, "budget", np.arange(6), cost, most=7_999_999)
    asked = bare(Rules(6, 6, (*communes(6, 2, least=1), budget)))
    change = next(c for c in smallest_changes(asked) if c.kind is ChangeKind.MAXIMUM)
    assert (change.rule, change.now, change.need) == (RuleKind.BUDGET, 7_999_999, 8_000_000)


def test_locked_in_sites_beyond_the_most_of_a_commune_are_named_by_it():
    asked = bare(Rules(4, 4, communes(4, 2, least=0, most=1), np.array([0, 1, 2])))
    by_kind = {change.kind: change for change in smallest_changes(asked)}
    assert set(by_kind) == {ChangeKind.MAXIMUM, ChangeKind.LOCKED}
    higher, fewer = by_kind[ChangeKind.MAXIMUM], by_kind[ChangeKind.LOCKED]
    assert (higher.now, higher.need, higher.areas) == (1, 2, ("000",))
    assert (fewer.now, fewer.need) == (3, 2)
    assert fewer.sites in {(0,), (1,)}


def test_locked_in_sites_too_close_together_ask_for_their_own_distance():
    at = np.array([0, 1]), np.array([1, 0])
    clashes = csr_array((np.ones(2, dtype=np.int64), at), shape=(3, 3))
    spacing = Spacing(500.0, csr_array((np.full(2, 320.0), at), shape=(3, 3)))
    asked = bare(Rules(3, 3, chosen=np.array([0, 1]), clashes=clashes))
    by_kind = {change.kind: change for change in smallest_changes(asked, spacing)}
    assert set(by_kind) == {ChangeKind.SPACING, ChangeKind.LOCKED}
    assert (by_kind[ChangeKind.SPACING].now, by_kind[ChangeKind.SPACING].need) == (500.0, 320.0)


def test_the_spacing_asked_for_becomes_that_of_the_two_sites_farthest_apart():
    apart = np.array([[0.0, 320.0, 410.0], [320.0, 0.0, 150.0], [410.0, 150.0, 0.0]])
    clashes = csr_array((apart > 0).astype(np.int64))
    two = Row.count(RuleKind.COUNT, "points", np.arange(3), least=2)
    asked = bare(Rules(3, 3, (two,), clashes=clashes))
    changes = smallest_changes(asked, Spacing(500.0, csr_array(apart)))
    assert [(change.kind, change.now, change.need) for change in changes] == [
        (ChangeKind.LEAST, 2, 1),
        (ChangeKind.SPACING, 500.0, 410.0),
    ]


def test_a_target_beyond_reach_is_lowered_to_the_most_that_can_be_served():
    # One site serves 4 people, the other 7; only one may be chosen. 2 are served today.
    asked = SitingProblem(
        people=np.array([4, 7, 2]),
        radius_m=np.full(3, 10.0),
        now_m=np.array([inf, inf, 0.0]),
        distances=TableDistances(np.array([[0.0, inf, inf], [inf, 10.0, inf]])),
        rules=Rules(2, 1),
        objective=Objective.FEWEST_POINTS,
        target=13,
        floors=(Floor("west", np.array([0]), 4),),
    )
    changes = {change.kind: (change.now, change.need) for change in smallest_changes(asked)}
    # With the floor kept the site of the 4 is chosen, and 6 are served.
    assert changes == {ChangeKind.POINTS: (1, 2), ChangeKind.TARGET: (13, 6)}


def test_a_start_that_cannot_be_found_in_time_is_no_proof():
    with pytest.raises(TimeoutError):
        feasible_start(Rules(3_000, 30, communes(3_000, 30, least=1)), np.ones(3_000), seconds=0.0)
