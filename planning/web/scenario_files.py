"""Files of scenarios to take away: what one changes, and comparisons."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint
from flask.typing import ResponseReturnValue

from planning.model.errors import NotFoundError
from planning.services import scenarios
from planning.services.scenarios import EXPORTS
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.downloads import NO_EXPORT, sent
from planning.web.scenario_shown import the_scenario
from planning.web.scenarios import wanted

bp = Blueprint("scenario_files", __name__)


@bp.get("/<province:province>/scenarios/<int:number>/export.<form>")
def one(province: str, number: int, form: str) -> ResponseReturnValue:
    """Send the list of what a scenario changes."""
    asked = about(province)
    scenario = the_scenario(asked, number)
    _require(form)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"scenario.{form}"
        scenarios.export(store(), asked.request, scenario, form, path, by=user().name)
        return sent(path, f"diemthu-{province}-phuong-an-{number}.{form}", form)


@bp.get("/<province:province>/scenarios/compare/export.<form>")
def several(province: str, form: str) -> ResponseReturnValue:
    """Send a comparison, commune by commune."""
    asked = about(province)
    found = wanted(asked)
    _require(form)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"comparison.{form}"
        scenarios.export_comparison(store(), asked.request, found, form, path, by=user().name)
        ids = "-".join(str(each.id) for each in found)
        return sent(path, f"diemthu-{province}-so-sanh-{ids}.{form}", form)


def _require(form: str) -> None:
    if form not in EXPORTS:
        raise NotFoundError(NO_EXPORT, what="scenario", form=form[:40])
