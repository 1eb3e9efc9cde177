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
from planning.model.siting import Quarter, SitingPlan
from planning.model.wishes import Existing
from planning.siting.covering.frontier import frontier
from planning.siting.effort import Effort
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


def quarters(
    situation: Situation, engine: ReachEngine, plan: SitingPlan, per_quarter: int
) -> tuple[Quarter, ...]:
    """Return the quarters in which a plan's sites open in order of rank, so many in each."""
    refuse_roll_out(plan.ask)
    if per_quarter < 1:
        raise RequestError(N_("A quarter opens at least one point, not %(points)s."), points=per_quarter)  # fmt: skip
    places = [(site.lon, site.lat) for site in plan.sites]
    problem = siting_problem(situation, plan.standard, engine, plan.ask, places).problem
    afresh = frontier(problem, len(plan.sites), Effort.QUICK, plan.seed)
    people, found = plan.people - plan.people_unserved, []
    for site in plan.sites:
        number, people = site.rank, people + site.people_gained
        if number % per_quarter and number < len(plan.sites):
            continue
        # The sites open by then are a choice of so many too, and the plan's bound is for more.
        best = max(int(afresh.people[number]), people)
        bound = min(int(afresh.bound[number]), int(plan.bound))
        found.append(Quarter(number, people, best, bound))
    return tuple(found)
