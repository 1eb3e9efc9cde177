"""Suggest where points should be, and keep the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo.errors import N_
from geo.reach import StraightLine
from planning.model.asking import demand_values
from planning.model.decisions import Decisions
from planning.model.errors import NotFoundError
from planning.model.siting import Basis, SitingPlan, SuggestionAsk, Upon
from planning.model.wishes import AskError
from planning.services.requests import AnalysisRequest, now, only_province, standard_of
from planning.siting.effort import Watch
from planning.siting.plans.adding import suggest_in_addition
from planning.siting.stating.asking import AskedQuestion, question_of, read_question
from planning.store import audit, hosts, layers, plans
from planning.store.decided import fingerprint_now, out_of_date, present_decisions
from planning.store.plans import PlanLine
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation

MOST_LISTED, MOST_FROM_ONE = 50, 5  # plans of a province, of a scenario


def asked_in(store: Store, path: Path) -> tuple[AnalysisRequest, SuggestionAsk]:
    """Return what a file asks; refuse it with everything that is wrong with it."""
    asked = read_question(path)
    province = only_province(store, asked.province)
    return request_of(asked, province), asked.ask


def request_of(asked: AskedQuestion, province: str) -> AnalysisRequest:
    """Return where, by which standard and for whom a question is asked."""
    return AnalysisRequest(province, asked.valid_from, asked.standard, need=asked.demand)


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan that was kept: its number, when and by which version of the program it was made.

    `out_of_date` says that the data, or what the province decided, changed since.
    """

    id: int
    plan: SitingPlan
    made_at: str
    version: str | None
    out_of_date: bool


def stated(values: Mapping[str, Any]) -> AskedQuestion:
    """Return the question that plain values stand for; raise `AskError` with all that is wrong.

    The values are those that a question written as a file holds; what the plan is made upon
    besides the data is read by `Upon.within`.
    """
    asked, wrongs = question_of({key: values[key] for key in values if key not in Upon.KEYS})
    if asked is None:
        raise AskError(wrongs)
    return asked


def as_values(
    store: Store,
    request: AnalysisRequest,
    ask: SuggestionAsk,
    basis: Basis | None = None,
    decisions: Decisions | None = None,
) -> dict[str, Any]:
    """Return a question as the plain values of a file, with nothing left to be filled in later.

    With `basis` it adds to a scenario, which is among the values then, as are the decisions
    of the province that count (None: those of today).
    """
    if decisions is None:
        decisions = present_decisions(store, request.province)
    _, vintage = current_fingerprint(store, request.province, request.valid_from)
    radii = standard_of(store, request).as_dict()["radii_km"]
    return {"province": request.province, "valid_from": vintage,
            "standard": {"radii_km": radii}, **demand_values(request.need), **ask.as_dict(),
            **Upon(basis, decisions).as_values()}  # fmt: skip


def suggest(
    store: Store,
    request: AnalysisRequest,
    ask: SuggestionAsk,
    *,
    by: str = "local",
    watch: Watch | None = None,
) -> SitingPlan:
    """Return a recounted plan for `ask`, kept as the newest of its province and vintage.

    `watch` is told how far the search is, and may end it.
    """
    upon = Upon(decisions=present_decisions(store, request.province))
    plan = made(store, request, ask, watch, upon)
    with store.writing() as db:
        keep(db, plan, by=by)
    return plan


def made(
    store: Store,
    request: AnalysisRequest,
    ask: SuggestionAsk,
    watch: Watch | None = None,
    upon: Upon | None = None,
) -> SitingPlan:
    """Return a recounted plan for `ask`, kept nowhere yet.

    It counts just the decisions of `upon`: a question carries those of when it was asked.
    """
    situation = load_situation(store, request.province, request.valid_from, request.need)
    standard = standard_of(store, request)
    return suggest_in_addition(situation, standard, StraightLine(), ask, watch, upon or Upon())


def keep(db: sa.Connection, plan: SitingPlan, *, by: str) -> int:
    """Keep a plan as the newest of its province and vintage; return its number."""
    at, ask = now(), plan.ask
    number = plans.save(db, plan, made_at=at)
    audit.record(
        db, "siting:plan:made", plan.province_code, at=at, actor=by,
        method=ask.method.value, points=ask.points, seed=ask.seed,
        objective=ask.objective.value, people_gained=plan.people_gained, fingerprint=plan.fingerprint,
    )  # fmt: skip
    return number


def latest(store: Store, request: AnalysisRequest) -> tuple[SitingPlan, bool] | None:
    """Return the newest plan for the demand asked for, and whether it is out of date.

    That is where data or decisions changed since.
    """
    _, vintage = current_fingerprint(store, request.province, request.valid_from)
    with store.reading() as db:
        plan = plans.latest(db, request.province, vintage, request.need)
    return None if plan is None else (plan, out_of_date(store, plan))


def kept(store: Store, province: str, number: int) -> KeptPlan:
    """Return a plan of a province by its number; raise `NotFoundError` where there is none."""
    with store.reading() as db:
        found = plans.load(db, province, number)
    if found is None:
        raise NotFoundError(
            N_("Province %(province)s has no plan number %(code)s; open the list of plans to see those there are."),
            province=province, code=number,
        )  # fmt: skip
    plan, made_at, version = found
    return KeptPlan(number, plan, made_at, version, out_of_date(store, plan))


def listed(store: Store, province: str) -> list[tuple[PlanLine, bool]]:
    """Return the newest plans of a province, each with whether it is out of date."""
    with store.reading() as db:
        found = plans.newest(db, province, MOST_LISTED)
        days = {first for first, _ in layers.vintages(db, province)}
    asked = {(each.valid_from, each.need) for each in found if each.valid_from in days}
    now_is = {(day, need): fingerprint_now(store, province, day, need) for day, need in asked}
    decided = present_decisions(store, province).fingerprint
    return [(each, (now_is.get((each.valid_from, each.need)), decided)
             != (each.fingerprint, each.decided)) for each in found]  # fmt: skip


def made_from(store: Store, province: str, scenario: int) -> list[PlanLine]:
    """Return the newest plans that add to a scenario."""
    with store.reading() as db:
        return plans.newest(db, province, MOST_FROM_ONE, scenario=scenario)


def host_types(store: Store, province: str) -> list[str]:
    """Return the types of the places of a province that could house a point."""
    with store.reading() as db:
        return hosts.types(db, province)
