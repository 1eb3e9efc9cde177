"""People against points and the roll-out of a plan: worked out, handed out."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from planning import jobs
from planning.model.errors import NotFoundError
from planning.services import rolling, siting
from planning.services.requests import AnalysisRequest
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.downloads import NO_EXPORT, sent
from planning.web.plan_curve import per_quarter
from planning.web.suggestions import after_asking

bp = Blueprint("plan_curves", __name__)


@bp.post("/<province:province>/suggestions/<int:number>/curve")
def work_out(province: str, number: int) -> ResponseReturnValue:
    """Have the curve of a plan's question worked out; show it, or how far it is."""
    asked = about(province)
    plan = siting.kept(store(), province, number).plan
    rolling.refuse_quarters(plan.ask)
    there = AnalysisRequest(province, plan.valid_from, plan.standard, need=plan.base.need)
    values = siting.as_values(store(), there, plan.ask, plan.basis, plan.decisions)
    question = {**values, "plan": number}
    job = jobs.ask(store(), jobs.CURVE, province, question, by=user().name)
    return redirect(after_asking(asked, job), 303)


@bp.get("/<province:province>/suggestions/<int:number>/rollout.<form>")
def hand_out(province: str, number: int, form: str) -> ResponseReturnValue:
    """Send the roll-out of a plan, site by site."""
    about(province)
    plan = siting.kept(store(), province, number).plan
    if form not in rolling.EXPORTS:
        raise NotFoundError(NO_EXPORT, what="rollout", form=form[:40])
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rollout.{form}"
        rolling.export(store(), plan, per_quarter(plan), form, path, by=user().name)
        return sent(path, f"diemthu-{province}-lo-trinh-{number}.{form}", form)
