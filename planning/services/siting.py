"""Suggest where to add points, and keep the plan."""

from types import MappingProxyType
from typing import Any

from geo.reach import StraightLine
from planning.model.coverage import PopulationBase
from planning.model.siting import Method, Site, SitingPlan, SuggestionAsk
from planning.model.standards import ServiceStandard, TerrainClass
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
        plans.save(db, request.province, plan.as_dict(), made_at=at)
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
        body = plans.latest(db, request.province, vintage)
    if body is None:
        return None
    return _plan(body), body["fingerprint"] != fingerprint


def _plan(body: dict[str, Any]) -> SitingPlan:
    """Return a kept plan as the object it was."""
    base = dict(body["population_base"])
    base["unknown_communes"] = tuple(base["unknown_communes"])
    radii = {TerrainClass(k): v for k, v in body["standard"]["radii_km"].items()}
    plain = {name: body[name] for name in SitingPlan.__dataclass_fields__ if name in body}
    return SitingPlan(
        **{
            **plain,
            "standard": ServiceStandard(MappingProxyType(radii)),
            "base": PopulationBase(**base),
            "method": Method(body["method"]),
            "sites": tuple(Site(**site) for site in body["sites"]),
        }
    )
