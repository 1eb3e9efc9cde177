"""What the cells of a table mean in the register: communes, offices, organisations, points, staff."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from geo.names import name_key
from geo.places import FormerCommune, Match, Register, match_commune
from geo.sources.rows import Cells, Seen, Texts, there
from planning.store import looked_up

_OFFICE = ("bhxh cơ sở", "bảo hiểm xã hội cơ sở", "bhxh")


@dataclass(frozen=True, slots=True)
class Vintage:
    """The communes in force from one day to another (empty: until now)."""

    first: str
    last: str
    names: Mapping[str, str]  # code → full name
    offices: Mapping[str, str]  # code → BHXH cơ sở
    register: Register

    def match(self, written: str) -> Match:
        """Return the commune of a name, with its district where several have it."""
        return match_commune(written, self.register)


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A point as the register has it: `closed` is the day it was, empty where it is open."""

    point_id: str
    organisation: str
    commune: str
    status: str
    closed: str


class KnownRegister:
    """The register of a province as tables name it, each part read when it is first needed."""

    def __init__(self, db: sa.Connection, province: str) -> None:
        self._communes = looked_up.communes(db, province)
        self._organisations = looked_up.organisations(db, province)
        self._points = looked_up.points(db, province)
        self._staff = looked_up.staff(db, province)

    @cached_property
    def vintages(self) -> tuple[Vintage, ...]:
        """The vintages of the communes, oldest first."""
        return tuple(_vintage(str(day), rows) for day, rows in self._communes.groupby("valid_from"))

    def vintage_on(self, day: str) -> Vintage | None:
        """Return the vintage in force on a day, the nearest where none is; None without any."""
        begun = [each for each in self.vintages if each.first <= day]
        return begun[-1] if begun else next(iter(self.vintages), None)

    @cached_property
    def offices(self) -> Mapping[str, str]:
        """Key of the name → name of every BHXH cơ sở of communes and points."""
        named = pd.concat([self._communes["office"], self._points["office"]]).dropna()
        return {office_key(str(each)): str(each) for each in named.unique()}

    @cached_property
    def organisations(self) -> Mapping[str, str]:
        """Code, and key of each present or former name, → code of the organisation.

        One of the points alone counts too, by its name where it has no code. A name that two
        organisations have leads to neither.
        """
        return looked_up.organisation_codes(self._organisations, self._points)

    def organisation(self, code: str | None, name: str | None) -> str | None:
        """Return the code of an organisation by its code, else by its name; None if unknown."""
        return looked_up.organisation_of(self.organisations, code, name)

    @cached_property
    def points(self) -> Mapping[str, KnownPoint]:
        """Official code, else own id, else a former code → point."""
        own: dict[str, KnownPoint] = {}
        coded: dict[str, KnownPoint] = {}
        former: dict[str, KnownPoint] = {}
        for row in self._points.to_dict("records"):
            shut = row["status"] == "closed"
            point = KnownPoint(
                row["point_id"],
                self.organisation(row["organisation_code"], row["organisation"]) or "",
                row["commune_code"] or "", row["status"],
                (row["closed"] or row["status_since"] or "") if shut else "",
            )  # fmt: skip
            own[point.point_id] = point
            if row["official_code"] is not None:
                coded[row["official_code"]] = point
            for each in looked_up.several(row["former_codes"]):
                former[each] = point
        return {**former, **own, **coded}

    @cached_property
    def staff(self) -> Mapping[str, tuple[str, str]]:
        """Number of a member of staff → code of the organisation, id of the point (or empty)."""
        found: dict[str, tuple[str, str]] = {}
        for number, employer, code in self._staff.itertuples(index=False):
            point = self.points.get(str(code)) if code is not None else None
            whose = self.organisation(str(employer), str(employer)) or str(employer)
            found[str(number)] = (whose, "" if point is None else point.point_id)
        return found


def office_key(name: str) -> str:
    """Return the key of a BHXH cơ sở's name, which is written with and without these words."""
    key = " ".join(name.lower().split())
    for each in _OFFICE:
        key = key.removeprefix(each).strip()
    return name_key(key)


def each_pair(
    first: Texts, second: Texts, find: Callable[[str, str], Any]
) -> NDArray[np.object_]:  # fmt: skip
    """Return `find` of every pair of texts, each distinct pair asked once; None beside None."""
    ones, one = pd.factorize(first)
    others, other = pd.factorize(second)
    both = np.where((ones >= 0) & (others >= 0), ones * max(1, len(other)) + others, -1)
    at, distinct = pd.factorize(both)
    found = np.empty(len(distinct), dtype=object)
    for place, pair in enumerate(distinct):
        if pair >= 0:
            found[place] = find(one[pair // len(other)], other[pair % len(other)])
    return found[at]


def see_each(
    cells: Cells, where: NDArray[np.bool_], field: str, seen: Seen,
    params: Callable[[int], dict[str, object]] | None = None,
) -> None:  # fmt: skip
    """Report something in a field's cells once for every text, with the number of its rows.

    Tables of figures have hundreds of thousands of rows, and one wrong code stands on many.
    """
    places = np.flatnonzero(where)
    if not len(places):
        return
    texts = cells.written(field)[places]
    keys, _ = pd.factorize(np.where(there(texts), texts, ""))
    counts = np.bincount(keys)
    _, begins = np.unique(keys, return_index=True)
    told = {
        int(places[at]): {"count": int(counts[keys[at]]), **(params(int(places[at])) if params else {})}
        for at in sorted(begins)
    }  # fmt: skip
    cells.see(told, field, seen, told.__getitem__)


def _vintage(first: str, rows: pd.DataFrame) -> Vintage:
    codes, names = list(map(str, rows["code"])), list(map(str, rows["full_name"]))
    lay = [
        FormerCommune(code, name, str(district), code)
        for code, name, district in zip(codes, names, rows["district"], strict=True)
        if district is not None
    ]
    office = rows[rows["office"].notna()]
    return Vintage(
        first, str(rows["valid_to"].dropna().max()) if rows["valid_to"].notna().any() else "",
        dict(zip(codes, names, strict=True)),
        dict(zip(office["code"], office["office"], strict=True)),
        Register(zip(codes, names, strict=True), lay),
    )  # fmt: skip
