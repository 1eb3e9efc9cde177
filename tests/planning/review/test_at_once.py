"""Several people at the same moment: nothing is lost, nothing is done twice, nobody waits forever."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from geo.errors import Refusal
from planning.model.people import Action
from planning.model.proposals import ChangedError, State
from planning.services.review import deciding, drafting, putting
from planning.store import audit, proposals
from planning.store.session import Store
from tests.planning.review.acting import PEOPLE, PROVINCE, at, attempt, content
from tests.planning.review.test_decisions import appraised

REVIEWER, APPROVER = PEOPLE["reviewer"], PEOPLE["approver"]
AT_ONCE = 4


@pytest.fixture
def together(store: Store):
    """Return a function that lets several do something at once, each on connections of their own.

    It gives what each got: what was returned, or the refusal.
    """
    barrier, stores = Barrier(AT_ONCE), [Store(store.database) for _ in range(AT_ONCE)]

    def one(deed, own: Store, number: int):
        barrier.wait(timeout=30)
        try:
            return deed(own, number)
        except Refusal as refusal:
            return refusal

    def run(deed):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [pool.submit(one, deed, own, at) for at, own in enumerate(stores)]
            return [each.result(timeout=60) for each in asked]

    yield run
    for each in stores:
        each.close()


@pytest.fixture
def trail(store: Store):
    """Afterwards the trail holds, and every proposal stands where its own events left it."""
    yield
    with store.reading() as db:
        assert list(audit.breaks(db)) == []
        for each in proposals.listed(db, PROVINCE):
            steps = proposals.events(db, each.id)
            assert [step.version for step in steps] == list(range(1, each.version + 1))
            assert steps[-1].after is each.state


@pytest.mark.usefixtures("trail")
def test_one_of_several_decisions_counts_and_the_others_are_told(store, together):
    ready = appraised(store, content())

    def decide(own, number):
        if number % 2:
            return attempt(own, APPROVER, Action.REJECT, ready)
        return deciding.approve(own, APPROVER, [at(ready, document=f"{number}/QĐ")])[0]

    got = together(decide)
    done = [each for each in got if not isinstance(each, Refusal)]
    refused = [each for each in got if isinstance(each, Refusal)]
    assert len(done) == 1
    lines = [line for each in refused for line in getattr(each, "lines", (each,))]
    assert len(lines) == AT_ONCE - 1
    assert all(isinstance(each, ChangedError) for each in lines)
    with store.reading() as db:
        kept = proposals.load(db, PROVINCE, ready.number)
    assert kept == done[0]


@pytest.mark.usefixtures("trail")
def test_codes_asked_for_at_once_are_all_different(store, together):
    ready = [appraised(store, content(7 - at / 10, 1)) for at in range(AT_ONCE)]
    told = deciding.approve(store, APPROVER, [at(each, document="1/QĐ") for each in ready])
    got = together(lambda own, number: putting.issue_codes(own, REVIEWER, [at(told[number])])[0])
    assert [each.state for each in got] == [State.CODE_ISSUED] * AT_ONCE
    assert len({each.commune for each in got}) == 1
    assert sorted(each.code[-3:] for each in got) == ["001", "002", "003", "004"]


@pytest.mark.usefixtures("trail")
def test_drafts_made_at_once_have_numbers_without_a_gap(together):
    def make(own, number):
        return [drafting.propose(own, PEOPLE["post"], PROVINCE, content(name=f"{number}-{each}")).number
                for each in range(5)]  # fmt: skip

    numbers = sorted(int(each[-4:]) for got in together(make) for each in got)
    assert numbers == list(range(1, 5 * AT_ONCE + 1))


@pytest.mark.usefixtures("trail")
def test_comments_made_at_once_are_all_kept(store, together):
    ready = appraised(store, content())

    def say(own, number):
        for _ in range(60):  # as the page does: read again, then say it again
            with own.reading() as db:
                present = proposals.load(db, PROVINCE, ready.number)
            try:
                return deciding.comment(own, REVIEWER, at(present), f"lời {number}")
            except ChangedError:
                continue
        return None

    assert None not in together(say)
    with store.reading() as db:
        found = proposals.load(db, PROVINCE, ready.number)
        said = Counter(step.facts.get("text") for step in proposals.events(db, found.id))
    assert all(said[f"lời {number}"] == 1 for number in range(AT_ONCE))
