"""The records that somebody may see: filtered, in Vietnamese order, a page at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.names import search_key, sort_key
from planning.model.compliance import Record
from planning.model.days import today
from planning.model.people import Action, User, may_some
from planning.services.register.kept import Records, Register, load
from planning.services.register.marks import mark_of, plain_rows
from planning.services.register.sight import noted
from planning.store.session import Store

PAGE = 50
YES, NO, UNKNOWN = "yes", "no", "unknown"
OPEN, OVERDUE, SETTLED = "open", "overdue", "settled"
PERSONAL = ("name", "staff_id", "person_id", "card_number", "certificate", "phone")
# What a list can be sorted by; the first is its order until another is chosen.
SORTS: Mapping[Record, tuple[str, ...]] = {
    Record.POINT: ("name", "point_id", "kind", "status", "host_type", "commune", "former",
                   "owner_name", "office", "sign", "staff_count", "permanent_staff"),
    Record.ORGANISATION: ("name", "organisation_code", "contract_number", "contract_valid_to",
                          "guarantee", "guarantee_valid_to", "points", "staff", "communes"),
    Record.STAFF: ("name", "owner_name", "point", "commune", "office", "card_number",
                   "card_valid_to", "certificate", "permanent"),
    Record.INSPECTION: ("day", "point", "owner_name", "commune", "conclusion", "deadline",
                        "settled"),
}  # fmt: skip
_UNTIL: Mapping[Record, tuple[str, ...]] = {
    Record.POINT: ("ends",), Record.ORGANISATION: ("contract_valid_to", "guarantee_valid_to"),
    Record.STAFF: ("card_valid_to",), Record.INSPECTION: ("deadline",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are meant; what is empty filters nothing.

    `text` is sought without regard to accents; `sign` and `permanent` are yes, no or unknown;
    `until` is the last day of what ends by then: the contract of a point's organisation, the
    contract or guarantee of an organisation, a card, the deadline of an inspection. `stage`
    of an inspection is open, overdue or settled. `commune` and `former` are codes.
    """

    text: str = ""
    kind: str = ""
    status: str = ""
    host: str = ""
    organisation: str = ""
    commune: str = ""
    former: str = ""
    office: str = ""
    sign: str = ""
    permanent: str = ""
    until: str = ""
    conclusion: str = ""
    stage: str = ""
    sort: str = ""
    down: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what a filter leaves.

    `rows` are plain values by column, with `mark`, which changes with the record. `total` rows
    are left of `known`, those that the user may see; `choices` are value → name of what the
    filters can be set to; `state` is of the whole register. `people`: names may be shown.
    """

    kind: Record
    rows: tuple[dict[str, Any], ...]
    total: int
    known: int
    page: int
    pages: int
    choices: Mapping[str, Mapping[str, str]]
    state: str
    people: bool = True


def listed(store: Store, user: User, province: str, kind: Record, wanted: Filter) -> Listing:
    """Return a page of the records of a kind that a user may see and that a filter leaves.

    Names, numbers and cards of staff come only where the user may see people, and that they
    were shown is recorded.
    """
    register = load(store, province)
    records = register.of(kind)
    seen = visible(register, user, kind)
    kept = chosen(register, user, kind, wanted, seen)
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(1, wanted.page), pages)
    at = kept[(page - 1) * PAGE : page * PAGE]
    rows = _rows(register, records, at, _named(records, user))
    if kind is Record.STAFF and any(row["named"] for row in rows):
        noted(store, user, province)
    people = kind is not Record.STAFF or may_some(user, Action.SEE_PEOPLE, province)
    return Listing(
        kind, rows, len(kept), int(seen.sum()), page, pages, _choices(register, records, seen),
        register.state, people=people,
    )  # fmt: skip


def visible(register: Register, user: User, kind: Record) -> NDArray[np.bool_]:
    """Return which records of a kind a user may see, shape (n,).

    An organisation is seen by whoever may see one of its points too.
    """
    records = register.of(kind)
    seen = records.allowed(user, Action.SEE_REGISTER)
    if kind is Record.ORGANISATION and not seen.all():
        of_points = register.points.frame.loc[
            register.points.allowed(user, Action.SEE_REGISTER), "owner"
        ]
        seen |= records.frame["organisation_code"].isin(set(of_points)).to_numpy()
    return seen


def chosen(
    register: Register, user: User, kind: Record, wanted: Filter, seen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the rows that a filter leaves of those seen, in their order."""
    records = register.of(kind)
    left = seen.copy()
    for holds in _tests(register, records, wanted, _named(records, user)):
        left &= holds
    found = np.flatnonzero(left)
    first = SORTS[kind][0]
    by = wanted.sort if wanted.sort in SORTS[kind] else first
    down = wanted.down if wanted.sort else kind is Record.INSPECTION  # the newest first
    hidden = kind is Record.STAFF and by in PERSONAL and not _named(records, user).all()
    rank = np.zeros(len(seen), dtype=np.int64) if hidden else records.rank(by)
    missing = rank[found] == rank.max(initial=0) if down else np.zeros(len(found), dtype=bool)
    missing &= _empty(records.frame[by])[found]
    key = np.where(missing, 1, -rank[found]) if down else rank[found]
    return found[np.lexsort((found, key))]


def _empty(column: pd.Series) -> NDArray[np.bool_]:
    return np.asarray(column.isna() | (column.astype(object) == "").fillna(value=False), dtype=bool)


def _tests(
    register: Register, records: Records, wanted: Filter, named: NDArray[np.bool_]
) -> Iterable[NDArray[np.bool_]]:
    """Yield for each part of a filter which rows hold it."""
    frame = records.frame
    equal = {"kind": "kind", "status": "status", "host": "host_type", "organisation": "owner",
             "conclusion": "conclusion"}  # fmt: skip
    for name, column in equal.items():
        if (value := getattr(wanted, name)) and column in frame:
            yield (frame[column] == value).fillna(value=False).to_numpy(dtype=bool)
    for name, column in (("commune", "commune_code"), ("former", "former_code"), ("office", "office")):  # fmt: skip
        if value := getattr(wanted, name):
            yield _at(register, records, column, value)
    for name, column in (("sign", "sign"), ("permanent", "permanent_staff"), ("permanent", "permanent")):  # fmt: skip
        if (value := getattr(wanted, name)) and column in frame:
            yield _flag(frame[column], value)
    if wanted.until:
        yield _ends(frame, _UNTIL[records.kind], wanted.until)
    if wanted.stage and records.kind is Record.INSPECTION:
        yield _stage(frame, wanted.stage)
    for word in search_key(wanted.text).split():
        said = np.array([word in each for each in records.said()], dtype=bool)
        yield said & (named | (records.kind is not Record.STAFF))


def _at(register: Register, records: Records, column: str, value: str) -> NDArray[np.bool_]:
    """Return which records are in a place; organisations and staff by their points."""
    points, frame = register.points.frame, records.frame
    if records.kind is Record.ORGANISATION:
        there = set(points.loc[points[column] == value, "owner"])
        return frame["organisation_code"].isin(there).to_numpy()
    if column not in frame:
        there = set(points.loc[points[column] == value, "point_id"])
        return frame["at" if "at" in frame else "point_id"].isin(there).to_numpy()
    return (frame[column] == value).to_numpy(dtype=bool)


def _flag(column: pd.Series, value: str) -> NDArray[np.bool_]:
    if value == UNKNOWN:
        return column.isna().to_numpy()
    return (column == (value == YES)).fillna(value=False).to_numpy(dtype=bool)


def _ends(frame: pd.DataFrame, columns: tuple[str, ...], day: str) -> NDArray[np.bool_]:
    held = np.zeros(len(frame), dtype=bool)
    for column in columns:
        text = frame[column].astype(object).where(frame[column].notna(), "").to_numpy(dtype=object)
        held |= np.array([bool(each) and each <= day for each in text], dtype=bool)
    if "settled" in frame:
        held &= (frame["settled"] == "").to_numpy()
    return held


def _stage(frame: pd.DataFrame, stage: str) -> NDArray[np.bool_]:
    waits = (frame["settled"] == "") & (frame["conclusion"] == "not met")
    late = waits & (frame["deadline"] != "") & (frame["deadline"] < today())
    found: Mapping[str, pd.Series] = {OPEN: waits, OVERDUE: late, SETTLED: frame["settled"] != ""}
    return np.asarray(found[stage].to_numpy(dtype=bool))


def _named(records: Records, user: User) -> NDArray[np.bool_]:
    """Return whose names the user may see, shape (n,); of all but staff every one."""
    if records.kind is not Record.STAFF:
        return np.ones(len(records.frame), dtype=bool)
    return records.allowed(user, Action.SEE_PEOPLE)


def _rows(
    register: Register, records: Records, at: NDArray[np.int64], named: NDArray[np.bool_]
) -> tuple[dict[str, Any], ...]:
    """Return some records as plain values with their marks, those of staff as may be shown."""
    rows = plain_rows(records.frame.iloc[at])
    marks = [mark_of(each) for each in register.kept(records.kind, at.tolist())]
    day = today()
    for row, mark, shown in zip(rows, marks, named[at].tolist(), strict=True):
        row["named"], row["mark"] = shown, mark
        if not shown:
            row.update(dict.fromkeys(PERSONAL))
        if records.kind is Record.INSPECTION:
            row["overdue"] = bool(row["deadline"] and row["deadline"] < day and not row["settled"])
    return tuple(rows)


def _choices(
    register: Register, records: Records, seen: NDArray[np.bool_]
) -> dict[str, dict[str, str]]:
    """Return what the filters of a list can be set to, in Vietnamese order."""
    own = register.points if records.kind is Record.ORGANISATION else records
    frame = own.frame[seen] if own is records else own.frame
    found = {}
    for name, column, shown in (
        ("organisation", "owner", "owner_name"), ("commune", "commune_code", "commune"),
        ("former", "former_code", "former"), ("office", "office", "office"),
        ("host", "host_type", "host_type"),
    ):  # fmt: skip
        if column in frame and (records.kind is not Record.ORGANISATION or name in {"commune", "office"}):  # fmt: skip
            first = frame.loc[~frame[column].duplicated()]
            first = first[first[column].notna()]
            values = dict(zip(first[column].astype(str), first[shown].astype(str), strict=True))
            values.pop("", None)
            found[name] = _ordered(values)
    if "former" in found:
        districts = register.rows.districts
        found["former"] = {
            code: f"{name} ({districts[code]})" if code in districts else name
            for code, name in found["former"].items()
        }
    return found


def _ordered(values: Mapping[str, str]) -> dict[str, str]:
    key: Callable[[str], Any] = lambda code: sort_key(values[code])  # noqa: E731
    return {code: values[code] for code in sorted(values, key=key)}
