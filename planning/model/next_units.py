"""What to add next: another staff member at a point, or a new point; each as one unit of work."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from geo.errors import N_
from planning.model.errors import RequestError

MOST_UNITS = 100


class UnitKind(StrEnum):
    """What one unit is."""

    STAFF = "staff"  # another staff member where there is a point
    POINT = "point"  # a new point with one staff member


@dataclass(frozen=True, slots=True)
class UnitsAsk:
    """How many units, each serving `people_per_staff`; `kinds` are those that may be added.

    Raises `RequestError` for numbers that cannot be meant.
    """

    units: int
    people_per_staff: int
    kinds: frozenset[UnitKind] = frozenset(UnitKind)

    def __post_init__(self) -> None:
        if not 1 <= self.units <= MOST_UNITS:
            raise RequestError(
                N_("Between 1 and %(most)s staff members or points can be asked for, not %(units)s."),
                most=MOST_UNITS, units=self.units,
            )  # fmt: skip
        if self.people_per_staff < 1:
            raise RequestError(N_("One staff member must serve at least one person."))


@dataclass(frozen=True, slots=True)
class AddedUnit:
    """One staff member more, and where.

    `place` is the id of the point, or of the candidate where a new point stands; `opened` is
    the rank of the unit that opened the point, None for a point that exists, and its own rank
    where this unit opens it. `people` are those whom it brings within capacity in addition
    to all units before it.
    """

    rank: int
    kind: UnitKind
    place: str
    name: str
    commune_code: str | None
    commune: str
    lon: float
    lat: float
    host: str | None
    host_m: float | None
    people: float
    opened: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the unit as plain values for JSON: people, degrees, metres."""
        return asdict(self) | {"kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class NextUnits:
    """Units in the order chosen, each the one that helps most after those before it.

    `people_beyond` are the people today whom the staff within reach cannot serve, each member
    serving `ask.people_per_staff`. No choice of as many units from the same places brings more
    than `bound` people within capacity.
    """

    ask: UnitsAsk
    people: int
    people_beyond: float
    bound: float
    units: tuple[AddedUnit, ...]
    places: int
    fingerprint: str

    @property
    def people_gained(self) -> float:
        """People whom all units bring within capacity."""
        return sum(each.people for each in self.units)

    @property
    def share_of_bound(self) -> float | None:
        """The gain as a share of the bound; None where nothing can be gained."""
        return self.people_gained / self.bound if self.bound > 0 else None

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON."""
        return {
            "ask": {"units": self.ask.units, "people_per_staff": self.ask.people_per_staff,
                    "kinds": sorted(self.ask.kinds)},
            "people": self.people, "people_beyond": self.people_beyond,
            "people_gained": self.people_gained, "bound": self.bound,
            "share_of_bound": self.share_of_bound, "places": self.places,
            "units": [each.as_dict() for each in self.units], "fingerprint": self.fingerprint,
        }  # fmt: skip
