"""How much work falls to the staff of a network: people per staff member within reach."""

from bisect import bisect_left
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from geo.errors import N_
from planning.model.coverage import PopulationBase
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard

MOST_PEOPLE_PER_STAFF = 1_000_000
LARGEST_RATIO = 20.0


@dataclass(frozen=True, slots=True)
class Zones:
    """How much a point counts for people at a distance, in zones of the service radius.

    `ends` are the outer ends of the zones as shares of the radius that holds where people
    live, rising to 1; `weights` what a point within each zone counts for, in 0..1. Exactly
    at an end belongs to the nearer zone; beyond the radius a point counts for nothing.
    """

    name: str
    ends: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.ends) != len(self.weights) or self.ends[-1:] != (1.0,):
            raise ValueError("one weight for each zone, the last of which ends at the radius")

    def weight(self, share: float) -> float:
        """Return the weight at a distance given as a share of the radius."""
        at = bisect_left(self.ends, share)
        return self.weights[at] if at < len(self.weights) else 0.0


_THIRDS = (1 / 3, 2 / 3, 1.0)
# Luo and Qi (2009), Health & Place 15(4), give both sets of Gaussian weights for the three
# ten-minute zones of a catchment of thirty minutes: here the thirds of the radius.
GENTLE = Zones("gentle", _THIRDS, (1.0, 0.68, 0.22))
SHARP = Zones("sharp", _THIRDS, (1.0, 0.42, 0.09))
EVEN = Zones("even", (1.0,), (1.0,))  # without weights: Luo and Wang (2003)
ZONES = {each.name: each for each in (GENTLE, SHARP, EVEN)}


class Verdict(StrEnum):
    """What the load of a point says beside the mean load of its province."""

    OVERLOADED = "overloaded"
    IDLE = "idle"
    BALANCED = "balanced"
    UNSTAFFED = "unstaffed"  # people within reach, but no staff
    UNKNOWN = "unknown"  # the people of its commune were not counted, so that more may fall to it


@dataclass(frozen=True, slots=True)
class Limits:
    """From when a point is overloaded or idle, and what staff is wanted.

    `over` and `under` are multiples of the mean load: the people that have staff within reach
    for every member of staff. `people_per_staff` is how many people one member of staff shall serve, None for the mean.
    Raises `RequestError` for what cannot be meant.
    """

    over: float = 1.5
    under: float = 0.5
    people_per_staff: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.under < self.over <= LARGEST_RATIO:
            raise RequestError(
                N_("Overloaded must begin above idle, both from 0 to %(most)s times the mean; %(under)s and %(over)s do not fit."),
                most=LARGEST_RATIO, under=self.under, over=self.over,
            )  # fmt: skip
        people = self.people_per_staff
        if people is not None and not 1 <= people <= MOST_PEOPLE_PER_STAFF:
            raise RequestError(
                N_("People per staff member must lie between 1 and %(most)s; %(people)s does not."),
                most=MOST_PEOPLE_PER_STAFF,
                people=people,
            )


@dataclass(frozen=True, slots=True)
class WorkloadAsk:
    """By which weights and limits the workload is asked for."""

    zones: Zones = GENTLE
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class CommuneLoad:
    """A commune's people and the staff within their reach.

    `staff_here` work at open direct points in the commune; `staff_share` is the part of all
    staff that falls to its people, wherever it works. `people_without` have no staff within
    reach. `staff_needed` is how many more would bring its people to the number wanted, were
    they there for this commune alone. None where the population is unknown.
    """

    code: str
    name: str
    people: int | None
    staff_here: int
    staff_share: float | None
    people_without: int | None
    staff_needed: int | None

    @property
    def per_10000(self) -> float | None:
        """Staff within reach for every 10,000 people; None for no people."""
        if not self.people or self.staff_share is None:
            return None
        return 10_000 * self.staff_share / self.people

    @property
    def people_per_staff(self) -> float | None:
        """People for every member of staff within reach; None where there is none."""
        return self.people / self.staff_share if self.people and self.staff_share else None

    def as_dict(self) -> dict[str, Any]:
        """Return the commune as plain values for JSON."""
        return asdict(self) | {
            "per_10000": self.per_10000,
            "people_per_staff": self.people_per_staff,
        }


@dataclass(frozen=True, slots=True)
class PointLoad:
    """An open direct point and the people who fall to it.

    `staff` is None where no list says: then one is counted. `people_in_reach` live
    within the radius, whoever else serves them; `people_falling` is its part of them when
    everybody is shared among the staff near them, by weight. `people_per_staff` is None
    without staff.
    """

    point_id: str
    name: str
    commune_code: str | None
    commune: str
    organisation: str
    staff: int | None
    people_in_reach: int
    people_falling: float
    people_per_staff: float | None
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """Return the point as plain values for JSON."""
        return asdict(self) | {"verdict": self.verdict.value}


@dataclass(frozen=True, slots=True)
class WorkloadReport:
    """Workload of a province and its parts, by one standard, one set of weights, some limits.

    `staff` counts all staff of open direct points, `staff_reached` those with somebody within
    reach; `points_unknown` points whose staff nobody wrote down count one each.
    """

    province_code: str
    valid_from: str
    standard: ServiceStandard
    ask: WorkloadAsk
    base: PopulationBase
    people: int
    staff: int
    staff_reached: int
    people_without: int
    points_unknown: int
    communes: tuple[CommuneLoad, ...]
    points: tuple[PointLoad, ...]
    fingerprint: str

    @property
    def mean_load(self) -> float | None:
        """People who fall to one member of staff: those within reach of any, shared out once."""
        return mean_load(self.people - self.people_without, self.staff_reached)

    @property
    def mean_people_per_staff(self) -> float | None:
        """All people of known communes for every member of staff with somebody within reach."""
        return self.people / self.staff_reached if self.staff_reached else None

    @property
    def mean_per_10000(self) -> float | None:
        """The same as staff for every 10,000 people: the mean of access over all people."""
        return 10_000 * self.staff_reached / self.people if self.people else None

    @property
    def wanted(self) -> float | None:
        """People per staff member that communes are held to: the number chosen, else the mean."""
        return self.ask.limits.people_per_staff or self.mean_people_per_staff

    @property
    def staff_needed(self) -> int:
        """Staff needed over all communes that lack some."""
        return sum(each.staff_needed or 0 for each in self.communes)

    def of(self, *verdicts: Verdict) -> tuple[PointLoad, ...]:
        """Return the points of these verdicts, those with most people per staff first."""
        found = [each for each in self.points if each.verdict in verdicts]
        most = float("inf")
        return tuple(sorted(found, key=lambda it: (
            -(most if it.people_per_staff is None else it.people_per_staff),
            -it.people_in_reach, it.point_id)))  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "province_code": self.province_code, "valid_from": self.valid_from,
            "standard": self.standard.as_dict(), "population_base": self.base.as_dict(),
            "weights": asdict(self.ask.zones), "limits": asdict(self.ask.limits),
            "people": self.people, "staff": self.staff, "staff_reached": self.staff_reached,
            "people_without": self.people_without, "points_unknown": self.points_unknown,
            "mean_load": self.mean_load, "mean_people_per_staff": self.mean_people_per_staff,
            "mean_per_10000": self.mean_per_10000, "wanted": self.wanted,
            "staff_needed": self.staff_needed,
            "communes": [each.as_dict() for each in self.communes],
            "points": [each.as_dict() for each in self.points],
            "fingerprint": self.fingerprint,
        }  # fmt: skip


def mean_load(people_reached: int, staff_reached: int) -> float | None:
    """Return people for every member of staff, None where there is no staff."""
    return people_reached / staff_reached if staff_reached else None
