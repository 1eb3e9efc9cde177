"""Any question, drawn at random, against every choice of sites that obeys its rules."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.reach import StraightLine
from planning.model.asking import Effort, Objective, SuggestionAsk
from planning.model.errors import ImpossibleAsk
from planning.model.wishes import (
    AskError,
    Budget,
    CandidateKind,
    Capacity,
    Existing,
    Group,
    Limits,
    RuleWishes,
)
from planning.siting.plans.plan import suggest_points
from planning.siting.stating.question import siting_problem
from tests.planning.siting.brute import optimum
from tests.planning.siting.towns import THREE_KM, town

limits = st.sampled_from(
    [Limits(), Limits(), Limits(1), Limits(0, 1), Limits(1, 3, ("98001", "98004"))]
)
former = st.sampled_from([Limits(), Limits(), Limits(2), Limits(0, 3, ("97001",))])
groups = st.sampled_from([
    (), (), (Group("Bắc", ("98003", "98004"), share=0.5),), (Group("Đông", ("98002", "98004"), points=3),),
    (Group("Tây", ("98001",), share=0.9), Group("Nam", ("98001", "98002"), share=0.4)),
])  # fmt: skip


def sometimes(*values):
    return st.sampled_from([None, None, *values])


@st.composite
def rules(draw, capacity) -> RuleWishes:
    return RuleWishes(
        per_commune=draw(limits), per_former_commune=draw(former), groups=draw(groups),
        spacing_km=draw(sometimes(1.0, 4.0)), worst_km=draw(sometimes(6.0, 14.0)),
        kinds=draw(st.sampled_from([(), (), (CandidateKind.HOST, CandidateKind.SETTLEMENT)])),
        locked_in=draw(st.sampled_from([(), (), ("Chợ",)])),
        locked_out=draw(st.sampled_from([(), ("Trạm y tế",)])), capacity=capacity,
    )  # fmt: skip


@st.composite
def questions(draw) -> SuggestionAsk:
    objective = draw(st.sampled_from([*Objective, Objective.MOST_PEOPLE]))
    counts = objective in (Objective.MOST_PEOPLE, Objective.FEWEST_POINTS)
    capacity = draw(sometimes(Capacity(300), Capacity(900))) if counts else None
    fade = draw(sometimes(1.5)) if objective == Objective.MOST_PEOPLE and capacity is None else None
    return SuggestionAsk(
        points=draw(st.integers(1, 3)), objective=objective, fade=fade,
        target=draw(st.sampled_from([0.3, 0.7])) if objective == Objective.FEWEST_POINTS else None,
        budget=draw(sometimes(Budget(45, 20, (("bưu cục", 10),)))), rules=draw(rules(capacity)),
        existing=draw(st.sampled_from([Existing(), Existing(), Existing(("all",), 1),
                                       Existing(("P000", "P004"), 0, 1), Existing(("P001",), 1)])),
        effort=Effort.QUICK,
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions(), st.integers(0, 5))
def test_the_plan_is_within_its_bound_of_the_best_and_nothing_possible_is_refused(ask, seed):
    """Six homes and three places for hosts: at most 15 sites with the points of today."""
    there = town(seed, 6)
    try:
        question = siting_problem(there, THREE_KM, StraightLine(), ask)
    except AskError:
        return
    best = optimum(question.problem)
    if best is None:
        with pytest.raises(ImpossibleAsk):
            suggest_points(there, THREE_KM, StraightLine(), ask)
        return
    plan = suggest_points(there, THREE_KM, StraightLine(), ask)
    if ask.objective == Objective.FEWEST_POINTS:
        best -= int((question.places.point >= 0).sum())
    worst, least = sorted([plan.value, plan.bound])
    assert worst - 1e-6 <= best <= least + 1e-6
    if plan.proved_optimal:
        assert plan.value == pytest.approx(best, rel=1e-9)
