"""Branch and bound against every choice there is, stopped after every number of parts."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planning.model.siting import Objective
from planning.siting.covering.branching import Branching, Group, Node
from planning.siting.covering.certificate import Allowed, Proof, Question, certify
from planning.siting.covering.fewest import solve_fewest
from planning.siting.covering.most_people import WORK, MostPeople
from planning.siting.covering.narrowing import left_over
from planning.siting.covering.relaxation import Prices, Relaxation, Sides
from planning.siting.covering.stretches import Covering, covering
from planning.siting.distances import TableDistances
from planning.siting.effort import Effort, Watch
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules
from tests.planning.siting.brute import choices, optimum, value_of
from tests.planning.siting.questions import problems

MOST, FEWEST = Objective.MOST_PEOPLE, Objective.FEWEST_POINTS
RULES = {"table", "now", "fade", "worst", "rows", "locked", "clashes"}
EVERYTHING = Allowed(10**12, 10**6)
NOTHING = np.empty(0, dtype=np.int64)
often = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def asked(problem: SitingProblem, steps: int = 0) -> tuple[Question, Proof]:
    """Return the question with prices after so many steps, and that nothing is known of it."""
    cover, sides = covering(problem), Sides.of(problem.rules)
    relaxed = Relaxation(cover, problem.rules, sides)
    if steps:
        relaxed.improve(steps)
    question = Question(cover, problem.rules, sides, relaxed.site, relaxed.prices)
    return question, Proof(NOTHING, -1, relaxed.bound)


def stop_after(parts: int) -> Watch:
    """Return a watch that ends the search once so many parts were looked at."""
    left = iter(range(parts))
    return Watch(lambda *_: next(left, None) is None)


def tangle(seed: int, points: int, sites: int = 13) -> SitingProblem:
    """Sites that serve a third of the people each, at random, so that the relaxation proves little."""
    chance = np.random.default_rng(seed)
    near = chance.random((sites, 40)) < 0.3
    return SitingProblem(
        chance.integers(1, 9, 40), np.full(40, 100.0), np.full(40, np.inf),
        TableDistances(np.where(near, 50.0, 900.0)), Rules(sites, points),
    )  # fmt: skip


def best_of(problem: SitingProblem) -> int:
    """Return the most people that so many sites of a tangle serve, all choices looked at."""
    near = problem.distances.metres <= 100.0
    chosen = combinations(range(len(near)), problem.rules.most_sites)
    return max(int(problem.people[near[list(each)].any(axis=0)].sum()) for each in chosen)


def fewest_of(problem: SitingProblem) -> int:
    """Return how few sites of a tangle serve the target, all choices looked at."""
    numbers = range(1, problem.rules.sites + 1)
    counted = (replace(problem, rules=Rules(problem.rules.sites, each)) for each in numbers)
    return next(at for at, each in enumerate(counted, 1) if best_of(each) >= problem.target)


@often
@given(problems([MOST], RULES), st.sampled_from([0, 40, 400]))
def test_the_best_of_all_choices_is_found_and_proved(problem, steps):
    question, nothing_known = asked(problem, steps)
    proof = certify(question, nothing_known, EVERYTHING, Watch())
    best = optimum(problem)
    if best is None:
        assert proof.value == -1
        return
    assert proof.value == best
    assert proof.bound == best
    assert value_of(problem, sorted(proof.best.tolist())) == best


@often
@given(problems([MOST], RULES, most_sites=9, most_places=12))
def test_a_choice_that_is_known_to_be_the_best_stays_and_is_proved(problem):
    some = max(choices(problem), key=lambda choice: choice.value, default=None)
    assume(some is not None)
    question, nothing_known = asked(problem)
    known = Proof(np.array(some.chosen, dtype=np.int64), int(some.value), nothing_known.bound)
    proof = certify(question, known, EVERYTHING, Watch())
    assert proof.best.tolist() == list(some.chosen)
    assert proof.bound == some.value


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_wherever_it_stops_the_best_lies_between_value_and_bound(seed, points):
    problem = tangle(seed, points)
    best, (question, nothing_known) = best_of(problem), asked(problem, 80)
    bounds, values = [nothing_known.bound], [-1]
    while bounds[-1] > values[-1]:
        proof = certify(question, nothing_known, EVERYTHING, stop_after(len(bounds) - 1))
        assert proof.value <= best <= proof.bound
        assert len(bounds) < 2000
        bounds.append(proof.bound)
        values.append(proof.value)
    assert bounds == sorted(bounds, reverse=True)
    assert values == sorted(values)
    assert values[-1] == best


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_work_is_never_a_worse_proof(seed, some, more):
    question, nothing_known = asked(tangle(seed, 4), 40)
    less, full = (
        certify(question, nothing_known, Allowed(work, 10**6), Watch())
        for work in (some, some + more)
    )
    assert less.bound >= full.bound
    assert less.value <= full.value


def test_a_tangle_needs_parts_so_that_these_tests_tell_something():
    question, nothing_known = asked(tangle(3, 4, sites=30), 800)
    assert certify(question, nothing_known, EVERYTHING, Watch()).parts > 3


def test_the_same_question_has_the_same_proof():
    question, nothing_known = asked(tangle(3, 4), 40)
    one, other = (certify(question, nothing_known, EVERYTHING, Watch()) for _ in range(2))
    assert one.best.tolist() == other.best.tolist()
    assert (one.parts, one.spent) == (other.parts, other.spent)


def test_what_is_known_is_left_as_it_is():
    question, known = asked(tangle(3, 4), 40)
    before = replace(known)
    certify(question, known, EVERYTHING, Watch())
    assert (known.value, known.bound, known.best.tolist()) == (before.value, before.bound, [])


def test_where_too_many_sites_are_left_nothing_is_done():
    question, nothing_known = asked(tangle(3, 4), 40)
    proof = certify(question, nothing_known, Allowed(10**12, 3), Watch())
    assert (proof.value, proof.bound, proof.parts) == (-1, nothing_known.bound, 0)


def test_a_value_that_nothing_reaches_is_proved_out_of_reach():
    """As the fewest points ask: no choice is known, but one worth more than so much is wanted."""
    problem = tangle(5, 3)
    best, (question, nothing_known) = best_of(problem), asked(problem, 40)
    out_of_reach = replace(nothing_known, value=int(best))
    within = replace(nothing_known, value=int(best) - 1)
    assert certify(question, out_of_reach, EVERYTHING, Watch()).bound == best
    proof = certify(question, within, EVERYTHING, Watch())
    assert (proof.value, value_of(problem, proof.best.tolist())) == (best, best)


# --- parts -----------------------------------------------------------------------------


@often
@given(problems([MOST], RULES - {"fade", "now"}), st.integers(0, 10**6), st.integers(1, 3))
def test_the_two_parts_of_a_cut_hold_every_choice_that_is_worth_more(problem, seed, number):
    """No choice that reaches the target is lost, and none is worth more than its part's bound."""
    question, _ = asked(problem, 40)
    sites, chance = problem.rules.sites, np.random.default_rng(seed)
    some = np.flatnonzero(chance.random(sites) < 0.6)
    assume(len(some) >= number)
    values = {choice.chosen: choice.value for choice in choices(problem)}
    assume(values)
    target = int(np.quantile(list(values.values()), 0.5, method="lower"))
    locked = np.zeros(sites, dtype=bool)
    locked[problem.rules.chosen] = True
    root = Node.root(
        question.cover, question.sides, problem.rules.most_sites, question.share, question.prices
    )
    none = np.zeros(sites, dtype=bool)
    whole = Branching(-1, 0, 1.0, problem.rules.clashes).part(root, none, locked)
    position = {site: at for at, site in enumerate(whole.sites.tolist())}
    inside = np.array([position[site] for site in some.tolist() if site in position], dtype=int)
    cut = Branching(target, 320, 1.0, problem.rules.clashes)
    free = np.zeros(len(whole.sites), dtype=bool)
    fewer, more = (
        cut.part(whole, free, free, Group(inside, count, at_least=at_least))
        for count, at_least in ((number - 1, False), (number, True))
    )
    taken = {whole.sites[at] for at in inside.tolist()}
    for chosen, value in values.items():
        if value < target:
            continue
        part = more if len(taken & set(chosen)) >= number else fewer
        assert part is not None
        assert set(part.locked.tolist()) <= set(chosen) <= {*part.sites, *part.locked}
        assert value <= part.bound
        assert value <= cut.tightened(part)[0].bound


@often
@given(problems([MOST], {"table", "now", "worst"}), st.integers(0, 10**6))
def test_what_is_left_over_counts_as_the_whole_does(problem, seed):
    cover, chance = covering(problem), np.random.default_rng(seed)
    fate = chance.integers(0, 3, problem.rules.sites)
    sites, settled = np.flatnonzero(fate == 0), np.flatnonzero(fate == 1)
    left = left_over(cover, sites, settled)
    for _ in range(4):
        some = chance.random(len(sites)) < 0.5
        chosen = np.concatenate([settled, sites[some]])
        assert left.value_of(np.flatnonzero(some)) == cover.value_of(chosen)


def test_neighbours_that_nobody_tells_apart_any_more_are_one_stretch():
    """Three places in a row; the middle one is served by another site, which is settled."""
    metres = np.array(
        [[0.0, 0.0, 0.0, 0.0], [900.0, 0.0, 900.0, 900.0], [900.0, 900.0, 900.0, 0.0]]
    )
    problem = SitingProblem(
        np.array([5, 6, 7, 8]), np.full(4, 100.0), np.full(4, np.inf), TableDistances(metres),
        Rules(3, 2),
    )  # fmt: skip
    left = left_over(covering(problem), np.array([0, 2]), np.array([1]))
    assert (left.given, left.weight.tolist()) == (6, [12, 8])
    assert [left.covers.places_of(site).tolist() for site in (0, 1)] == [[0, 1], [1]]


# --- in the solvers --------------------------------------------------------------------


def only_bounded(problem: SitingProblem) -> MostPeople:
    """Return the question after a quick search, which proves nothing."""
    quick = MostPeople(covering(problem), problem.rules, Watch())
    quick.run(WORK[Effort.QUICK])
    return quick


def test_a_proof_lowers_the_bound_of_most_people():
    problem = tangle(3, 4)
    open_question = only_bounded(problem)
    assert not open_question.proved
    open_question.prove(EVERYTHING)
    assert open_question.proved
    assert open_question.value == best_of(problem)


def test_one_who_stops_the_proof_keeps_plan_and_bound():
    quick = only_bounded(tangle(3, 4))
    value, bound, best = quick.value, quick.bound, quick.best.tolist()
    quick.watch = stop_after(0)
    quick.prove(EVERYTHING)
    assert (quick.value, quick.best.tolist()) == (value, best)
    assert value <= quick.bound <= bound


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems([FEWEST], RULES - {"fade"}, most_sites=8, most_places=12))
def test_the_fewest_points_are_proved_within_the_work_of_a_normal_effort(problem):
    answer, best = solve_fewest(problem, Effort.NORMAL, 7, Watch()), optimum(problem)
    if answer is not None:
        assert answer.value == best
        assert answer.bound == best


@pytest.mark.parametrize("seed", range(4))
def test_fewest_points_are_proved_where_the_relaxation_does_not(seed):
    problem = replace(tangle(seed, 13), objective=FEWEST)
    problem = replace(problem, target=int(problem.people.sum() * 0.9))
    answer, fewest = solve_fewest(problem, Effort.NORMAL, 7, Watch()), fewest_of(problem)
    assert (answer.value, answer.bound) == (fewest, fewest)


def weight_of(cover: Covering, prices: Prices) -> float:
    """Return what prices leave of everybody's weight."""
    return float((cover.weight - prices.place).sum())


def test_the_prices_of_a_part_stay_within_its_weights():
    question, nothing_known = asked(tangle(3, 4), 80)
    root = Node.root(question.cover, question.sides, 4, question.share, question.prices)
    tight, work = Branching(nothing_known.value + 1, 640, 10.0).tightened(root)
    assert work > 0
    assert tight.bound <= root.bound
    assert weight_of(question.cover, tight.prices) >= -1e-6
