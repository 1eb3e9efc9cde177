"""What was imported: from which file, by whom, when, what was seen in it; undo, settle, take away."""

from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from geo.errors import N_
from geo.findings import Finding, Severity
from planning.model.errors import NotFoundError
from planning.services import imports, sources, staff
from planning.services.sources import ImportSummary
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.downloads import sent
from planning.web.import_shown import grouped
from planning.web.imports import saying, sheet

bp = Blueprint("data", __name__)
KINDS = {
    "boundaries": N_("Administrative boundaries"),
    "population": N_("Population by commune"),
    "grid": N_("Population grid"),
    "points": N_("Collection points"),
    "hosts": N_("Possible hosts"),
    "crosswalk": N_("Former and present communes"),
    "seats": N_("Seats of the communes"),
    "organisations": N_("Collection service organisations"),
    "staff": N_("Collection staff"),
    "inspections": N_("Inspections"),
    "programmes": N_("Programmes"),
    "targets": N_("Targets"),
    "results": N_("Results and targets"),
    "needs": N_("People to be reached, by commune"),
}
NEWEST = 40  # imports shown on one page


@bp.get("/<province:province>/data")
def show(province: str) -> ResponseReturnValue:
    """List the imports of a province with their findings."""
    asked = about(province)
    found = sources.imports(store(), province)
    every = request.args.get("all") == "1"
    listed = found if every else found[:NEWEST]
    done = {name: _number(name, found) for name in ("imported", "undone", "settled")}
    return render_template(
        "data/page.html", asked=asked, imports=listed, kinds=KINDS, more=len(found) - len(listed),
        grouped=[grouped(findings_of(each), saying()) for each in listed],
        asked_staff=any(each.kind == "staff" and each.undone_at is None for each in found),
        undoable=imports.undoable(store(), province), done=done,
        unsettled=[each for each in found if unsettled(each)],
    )  # fmt: skip


@bp.get("/<province:province>/data/<int:number>/file")
def file(province: str, number: int) -> ResponseReturnValue:
    """Send the file of an import as it came, always as a download."""
    about(province)
    imports.require_file(store(), user(), province, number)
    name, body = imports.original(store(), province, number)
    answer = send_file(
        BytesIO(body), mimetype="application/octet-stream", as_attachment=True, download_name=name,
        max_age=0,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<province:province>/data/<int:number>/findings.xlsx")
def findings(province: str, number: int) -> ResponseReturnValue:
    """Send what an import found as a spreadsheet, the faulty cells of its file marked."""
    about(province)
    imports.require_file(store(), user(), province, number)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "findings.xlsx"
        imports.write_batch_findings(path, store(), province, number, saying())
        return sheet(path, f"diemthu-{province}-{number}-findings.xlsx")


@bp.get("/<province:province>/data/staff.<form>")
def staff_list(province: str, form: str) -> ResponseReturnValue:
    """Send the list of staff that the user may see; who was given it is an event."""
    about(province)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "staff"
        staff.hand_out(store(), user(), province, form, path)
        answer = sent(path, f"diemthu-{province}-nhan-vien-thu.{form}", form)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/<province:province>/data/<int:number>/undo")
def undo(province: str, number: int) -> ResponseReturnValue:
    """Put back what stood before an import."""
    asked = about(province)
    imports.undo(store(), province, number, by=user().name)
    try:
        place = asked.url("data.show", undone=number)
        about(province)
    except (LookupError, NotFoundError):  # its first boundaries went: nothing of it is left
        place = "/"
    return redirect(place, HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/data/<int:number>/settled")
def settle(province: str, number: int) -> ResponseReturnValue:
    """Note that the rows an import left out need nobody any more."""
    asked = about(province)
    imports.settle(store(), province, number, by=user().name)
    return redirect(asked.url("data.show", settled=number), HTTPStatus.SEE_OTHER)


def unsettled(batch: ImportSummary) -> bool:
    """Whether an import in force left rows out that somebody has yet to settle."""
    return bool(batch.left_out) and batch.undone_at is None and batch.settled_at is None


def findings_of(batch: ImportSummary) -> list[Finding]:
    """Return the findings of an import."""
    return [Finding(**{**each, "severity": Severity(each["severity"])}) for each in batch.findings]


def _number(name: str, found: list[ImportSummary]) -> ImportSummary | None:
    """Return the import whose number an address names, None where there is none."""
    text = request.args.get(name, "")
    return next((each for each in found if str(each.id) == text), None)
