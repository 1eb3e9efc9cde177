"""One proposal: what it says, what was computed, its history, the steps the user may take."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.model.errors import NotFoundError
from planning.model.people import Action, may
from planning.model.proposals import (
    UNDECIDED,
    ChangedError,
    Content,
    Price,
    Proposal,
    State,
    Wanted,
    possible,
)
from planning.services.review import bulk, viewing
from planning.services.review.computing import prices
from planning.services.review.viewing import Shown
from planning.web import proposal_words as words
from planning.web.access import reachable, user
from planning.web.asked import Asked, about, store
from planning.web.job_words import moment
from planning.web.language import count, say
from planning.web.proposal_asks import bulk_ask, version_of

bp = Blueprint("proposal_page", __name__)
# Steps with a place of their own on the page, or on pages of their own.
ELSEWHERE = (Action.EDIT, Action.CHECK, Action.FINISH_CHECK, Action.COMMENT, Action.ATTACH,
             Action.REJECT, Action.MEASURE)  # fmt: skip
AGAINST = (Action.WITHDRAW, Action.REVOKE, Action.SUSPEND, Action.END)
WITH_DAY = (Action.START, Action.END)
WITH_DOCUMENT = (Action.SUBMIT, Action.APPROVE, Action.ISSUE_CODE, Action.PUBLISH, Action.START, Action.SUSPEND,
                 Action.RESUME, Action.END, Action.REVOKE, Action.APPRAISE)  # fmt: skip
SAID = ("name", "point_id", "point_kind", "organisation", "host", "host_type", "address",
        "opening_hours", "cost", "note")  # fmt: skip
NOBODY = N_("There is nobody “%(name)s” in the history of this province.")


@bp.get("/<province:province>/proposals/<proposal:number>")
def show(province: str, number: str) -> ResponseReturnValue:
    """Show a proposal with its history and the steps the user may take now."""
    return page(about(province), number)


@bp.get("/<province:province>/proposals/<proposal:number>/price")
def price(province: str, number: str) -> ResponseReturnValue:
    """Show what it would cost not to approve a proposal, before that is confirmed."""
    asked = about(province)
    found = viewing.shown(store(), user(), province, number).proposal
    return price_page(asked, [(found.number, found.version)], request.args)


@bp.post("/<province:province>/proposals/price")
def price_of_all(province: str) -> ResponseReturnValue:
    """Show what it would cost not to approve the chosen proposals; nothing is decided."""
    asked = about(province)
    form = request.form.copy()
    form["action"], form["reason_code"] = "appraise", ""
    chosen = [(each.number, each.version) for each in bulk_ask(province, form).asks]
    return price_page(asked, chosen, request.form)


@bp.get("/<province:province>/proposals/people")
def people(province: str) -> ResponseReturnValue:
    """List everybody who did something in the province."""
    asked = about(province)
    found = viewing.actors(store(), user(), province)
    return render_template("proposals/people.html", asked=asked, found=found)


@bp.get("/<province:province>/proposals/people/<path:name>")
def person(province: str, name: str) -> ResponseReturnValue:
    """Show what somebody did in the province, newest first."""
    asked = about(province)
    found = viewing.deeds(store(), user(), province, name)
    if not found:
        raise NotFoundError(NOBODY, name=name[:80])
    return render_template(
        "proposals/person.html", asked=asked, found=found[:1000], count=len(found), name=name,
        moment=moment,
    )  # fmt: skip


def page(
    asked: Asked,
    number: str,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """Return the page of a proposal; after a refusal with everything that was typed."""
    shown = viewing.shown(store(), user(), asked.province.code, number)
    it = shown.proposal
    read = typed.get("version", "") if typed else ""
    changed = isinstance(refusal, ChangedError) and version_of(read)
    kept = read if typed and not changed else it.version  # a change that nobody saw stays one
    decision = it.decision
    other = replacement(decision.price if decision else None)
    return render_template(
        "proposals/page.html", asked=asked, shown=shown, it=it, steps=steps(it),
        main=next(iter(forward(it)), None), refusal=said(refusal), typed=typed or {},
        step=request.view_args.get("deed", "") if typed and request.view_args else "",
        unread=[each for each in shown.events if changed and each.version > changed],
        wishes=wishes(it), fields=content_rows(shown), moment=moment,
        map=viewing.surroundings(store(), it, other), may=allowed(it),
        can_replan=it.state not in UNDECIDED, with_day=WITH_DAY, with_document=WITH_DOCUMENT,
        version=kept, **_other_pages(asked, number), against=AGAINST, content_fields=list(Content.__dataclass_fields__),
    )  # fmt: skip


def _other_pages(asked: Asked, number: str) -> dict[str, str | None]:
    """Return the pages of the check and of the files."""
    pages = {name: asked.url(page, number=number)
             for name, page in (("check_page", "field_check.show"), ("attach_page", "attachments.show"))
             if reachable(page)}  # fmt: skip
    return {"check_page": None, "attach_page": None, **pages}


def price_page(
    asked: Asked, chosen: list[tuple[str, int]], typed: Mapping[str, str],
    refusal: Refusal | None = None,
) -> str:  # fmt: skip
    """Return the page that shows the price of not approving and asks to confirm it."""
    found = [viewing.shown(store(), user(), asked.province.code, number) for number, _ in chosen]
    costs = prices(store(), user(), [each.proposal for each in found])
    rows = [(each, cost, version) for each, cost, (_, version) in zip(found, costs, chosen, strict=True)]  # fmt: skip
    one = rows[0] if len(rows) == 1 else None
    return render_template(
        "proposals/price.html", asked=asked, rows=rows, refusal=said(refusal), typed=typed,
        map=one and viewing.surroundings(store(), one[0].proposal, replacement(one[1])),
        can_reject=all(bulk.fits(user(), each.proposal, Action.REJECT) for each in found),
        total=sum(cost.unserved for cost in costs if cost is not None),
    )  # fmt: skip


def steps(it: Proposal) -> list[Action]:
    """Return the steps with a form on the page: what the state and the user's roles allow."""
    return [
        each for each in allowed(it)
        if each not in ELSEWHERE and not (each is Action.LIFT and it.decision and it.decision.lifted)
    ]  # fmt: skip


def allowed(it: Proposal) -> list[Action]:
    """Return every step that the state of a proposal and the roles of the user allow."""
    return [each for each in possible(it.kind, it.state) if may(user(), each, it.thing)]


def forward(it: Proposal) -> list[Action]:
    """Return the steps of the page that lead to another state and are not against the proposal."""
    from_here = {Action.SUBMIT, Action.BEGIN_CHECK, Action.APPRAISE, Action.APPROVE,
                 Action.ISSUE_CODE, Action.PUBLISH, Action.START, Action.RESUME}  # fmt: skip
    ending = {Action.END} if it.state is State.PUBLISHED else set()
    return [each for each in steps(it) if each in from_here | ending]


def replacement(cost: Price | None) -> tuple[float, float] | None:
    """Return where the best other place is, in degrees, None where none was found."""
    if cost is None or cost.replacement_lon is None or cost.replacement_lat is None:
        return None
    return cost.replacement_lon, cost.replacement_lat


def wishes(it: Proposal) -> dict[str, list[tuple[int, Wanted]]]:
    """Return the requests for change by field (empty: the whole), each with its place."""
    found: dict[str, list[tuple[int, Wanted]]] = {}
    for at, each in enumerate(it.wanted):
        found.setdefault(each.field, []).append((at, each))
    return found


def content_rows(shown: Shown) -> list[tuple[str, str, str]]:
    """Return key, name and text of everything a proposal says and the user may see."""
    content = shown.proposal.content
    rows = [(key, say(words.FIELDS[key]), words.value(key, getattr(content, key))) for key in SAID
            if getattr(content, key) not in ("", None) or key in ("name", "organisation")]  # fmt: skip
    by_key = {"organisation": shown.names.organisation(content.organisation) or say(words.NO_ORGANISATION)}  # fmt: skip
    rows = [(key, name, by_key.get(key, text)) for key, name, text in rows]
    staff = words.value("staff", content.staff) if shown.people else count(len(content.staff))
    place = f"{words.degrees(content.lat)}; {words.degrees(content.lon)}"
    return [
        *rows,
        ("lat", say(words.PLACE), place),
        ("staff", say(words.FIELDS["staff"]), staff or "–"),
    ]


def said(refusal: Refusal | None) -> list[str]:
    """Return a refusal as lines, nothing for none."""
    return [] if refusal is None else refusal.sentence(say, count).split("\n")
