"""A scenario: a named list of changes to the network as it is, never a copy of it.

Changes are made in steps; a step can be undone and done again. What the steps in force make
of the network is an `Outline`: points added, listed points altered, places locked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from geo.errors import N_
from planning.model.errors import NotFoundError, PlanningError, RequestError

MOST_CHANGES, MOST_NAME, MOST_TEXT = 2000, 120, 1000
NEW, PLACE = "+", "@"  # how ids of added points and of locked places begin
KINDS = ("direct", "online", "mobile")


class ChangeKind(StrEnum):
    """What one change does."""

    ADD = "add"
    MOVE = "move"
    CLOSE = "close"
    OPEN = "open"  # a listed point that is planned, suspended or closed
    KIND = "kind"  # direct, online or mobile
    LOCK_IN = "lock-in"  # a point stays as it is; at a place a suggestion must put a point
    LOCK_OUT = "lock-out"  # a suggestion puts no point at this place
    RESTORE = "restore"  # takes back a lock, or whatever was done to a listed point


_PLACED = (ChangeKind.ADD, ChangeKind.MOVE, ChangeKind.LOCK_OUT)
NO_POINT = N_("There is no point “%(point)s” in this scenario or in the list.")
HELD = N_("“%(point)s” is locked in; take the lock away first.")
NO_PLACE = N_("A place needs a latitude from -90 to 90 and a longitude from -180 to 180.")
NOTHING = N_("Nothing was done to “%(point)s” that could be taken back.")


class StaleError(PlanningError):
    """A scenario was changed by somebody else since it was read; `version` is its present one."""

    def __init__(self, message: str, version: int, **params: object) -> None:
        super().__init__(message, **params)
        self.version = version


class DeletedError(NotFoundError):
    """A scenario that was deleted; it can be brought back."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `point_id` is the point's, or the lock's; empty where a new one is made.

    `lon` and `lat` are degrees; `to` the kind a point becomes or is added as; `name` and
    `host` are of added points and of locked places.
    """

    kind: ChangeKind
    point_id: str = ""
    lon: float | None = None
    lat: float | None = None
    to: str = ""
    name: str = ""
    host: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        placed = self.lon is not None and self.lat is not None
        if (self.kind in _PLACED or self.lon is not None or self.lat is not None) and not (
            placed and _on_earth(self.lon, self.lat)
        ):
            raise RequestError(NO_PLACE)
        if self.kind is ChangeKind.KIND and self.to not in KINDS:
            raise RequestError(N_("A point is direct, online or mobile, not “%(kind)s”."), kind=self.to[:40])  # fmt: skip
        if self.kind is ChangeKind.ADD and self.to not in ("", *KINDS):
            raise RequestError(N_("A point is direct, online or mobile, not “%(kind)s”."), kind=self.to[:40])  # fmt: skip
        for text, most in ((self.name, MOST_NAME), (self.host, MOST_NAME), (self.comment, MOST_TEXT)):  # fmt: skip
            require_text(text, most)

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain values for JSON, without what is empty."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) if name == "kind" else value
                for name, value in found.items() if value not in ("", None)}  # fmt: skip

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Change":
        """Return the change that plain values stand for."""
        known = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
        return cls(**{**known, "kind": ChangeKind(known["kind"])})


Step = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A point that a scenario adds."""

    id: str
    lon: float
    lat: float
    name: str
    kind: str
    host: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Altered:
    """What a scenario does to a listed point; None leaves it as the list has it."""

    id: str
    lon: float | None = None
    lat: float | None = None
    kind: str | None = None
    status: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """A place where a suggestion must (`inside`) or must not put a point."""

    id: str
    lon: float
    lat: float
    name: str
    inside: bool


@dataclass(frozen=True)
class Outline:
    """What the changes in force make of the network. `held` are ids of points locked in."""

    added: Mapping[str, Added] = field(default_factory=dict)
    altered: Mapping[str, Altered] = field(default_factory=dict)
    locks: Mapping[str, Lock] = field(default_factory=dict)
    held: frozenset[str] = frozenset()

    def after(self, change: Change) -> "Outline":
        """Return the outline after one more change; refuse one that cannot be made.

        Whether a listed point exists is not known here.
        """
        match change.kind:
            case ChangeKind.ADD:
                return self._with_added(change)
            case ChangeKind.LOCK_IN if not change.point_id and change.lon is None:
                raise RequestError(NO_PLACE)
            case ChangeKind.LOCK_IN if change.lon is None:
                if change.point_id not in self.added:
                    _require_listed(change.point_id)
                return replace(self, held=self.held | {change.point_id})
            case ChangeKind.LOCK_IN | ChangeKind.LOCK_OUT:
                return self._with_lock(change)
            case ChangeKind.RESTORE:
                return self._restored(change.point_id)
            case _:
                return self._done(change)

    def _with_added(self, change: Change) -> "Outline":
        assert change.lon is not None
        assert change.lat is not None
        new = Added(change.point_id, change.lon, change.lat, change.name, change.to or KINDS[0],
                    change.host, change.comment)  # fmt: skip
        return replace(self, added={**self.added, new.id: new})

    def _with_lock(self, change: Change) -> "Outline":
        assert change.lon is not None
        assert change.lat is not None
        inside = change.kind is ChangeKind.LOCK_IN
        new = Lock(change.point_id, change.lon, change.lat, change.name, inside)
        return replace(self, locks={**self.locks, new.id: new})

    def _restored(self, name: str) -> "Outline":
        if name in self.locks:
            return replace(self, locks=_without(self.locks, name))
        if name in self.held:
            return replace(self, held=self.held - {name})
        if name in self.altered:
            return replace(self, altered=_without(self.altered, name))
        raise RequestError(NOTHING, point=name)

    def _done(self, change: Change) -> "Outline":
        name = change.point_id
        if name in self.held:
            raise RequestError(HELD, point=name)
        if name in self.added:
            return self._done_to_added(self.added[name], change)
        _require_listed(name)
        now = self.altered.get(name, Altered(name))
        match change.kind:
            case ChangeKind.MOVE:
                then = replace(now, lon=change.lon, lat=change.lat)
            case ChangeKind.KIND:
                then = replace(now, kind=change.to)
            case ChangeKind.CLOSE:
                then = replace(now, status="closed")
            case _:
                then = replace(now, status="open")
        then = replace(then, comment=change.comment or now.comment)
        return replace(self, altered={**self.altered, name: then})

    def _done_to_added(self, now: Added, change: Change) -> "Outline":
        if change.kind is ChangeKind.CLOSE:
            return replace(self, added=_without(self.added, now.id))
        if change.kind is ChangeKind.MOVE:
            assert change.lon is not None
            assert change.lat is not None
            # What stood there belongs to the old place.
            then = replace(now, lon=change.lon, lat=change.lat, host=change.host)
        elif change.kind is ChangeKind.KIND:
            then = replace(now, kind=change.to)
        else:
            raise RequestError(N_("“%(point)s” is open already."), point=now.name or now.id)
        return replace(self, added={**self.added, now.id: then})


def outline(changes: Iterable[Change]) -> Outline:
    """Return what a list of changes makes of the network."""
    found = Outline()
    for each in changes:
        found = found.after(each)
    return found


@dataclass(frozen=True)
class Scenario:
    """A scenario as it is kept: steps done and undone, and when and by whom.

    The first `cursor` steps are in force, the others undone. `version` counts every write.
    `fingerprint` is of the data on which somebody last looked at the changes.
    """

    id: int
    province: str
    name: str
    note: str
    valid_from: str
    fingerprint: str
    version: int
    steps: tuple[Step, ...]
    cursor: int
    made_by: str
    made_at: str
    changed_by: str
    changed_at: str
    deleted_at: str | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes in force, in their order."""
        return tuple(each for step in self.steps[: self.cursor] for each in step)

    @property
    def outline(self) -> Outline:
        """What the changes in force make of the network."""
        return outline(self.changes)

    @property
    def can_undo(self) -> bool:
        """Whether a step is in force."""
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self.cursor < len(self.steps)

    def with_step(self, changes: Iterable[Change]) -> "Scenario":
        """Return the scenario after one more step; new points and places get their ids.

        Steps that were undone are dropped. Raises `RequestError` where a change cannot be
        made.
        """
        step = tuple(self._named(changes))
        if not step:
            raise RequestError(N_("Nothing was asked to change."))
        if len(self.changes) + len(step) > MOST_CHANGES:
            raise RequestError(N_("A scenario holds at most %(most)s changes."), most=MOST_CHANGES)
        done = (*self.steps[: self.cursor], step)
        then = replace(self, steps=done, cursor=len(done))
        _ = then.outline  # refuses what cannot be made
        return then

    def undone(self) -> "Scenario":
        """Return the scenario with its last step undone."""
        if not self.can_undo:
            raise RequestError(N_("There is nothing to undo."))
        return replace(self, cursor=self.cursor - 1)

    def redone(self) -> "Scenario":
        """Return the scenario with the step undone last done again."""
        if not self.can_redo:
            raise RequestError(N_("There is nothing to do again."))
        return replace(self, cursor=self.cursor + 1)

    def _named(self, changes: Iterable[Change]) -> Iterable[Change]:
        used = [each.point_id for each in self.changes if each.point_id[:1] in (NEW, PLACE)]
        last = max((int(each[1:]) for each in used if each[1:].isdigit()), default=0)
        for each in changes:
            placed = each.lon is not None and each.kind in (ChangeKind.LOCK_IN, ChangeKind.LOCK_OUT)
            if each.kind is ChangeKind.ADD or placed:
                last += 1
                sign = NEW if each.kind is ChangeKind.ADD else PLACE
                yield replace(each, point_id=f"{sign}{last}")
            else:
                yield each


def require_text(text: str, most: int) -> None:
    """Refuse a text that is too long or holds signs that cannot be shown."""
    if len(text) > most or not all(each.isprintable() or each == "\n" for each in text):
        raise RequestError(N_("A text has at most %(most)s characters, all of them printable."), most=most)  # fmt: skip


def require_name(name: str) -> str:
    """Return the name of a scenario without spaces around it; refuse an empty one."""
    name = " ".join(name.split())
    if not name:
        raise RequestError(N_("Give the scenario a name."))
    require_text(name, MOST_NAME)
    return name


def _require_listed(name: str) -> None:
    """Refuse the id of a new point or of a place where one of the list is meant."""
    if not name or name[0] in (NEW, PLACE):
        raise RequestError(NO_POINT, point=name)


def _on_earth(lon: object, lat: object) -> bool:
    plain = all(isinstance(each, int | float) and not isinstance(each, bool) and isfinite(each)
                for each in (lon, lat))  # fmt: skip
    return plain and -180 <= lon <= 180 and -90 <= lat <= 90  # type: ignore[operator]


def _without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}
