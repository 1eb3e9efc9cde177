"""The proposals that somebody may see: filtered, sorted, counted; and what waits for them."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.names import search_key, sort_key
from planning.model.days import today as present_day
from planning.model.people import Action, Thing, User, may
from planning.model.proposals import Proposal, ProposalKind, State, possible
from planning.services.review import placing
from planning.store import imports, proposals, review_names
from planning.store.review_names import Names
from planning.store.session import Store

SOON_DAYS = 7
DUE, OVERDUE = "soon", "over"
SORTS = ("number", "name", "kind", "state", "organisation", "commune", "office", "gained", "due",
         "changed")  # fmt: skip
# The steps that take a proposal forward, in the order of the chain.
_FORWARD = (Action.SUBMIT, Action.BEGIN_CHECK, Action.FINISH_CHECK, Action.APPRAISE,
            Action.APPROVE, Action.ISSUE_CODE, Action.PUBLISH, Action.START)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which proposals are meant; what is empty filters nothing.

    `due` is `soon` (within a week or past) or `over` (past). `text` is sought in number,
    name, host, address and code, without regard to accents.
    """

    states: tuple[State, ...] = ()
    kinds: tuple[ProposalKind, ...] = ()
    organisation: str = ""
    office: str = ""
    commune: str = ""
    mine: bool = False
    due: str = ""
    text: str = ""
    sort: str = "number"
    down: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal with the names of its codes; `next` is the step that this user may take on."""

    proposal: Proposal
    commune: str
    organisation: str
    next: Action | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines that a filter leaves, and what the filters can be set to.

    `counts` are all that this user may see by state, `waiting` how many of them wait for a
    step that this user may take, by step; `mine` are assigned to this user and not decided.
    """

    lines: tuple[Line, ...]
    counts: Mapping[State, int]
    waiting: Mapping[Action, int]
    mine: int
    overdue: int
    names: Names
    communes: Mapping[str, str]
    organisations: Mapping[str, str]
    offices: tuple[str, ...]


def next_step(kind: ProposalKind, state: State) -> Action | None:
    """Return the step that takes a proposal forward, None where it has arrived or ended."""
    steps = possible(kind, state)
    found = next((each for each in _FORWARD if each in steps), None)
    if found is None and state is State.PUBLISHED and Action.END in steps:
        return Action.END
    return found


def listed(store: Store, user: User, province: str, wanted: Filter) -> Listing:
    """Return the proposals of a province that a user may see and that a filter leaves."""
    with store.reading() as db:
        names = review_names.load(db, province)
    found = _visible(store, user, province)
    today = present_day()
    lines = [_line(user, names, each, today) for each in found]
    kept = [each for each in lines if _wanted(each, wanted, user, today)]
    waiting = Counter(each.next for each in lines if each.next is not None)
    return Listing(
        lines=tuple(_sorted(kept, wanted)),
        counts=Counter(each.state for each in found), waiting=waiting,
        mine=sum(each.proposal.assigned_to == user.name and bool(each.proposal.due or each.next)
                 for each in lines),
        overdue=sum(each.overdue for each in lines), names=names,
        communes=_named({each.commune for each in found if each.commune}, names.commune),
        organisations=_named({each.content.organisation for each in found
                              if each.content.organisation}, names.organisation),
        offices=tuple(sorted({each.office for each in found if each.office}, key=sort_key)),
    )  # fmt: skip


def waits(store: Store, user: User, province: str) -> int:
    """Return how many proposals wait for a step that a user may take."""
    return sum(_own_step(user, each) is not None for each in _visible(store, user, province))


def _visible(store: Store, user: User, province: str) -> list[Proposal]:
    """Return the proposals that a user may see; those of a province are read once while none changes."""
    with store.reading() as db:
        state = proposals.fingerprint(db, province), imports.state(db)
    every = store.remembered(("proposals", province, state), lambda: _every(store, province))
    return [each for each in every if may(user, Action.SEE_PROPOSAL, each.thing)]


def _every(store: Store, province: str) -> tuple[Proposal, ...]:
    with store.reading() as db:
        return tuple(placing.present(db, province, proposals.listed(db, province)))


def _own_step(user: User, each: Proposal) -> Action | None:
    """Return the step that takes a proposal forward where the user may take it."""
    step = next_step(each.kind, each.state)
    return step if step is not None and may(user, step, each.thing) else None


def _line(user: User, names: Names, each: Proposal, today: str) -> Line:
    step = next_step(each.kind, each.state)
    return Line(
        each, names.commune(each.commune), names.organisation(each.content.organisation),
        _own_step(user, each),
        bool(each.due) and each.due < today and step is not None,
    )  # fmt: skip


def _wanted(line: Line, wanted: Filter, user: User, today: str) -> bool:
    each = line.proposal
    soon = (date.fromisoformat(today) + timedelta(days=SOON_DAYS)).isoformat()
    tests = (
        (wanted.states, each.state in wanted.states),
        (wanted.kinds, each.kind in wanted.kinds),
        (wanted.organisation, each.content.organisation == wanted.organisation),
        (wanted.office, each.office == wanted.office),
        (wanted.commune, each.commune == wanted.commune),
        (wanted.mine, each.assigned_to == user.name),
        (wanted.due == OVERDUE, line.overdue),
        (wanted.due == DUE, bool(each.due) and each.due <= soon),
        (wanted.text, _said(line, wanted.text)),
    )
    return all(holds for asked, holds in tests if asked)


def _said(line: Line, text: str) -> bool:
    each, content = line.proposal, line.proposal.content
    said = search_key(
        f"{each.number} {each.code} {content.name} {content.host} {content.address} "
        f"{line.commune} {line.organisation}"
    )
    return all(word in said for word in search_key(text).split())


def _sorted(lines: list[Line], wanted: Filter) -> list[Line]:
    order = list(State)
    keys: Mapping[str, Callable[[Line], Any]] = {
        "number": lambda it: it.proposal.id,
        "name": lambda it: sort_key(it.proposal.content.name),
        "kind": lambda it: list(ProposalKind).index(it.proposal.kind),
        "state": lambda it: order.index(it.proposal.state),
        "organisation": lambda it: sort_key(it.organisation),
        "commune": lambda it: sort_key(it.commune),
        "office": lambda it: sort_key(it.proposal.office),
        "gained": lambda it: -1 if it.proposal.figures is None else it.proposal.figures.gained,
        "due": lambda it: it.proposal.due or "9999",
        "changed": lambda it: it.proposal.changed_at,
    }
    key = keys.get(wanted.sort, keys["number"])
    return sorted(lines, key=key, reverse=wanted.down)


def _named(codes: set[str], name: Callable[[str], str]) -> dict[str, str]:
    return {code: name(code) for code in sorted(codes, key=lambda each: sort_key(name(each)))}


def can_propose(user: User, province: str) -> bool:
    """Whether a user may make proposals at all: for some organisation, or for any."""
    things = [Thing(province, each.organisation) for each in user.grants]
    return any(may(user, Action.PROPOSE, each) for each in things)


def own_organisation(user: User, province: str) -> str:
    """Return the code of the organisation a user must propose for; empty: for any."""
    if may(user, Action.PROPOSE, Thing(province, "")):
        return ""
    return next((each.organisation for each in user.grants
                 if each.province == province and each.organisation), "")  # fmt: skip
