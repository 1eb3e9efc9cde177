"""A server counts what breaks the rules by itself: each day, and after every change of the data."""

from planning.jobs.readiness import Readiness
from planning.model.compliance import Check
from planning.model.people import Grant, Role, User
from planning.services.compliance import checking, rules
from planning.store import compliance
from tests.toy import district

HERE = district.PROVINCE
HEAD = User("dung", grants=(Grant(Role.ADMINISTRATOR, HERE),))


def counted(store):
    """Return on which days which rules were counted."""
    with store.reading() as db:
        found: dict[str, set[Check]] = {}
        for each in compliance.counts(db, HERE):
            found.setdefault(each.day, set()).add(each.check)
    return found


def on(monkeypatch, day):
    monkeypatch.setattr(checking, "today", lambda: day)


def test_every_day_is_counted_once_and_again_when_the_rules_or_data_change(store, monkeypatch):
    ahead = Readiness(store)
    on(monkeypatch, "2026-06-01")
    assert ahead.look() == (HERE,)
    assert counted(store) == {"2026-06-01": set(Check)}
    assert [ahead.look() for _ in range(3)] == [(), (), ()]  # what it kept is no change
    on(monkeypatch, "2026-06-02")
    monkeypatch.setattr(rules, "today", lambda: "2026-06-02")
    state = rules.state_of(rules.all_rules(store, HERE))
    rules.end(store, HEAD, HERE, state, (Check.SIGN_MISSING, "2026-06-01"))
    ahead.look()
    assert ahead.look() == (HERE,)
    assert counted(store) == {"2026-06-01": set(Check),
                              "2026-06-02": set(Check) - {Check.SIGN_MISSING}}  # fmt: skip
