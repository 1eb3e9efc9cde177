"""From a planner's words to a problem: sites, rules and people, counted by hand on the toy."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.model.asking import Objective
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard, TerrainClass
from planning.model.wishes import (
    Budget,
    Capacity,
    Existing,
    Group,
    Limits,
    RuleWishes,
)
from planning.siting.rules import NO_LIMIT, RuleKind
from planning.siting.stating.rows import Places, _clashes, fade_steps, share_of
from tests.planning.siting.toy_questions import asked, identity, ids
from tests.toy import district
from tests.toy.district import Point

WEST = district.square(0, 0, 4, 2)  # the former communes: two, each of two present ones
EAST = district.square(4, 0, 4, 2)


def rows_of(question, kind):
    return {row.of: row for row in question.problem.rules.rows if row.kind == kind}


def with_former(listed=(), **parts):
    former = district.communes({"97001": WEST, "97002": EAST})
    return district.situation(listed, former=former, **parts)


# --- people ----------------------------------------------------------------------------


def test_all_people_of_the_province_are_in_the_problem_served_or_not():
    question = asked(district.situation([Point((3, 1))]), points=1)
    assert question.problem.people.tolist() == [100, 200, 300, 400]
    assert question.problem.now_m == pytest.approx([2000, 0, 2000, 4000], abs=0.01)


def test_the_radius_is_that_of_the_terrain_where_people_live():
    whose = district.communes(terrain=["urban", "mountain", "delta", "island"])
    radii = {TerrainClass.URBAN: 1.0, TerrainClass.MOUNTAIN: 5.0, TerrainClass.DELTA: 2.0,
             TerrainClass.ISLAND: 4.0, TerrainClass.MIDLAND: 3.0, TerrainClass.DIFFICULT: 3.0}  # fmt: skip
    question = asked(district.situation(whose=whose), ServiceStandard(radii), points=1)
    assert question.problem.radius_m.tolist() == [1000, 5000, 2000, 4000]


def test_a_place_written_in_two_rows_is_one_place():
    halves = [((1, 1), 60, "98001"), ((7, 1), 400, "98004"), ((1, 1), 40, "98001")]
    question = asked(district.situation(places=halves), points=1)
    assert question.problem.people.tolist() == [100, 400]


@pytest.mark.parametrize(("share", "people", "least"), [(0.3, 10, 3), (0.1, 30, 3), (0.5, 5, 3),
                                                        (0.001, 10, 1), (1.0, 7, 7)])  # fmt: skip
def test_the_least_number_of_people_that_is_a_share(share, people, least):
    assert share_of(share, people) == least


@given(st.integers(1, 999), st.integers(1, 10**6))
def test_a_share_is_reached_by_its_number_and_not_by_one_less(thousandths, people):
    least = share_of(thousandths / 1000, people)
    assert Fraction(least - 1, people) < Fraction(thousandths, 1000) <= Fraction(least, people)


def test_coverage_fades_in_ten_steps_to_twice_the_radius():
    steps = [(step.factor, step.tenths) for step in fade_steps(2.0)]
    assert steps == [(1.0, 10), (1.1, 9), (1.2, 8), (1.3, 7), (1.4, 6), (1.5, 5), (1.6, 4),
                     (1.7, 3), (1.8, 2), (1.9, 1)]  # fmt: skip


def test_target_floor_and_worst_distance_are_people_and_metres():
    """90 % of 1000 people are 900; half of the 300 of the two western communes are 150."""
    rules = RuleWishes(worst_km=9, groups=(Group("Tây", ("98001", "98002"), share=0.5),))
    problem = asked(
        district.situation(), points=4, objective=Objective.FEWEST_POINTS, target=0.9, rules=rules
    ).problem
    assert (problem.target, problem.worst_m) == (900, 9000.0)
    (floor,) = problem.floors
    assert (floor.name, floor.places.tolist(), floor.least) == ("Tây", [0, 1], 150)


# --- sites -----------------------------------------------------------------------------


def test_sites_are_hosts_and_settlements_in_order_of_place_with_their_nearest_host():
    there = district.situation(hosts=district.hosts([((6, 1), "Chợ"), ((2.5, 1), "Bưu cục A")]))
    table = asked(there, points=1).places.table
    expected = [((1, 1), "settlement", "Bưu cục A", 1500), ((2.5, 1), "host", "Bưu cục A", 0),
                ((3, 1), "settlement", "Bưu cục A", 500), ((5, 1), "settlement", "Chợ", 1000),
                ((6, 1), "host", "Chợ", 0), ((7, 1), "settlement", "Chợ", 1000)]  # fmt: skip
    assert list(table["id"]) == [identity(place) for place, *_ in expected]
    assert list(table["kind"]) == [kind for _, kind, *_ in expected]
    assert list(table["host"]) == [host for *_, host, _ in expected]
    assert table["host_m"].tolist() == pytest.approx([m for *_, m in expected], abs=0.01)
    assert list(table["commune_code"]) == ["98001", "98002", "98002", "98003", "98003", "98004"]


def test_where_an_open_point_stands_no_other_is_suggested():
    question = asked(district.situation([Point((3, 1))]), points=1)
    assert identity((3, 1)) not in list(question.places.table["id"])


def test_sites_that_reach_nobody_unserved_are_left_away_unless_the_rules_may_want_them():
    """All of the first two communes are served; a site there reaches nobody else at 1 km."""
    there = district.situation([Point((1, 1.5)), Point((3, 1.5))])
    kept = [identity(place) for place in ((5, 1), (7, 1))]
    every = [identity(place) for place in district.MIDDLES]
    assert list(asked(there, points=1).places.table["id"]) == kept
    for more in (
        {"objective": Objective.MEAN_DISTANCE},
        {"objective": Objective.WORST_DISTANCE},
        {"rules": RuleWishes(per_commune=Limits(2))},
        {"rules": RuleWishes(worst_km=5)},
        {"rules": RuleWishes(groups=(Group("Một", ("98001",), points=2),))},
    ):
        assert list(asked(there, points=2, **more).places.table["id"]) == every


def test_a_site_knows_its_former_commune():
    table = asked(with_former(), points=1).places.table
    assert list(table["former_code"]) == ["97001", "97001", "97002", "97002"]


def test_the_middle_of_a_cluster_far_from_any_host_is_a_candidate_where_people_live():
    """In one square of the grid 400 people live at one place; around another they balance.

    Homes at x = 10.1 (400), 10.5 (10), 10.9 (400) km: the weighted middle is 10.5.
    """
    places = [((10.1, 5.5), 400, "98001"), ((10.5, 5.5), 10, "98001"), ((10.9, 5.5), 400, "98001")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    there = district.situation(places=places, whose=whose)
    kinds = dict(
        zip(*(asked(there, points=1).places.table[c] for c in ("id", "kind")), strict=True)
    )
    assert kinds[identity((10.5, 5.5))] == "cluster centre"
    near = replace(there, hosts=district.hosts([((10.5, 6.4), "Trạm y tế")]))
    assert "cluster centre" not in set(asked(near, points=1).places.table["kind"])


# --- rules -----------------------------------------------------------------------------


def test_open_points_count_towards_the_least_of_their_commune():
    question = asked(
        district.situation([Point((3, 1))]), points=3,
        rules=RuleWishes(per_commune=Limits(1, exempt=("98004",))),
    )  # fmt: skip
    rows = rows_of(question, RuleKind.COMMUNE)
    assert {code: (row.least, row.most, ids(question, row.sites)) for code, row in rows.items()} == {
        "98001": (1, NO_LIMIT, [identity((1, 1))]), "98003": (1, NO_LIMIT, [identity((5, 1))]),
    }  # fmt: skip


def test_a_commune_without_any_site_keeps_its_row_so_that_it_can_be_named():
    there = district.situation(people={"98001": 100})
    rows = rows_of(
        asked(there, points=1, rules=RuleWishes(per_commune=Limits(1))), RuleKind.COMMUNE
    )
    assert {code: len(row.sites) for code, row in rows.items()} == {
        "98001": 1, "98002": 0, "98003": 0, "98004": 0,
    }  # fmt: skip


def test_open_points_count_towards_the_most_and_none_has_to_go():
    """Commune 98002 has two points today: with at most one per commune, it gets no third."""
    there = district.situation([Point((2.5, 1)), Point((3.5, 1))])
    question = asked(there, points=3, rules=RuleWishes(per_commune=Limits(0, 1)),
                     objective=Objective.MEAN_DISTANCE)  # fmt: skip
    rows = rows_of(question, RuleKind.COMMUNE)
    assert {code: row.most for code, row in rows.items()} == {"98002": 0}


def test_limits_per_former_commune_count_the_points_it_has():
    there = with_former([Point((1, 1), former="97001")])
    question = asked(there, points=2, rules=RuleWishes(per_former_commune=Limits(1, 2)))
    rows = rows_of(question, RuleKind.FORMER)
    assert {code: (row.least, row.most) for code, row in rows.items()} == {"97002": (1, 2)}
    exempt = RuleWishes(per_former_commune=Limits(1, exempt=("97002",)))
    assert not rows_of(asked(there, points=2, rules=exempt), RuleKind.FORMER)


def test_limits_per_former_commune_need_its_boundaries():
    with pytest.raises(RequestError, match="import boundaries"):
        asked(district.situation(), points=1, rules=RuleWishes(per_former_commune=Limits(1)))


@pytest.mark.parametrize(
    "rules",
    [RuleWishes(per_commune=Limits(1, exempt=("98009",))),
     RuleWishes(groups=(Group("Nhóm", ("98009",), points=1),))],
)  # fmt: skip
def test_communes_that_are_not_there_are_named(rules):
    with pytest.raises(RequestError, match="no commune with the code 98009"):
        asked(district.situation(), points=1, rules=rules)


def test_sites_cost_by_the_type_of_their_host_and_others_the_usual():
    there = district.situation(hosts=district.hosts([((1, 1.2), "Bưu cục A")]))
    question = asked(there, points=3, budget=Budget(100, 30, (("bưu cục", 20),)))
    (row,) = question.problem.rules.rows
    costs = dict(zip(ids(question, row.sites), row.each.tolist(), strict=True))
    assert (row.kind, row.least, row.most) == (RuleKind.BUDGET, 0, 100)
    # The home of the first commune stands 200 m from the post office, the others 2 km and more.
    assert costs == {identity((1, 1)): 20, identity((1, 1.2)): 20, identity((3, 1)): 30,
                     identity((5, 1)): 30, identity((7, 1)): 30}  # fmt: skip


def test_points_of_a_group_count_those_that_stay():
    there = district.situation([Point((3, 1))])
    groups = (Group("Tây", ("98001", "98002"), points=2),
              Group("Núi", terrain=TerrainClass.MOUNTAIN, points=1))  # fmt: skip
    question = asked(there, points=3, rules=RuleWishes(groups=groups))
    rows = rows_of(question, RuleKind.GROUP)
    assert (rows["Tây"].least, ids(question, rows["Tây"].sites)) == (1, [identity((1, 1))])
    # All communes of the toy have 4 km² and at most 400 people: at most 100 per km².
    assert len(rows["Núi"].sites) == 2  # 25, 50 and 75 per km² are mountain; one has the point


def test_points_that_may_close_are_sites_and_so_many_of_them_stay():
    there = district.situation([Point((3, 1)), Point((5, 1)), Point((7, 1))])
    existing = Existing(("P000", "P001"), moves=1, closings=1)
    question = asked(there, points=2, existing=existing)
    rules = question.problem.rules
    assert rules.most_sites == 2 + 2 - 1
    (keep,) = rules.rows
    assert (keep.kind, keep.least, keep.most) == (RuleKind.KEEP, 0, 1)
    assert ids(question, keep.sites) == ["P000", "P001"]
    # What stays for certain is the point at x = 7 km.
    assert question.problem.now_m == pytest.approx([6000, 4000, 2000, 0], abs=0.01)
    assert question.now_m == pytest.approx([2000, 0, 0, 0], abs=0.01)


def test_a_point_is_named_by_its_official_code_too():
    there = district.situation([Point((3, 1)), Point((5, 1))])
    coded = there.points.assign(official_code=["3456789000TH9898002001", None])
    question = asked(replace(there, points=coded), points=0,
                     existing=Existing(("3456789000TH9898002001",), 1))  # fmt: skip
    assert ids(question, question.places.movable) == ["P000"]


def test_all_points_may_close():
    there = district.situation([Point((3, 1)), Point((5, 1)), Point((7, 1), kind="online")])
    question = asked(there, points=0, existing=Existing(("all",), moves=2))
    assert ids(question, question.places.movable) == ["P000", "P001"]


def test_points_that_are_not_open_and_direct_cannot_close():
    there = district.situation([Point((3, 1)), Point((5, 1), kind="online")])
    with pytest.raises(RequestError, match="code P001, P9"):
        asked(there, points=0, existing=Existing(("P000", "P001", "P9"), 1))
    with pytest.raises(RequestError, match="2 points cannot close: only 1"):
        asked(there, points=0, existing=Existing(("P000",), closings=2))


def clashing(question):
    clashes = question.problem.rules.clashes.toarray()
    assert (clashes == clashes.T).all()
    names = list(question.places.table["id"])
    return {tuple(sorted((names[a], names[b]))) for a, b in np.argwhere(np.triu(clashes))}


def test_sites_closer_than_the_spacing_clash():
    """Homes stand 2 km apart, a host between the first two: both are too close to it."""
    there = district.situation(hosts=district.hosts([((1.5, 1), "Chợ")]))
    near = {tuple(sorted((identity((1, 1)), identity((1.5, 1))))),
            tuple(sorted((identity((1.5, 1)), identity((3, 1)))))}  # fmt: skip
    assert clashing(asked(there, points=2, rules=RuleWishes(spacing_km=1.99))) == near


def test_sites_exactly_at_the_spacing_do_not_clash():
    xy = np.array([[0.0, 0.0], [3000.0, 4000.0], [3000.0, 3999.0]])
    no = np.zeros(3, dtype=bool)
    places = Places(pd.DataFrame(), xy, np.full(3, -1), no, no, pd.DataFrame(), np.empty((0, 2)))
    assert _clashes(places, 5.0).toarray().tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]


def test_candidates_too_close_to_a_point_that_stays_are_left_away():
    there = district.situation([Point((4, 1))])
    question = asked(there, points=2, rules=RuleWishes(spacing_km=2.0))
    assert list(question.places.table["id"]) == [identity((1, 1)), identity((7, 1))]


def test_points_that_may_close_clash_with_candidates_but_not_with_each_other():
    there = district.situation([Point((4, 1)), Point((4.5, 1))])
    existing = Existing(("all",), moves=1)
    question = asked(there, points=0, existing=existing, rules=RuleWishes(spacing_km=1.2))
    assert clashing(question) == {tuple(sorted(("P000", identity((3, 1))))),
                                  tuple(sorted(("P000", identity((5, 1))))),
                                  tuple(sorted(("P001", identity((5, 1)))))}  # fmt: skip


def test_with_a_capacity_every_open_point_is_a_site_with_room_for_its_staff():
    there = district.situation([Point((3, 1)), Point((5, 1))])
    staffed = there.points.assign(staff_count=pd.array([3, None], dtype="Int64"))
    rules = RuleWishes(capacity=Capacity(250, people_per_staff=100))
    question = asked(replace(there, points=staffed), points=1, rules=rules)
    problem = question.problem
    room = dict(zip(question.places.table["id"], problem.capacity.tolist(), strict=True))
    assert room == {identity((1, 1)): 250, identity((3, 1)): 250, identity((5, 1)): 250,
                    identity((7, 1)): 250, "P000": 300, "P001": 250}  # fmt: skip
    assert ids(question, problem.rules.chosen) == ["P000", "P001"]
    assert problem.rules.most_sites == 3
    assert np.isinf(problem.now_m).all()


# --- the order of rows -----------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_rows_in_another_order_put_the_same_question(random):
    rng = np.random.default_rng(11)
    places = [
        ((x, y), int(n), "98001") for x, y, n in rng.uniform([0, 0, 1], [20, 20, 500], (40, 3))
    ]
    listed = [Point((5, 5)), Point((15, 15)), Point((15, 5), kind="online")]
    whose = district.communes({"98001": district.square(0, 0, 20)})
    hosts = district.hosts([((3, 3), "A"), ((16, 9), "B"), ((9, 16), "C")])
    there = district.situation(listed, places=places, whose=whose, hosts=hosts)

    def turned(frame):
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order].reset_index(drop=True)

    other = replace(there, demand=turned(there.demand), points=turned(there.points),
                    hosts=turned(there.hosts))  # fmt: skip
    ask = {"points": 3, "existing": Existing(("P001",), 1), "budget": Budget(9, 2),
           "rules": RuleWishes(per_commune=Limits(1, 9), spacing_km=1.0)}  # fmt: skip
    one, same = (asked(each, ServiceStandard.one_radius(3.0), **ask) for each in (there, other))
    pd.testing.assert_frame_equal(one.places.table, same.places.table)
    for name in ("people", "radius_m", "now_m"):
        assert (getattr(one.problem, name) == getattr(same.problem, name)).all()
    for row, twin in zip(one.problem.rules.rows, same.problem.rules.rows, strict=True):
        assert (row.kind, row.of, row.least, row.most) == (
            twin.kind,
            twin.of,
            twin.least,
            twin.most,
        )
        assert (row.sites == twin.sites).all()
        assert (row.each == twin.each).all()
    assert (one.problem.rules.clashes != same.problem.rules.clashes).nnz == 0
