"""The audit after a change of communes: points, codes, former communes, coverage on both sides."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.errors import NotFoundError
from planning.model.reform import CODE_STATES, FormerState, Verdict
from planning.services import reform
from planning.web.asked import about, store

bp = Blueprint("reform", __name__)
TABLES = {"points": N_("Collection points"), "former": N_("Former communes")}
NO_TABLE = N_("There is no table by “%(name)s”.")
MOST_ROWS = 3000  # more are handed out as a file; a page of tens of thousands helps nobody


@bp.get("/<province:province>/reform")
def show(province: str) -> ResponseReturnValue:
    """Show what the change into a vintage made of the network, what needs a hand first."""
    asked = about(province)
    report = reform.audit(store(), asked.request)
    unsettled = report.audit.unsettled
    by = request.args.get("by") or ("points" if unsettled else "former")
    if by not in TABLES:
        raise NotFoundError(NO_TABLE, name=by[:40])
    points = report.audit.points if "all" in request.args else unsettled
    return render_template(
        "reform/page.html", asked=asked, report=report, audit=report.audit, by=by, tables=TABLES,
        points=points[:MOST_ROWS], chosen=len(points), code_states=CODE_STATES,
        verdicts=Verdict, states=FormerState, all="all" in request.args,
    )  # fmt: skip
