"""The list of proposals: filters, what waits for whom, the map beside it, steps with several."""

from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter

from geo.errors import N_, Refusal
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, may
from planning.model.proposals import ProposalKind, State
from planning.services import layers
from planning.services.review import bulk
from planning.services.review.handing import FORMS, hand_out
from planning.services.review.listing import (
    DUE,
    OVERDUE,
    SORTS,
    Filter,
    Line,
    Listing,
    can_propose,
    listed,
    waits,
)
from planning.web import proposal_history as history
from planning.web import proposal_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.compressed import packed
from planning.web.downloads import NO_EXPORT, sent
from planning.web.errors import FormError, status_of
from planning.web.language import count, say
from planning.web.map import shell_version
from planning.web.proposal_asks import bulk_ask

bp = Blueprint("proposals", __name__)
SHOWN, ON_MAP = 500, 2000
NO_SUCH = N_("A list of proposals cannot be filtered by “%(name)s” = “%(value)s”.")
COLUMNS = (
    ("number", N_("Number")), ("name", N_("Name of the point")), ("kind", N_("What is asked")),
    ("state", N_("State")), ("gained", N_("Newly served")), ("due", N_("Due")),
    ("commune", N_("Commune")), ("organisation", N_("Organisation")), ("office", N_("BHXH office")),
)  # fmt: skip


class ProposalNumber(BaseConverter):
    """The part of an address that names a proposal: its unofficial number."""

    regex = r"DX-\d{4}-\d{4,9}"


@bp.get("/<province:province>/proposals")
def show(province: str) -> ResponseReturnValue:
    """List the proposals that a filter leaves, beside the map."""
    asked = about(province)
    return page(asked, wanted(request.args))


@bp.get("/<province:province>/proposals/mine")
def mine(province: str) -> ResponseReturnValue:
    """List what is assigned to the user, the most urgent first."""
    return redirect(about(province).url("proposals.show", mine=1, sort="due"), 303)


@bp.post("/<province:province>/proposals/bulk")
def take(province: str) -> ResponseReturnValue:
    """Take one step with every chosen proposal, all or none, and say so on the list."""
    asked = about(province)
    query = MultiDict(parse_qsl(request.form.get("query", "")[:2000]))
    try:
        ask = bulk_ask(province, request.form)
        done = bulk.take(store(), user(), ask)
    except Refusal as refusal:
        return page(asked, wanted(query), refusal, query), status_of(type(refusal))
    told = [*query.items(multi=True), ("done", len(done)), ("deed", ask.action)]
    return redirect(f"{asked.url('proposals.show')}?{urlencode(told)}", 303)


@bp.get("/<province:province>/proposals/export.<form>")
def export(province: str, form: str) -> ResponseReturnValue:
    """Send the list that a filter leaves as a file."""
    about(province)
    if form not in FORMS:
        raise NotFoundError(NO_EXPORT, what="proposals", form=form[:40])
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{form}"
        hand_out(store(), user(), province, wanted(request.args), form, path)
        return sent(path, f"diemthu-{province}-ho-so-ra-soat.{form}", form)


@bp.get("/<province:province>/proposals/outlines.json")
def outlines(province: str) -> ResponseReturnValue:
    """Send the outlines of the communes: whoever proposes must find the place."""
    asked = about(province)
    found = layers.layer(store(), asked.request, "communes")
    return packed(found.body, found.etag, mimetype="application/json")


@bp.app_template_global("proposals_waiting")
def waiting(asked: Asked) -> int:
    """Return how many proposals wait for the user, for the navigation."""
    try:
        return waits(store(), user(), asked.province.code)
    except Refusal:
        return 0


def install(app: Flask) -> None:
    """Let addresses of `app` hold numbers of proposals, templates the words for them."""
    app.url_map.converters["proposal"] = ProposalNumber
    app.jinja_env.globals.update(proposal_words=words, proposal_history=history, Action=Action)


def wanted(given: MultiDict[str, str]) -> Filter:
    """Return the filter that an address names; refuse what none can be."""
    due, sort = given.get("due", ""), given.get("sort") or "number"
    states = [each for each in given.getlist("state") if each]
    kinds = [each for each in given.getlist("kind") if each]
    known: Mapping[str, Collection[str]] = {
        "state": list(State), "kind": list(ProposalKind), "due": ["", DUE, OVERDUE], "sort": SORTS
    }  # fmt: skip
    for name, values in (("state", states), ("kind", kinds), ("due", [due]), ("sort", [sort])):
        for value in values:
            if value not in known[name]:
                raise FormError(NO_SUCH, name=name, value=value[:40])
    return Filter(
        states=tuple(map(State, states)), kinds=tuple(map(ProposalKind, kinds)),
        organisation=given.get("organisation", "")[:200], office=given.get("office", "")[:200],
        commune=given.get("commune", "")[:20], mine=given.get("mine") == "1", due=due,
        text=given.get("text", "")[:200], sort=sort, down=given.get("down") == "1",
    )  # fmt: skip


def page(
    asked: Asked, chosen: Filter, refusal: Refusal | None = None,
    query: MultiDict[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the page of the list; after a refusal with what was chosen and typed."""
    found = listed(store(), user(), asked.province.code, chosen)
    shown = found.lines[:SHOWN]
    given = request.args if query is None else query
    kept = [
        (name, value)
        for name, value in given.items(multi=True)
        if name not in ("done", "deed") and value
    ]
    return render_template(
        "proposals/list.html", asked=asked, found=found, lines=shown, chosen=chosen,
        columns=COLUMNS, tasks=_waiting(asked, found), steps=bulk_steps(found.lines),
        refusal=None if refusal is None else refusal.sentence(say, count).split("\n"),
        typed=request.form, query=urlencode([each for each in kept if each[0] != "lang"]),
        query_without_sort=[each for each in kept if each[0] not in ("sort", "down")],
        proposes=can_propose(user(), asked.province.code), done=_done(),
        audits=may(user(), Action.AUDIT, Thing(asked.province.code)),
        reasons=words.REASONS, view=_view(asked, found), shell_version=shell_version(),
    )  # fmt: skip


def bulk_steps(lines: tuple[Line, ...]) -> list[Action]:
    """Return the steps that can be taken with several at once and that any line allows."""
    return [
        each for each in bulk.STEPS if any(bulk.fits(user(), it.proposal, each) for it in lines)
    ]


def _waiting(asked: Asked, found: Listing) -> list[tuple[str, str]]:
    """Return a sentence and an address for everything that waits for the user."""
    return [
        (say(text) % {"count": count(found.waiting[step])},
         asked.url("proposals.show", state=[str(each) for each in words.WAITS_IN[step]]))
        for step, text in words.WAITING.items() if found.waiting.get(step)
    ]  # fmt: skip


def _done() -> tuple[str, str] | None:
    """Return what was just done to how many, where the address tells of it."""
    number, deed = request.args.get("done", ""), request.args.get("deed", "")
    if deed not in list(Action) or not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    return count(int(number)), say(words.STEPS[Action(deed)])


def _view(asked: Asked, found: Listing) -> dict[str, Any]:
    items = [
        {"key": it.proposal.number, "kind": str(it.proposal.kind),
         "look": words.LOOKS[it.proposal.state], "lon": round(it.proposal.content.lon, 6),
         "lat": round(it.proposal.content.lat, 6),
         "text": f"{it.proposal.number} – {it.proposal.content.name} – "
                 f"{say(words.KINDS[it.proposal.kind])} – {say(words.STATES[it.proposal.state])}"}
        for it in found.lines[:ON_MAP]
    ]  # fmt: skip
    return {"communes": asked.url("proposals.outlines"), "items": items}
