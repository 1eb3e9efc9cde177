"""What the province does with a proposal: ask for more, appraise, approve or not, lift, assign."""

from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from geo.errors import N_
from planning.model.errors import RequestError
from planning.model.people import Action, User
from planning.model.proposals import (
    Content,
    Decision,
    Figures,
    Price,
    Proposal,
    Reason,
    Wanted,
)
from planning.services.requests import require_day
from planning.services.review.steps import (
    Ask,
    Change,
    Planned,
    act,
    act_on_all,
    require_text,
    take_all,
)
from planning.store.session import Store

MOST_WANTED = 50
NO_REASON = N_("Say why: choose a reason and write a sentence.")
NO_DOCUMENT = N_("Give the number of the document this is decided by.")
NOT_PASSED = N_("%(number)s did not pass the check on site; ask for more information, or do not approve it.")  # fmt: skip
NOTHING_WANTED = N_("Say what is wanted: choose a field or write a sentence.")
NO_FIELD = N_("A proposal has no field “%(field)s”.")
LIFTED = N_("%(number)s is lifted already.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a proposal is not approved: a reason, a sentence, and what that costs if known."""

    reason: Reason
    text: str
    price: Price | None = None


def ask_more(store: Store, user: User, ask: Ask, wanted: list[tuple[str, str]]) -> Proposal:
    """Send a proposal back with requests: pairs of a field (empty: the whole) and a sentence."""
    return act(store, user, *asking(user, ask, wanted))


def asking(user: User, ask: Ask, wanted: list[tuple[str, str]]) -> Planned:
    """Return the step that sends a proposal back."""
    known = set(Content.__dataclass_fields__)
    for name, text in wanted:
        if name and name not in known:
            raise RequestError(NO_FIELD, field=name[:40])
        require_text(text)
    if not any(text.strip() for _, text in wanted) or len(wanted) > MOST_WANTED:
        raise RequestError(NOTHING_WANTED)

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        new = tuple(
            Wanted(name, text.strip(), user.name, then.changed_at)
            for name, text in wanted if text.strip()
        )  # fmt: skip
        return replace(then, wanted=(*then.wanted, *new))

    told = [{"field": name, "text": text.strip()} for name, text in wanted if text.strip()]
    return replace(ask, action=Action.ASK_MORE, facts={**ask.facts, "wanted": told}), change


def measured(store: Store, user: User, ask: Ask, figures: Figures) -> Proposal:
    """Put figures of the present data in place of those of a proposal."""
    return act(store, user, *measuring_anew(ask, figures))


def measuring_anew(ask: Ask, figures: Figures) -> Planned:
    """Return the step that puts figures in place of those of a proposal."""

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        return replace(then, figures=figures)

    told = {**ask.facts, "figures": asdict(figures)}
    return replace(ask, action=Action.MEASURE, facts=told), change


def appraise(store: Store, user: User, asks: list[Ask]) -> list[Proposal]:
    """Find proposals fit to be decided, all or none."""
    return act_on_all(store, user, [replace(each, action=Action.APPRAISE) for each in asks])


def approve(store: Store, user: User, asks: list[Ask]) -> list[Proposal]:
    """Approve proposals, all or none; each needs its document and a check that was passed."""
    return take_all(store, user, [approving(user, each) for each in asks])


def approving(user: User, ask: Ask) -> Planned:
    """Return the step that approves a proposal."""
    if not ask.document.strip():
        raise RequestError(NO_DOCUMENT)

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        if then.check is None or not then.check.passed:
            raise RequestError(NOT_PASSED, number=then.number)
        decision = Decision(
            approved=True, by=user.name, at=then.changed_at, text=ask.reason, document=ask.document
        )
        return replace(then, decision=decision)

    return replace(ask, action=Action.APPROVE), change


def reject(store: Store, user: User, asks: list[Ask], verdicts: list[Verdict]) -> list[Proposal]:
    """Do not approve proposals, all or none, each with its reason and price."""
    both = zip(asks, verdicts, strict=True)
    return take_all(store, user, [rejecting(user, ask, verdict) for ask, verdict in both])


def rejecting(user: User, ask: Ask, verdict: Verdict) -> Planned:
    """Return the step that does not approve a proposal."""
    require_text(verdict.text)
    if not verdict.text.strip():
        raise RequestError(NO_REASON)

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        decision = Decision(
            approved=False, by=user.name, at=then.changed_at, reason=str(verdict.reason),
            text=verdict.text, document=ask.document, price=verdict.price,
        )  # fmt: skip
        return replace(then, decision=decision)

    price = verdict.price and asdict(verdict.price)
    told = {**ask.facts, "reason_code": str(verdict.reason), "price": price}
    return replace(ask, action=Action.REJECT, reason=verdict.text, facts=told), change


def revoke(store: Store, user: User, ask: Ask) -> Proposal:
    """Take an approval back before its point operates; a code that was issued is not given again."""
    if not ask.reason.strip():
        raise RequestError(NO_REASON)
    if not ask.document.strip():
        raise RequestError(NO_DOCUMENT)
    return act(store, user, replace(ask, action=Action.REVOKE))


def lift(store: Store, user: User, ask: Ask) -> Proposal:
    """Let a site that was not approved be suggested again."""
    if not ask.reason.strip():
        raise RequestError(NO_REASON)

    def change(_db: sa.Connection, then: Proposal) -> Proposal:
        assert then.decision is not None
        if then.decision.lifted:
            raise RequestError(LIFTED, number=then.number)
        return replace(then, decision=replace(then.decision, lifted=True))

    return act(store, user, replace(ask, action=Action.LIFT), change)


def assign(store: Store, user: User, asks: list[Ask], to: str, due: str) -> list[Proposal]:
    """Give proposals to somebody with a day by which they are due; empty texts take that back."""
    if due:
        require_day(due)
    told = [replace(each, action=Action.ASSIGN, facts={"to": to, "due": due}) for each in asks]
    return act_on_all(store, user, told, _set(assigned_to=to, due=due))


def comment(store: Store, user: User, ask: Ask, text: str) -> Proposal:
    """Say something about a proposal; it stands in its history."""
    require_text(text)
    if not text.strip():
        raise RequestError(N_("Write something first."))
    return act(store, user, replace(ask, action=Action.COMMENT, facts={"text": text.strip()}))


def _set(**values: str) -> Change:
    return lambda _db, then: replace(then, **values)  # type: ignore[arg-type]
