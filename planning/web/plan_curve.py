"""What the page of a plan shows of people against points and of its roll-out."""

from typing import Any

from flask import request

from planning import jobs
from planning.model.asking import demand_values
from planning.model.jobs import Job, JobState
from planning.model.people_curve import PeopleCurve
from planning.model.siting import SitingPlan
from planning.model.standards import CLASS_RADII_KM, ServiceStandard
from planning.services import rolling
from planning.services.scenarios import MOST_SUGGESTED
from planning.web import charts
from planning.web.asked import BY_CLASS, Asked, store, whole_number


def shown(asked: Asked, number: int, plan: SitingPlan) -> dict[str, Any]:
    """Return what the page of a plan shows of its curve and its roll-out."""
    curve = rolling.kept(store(), plan) if rolling.can_roll_out(plan.ask) else None
    view = {"able": rolling.can_roll_out(plan.ask), "curve": curve, "chart": charts,
            "ended": _ended(asked)}  # fmt: skip
    if curve is None:
        return view
    wanted = per_quarter(plan)
    return {
        **view, "drawn": charts.people_chart(curve), "per_quarter": wanted,
        "links": _links(asked, number, plan, curve),
        "quarters": rolling.rolled_out(store(), plan, wanted),
    }  # fmt: skip


def per_quarter(plan: SitingPlan) -> int:
    """Return how many points the address opens a quarter; without a word the plan takes a year."""
    if text := request.args.get("per_quarter", ""):
        return whole_number(text)
    return max(-(-len(plan.sites) // 4), 1)


def _ended(asked: Asked) -> Job | None:
    """Return the calculation of the curve that ended without one, where the address names it."""
    text = request.args.get("ended", "")
    if not text:
        return None
    found = jobs.status(store(), asked.province.code, whole_number(text))
    return found if found.kind == jobs.CURVE and found.state is not JobState.DONE else None


def _links(asked: Asked, number: int, plan: SitingPlan, curve: PeopleCurve) -> dict[int, str]:
    """Return where each number of points leads: to its plan, or to the question for one."""
    made = {**rolling.asked_like(store(), plan), plan.points_asked: number}
    found = {}
    for points in range(1, curve.most + 1):
        if points in made:
            found[points] = asked.url("suggestions.plan", number=made[points], _anchor="curve")
        elif plan.basis is None:
            found[points] = asked.url("suggestions.show", like=number, points=points, **_same(plan))
        elif points <= MOST_SUGGESTED:
            found[points] = asked.url("scenarios.work", number=plan.basis.scenario, points=points,
                                      _anchor="more-box", **_same(plan))  # fmt: skip
    return found


def _same(plan: SitingPlan) -> dict[str, str]:
    """Return what an address says of the boundaries and the standard of a plan."""
    found = {"valid_from": plan.valid_from, **demand_values(plan.base.need)}
    if not plan.standard.by_class:
        found["standard"] = f"{next(iter(plan.standard.radii_km.values())):g}"
    elif plan.standard == ServiceStandard(CLASS_RADII_KM):
        found["standard"] = BY_CLASS
    return found
