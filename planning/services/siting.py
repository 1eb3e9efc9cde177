"""Suggest where points should be, and keep the plan."""

from pathlib import Path

from geo.reach import StraightLine
from planning.model.siting import Quarter, SitingPlan, SuggestionAsk
from planning.services.requests import AnalysisRequest, now, only_province, standard_of
from planning.siting.effort import Watch
from planning.siting.plans.plan import suggest_points
from planning.siting.plans.rolling import quarters, refuse_roll_out
from planning.siting.stating.asking import read_question
from planning.store import audit, plans
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation


def asked_in(store: Store, path: Path) -> tuple[AnalysisRequest, SuggestionAsk]:
    """Return what a file asks; refuse it with everything that is wrong with it."""
    asked = read_question(path)
    province = only_province(store, asked.province)
    return AnalysisRequest(province, asked.valid_from, asked.standard), asked.ask


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
    situation = load_situation(store, request.province, request.valid_from)
    plan = suggest_points(situation, standard_of(store, request), StraightLine(), ask, watch)
    at = now()
    with store.writing() as db:
        plans.save(db, plan, made_at=at)
        audit.record(
            db, "siting:plan:made", request.province, at=at, actor=by,
            method=ask.method.value, points=ask.points, seed=ask.seed,
            objective=ask.objective.value, people_gained=plan.people_gained, fingerprint=plan.fingerprint,
        )  # fmt: skip
    return plan


def refuse_quarters(ask: SuggestionAsk) -> None:
    """Refuse a question whose plan cannot be opened bit by bit, before it is put."""
    refuse_roll_out(ask)


def rolled_out(
    store: Store, request: AnalysisRequest, plan: SitingPlan, per_quarter: int
) -> tuple[Quarter, ...]:
    """Return the quarters in which the sites of a plan open, so many in each."""
    situation = load_situation(store, request.province, request.valid_from)
    return quarters(situation, StraightLine(), plan, per_quarter)


def latest(store: Store, request: AnalysisRequest) -> tuple[SitingPlan, bool] | None:
    """Return the newest plan and whether it is out of date: the data changed since."""
    fingerprint, vintage = current_fingerprint(store, request.province, request.valid_from)
    with store.reading() as db:
        plan = plans.latest(db, request.province, vintage)
    return None if plan is None else (plan, plan.fingerprint != fingerprint)
