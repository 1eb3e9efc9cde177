"""Looking at the people a proposal names is told in the trail, once a day for each reader."""

import pytest

from planning.services.review import drafting, viewing
from planning.store import audit
from tests.planning.review.acting import PEOPLE, PROVINCE, content


@pytest.fixture
def made(store):
    return drafting.propose(store, PEOPLE["post"], PROVINCE, content(staff=("NV1",)))


def looks(store) -> list[tuple[str, str]]:
    with store.reading() as db:
        told = audit.events(db, PROVINCE, area="people")
        assert list(audit.breaks(db)) == []
    return [(each.actor, each.facts["proposal"]) for each in told]


def test_a_reader_is_recorded_once_a_day(store, made, monkeypatch):
    for _ in range(2):
        assert viewing.shown(store, PEOPLE["reviewer"], PROVINCE, made.number).people
    viewing.shown(store, PEOPLE["approver"], PROVINCE, made.number)
    assert looks(store) == [("reviewer", made.number), ("approver", made.number)]
    monkeypatch.setattr("planning.services.review.sight.now", lambda: "2199-01-01T00:00:00+00:00")
    viewing.shown(store, PEOPLE["reviewer"], PROVINCE, made.number)
    assert len(looks(store)) == 3


def test_whoever_sees_none_or_their_own_is_not_recorded(store, made):
    assert not viewing.shown(store, PEOPLE["viewer"], PROVINCE, made.number).people
    assert viewing.shown(store, PEOPLE["post"], PROVINCE, made.number).people
    unnamed = drafting.propose(store, PEOPLE["planner"], PROVINCE, content(3))
    viewing.shown(store, PEOPLE["reviewer"], PROVINCE, unnamed.number)
    assert looks(store) == []
