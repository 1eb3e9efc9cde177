"""One step with several proposals: all take it or none, each refusal with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from geo.errors import N_
from planning.model.errors import RequestError
from planning.model.people import Action, User, may
from planning.model.proposals import Proposal, Reason, after
from planning.services.review import checking, computing, deciding, putting
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask, act_on_all
from planning.store.session import Store

NONE_CHOSEN = N_("Choose at least one proposal.")
NOT_TOGETHER = N_("The step “%(step)s” cannot be taken with several proposals at once.")


@dataclass(frozen=True, slots=True)
class BulkAsk:
    """A step of several proposals, each with the version it was read at.

    Every ask carries the same reason and document number; `to` and `due` belong to
    assigning, `verdicts` to not approving, in the order of the asks.
    """

    action: Action
    asks: tuple[Ask, ...]
    to: str = ""
    due: str = ""
    verdicts: tuple[Verdict, ...] = ()


_Take = Callable[[Store, User, BulkAsk], list[Proposal]]


def take(store: Store, user: User, ask: BulkAsk) -> list[Proposal]:
    """Take a step with all of them or with none."""
    if not ask.asks:
        raise RequestError(NONE_CHOSEN)
    if ask.action not in _TAKE:
        raise RequestError(NOT_TOGETHER, step=str(ask.action))
    return _TAKE[ask.action](store, user, ask)


def fits(user: User, proposal: Proposal, step: Action) -> bool:
    """Whether the state of a proposal and the roles of a user allow a step."""
    return after(step, proposal.kind, proposal.state) is not None and may(
        user, step, proposal.thing
    )


def verdict(code: str, text: str) -> Verdict:
    """Return why proposals are not approved; refuse a reason that is none."""
    if code not in list(Reason):
        raise RequestError(deciding.NO_REASON)
    return Verdict(Reason(code), text)


def _plainly(store: Store, user: User, ask: BulkAsk) -> list[Proposal]:
    return act_on_all(store, user, [replace(each, action=ask.action) for each in ask.asks])


_TAKE: Mapping[Action, _Take] = {
    Action.SUBMIT: lambda store, user, ask: computing.submit_all(store, user, ask.asks),
    Action.MEASURE: lambda store, user, ask: computing.measure_all(store, user, ask.asks),
    Action.WITHDRAW: _plainly,
    Action.BEGIN_CHECK: lambda store, user, ask: checking.begin_all(store, user, ask.asks),
    Action.APPRAISE: lambda store, user, ask: deciding.appraise(store, user, list(ask.asks)),
    Action.APPROVE: lambda store, user, ask: deciding.approve(store, user, list(ask.asks)),
    Action.REJECT: lambda store, user, ask: computing.reject(store, user, ask.asks, ask.verdicts),
    Action.ISSUE_CODE: lambda store, user, ask: putting.issue_codes(store, user, list(ask.asks)),
    Action.PUBLISH: lambda store, user, ask: putting.publish(store, user, list(ask.asks)),
    Action.ASSIGN: lambda store, user, ask: deciding.assign(
        store, user, list(ask.asks), ask.to, ask.due
    ),
}  # fmt: skip
STEPS = tuple(_TAKE)
