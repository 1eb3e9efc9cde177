"""The decisions of a meeting: brought as a file or typed, shown with their price, then taken."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_, Refusal
from planning.exports.packet.decision_sheet import VERDICTS
from planning.exports.packet.words import REASON_CODES
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action
from planning.model.proposals import MOST_TEXT, State
from planning.services.requests import require_day
from planning.services.review import bulk, meeting, viewing
from planning.services.review.meeting import Examined, Read, Typed
from planning.services.review.standing import one
from planning.web import proposal_words as words
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.import_shown import grouped
from planning.web.imports import saying
from planning.web.language import count, say
from planning.web.proposal_asks import WORD, version_of
from planning.web.uploading import drafts, one_file

bp = Blueprint("round_decisions", __name__)
KIND, TYPED = "decisions", "decisions.json"
LARGEST_FORM_BYTES = 2_000_000  # 500 proposals, each with a sentence or two
STEPS = tuple(VERDICTS)
GONE = N_("This file is not here any more: an uploaded file is kept for one day. Choose it again.")
NOT_AS_SEEN = N_("Something was changed since you looked: below stand the decisions and prices of now. Look again, then confirm.")  # fmt: skip
FAULTS = N_("What is marked “refused” must be mended first: in the file, or in what was typed.")
WRONGS = N_("Some of the decisions cannot be taken now; what stands in the way is said below.")
EMPTY = N_("There is no decision yet: choose one for a proposal at least.")


@bp.get("/<province:province>/rounds/<int:number>/decisions")
def enter(province: str, number: int) -> ResponseReturnValue:
    """Offer to bring the filled spreadsheet of a round, or to type the decisions."""
    asked, found = about(province), one(store(), user(), province, number)
    lines: dict[str, Typed] = {}
    if token := request.args.get("again", ""):
        lines = {each.number: each for each in _typed_lines(_draft(province, number, token))}
    head = next(iter(lines.values()), Typed("", 0))
    return render_template(
        "rounds/decide.html", asked=asked, round=found, typed=lines, document=head.document,
        day=head.day, verdicts=VERDICTS, codes=REASON_CODES, words=words, most_text=MOST_TEXT,
        possible={each.then.number: _possible(each.now) for each in found.lines},
        most=drafts().most_bytes // 1_000_000,
    )  # fmt: skip


@bp.post("/<province:province>/rounds/<int:number>/decisions")
def type_in(province: str, number: int) -> ResponseReturnValue:
    """Hold what was typed as it would be held from a file, and show it; nothing is decided."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM_BYTES
    asked, found = about(province), one(store(), user(), province, number)
    form = request.form
    both = form.get("document", "").strip()[:WORD], form.get("day", "").strip()[:WORD]
    lines = []
    for each in found.lines:
        key = each.then.number
        verdict, code, text = (
            form.get(f"{name}.{key}", "").replace("\r\n", "\n").strip()
            for name in ("verdict", "code", "text")
        )
        if verdict or code or text:
            version = version_of(form.get(f"version.{key}", ""))
            document, day = both if verdict else ("", "")
            lines.append(Typed(key, version, verdict, code, text, document, day))
    arrived = drafts().receive(request.content_length)
    arrived.write(json.dumps([asdict(each) for each in lines], ensure_ascii=False).encode())
    said = {"round": number, "typed": True}
    draft = drafts().keep(arrived, province, KIND, TYPED, said, by=user().name)
    return redirect(_address(asked, draft), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/rounds/<int:number>/decisions/file")
def upload(province: str, number: int) -> ResponseReturnValue:
    """Take a filled spreadsheet of which nothing is kept yet, and show what is in it."""
    asked = about(province)
    one(store(), user(), province, number)
    with one_file() as sent:
        draft = sent.keep(province, KIND, {"round": number})
    return redirect(_address(asked, draft), HTTPStatus.SEE_OTHER)


@bp.get("/<province:province>/rounds/<int:number>/decisions/file")
def no_file(province: str, number: int) -> ResponseReturnValue:
    """Lead from the address of bringing a file to its form, as after a change of language."""
    return redirect(about(province).url("round_decisions.enter", number=number), 303)


@bp.get("/<province:province>/rounds/<int:number>/decisions/<draft:token>")
def show(province: str, number: int, token: str) -> ResponseReturnValue:
    """Show the decisions, what every refusal costs, and everything wrong; nothing is decided."""
    asked, draft = about(province), _draft(province, number, token)
    if draft.done is not None:
        return redirect(asked.url("rounds.show", number=number, taken=token), 303)
    return _page(asked, draft)


@bp.post("/<province:province>/rounds/<int:number>/decisions/<draft:token>")
def review(province: str, number: int, token: str) -> ResponseReturnValue:
    """Keep the document number and day for decisions that have none; show them again."""
    asked, draft = about(province), _open(province, number, token)
    try:
        drafts().save(_with_both(draft))
    except Refusal as refusal:
        return _page(asked, draft, refusal), status_of(type(refusal))
    return redirect(_address(asked, draft), HTTPStatus.SEE_OTHER)


@bp.post("/<province:province>/rounds/<int:number>/decisions/<draft:token>/commit")
def commit(province: str, number: int, token: str) -> ResponseReturnValue:
    """Take every decision as it was shown, all or none."""
    asked, draft = about(province), _open(province, number, token)
    try:
        changed = _with_both(draft)
        if changed.said != draft.said:
            drafts().save(changed)
            draft = changed
            raise RequestError(NOT_AS_SEEN)
        head = one(store(), user(), province, number).head
        known = meeting.examined(store(), user(), head, _read(draft, head))
        if request.form.get("seen") != _digest(known):
            raise RequestError(NOT_AS_SEEN)
        with drafts().claimed(draft) as fresh:
            done = meeting.take(store(), user(), head, known.found, known.costs)
            told = Counter(_outcome(each.state) for each in done)
            drafts().finish(fresh, {"decided": dict(told)})
    except Refusal as refusal:
        if drafts().find(province, token).done is not None:
            raise
        return _page(asked, draft, refusal), status_of(type(refusal))
    return redirect(asked.url("rounds.show", number=number, taken=token), 303)


@bp.post("/<province:province>/rounds/<int:number>/decisions/<draft:token>/discard")
def discard(province: str, number: int, token: str) -> ResponseReturnValue:
    """Delete decisions of which none was taken."""
    asked = about(province)
    drafts().drop(_open(province, number, token))
    return redirect(asked.url("round_decisions.enter", number=number), 303)


@bp.get("/<province:province>/rounds/<int:number>/decisions/<draft:token>/<any(commit, discard):_step>")  # fmt: skip
def back(province: str, number: int, token: str, _step: str) -> ResponseReturnValue:
    """Lead from the address of a step back to the page, as after a change of language."""
    return redirect(about(province).url("round_decisions.show", number=number, token=token), 303)


def _possible(proposal: Any) -> list[Action]:
    """Return the decisions that the state of a proposal and the roles of the user allow."""
    return [each for each in STEPS if bulk.fits(user(), proposal, each)]


def _draft(province: str, number: int, token: str) -> Any:
    """Return decisions that this user brought for this round; for others they are not here."""
    found = drafts().find(province, token, by=user().name)
    if found.kind != KIND or found.said.get("round") != number:
        raise NotFoundError(GONE)
    return found


def _open(province: str, number: int, token: str) -> Any:
    draft = _draft(province, number, token)
    if draft.done is not None:
        raise drafts().done_already()
    return draft


def _typed_lines(draft: Any) -> list[Typed]:
    if not draft.said.get("typed") or draft.done is not None:
        raise NotFoundError(GONE)
    return [Typed(**each) for each in json.loads(drafts().path(draft).read_bytes())]


def _read(draft: Any, head: Any) -> Read:
    """Return what the file or the typed lines say; raise `FileError` for a file that is none."""
    if draft.said.get("typed"):
        found = meeting.typed(store(), head, _typed_lines(draft))
    else:
        found = meeting.read(store(), head, drafts().path(draft))
    return meeting.with_document(found, draft.said.get("document", ""), draft.said.get("day", ""))


def _with_both(draft: Any) -> Any:
    """Return a draft with the document number and the day of the form, where it has them."""
    given = {name: request.form[name].strip()[:WORD] for name in ("document", "day")
             if name in request.form}  # fmt: skip
    if given.get("day"):
        require_day(given["day"])
    if all(draft.said.get(name, "") == value for name, value in given.items()):
        return draft
    return replace(draft, said={**draft.said, **given})


def _page(asked: Asked, draft: Any, refusal: Refusal | None = None) -> str:
    now = one(store(), user(), asked.province.code, draft.said["round"])
    known, unread = None, None
    try:
        known = meeting.examined(store(), user(), now.head, _read(draft, now.head))
    except Refusal as failed:
        unread = failed
    lines = {each.then.number: each for each in now.lines}
    return render_template(
        "rounds/preview.html", asked=asked, draft=draft, round=now, known=known, lines=lines,
        unread=unread, groups=grouped(known.found.report, saying()) if known else [],
        refusal=[] if refusal is None else refusal.sentence(say, count).split("\n"),
        reasons=_reasons(known), seen=_digest(known) if known else "", words=words,
        told=_told(known), names=viewing.names(store(), asked.province.code),
        total=sum(each.unserved for each in known.costs.values() if each) if known else 0,
        address=_address(asked, draft),
    )  # fmt: skip


def _reasons(known: Examined | None) -> list[str]:
    """Return why the decisions cannot be taken as they are, a sentence each."""
    if known is None:
        return []
    found = []
    if known.found.blocked:
        found.append(say(FAULTS))
    if known.wrongs:
        found.append(say(WRONGS))
    if not known.found.decided and not known.found.blocked:
        found.append(say(EMPTY))
    return found


def _told(known: Examined | None) -> Counter[str]:
    """Return how many decisions there are of each kind."""
    return Counter(str(each.action) for each in known.found.decided) if known else Counter()


def _outcome(state: State) -> str:
    return {State.APPROVED: "approve", State.NOT_APPROVED: "reject"}.get(state, "ask more")


def _digest(known: Examined) -> str:
    """Return what stands for decisions and prices as they were shown."""
    costs = sorted((number, repr(cost)) for number, cost in known.costs.items())
    return hashlib.sha256(repr((known.found.decided, costs)).encode()).hexdigest()


def _address(asked: Asked, draft: Any) -> str:
    return asked.url("round_decisions.show", number=draft.said["round"], token=draft.token)
