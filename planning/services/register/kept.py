"""The register of a province ready to be filtered and sorted, made once per state of the data."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.names import sort_key
from planning.model.compliance import Record
from planning.model.official_code import parse
from planning.model.people import Action, Thing, User, may
from planning.services.register.handles import handle
from planning.services.register.marks import mark_of, plain_rows
from planning.store import register_rows
from planning.store.register_rows import RegisterRows
from planning.store.session import Store

_SAID = {
    Record.POINT: ("point_id", "official_code", "former_codes", "name", "address", "note",
                   "contract_number"),
    Record.ORGANISATION: ("organisation_code", "name", "former_names", "licence", "tax_code",
                          "contract_number", "area"),
    Record.STAFF: ("staff_id", "name", "card_number", "certificate", "point_code"),
    Record.INSPECTION: ("point_id", "point", "content", "findings", "document"),
}  # fmt: skip
_NAMES = ("owner_name", "commune")
_MARKS = dict.fromkeys(range(0x300, 0x370))  # the diacritics that stand by themselves
_in_order = lru_cache(maxsize=100_000)(sort_key)  # names outlive the state they are read in


@dataclass(frozen=True)
class Records:
    """The records of one kind, with whose each is and where.

    `frame` has one row per record; `things` are the different owners and places there are,
    `thing` says which of them each row belongs to, shape (n,).
    """

    kind: Record
    frame: pd.DataFrame
    things: tuple[Thing, ...]
    thing: NDArray[np.int64]
    _ranks: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _said: list[list[str]] = field(default_factory=list)

    def allowed(self, user: User, action: Action) -> NDArray[np.bool_]:
        """Return to which rows somebody may do something, shape (n,)."""
        may_do = np.array([may(user, action, each) for each in self.things], dtype=bool)
        return may_do[self.thing] if len(self.things) else np.zeros(len(self.frame), dtype=bool)

    def rank(self, column: str) -> NDArray[np.int64]:
        """Return the place of each row in the order of a column, what is missing last."""
        if column not in self._ranks:
            self._ranks[column] = _rank(self.frame[column])
        return self._ranks[column]

    def said(self) -> list[str]:
        """Return the text of each row in which words are sought, as `search_key` folds it."""
        if not self._said:
            columns = [_texts(self.frame[name]) for name in (*_SAID[self.kind], *_NAMES)
                       if name in self.frame]  # fmt: skip
            self._said.append(_folded([" ".join(row) for row in zip(*columns, strict=True)]))
        return self._said[0]


@dataclass(frozen=True)
class Register:
    """Every record of a province as it stands, each kind read when it is first asked for.

    `state` changes with every change of any record.
    """

    store: Store
    province: str
    state: str
    rows: RegisterRows

    @cached_property
    def staff(self) -> pd.DataFrame:
        """The kept rows of staff, one per person and point, the row of their own number first."""
        with self.store.reading() as db:
            return _own_first(register_rows.staff(db, self.province))

    @cached_property
    def inspected(self) -> pd.DataFrame:
        """The kept inspections."""
        with self.store.reading() as db:
            return register_rows.inspections(db, self.province)

    @cached_property
    def points(self) -> Records:
        """The points."""
        return _records(Record.POINT, _points(self.rows), self.province)

    @cached_property
    def persons(self) -> Records:
        """The staff, one row per person."""
        frame = _persons(self.rows, self.staff, self.points.frame)
        ids = frame["person_id"].astype(str)
        frame["handle"] = [handle(self.store, self.province, each) for each in ids]
        return _records(Record.STAFF, frame, self.province)

    @cached_property
    def organisations(self) -> Records:
        """The organisations."""
        frame = _organisations(self.rows, self.points.frame, self.persons.frame)
        return _records(Record.ORGANISATION, frame, self.province)

    @cached_property
    def inspections(self) -> Records:
        """The inspections."""
        frame = _inspections(self.inspected, self.points.frame)
        return _records(Record.INSPECTION, frame, self.province)

    def of(self, kind: Record) -> Records:
        """Return the records of a kind; of staff, one row per person."""
        name = {Record.POINT: "points", Record.ORGANISATION: "organisations",
                Record.STAFF: "persons", Record.INSPECTION: "inspections"}[kind]  # fmt: skip
        found: Records = getattr(self, name)  # the others are not read for it
        return found

    def kept(self, kind: Record, at: Sequence[int]) -> list[list[dict[str, Any]]]:
        """Return the kept rows, plain, that the records at some rows of their kind stand on."""
        if kind is Record.STAFF:
            persons = self.persons.frame["person_id"].iloc[list(at)].tolist()
            rows = plain_rows(self.staff[self.staff["person_id"].isin(persons)])
            return [[row for row in rows if row["person_id"] == each] for each in persons]
        if kind is Record.INSPECTION:
            table = self.inspected
        else:
            table = self.rows.points if kind is Record.POINT else self.rows.organisations
        return [[row] for row in plain_rows(table.iloc[list(at)])]

    def mark(self, kind: Record, at: int) -> str:
        """Return what changes with every change of a record."""
        return mark_of(self.kept(kind, [at])[0])


def load(store: Store, province: str) -> Register:
    """Return the register of a province."""
    with store.reading() as db:
        state = register_rows.state(db, province)
    key = ("register", province, state)
    return store.remembered(key, lambda: _made(store, province))


def _made(store: Store, province: str) -> Register:
    with store.reading() as db:
        state = register_rows.digest(db, province)
        return Register(store, province, state, register_rows.load(db, province))


def _codes(rows: RegisterRows) -> dict[str, str]:
    """Return the codes of organisations by name: lists may name theirs without a code."""
    known = rows.organisations
    return dict(zip(known["name"], known["organisation_code"], strict=True))


def _points(rows: RegisterRows) -> pd.DataFrame:
    frame, codes = rows.points.copy(), _codes(rows)
    names = dict(
        zip(rows.organisations["organisation_code"], rows.organisations["name"], strict=True)
    )
    listed = rows.organisations["organisation_code"]
    ends = dict(zip(listed, _texts(rows.organisations["contract_valid_to"]), strict=True))
    given = _texts(frame["organisation_code"])
    called = _texts(frame["organisation"])
    owner = [code or codes.get(name, "") for code, name in zip(given, called, strict=True)]
    commune, former = rows.lies, rows.lay
    office = [
        written or rows.offices.get(code, "")
        for written, code in zip(_texts(frame["office"]), commune, strict=True)
    ]
    return frame.assign(
        owner=owner, owner_name=[names.get(o, c) for o, c in zip(owner, called, strict=True)],
        commune_code=commune, commune=[rows.communes.get(each, each) for each in commune],
        former_code=former, former=[rows.former.get(each, each) for each in former],
        office=office, ends=[ends.get(each, "") for each in owner],
    )  # fmt: skip


def _own_first(staff: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each person's own number first, then by the signs of their ids.

    Databases differ in how they order texts; the row a person is shown by must not.
    """
    other = staff["staff_id"] != staff["person_id"]
    order = staff.assign(other=other).sort_values(["other", "staff_id"], kind="stable").index
    return staff.loc[order].reset_index(drop=True)


def _persons(rows: RegisterRows, staff: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person, with the points they stand at as a list of their ids."""
    codes = _codes(rows)
    given, called = _texts(staff["organisation_code"]), _texts(staff["organisation"])
    names = dict(
        zip(rows.organisations["organisation_code"], rows.organisations["name"], strict=True)
    )
    owner = [code or codes.get(name, "") for code, name in zip(given, called, strict=True)]
    place, written = _places(points), _texts(staff["point_code"])
    at = [place.get(code) or _unlisted(code, rows.offices) for code in written]
    whole = staff.assign(
        owner=owner, owner_name=[names.get(o, c) for o, c in zip(owner, called, strict=True)],
        commune_code=[each.commune for each in at],
        commune=[rows.communes.get(each.commune, each.commune) for each in at],
        office=[each.office for each in at], point=[each.name for each in at],
        at=[each.point_id for each in at],
    )  # fmt: skip
    first = whole.drop_duplicates("person_id").reset_index(drop=True)
    group = whole.groupby("person_id", sort=False)
    many = group.size().to_numpy()
    shown = first["point"].to_numpy(dtype=object)
    return first.assign(
        count=many,
        permanent=group["permanent"].max().to_numpy(),
        point=[f"{name} (+{n - 1})" if n > 1 else name for name, n in zip(shown, many, strict=True)],
    )  # fmt: skip


def _organisations(rows: RegisterRows, points: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Return the organisations with what they run: open points, staff, communes, offices."""
    frame = rows.organisations.copy()
    running = points[points["status"] == "open"]
    count = running["owner"].value_counts()
    people = persons["owner"].value_counts()
    codes = frame["organisation_code"]
    placed = running[running["commune_code"] != ""]
    communes = placed.groupby("owner")["commune_code"].nunique()
    return frame.assign(
        owner=codes, owner_name=frame["name"],
        points=codes.map(count).fillna(0).astype(int),
        staff=codes.map(people).fillna(0).astype(int),
        communes=codes.map(communes).fillna(0).astype(int),
        commune_code="", office="",
    )  # fmt: skip


def _inspections(kept: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    columns = ["point_id", "name", "owner", "owner_name", "commune_code", "commune", "office"]
    about = points[columns].rename(columns={"name": "point"})
    joined = kept.merge(about, on="point_id", how="left")
    filled = {name: joined[name].fillna("") for name in columns[2:]}
    return joined.assign(point=joined["point"].fillna(joined["point_id"]), **filled)


def _records(kind: Record, frame: pd.DataFrame, province: str) -> Records:
    """Return the records of a kind with their owners and the text they are found by."""
    keys = list(zip(_texts(frame["owner"]), _texts(frame["commune_code"]),
                    _texts(frame["office"]), strict=True))  # fmt: skip
    different = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return Records(
        kind, frame.reset_index(drop=True),
        tuple(Thing(province, *key) for key in different),
        np.array([different[key] for key in keys], dtype=np.int64),
    )  # fmt: skip


class _Place(NamedTuple):
    """Where a member of staff works; a point that is not listed has no id."""

    point_id: str
    name: str
    commune: str
    office: str


def _places(points: pd.DataFrame) -> dict[str, _Place]:
    """Return the points by id and by official code."""
    columns = [_texts(points[name]) for name in ("point_id", "name", "commune_code", "office")]
    every = [_Place(*row) for row in zip(*columns, strict=True)]
    codes = _texts(points["official_code"])
    return {
        **{each.point_id: each for each in every},
        **{code: each for code, each in zip(codes, every, strict=True) if code},
    }


def _unlisted(code: str, offices: Mapping[str, str]) -> _Place:
    """Return where a code says that a point is which the list does not have."""
    read = parse(code) if code else None
    commune = read.commune if read else ""
    return _Place("", code, commune, offices.get(commune, ""))


def _folded(texts: list[str]) -> list[str]:
    """Return texts as `search_key` folds them, all of them at once."""
    whole = "\n".join(" ".join(each.split()) for each in texts).lower().replace("đ", "d")
    return unicodedata.normalize("NFD", whole).translate(_MARKS).split("\n") if texts else []


def _texts(column: pd.Series) -> list[str]:
    """Return a column as texts, empty where nothing is given."""
    return [str(each) for each in column.astype(object).where(column.notna(), "").tolist()]


def _rank(column: pd.Series) -> NDArray[np.int64]:
    """Return the place of each value in the order of the column, shape (n,)."""
    numbers = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    key: Callable[[Any], Any] = (
        (lambda each: each) if numbers else lambda each: _in_order(str(each))
    )
    codes, values = pd.factorize(column.astype(object))
    given = [each for each in values if each not in {"", None}]
    place = {each: at for at, each in enumerate(sorted(given, key=key))}
    last = len(place)
    ranks = np.array([place.get(each, last) for each in values] + [last], dtype=np.int64)
    return np.asarray(ranks[codes])
