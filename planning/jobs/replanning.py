"""Plan again after decisions, in one call: the same question, with what was decided counted."""

from dataclasses import replace

from geo.errors import N_
from planning.jobs.asking import SUGGEST, ask
from planning.model.asking import SuggestionAsk
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import Proposal
from planning.model.scenario import ChangeKind, Scenario, outline
from planning.model.siting import Basis, SitingPlan
from planning.services import scenarios, siting
from planning.services.requests import AnalysisRequest
from planning.services.scenarios.suggesting import question
from planning.siting.plans.asking_again import (
    NOTHING_LEFT,
    plan_again,
    scenario_again,
    standing,
    still_wanted,
)
from planning.store import proposals
from planning.store.decided import load_decided
from planning.store.session import Store

__all__ = ["NOTHING_LEFT", "replan"]
NO_QUESTION = N_("There is no suggestion yet that could be planned again; ask for one first.")


def replan(
    store: Store, user: User, province: str, number: str = "", *, plan: int | None = None
) -> int:
    """Ask again the question that proposals came from, and return the number of the job.

    It is that of the scenario the proposal `number` came from, else that of a `plan`, else
    that of the newest suggestion. Raises `ForbiddenError` for who may not plan,
    `NotFoundError` where there is no such question, and `RequestError` where nothing of it is
    left to be planned.
    """
    require(user, Action.PLAN, Thing(province))
    with store.reading() as db:
        found = proposals.listed(db, province)
    about = next((each for each in found if each.number == number), None)
    if about is not None and about.scenario is not None and plan is None:
        request, asked, basis = _of_scenario(store, province, about.scenario, found)
    else:
        request, asked, basis = _of_plan(store, province, plan, found)
    values = siting.as_values(store, request, asked, basis)
    return ask(store, SUGGEST, province, values, by=user.name)


_Question = tuple[AnalysisRequest, SuggestionAsk, Basis | None]


def _of_plan(store: Store, province: str, number: int | None, found: list[Proposal]) -> _Question:
    if number is not None:
        plan = siting.kept(store, province, number).plan
    else:
        newest = siting.latest(store, AnalysisRequest(province))
        if newest is None:
            raise NotFoundError(NO_QUESTION)
        plan = newest[0]
    now = standing(load_decided(store, province, None), found)
    request = AnalysisRequest(province, standard=plan.standard, need=plan.base.need)
    basis = plan.basis
    if basis is not None:
        left = still_wanted(outline(basis.changes), now)[0]
        basis = replace(basis, changes=left, settled=True)
    return request, plan_again(plan, now), basis


def _of_scenario(store: Store, province: str, number: int, found: list[Proposal]) -> _Question:
    scenario = scenarios.get(store, province, number)
    origin = _origin(store, scenario)
    asked = SuggestionAsk() if origin is None else origin.ask
    now = standing(load_decided(store, province, None), found)
    asked, left = scenario_again(scenario.outline, question(scenario.outline, asked), now)
    request = AnalysisRequest(province)
    if origin is not None:
        request = replace(request, standard=origin.standard, need=origin.base.need)
    return request, asked, Basis(scenario.id, left, settled=True) if left else None


def _origin(store: Store, scenario: Scenario) -> SitingPlan | None:
    """Return the newest plan all of whose sites a scenario has added, None where there is none."""
    added = {(each.lon, each.lat) for step in scenario.steps for each in step
             if each.kind is ChangeKind.ADD}  # fmt: skip
    for line, _ in siting.listed(store, scenario.province):
        if not line.sites or line.sites > len(added):
            continue
        plan = siting.kept(store, scenario.province, line.id).plan
        if {(each.lon, each.lat) for each in plan.sites} <= added:
            return plan
    return None
