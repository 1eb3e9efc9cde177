"""The gaps of a province, most people first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from planning.services import gaps
from planning.web.asked import about, store

bp = Blueprint("gaps", __name__)


@bp.get("/<province:province>/gaps")
def show(province: str) -> ResponseReturnValue:
    """List the gaps."""
    asked = about(province)
    return render_template("gaps/page.html", asked=asked, report=gaps.find(store(), asked.request))
