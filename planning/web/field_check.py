"""Checks on site: the list of a checker, the page for the phone."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.model.days import today
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.people import Action
from planning.model.proposals import ChangedError, Figures, Proposal, State, StateError
from planning.services.review import checking, looking, measuring
from planning.services.review.attachments import MOST_BYTES, PHOTO
from planning.services.review.looking import CheckView
from planning.services.review.steps import Ask
from planning.web import check_forms as forms
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.job_words import moment
from planning.web.language import count, say

bp = Blueprint("field_check", __name__)
SCRIPTS = ("field/keeping.js", "field/place.js", "field/photos.js", "field/check.js")
OTHER_COMMUNE = N_("The corrected place lies in %(commune)s, another commune than the proposed one. If that is right, the proposal will belong there.")  # fmt: skip
NO_COMMUNE = N_("The corrected place lies in no commune of this province.")


@bp.get("/<province:province>/checks")
def mine(province: str) -> ResponseReturnValue:
    """List the proposals that the user may check, the most urgent first."""
    asked = about(province)
    found = checking.mine(store(), user(), province)
    return render_template(
        "field/mine.html", asked=asked, found=found, names=looking.names(store(), province),
        done=request.args.get("done", "")[:20],
    )  # fmt: skip


@bp.get("/<province:province>/checks/<proposal:number>")
def show(province: str, number: str) -> ResponseReturnValue:
    """Show a proposal and what was found of it on site so far."""
    return _page(about(province), number)


@bp.post("/<province:province>/checks/<proposal:number>/begin")
def begin(province: str, number: str) -> ResponseReturnValue:
    """Begin the check of a proposal."""
    asked = about(province)
    ask = Ask(province, number, forms.version(request.form), Action.BEGIN_CHECK)
    try:
        checking.begin(store(), user(), ask)
    except (ChangedError, StateError) as refusal:
        # A second tap, or a colleague was first: the check goes on where it stands.
        if looking.view(store(), user(), province, number).proposal.state is not State.CHECKING:
            return _page(asked, number, refusal), status_of(type(refusal))
    return redirect(asked.url("field_check.show", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/checks/<proposal:number>")
def write(province: str, number: str) -> ResponseReturnValue:
    """Keep what the form says, and end the check where its button says so."""
    asked = about(province)
    try:
        _written(province, number)
    except Refusal as refusal:
        if isinstance(refusal, NotFoundError):
            raise
        return _page(asked, number, refusal), status_of(type(refusal))
    if request.form.get("deed") == "finish":
        return redirect(asked.url("field_check.mine", done=number), HTTPStatus.SEE_OTHER)
    return redirect(asked.url("field_check.show", number=number, saved=1), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/checks/<proposal:number>/save.json")
def write_json(province: str, number: str) -> ResponseReturnValue:
    """Do as `write` does and send what a script needs; of a conflict both versions."""
    asked = about(province)
    try:
        after = _written(province, number)
    except ChangedError as refusal:
        view = looking.view(store(), user(), province, number)
        kept = forms.fields(view.proposal.check, view.lines)
        found = forms.differences(kept, request.form.to_dict(), view.lines)
        if view.proposal.state is State.CHECKED and not found:  # an answer was lost on the way
            return jsonify(next=asked.url("field_check.mine", done=number))
        page = render_template("field/_conflict.html", differences=found, view=view)
        told = {"error": refusal.sentence(say, count), "html": page, "theirs": kept}
        return jsonify(**told, version=refusal.version), HTTPStatus.CONFLICT
    if after.state is not State.CHECKING:
        return jsonify(next=asked.url("field_check.mine", done=number))
    return jsonify(version=after.version, place=_place(after), at=moment(after.changed_at))


@bp.get("/<province:province>/checks/<proposal:number>/around.json")
def around(province: str, number: str) -> ResponseReturnValue:
    """Send what lies around the proposed place, for the map."""
    about(province)
    return jsonify(looking.surroundings(store(), user(), province, number))


def _written(province: str, number: str) -> Proposal:
    """Save or finish as the form asks, and return the proposal after it."""
    finishes = request.form.get("deed") == "finish"
    action = Action.FINISH_CHECK if finishes else Action.CHECK
    ask = Ask(province, number, forms.version(request.form), action)
    found = forms.findings(request.form)
    if finishes:
        return checking.finish(store(), user(), ask, found, _measured)
    return checking.save(store(), user(), ask, found)


def _measured(it: Proposal) -> Figures | None:
    """Return the figures of a proposal at its corrected place, None where no data give any."""
    try:
        return measuring.figures_of(store(), it.province, it.content)
    except NotReadyError:
        return None


def _page(asked: Asked, number: str, refusal: Refusal | None = None) -> str:
    """Return the page of a check; after a refusal with everything that was typed."""
    view = looking.view(store(), user(), asked.province.code, number)
    it = view.proposal
    kept = forms.fields(it.check, view.lines)
    typed = request.form.to_dict() if refusal is not None else {}
    conflict = forms.differences(kept, typed, view.lines) if isinstance(refusal, ChangedError) else []  # fmt: skip
    return render_template(
        "field/check.html", asked=asked, view=view, it=it, fields={**kept, **typed}, place=_place(it),
        corrects=checking.can_be_corrected(it), from_place=checking.proposed_place(it), mets=forms.METS,
        refusal=None if refusal is None else refusal.sentence(say, count), differences=conflict,
        saved=request.args.get("saved") == "1", moment=moment, degrees=forms.degrees,
        today=today(), scripts=SCRIPTS, largest_mb=MOST_BYTES[PHOTO] // 10**6,
        told={each.code: each for each in it.content.conditions}, page=_for_scripts(asked, view),
    )  # fmt: skip


def _for_scripts(asked: Asked, view: CheckView) -> dict[str, Any]:
    it = view.proposal
    lon, lat = checking.proposed_place(it)
    return {
        "user": user().name, "key": f"{user().name}/{it.province}/{it.number}",
        "version": it.version, "lon": lon, "lat": lat,
        "save": asked.url("field_check.write_json", number=it.number),
        "around": asked.url("field_check.around", number=it.number),
        "files": asked.url("attachments.add_json", number=it.number),
    }  # fmt: skip


def _place(it: Proposal) -> dict[str, Any] | None:
    """Return how far a corrected place is from the proposed one, and a warning where it is due."""
    found = checking.place_of(store(), it)
    if found is None:
        return None
    if not found.commune:
        return {"metres": found.metres, "warning": say(NO_COMMUNE)}
    name = looking.names(store(), it.province).commune(found.commune)
    told = say(OTHER_COMMUNE) % {"commune": name} if found.other_commune else ""
    return {"metres": found.metres, "commune": name, "warning": told}
