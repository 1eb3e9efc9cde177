"""Coverage by commune, by former commune, by former district and by BHXH cơ sở."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.coverage import AreaCoverage, CoverageReport
from planning.model.errors import NotFoundError
from planning.services import coverage
from planning.web.asked import about, store

bp = Blueprint("communes", __name__)
GROUPINGS = {
    "communes": N_("Communes, wards and special zones"),
    "former": N_("Former communes"),
    "districts": N_("Former districts"),
    "offices": N_("BHXH cơ sở"),
}
NO_GROUPING = N_("There is no table by “%(name)s”.")


@bp.get("/<province:province>/communes")
def show(province: str) -> ResponseReturnValue:
    """List the areas of one grouping, the least covered first."""
    asked = about(province)
    by = request.args.get("by", "communes")
    if by not in GROUPINGS:
        raise NotFoundError(NO_GROUPING, name=by[:40])
    report = coverage.assess(store(), asked.request)
    known = {name: text for name, text in GROUPINGS.items() if getattr(report, name)}
    return render_template(
        "communes/page.html", asked=asked, report=report, by=by, groupings=known,
        areas=_least_covered_first(report, by),
    )  # fmt: skip


def _least_covered_first(report: CoverageReport, by: str) -> list[AreaCoverage]:
    """Return the areas of a grouping, those of unknown share last."""
    areas: tuple[AreaCoverage, ...] = getattr(report, by)
    return sorted(areas, key=lambda a: (a.share_covered is None, a.share_covered or 0.0, a.code))
