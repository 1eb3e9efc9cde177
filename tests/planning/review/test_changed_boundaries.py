"""Communes change while proposals are on their way: they go on where they lie now."""

import pytest

from geo.sources.boundaries import Vintage
from planning.model.errors import NotFoundError
from planning.model.people import Action, Grant, Role, User
from planning.services import imports
from planning.services.review import checking, listing
from planning.store import audit, proposals
from tests.planning.review.acting import PEOPLE, POST, PROVINCE, at, attempt
from tests.planning.review.test_decisions import TO_APPRAISED, TO_OPERATING, brought
from tests.toy import district, files

REVIEWER, APPROVER = PEOPLE["reviewer"], PEOPLE["approver"]
DAY = "2026-11-01"
NEW = User("new", grants=(Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98011"})),))
OFFICER = User("officer", grants=(Grant(Role.CHECKER, PROVINCE, office="Cơ sở 9"),))


@pytest.fixture
def redrawn(store, tmp_path):
    """Return a function that imports boundaries: all of the row becomes two communes."""

    def bring(day=DAY, **more):
        shapes = [
            files.feature(code, district.square(west, 0, 4, 2), name=f"Xã {code}", **more)
            for code, west in (("98010", 0), ("98011", 4))
        ]
        path = tmp_path / "moi.geojson"
        path.write_text(files.collection(shapes), encoding="utf-8")
        imports.import_boundaries(store, path, Vintage(PROVINCE, day), imports.Origin())

    return bring


def test_a_code_is_that_of_the_commune_there_now(store, redrawn):
    now = brought(store, (*TO_APPRAISED, TO_OPERATING[0]))
    assert now.commune == "98004"
    redrawn()
    now = attempt(store, REVIEWER, Action.ISSUE_CODE, now)
    assert (now.commune, now.valid_from, now.code) == ("98011", DAY, f"{POST}TH9898011001")
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, now.number) == now
        told = proposals.events(db, now.id)[-1].facts
        assert list(audit.breaks(db)) == []
    assert told["communes"] == ["98004", "98011"]


def test_the_check_is_handed_to_who_looks_after_the_commune_now(store, redrawn):
    now = brought(store, TO_APPRAISED[:1])
    assert checking.mine(store, NEW, PROVINCE) == []
    redrawn()
    (due,) = checking.mine(store, NEW, PROVINCE)
    assert (due.proposal.number, due.proposal.commune) == (now.number, "98011")
    assert listing.waits(store, NEW, PROVINCE) == 1
    with pytest.raises(NotFoundError):
        attempt(store, PEOPLE["checker"], Action.BEGIN_CHECK, now)  # of the communes before
    assert checking.begin(store, NEW, at(now)).commune == "98011"


def test_an_office_named_later_finds_what_waits(store, redrawn):
    redrawn()
    now = brought(store, TO_APPRAISED[:1], who=PEOPLE["post"])
    assert now.office == ""
    redrawn(office="Cơ sở 9")
    assert [each.proposal.office for each in checking.mine(store, OFFICER, PROVINCE)] == ["Cơ sở 9"]
    assert checking.begin(store, OFFICER, at(now)).office == "Cơ sở 9"


def test_what_operates_stays_as_it_was_decided(store, redrawn):
    now = brought(store, (*TO_APPRAISED, *TO_OPERATING))
    redrawn()
    now = attempt(store, APPROVER, Action.SUSPEND, now)
    assert (now.commune, now.valid_from) == ("98004", district.SINCE)
