"""The rules of a province are data: changed from a day on, ended, never rewritten backwards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planning.model.compliance import DEFAULT_RULES, Check, Count, Rule
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.services.compliance import rules
from planning.store import audit, compliance
from tests.toy import district

HERE = district.PROVINCE
HEAD = User("dung", grants=(Grant(Role.ADMINISTRATOR, HERE),))


def shifted(days):
    return (date.fromisoformat(today()) + timedelta(days=days)).isoformat()


def state(store):
    return rules.state_of(rules.all_rules(store, HERE))


def put(store, rule, who=HEAD):
    rules.put(store, who, HERE, state(store), rule)


def holding(store, day, name=Check.TOO_FEW_POINTS):
    return [each for each in rules.all_rules(store, HERE) if each.check is name and each.holds(day)]


FIVE = Rule(Check.TOO_FEW_POINTS, "Quyết định của tỉnh", 5)


def test_the_rules_of_the_program_hold_until_somebody_edits_them(store):
    assert rules.all_rules(store, HERE) == DEFAULT_RULES


def test_a_change_counts_from_its_day_and_what_held_before_stays(store):
    tomorrow = shifted(1)
    put(store, replace(FIVE, valid_from=tomorrow))
    (before,), (after,) = holding(store, today()), holding(store, tomorrow)
    assert (before.amount, before.valid_to) == (3, today())
    assert after == replace(FIVE, valid_from=tomorrow)
    # Another change of the same day takes its place; the other rules are as they were.
    put(store, replace(FIVE, amount=7, valid_from=tomorrow))
    assert [each.amount for each in holding(store, tomorrow)] == [7]
    others = [each for each in rules.all_rules(store, HERE) if each.check is not FIVE.check]
    assert others == [each for each in DEFAULT_RULES if each.check is not FIVE.check]
    with store.reading() as db:
        (first, second) = audit.events(db, HERE, area="compliance")
    assert (first.tag, first.actor, second.facts["rule"]["amount"]) == (
        "compliance:rule:changed", "dung", 7)  # fmt: skip


def test_a_rule_ends_and_can_count_again(store):
    rules.end(store, HEAD, HERE, state(store), (Check.SIGN_MISSING, shifted(-1)))
    assert holding(store, today(), Check.SIGN_MISSING) == []
    assert len(holding(store, shifted(-1), Check.SIGN_MISSING)) == 1
    put(store, Rule(Check.SIGN_MISSING, "Mới", None, today()))
    assert len(holding(store, today(), Check.SIGN_MISSING)) == 1
    rules.end(store, HEAD, HERE, state(store), (Check.SIGN_MISSING, today()))
    with pytest.raises(NotFoundError):  # it ends that day already
        rules.end(store, HEAD, HERE, state(store), (Check.SIGN_MISSING, today()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"clause": "  "}, {"clause": "a\nb"}, {"clause": "x" * 201}, {"amount": None},
        {"amount": 0}, {"amount": 1000}, {"valid_from": "2025-01-01"}, {"valid_from": "hôm nay"},
        {"valid_to": "2025-01-01"}, {"check": Check.SIGN_MISSING},
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_and_nothing_is_changed(store, wrong):
    with pytest.raises(RequestError):
        put(store, replace(FIVE, **{"valid_from": today(), **wrong}))
    assert rules.all_rules(store, HERE) == DEFAULT_RULES


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_changes_rules(store, role):
    who = User("an", grants=(Grant(role, HERE, organisation="1", office="Cơ sở 1"),))
    with pytest.raises(ForbiddenError):
        put(store, replace(FIVE, valid_from=today()), who)
    with pytest.raises(ForbiddenError):
        rules.end(store, who, HERE, state(store), (Check.SIGN_MISSING, today()))


def test_who_read_older_rules_is_told_so(store):
    old = state(store)
    put(store, replace(FIVE, valid_from=today()))
    with pytest.raises(DoneAlreadyError):
        rules.put(store, HEAD, HERE, old, replace(FIVE, amount=9, valid_from=today()))


def test_what_was_first_seen_is_kept_until_it_is_mended(store):
    one, other = ("sign missing", "point", "A"), ("sign missing", "point", "B")
    with store.writing() as db:
        compliance.note_seen(db, HERE, {one, other}, "2026-01-01")
        compliance.note_seen(db, HERE, {one}, "2026-02-01")
        assert compliance.seen(db, HERE) == {one: "2026-01-01"}
        compliance.note_seen(db, HERE, {one, other}, "2026-03-01")
        assert compliance.seen(db, HERE) == {one: "2026-01-01", other: "2026-03-01"}


def test_the_counts_of_a_day_are_those_counted_last(store):
    with store.writing() as db:
        compliance.keep_counts(
            db, HERE, "2026-01-01", [Count("2026-01-01", Check.CARD_EXPIRED, 3, 9)]
        )
        compliance.keep_counts(
            db, HERE, "2026-01-02", [Count("2026-01-02", Check.CARD_EXPIRED, 2, 9)]
        )
        compliance.keep_counts(
            db, HERE, "2026-01-01", [Count("2026-01-01", Check.CARD_EXPIRED, 4, 9)]
        )
        kept = compliance.counts(db, HERE)
    assert [(each.day, each.failures) for each in kept] == [("2026-01-01", 4), ("2026-01-02", 2)]
