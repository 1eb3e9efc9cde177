"""Opening a plan's sites quarter by quarter, and what that costs against plans made afresh.

A plan for forty points holds no best plan for its first ten: sites that are good together
need not be good one after the other. The frontier of people against points says how much
better a plan made for each number alone would be.
"""

from geo.errors import N_
from geo.reach import ReachEngine
from planning.analysis.situation import Situation
from planning.model.asking import Objective, SuggestionAsk
from planning.model.errors import RequestError
from planning.model.people_curve import PeopleCurve
from planning.model.siting import Quarter, SitingPlan
from planning.model.wishes import Existing
from planning.siting.covering.frontier import frontier
from planning.siting.effort import Effort, Watch
from planning.siting.stating.question import siting_problem


def refuse_roll_out(ask: SuggestionAsk) -> None:
    """Refuse a question whose plan cannot be opened bit by bit: parts of it may break a rule."""
    rules = ask.rules
    whole = (
        ask.objective != Objective.MOST_PEOPLE,
        ask.fade is not None,
        ask.existing != Existing(),
        rules.capacity is not None,
        rules.worst_km is not None,
        rules.per_commune.least,
        rules.per_former_commune.least,
        rules.locked_in,
        rules.groups,
    )
    if any(whole):
        raise RequestError(
            N_("A roll-out by quarters is told for the most people only, without fading, capacity, closings, a farthest distance, places locked in or least numbers.")
        )  # fmt: skip


def people_against_points(
    situation: Situation,
    engine: ReachEngine,
    plan: SitingPlan,
    most: int,
    watch: Watch | None = None,
) -> PeopleCurve:
    """Return how many people each number of points up to `most` serves under a plan's question."""
    refuse_roll_out(plan.ask)
    # Places that polishing added are candidates of the plan, and of no other with its question.
    places = [(site.lon, site.lat) for site in plan.sites] if plan.ask.polish else []
    problem = siting_problem(situation, plan.standard, engine, plan.ask, places).problem
    found = frontier(problem, most, Effort.QUICK, plan.seed, watch)
    people, bound = found.people.tolist(), found.bound.tolist()
    # Nothing is locked in: without a new point those are served who are today.
    return PeopleCurve(tuple(people), (people[0], *bound[1:]))


def quarters(
    situation: Situation, engine: ReachEngine, plan: SitingPlan, per_quarter: int
) -> tuple[Quarter, ...]:
    """Return the quarters in which a plan's sites open in order of rank, so many in each."""
    curve = people_against_points(situation, engine, plan, len(plan.sites))
    return quarters_of(plan, curve, per_quarter)


def quarters_of(plan: SitingPlan, curve: PeopleCurve, per_quarter: int) -> tuple[Quarter, ...]:
    """Return those quarters where the curve of the plan's question is known."""
    refuse_roll_out(plan.ask)
    if per_quarter < 1:
        raise RequestError(N_("A quarter opens at least one point, not %(points)s."), points=per_quarter)  # fmt: skip
    curve, found = curve.with_plan(plan), []
    people = plan.people - plan.people_unserved
    for site in plan.sites:
        number, people = site.rank, people + site.people_gained
        if number % per_quarter and number < len(plan.sites):
            continue
        found.append(Quarter(number, people, curve.people[number], curve.bound[number]))
    return tuple(found)
