"""The checklist of a province: that of the program until somebody edits it, each line with its days.

What counted on a day stays as it was: a change ends the line and begins another one, so that
the minutes of a check say later what they said then.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from geo.errors import N_
from planning.model.dated import ended, goes_on, shifted
from planning.model.days import today
from planning.model.errors import DoneAlreadyError, NotFoundError, RequestError
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import DEFAULT_CRITERIA, MOST_LINE, Criterion, fits
from planning.services.requests import now, require_day
from planning.store import audit, criteria, proposals
from planning.store.session import Store

MOST_LINES = 60
_CODE = re.compile(r"[A-ZĐ0-9]{1,12}")
BAD_CODE = N_("“%(code)s” cannot be a code: up to twelve capital letters and digits, such as BH.")
BAD_TEXT = N_("Write what is looked at, and on what document it rests, in at most %(most)s characters each.")  # fmt: skip
TOO_MANY = N_("The checklist holds at most %(most)s lines.")
TOO_EARLY = N_("A change of the checklist counts from %(day)s at the earliest: checks made before keep the list they were made by.")  # fmt: skip
ENDS_EARLY = N_("The last day of a line is not before %(day)s.")
UNKNOWN = N_("There is no line “%(code)s” that counts after that day.")
CHANGED = N_("The checklist was changed since you read it; look at it again.")


def all_lines(store: Store, province: str) -> tuple[Criterion, ...]:
    """Return every line of a province's checklist, also those that ended or are to begin."""
    with store.reading() as db:
        return lines_in(db, province)


def on_day(store: Store, province: str, day: str) -> tuple[Criterion, ...]:
    """Return the checklist that counts on a day."""
    return tuple(each for each in all_lines(store, province) if each.holds(day))


def lines_in(db: sa.Connection, province: str) -> tuple[Criterion, ...]:
    """Return every line as `all_lines` does, within a transaction that is open."""
    return criteria.load(db, province) or DEFAULT_CRITERIA


def state_of(lines: Sequence[Criterion]) -> str:
    """Return what changes with every change of a checklist."""
    told = json.dumps([asdict(each) for each in lines])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def earliest(store: Store, province: str) -> str:
    """Return the first day from which a change may count."""
    with store.reading() as db:
        return _earliest(db, province)


def put(store: Store, user: User, province: str, state: str, wanted: Criterion) -> None:
    """Let a line count from its first day on, in place of the one of its code until then.

    `state` is what `state_of` gave for the list as it was read. Raises `ForbiddenError`,
    `DoneAlreadyError` for a list that was changed since, `RequestError` for what cannot be.
    """
    with store.writing() as db:
        lines = _opened(db, user, province, state)
        _require_line(wanted, _earliest(db, province))
        before = shifted(wanted.valid_from, -1)
        kept = ended(lines, lambda each: each.code == wanted.code, before)
        at = max((n + 1 for n, each in enumerate(kept) if each.code == wanted.code), default=None)
        after = [*kept, wanted] if at is None else [*kept[:at], wanted, *kept[at:]]
        if sum(each.holds(wanted.valid_from) for each in after) > MOST_LINES:
            raise RequestError(TOO_MANY, most=MOST_LINES)
        _write(db, user, province, after, tag="changed", criterion=asdict(wanted))


def end(store: Store, user: User, province: str, state: str, code: str, last: str) -> None:
    """Let the line of a code count until its last day; raises as `put` does."""
    with store.writing() as db:
        lines = _opened(db, user, province, state)
        require_day(last)
        from_day = shifted(_earliest(db, province), -1)
        if last < from_day:
            raise RequestError(ENDS_EARLY, day=from_day)
        if not any(each.code == code and goes_on(each, last) for each in lines):
            raise NotFoundError(UNKNOWN, code=code[:20])
        after = ended(lines, lambda each: each.code == code, last)
        _write(db, user, province, after, tag="ended", code=code, last=last)


def _opened(db: sa.Connection, user: User, province: str, state: str) -> tuple[Criterion, ...]:
    require(user, Action.MANAGE, Thing(province))
    lines = lines_in(db, province)
    if state != state_of(lines):
        raise DoneAlreadyError(CHANGED)
    return lines


def _write(
    db: sa.Connection, user: User, province: str, lines: Sequence[Criterion], *, tag: str,
    **facts: object,
) -> None:  # fmt: skip
    criteria.save(db, province, lines)
    audit.record(db, f"checklist:criterion:{tag}", province, at=now(), actor=user.name, **facts)


def _require_line(wanted: Criterion, first: str) -> None:
    if not _CODE.fullmatch(wanted.code):
        raise RequestError(BAD_CODE, code=wanted.code[:20])
    if not wanted.text.strip() or not (fits(wanted.text, MOST_LINE) and fits(wanted.basis, MOST_LINE)):  # fmt: skip
        raise RequestError(BAD_TEXT, most=MOST_LINE)
    require_day(wanted.valid_from)
    if wanted.valid_from < first:
        raise RequestError(TOO_EARLY, day=first)
    if wanted.valid_to:
        require_day(wanted.valid_to)
        if wanted.valid_to < wanted.valid_from:
            raise RequestError(ENDS_EARLY, day=wanted.valid_from)


def _earliest(db: sa.Connection, province: str) -> str:
    """Return today, or the day after the last check where there was one today."""
    days = [each.check.day for each in proposals.listed(db, province) if each.check is not None]
    return max(today(), shifted(max(days), 1) if days else "")
