"""Taking a step with one proposal: the forms of its page."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from geo.errors import Refusal
from planning.model.errors import RequestError
from planning.model.people import Action
from planning.model.proposals import ChangedError, Proposal
from planning.services.review import bulk, checking, computing, deciding, drafting, putting
from planning.services.review.steps import Ask, BulkError
from planning.web.access import user
from planning.web.asked import Asked, about, store
from planning.web.errors import status_of
from planning.web.proposal_asks import NO_STEP, action_of, ask_of, wanted_of
from planning.web.proposal_page import page, price_page

bp = Blueprint("proposal_steps", __name__)
Form = MultiDict[str, str]
_Take = Callable[[Ask, Form], object]


@bp.post("/<province:province>/proposals/<proposal:number>/<deed>")
def take(province: str, number: str, deed: str) -> ResponseReturnValue:
    """Take a step and go back to the page; after a refusal nothing that was typed is lost."""
    asked = about(province)
    form = request.form
    action = action_of(deed)
    try:
        _taken(ask_of(province, number, action, form), form)
    except Refusal as refusal:
        return _refused(asked, number, action, refusal), status_of(type(refusal))
    return redirect(asked.url("proposal_page.show", number=number, _anchor="history"), 303)


@bp.get("/<province:province>/proposals/<proposal:number>/<deed>")
def back(province: str, number: str, deed: str) -> ResponseReturnValue:
    """Lead from the address of a step back to the page, as after a change of language."""
    del deed
    return redirect(about(province).url("proposal_page.show", number=number), 303)


def _taken(ask: Ask, form: Form) -> None:
    if ask.action not in _TAKE:
        raise RequestError(NO_STEP, name=str(ask.action))
    try:
        _TAKE[ask.action](ask, form)
    except BulkError as refusal:  # of a step that is also taken with several: its one reason
        raise refusal.lines[0] from None


def _refused(asked: Asked, number: str, action: Action, refusal: Refusal) -> str:
    if action is Action.REJECT:
        version = request.form.get("version", "")
        chosen = [(number, int(version) if version.isdigit() else 0)]
        return price_page(asked, chosen, request.form, refusal)
    return page(asked, number, refusal, request.form)


def _rejected(ask: Ask, form: Form) -> list[Proposal]:
    verdict = bulk.verdict(form.get("reason_code", ""), ask.reason)
    return computing.reject(store(), user(), [ask], [verdict])


def _commented(ask: Ask, text: str) -> Proposal:
    """Keep a comment; that others wrote meanwhile is no reason to refuse it."""
    text = text.replace("\r\n", "\n").strip()
    try:
        return deciding.comment(store(), user(), ask, text)
    except ChangedError as changed:
        return deciding.comment(store(), user(), replace(ask, version=changed.version), text)


def _day(form: Form) -> str:
    return form.get("day", "").strip()


_TAKE: Mapping[Action, _Take] = {
    Action.SUBMIT: lambda ask, _: computing.submit(store(), user(), ask),
    Action.WITHDRAW: lambda ask, _: drafting.withdraw(store(), user(), ask),
    Action.BEGIN_CHECK: lambda ask, _: checking.begin(store(), user(), ask),
    Action.ASK_MORE: lambda ask, form: deciding.ask_more(store(), user(), ask, wanted_of(form)),
    Action.MEASURE: lambda ask, _: computing.measure(store(), user(), ask),
    Action.APPRAISE: lambda ask, _: deciding.appraise(store(), user(), [ask]),
    Action.APPROVE: lambda ask, _: deciding.approve(store(), user(), [ask]),
    Action.REJECT: _rejected,
    Action.REVOKE: lambda ask, _: deciding.revoke(store(), user(), ask),
    Action.LIFT: lambda ask, _: deciding.lift(store(), user(), ask),
    Action.ISSUE_CODE: lambda ask, _: putting.issue_codes(store(), user(), [ask]),
    Action.PUBLISH: lambda ask, _: putting.publish(store(), user(), [ask]),
    Action.START: lambda ask, form: putting.start(store(), user(), ask, _day(form)),
    Action.SUSPEND: lambda ask, _: putting.suspend(store(), user(), ask),
    Action.RESUME: lambda ask, _: putting.resume(store(), user(), ask),
    Action.END: lambda ask, form: putting.end(store(), user(), ask, _day(form)),
    Action.ASSIGN: lambda ask, form: deciding.assign(
        store(), user(), [ask], form.get("to", "").strip()[:200], form.get("due", "").strip()
    ),
    Action.COMMENT: lambda ask, form: _commented(ask, form.get("text", "")),
}  # fmt: skip
