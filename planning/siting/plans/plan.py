"""From a planner's question to a checked plan: solve, describe every site, bound, recount."""

import time
from dataclasses import replace

from geo.errors import N_
from geo.reach import ReachEngine
from planning.analysis.situation import Situation
from planning.model.asking import Method, Objective, SuggestionAsk
from planning.model.errors import RequestError
from planning.model.siting import SitingPlan
from planning.model.standards import ServiceStandard
from planning.siting.covering.clusters import solve_by_clusters
from planning.siting.effort import Effort, Watch
from planning.siting.plans.check import check_plan
from planning.siting.plans.describing import described, without_idle
from planning.siting.plans.looking_into import looked_into
from planning.siting.plans.polish import shifts
from planning.siting.problem import Answer, SitingProblem
from planning.siting.solvers import solve
from planning.siting.stating.impossible import refuse_impossible
from planning.siting.stating.question import Question, siting_problem


def suggest_points(
    situation: Situation,
    standard: ServiceStandard,
    engine: ReachEngine,
    ask: SuggestionAsk,
    watch: Watch | None = None,
) -> SitingPlan:
    """Suggest where points should be; the plan is recounted before it is returned.

    `watch` is told of the search and may end it. Raises `ImpossibleAsk` with the smallest
    changes where no plan obeys every rule.
    """
    began = time.monotonic()
    watch = watch or Watch(seconds=ask.seconds or float("inf"))
    question = siting_problem(situation, standard, engine, ask)
    answer = _answered(situation, question, ask, watch)
    if ask.polish and (better := shifts(question, answer.chosen, ask)):
        places = [(each.lon, each.lat) for each in better.values()]
        question = siting_problem(situation, standard, engine, ask, places)
        answer = _answered(situation, question, ask, watch)
    plan = _plan(situation, standard, ask, question, answer, watch)
    plan = replace(plan, seconds=round(time.monotonic() - began, 3))
    check_plan(situation, standard, plan)
    return plan


def _answered(situation: Situation, question: Question, ask: SuggestionAsk, watch: Watch) -> Answer:
    """Return the solver's answer; refuse with what would make one possible."""
    answer = _solved(question.problem, ask, watch)
    if answer is None or abs(answer.value) == float("inf"):
        refuse_impossible(situation, question, ask)
        raise RequestError(
            N_("No plan that obeys every rule was found in the time allowed; allow more time or ask for fewer rules.")
        )  # fmt: skip
    return answer


def _solved(problem: SitingProblem, ask: SuggestionAsk, watch: Watch) -> Answer | None:
    if ask.method == Method.CLUSTERS:
        return solve_by_clusters(problem, ask.seed)
    return solve(problem, ask.effort, ask.seed, watch)


def _optimised(
    problem: SitingProblem, answer: Answer, ask: SuggestionAsk, watch: Watch
) -> float | None:
    """Return what optimisation is worth on the same problem where the method is another.

    The answer at hand is a choice like any other, so that it is never worth less.
    """
    if ask.method == Method.COVERAGE:
        return None
    silent = Watch(lambda *_: watch.asked or watch.late)
    best = solve(problem, Effort.QUICK, ask.seed, silent)
    return answer.value if best is None else max(best.value, answer.value)


def _plan(
    situation: Situation,
    standard: ServiceStandard,
    ask: SuggestionAsk,
    question: Question,
    answer: Answer,
    watch: Watch,
) -> SitingPlan:
    chosen = without_idle(question, answer)
    known = looked_into(situation, question, chosen, ask, watch)
    found = described(situation, question, chosen, ask, known)
    # Of the fewest points, those that are open today are no new ones.
    today = int((question.places.point >= 0).sum())
    less = today if ask.objective == Objective.FEWEST_POINTS else 0
    optimised = _optimised(question.problem, answer, ask, watch)
    served = int(question.people.people.sum()) - found.unserved
    return SitingPlan(
        province_code=situation.province_code, valid_from=situation.valid_from,
        standard=standard, base=situation.base, ask=ask, candidates=question.new_sites,
        people=int(question.people.people.sum()), people_unserved=found.unserved,
        people_gained=found.gained, value=_plain(answer.value - less),
        bound=_plain(answer.bound - less), sites=found.sites, closed=found.closed,
        fingerprint=situation.fingerprint, stopped=answer.stopped.value,
        optimised_people_gained=None if optimised is None else int(optimised) - served,
    )  # fmt: skip


def _plain(value: float) -> float:
    """Return a number of people or points as a whole one, whatever type it came in."""
    value = float(value)
    return int(value) if value.is_integer() else value
