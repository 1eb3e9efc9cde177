"""The lists that the public reads: what is published of the register, and nothing besides.

What must be published are the organisations, the points and the staff (practice of Công văn
1935/BHXH-QLT; the portal prints code and name of organisation and staff). Telephones, cards,
certificates and numbers of persons have no place here: they are in no field of these rows.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from geo.names import search_key

# So many digits, however they are parted, may be a number of a person: identity numbers have
# 12 or 9 digits, those of social insurance 10, telephones 10 or 11.
PERSONAL_DIGITS = 9
_LEAST_SECRET = 4  # of a card or certificate: fewer signs are within many a code by chance
# Between digits: blanks of every kind, also of no width, dots, dashes, strokes, a closing
# bracket; an opening one begins anew, as in “Số 1 (0912 345 678)”.
_PARTING = r"[\s\u200b-\u200d\u2060\ufeff.·•\-\u2010-\u2015\u2212/)_]"
_RUN = re.compile(rf"(?<!\d)\d(?:{_PARTING}{{0,3}}\d){{{PERSONAL_DIGITS - 1},}}(?!\d)")
# Hours, in digits alone: 0730-1130 1330-1700, 7.30-11.30/13.30-17.00, 7.30 11.30.
_CLOCK = r"(?:[01]?\d|2[0-4])(?:\.?[0-5]\d)?"
_SPAN = rf"{_CLOCK}\s{{0,2}}[\-\u2010-\u2015\u2212]\s{{0,2}}{_CLOCK}"
_TIME = r"(?:[01]?\d|2[0-4])\.[0-5]\d"
_HOURS = re.compile(rf"{_SPAN}(?:[\s/]{{1,3}}{_SPAN})*|{_TIME}(?:\s{{1,3}}{_TIME})*")
_CLOSE_RUN = re.compile(rf"\d{{{PERSONAL_DIGITS},}}")
_IDENTITY = re.compile(r"(?<!\d)\d{12}(?!\d)")
_NOT_LETTERS = re.compile(r"[^0-9A-Za-z]")
LEFT_OUT = "…"
_SHORTEST_NAME, _LONGEST_NAME = 2, 6  # words of a person's name looked for in other texts


@dataclass(frozen=True, slots=True)
class PublicOrganisation:
    """An organisation as the public sees it: code, name, head office, area."""

    code: str
    name: str
    address: str
    area: str


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """An open or suspended point as the public sees it; `lon`, `lat` in WGS 84 degrees."""

    code: str
    name: str
    kind: str
    status: str
    address: str
    commune_code: str
    commune: str
    organisation_code: str
    organisation: str
    opening_hours: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PublicStaff:
    """A member of staff as the public sees them; `name` and `code` are empty where not published."""

    organisation_code: str
    organisation: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """How many staff of an organisation are published as a number alone."""

    organisation_code: str
    organisation: str
    people: int


@dataclass(frozen=True, slots=True)
class Lists:
    """The three lists, each in the order in which it is read."""

    organisations: tuple[PublicOrganisation, ...]
    points: tuple[PublicPoint, ...]
    staff: tuple[PublicStaff, ...]
    unnamed: tuple[Unnamed, ...]

    @property
    def people(self) -> int:
        """How many people collect, named or not."""
        return len(self.staff) + sum(each.people for each in self.unnamed)


LISTS = ("organisations", "points", "staff")


@dataclass(frozen=True, slots=True)
class Act:
    """By which document lists are published, from which day, and with which choice.

    `names`: the province decided that staff are published by name.
    """

    document: str
    day: str
    names: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The communes and the published points as lines for SVG, frozen with the lists.

    `areas` are code, name, the `d` of the path and its bounds; `marks` a place for every point.
    """

    width: int
    height: int
    bar_km: float
    bar_px: float
    areas: tuple[tuple[str, str, str, tuple[float, float, float, float]], ...]
    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that is published at once; its bytes are what is kept and hashed."""

    province: str
    province_name: str
    synthetic: bool
    data_date: str
    act: Act
    lists: Lists
    drawing: Drawing

    def as_bytes(self) -> bytes:
        """Return it as JSON, always the same bytes."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()

    @property
    def sha256(self) -> str:
        """The hash by which a copy is held against what was published."""
        return hashlib.sha256(self.as_bytes()).hexdigest()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Publication":
        """Return what `as_bytes` wrote, read as JSON."""
        lists, drawing = data["lists"], data["drawing"]
        areas = tuple((code, name, path, tuple(box)) for code, name, path, box in drawing["areas"])
        marks = tuple((x, y) for x, y in drawing["marks"])
        return cls(
            **{each: data[each] for each in ("province", "province_name", "synthetic", "data_date")},
            act=Act(**data["act"]),
            lists=Lists(
                tuple(PublicOrganisation(**each) for each in lists["organisations"]),
                tuple(PublicPoint(**each) for each in lists["points"]),
                tuple(PublicStaff(**each) for each in lists["staff"]),
                tuple(Unnamed(**each) for each in lists["unnamed"]),
            ),
            drawing=Drawing(**{**drawing, "areas": areas, "marks": marks}),
        )  # fmt: skip


# --- what is personal ---------------------------------------------------------------------


def publishable_code(code: str, secrets: Collection[str]) -> str:
    """Return the code of a member of staff, empty where it may be a number of the person.

    `secrets` are what else is known of them: a code that holds one of these is none either.
    A code that the reader of a list made itself begins with “#” and means nothing outside.
    """
    close = _NOT_LETTERS.sub("", code)
    told = (_NOT_LETTERS.sub("", each) for each in secrets)
    personal = _CLOSE_RUN.search(close) or any(
        len(each) >= _LEAST_SECRET and each.lower() in close.lower() for each in told
    )
    return "" if personal or code.startswith("#") else code


def publishable_organisation(code: str) -> str:
    """Return the code of an organisation, empty where it is the identity number of one person."""
    return "" if _IDENTITY.search(code) else code


def without_numbers(text: str, *, hours: bool = False) -> str:
    """Return a text without what may be a telephone or another number of a person.

    With `hours` a run of digits stays that is read as hours from its first digit to its last.
    """

    def left(run: re.Match[str]) -> str:
        return run[0] if hours and _HOURS.fullmatch(run[0]) else LEFT_OUT

    return _RUN.sub(left, text)


def naming(texts: Sequence[str], names: Collection[str]) -> Iterator[int]:
    """Yield which of the texts hold the whole name of one of these people, told by the words."""
    known = {tuple(search_key(each).split()) for each in names}
    known = {each for each in known if _SHORTEST_NAME <= len(each) <= _LONGEST_NAME}
    lengths = sorted({len(each) for each in known})
    for at, text in enumerate(texts):
        words = re.findall(r"\w+", search_key(text))
        if any(tuple(words[first : first + n]) in known
               for n in lengths for first in range(len(words) - n + 1)):  # fmt: skip
            yield at


# --- what changed -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that is published otherwise than before: what it is called, which fields differ."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one list has more, has no more, and says otherwise than the list before."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]

    @property
    def records(self) -> int:
        """How many records differ."""
        return len(self.added) + len(self.removed) + len(self.changed)


def differences(before: Lists | None, after: Lists) -> dict[str, Difference]:
    """Return by list what changed; without a list before everything is new.

    Staff are spoken of by code and organisation, never by name.
    """
    none = Lists((), (), (), ())
    return {
        name: _difference(getattr(before or none, name), getattr(after, name), _NAMED[name])
        for name in LISTS
    }


def _difference(
    before: Sequence[Any], after: Sequence[Any], named: Callable[[Any], tuple[str, str]]
) -> Difference:
    old, new = _keyed(before, named), _keyed(after, named)
    changed = []
    for key in old.keys() & new.keys():
        was, now = old[key], new[key]
        if was == now:
            continue
        differing = tuple(each.name for each in fields(now)
                          if getattr(was, each.name) != getattr(now, each.name))  # fmt: skip
        changed.append(Changed(named(now)[1], differing))
    return Difference(
        tuple(named(each)[1] for key, each in new.items() if key not in old),
        tuple(named(each)[1] for key, each in old.items() if key not in new),
        tuple(sorted(changed, key=lambda each: each.name)),
    )


def _keyed(
    rows: Sequence[Any], named: Callable[[Any], tuple[str, str]]
) -> dict[tuple[str, int], Any]:
    """Return rows by their key, and by their number among those with an equal one."""
    seen: Counter[str] = Counter()
    found = {}
    for each in rows:
        key = named(each)[0]
        found[key, seen[key]] = each
        seen[key] += 1
    return found


def _organisation(row: PublicOrganisation) -> tuple[str, str]:
    return row.code or row.name, row.name


def _point(row: PublicPoint) -> tuple[str, str]:
    return row.code or f"{row.name}|{row.address}", row.name


def _staff(row: PublicStaff) -> tuple[str, str]:
    whose = row.organisation or row.organisation_code
    return row.code or f"{whose}|{row.name}", f"{row.code or LEFT_OUT} ({whose})"


_NAMED: dict[str, Callable[[Any], tuple[str, str]]] = {
    "organisations": _organisation, "points": _point, "staff": _staff,
}  # fmt: skip
