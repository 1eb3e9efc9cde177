"""What was imported: from which file, of which date, and what was seen in it."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from geo.errors import N_
from geo.findings import Finding, Severity
from planning.services import sources
from planning.web.asked import about, store

bp = Blueprint("data", __name__)
KINDS = {
    "boundaries": N_("Administrative boundaries"),
    "population": N_("Population by commune"),
    "grid": N_("Population grid"),
    "points": N_("Collection points"),
    "hosts": N_("Possible hosts"),
    "crosswalk": N_("Former and present communes"),
    "seats": N_("Seats of the communes"),
}
SEVERITIES = {
    Severity.BLOCKS: N_("refused"),
    Severity.ASK: N_("to be decided"),
    Severity.CHANGED: N_("read otherwise than written"),
    Severity.LEFT_OUT: N_("left out"),
    Severity.LOOK: N_("to be looked at"),
}
SHOWN = 50


@bp.get("/<province:province>/data")
def show(province: str) -> ResponseReturnValue:
    """List the imports of a province with their findings."""
    asked = about(province)
    imports = sources.imports(store(), province)
    return render_template(
        "data/page.html", asked=asked, imports=imports, kinds=KINDS, severities=SEVERITIES,
        grouped=[grouped(each.findings) for each in imports], shown=SHOWN,
    )  # fmt: skip


def grouped(findings: Iterable[dict[str, Any]]) -> dict[str, list[Finding]]:
    """Return the findings of one import by kind, in the order in which kinds first appear."""
    groups: dict[str, list[Finding]] = {}
    for each in findings:
        finding = Finding(**{**each, "severity": Severity(each["severity"])})
        groups.setdefault(finding.code, []).append(finding)
    return groups
