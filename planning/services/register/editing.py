"""Change records of the register by hand: one field by field, or one field of many at once.

A change is a small import of its own, as a mend is: it stands among the imports, figures
follow it, and undoing it there puts back what stood before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from geo.errors import N_, Refusal, Word
from planning.model.compliance import Record
from planning.model.errors import DoneAlreadyError, NotFoundError, QuestionError, RequestError
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import fits
from planning.model.register import FIELDS, MOST_TEXT, OF_THE_PERSON, Field, field_of
from planning.services.register.following import After, followed
from planning.services.register.kept import Register, load
from planning.services.register.listing import Filter, chosen, visible
from planning.services.register.marks import mark_of, plain_rows
from planning.services.register.values import Known, read, wrong_code, wrongs
from planning.services.register.writing import Written, rows_of, write
from planning.store import register_rows
from planning.store.session import Store

NO_REASON = N_("Say why the record is changed, in at most %(most)s characters on one line.")
NO_FIELD = N_("“%(field)s” cannot be changed of several records at once.")
NO_CHANGE = N_("Nothing would change: the records hold these values already.")
NONE_CHOSEN = N_("Choose at least one record.")
NO_PLACE = N_("This person stands at %(count)s points; say at which of them the point, or whether they are there permanently, is changed.")  # fmt: skip
ONE_BY_ONE = N_("%(names)s: these people stand at several points; change where they stand, and whether permanently, one by one.")  # fmt: skip
GONE = N_("This record is not in the register any more; look at the list again.")
CHANGED = N_("Somebody changed the register since you read it: %(names)s. Look again, then change.")
ALL_CHANGED = N_("Somebody changed the register since you read the list; look again, then change.")
WRONG = N_("Nothing was changed:")
WRONG_RECORD = N_("%(name)s: %(what)s")
MOST_NAMED = 5
_IDS = {Record.POINT: "point_id", Record.ORGANISATION: "organisation_code",
        Record.STAFF: "handle"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are meant: some by id with the mark each was read with, or all of a filter.

    Staff are named by their handle. `state` is that of the register when the list was read;
    it counts where `wanted` is given.
    """

    marks: Mapping[str, str]
    wanted: Filter | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What becomes of records: `texts` as typed, by field, and why; staff also on which row.

    `place` counts the rows of a person from one; 0 where they stand on one, or where only what
    belongs to the person changes.
    """

    province: str
    kind: Record
    texts: Mapping[str, str]
    reason: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of many would be made to: how many, and the first by name and value."""

    field: Field
    count: int
    first: tuple[tuple[str, Any], ...]


def preview(
    store: Store, user: User, about: tuple[str, Record], selection: Selection, field: str
) -> Preview:
    """Return what a change of one field of many records would be made to."""
    province, kind = about
    require(user, Action.REGISTER, Thing(province))
    known = _together(kind, field)
    register = load(store, province)
    rows = _selected(register, user, kind, selection)
    frame = register.of(kind).frame
    shown = plain_rows(frame.iloc[rows[:20]])
    first = [(str(row["name"]), row[field]) for row in shown]
    return Preview(known, len(rows), tuple(first))


def change(store: Store, user: User, ask: Ask, selection: Selection) -> Written:
    """Change the chosen records, all or none; return how many and the import that undoes it.

    Raises `ForbiddenError`, `DoneAlreadyError` where a record changed since it was read,
    `NotFoundError` for one that is gone, and `QuestionError` with everything wrong.
    """
    require(user, Action.REGISTER, Thing(ask.province))
    register = load(store, ask.province)
    at = _selected(register, user, ask.kind, selection)
    if len(ask.texts) == 1 and len(at) > 1:
        _together(ask.kind, next(iter(ask.texts)))
    given = _read(register, ask)
    before = rows_of(register, ask.kind, at)
    _require_place(ask, len(at), before)
    after = _after(register, ask, before, given)
    with store.writing() as db:
        _require_same(db, ask.province, register)
        return write(db, user, ask.province, (ask.kind, before, after), ask.reason.strip())


def _require_place(ask: Ask, records: int, rows: pd.DataFrame) -> None:
    """Refuse to write what belongs to one point over every row of a person, or over none."""
    if ask.kind is not Record.STAFF or not set(ask.texts) - OF_THE_PERSON or len(rows) == records:
        return
    if records > 1:
        several = rows[rows["person_id"].duplicated()].drop_duplicates("person_id")
        raise RequestError(ONE_BY_ONE, names=", ".join(several["name"][:MOST_NAMED]))
    if not 0 < ask.place <= len(rows):
        raise RequestError(NO_PLACE, count=len(rows))


def _together(kind: Record, name: str) -> Field:
    known = field_of(kind, name)
    if known is None or not known.together:
        raise RequestError(NO_FIELD, field=name[:40] if known is None else Word(known.label))
    return known


def _selected(
    register: Register, user: User, kind: Record, selection: Selection
) -> NDArray[np.int64]:
    """Return the rows that are meant; refuse those that changed since they were read."""
    seen = visible(register, user, kind)
    if selection.wanted is not None:
        if selection.state != register.state:
            raise DoneAlreadyError(ALL_CHANGED)
        found = chosen(register, user, kind, selection.wanted, seen)
        if not len(found):
            raise RequestError(NONE_CHOSEN)
        return found
    if not selection.marks:
        raise RequestError(NONE_CHOSEN)
    frame = register.of(kind).frame
    place = {each: at for at, each in enumerate(frame[_IDS[kind]].tolist())}
    rows = [place.get(each, -1) for each in selection.marks]
    if any(at < 0 or not seen[at] for at in rows):
        raise NotFoundError(GONE)
    stood = register.kept(kind, rows)
    stale = [
        str(frame["name"].iloc[at])
        for at, mark, kept in zip(rows, selection.marks.values(), stood, strict=True)
        if mark_of(kept) != mark
    ]
    if stale:
        raise DoneAlreadyError(CHANGED, names=", ".join(stale[:MOST_NAMED]))
    return np.array(rows, dtype=np.int64)


def _read(register: Register, ask: Ask) -> dict[str, Any]:
    """Return the values of the texts typed; raise `QuestionError` with all that is wrong."""
    known = Known(
        dict(zip(register.rows.organisations["organisation_code"],
                 register.rows.organisations["name"], strict=True)),
        _points(register),
    )  # fmt: skip
    given: dict[str, Any] = {}
    found: list[Refusal] = []
    if not ask.reason.strip() or not fits(ask.reason.strip(), MOST_TEXT):
        found.append(RequestError(NO_REASON, most=MOST_TEXT))
    for each in FIELDS[ask.kind]:
        if each.name in ask.texts:
            try:
                given[each.name] = read(each, ask.texts[each.name], known)
            except RequestError as wrong:
                found.append(wrong)
    if found:
        raise QuestionError(WRONG, tuple(found))
    return given


def _points(register: Register) -> dict[str, str]:
    """Return the names of the points by official code, of those without one by their id."""
    rows = register.rows.points
    return {
        str(code) if isinstance(code, str) and code else str(point): str(name)
        for point, code, name in zip(
            rows["point_id"], rows["official_code"], rows["name"], strict=True
        )
    }


def _after(
    register: Register, ask: Ask, before: pd.DataFrame, given: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the rows as they would be kept; raise `QuestionError` with all that is wrong."""
    rows = plain_rows(before)
    context = After(register, ask.kind, ask.place)
    now = [followed(context, row, given, n) for n, row in enumerate(rows, start=1)]
    found: list[Refusal] = []
    others = _points(register)
    for old, new in zip(rows, now, strict=True):
        told: list[Refusal] = list(context.wrongs(old, new)) + list(wrongs(ask.kind, new))
        if ask.kind is Record.POINT and new["official_code"] != old["official_code"]:
            told += wrong_code(new["official_code"], others)
        found += told if len(rows) == 1 else _named(str(old["name"]), told)
    if found:
        raise QuestionError(WRONG, tuple(found[:20]))
    if now == rows:
        raise RequestError(NO_CHANGE)
    return pd.DataFrame(now, columns=list(before.columns), dtype=object)


def _named(name: str, told: Sequence[Refusal]) -> list[Refusal]:
    return [RecordError(name, each) for each in told]


class RecordError(RequestError):
    """What is wrong with one record of several: its name stands before it."""

    def __init__(self, name: str, wrong: Refusal) -> None:
        super().__init__(wrong.message, **wrong.params)
        self.name = name

    def sentence(self, say: Any, number: Any = None) -> str:
        """Return the name and the sentence."""
        return str(say(WRONG_RECORD)) % {"name": self.name, "what": super().sentence(say, number)}


def _require_same(db: sa.Connection, province: str, register: Register) -> None:
    """Refuse to write over what changed between reading and writing."""
    if register_rows.digest(db, province) != register.state:
        raise DoneAlreadyError(ALL_CHANGED)
