"""What in the kept data still needs a hand: items, the mends each offers, the whole report."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from geo.errors import N_, filled


class Kind(StrEnum):
    """What is the matter."""

    OUTSIDE = "outside"  # a point lies in no commune of the province
    NOBODY_NEAR = "nobody-near"  # nobody lives within a kilometre by the population grid
    OTHER_COMMUNE = "other-commune"  # the written commune is not the one of the coordinates
    SAME_POINT = "same-point"  # two points less than 10 m apart
    SAME_NAME = "same-name"  # two points within 110 m with the same or a similar name
    SHARED_PLACE = "shared-place"  # three or more points with the same coordinates
    CODE_TWICE = "code-twice"  # one official code on several points
    CODE_INVALID = "code-invalid"  # what is written is no official code
    CODE_ELSEWHERE = "code-elsewhere"  # the official code names another commune
    PEOPLE_UNKNOWN = "people-unknown"  # a commune's population is not known
    DENSITY = "density"  # a commune's density is hardly possible, or far from the grid's
    STAFF_ASTRAY = "staff-astray"  # an organisation's staff name no point that stands


class Gravity(IntEnum):
    """How much it matters, the gravest highest."""

    LOW = 1  # worth a look
    MIDDLE = 2  # a record may be wrong, and lists and counts with it
    HIGH = 3  # what is measured may be wrong, or leaves people out


GRAVITY = {
    Kind.PEOPLE_UNKNOWN: Gravity.HIGH,
    Kind.DENSITY: Gravity.HIGH,
    Kind.OUTSIDE: Gravity.HIGH,
    Kind.NOBODY_NEAR: Gravity.HIGH,
    Kind.CODE_TWICE: Gravity.MIDDLE,
    Kind.SAME_POINT: Gravity.MIDDLE,
    Kind.SHARED_PLACE: Gravity.MIDDLE,
    Kind.SAME_NAME: Gravity.MIDDLE,
    Kind.OTHER_COMMUNE: Gravity.MIDDLE,
    Kind.STAFF_ASTRAY: Gravity.MIDDLE,
    Kind.CODE_INVALID: Gravity.LOW,
    Kind.CODE_ELSEWHERE: Gravity.LOW,
}  # the kinds from the gravest down, as they are listed


class Action(StrEnum):
    """What a mend does."""

    SEEN = "seen"  # it is right as it stands; nothing is changed
    TAKE_COMMUNE = "take-commune"
    CLOSE = "close"
    SUSPEND = "suspend"
    REMOVE = "remove"
    TAKE_CODE = "take-code"
    CLEAR_CODE = "clear-code"
    TAKE_GRID = "take-grid"
    TAKE_FORMER = "take-former"


# What the button of an action says; what it says was done; what the record of it is called.
LABELS = {
    Action.TAKE_COMMUNE: N_("Take the commune of the coordinates: %(value_name)s"),
    Action.CLOSE: N_("Close %(name)s"),
    Action.SUSPEND: N_("Suspend %(name)s"),
    Action.REMOVE: N_("Remove %(name)s"),
    Action.TAKE_CODE: N_("Give %(name)s the code %(value)s"),
    Action.CLEAR_CODE: N_("Clear the code of %(name)s"),
    Action.TAKE_GRID: N_("Take the grid's estimate: %(value)s people"),
    Action.TAKE_FORMER: N_("Take the sum of the former communes: %(value)s people"),
}
SEEN_LABELS = {
    Kind.OTHER_COMMUNE: N_("Keep as written"),
    Kind.SAME_POINT: N_("Both are right"),
    Kind.SAME_NAME: N_("Both are right"),
    Kind.SHARED_PLACE: N_("All are right"),
    Kind.OUTSIDE: N_("The place is right"),
    Kind.NOBODY_NEAR: N_("The place is right"),
    Kind.PEOPLE_UNKNOWN: N_("Leave unknown"),
    Kind.DENSITY: N_("The number is right"),
    Kind.CODE_TWICE: N_("Leave as written"),
    Kind.CODE_INVALID: N_("Leave as written"),
    Kind.CODE_ELSEWHERE: N_("Leave as written"),
    Kind.STAFF_ASTRAY: N_("It is known"),
}

# The sentence of an item, by kind; the density has one for each way of being odd.
SENTENCES = {
    Kind.OUTSIDE: N_("%(name)s lies %(metres)s m outside every commune of the province."),
    Kind.NOBODY_NEAR: N_("%(name)s: no cell of the population grid with a person or more comes within 1 km; it may stand in water."),
    Kind.OTHER_COMMUNE: N_("%(name)s is written in %(written)s, but its coordinates lie in %(lies)s."),
    Kind.SAME_POINT: N_("%(name)s and %(other)s are %(metres)s m apart."),
    Kind.SAME_NAME: N_("%(name)s and %(other)s have the same or a similar name and are %(metres)s m apart."),
    Kind.SHARED_PLACE: N_("%(count)s points have the same coordinates, the first of them %(name)s."),
    Kind.CODE_TWICE: N_("%(count)s points bear the official code %(code)s, the first of them %(name)s."),
    Kind.CODE_INVALID: N_("The official code of %(name)s, “%(code)s”, is not of the form of Công văn 1804/BHXH-QLT."),
    Kind.CODE_ELSEWHERE: N_("The official code of %(name)s names %(written)s, but its coordinates lie in %(lies)s."),
    Kind.STAFF_ASTRAY: N_("%(count)s staff of %(name)s name no point that is open or planned; write the point's official code in the list of staff and import it again."),
    Kind.PEOPLE_UNKNOWN: N_("The population of %(name)s is not known; its people are in no figure."),
}  # fmt: skip
TOO_FEW = N_("%(name)s: %(people)s people on %(area)s km² are %(density)s per km², fewer than %(least)s.")  # fmt: skip
TOO_MANY = N_("%(name)s: %(people)s people on %(area)s km² are %(density)s per km², more than %(most)s.")  # fmt: skip
UNLIKE_GRID = N_("%(name)s: %(people)s people, where the population grid has %(grid)s: %(factor)s times apart.")  # fmt: skip

Say = Callable[[str], str]
Number = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Record:
    """A row that an item is about: a point by its id, a commune by its code, an organisation by name."""

    what: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Mend:
    """One way out that an item offers; `value` is what would be written, None where nothing is.

    `value_name` is how a commune taken as value is called.
    """

    action: Action
    record: Record | None = None
    value: str | int | None = None
    value_name: str | None = None

    @property
    def key(self) -> str:
        """The name of the mend in a form; another value is another mend."""
        record = self.record.id if self.record else ""
        return _short(self.action, record, str(self.value))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs a hand: where, what, in numbers, and the mends it offers.

    `lon` and `lat` are degrees, None where it has no place. `sentence` fills `message`, a message id, from `params`.
    """

    kind: Kind
    message: str
    params: dict[str, object]
    records: tuple[Record, ...]
    lon: float | None
    lat: float | None
    mends: tuple[Mend, ...] = field(default=())

    @property
    def key(self) -> str:
        """The same for the same kind and records, whatever else changes."""
        return f"{self.kind}-{_short(*sorted(each.id for each in self.records))}"

    @property
    def gravity(self) -> Gravity:
        """How much it matters."""
        return GRAVITY[self.kind]

    def sentence(self, say: Say, number: Number | None = None) -> str:
        """Return what is the matter, in the language of `say`."""
        return say(self.message) % filled(self.params, say, number)

    def label(self, mend: Mend, say: Say, number: Number | None = None) -> str:
        """Return what the button of one of its mends says."""
        if mend.action is Action.SEEN:
            return say(SEEN_LABELS[self.kind])
        name = mend.record.name if mend.record else ""
        given = {"name": name, "value": mend.value, "value_name": mend.value_name}
        return say(LABELS[mend.action]) % filled(given, say, number)

    def as_dict(self) -> dict[str, Any]:
        """Return the item as plain values."""
        return {
            "key": self.key, "kind": self.kind.value, "gravity": self.gravity.name.lower(),
            "sentence": self.sentence(str), "records": [asdict(each) for each in self.records],
            "lon": self.lon, "lat": self.lat,
            "mends": [{"key": each.key, "action": each.action.value,
                       "record": each.record and each.record.id, "value": each.value,
                       "label": self.label(each, str)} for each in self.mends],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody's decision that an item is right as it stands."""

    key: str
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class AttentionReport:
    """Everything that needs a hand, the gravest first, and what somebody found right.

    `valid_from` names the boundaries it was looked at on. `with_grid` says whether there is a
    population grid, without which neither water nor estimates can be told. `former_codes`
    counts official codes that name a former commune of the place: they wait for renewal.
    `left_out` are rows of imports in force that were not kept and that nobody has settled.
    """

    valid_from: str
    items: tuple[Item, ...]
    seen: tuple[tuple[Item, Seen], ...]
    with_grid: bool
    former_codes: int
    left_out: int

    def counts(self) -> dict[Kind, int]:
        """Return how many items there are of each kind, the gravest kinds first."""
        found = dict.fromkeys(GRAVITY, 0)
        for each in self.items:
            found[each.kind] += 1
        return {kind: count for kind, count in found.items() if count}

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "valid_from": self.valid_from, "with_grid": self.with_grid,
            "former_codes": self.former_codes, "left_out": self.left_out,
            "counts": {kind.value: count for kind, count in self.counts().items()},
            "items": [each.as_dict() for each in self.items],
            "seen": [{**item.as_dict(), "by": seen.by, "at": seen.at, "why": seen.why}
                     for item, seen in self.seen],
        }  # fmt: skip


def gravest_first(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items by kind, the gravest kinds first, each kind by the names of its records."""
    order = list(GRAVITY)
    return tuple(
        sorted(items, key=lambda each: (order.index(each.kind), [(r.name, r.id) for r in each.records]))
    )  # fmt: skip


def _short(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
