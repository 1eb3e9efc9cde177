"""The rules of a province: those of the program until somebody edits them, each with its days.

What held on a day stays as it was: a change ends a rule and begins another one, so that a
report of an earlier day holds the register to the rules of that day.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from geo.errors import N_
from planning.model.compliance import DEFAULT_RULES, Check, Rule
from planning.model.dated import ended, goes_on, shifted
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import MOST_LINE, fits
from planning.services.requests import now, require_day
from planning.store import audit, compliance
from planning.store.session import Store

MOST_AMOUNT = 999
# What the checks that need a number are given first.
AMOUNTS = {each.check: each.amount for each in DEFAULT_RULES if each.amount is not None}
BAD_CLAUSE = N_("Write the clause that the rule rests on, in one line of at most %(most)s characters.")  # fmt: skip
NEEDS_AMOUNT = N_("This rule needs a number from 1 to %(most)s.")
NO_AMOUNT = N_("This rule needs no number; leave it empty.")
TOO_EARLY = N_("A change of the rules counts from %(day)s at the earliest: earlier days keep the rules they had.")  # fmt: skip
ENDS_EARLY = N_("The last day of a rule is not before %(day)s.")
UNKNOWN = N_("There is no such rule that counts after that day.")
CHANGED = N_("The rules were changed since you read them; look at them again.")


def all_rules(store: Store, province: str) -> tuple[Rule, ...]:
    """Return every rule of a province, also those that ended or are to begin."""
    with store.reading() as db:
        return rules_in(db, province)


def rules_in(db: sa.Connection, province: str) -> tuple[Rule, ...]:
    """Return every rule as `all_rules` does, within a transaction that is open."""
    return compliance.load_rules(db, province) or DEFAULT_RULES


def state_of(rules: Sequence[Rule]) -> str:
    """Return what changes with every change of the rules."""
    told = json.dumps([asdict(each) for each in rules])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def put(store: Store, user: User, province: str, state: str, wanted: Rule) -> None:
    """Let a rule count from its first day on, in place of the one of its check until then.

    `state` is what `state_of` gave for the rules as they were read. Raises `ForbiddenError`,
    `DoneAlreadyError` for rules that were changed since, `RequestError` for what cannot be.
    """
    with store.writing() as db:
        rules = _opened(db, user, province, state)
        _require_rule(wanted)
        before = shifted(wanted.valid_from, -1)
        kept = ended(rules, lambda each: each.check is wanted.check, before)
        _write(db, user, province, [*kept, wanted], tag="changed", rule=asdict(wanted))


def end(store: Store, user: User, province: str, state: str, last: tuple[Check, str]) -> None:
    """Let the rule of a check count until a last day; raises as `put` does."""
    check, day = last
    with store.writing() as db:
        rules = _opened(db, user, province, state)
        require_day(day)
        earliest = shifted(today(), -1)
        if day < earliest:
            raise RequestError(ENDS_EARLY, day=earliest)
        if not any(each.check is check and goes_on(each, day) for each in rules):
            raise NotFoundError(UNKNOWN)
        kept = ended(rules, lambda each: each.check is check, day)
        _write(db, user, province, kept, tag="ended", rule=str(check), last=day)


def _opened(db: sa.Connection, user: User, province: str, state: str) -> tuple[Rule, ...]:
    require(user, Action.MANAGE, Thing(province))
    rules = rules_in(db, province)
    if state != state_of(rules):
        raise DoneAlreadyError(CHANGED)
    return rules


def _write(
    db: sa.Connection, user: User, province: str, rules: Sequence[Rule], *, tag: str,
    **facts: object,
) -> None:  # fmt: skip
    compliance.save_rules(db, province, rules)
    audit.record(db, f"compliance:rule:{tag}", province, at=now(), actor=user.name, **facts)


def _require_rule(wanted: Rule) -> None:
    if not wanted.clause.strip() or not fits(wanted.clause, MOST_LINE):
        raise RequestError(BAD_CLAUSE, most=MOST_LINE)
    if wanted.check not in AMOUNTS and wanted.amount is not None:
        raise RequestError(NO_AMOUNT)
    if wanted.check in AMOUNTS and not 1 <= (wanted.amount or 0) <= MOST_AMOUNT:
        raise RequestError(NEEDS_AMOUNT, most=MOST_AMOUNT)
    require_day(wanted.valid_from)
    if wanted.valid_from < today():
        raise RequestError(TOO_EARLY, day=today())
    if wanted.valid_to:
        require_day(wanted.valid_to)
        if wanted.valid_to < wanted.valid_from:
            raise RequestError(ENDS_EARLY, day=wanted.valid_from)
