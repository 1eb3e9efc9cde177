"""One step of a proposal: asked by somebody, allowed or refused, kept with its event or not at all."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from geo.errors import N_, Refusal
from planning.model.errors import NotFoundError, QuestionError, RequestError
from planning.model.people import Action, User, may, require
from planning.model.proposals import MOST_LINE, MOST_TEXT, ChangedError, Proposal, State, fits
from planning.services.requests import now
from planning.services.review import placing
from planning.store import audit, proposals
from planning.store.session import Store

MOST_AT_ONCE = 500
UNKNOWN = N_("There is no proposal %(number)s that you may see in this province.")
TOO_LONG = N_("A text has at most %(most)s characters, all of them printable.")
TOO_MANY = N_("At most %(most)s proposals take a step at once; choose fewer.")
NOT_ALL = N_("Nothing was done, because some of the proposals cannot take this step:")


class BulkError(QuestionError):
    """A step asked of several proposals that some cannot take: none took it; `lines` say why."""


class _OnlyTriedError(Exception):
    """Ends a transaction of which nothing shall be kept."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Which step of which proposal, read at which version; why, and by which document.

    `facts` are told with the event: plain values without personal data.
    """

    province: str
    number: str
    version: int
    action: Action
    reason: str = ""
    document: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Change = Callable[[sa.Connection, Proposal], Proposal]
Planned = tuple[Ask, Change | None]


def act(store: Store, user: User, ask: Ask, change: Change | None = None) -> Proposal:
    """Take one step and return the proposal after it.

    `change` writes what else the step changes, in the same transaction, from the proposal
    with its new state; it may refuse. Raises `NotFoundError` for one that the user may not
    see, `ForbiddenError`, `ChangedError` when it was changed since it was read, and
    `StateError` where its state does not allow the step.
    """
    with store.writing() as db:
        return taken(db, user, ask, change)


def act_on_all(
    store: Store, user: User, asks: Sequence[Ask], change: Change | None = None
) -> list[Proposal]:
    """Take the same step with several proposals, all or none; raise `BulkError` with every reason."""
    return take_all(store, user, [(ask, change) for ask in asks])


def take_all(store: Store, user: User, planned: Sequence[Planned]) -> list[Proposal]:
    """Take a step with each of several proposals, all or none, as `act` takes one."""
    if len(planned) > MOST_AT_ONCE:
        raise RequestError(TOO_MANY, most=MOST_AT_ONCE)
    with store.writing() as db:
        done, wrong = [], []
        for ask, change in planned:
            try:
                done.append(taken(db, user, ask, change))
            except Refusal as refusal:
                wrong.append(refusal)
        if wrong:
            raise BulkError(NOT_ALL, tuple(wrong))
    return done


def tried(store: Store, user: User, planned: Sequence[Planned]) -> list[Refusal | None]:
    """Return what stands in the way of each step at this moment; nothing is kept."""
    found: list[Refusal | None] = []
    with suppress(_OnlyTriedError), store.writing() as db:
        for ask, change in planned:
            try:
                taken(db, user, ask, change)
            except Refusal as refusal:
                found.append(refusal)
            else:
                found.append(None)
        raise _OnlyTriedError
    return found


def taken(db: sa.Connection, user: User, ask: Ask, change: Change | None = None) -> Proposal:
    """Take one step within a transaction that is open."""
    before = seen(db, user, ask.province, ask.number)
    require(user, ask.action, before.thing)
    require_text(ask.reason)
    require_text(ask.document, MOST_LINE)
    if before.version != ask.version:
        raise ChangedError(before.number, before.version)
    at = now()
    after = replace(before.after(ask.action), changed_at=at)
    if change is not None:
        after = change(db, after)
    led = _led(db, before)
    proposals.update(db, before, after)
    told = {"reason": ask.reason, "document": ask.document, **ask.facts, **led}
    _tell(db, user, before, after, ask.action, {k: v for k, v in told.items() if v not in ("", None)})  # fmt: skip
    return after


def _led(db: sa.Connection, before: Proposal) -> dict[str, Any]:
    """Return the commune that a change of boundaries made of the one written, for the event."""
    kept = proposals.load(db, before.province, before.number)
    same = kept is None or kept.commune == before.commune
    return {} if same or kept is None else {"communes": [kept.commune, before.commune]}


def begun(db: sa.Connection, user: User, proposal: Proposal, **facts: Any) -> Proposal:
    """Keep a new proposal with its first event, within a transaction that is open."""
    made = proposals.insert(db, replace(proposal, version=1))
    told = {"content": shown_content(made), **facts}
    _tell(db, user, replace(proposal, version=0), made, Action.PROPOSE, told)
    return made


def seen(db: sa.Connection, user: User, province: str, number: str) -> Proposal:
    """Return a proposal that somebody may see, where it lies on the newest boundaries.

    Else it is as if there were none.
    """
    kept = proposals.load(db, province, number)
    found = kept and placing.present(db, province, [kept])[0]
    if found is None or not may(user, Action.SEE_PROPOSAL, found.thing):
        raise NotFoundError(UNKNOWN, number=number)
    return found


def require_text(text: str, most: int = MOST_TEXT) -> None:
    """Refuse a text that is too long or holds signs that cannot be shown."""
    if not fits(text, most):
        raise RequestError(TOO_LONG, most=most)


def shown_content(proposal: Proposal) -> dict[str, Any]:
    """Return what a proposal says without personal data: staff are a number."""
    content = proposal.content.as_dict()
    return {**content, "staff": len(content["staff"])}


def _tell(
    db: sa.Connection, user: User, before: Proposal, after: Proposal, action: Action,
    facts: Mapping[str, Any],
) -> None:  # fmt: skip
    state = State.NONE if before.version == 0 else before.state
    number = audit.record(
        db, f"proposal:{action.replace(' ', '-')}:done", after.province, at=after.changed_at,
        actor=user.name, proposal=after.number, version=after.version, before=str(state),
        after=str(after.state), **facts,
    )  # fmt: skip
    proposals.add_event(db, after, str(action), state, number)
