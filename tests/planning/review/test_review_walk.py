"""Anybody tries anything in any order: nothing forbidden succeeds, and no event is missing.

What may happen is written here a second time, by hand, from the chain of the offices; the
table of the program has no part in it.
"""

from collections import Counter
from contextlib import closing
from random import Random

import pytest

from geo.errors import Refusal
from planning.database import Database
from planning.model.people import Action
from planning.model.proposals import ChangedError, ProposalKind
from planning.services.review import drafting
from planning.store import audit, layers, proposals, rows
from planning.store.session import Store
from tests.databases import ON_FILES, Databases
from tests.planning.review.acting import PEOPLE, PROVINCE, attempt, content

# state: action → state after, whoever is allowed; “=” stays.
CHAIN = """
draft:                 edit =, submit submitted, withdraw withdrawn, measure =, assign =
submitted:             begin-check checking, ask-more more-wanted, withdraw withdrawn, measure =, assign =
checking:              check =, finish-check checked, ask-more more-wanted, withdraw withdrawn, measure =, assign =
more-wanted:           edit =, submit submitted, withdraw withdrawn, measure =, assign =
checked:               appraise appraised, ask-more more-wanted, withdraw withdrawn, measure =, assign =
appraised:             approve approved, reject not-approved, ask-more more-wanted, withdraw withdrawn, measure =, assign =
approved:              issue-code code-issued, publish published, revoke ended, assign =
not-approved:          lift =
code-issued:           publish published, revoke ended, assign =
published:             start operating, end ended, revoke ended, assign =
operating:             suspend suspended, end ended
suspended:             resume operating, end ended
ended:
withdrawn:
"""
WHO = {
    "edit": "planner post", "submit": "planner post", "withdraw": "planner post",
    "begin-check": "checker reviewer", "check": "checker", "finish-check": "checker",
    "ask-more": "checker reviewer approver", "measure": "planner reviewer approver",
    "appraise": "reviewer", "approve": "approver", "reject": "approver", "lift": "approver",
    "revoke": "approver",
    "issue-code": "reviewer approver", "publish": "reviewer approver",
    "start": "reviewer approver", "suspend": "reviewer approver", "resume": "reviewer approver",
    "end": "approver", "assign": "reviewer approver",
    "comment": "planner post checker reviewer approver",
    "attach": "planner post checker reviewer approver",
}  # fmt: skip
ACTIONS = sorted(WHO)


def table() -> dict[tuple[str, str], str]:
    found = {}
    for line in CHAIN.strip().splitlines():
        state, _, steps = line.partition(":")
        for step in filter(None, (each.strip() for each in steps.split(","))):
            action, then = step.split()
            found[state, action] = state if then == "=" else then
        for action in ("comment", "attach"):
            found[state, action] = state
    return found


LEADS_TO = table()


def forbidden_by_kind(kind: ProposalKind, state: str, action: str) -> bool:
    """What the kind of a proposal forbids besides: only new and moved points get a code."""
    closing = kind is ProposalKind.CLOSE
    return (
        (action == "issue-code" and kind in (ProposalKind.CLOSE, ProposalKind.KIND))
        or (action == "start" and closing)
        or (action == "end" and state == "published" and not closing)
    )


class Walk:
    """Three proposals on their way, and everybody around them; chance by a stated seed."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.random = store, Random(seed)
        with self.store.reading() as db:
            self.events_before = audit.head(db).events
            points = layers.load_points(db, PROVINCE)
        (self.middle,) = points.loc[points["name"] == "Bưu cục Giữa", "point_id"]
        planner, post = PEOPLE["planner"], PEOPLE["post"]
        kind = self.random.choice((ProposalKind.CLOSE, ProposalKind.KIND, ProposalKind.MOVE))
        self.now = [
            drafting.propose(self.store, post, PROVINCE, content()),
            drafting.propose(self.store, planner, PROVINCE, content(3, name="Trạm y tế")),
            drafting.propose(self.store, planner, PROVINCE, content(
                1, kind=kind, point_id=self.middle, name="Bưu cục Giữa")),
        ]  # fmt: skip
        self.steps = len(self.now)
        self.been = Counter(map(self.state, range(3)))
        self.revoked: set[int] = set()  # ended without ever having stood in the list

    def go(self, times: int) -> None:
        for _ in range(times):
            way = self.random.choice((self.forward, self.forward, self.by_all, self.by_anybody))
            way(self.random.randrange(3))
            self.everything_is_told_and_nothing_else()
            self.the_list_holds_what_operates()

    def by_anybody(self, which: int) -> None:
        who, action = self.random.choice(sorted(PEOPLE)), self.random.choice(ACTIONS)
        self.tried(who, action, which, self.random.choice((0, 0, 0, 1)))

    def by_all(self, which: int) -> None:
        state = self.state(which)
        action = self.random.choice([action for at, action in LEADS_TO if at == state])
        self.all_try(which, action, self.random.choice((0, 0, 1)))

    def forward(self, which: int) -> None:
        """Take a step towards the end, so that the walk gets anywhere."""
        state = self.state(which)
        steps = [action for (at, action), then in LEADS_TO.items()
                 if at == state and then not in (state, "withdrawn", "more-wanted")
                 and action != "revoke"]  # fmt: skip
        if steps:
            self.all_try(which, self.random.choice(steps), 0)

    def all_try(self, which: int, action: str, behind: int) -> None:
        """Let everybody try a step, first those who may not, until somebody has taken it."""
        before = self.now[which]
        for who in sorted(PEOPLE, key=lambda each: each in WHO[action].split()):
            if self.now[which] is before:
                self.tried(who, action, which, behind)

    def state(self, which: int) -> str:
        return str(self.now[which].state).replace(" ", "-")

    def tried(self, who: str, action: str, which: int, behind: int) -> None:
        before, state = self.now[which], self.state(which)
        allowed = (
            who in WHO[action].split()
            and (state, action) in LEADS_TO
            and not forbidden_by_kind(before.kind, state, action)
            and not (who == "post" and before.content.organisation != "1234567890")
        )
        version = before.version - behind
        after = self.outcome(who, Action(action.replace("-", " ")), before, version)
        if isinstance(after, Refusal):
            told = getattr(after, "lines", ()) or (after,)
            if allowed and behind:
                assert isinstance(told[0], ChangedError)
            elif allowed:
                assert self.has_its_reason(before, action), (state, action, who, after)
            return
        assert allowed, (state, action, who)
        assert not behind, "a version conflict always refuses"
        assert str(after.state).replace(" ", "-") == LEADS_TO[state, action]
        assert after.version == before.version + 1
        self.now[which] = after
        self.been[LEADS_TO[state, action]] += 1
        self.revoked |= {which} if action == "revoke" else set()
        self.steps += 1

    def outcome(self, who: str, action: Action, before, version: int):
        try:
            return attempt(self.store, PEOPLE[who], action, before, version)
        except Refusal as refusal:
            return refusal

    @staticmethod
    def has_its_reason(before, action: str) -> bool:
        """A step that the state allows may still want what is not there yet."""
        return (
            (action == "approve" and not before.check)
            or (action == "lift" and before.decision.lifted)
            or (
                action == "publish"
                and not before.code
                and before.kind in (ProposalKind.OPEN, ProposalKind.MOVE)
            )
        )

    def everything_is_told_and_nothing_else(self) -> None:
        with self.store.reading() as db:
            assert list(audit.breaks(db)) == []
            assert audit.head(db).events == self.events_before + self.steps
            kept = {each.number: each for each in proposals.listed(db, PROVINCE)}
            for each in self.now:
                assert kept[each.number] == each
                told = proposals.events(db, each.id)
                assert [step.version for step in told] == list(range(1, each.version + 1))
                assert told[-1].after is each.state

    def listed(self, point_id: str):
        with self.store.reading() as db:
            return rows.point(db, PROVINCE, point_id)

    def the_list_holds_what_operates(self) -> None:
        for which, each in enumerate(self.now):
            state = "never" if which in self.revoked else str(each.state)
            if each.kind is ProposalKind.OPEN:
                point = self.listed(each.code) if each.code else None
                is_there = state in ("operating", "suspended", "ended")
                assert (point is not None) == is_there
                if point:
                    wanted = {"operating": "open", "suspended": "suspended", "ended": "closed"}
                    assert point["status"] == wanted[state]
            else:
                wanted = {"ended": "closed", "suspended": "suspended"}
                assert self.listed(self.middle)["status"] == wanted.get(state, "open")


@pytest.mark.parametrize("seed", range(4))
def test_nothing_forbidden_succeeds_and_no_event_is_missing(store: Store, seed: int):
    Walk(store, seed).go(60)


@ON_FILES
def test_these_walks_get_everywhere(toy_database: Database, databases: Databases):
    been: Counter[str] = Counter()
    for seed in range(8):
        own = databases.copy(toy_database)
        with closing(Store(own)) as store:
            walk = Walk(store, seed)
            walk.go(60)
        been += walk.been
    assert set(been) == {line.partition(":")[0] for line in CHAIN.strip().splitlines()}
