"""What a planner may ask of a plan, part by part; each part says what is wrong with it.

The names of the fields are the keys of a question written as a file (see README.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geo.errors import N_, Word
from planning.model.errors import RequestError
from planning.model.standards import TerrainClass

AT_HOST_M = 250.0  # a point this near to a host could be in it; and: the same place
MOST_POINTS = 500
MOST_LISTED = 1000  # codes, places or groups in one list
EVERY = "all"  # in a list of codes: every one there is
_MOST_MONEY = 10**9  # thousand đồng
_MOST_PEOPLE = 10**7
_MOST_TEXT = 200

WHOLE = N_("%(what)s must be a whole number from %(least)s to %(most)s, not %(value)s.")
NUMBER = N_("%(what)s must be a number from %(least)s to %(most)s, not %(value)s.")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a question: which key, and a message id with its values.

    `joint` says that two keys contradict each other, each being right by itself.
    """

    key: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    joint: bool = False


class AskError(RequestError):
    """A question that cannot be put; says the first thing wrong, `wrongs` holds them all."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__(wrongs[0].message, **wrongs[0].params)
        self.wrongs = tuple(wrongs)


class Part:
    """A part of a question: made only when nothing is wrong with it."""

    __slots__ = ()

    def __post_init__(self) -> None:
        if wrongs := list(self.wrong()):
            raise AskError(wrongs)

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        raise NotImplementedError


class CandidateKind(StrEnum):
    """What a place where a point could stand is."""

    HOST = "host"
    SEAT = "commune seat"
    ONLINE = "online point"
    SETTLEMENT = "settlement"
    CENTRE = "cluster centre"
    NAMED = "named place"  # locked in by its coordinates, nothing else is known of it


@dataclass(frozen=True, slots=True)
class Limits(Part):
    """At least and at most so many points in each commune, the exempt ones left alone.

    Points that are open count. Where more than `most` stand today none is added, and none
    has to go.
    """

    least: int = 0
    most: int | None = None
    exempt: tuple[str, ...] = ()

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        yield from whole("least", N_("The least points per commune"), self.least, 0, MOST_POINTS)
        if self.most is not None:
            yield from whole("most", N_("The most points per commune"), self.most, 1, MOST_POINTS)
            if self.most < self.least:
                yield Wrong(
                    "most",
                    N_("At most %(most)s points per commune contradicts at least %(least)s; raise the one or lower the other."),
                    {"most": self.most, "least": self.least}, joint=True,
                )  # fmt: skip
        yield from codes("exempt", self.exempt)


@dataclass(frozen=True, slots=True)
class Budget(Part):
    """What new points may cost together, and each by the type of its host.

    Whole thousands of đồng. `cost` holds (host type, cost); any other site costs
    `default_cost`.
    """

    thousand_dong: int
    default_cost: int = 0
    cost: tuple[tuple[str, int], ...] = ()

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        money = N_("An amount of money in whole thousands of đồng")
        yield from whole("thousand_dong", money, self.thousand_dong, 0, _MOST_MONEY)
        yield from whole("default_cost", money, self.default_cost, 0, _MOST_MONEY)
        yield from texts("cost", tuple(name for name, _ in self.cost))
        for name, each in self.cost:
            yield from whole(f"cost.{name}", money, each, 0, _MOST_MONEY)


@dataclass(frozen=True, slots=True)
class Capacity(Part):
    """How many people a point can serve.

    `people_per_staff` times its staff where the list of points names them, else
    `people_per_point`, which holds for every new point.
    """

    people_per_point: int
    people_per_staff: int | None = None

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        what = N_("The people whom a point can serve")
        yield from whole("people_per_point", what, self.people_per_point, 1, _MOST_PEOPLE)
        if self.people_per_staff is not None:
            yield from whole("people_per_staff", what, self.people_per_staff, 1, _MOST_PEOPLE)


@dataclass(frozen=True, slots=True)
class Group(Part):
    """Named communes, by code or by terrain, and what they shall have at least.

    `share` of their people served (0..1), or so many `points`, those that stay included.
    """

    name: str
    communes: tuple[str, ...] = ()
    terrain: TerrainClass | None = None
    share: float | None = None
    points: int | None = None

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        yield from texts("name", (self.name,))
        yield from codes("communes", self.communes)
        if bool(self.communes) == (self.terrain is not None):
            yield Wrong(
                "communes",
                N_("A group is named by a list of communes or by a terrain class, one of the two."),
                joint=True,
            )
        if (self.share is None) == (self.points is None):
            yield Wrong(
                "share",
                N_("A group gets a least share of people served or a least number of points, one of the two."),
                joint=True,
            )  # fmt: skip
        if self.share is not None:
            yield from number("share", N_("A share of people"), self.share, 0.0, 1.0)
        if self.points is not None:
            yield from whole("points", N_("The points of a group"), self.points, 1, MOST_POINTS)


@dataclass(frozen=True, slots=True)
class Existing(Part):
    """What may happen to points that are open: `closable` are their codes, or EVERY.

    So many of them may move to another place, and so many must close without replacement.
    """

    closable: tuple[str, ...] = ()
    moves: int = 0
    closings: int = 0

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        yield from texts("closable", self.closable)
        yield from whole("moves", N_("The points that may move"), self.moves, 0, MOST_POINTS)
        yield from whole(
            "closings", N_("The points that must close"), self.closings, 0, MOST_POINTS
        )
        if bool(self.closable) != bool(self.moves or self.closings):
            yield Wrong(
                "closable",
                N_("Say both which points may close or move and how many of them: one of the two is missing."),
                joint=True,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variation(Part):
    """Other circumstances under which the question is asked again, to see how firm a plan is.

    `radius` multiplies every radius: a slower way, another standard. `people` is by how much
    the people of each commune may differ, as a share, drawn with the seed.
    """

    name: str
    radius: float = 1.0
    people: float = 0.0

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        yield from texts("name", (self.name,))
        yield from number("radius", N_("The factor of the radii"), self.radius, 0.2, 5.0)
        yield from number("people", N_("A share of people"), self.people, 0.0, 0.9)


@dataclass(frozen=True, slots=True)
class RuleWishes(Part):
    """Which plans are allowed.

    `spacing_km` holds between new points and to those that stay. `kinds` and `host_types`
    allow only such candidates, all where empty; a candidate's host stands within
    `host_within_km`, or within 250 m. Places are the id of a candidate (its longitude and
    latitude, “105.123456,10.654321”) or the name of a host.
    """

    per_commune: Limits = field(default_factory=Limits)
    per_former_commune: Limits = field(default_factory=Limits)
    spacing_km: float | None = None
    worst_km: float | None = None
    kinds: tuple[CandidateKind, ...] = ()
    host_types: tuple[str, ...] = ()
    host_within_km: float | None = None
    locked_in: tuple[str, ...] = ()
    locked_out: tuple[str, ...] = ()
    capacity: Capacity | None = None
    groups: tuple[Group, ...] = ()

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        km = {
            "spacing_km": N_("The distance between points in kilometres"),
            "worst_km": N_("The farthest distance in kilometres"),
            "host_within_km": N_("The distance to a host in kilometres"),
        }
        for key, what in km.items():
            value = getattr(self, key)
            if value is not None:
                yield from number(key, what, value, 0.01, 200.0)
        for key in ("host_types", "locked_in", "locked_out"):
            yield from texts(key, getattr(self, key))
        yield from listed("kinds", self.kinds)
        yield from listed("groups", self.groups)
        if both := sorted(set(self.locked_in) & set(self.locked_out)):
            yield Wrong(
                "locked_in",
                N_("“%(place)s” is both locked in and locked out; take it from one of the lists."),
                {"place": both[0]},
                joint=True,
            )
        names = [each.name for each in self.groups]
        if len(set(names)) < len(names):
            yield Wrong("groups", N_("Two groups have the same name; give each its own."))


def whole(key: str, what: str, value: Any, least: int, most: int) -> Iterator[Wrong]:
    """Yield what is wrong with a whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        yield _range(key, WHOLE, what, value, (least, most))


def number(key: str, what: str, value: Any, least: float, most: float) -> Iterator[Wrong]:
    """Yield what is wrong with a number; one that is not a number is below no limit."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        yield _range(key, NUMBER, what, value, (least, most))


def texts(key: str, values: tuple[str, ...]) -> Iterator[Wrong]:
    """Yield what is wrong with names and other texts."""
    yield from listed(key, values)
    for each in values:
        if not each.strip() or len(each) > _MOST_TEXT or not each.isprintable():
            shown = "".join(letter if letter.isprintable() else "?" for letter in each[:40])
            yield Wrong(
                key,
                N_("A name or code is one line of 1 to %(most)s characters; “%(value)s” is not."),
                {"most": _MOST_TEXT, "value": shown},
            )


def codes(key: str, values: tuple[str, ...]) -> Iterator[Wrong]:
    """Yield what is wrong with codes of communes."""
    yield from listed(key, values)
    for each in values:
        if len(each) != 5 or not (each.isascii() and each.isdigit()):
            yield Wrong(
                key,
                N_("A commune code is five digits written as text, such as 30628, not “%(value)s”."),
                {"value": each[:40]},
            )  # fmt: skip


def listed(key: str, values: tuple[Any, ...]) -> Iterator[Wrong]:
    """Yield what is wrong with a list as such: too long, or something twice."""
    if len(values) > MOST_LISTED:
        yield Wrong(
            key,
            N_("A list has at most %(most)s entries, not %(count)s."),
            {"most": MOST_LISTED, "count": len(values)},
        )
    seen: set[Any] = set()
    for each in values:
        if each in seen:
            yield Wrong(
                key,
                N_("“%(value)s” stands twice in the list; name it once."),
                {"value": str(getattr(each, "name", each))[:40]},
            )
            return
        seen.add(each)


def _range(key: str, message: str, what: str, value: Any, limits: tuple[float, float]) -> Wrong:
    least, most = limits
    shown = value if isinstance(value, int) and abs(value) < 10**15 else str(value)[:40]
    return Wrong(key, message, {"what": Word(what), "least": least, "most": most, "value": shown})
