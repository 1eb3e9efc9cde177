"""The gaps of a province, most people first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from planning.services import gaps
from planning.web.asked import about, store
from planning.web.demand import worded

bp = Blueprint("gaps", __name__)


@bp.get("/<province:province>/gaps")
def show(province: str) -> ResponseReturnValue:
    """List the gaps."""
    asked = about(province)
    report = gaps.find(store(), asked.request)
    return render_template("gaps/page.html", _=worded(report.base.need), asked=asked, report=report)
