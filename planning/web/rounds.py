"""Review rounds: their list, making one of chosen proposals, what it holds, its documents."""

from collections.abc import Collection

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from geo.errors import N_, Refusal
from planning.exports.packet import names
from planning.model.days import today
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, may
from planning.model.proposals import UNDECIDED, State
from planning.services.review import bulk, rounds, standing
from planning.services.review.listing import Line
from planning.services.review.listing import listed as proposals_listed
from planning.web import proposal_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.job_words import moment
from planning.web.language import count, say
from planning.web.proposals import wanted
from planning.web.round_words import DOCUMENTS, ZIP
from planning.web.uploading import drafts

bp = Blueprint("rounds", __name__)
NAME = N_("Review round of %(day)s")
OF_A_FILTER = ("text", "state", "kind", "organisation", "office", "commune", "due", "mine")


@bp.get("/<province:province>/rounds")
def listed(province: str) -> ResponseReturnValue:
    """List the rounds of a province, the newest first."""
    asked = about(province)
    found = standing.listed(store(), user(), province)
    return render_template(
        "rounds/list.html", asked=asked, rounds=found, moment=moment,
        makes=may(user(), Action.ROUND, Thing(province)),
    )  # fmt: skip


@bp.get("/<province:province>/rounds/new")
def new(province: str) -> ResponseReturnValue:
    """Offer the proposals that a filter leaves, first those appraised, for a round."""
    return _form(about(province), None)


@bp.post("/<province:province>/rounds/chosen")
def choose(province: str) -> ResponseReturnValue:
    """Offer the proposals chosen in their list for a round; nothing is made."""
    chosen = {each.partition(":")[0] for each in request.form.getlist("chosen")}
    return _form(about(province), chosen)


@bp.get("/<province:province>/rounds/chosen")
def back(province: str) -> ResponseReturnValue:
    """Lead from the address of a choice to the form, as after a change of language."""
    return redirect(about(province).url("rounds.new"), 303)


@bp.post("/<province:province>/rounds/new")
def make(province: str) -> ResponseReturnValue:
    """Freeze the chosen proposals as a round and show it; after a refusal the form as typed."""
    asked = about(province)
    given = (request.form.get("name", "")[:1000], request.form.get("day", "").strip()[:40])
    chosen = list(dict.fromkeys(request.form.getlist("chosen")))
    try:
        made = rounds.make(store(), user(), province, given, [each[:40] for each in chosen])
    except Refusal as refusal:
        return _form(asked, set(chosen), refusal), status_of(type(refusal))
    return redirect(asked.url("rounds.show", number=made.number), 303)


@bp.get("/<province:province>/rounds/<int:number>")
def show(province: str, number: int) -> ResponseReturnValue:
    """Show what a round holds as it was frozen, what became of it, and its documents."""
    asked = about(province)
    found = standing.one(store(), user(), province, number)
    approved = [each for each in found.in_state(State.APPROVED)
                if bulk.fits(user(), each, Action.ISSUE_CODE)]  # fmt: skip
    refused = found.in_state(State.NOT_APPROVED)
    return render_template(
        "rounds/round.html", asked=asked, round=found, packet=found.packet, moment=moment,
        documents={name: DOCUMENTS[name] for name in DOCUMENTS if name in names(found.packet)},
        whole=rounds.WHOLE, approved=approved, refused=refused, taken=_taken(province, number),
        left=[each.now for each in found.lines if each.now.state in UNDECIDED],
        decides=may(user(), Action.APPROVE, Thing(province)),
    )  # fmt: skip


@bp.get("/<province:province>/rounds/<int:number>/documents/<name>")
def document(province: str, number: int, name: str) -> ResponseReturnValue:
    """Send a document of a round, or all of them in one file."""
    about(province)
    found = rounds.one(store(), user(), province, number)
    body = rounds.hand_out(store(), user(), found, name)
    answer = Response(body, mimetype=DOCUMENTS[name].mimetype if name in DOCUMENTS else ZIP)
    file = f"diemthu-{province}-phien-{number}-{name}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _form(asked: Asked, chosen: Collection[str] | None, refusal: Refusal | None = None) -> str:
    """Return the form; without a choice every proposal that the filter leaves is chosen.

    Chosen ones are offered whatever the filter says.
    """
    given, chosen_ones = _filter(), chosen or ()
    lines = proposals_listed(store(), user(), asked.province.code, wanted(given)).lines
    fitting = [each for each in lines if each.proposal.state in rounds.FIT]
    if chosen is not None:
        fitting = _with_chosen(asked, fitting, chosen)
    day = today()
    typed = request.form if request.endpoint == "rounds.make" else MultiDict[str, str]()
    return render_template(
        "rounds/new.html", asked=asked, lines=fitting[: rounds.MOST_PROPOSALS], words=words,
        chosen={each.proposal.number for each in fitting} if chosen is None else set(chosen),
        refusal=[] if refusal is None else refusal.sentence(say, count).split("\n"),
        given=wanted(given), states=rounds.FIT, day=typed.get("day", day), more=len(fitting),
        most=rounds.MOST_PROPOSALS, unfit=_unfit(fitting, chosen_ones),
        name=typed.get("name", say(NAME) % {"day": words.written_day(day)}),
    )  # fmt: skip


def _filter() -> MultiDict[str, str]:
    """Return what the address filters by; where it says nothing, those that are appraised."""
    given = MultiDict(
        (name, value) for name, value in request.args.items(multi=True) if name in OF_A_FILTER
    )
    if not given:
        given = MultiDict([("state", str(State.APPRAISED))])
    return given


def _with_chosen(asked: Asked, fitting: list[Line], chosen: Collection[str]) -> list[Line]:
    every = proposals_listed(store(), user(), asked.province.code, wanted(MultiDict())).lines
    shown = {each.proposal.number for each in fitting} | set(chosen)
    return [each for each in every
            if each.proposal.number in shown and each.proposal.state in rounds.FIT]  # fmt: skip


def _unfit(fitting: list[Line], chosen: Collection[str]) -> list[str]:
    """Return the chosen numbers that cannot be part of a round."""
    return sorted(set(chosen) - {each.proposal.number for each in fitting})


def _taken(province: str, number: int) -> dict[str, int] | None:
    """Return how many decisions of a file were taken a moment ago, where the address names it."""
    token = request.args.get("taken", "")
    try:
        draft = drafts().find(province, token, by=user().name)
    except NotFoundError:
        return None
    told = draft.done or {}
    return told.get("decided") if draft.said.get("round") == number else None
