"""Making and editing a proposal; making proposals of a scenario; planning again after decisions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.jobs import replanning
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, may, require
from planning.model.proposals import ChangedError, ProposalKind
from planning.services.review import drafting, viewing
from planning.services.review.drafting import Edit
from planning.services.review.finding import chosen_point, found_places
from planning.services.review.listing import own_organisation
from planning.services.review.viewing import Shown
from planning.web import proposal_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store, whole_number
from planning.web.errors import status_of
from planning.web.map import shell_version
from planning.web.proposal_asks import ask_of
from planning.web.proposal_content import content_of, values_of
from planning.web.proposal_page import said, wishes
from planning.web.scenario_shown import the_scenario
from planning.web.suggestions import after_asking

bp = Blueprint("proposal_forms", __name__)
NO_KIND = N_("A proposal cannot ask for “%(kind)s”.")


@bp.get("/<province:province>/proposals/new")
def new(province: str) -> ResponseReturnValue:
    """Offer an empty form; for a listed point, first let it be chosen."""
    asked = about(province)
    kind = _kind(request.args.get("kind", ProposalKind.OPEN.value))
    own = own_organisation(user(), province)
    _require_proposing(province, own)
    point_id, find = request.args.get("point", "")[:200], request.args.get("find", "")[:200]
    if kind is not ProposalKind.OPEN and not point_id:
        found = found_places(store(), province, find, own, points=True)
        return render_template(
            "proposals/choose.html", asked=asked, kind=kind, found=found, find=find
        )
    values: dict[str, Any] = {"kind": str(kind), "organisation": own, "point_kind": "direct"}
    if point_id:
        point = chosen_point(store(), province, point_id)
        values |= {"point_id": point_id, "name": point.name, "point_kind": point.kind,
                   "organisation": own or point.organisation,
                   "lat": words.degrees(point.lat), "lon": words.degrees(point.lon)}  # fmt: skip
    for name in ("lat", "lon", "host", "host_type", "name"):
        if given := request.args.get(name, "")[:200]:
            values[name] = given
    return _form(asked, values)


@bp.post("/<province:province>/proposals/new")
def make(province: str) -> ResponseReturnValue:
    """Make a draft of the form; after a refusal the form stands as it was typed."""
    asked = about(province)
    own = own_organisation(user(), province)
    _kind(request.form.get("kind", ""))
    if _looks_for_host():
        return _form(asked, _with_host(province, own))
    try:
        _require_proposing(province, own)
        content = content_of(request.form, viewing.checklist(store(), province), own)
        made = drafting.propose(store(), user(), province, content)
    except Refusal as refusal:
        return _form(asked, dict(request.form), refusal), status_of(type(refusal))
    return redirect(asked.url("proposal_page.show", number=made.number), 303)


@bp.get("/<province:province>/proposals/<proposal:number>/edit")
def edit(province: str, number: str) -> ResponseReturnValue:
    """Show what a proposal says as a form, the requests for change beside the fields."""
    asked = about(province)
    shown = viewing.shown(store(), user(), province, number)
    require(user(), Action.EDIT, shown.proposal.thing)
    return _form(asked, values_of(shown.proposal.content), shown=shown)


@bp.post("/<province:province>/proposals/<proposal:number>/edit")
def save(province: str, number: str) -> ResponseReturnValue:
    """Keep what the form says; where somebody was first, show both texts beside each other."""
    asked = about(province)
    own = own_organisation(user(), province)
    shown = viewing.shown(store(), user(), province, number)
    if _looks_for_host():
        return _form(asked, _with_host(province, own), shown=shown)
    try:
        before = shown.proposal.content
        content = content_of(request.form, viewing.checklist(store(), province), own, before)
        if not shown.people:  # who may not see the staff cannot change them
            content = replace(content, staff=before.staff)
        settled = tuple(whole_number(each) for each in request.form.getlist("settled"))
        ask = ask_of(province, number, Action.EDIT, request.form)
        drafting.edit(store(), user(), ask, Edit(content, settled))
    except Refusal as refusal:
        return _form(asked, dict(request.form), refusal, shown), status_of(type(refusal))
    return redirect(asked.url("proposal_page.show", number=number), 303)


@bp.post("/<province:province>/proposals/from-scenario")
def from_scenario(province: str) -> ResponseReturnValue:
    """Make a draft of every change of a scenario and show them."""
    asked = about(province)
    scenario = the_scenario(asked, whole_number(request.form.get("scenario", "")))
    organisation = own_organisation(user(), province) or request.form.get("organisation", "")[:200]
    made = drafting.from_scenario(store(), user(), scenario, organisation)
    return redirect(asked.url("proposals.show", state="draft", done=len(made), deed="propose"), 303)


@bp.post("/<province:province>/proposals/replan")
def replan(province: str) -> ResponseReturnValue:
    """Ask the question that a proposal came from again, with the decisions counted."""
    asked = about(province)
    job = replanning.replan(store(), user(), province, request.form.get("number", "")[:40])
    return redirect(after_asking(asked, job), 303)


def _form(
    asked: Asked, values: Mapping[str, Any], refusal: Refusal | None = None,
    shown: Shown | None = None,
) -> str:  # fmt: skip
    """Return the form with values as text; `shown` is the proposal that is edited."""
    province = asked.province.code
    kind = _kind(values.get("kind", ""))
    find = str(values.get("find_host", "")) if _looks_for_host() else ""
    again = isinstance(refusal, ChangedError) and shown is not None
    theirs = _theirs(shown, values) if again and shown else {}
    present = shown.proposal.version if shown else 0
    own = own_organisation(user(), province)
    return render_template(
        "proposals/form.html", asked=asked, values=values, kind=kind, shown=shown,
        refusal=said(refusal), theirs=theirs, own=own, find=find,
        hosts=found_places(store(), province, find, own, points=False) if find else [],
        wishes=wishes(shown.proposal) if shown else {}, names=viewing.names(store(), province),
        criteria=viewing.checklist(store(), province), metwords=words.METS,
        people=shown.people if shown else may(user(), Action.SEE_PEOPLE, Thing(province, own)),
        view=_around(asked), shell_version=shell_version(),
        settled=request.form.getlist("settled"), again=again,
        version=present if again else values.get("version", present),
    )  # fmt: skip


def _around(asked: Asked) -> dict[str, str]:
    """Return what the map of the form shows: outlines, and the points to whoever may see the map."""
    found = {"communes": asked.url("proposals.outlines")}
    if may(user(), Action.VIEW, Thing(asked.province.code)):
        found["points"] = asked.url("layers.send", name="points", standard=None)
    return found


def _looks_for_host() -> bool:
    """Whether the form was sent to look for a host or to take the place of one."""
    return "look" in request.form or "host_at" in request.form


def _with_host(province: str, own: str) -> dict[str, Any]:
    """Return what was typed, with the place of the host that was chosen from those found."""
    values: dict[str, Any] = dict(request.form)
    at = request.form.get("host_at", "")
    found = found_places(store(), province, request.form.get("find_host", ""), own, points=False)
    if at.isascii() and at.isdigit() and len(at) < 4 and int(at) < len(found):
        host = found[int(at)]
        values |= {"lat": words.degrees(host.lat), "lon": words.degrees(host.lon),
                   "host": host.name, "host_type": host.where}  # fmt: skip
    return values


def _theirs(shown: Shown, values: Mapping[str, Any]) -> dict[str, str]:
    """Return by field what the proposal says now where that is not what was typed."""
    now = values_of(shown.proposal.content)
    typed = {name: str(each).replace("\r\n", "\n").strip() for name, each in values.items()}
    known = [name for name in now if name in typed or name.startswith("condition.")]
    return {
        name: str(now[name]) for name in known
        if str(now[name]) != typed.get(name, "") and (name != "staff" or shown.people)
    }  # fmt: skip


def _kind(text: str) -> ProposalKind:
    if text not in list(ProposalKind):
        raise NotFoundError(NO_KIND, kind=text[:40])
    return ProposalKind(text)


def _require_proposing(province: str, own: str) -> None:
    require(user(), Action.PROPOSE, Thing(province, own))
