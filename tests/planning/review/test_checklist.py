"""The checklist of a province: who edits it, from which day on, and what older checks keep."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from geo.errors import Refusal
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import ForbiddenError
from planning.model.proposals import DEFAULT_CRITERIA, Condition, Criterion, Met, SiteCheck
from planning.services.review import checking, criteria, drafting
from planning.store import audit
from tests.planning.review.acting import PEOPLE, PROVINCE, at, content

BOSS = PEOPLE["administrator"]
TODAY = today()


def shifted(days, day=TODAY):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def put(store, wanted, user=BOSS):
    state = criteria.state_of(criteria.all_lines(store, PROVINCE))
    criteria.put(store, user, PROVINCE, state, wanted)


def end(store, code, last):
    state = criteria.state_of(criteria.all_lines(store, PROVINCE))
    criteria.end(store, BOSS, PROVINCE, state, code, last)


def line(code="DT", text="Diện tích", first=TODAY, **more):
    return Criterion(code, text, **{"mandatory": True, "valid_from": first, **more})


def codes(store, day):
    return [each.code for each in criteria.on_day(store, PROVINCE, day)]


def test_until_it_is_edited_the_checklist_is_that_of_the_program(store):
    assert criteria.all_lines(store, PROVINCE) == DEFAULT_CRITERIA


def test_a_new_line_counts_from_its_day_on_and_all_others_stay(store):
    put(store, line(first=shifted(10)))
    assert codes(store, shifted(9)) == [each.code for each in DEFAULT_CRITERIA]
    assert codes(store, shifted(10)) == [*(each.code for each in DEFAULT_CRITERIA), "DT"]


def test_a_changed_line_says_on_every_day_what_it_said_then(store):
    put(store, line("BH", "Biển hiệu 60 × 40 cm", shifted(5), basis="12/HD-BHXH"))
    before = criteria.on_day(store, PROVINCE, shifted(4))
    after = criteria.on_day(store, PROVINCE, shifted(5))
    assert before[0].text == DEFAULT_CRITERIA[0].text
    assert (after[0].code, after[0].text, after[0].basis) == (
        "BH",
        "Biển hiệu 60 × 40 cm",
        "12/HD-BHXH",
    )
    assert len(before) == len(after) == len(DEFAULT_CRITERIA)


def test_a_line_planned_for_later_is_replaced_by_what_is_decided_before(store):
    put(store, line("BH", "sau", shifted(20)))
    put(store, line("BH", "trước", shifted(10)))
    assert criteria.on_day(store, PROVINCE, shifted(30))[0].text == "trước"
    assert len([each for each in criteria.all_lines(store, PROVINCE) if each.code == "BH"]) == 2


def test_an_ended_line_counts_until_its_last_day(store):
    end(store, "HD", shifted(3))
    assert "HD" in codes(store, shifted(3))
    assert "HD" not in codes(store, shifted(4))
    with pytest.raises(NotFoundError):
        end(store, "HD", shifted(3))
    with pytest.raises(NotFoundError):
        end(store, "KHONG", shifted(3))


def test_a_check_made_today_keeps_the_list_it_was_made_by(store):
    made = drafting.propose(store, PEOPLE["planner"], PROVINCE, content())
    sent = drafting.submit(store, PEOPLE["planner"], at(made))
    begun = checking.begin(store, PEOPLE["checker"], at(sent))
    with pytest.raises(RequestError, match="earliest"):
        put(store, line())
    put(store, line(first=shifted(1)))
    met = tuple(Condition(each.code, Met.YES) for each in DEFAULT_CRITERIA)
    found = SiteCheck("", TODAY, met, passed=True, placed=True)
    assert checking.finish(store, PEOPLE["checker"], at(begun), found).check.conditions == met


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (line("bh"), "code"), (line(""), "code"), (line("A" * 13), "code"), (line("A B"), "code"),
        (line(text=" "), "Write what"), (line(text="x" * 201), "200"), (line(basis="x" * 201), "200"),
        (line(first=""), "no day"), (line(first="mai"), "no day"), (line(first="2025-01-01"), "earliest"),
        (line(valid_to="2020-01-01"), "last day"), (line(valid_to="sau"), "no day"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_and_the_list_stays(store, wanted, says):
    with pytest.raises(RequestError, match=says):
        put(store, wanted)
    assert criteria.all_lines(store, PROVINCE) == DEFAULT_CRITERIA


def test_the_list_has_an_end(store, monkeypatch):
    monkeypatch.setattr(criteria, "MOST_LINES", len(DEFAULT_CRITERIA))
    with pytest.raises(RequestError, match="at most"):
        put(store, line())
    put(store, line("BH"))  # in place of another


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"administrator"}))
def test_nobody_but_the_administrator_edits_it(store, name):
    with pytest.raises(ForbiddenError):
        put(store, line(), PEOPLE[name])
    assert criteria.all_lines(store, PROVINCE) == DEFAULT_CRITERIA


def test_of_two_who_edit_at_once_the_second_is_told(store):
    state = criteria.state_of(criteria.all_lines(store, PROVINCE))
    criteria.put(store, BOSS, PROVINCE, state, line("A1"))
    with pytest.raises(DoneAlreadyError):
        criteria.put(store, BOSS, PROVINCE, state, line("A2"))
    assert "A2" not in codes(store, TODAY)


def test_every_change_is_an_event(store):
    put(store, line())
    end(store, "DT", shifted(1))
    with store.reading() as db:
        told = audit.events(db, PROVINCE, area="checklist")
        assert not list(audit.breaks(db))
    assert [(each.tag, each.actor) for each in told] == [
        ("checklist:criterion:changed", "administrator"), ("checklist:criterion:ended", "administrator"),
    ]  # fmt: skip
    assert told[0].facts["criterion"]["text"] == "Diện tích"


DEEDS = st.lists(
    st.tuples(st.sampled_from(["put", "end"]), st.sampled_from(["BH", "NV", "X1", "X2"]),
              st.integers(0, 12), st.integers(0, 12) | st.none()),
    max_size=8,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_on_every_day_a_code_counts_once_and_the_last_word_holds(store, deeds):
    """Held against the plain telling: a calendar in which every deed writes on the days after it."""
    with store.writing() as db:
        criteria.criteria.save(db, PROVINCE, DEFAULT_CRITERIA)
    calendar = {day: {each.code: each.text for each in DEFAULT_CRITERIA} for day in range(16)}
    for number, (deed, code, first, last) in enumerate(deeds):
        try:
            if deed == "put":
                to = "" if last is None else shifted(last)
                put(store, line(code, f"lần {number}", shifted(first), valid_to=to))
                for day in range(first, 16):
                    calendar[day].pop(code, None)
                    if last is None or day <= last:
                        calendar[day][code] = f"lần {number}"
            else:
                end(store, code, shifted(first))
                for day in range(first + 1, 16):
                    calendar[day].pop(code, None)
        except Refusal:
            continue
    for day, expected in calendar.items():
        found = criteria.on_day(store, PROVINCE, shifted(day))
        assert len(found) == len(expected)
        assert {each.code: each.text for each in found} == expected
