"""The sheet of one commune, on one page of A4; the old address of the tables by area."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from planning.services import communes
from planning.web.asked import about, store
from planning.web.standard import TERRAIN_NAMES

bp = Blueprint("communes", __name__)
PRINTED_POINTS, PRINTED_GAPS, PRINTED_FORMER = 16, 4, 8  # so that long names may take two lines


@bp.get("/<province:province>/communes")
def show(province: str) -> ResponseReturnValue:
    """Send the reader to the page that holds these tables now."""
    asked = about(province)
    kept = {"by": request.args["by"]} if "by" in request.args else {}
    return redirect(asked.url("coverage.show", **kept), 301)


@bp.get("/<province:province>/communes/<code>")
def sheet(province: str, code: str) -> ResponseReturnValue:
    """Show everything about one commune."""
    asked = about(province)
    drawn = communes.sheet(store(), asked.request, code[:20])
    return render_template(
        "communes/page.html", asked=asked, sheet=drawn.sheet, area=drawn.sheet.area,
        report=drawn.sheet.report, picture=drawn.picture, terrains=TERRAIN_NAMES,
        printed_points=PRINTED_POINTS, printed_gaps=PRINTED_GAPS, printed_former=PRINTED_FORMER,
    )  # fmt: skip
