"""Suggest where to add points, and keep the plan."""

from geo.reach import StraightLine
from planning.model.siting import SitingPlan, SuggestionAsk
from planning.services.requests import AnalysisRequest, now, standard_of
from planning.siting.plan import suggest_points
from planning.store import audit, plans
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation


def suggest(
    store: Store, request: AnalysisRequest, ask: SuggestionAsk, *, by: str = "local"
) -> SitingPlan:
    """Return a recounted plan for `ask`, kept as the newest of its province and vintage."""
    situation = load_situation(store, request.province, request.valid_from)
    plan = suggest_points(situation, standard_of(store, request), StraightLine(), ask)
    at = now()
    with store.writing() as db:
        plans.save(db, plan, made_at=at)
        audit.record(
            db, "siting:plan:made", request.province, at=at, actor=by,
            method=ask.method.value, points=ask.points, seed=ask.seed,
            people_gained=plan.people_gained, fingerprint=plan.fingerprint,
        )  # fmt: skip
    return plan


def latest(store: Store, request: AnalysisRequest) -> tuple[SitingPlan, bool] | None:
    """Return the newest plan and whether it is out of date: the data changed since."""
    fingerprint, vintage = current_fingerprint(store, request.province, request.valid_from)
    with store.reading() as db:
        plan = plans.latest(db, request.province, vintage)
    return None if plan is None else (plan, plan.fingerprint != fingerprint)
