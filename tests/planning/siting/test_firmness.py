"""A site is firm when other circumstances choose it again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planning.model.siting import Firmness, Objective
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.effort import Watch
from planning.siting.plans.firmness import (
    Again,
    SiteFirmness,
    Variation,
    firmness,
    usual_variations,
    varied,
)
from planning.siting.problem import Floor, SitingProblem
from planning.siting.rules import Row, RuleKind, Rules
from planning.siting.solvers import solve
from tests.planning.siting import brute
from tests.planning.siting.questions import PARTS, problems

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def line(people, sites, most, radius=500.0, **more) -> SitingProblem:
    """Return a question along a line: people and sites by kilometre."""
    count = len(people)
    return SitingProblem(
        people=np.array(list(people.values()), dtype=np.int64),
        radius_m=np.full(count, radius),
        now_m=np.full(count, np.inf),
        distances=StraightDistances(
            np.array([[1000.0 * km, 0.0] for km in people]),
            np.array([[1000.0 * km, 0.0] for km in sites]),
        ),
        rules=more.pop("rules", Rules(len(sites), most)),
        **more,
    )


def people(name, *factors) -> Variation:
    return Variation(name, people=np.array(factors, dtype=np.float64))


# A town that is always served, and two villages of which only one can be.
TOWN = line({0: 100, 10: 30, 20: 20}, [0, 10, 20], 2)


class TestMarks:
    def test_a_site_that_is_always_chosen_is_firm(self):
        usual = [Variation(f"radius {at}", 1 + at / 10) for at in range(3)]
        other = [people(f"moved {at}", 1, 0.5, 1) for at in range(2)]
        first, second = firmness(TOWN, [0, 1], [*usual, *other])
        assert first.mark is Firmness.FIRM
        assert (first.share, first.not_again) == (1.0, ())
        assert (second.site, second.share, second.mark) == (1, 0.6, Firmness.LIKELY)
        assert second.again == ("radius 0", "radius 1", "radius 2")
        assert second.not_again == ("moved 0", "moved 1")

    @pytest.mark.parametrize(
        ("yes", "no", "mark"),
        [(9, 1, "firm"), (89, 11, "likely"), (1, 1, "likely"), (49, 51, "depends"), (0, 3, "depends")],
    )  # fmt: skip
    def test_firm_is_nine_in_ten_and_likely_every_other_time(self, yes, no, mark):
        names = tuple(str(at) for at in range(yes + no))
        assert SiteFirmness(0, names[:yes], names[yes:]).mark.value == mark

    def test_without_any_variation_nothing_is_said(self):
        (one,) = firmness(TOWN, [0], [])
        assert (one.mark, one.share) == (None, None)

    def test_two_variations_of_one_name_are_two(self):
        twice = [people("moved", 1, 0.5, 1), people("moved", 1, 1, 1)]
        _, second = firmness(TOWN, [0, 1], twice)
        assert (second.again, second.not_again) == (("moved",), ("moved",))


class TestTheSameSite:
    # The village at 10 km can be served from two sites, 800 m apart.
    TWINS = line({0: 100, 10: 30, 10.8: 30}, [0, 10, 10.8], 2)
    MOVED = (people("moved", 1, 1, 2),)

    def test_a_site_nearby_is_the_same(self):
        (_, one) = firmness(self.TWINS, [0, 1], self.MOVED)
        assert one.again == ("moved",)

    def test_how_near_is_asked(self):
        (_, one) = firmness(self.TWINS, [0, 1], self.MOVED, Again(same_m=799.0))
        assert one.not_again == ("moved",)
        (_, one) = firmness(self.TWINS, [0, 1], self.MOVED, Again(same_m=800.0))
        assert one.again == ("moved",)

    def test_tables_know_only_the_site_itself(self):
        metres = np.abs(self.TWINS.distances.site[:, :1] - self.TWINS.distances.place[:, 0])
        there = replace(self.TWINS, distances=TableDistances(metres))
        (_, one) = firmness(there, [0, 1], self.MOVED)
        assert one.not_again == ("moved",)

    def test_one_site_does_not_stand_for_two(self):
        there = line({0: 30, 0.6: 30, 10: 20}, [0, 0.6, 10], 2, radius=300.0)
        # One of the two neighbours is chosen again, for itself: the other one is not.
        one, other = firmness(there, [0, 1], [people("moved", 1, 0.1, 1)])
        assert (one.again, other.not_again) == (("moved",), ("moved",))

    def test_a_locked_in_neighbour_makes_nobody_firm(self):
        rules = Rules(3, 2, chosen=np.array([0]))
        there = line({0: 1, 0.6: 30, 10: 20}, [0, 0.6, 10], 2, radius=300.0, rules=rules)
        one, other = firmness(there, [0, 1], [people("moved", 1, 0.1, 1)])
        assert (one.again, other.not_again) == (("moved",), ("moved",))


class TestVaried:
    def test_the_radius_of_every_place_changes(self):
        longer = varied(TOWN, Variation("radius", 1.2))
        assert longer.radius_m.tolist() == [600.0] * 3
        assert longer.people is TOWN.people
        assert longer.rules is TOWN.rules

    def test_people_are_counted_in_parts_so_that_small_places_vary(self):
        fewer = varied(TOWN, people("fewer", 1, 0.99, 0))
        assert fewer.people.tolist() == [10_000, 2_970, 0]

    def test_targets_and_floors_stay_the_same_shares(self):
        floor = Floor("villages", np.array([1, 2]), 25)
        there = replace(TOWN, floors=(floor,), target=75)
        fewer = varied(there, people("fewer", 1, 0.5, 1))
        # 75 of 150 and 25 of 50 people; of 135 and 35 that are 67.5 and 17.5.
        assert (fewer.target, fewer.floors[0].least) == (6_750, 1_750)

    def test_capacities_are_of_whole_persons(self):
        there = replace(TOWN, capacity=np.array([50, 50, 50]))
        assert varied(there, people("fewer", 0.996, 1, 1)).people.tolist() == [100, 30, 20]

    def test_rules_stay(self):
        both = Row.count(RuleKind.COMMUNE, "98002", np.array([2]), least=1)
        there = replace(TOWN, rules=Rules(3, 2, (both,)))
        found = firmness(there, [0, 2], usual_variations(there))
        assert [each.mark for each in found] == [Firmness.FIRM, Firmness.FIRM]

    def test_a_variation_that_has_no_plan_counts_for_nothing(self):
        there = replace(TOWN, worst_m=500.0, rules=Rules(3, 3))
        narrow = replace(there, rules=Rules(3, 2))
        assert solve(narrow) is None
        found = firmness(narrow, [0, 1], [people("all", 1, 1, 1), people("two", 1, 1, 0)])
        assert [each.again for each in found] == [("two",), ("two",)]


class TestUsual:
    AREAS = np.array(["98001", "98002", "98002"])

    def test_what_varies(self):
        names = [each.name for each in usual_variations(TOWN, self.AREAS)]
        assert names == [
            "radius -10 %", "radius +10 %", "radius -20 %", "radius +20 %",
            "people ±5 % 1", "people ±5 % 2", "people ±5 % 3",
            "people ±15 % 1", "people ±15 % 2", "people ±15 % 3",
        ]  # fmt: skip

    def test_people_vary_by_the_commune_and_by_no_more_than_said(self):
        drawn = [each for each in usual_variations(TOWN, self.AREAS) if each.people is not None]
        assert len({tuple(each.people) for each in drawn}) == len(drawn)
        for each in drawn:
            most = 0.05 if "±5 %" in each.name else 0.15
            assert each.people[1] == each.people[2] != each.people[0]
            assert (np.abs(each.people - 1) <= most).all()

    def test_the_order_of_places_changes_nothing(self):
        turned = replace(TOWN, people=TOWN.people[::-1])
        one = usual_variations(TOWN, self.AREAS)
        other = usual_variations(turned, self.AREAS[::-1])
        for a, b in zip(one, other, strict=True):
            assert a.name == b.name
            assert a.people is None or np.array_equal(a.people, b.people[::-1])

    def test_another_seed_draws_other_people(self):
        one, other = (usual_variations(TOWN, self.AREAS, seed)[4].people for seed in (7, 8))
        assert not np.array_equal(one, other)

    def test_the_sparsest_places_are_left_out_together_or_not_at_all(self):
        there = line({0: 1000, 5: 0, 10: 20, 15: 20, 20: 30}, [0], 1)
        (last,) = [each for each in usual_variations(there) if "sparsest" in each.name]
        # 40 of 1,070 people are 3.7 per cent, 70 would be 6.5.
        assert last.people.tolist() == [1, 1, 0, 0, 1]
        equal = line({0: 1000, 10: 30, 15: 30}, [0], 1)
        assert not [each for each in usual_variations(equal) if "sparsest" in each.name]

    def test_only_what_counts_varies(self):
        mean = replace(TOWN, objective=Objective.MEAN_DISTANCE)
        assert not [each for each in usual_variations(mean) if each.radius != 1]
        there = line({0: 10_000, 1: 60, 2: 150, 3: 250}, [0], 1, objective=Objective.WORST_DISTANCE)
        names = [each.name for each in usual_variations(there)]
        assert names == [f"without the sparsest {percent} %" for percent in (1, 2, 5)]

    def test_nobody_at_all_is_no_reason_to_fail(self):
        nobody = line({0: 0, 10: 0}, [0], 1)
        assert firmness(nobody, [0], usual_variations(nobody))[0].site == 0


class TestWatch:
    def test_progress_is_told_and_only_what_is_done_counts(self):
        told = []

        def tell(done, of):
            told.append((done, of))
            return done >= 2

        found = firmness(TOWN, [0, 1], usual_variations(TOWN), watch=Watch(tell=tell))
        assert {len(each.again) + len(each.not_again) for each in found} == {2}
        assert sorted(set(told)) == [(0.0, 10.0), (1.0, 10.0), (2.0, 10.0)]


@FEW
@given(
    problems(objectives=[Objective.MOST_PEOPLE, Objective.FEWEST_POINTS], parts=PARTS - {"capacity"}, fits=True),
    st.integers(0, 99),
)  # fmt: skip
def test_every_variation_with_a_plan_counts_once_the_same_each_time(problem, seed):
    plan = next(brute.choices(problem), None)
    assume(plan is not None)
    variations = usual_variations(problem, seed=seed)
    found = firmness(problem, plan.chosen, variations)
    assert [each.site for each in found] == list(plan.chosen)
    names = [each.name for each in variations]
    for each in found:
        # In the order asked, each in one of the two, and for every site the same ones.
        solved = sorted(each.again + each.not_again, key=names.index)
        assert len(solved) == len(set(solved))
        assert solved == sorted(found[0].again + found[0].not_again, key=names.index)
        if each.site in problem.rules.chosen:
            assert not each.not_again
    assert found == firmness(problem, plan.chosen, variations)


@FEW
@given(problems(parts=PARTS - {"capacity"}, fits=True))
def test_without_a_change_the_question_is_the_same(problem):
    same = varied(problem, Variation("same", people=np.ones(len(problem.people))))
    scale = 1 if problem.objective in {Objective.FEWEST_POINTS, Objective.WORST_DISTANCE} else 100
    once, again = brute.optimum(problem), brute.optimum(same)
    assert (once is None) == (again is None)
    assert once is None or again == pytest.approx(scale * once)
