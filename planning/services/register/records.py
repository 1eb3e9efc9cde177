"""One record of the register with everything that belongs to it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from geo.errors import N_
from geo.names import sort_key
from planning.model.compliance import Record
from planning.model.days import today
from planning.model.errors import NotFoundError
from planning.model.people import Action, Thing, User, may
from planning.model.proposals import DEFAULT_CRITERIA, Criterion, Met, Proposal
from planning.model.register import FIELDS
from planning.services.register.kept import Register, load
from planning.services.register.listing import PERSONAL, visible
from planning.services.register.marks import mark_of, plain_row, plain_rows
from planning.services.register.sight import noted
from planning.store import criteria, proposals, register_tables
from planning.store.register import Change, history
from planning.store.session import Store

NO_POINT = N_("There is no point “%(name)s” in the register that you may see.")
NO_ORGANISATION = N_("There is no organisation “%(name)s” in the register that you may see.")
NO_PERSON = N_("There is no such member of staff in the register that you may see.")
_MISSING = {Record.POINT: NO_POINT, Record.ORGANISATION: NO_ORGANISATION,
            Record.STAFF: NO_PERSON}  # fmt: skip
_IDS = {Record.POINT: "point_id", Record.ORGANISATION: "organisation_code",
        Record.STAFF: "handle"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist at a point: whether it was met, on which day, who said so."""

    criterion: Criterion
    met: Met
    day: str
    by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A record: its values by column, its mark, its changes, and what belongs to it.

    `lines` are the conditions of a point; `parts` are plain rows by what they are: staff,
    points, inspections, rows of a person. `proposals` are those about a point; `names` the
    names of an organisation with the day until which each was borne, the newest first;
    `area` the open points of an organisation by present commune and by former district.
    """

    kind: Record
    row: Mapping[str, Any]
    mark: str
    history: tuple[Change, ...]
    parts: Mapping[str, tuple[dict[str, Any], ...]]
    lines: tuple[Line, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    area: Mapping[str, Mapping[str, int]] | None = None


def point(store: Store, user: User, province: str, record_id: str) -> Shown:
    """Return one point; raise `NotFoundError` where the user may see none of that id."""
    register, at = found(store, user, province, Record.POINT, record_id)
    row = plain_row(register.points.frame, at)
    at_point = _persons_at(register, str(row["point_id"]), row["official_code"])
    staff = [_person(register, user, each) for each in at_point]
    if any(each["named"] for each in staff):
        noted(store, user, province)
    listed = register.inspections.frame
    seen = np.flatnonzero((listed["point_id"] == record_id).to_numpy())
    parts = {
        "staff": tuple(sorted(staff, key=lambda it: sort_key(str(it["name"] or "")))),
        "inspections": tuple(sorted(plain_rows(listed.iloc[seen]), key=_day, reverse=True)),
    }
    with store.reading() as db:
        about = [
            each for each in proposals.listed(db, province)
            if record_id in {each.content.point_id, each.code}
        ]  # fmt: skip
        lines = _conditions(db, province, record_id, about)
        changes = tuple(history(db, province, Record.POINT, record_id))
    return Shown(
        Record.POINT, row, register.mark(Record.POINT, at), changes, parts, lines,
        tuple(each for each in about if may(user, Action.SEE_PROPOSAL, each.thing)),
    )  # fmt: skip


def organisation(store: Store, user: User, province: str, record_id: str) -> Shown:
    """Return one organisation; raise `NotFoundError` where the user may see none of that code."""
    register, at = found(store, user, province, Record.ORGANISATION, record_id)
    row: dict[str, Any] = plain_row(register.organisations.frame, at)
    people = may(user, Action.SEE_PEOPLE, Thing(province, record_id))
    if not people:
        row["phone"] = None
    with store.reading() as db:
        changes = [_without_phone(each) if not people else each
                   for each in history(db, province, Record.ORGANISATION, record_id)]  # fmt: skip
    points = register.points.frame
    running = points[(points["owner"] == record_id) & (points["status"] == "open")]
    districts = [register.rows.districts.get(code, "") for code in running["former_code"]]
    area = {
        "commune": _counted(running["commune"].tolist()),
        "district": _counted(districts),
    }
    return Shown(
        Record.ORGANISATION, row, register.mark(Record.ORGANISATION, at),
        tuple(changes), {}, names=_names(row, changes), area=area,
    )  # fmt: skip


def person(store: Store, user: User, province: str, record_id: str) -> Shown:
    """Return one member of staff, by their handle, with every point they stand at.

    Without the right to see people names, numbers and what was changed stay away.
    """
    register, at = found(store, user, province, Record.STAFF, record_id)
    row = _person(register, user, at)
    (rows,) = register.kept(Record.STAFF, [at])
    places, wanted = register.points.frame, {each["point_code"] for each in rows} - {None}
    here = places[places["point_id"].isin(wanted) | places["official_code"].isin(wanted)]
    known = {code: each for each in plain_rows(here[["point_id", "official_code", "name", "status"]])
             for code in (each["point_id"], each["official_code"])}  # fmt: skip
    listed: list[dict[str, Any]] = [{**each, "at": known.get(each["point_code"])} for each in rows]
    if not row["named"]:
        listed = [{**each, **dict.fromkeys(PERSONAL)} for each in listed]
    changes: tuple[Change, ...] = ()
    if row["named"]:
        noted(store, user, province)
        with store.reading() as db:
            changes = tuple(
                history(db, province, Record.STAFF, [each["staff_id"] for each in rows])
            )
    return Shown(Record.STAFF, row, mark_of(rows), changes, {"rows": tuple(listed)})


def found(
    store: Store, user: User, province: str, kind: Record, record_id: str
) -> tuple[Register, int]:
    """Return the register and the row of a record; raise `NotFoundError` for one not seen."""
    register = load(store, province)
    frame = register.of(kind).frame
    rows = np.flatnonzero((frame[_IDS[kind]] == record_id).to_numpy(dtype=bool))
    if not len(rows) or not visible(register, user, kind)[rows[0]]:
        raise NotFoundError(_MISSING[kind], name=record_id[:60])
    return register, int(rows[0])


def editable(kind: Record, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the fields that can be changed by hand."""
    return {each.name: row.get(each.name) for each in FIELDS[kind]}


def _persons_at(register: Register, point_id: str, code: object) -> list[int]:
    staff = register.staff
    here = staff["point_code"].isin([each for each in (point_id, code) if each])
    persons = register.persons.frame["person_id"].isin(set(staff.loc[here, "person_id"]))
    return [int(each) for each in np.flatnonzero(persons.to_numpy())]


def _person(register: Register, user: User, at: int) -> dict[str, Any]:
    row: dict[str, Any] = plain_row(register.persons.frame, at)
    thing = register.persons.things[register.persons.thing[at]]
    row["named"] = may(user, Action.SEE_PEOPLE, thing)
    return row if row["named"] else {**row, **dict.fromkeys(PERSONAL)}


def _conditions(
    db: sa.Connection, province: str, point_id: str, about: list[Proposal]
) -> tuple[Line, ...]:
    """Return the checklist of today with what is known of a point, from whichever is newer."""
    kept = register_tables.point_condition
    rows = db.execute(
        sa.select(kept.c.code, kept.c.met, kept.c.day, kept.c.by).where(
            kept.c.province_code == province, kept.c.point_id == point_id
        )
    )
    said = {row.code: (Met.YES if row.met else Met.NO, row.day, row.by) for row in rows}
    checks = [each.check for each in about if each.check is not None]
    for check in sorted(checks, key=lambda it: it.day):
        for each in check.conditions:
            if each.met is not Met.UNKNOWN and said.get(each.code, ("", ""))[1] <= check.day:
                said[each.code] = (each.met, check.day, check.by)
    lines = criteria.load(db, province) or DEFAULT_CRITERIA
    unknown = (Met.UNKNOWN, "", "")
    return tuple(Line(each, *said.get(each.code, unknown)) for each in lines if each.holds(today()))


def _names(row: Mapping[str, Any], changes: list[Change]) -> tuple[tuple[str, str], ...]:
    """Return the names an organisation bore: the present one, those changed here, those listed."""
    before = [(str(each.fields["name"][0]), each.deed.at) for each in changes
              if each.fields.get("name", ("",))[0]]  # fmt: skip
    borne = [(str(row["name"]), ""), *before]
    told = {name for name, _ in borne}
    listed = [each.strip() for each in str(row["former_names"] or "").split(";")]
    return (*borne, *((each, "") for each in listed if each and each not in told))


def _without_phone(change: Change) -> Change:
    fields = {name: pair for name, pair in change.fields.items() if name != "phone"}
    return Change(change.deed, change.record_id, fields, change.added, change.removed)


def _counted(names: list[str]) -> dict[str, int]:
    counts = Counter(each for each in names if each)
    return {name: counts[name] for name in sorted(counts, key=sort_key)}


def _day(row: Mapping[str, Any]) -> str:
    return str(row["day"])


def organisations(store: Store, user: User, province: str) -> dict[str, str]:
    """Return the names of the organisations that a user may see by code, in Vietnamese order."""
    register = load(store, province)
    frame = register.organisations.frame[visible(register, user, Record.ORGANISATION)]
    names = dict(zip(frame["organisation_code"], frame["name"], strict=True))
    return {code: names[code] for code in sorted(names, key=lambda each: sort_key(names[each]))}
