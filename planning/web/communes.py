"""The sheet of one commune, on one page of A4; the old address of the tables by area."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from planning.model.commune import ListedPoint
from planning.services import communes
from planning.web.asked import about, store
from planning.web.demand import worded
from planning.web.standard import TERRAIN_NAMES

bp = Blueprint("communes", __name__)
PRINTED_GAPS, PRINTED_FORMER = 4, 8
PRINTED_POINTS, PRINTED_LONG_POINTS = 28, 16  # whose names may take two lines
LINE = 70  # letters of name, organisation and place that stand beside each other on the sheet


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
        "communes/page.html", _=worded(asked.request.need), asked=asked, sheet=drawn.sheet, area=drawn.sheet.area,
        report=drawn.sheet.report, picture=drawn.picture, terrains=TERRAIN_NAMES,
        printed_points=_printed(drawn.sheet.points), printed_gaps=PRINTED_GAPS, printed_former=PRINTED_FORMER,
    )  # fmt: skip


def _printed(points: Sequence[ListedPoint]) -> int:
    """Return how many points are printed: fewer where the names of some do not fit on a line."""
    texts = [
        (each.name, each.organisation or "", each.host_type or "")
        for each in points[:PRINTED_POINTS]
    ]
    widest = [max(map(len, column), default=0) for column in zip(*texts, strict=True)]
    return PRINTED_POINTS if sum(widest) <= LINE else PRINTED_LONG_POINTS
