"""The register of a province ready to be filtered and sorted, made once per state of the data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.names import search_key, sort_key
from planning.model.compliance import Record
from planning.model.official_code import parse
from planning.model.people import Action, Thing, User, may
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

    def allowed(self, user: User, action: Action) -> NDArray[np.bool_]:
        """Return to which rows somebody may do something, shape (n,)."""
        may_do = np.array([may(user, action, each) for each in self.things], dtype=bool)
        return may_do[self.thing] if len(self.things) else np.zeros(len(self.frame), dtype=bool)

    def rank(self, column: str) -> NDArray[np.int64]:
        """Return the place of each row in the order of a column, what is missing last."""
        if column not in self._ranks:
            self._ranks[column] = _rank(self.frame[column])
        return self._ranks[column]

    def said(self) -> NDArray[np.object_]:
        """Return the text in which words are sought, folded, shape (n,)."""
        return np.asarray(self.frame["said"].to_numpy(dtype=object))


@dataclass(frozen=True)
class Register:
    """Every record of a province as it stands; `state` changes with every change of any."""

    state: str
    points: Records
    organisations: Records
    persons: Records
    inspections: Records
    rows: RegisterRows

    def of(self, kind: Record) -> Records:
        """Return the records of a kind; of staff, one row per person."""
        return {
            Record.POINT: self.points, Record.ORGANISATION: self.organisations,
            Record.STAFF: self.persons, Record.INSPECTION: self.inspections,
        }[kind]  # fmt: skip

    def kept(self, kind: Record, at: int) -> pd.DataFrame:
        """Return the kept rows that the record at a row of its kind stands on."""
        rows = self.rows
        if kind is Record.STAFF:
            person = self.persons.frame["person_id"].iloc[at]
            found: pd.DataFrame = rows.staff[rows.staff["person_id"] == person]
            return found
        table = {Record.POINT: rows.points, Record.ORGANISATION: rows.organisations,
                 Record.INSPECTION: rows.inspections}[kind]  # fmt: skip
        one: pd.DataFrame = table.iloc[at : at + 1]
        return one


def handle(province: str, record_id: str) -> str:
    """Return what stands for a member of staff in an address: a number of theirs never does."""
    return sha256(f"{province}:{record_id}".encode()).hexdigest()[:16]


def load(store: Store, province: str) -> Register:
    """Return the register of a province."""
    with store.reading() as db:
        state = register_rows.state(db, province)
    key = ("register", province, state)
    return store.remembered(key, lambda: _made(store, province))


def _made(store: Store, province: str) -> Register:
    with store.reading() as db:
        state = register_rows.digest(db, province)
        rows = register_rows.load(db, province)
    codes = _codes(rows)
    points = _points(rows, codes)
    persons = _persons(rows, codes, points, province)
    return Register(
        state=state,
        points=_records(Record.POINT, points, province),
        organisations=_records(
            Record.ORGANISATION, _organisations(rows, points, persons), province
        ),
        persons=_records(Record.STAFF, persons, province),
        inspections=_records(Record.INSPECTION, _inspections(rows, points), province),
        rows=rows,
    )


def _codes(rows: RegisterRows) -> dict[str, str]:
    """Return the codes of organisations by name: lists may name theirs without a code."""
    known = rows.organisations
    return dict(zip(known["name"], known["organisation_code"], strict=True))


def _points(rows: RegisterRows, codes: Mapping[str, str]) -> pd.DataFrame:
    frame = rows.points.copy()
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
    members = _texts(rows.staff["point_code"])
    counts = pd.Series(members, dtype=object).value_counts().to_dict()
    keys = zip(_texts(frame["official_code"]), _texts(frame["point_id"]), strict=True)
    return frame.assign(
        owner=owner, owner_name=[names.get(o, c) for o, c in zip(owner, called, strict=True)],
        commune_code=commune, commune=[rows.communes.get(each, each) for each in commune],
        former_code=former, former=[rows.former.get(each, each) for each in former],
        office=office, ends=[ends.get(each, "") for each in owner],
        registered=[counts.get(code or point, 0) for code, point in keys],
    )  # fmt: skip


def _persons(
    rows: RegisterRows, codes: Mapping[str, str], points: pd.DataFrame, province: str
) -> pd.DataFrame:
    """Return one row per person, with the points they stand at as a list of their ids."""
    staff = rows.staff
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
        handle=[handle(province, str(each)) for each in first["person_id"]],
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


def _inspections(rows: RegisterRows, points: pd.DataFrame) -> pd.DataFrame:
    columns = ["point_id", "name", "owner", "owner_name", "commune_code", "commune", "office"]
    about = points[columns].rename(columns={"name": "point"})
    joined = rows.inspections.merge(about, on="point_id", how="left")
    filled = {name: joined[name].fillna("") for name in columns[2:]}
    return joined.assign(point=joined["point"].fillna(joined["point_id"]), **filled)


def _records(kind: Record, frame: pd.DataFrame, province: str) -> Records:
    """Return the records of a kind with their owners and the text they are found by."""
    keys = list(zip(_texts(frame["owner"]), _texts(frame["commune_code"]),
                    _texts(frame["office"]), strict=True))  # fmt: skip
    different = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    said = pd.Series([""] * len(frame), dtype=object)
    for column in (*_SAID[kind], "owner_name", "commune"):
        if column in frame:
            said = said + " " + pd.Series(_texts(frame[column]), dtype=object)
    folded = [search_key(each) for each in said]
    return Records(
        kind, frame.reset_index(drop=True).assign(said=folded),
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


def _texts(column: pd.Series) -> list[str]:
    """Return a column as texts, empty where nothing is given."""
    return [str(each) for each in column.astype(object).where(column.notna(), "").tolist()]


def _rank(column: pd.Series) -> NDArray[np.int64]:
    """Return the place of each value in the order of the column, shape (n,)."""
    numbers = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    key: Callable[[Any], Any] = (lambda each: each) if numbers else lambda each: sort_key(str(each))
    codes, values = pd.factorize(column.astype(object))
    given = [each for each in values if each not in {"", None}]
    place = {each: at for at, each in enumerate(sorted(given, key=key))}
    last = len(place)
    ranks = np.array([place.get(each, last) for each in values] + [last], dtype=np.int64)
    return np.asarray(ranks[codes])
