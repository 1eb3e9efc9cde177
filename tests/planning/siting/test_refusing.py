"""What refusing a site costs is what mending the plan without it really comes to."""

from dataclasses import replace
from math import hypot, isclose

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planning.model.siting import Objective
from planning.siting.compiled import reinsertion
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Watch
from planning.siting.plans.mending import without
from planning.siting.plans.refusing import Refused, prices_of_refusing
from planning.siting.problem import FadeStep, Floor, SitingProblem
from planning.siting.rules import Row, RuleKind, Rules
from tests.planning.siting import brute
from tests.planning.siting.questions import PARTS, problems

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])  # fmt: skip
FEW = settings(SOME, max_examples=25)
COVERING = [Objective.MOST_PEOPLE, Objective.FEWEST_POINTS]
DISTANCES = [Objective.MEAN_DISTANCE, Objective.WORST_DISTANCE]


def line(people, sites, most, objective=Objective.MOST_PEOPLE, radius=500.0, **more):
    """Return a question along a line: people and sites by kilometre."""
    place = np.array([[1000.0 * km, 0.0] for km in people])
    site = np.array([[1000.0 * km, 0.0] for km in sites])
    return SitingProblem(
        people=np.array(list(people.values()), dtype=np.int64),
        radius_m=np.full(len(people), radius),
        now_m=np.full(len(people), np.inf),
        distances=StraightDistances(place, site),
        rules=more.pop("rules", Rules(len(sites), most)),
        objective=objective,
        **more,
    )


def one(problem, chosen, site) -> Refused:
    (found,) = [each for each in prices_of_refusing(problem, chosen) if each.site == site]
    return found


class TestByHand:
    def test_the_neighbour_takes_the_place(self):
        # Sites at 0, 0.4, 10, 20 km; the one at 0.4 km serves the people at 0 and at 0.8.
        there = line({0: 50, 0.8: 30, 10: 40, 20: 20}, [0, 0.4, 10, 20], 2)
        found = one(there, [1, 2], 1)
        assert found == Refused(1, 90, 30, 0, pytest.approx(400), (0, 2))
        # Without the one at 10 km the people at 20 are the most that are left.
        assert one(there, [1, 2], 2) == Refused(2, 100, 20, 3, pytest.approx(10_000), (1, 3))

    def test_nobody_takes_a_place_where_nobody_else_is_served(self):
        there = line({0: 50, 10: 40}, [0, 10], 2)
        assert one(there, [0, 1], 0) == Refused(0, 40, 50, None, None, (1,))

    def test_the_rest_is_planned_anew_around_the_refused_site(self):
        # The middle site serves both villages. Without it two sites are needed where it and
        # a far one stood, and the far one is given up: an exchange, no mere replacement.
        there = line({0: 50, 0.8: 45, 10: 40}, [0, 0.4, 0.8, 10], 2)
        assert one(there, [1, 3], 1) == Refused(1, 95, 40, 0, pytest.approx(400), (0, 2))

    def test_locked_in_sites_cannot_be_refused(self):
        rules = Rules(3, 2, chosen=np.array([1]))
        there = line({0: 50, 10: 40, 20: 30}, [0, 10, 20], 2, rules=rules)
        assert [each.site for each in prices_of_refusing(there, [0, 1])] == [0]

    def test_a_commune_with_one_possible_site_cannot_do_without(self):
        own = Row.count(RuleKind.COMMUNE, "98001", np.array([0]), least=1)
        rules = Rules(3, 2, (own,))
        there = line({0: 50, 10: 40, 20: 30}, [0, 10, 20], 2, rules=rules)
        found = one(there, [0, 1], 0)
        assert found == Refused(0, impossible=True)
        assert not found.rules_kept
        assert one(there, [0, 1], 1) == Refused(1, 80, 10, 2, pytest.approx(10_000), (0, 2))

    def test_a_rule_that_one_replacement_cannot_keep_is_kept_by_more_changes(self):
        # The commune's other site clashes with a neighbour, which has to leave as well.
        own = Row.count(RuleKind.COMMUNE, "98001", np.array([0, 1]), least=1)
        clashes = np.zeros((4, 4), dtype=np.int64)
        clashes[1, 2] = clashes[2, 1] = 1
        table = TableDistances(np.diag([1.0, 1.0, 1.0, 1.0]) * -9e3 + 9e3)
        there = SitingProblem(
            np.array([50, 5, 40, 30]), np.full(4, 500.0), np.full(4, np.inf), table,
            Rules(4, 2, (own,), clashes=_sparse(clashes)),
        )  # fmt: skip
        found = one(there, [0, 2], 0)
        assert (found.value, found.lost, found.chosen) == (35, 55, (1, 3))
        assert found.distance_m is None

    def test_a_worst_distance_is_kept(self):
        there = line({0: 50, 10: 40, 10.6: 1}, [0, 10, 10.3, 0.5], 2, worst_m=600.0)
        # At 10.3 km nobody stays farther than 600 m; at 10 the one person at 10.6 is just so.
        assert one(there, [0, 2], 2).chosen == (0, 1)
        assert one(there, [0, 2], 0).chosen == (2, 3)

    def test_a_floor_is_kept_though_others_are_more(self):
        people = {0: 50, 10: 40, 20: 30, 20.6: 5}
        floor = Floor("island", np.array([2, 3]), 30)
        there = line(people, [0, 10, 20, 20.2], 2, floors=(floor,))
        # Most people would be served at 0 and at 10 km, nobody on the island.
        assert one(there, [0, 3], 3) == Refused(3, 80, 5, 2, pytest.approx(200), (0, 2))
        alone = line(people, [0, 10, 20], 2, floors=(floor,))
        assert one(alone, [0, 2], 2) == Refused(2)

    def test_further_points_where_the_fewest_are_asked_for(self):
        there = line({0: 50, 0.8: 50, 10: 40}, [0, 0.4, 0.8, 10], 4, Objective.FEWEST_POINTS, target=100)  # fmt: skip
        assert one(there, [1], 1) == Refused(1, 2, 1, 0, pytest.approx(400), (0, 2))
        far = line({0: 50, 10: 40}, [0, 10], 2, Objective.FEWEST_POINTS, target=90)
        assert one(far, [0, 1], 1) == Refused(1, impossible=True)

    def test_tenths_of_people_where_coverage_fades(self):
        fade = (FadeStep(0.5, 10), FadeStep(1.0, 4))
        there = line({0: 50, 10: 40}, [0, 0.4, 10], 2, fade=fade)
        assert one(there, [0, 2], 0) == Refused(0, 600, 300, 1, pytest.approx(400), (1, 2))

    def test_person_metres_and_metres(self):
        people, sites = {0: 10, 4: 10, 10: 30}, [0, 4, 9, 10]
        mean = line(people, sites, 2, Objective.MEAN_DISTANCE)
        # 10 people walk 4 km; without the site at 10 the one at 9 has 30 of them walk one.
        assert one(mean, [0, 3], 3) == Refused(3, 70_000, 30_000, 2, 1000, (0, 2))
        worst = line(people, sites, 2, Objective.WORST_DISTANCE)
        assert one(worst, [0, 3], 3) == Refused(3, 4000, 0, 2, 1000, (0, 2))
        assert one(worst, [0, 3], 0) == Refused(0, 4000, 0, 1, 4000, (1, 3))

    def test_the_only_point_cannot_be_done_without_where_nobody_replaces_it(self):
        there = line({0: 10}, [0], 1, Objective.MEAN_DISTANCE)
        assert one(there, [0], 0) == Refused(0)

    def test_a_distance_function_says_how_far_where_a_table_does_not(self):
        table = TableDistances(np.array([[0.0, 9e3], [100.0, 9e3], [9e3, 0.0]]))
        there = SitingProblem(
            np.array([5, 4]), np.full(2, 500.0), np.full(2, np.inf), table, Rules(3, 1)
        )
        (bare,) = prices_of_refusing(there, [0])
        assert (bare.replacement, bare.distance_m) == (1, None)
        (known,) = prices_of_refusing(there, [0], apart_m=lambda a, b: 10.0 * abs(a - b))
        assert known.distance_m == 10.0

    def test_whoever_looks_on_may_end_it(self):
        there = line({0: 50, 10: 40}, [0, 10], 2)
        assert prices_of_refusing(there, [0, 1], Watch(tell=lambda *_: True)) == []


def _sparse(matrix):
    from scipy.sparse import csr_array  # noqa: PLC0415

    return csr_array(matrix)


def barred(problem: SitingProblem, site: int) -> SitingProblem:
    return replace(problem, rules=without(problem.rules, site))


def plan_of(data: st.DataObject, problem: SitingProblem) -> brute.Choice:
    """Draw a plan that obeys the rules: the best, or any."""
    plans = list(brute.choices(problem))
    assume(plans)
    more = problem.objective is Objective.MOST_PEOPLE
    best = max(plans, key=lambda each: each.value if more else -each.value)
    return data.draw(st.sampled_from([best, *plans]))


def check(problem: SitingProblem, plan: brute.Choice, found: Refused) -> None:
    """Look at one price by brute force."""
    best = brute.optimum(barred(problem, found.site))
    assert not found.impossible or best is None
    if found.chosen is None:
        assert found.lost is found.value is found.replacement is None
        return
    assert found.site not in found.chosen
    worth = brute.value_of(problem, found.chosen)
    assert worth is not None, "the mended plan breaks a rule"
    sign = 1 if problem.objective is Objective.MOST_PEOPLE else -1
    assert isclose(worth, found.value, rel_tol=1e-12)
    assert found.lost == max(0, sign * (plan.value - found.value)) or isclose(
        found.lost, sign * (plan.value - worth), rel_tol=1e-9, abs_tol=1e-6
    )
    assert sign * worth <= sign * best or isclose(worth, best, rel_tol=1e-12)
    new = set(found.chosen) - set(plan.chosen)
    assert (found.replacement in new) if new else found.replacement is None
    if found.replacement is not None and isinstance(problem.distances, StraightDistances):
        site = problem.distances.site
        metres = {each: hypot(*(site[each] - site[found.site])) for each in new}
        assert found.distance_m == min(metres.values()) == metres[found.replacement]


@pytest.mark.parametrize("objective", COVERING)
def test_covering_is_mended_within_the_rules_and_never_beyond_the_best(objective):
    @SOME
    @given(problems(objectives=[objective], parts=PARTS - {"capacity"}, fits=True), st.data())
    def look(problem, data):
        plan = plan_of(data, problem)
        found = prices_of_refusing(problem, plan.chosen)
        locked = set(problem.rules.chosen.tolist())
        assert [each.site for each in found] == [s for s in plan.chosen if s not in locked]
        for each in found:
            check(problem, plan, each)

    look()


@FEW
@given(
    problems(objectives=[Objective.MOST_PEOPLE], parts=PARTS - {"capacity", "floors"}, fits=True),
    st.data(),
)
def test_a_plan_is_mended_wherever_that_is_possible(problem, data):
    plan = plan_of(data, problem)
    for each in prices_of_refusing(problem, plan.chosen):
        possible = brute.optimum(barred(problem, each.site)) is not None
        assert each.rules_kept == possible
        assert each.impossible != possible


@FEW
@given(problems(objectives=[Objective.MOST_PEOPLE], parts={"now", "table"}, fits=True))
def test_no_single_exchange_mends_a_best_plan_better(problem):
    """With no rule but the number, the best single replacement is the least to be expected."""
    best = max(brute.choices(problem), key=lambda each: each.value)
    for each in prices_of_refusing(problem, best.chosen):
        rest = [site for site in best.chosen if site != each.site]
        others = [[*rest, site] for site in range(problem.rules.sites) if site not in best.chosen]
        single = max(brute.value_of(problem, sorted(some)) for some in [rest, *others])
        assert each.value >= single


@pytest.mark.parametrize("objective", DISTANCES)
def test_distances_are_mended_by_the_best_single_site(objective):
    @SOME
    @given(
        problems(objectives=[objective], parts=PARTS - {"capacity", "floors", "worst"}, fits=True),
        st.data(),
    )
    def look(problem, data):
        plan = plan_of(data, problem)
        for each in prices_of_refusing(problem, plan.chosen):
            check(problem, plan, each)
            rest = [site for site in plan.chosen if site != each.site]
            others = set(range(problem.rules.sites)) - set(plan.chosen)
            values = [brute.value_of(problem, some) for some in
                      [rest, *(sorted([*rest, site]) for site in others)]]  # fmt: skip
            single = min((value for value in values if value is not None), default=None)
            if single is not None:
                expected = max(0.0, single - plan.value)
                assert isclose(each.lost, expected, rel_tol=1e-9, abs_tol=1e-6)

    look()


@FEW
@given(problems(most_sites=4, most_places=4, fits=True), st.data())
def test_rules_that_no_quick_way_knows_are_solved_anew(problem, data):
    assume(problem.capacity is not None or problem.objective in DISTANCES)
    plan = plan_of(data, problem)
    for each in prices_of_refusing(problem, plan.chosen):
        check(problem, plan, each)


@FEW
@given(problems(parts=PARTS - {"capacity"}, fits=True), st.data())
def test_the_same_question_has_the_same_prices(problem, data):
    plan = plan_of(data, problem)
    once = prices_of_refusing(problem, plan.chosen)
    assert once == prices_of_refusing(problem, plan.chosen[::-1])


@FEW
@given(st.integers(0, 10**6), st.integers(1, 150))
def test_the_loops_are_those_of_plain_numpy(seed, count):
    rng = np.random.default_rng(seed)
    place, site = rng.uniform(0, 10, (count, 2)), rng.uniform(-5, 15, (12, 2))
    people = rng.integers(1, 9, count).astype(float)
    first = rng.uniform(0, 3, count)
    second = first + rng.uniform(0, 3, count)
    away = np.hypot(*(site[:, None] - place[None]).transpose(2, 0, 1))
    gain, back = np.zeros(12), np.zeros(12)
    reinsertion.savings(place, people, first, second, site, gain, back)
    np.testing.assert_allclose(gain, np.maximum(first - away, 0) @ people, atol=1e-9)
    spared = np.maximum(second - np.maximum(away, first), 0)
    np.testing.assert_allclose(back, spared @ people, atol=1e-9)
    allowed = rng.random(12) < 0.7
    best, worst = reinsertion.least_worst(place, second, site, allowed)
    left = np.where(allowed, np.minimum(second, away).max(axis=1), np.inf)
    assert worst == pytest.approx(min(left.min(), second.max()))
    assert best == (int(left.argmin()) if left.min() < second.max() else -1)
