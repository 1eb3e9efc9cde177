"""The publications of a province: what was published when, what would be now, withdrawing."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.exports.published import FORMS, OWN_HEADINGS, WHOLE
from planning.model.days import today
from planning.model.people import Action, Thing, may
from planning.model.publishing import LISTS, Act
from planning.services import publishing
from planning.web.access import user
from planning.web.asked import about, store
from planning.web.errors import status_of
from planning.web.job_words import moment
from planning.web.language import count, say
from planning.web.proposal_history import who
from planning.web.public import sent

bp = Blueprint("publishing", __name__)
NAMES = {
    "organisations": N_("Collection service organisations"), "points": N_("Collection points"),
    "staff": N_("Collection staff"),
}  # fmt: skip
FIELDS = {
    "code": N_("code"), "name": N_("name"), "address": N_("address"), "area": N_("area"),
    "kind": N_("kind"), "status": N_("status"), "commune_code": N_("code of the commune"),
    "commune": N_("commune"), "organisation_code": N_("code of the organisation"),
    "organisation": N_("organisation"), "opening_hours": N_("opening hours"),
    "lon": N_("longitude"), "lat": N_("latitude"),
}  # fmt: skip
MOST_SHOWN = 20  # records of a kind of change; the rest is counted


@bp.get("/<province:province>/publications")
def show(province: str) -> ResponseReturnValue:
    """List what was published, and lead to what the public sees."""
    asked = about(province)
    found = publishing.listed(store(), user(), province)
    return render_template(
        "publications/list.html", asked=asked, publications=found, moment=moment, who=who,
        publishes=may(user(), Action.PUBLISH_LISTS, Thing(province)), forms=FORMS, lists=LISTS,
        names=NAMES, whole=WHOLE, done=request.args.get("done", ""),
    )  # fmt: skip


@bp.get("/<province:province>/publications/new")
def preview(province: str) -> ResponseReturnValue:
    """Show what would be published now and what changed since the last time."""
    return _form(province, Act("", today(), request.args.get("names") == "1"))


@bp.post("/<province:province>/publications/new")
def publish(province: str) -> ResponseReturnValue:
    """Publish what was looked at; after a refusal show it again, with what was typed."""
    asked = about(province)
    given = request.form
    act = Act(given.get("document", "")[:1000], given.get("day", "").strip()[:40],
              given.get("names") == "1")  # fmt: skip
    try:
        publishing.publish(store(), user(), province, act, given.get("seen", ""))
    except Refusal as refusal:
        return _form(province, act, refusal), status_of(type(refusal))
    return redirect(asked.url("publishing.show", done="published"), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/publications/<int:number>/withdraw")
def withdraw(province: str, number: int) -> ResponseReturnValue:
    """Show the publication in force to nobody any more."""
    asked = about(province)
    publishing.withdraw(store(), user(), province, number)
    return redirect(asked.url("publishing.show", done="withdrawn"), HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/publications/<int:number>/files/<name>")
def file(province: str, number: int, name: str) -> ResponseReturnValue:
    """Send a file of a publication, also of one that is no longer public."""
    about(province)
    head, body = publishing.file_kept(store(), user(), province, number, name)
    answer = sent(body, f"diemthu-{province}-{head.day}-{name}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _form(province: str, act: Act, refusal: Refusal | None = None) -> str:
    asked = about(province)
    found = publishing.preview(store(), user(), province, names=act.names)
    return render_template(
        "publications/preview.html", asked=asked, found=found, act=act, today=today(),
        refusal=None if refusal is None else refusal.sentence(say, count), names=NAMES,
        lists=LISTS, fields=FIELDS, columns=OWN_HEADINGS, most=MOST_SHOWN,
    )  # fmt: skip
