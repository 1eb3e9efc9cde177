"""Write down inspections of points by hand: what was found, what is to be done, what was settled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from geo.errors import N_, Refusal, Word
from geo.sources.fields import iso_date
from planning.model.compliance import Record
from planning.model.days import today
from planning.model.errors import (
    DoneAlreadyError,
    NotFoundError,
    QuestionError,
    RequestError,
)
from planning.model.people import Action, Thing, User, may, require
from planning.model.proposals import fits
from planning.model.register import CONCLUSION_WORDS
from planning.services.register.kept import Register, load
from planning.services.register.listing import visible
from planning.services.register.marks import plain_row
from planning.services.register.writing import recorded
from planning.store import edited, register_tables
from planning.store.edited import Part
from planning.store.session import Store

TEXTS = ("content", "findings", "document")
DAYS = ("day", "deadline", "settled")
FIELDS = ("day", "content", "findings", "conclusion", "deadline", "settled", "document")
LABELS: Mapping[str, str] = {
    "day": N_("Day"), "content": N_("What was looked at"), "findings": N_("Found wrong"),
    "conclusion": N_("Conclusion"), "deadline": N_("Deadline"), "settled": N_("Settled on"),
    "document": N_("Number of the minutes"),
}  # fmt: skip
MOST = 2000
WRONG = N_("Nothing was written down:")
NO_POINT = N_(
    "There is no point with the code “%(value)s”; write its code as the list of points has it."
)
NEEDED = N_("“%(field)s” cannot be left empty.")
NO_DAY = N_("“%(field)s”: “%(value)s” is no day; write day/month/year.")
LATER = N_("“%(field)s” cannot be a day that is still to come.")
EARLY = N_("“%(field)s” lies before the day of the inspection.")
TOO_LONG = N_("“%(field)s” takes at most %(most)s characters.")
NO_CONCLUSION = N_("Say whether the point met what was looked at.")
NO_FINDING = N_("Say what was found, where the conclusion is “not met”.")
TWICE = N_("There is an inspection of this point on this day with this number of minutes already; change that one.")  # fmt: skip
GONE = N_("There is no such inspection that you may see.")
CHANGED = N_("Somebody changed this inspection since you read it; look at it again.")


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection as it is kept, with the point it is about; `mark` changes with it."""

    row: Mapping[str, Any]
    mark: str
    may_change: bool


def one(store: Store, user: User, province: str, number: int) -> Inspection:
    """Return an inspection; raise `NotFoundError` for one that the user may not see."""
    register = load(store, province)
    at = _row(register, user, number)
    row = plain_row(register.inspections.frame, at)
    thing = register.inspections.things[register.inspections.thing[at]]
    return Inspection(row, register.mark(Record.INSPECTION, at), may(user, Action.INSPECT, thing))


def add(
    store: Store, user: User, province: str, point: str, texts: Mapping[str, str]
) -> int:  # fmt: skip
    """Write down a new inspection of a point, named by its code; return its number.

    Raises `ForbiddenError`, and `QuestionError` with everything that is wrong.
    """
    register = load(store, province)
    frame, wanted = register.points.frame, point.strip()
    named = (frame["point_id"] == wanted) | (frame["official_code"] == wanted).fillna(value=False)
    where = np.flatnonzero(named.to_numpy(dtype=bool))
    if not wanted or not len(where):
        require(user, Action.INSPECT, Thing(province))
        raise QuestionError(WRONG, (RequestError(NO_POINT, value=wanted[:60]),))
    require(user, Action.INSPECT, register.points.things[register.points.thing[where[0]]])
    point_id = str(frame["point_id"].iloc[where[0]])
    row = {"province_code": province, "point_id": point_id, **_read(texts)}
    table = register_tables.inspection
    with store.writing() as db:
        _require_new(db, row)
        made = db.execute(sa.insert(table).values(row)).inserted_primary_key
        assert made is not None
        number = int(made[0])
        facts = {"record": Record.INSPECTION.value, "records": 1, "fields": [], "why": "",
                 "deed": "add"}  # fmt: skip
        body = edited.packed([(Part(table, "id", [number]), [])])
        recorded(db, user, province, Record.INSPECTION, (facts, body, [number]))
    return number


def change(
    store: Store, user: User, province: str, which: tuple[int, str], texts: Mapping[str, str]
) -> None:
    """Change an inspection, such as the day on which it was settled; `which`: number and mark."""
    number, mark = which
    register = load(store, province)
    at = _row(register, user, number)
    require(user, Action.INSPECT, register.inspections.things[register.inspections.thing[at]])
    given, table = _read(texts), register_tables.inspection
    part = Part(table, "id", [number])
    with store.writing() as db:
        body = edited.taken(db, province, [part])
        rows = part.rows(db, province)
        if not rows or register.mark(Record.INSPECTION, at) != mark or _other(rows[0], register, at):  # fmt: skip
            raise DoneAlreadyError(CHANGED)
        row = {**rows[0], **given}
        _require_new(db, row, number)
        edited.put(db, province, [part], [[row]])
        fields = [name for name in FIELDS if rows[0][name] != row[name]]
        facts = {"record": Record.INSPECTION.value, "records": 1, "fields": fields, "why": ""}
        recorded(db, user, province, Record.INSPECTION, (facts, body, [number]))


def _other(row: Mapping[str, Any], register: Register, at: int) -> bool:
    """Whether the row in the database is not the one that was read."""
    known = plain_row(register.inspected, at)
    return any(known[name] != row[name] for name in FIELDS)


def _row(register: Register, user: User, number: int) -> int:
    frame = register.inspections.frame
    at = np.flatnonzero((frame["id"] == number).to_numpy(dtype=bool))
    if not len(at) or not visible(register, user, Record.INSPECTION)[at[0]]:
        raise NotFoundError(GONE)
    return int(at[0])


def _read(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the texts typed; raise `QuestionError` with all that is wrong."""
    given = {name: texts.get(name, "").strip().replace("\r\n", "\n") for name in FIELDS}
    found = list(_wrong_texts(given))
    days = {name: iso_date(given[name]) if given[name] else "" for name in DAYS}
    found += [RequestError(NO_DAY, field=Word(LABELS[name]), value=given[name][:40])
              for name, day in days.items() if day is None]  # fmt: skip
    told = {name: day or "" for name, day in days.items()}
    found += list(_wrong_days(told))
    if found:
        raise QuestionError(WRONG, tuple(found))
    return {**given, **told}


def _wrong_texts(given: Mapping[str, str]) -> Iterator[Refusal]:
    for name in ("day", "content"):
        if not given[name]:
            yield RequestError(NEEDED, field=Word(LABELS[name]))
    for name in TEXTS:
        if not fits(given[name], MOST):
            yield RequestError(TOO_LONG, field=Word(LABELS[name]), most=MOST)
    if given["conclusion"] not in CONCLUSION_WORDS:
        yield RequestError(NO_CONCLUSION)
    if given["conclusion"] == "not met" and not given["findings"]:
        yield RequestError(NO_FINDING)


def _wrong_days(days: Mapping[str, str]) -> Iterator[Refusal]:
    for name in ("day", "settled"):
        if days[name] > today():
            yield RequestError(LATER, field=Word(LABELS[name]))
    for name in ("deadline", "settled"):
        if days[name] and days["day"] and days[name] < days["day"]:
            yield RequestError(EARLY, field=Word(LABELS[name]))


def _require_new(db: sa.Connection, row: Mapping[str, Any], number: int = 0) -> None:
    kept = register_tables.inspection.c
    same = sa.select(kept.id).where(
        kept.province_code == row["province_code"], kept.point_id == row["point_id"],
        kept.day == row["day"], kept.document == row["document"], kept.id != number,
    )  # fmt: skip
    if db.execute(same).first() is not None:
        raise QuestionError(WRONG, (RequestError(TWICE),))
