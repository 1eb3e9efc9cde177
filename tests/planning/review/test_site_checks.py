"""Checks on site: who may write them, what is missing, two at once, a corrected place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import hypot

import pytest

from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action, ForbiddenError, Role
from planning.model.proposals import (
    DEFAULT_CRITERIA,
    ChangedError,
    Condition,
    Figures,
    Met,
    ProposalKind,
    SiteCheck,
    State,
    StateError,
)
from planning.services.review import checking, drafting, steps
from planning.services.review.steps import Ask
from planning.store import audit, layers, proposals
from tests.planning.review.acting import PEOPLE, PROVINCE, at, content, person
from tests.toy import district

CHECKER = PEOPLE["checker"]
SECOND = person("second", Role.CHECKER, communes=frozenset(district.CODES))
WEST = person("west", Role.CHECKER, communes=frozenset({"98001", "98002"}))
EAST = person("east", Role.CHECKER, communes=frozenset({"98003", "98004"}))
FIGURES = Figures(400, 0, 0, 4000.0, 0.0, None, None, "dấu vân", "2025-07-01", "2025-03-31", "thử", "3 km", "2026-11-20T00:00:00+00:00")  # fmt: skip
MANDATORY = [each.code for each in DEFAULT_CRITERIA if each.mandatory]


def degrees(x, y):
    lon, lat = district.degrees([(x, y)])[0]
    return float(lon), float(lat)


def today():
    return (datetime.now(UTC) + timedelta(hours=7)).date().isoformat()


def submitted(store, what=None):
    made = drafting.propose(store, PEOPLE["planner"], PROVINCE, what or content())
    return drafting.submit(store, PEOPLE["planner"], at(made))


@pytest.fixture
def begun(store):
    return checking.begin(store, CHECKER, at(submitted(store)))


def found(**more):
    """Return findings with every mandatory line of the checklist met and a conclusion."""
    met = tuple(Condition(code, Met.YES) for code in MANDATORY)
    return SiteCheck("", today(), **{"conditions": met, "passed": True, "placed": True, **more})


def now_at(store, proposal):
    with store.reading() as db:
        return proposals.load(db, PROVINCE, proposal.number)


def events(store, proposal):
    with store.reading() as db:
        assert not list(audit.breaks(db))
        return proposals.events(db, proposal.id)


def test_a_check_begins_at_the_proposed_place(begun):
    assert begun.state is State.CHECKING
    check = begun.check
    assert (check.by, check.day, check.passed) == ("checker", today(), None)
    assert (check.from_lon, check.from_lat) == (begun.content.lon, begun.content.lat)
    assert check.lon is None


def test_what_is_found_is_kept_as_it_goes(store, begun):
    one = found(passed=None, present="Ông An", conditions=(Condition("BH", Met.NO, "chưa treo"),))
    after = checking.save(store, CHECKER, at(begun), one)
    assert after.version == begun.version + 1
    kept = now_at(store, begun).check
    assert kept.present == "Ông An"
    assert kept.conditions[0] == Condition("BH", Met.NO, "chưa treo")
    assert {each.code for each in kept.conditions} == {each.code for each in DEFAULT_CRITERIA}
    assert {each.met for each in kept.conditions[1:]} == {Met.UNKNOWN}


def test_the_same_words_sent_twice_are_one_step(store, begun):
    after = checking.save(store, CHECKER, at(begun), found(passed=None))
    again = checking.save(store, CHECKER, at(begun), found(passed=None))  # its answer was lost
    assert again.version == after.version
    assert [each.action for each in events(store, begun)].count("check") == 1


def test_the_second_of_two_checkers_is_told_and_nothing_is_lost(store, begun):
    checking.save(store, CHECKER, at(begun), found(findings="một", passed=None))
    with pytest.raises(ChangedError) as refused:
        checking.save(store, SECOND, at(begun), found(findings="hai", passed=None))
    kept = now_at(store, begun)
    assert kept.check.findings == "một"
    assert refused.value.version == kept.version
    with pytest.raises(ChangedError):
        checking.finish(store, SECOND, at(begun), found(findings="hai"))
    checking.save(store, SECOND, at(kept), found(findings="hai", passed=None))  # knowingly
    assert now_at(store, begun).check.by == "second"


@pytest.mark.parametrize("action", [Action.COMMENT, Action.ATTACH])
def test_what_others_add_meanwhile_is_no_conflict(store, begun, action):
    steps.act(store, PEOPLE["reviewer"], at(begun, action=action))
    after = checking.save(store, CHECKER, at(begun), found(passed=None))
    assert after.version == begun.version + 2
    steps.act(store, PEOPLE["reviewer"], at(after, action=action))
    assert checking.finish(store, CHECKER, at(after), found()).state is State.CHECKED


def test_a_version_that_never_was_is_refused(store, begun):
    with pytest.raises(ChangedError):
        checking.save(store, CHECKER, replace(at(begun), version=99), found(passed=None))


def test_a_check_called_back_is_not_written_on(store, begun):
    steps.act(store, PEOPLE["reviewer"], at(begun, action=Action.ASK_MORE, reason="thiếu"))
    with pytest.raises(ChangedError):
        checking.save(store, CHECKER, at(begun), found(passed=None))
    with pytest.raises(StateError):
        checking.save(store, CHECKER, at(now_at(store, begun)), found(passed=None))


@pytest.mark.parametrize("missing", MANDATORY)
def test_every_mandatory_line_must_be_answered_before_the_end(store, begun, missing):
    rest = tuple(Condition(code, Met.NO) for code in MANDATORY if code != missing)
    text = next(each.text for each in DEFAULT_CRITERIA if each.code == missing)
    with pytest.raises(RequestError, match=text):
        checking.finish(store, CHECKER, at(begun), found(conditions=rest))
    assert now_at(store, begun).state is State.CHECKING


def test_the_end_needs_a_conclusion(store, begun):
    with pytest.raises(RequestError, match="whether the check is passed"):
        checking.finish(store, CHECKER, at(begun), found(passed=None))


def test_the_end_needs_somebody_who_saw_the_place(store, begun):
    with pytest.raises(RequestError, match="place is right"):
        checking.finish(store, CHECKER, at(begun), found(placed=False))


@pytest.mark.parametrize("passed", [True, False])
def test_a_finished_check_keeps_the_place_and_the_figures(store, begun, passed):
    done = checking.finish(store, CHECKER, at(begun), found(passed=passed, findings="tốt"))
    assert done.state is State.CHECKED
    assert done.check.passed is passed
    assert (done.content, done.commune, done.figures) == (
        begun.content,
        begun.commune,
        begun.figures,
    )
    facts = events(store, begun)[-1].facts
    assert facts["passed"] is passed
    assert "moved_m" not in facts
    assert "tốt" not in str(facts)  # free text may name somebody


def test_finishing_twice_is_finishing_once(store, begun):
    done = checking.finish(store, CHECKER, at(begun), found())
    assert checking.finish(store, CHECKER, at(begun), found()) == done
    with pytest.raises((ChangedError, StateError)):
        checking.finish(store, CHECKER, at(begun), found(passed=False))


def test_a_corrected_place_in_another_commune_moves_the_proposal(store):
    begun = checking.begin(store, WEST, at(submitted(store, content(3.0, 1.0))))
    lon, lat = degrees(4.5, 1.5)
    asked = []

    def measure(proposal):
        asked.append((proposal.content.lon, proposal.commune))
        return FIGURES

    saved = checking.save(store, WEST, at(begun), found(lon=lon, lat=lat, passed=None))
    place = checking.place_of(store, saved)
    assert place.commune == "98003"
    assert place.other_commune
    assert place.metres == pytest.approx(1000 * hypot(1.5, 0.5), rel=0.001)
    assert saved.commune == "98002"  # until the check is finished
    done = checking.finish(store, WEST, at(saved), found(lon=lon, lat=lat), measure)
    assert (done.commune, done.content.lon, done.content.lat) == ("98003", lon, lat)
    assert asked == [(lon, "98003")]
    assert done.figures == FIGURES
    facts = events(store, done)[-1].facts
    assert facts["commune"] == ["98002", "98003"]
    assert facts["moved_from"] == [begun.content.lon, begun.content.lat]
    assert facts["moved_m"] == pytest.approx(1000 * hypot(1.5, 0.5), abs=2)
    assert [each.proposal.number for each in checking.mine(store, EAST, PROVINCE)] == []
    with pytest.raises(NotFoundError):  # it is of another office now
        checking.save(store, WEST, at(done), found(passed=None))


def test_figures_of_another_place_are_not_kept(store, begun):
    with store.writing() as db:
        before = now_at(store, begun)
        measured = replace(before.after(Action.MEASURE), figures=FIGURES)
        steps.taken(db, PEOPLE["reviewer"], at(before, action=Action.MEASURE),
                    lambda _db, then: replace(then, figures=measured.figures))  # fmt: skip
    lon, lat = degrees(6.5, 1.0)
    done = checking.finish(store, CHECKER, at(now_at(store, begun)), found(lon=lon, lat=lat))
    assert done.figures is None


def test_a_place_a_step_away_is_the_proposed_one(store, begun):
    lon, lat = begun.content.lon + 1e-6, begun.content.lat
    saved = checking.save(store, CHECKER, at(begun), found(lon=lon, lat=lat, passed=None))
    assert saved.check.lon is None
    assert checking.place_of(store, saved) is None


def test_a_place_outside_can_be_noted_but_not_be_the_end(store, begun):
    lon, lat = degrees(50.0, 50.0)
    saved = checking.save(store, CHECKER, at(begun), found(lon=lon, lat=lat, passed=None))
    assert checking.place_of(store, saved).commune == ""
    with pytest.raises(RequestError, match="no commune"):
        checking.finish(store, CHECKER, at(saved), found(lon=lon, lat=lat))


def test_the_place_of_a_listed_point_is_not_corrected_by_a_check(store):
    with store.reading() as db:
        listed = layers.load_points(db, PROVINCE).iloc[0]
    lon, lat = float(listed["lon"]), float(listed["lat"])
    what = replace(
        content(), kind=ProposalKind.CLOSE, point_id=listed["point_id"], lon=lon, lat=lat
    )
    begun = checking.begin(store, CHECKER, at(submitted(store, what)))
    assert not checking.can_be_corrected(begun)
    lon, lat = degrees(5.0, 1.0)
    with pytest.raises(RequestError, match="listed point"):
        checking.save(store, CHECKER, at(begun), found(lon=lon, lat=lat, passed=None))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"day": "2999-01-01"}, "still to come"), ({"day": "hôm qua"}, "no day"),
        ({"findings": "x" * 2001}, "2000"), ({"present": "a\x00b"}, "printable"),
        ({"conditions": (Condition("BH", Met.YES, "x" * 2001),)}, "2000"),
        ({"conditions": (Condition("KHAC", Met.YES),)}, "KHAC"),
        ({"lon": float("nan"), "lat": 10.0}, "latitude"), ({"lon": 200.0, "lat": 10.0}, "latitude"),
    ],
)  # fmt: skip
def test_what_cannot_have_been_found_is_refused(store, begun, more, says):
    with pytest.raises(RequestError, match=says):
        checking.save(store, CHECKER, at(begun), replace(found(passed=None), **more))
    assert now_at(store, begun).version == begun.version


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"checker"}))
def test_nobody_but_a_checker_of_the_place_writes_a_check(store, begun, name):
    for attempt in (checking.save, checking.finish):
        with pytest.raises((ForbiddenError, NotFoundError)):
            attempt(store, PEOPLE[name], at(begun), found())
    assert now_at(store, begun).version == begun.version


def test_a_checker_does_not_judge_a_proposal_of_their_own(store):
    both = replace(CHECKER, grants=(*CHECKER.grants, *PEOPLE["planner"].grants))
    made = drafting.propose(store, both, PROVINCE, content())
    begun = checking.begin(store, SECOND, at(drafting.submit(store, both, at(made))))
    with pytest.raises(ForbiddenError):
        checking.save(store, both, at(begun), found())
    assert checking.mine(store, both, PROVINCE)  # they may begin it, as whoever watches over it


def test_my_checks_are_those_of_my_communes_mine_first_then_by_the_day_due(store):
    west = [submitted(store, content(1.0 + at / 10)) for at in range(3)]
    east = submitted(store, content(7.0))
    reviewer = PEOPLE["reviewer"]

    def assign(proposal, to, due):
        with store.writing() as db:
            ask = Ask(PROVINCE, proposal.number, proposal.version, Action.ASSIGN)
            steps.taken(db, reviewer, ask, lambda _db, then: replace(then, assigned_to=to, due=due))

    assign(west[2], "west", "2026-12-01")
    assign(west[1], "", "2020-01-01")
    numbers = [each.proposal.number for each in checking.mine(store, WEST, PROVINCE)]
    assert numbers == [west[2].number, west[1].number, west[0].number]
    first, second, _ = checking.mine(store, WEST, PROVINCE)
    assert (first.to_me, first.overdue, second.to_me, second.overdue) == (True, False, False, True)
    assert [each.proposal.number for each in checking.mine(store, EAST, PROVINCE)] == [east.number]
    for name in ("viewer", "planner", "post", "administrator", "nobody", "neighbour", "locked"):
        assert checking.mine(store, PEOPLE[name], PROVINCE) == []


def test_a_check_begins_anew_after_more_was_asked_for(store, begun):
    checking.save(store, CHECKER, at(begun), found(findings="cũ", passed=None))
    back = steps.act(store, CHECKER, at(now_at(store, begun), action=Action.ASK_MORE, reason="x"))
    again = drafting.submit(store, PEOPLE["planner"], at(back))
    assert checking.begin(store, CHECKER, at(again)).check.findings == ""
