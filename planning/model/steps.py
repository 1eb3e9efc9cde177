"""The way of a proposal: its states, and the one table of steps between them.

The database repeats the table as constraints (`planning.store.review_tables`).
"""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import N_
from planning.model.people import Action


class ProposalKind(StrEnum):
    """What a proposal asks for."""

    OPEN = "open"
    MOVE = "move"
    CLOSE = "close"
    KIND = "kind"  # direct, online or mobile


class State(StrEnum):
    """Where a proposal stands."""

    NONE = "none"  # before there was one
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKING = "checking"
    MORE_WANTED = "more wanted"
    CHECKED = "checked"
    APPRAISED = "appraised"
    APPROVED = "approved"
    NOT_APPROVED = "not approved"
    CODE_ISSUED = "code issued"
    PUBLISHED = "published"
    OPERATING = "operating"
    SUSPENDED = "suspended"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


S, A, K = State, Action, ProposalKind
UNDECIDED = (S.DRAFT, S.SUBMITTED, S.CHECKING, S.MORE_WANTED, S.CHECKED, S.APPRAISED)
IN_FORCE = (S.APPROVED, S.CODE_ISSUED, S.PUBLISHED)  # decided for, not in the register yet
_ALL = tuple(K)
_LIVING = tuple(each for each in S if each is not S.NONE)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that proposals of some kinds may take: from one state to another, or none."""

    action: Action
    before: State
    after: State
    kinds: tuple[ProposalKind, ...] = _ALL


STEPS: tuple[Step, ...] = (
    Step(A.PROPOSE, S.NONE, S.DRAFT),
    *(Step(A.EDIT, each, each) for each in (S.DRAFT, S.MORE_WANTED)),
    Step(A.SUBMIT, S.DRAFT, S.SUBMITTED),
    Step(A.SUBMIT, S.MORE_WANTED, S.SUBMITTED),
    Step(A.BEGIN_CHECK, S.SUBMITTED, S.CHECKING),
    Step(A.CHECK, S.CHECKING, S.CHECKING),
    Step(A.FINISH_CHECK, S.CHECKING, S.CHECKED),
    *(Step(A.ASK_MORE, each, S.MORE_WANTED)
      for each in (S.SUBMITTED, S.CHECKING, S.CHECKED, S.APPRAISED)),
    *(Step(A.MEASURE, each, each) for each in UNDECIDED),
    Step(A.APPRAISE, S.CHECKED, S.APPRAISED),
    Step(A.APPROVE, S.APPRAISED, S.APPROVED),
    Step(A.REJECT, S.APPRAISED, S.NOT_APPROVED),
    Step(A.LIFT, S.NOT_APPROVED, S.NOT_APPROVED),
    Step(A.ISSUE_CODE, S.APPROVED, S.CODE_ISSUED, (K.OPEN, K.MOVE)),
    Step(A.PUBLISH, S.CODE_ISSUED, S.PUBLISHED, (K.OPEN, K.MOVE)),
    Step(A.PUBLISH, S.APPROVED, S.PUBLISHED),
    *(Step(A.REVOKE, each, S.ENDED) for each in (S.APPROVED, S.PUBLISHED)),
    Step(A.REVOKE, S.CODE_ISSUED, S.ENDED, (K.OPEN, K.MOVE)),
    Step(A.START, S.PUBLISHED, S.OPERATING, (K.OPEN, K.MOVE, K.KIND)),
    Step(A.SUSPEND, S.OPERATING, S.SUSPENDED, (K.OPEN, K.MOVE, K.KIND)),
    Step(A.RESUME, S.SUSPENDED, S.OPERATING, (K.OPEN, K.MOVE, K.KIND)),
    Step(A.END, S.PUBLISHED, S.ENDED, (K.CLOSE,)),
    *(Step(A.END, each, S.ENDED, (K.OPEN, K.MOVE, K.KIND)) for each in (S.OPERATING, S.SUSPENDED)),
    *(Step(A.WITHDRAW, each, S.WITHDRAWN) for each in UNDECIDED),
    *(Step(A.ASSIGN, each, each) for each in (*UNDECIDED, *IN_FORCE)),
    *(Step(act, each, each) for act in (A.COMMENT, A.ATTACH) for each in _LIVING),
)  # fmt: skip
_AFTER = {(each.action, kind, each.before): each.after for each in STEPS for kind in each.kinds}
STATE_NAMES: dict[State, str] = {
    S.NONE: N_("no proposal yet"), S.DRAFT: N_("draft"), S.SUBMITTED: N_("submitted"),
    S.CHECKING: N_("checking on site"), S.MORE_WANTED: N_("more information wanted"),
    S.CHECKED: N_("checked"), S.APPRAISED: N_("appraised"), S.APPROVED: N_("approved"),
    S.NOT_APPROVED: N_("not approved"), S.CODE_ISSUED: N_("code issued"),
    S.PUBLISHED: N_("published"), S.OPERATING: N_("operating"), S.SUSPENDED: N_("suspended"),
    S.ENDED: N_("ended"), S.WITHDRAWN: N_("withdrawn"),
}  # fmt: skip


def after(action: Action, kind: ProposalKind, state: State) -> State | None:
    """Return the state that a step leads to, None where it cannot be taken from `state`."""
    return _AFTER.get((action, kind, state))


def possible(kind: ProposalKind, state: State) -> tuple[Action, ...]:
    """Return the steps that can be taken from a state, in the order of the chain."""
    return tuple(dict.fromkeys(
        each.action for each in STEPS if each.before is state and kind in each.kinds
    ))  # fmt: skip
