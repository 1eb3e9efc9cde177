"""Proposals of the small province brought to any state, and people of every role."""

from dataclasses import replace

from flask import g
from small_province import PROVINCE

from planning.model.days import today
from planning.model.people import EVERYWHERE, Action, Grant, Role, User, local_user
from planning.model.proposals import (
    DEFAULT_CRITERIA,
    Condition,
    Content,
    Met,
    Proposal,
    ProposalKind,
    Reason,
    SiteCheck,
    State,
)
from planning.services.review import checking, computing, deciding, drafting, putting
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask
from planning.store import proposals
from planning.store.session import Store

EVIL = "<script>alert('x')</script>"
CODE = "3456789000"  # of an organisation that can be given official codes
LOCAL = local_user(frozenset({PROVINCE}))
ROLES = {
    "viewer": Grant(Role.VIEWER, PROVINCE),
    "planner": Grant(Role.PLANNER, PROVINCE),
    "organisation": Grant(Role.ORGANISATION, PROVINCE, organisation=CODE),
    "another organisation": Grant(Role.ORGANISATION, PROVINCE, organisation="1111111111"),
    "checker": Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98001"})),
    "checker of elsewhere": Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98003"})),
    "checker of all": Grant(Role.CHECKER, PROVINCE, office=EVERYWHERE),
    "reviewer": Grant(Role.REVIEWER, PROVINCE),
    "approver": Grant(Role.APPROVER, PROVINCE),
    "administrator": Grant(Role.ADMINISTRATOR, PROVINCE),
}
PEOPLE = {name: User(name, grants=(grant,)) for name, grant in ROLES.items()}
OPEN = Content(
    ProposalKind.OPEN, f"Bưu cục {EVIL}", 105.07, 10.222, organisation=CODE, host=f"Nhà {EVIL}",
    address=f"Số 1 {EVIL}", note=f"Ghi {EVIL}", staff=(f"NV{EVIL}",), cost=40_000_000,
    conditions=(Condition("BH", Met.YES, f"Có {EVIL}"),),
)  # fmt: skip


def as_user(monkeypatch, user: User) -> None:
    """Let every request be made by somebody, as if they had signed in."""
    monkeypatch.setattr("planning.web.access._recognise", lambda: setattr(g, "user", user))


def asking(store: Store, number: str, **more: str) -> Ask:
    """Return an ask about a proposal at its present version; the step is set by its service."""
    with store.reading() as db:
        version = proposals.load(db, PROVINCE, number).version
    return Ask(PROVINCE, number, version, Action.COMMENT, **more)


def kept(store: Store, number: str) -> Proposal:
    with store.reading() as db:
        return proposals.load(db, PROVINCE, number)


def _checked(store: Store, number: str) -> None:
    said = tuple(Condition(each.code, Met.YES) for each in DEFAULT_CRITERIA)
    found = SiteCheck("local", today(), said, findings=f"Rộng {EVIL}", placed=True,
                      present=f"Bà {EVIL}", passed=True)  # fmt: skip
    checking.finish(store, LOCAL, asking(store, number), found)


_STEPS = {
    State.SUBMITTED: lambda s, n: computing.submit(s, LOCAL, asking(s, n)),
    State.CHECKING: lambda s, n: checking.begin(s, LOCAL, asking(s, n)),
    State.MORE_WANTED: lambda s, n: deciding.ask_more(
        s, LOCAL, asking(s, n), [("address", f"Ghi rõ {EVIL}"), ("", f"Ảnh {EVIL}")]
    ),
    State.CHECKED: _checked,
    State.APPRAISED: lambda s, n: deciding.appraise(s, LOCAL, [asking(s, n, reason=EVIL)]),
    State.APPROVED: lambda s, n: deciding.approve(s, LOCAL, [asking(s, n, document=f"1/{EVIL}")]),
    State.NOT_APPROVED: lambda s, n: computing.reject(
        s, LOCAL, [asking(s, n, document="2/QĐ")], [Verdict(Reason.COST, f"Đắt {EVIL}")]
    ),
    State.CODE_ISSUED: lambda s, n: putting.issue_codes(s, LOCAL, [asking(s, n)]),
    State.PUBLISHED: lambda s, n: putting.publish(s, LOCAL, [asking(s, n)]),
    State.OPERATING: lambda s, n: putting.start(s, LOCAL, asking(s, n), "2026-01-05"),
    State.SUSPENDED: lambda s, n: putting.suspend(s, LOCAL, asking(s, n, reason=EVIL)),
    State.ENDED: lambda s, n: putting.end(s, LOCAL, asking(s, n), "2026-03-05"),
    State.WITHDRAWN: lambda s, n: drafting.withdraw(s, LOCAL, asking(s, n)),
}
_BEFORE = {
    State.SUBMITTED: State.DRAFT, State.CHECKING: State.SUBMITTED,
    State.MORE_WANTED: State.SUBMITTED, State.CHECKED: State.CHECKING,
    State.APPRAISED: State.CHECKED, State.APPROVED: State.APPRAISED,
    State.NOT_APPROVED: State.APPRAISED, State.CODE_ISSUED: State.APPROVED,
    State.PUBLISHED: State.CODE_ISSUED, State.OPERATING: State.PUBLISHED,
    State.SUSPENDED: State.OPERATING, State.ENDED: State.SUSPENDED,
    State.WITHDRAWN: State.DRAFT,
}  # fmt: skip


def brought(store: Store, state: State, content: Content = OPEN) -> Proposal:
    """Make a proposal and bring it to a state by the steps that lead there."""
    number = drafting.propose(store, LOCAL, PROVINCE, content).number
    way = [state]
    while way[0] is not State.DRAFT:
        way.insert(0, _BEFORE[way[0]])
    for each in way[1:]:
        _STEPS[each](store, number)
    found = kept(store, number)
    assert found.state is state
    return found


def moved(content: Content, by: float) -> Content:
    """Return the same content at another place, so many degrees to the east."""
    return replace(content, lon=content.lon + by)
