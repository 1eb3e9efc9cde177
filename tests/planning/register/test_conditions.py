"""Conditions of a point are written down with their day, told in its history, never over another's."""

import pytest

from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.model.proposals import Met
from planning.services.register import conditions, records
from planning.store import audit
from tests.planning.register.laid import FIRST, FOURTH, PROVINCE

MAI = User("mai", grants=(Grant(Role.CHECKER, PROVINCE, office="BHXH Cơ sở 1"),))
DAY, LATER = "2026-05-04", "2026-06-01"
SAID = {"BH": Met.YES, "NV": Met.NO, "MT": Met.UNKNOWN}


def write(store, said, day=DAY, *, who=MAI, point=FIRST, mark=None):
    read = conditions.mark(store, PROVINCE, point) if mark is None else mark
    conditions.write(store, who, PROVINCE, (point, read), said, day)


def lines(store):
    it = records.point(store, MAI, PROVINCE, FIRST)
    return {each.criterion.code: (each.met, each.day, each.by) for each in it.lines if each.day}


def test_what_is_written_stands_on_the_page_with_day_and_name(registered):
    write(registered, SAID)
    assert lines(registered) == {"BH": (Met.YES, DAY, "mai"), "NV": (Met.NO, DAY, "mai")}
    (told,) = records.point(registered, MAI, PROVINCE, FIRST).history[:1]
    assert told.fields == {"condition BH": (None, True), "condition NV": (None, False)}
    with registered.reading() as db:
        events = audit.events(db, PROVINCE, area="register")
    assert (events[-1].tag, events[-1].actor) == ("register:conditions:written", "mai")


def test_looking_again_moves_the_day_and_what_is_not_known_any_more_goes(registered):
    write(registered, SAID)
    write(registered, {"BH": Met.YES, "NV": Met.UNKNOWN}, LATER)
    assert lines(registered) == {"BH": (Met.YES, LATER, "mai")}
    told = records.point(registered, MAI, PROVINCE, FIRST).history[0]
    assert told.fields == {"condition NV": (False, None)}


def test_what_cannot_be_is_refused_and_nothing_is_kept(registered):
    for said, day in ((SAID, "mai"), (SAID, "2099-01-01"), ({"XX": Met.YES}, DAY)):
        with pytest.raises(RequestError):
            write(registered, said, day)
    with pytest.raises(RequestError, match="Nothing would change"):
        write(registered, {"BH": Met.UNKNOWN})
    assert lines(registered) == {}


def test_who_read_before_another_wrote_is_told(registered):
    read = conditions.mark(registered, PROVINCE, FIRST)
    write(registered, SAID)
    with pytest.raises(DoneAlreadyError):
        write(registered, {"BH": Met.NO}, LATER, mark=read)
    assert lines(registered)["BH"] == (Met.YES, DAY, "mai")


def test_only_who_inspects_the_point_writes(registered):
    viewer = User("an", grants=(Grant(Role.VIEWER, PROVINCE),))
    with pytest.raises(ForbiddenError):
        write(registered, SAID, who=viewer)
    with pytest.raises(NotFoundError):  # of another office: it is not there for them
        write(registered, SAID, point=FOURTH)
