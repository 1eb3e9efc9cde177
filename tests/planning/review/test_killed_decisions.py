"""A decision whose process dies at any statement is made with its event, or not at all."""

import pytest

from planning.model.people import Action
from planning.services.review import drafting
from planning.store import audit, proposals
from planning.store.session import Store
from tests.databases import ON_FILES
from tests.planning.dying import MOST_STATEMENTS, everything, killed
from tests.planning.review.acting import PEOPLE, PROVINCE, attempt, content

WAY = (
    ("post", Action.SUBMIT), ("checker", Action.BEGIN_CHECK), ("checker", Action.FINISH_CHECK),
    ("reviewer", Action.APPRAISE), ("approver", Action.APPROVE), ("reviewer", Action.ISSUE_CODE),
    ("reviewer", Action.PUBLISH), ("reviewer", Action.START),
)  # fmt: skip


def brought(store: Store, steps: int):
    """Return a proposal that took some steps of the way."""
    at = drafting.propose(store, PEOPLE["post"], PROVINCE, content())
    for who, action in WAY[:steps]:
        at = attempt(store, PEOPLE[who], action, at)
    return at


@ON_FILES
@pytest.mark.parametrize("step", [4, 5, 7], ids=["approve", "issue code", "start"])
def test_a_death_at_every_statement_of_a_decision(toy_database, databases, step):
    made = databases.copy(toy_database)
    store = Store(made)
    before = brought(store, step)
    store.close()
    who, action = WAY[step]
    stood = everything(made)
    deaths = 0
    for statement in range(1, MOST_STATEMENTS):
        own = databases.copy(made)
        died = killed(own, lambda store: attempt(store, PEOPLE[who], action, before), statement)
        now = everything(own)
        store = Store(own)
        with store.reading() as db:
            found = proposals.load(db, PROVINCE, before.number)
            events = proposals.events(db, before.id)
            assert list(audit.breaks(db)) == []
        store.close()
        if found.version == before.version:
            assert now == stood
        else:
            assert (found.version, events[-1].action) == (before.version + 1, str(action))
            assert events[-1].after is found.state
        databases.drop(own)
        if not died:
            assert found.version == before.version + 1
            break
        deaths += 1
    assert deaths >= 10  # it was killed in the middle, more than once
