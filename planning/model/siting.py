"""Where to add points: the question, the answer and how good the answer is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planning.model.coverage import PopulationBase
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard

MOST_POINTS = 500


class Method(StrEnum):
    """The ways to choose sites, interchangeable on the same candidates."""

    COVERAGE = "coverage"  # maximum coverage: greedy, swap improvement, upper bound
    CLUSTERS = "clusters"  # people-weighted clustering, centres moved to admissible sites


@dataclass(frozen=True, slots=True)
class SuggestionAsk:
    """What a planner asks of a suggestion: how many points, by which method, which seed."""

    points: int = 40
    method: Method = Method.COVERAGE
    seed: int = 7

    def __post_init__(self) -> None:
        if not 1 <= self.points <= MOST_POINTS:
            raise RequestError(
                "Ask for 1 to %(most)s points, not %(points)s.",
                most=MOST_POINTS, points=self.points,
            )  # fmt: skip
        if not 0 <= self.seed < 2**32:
            raise RequestError(
                "A seed is a whole number from 0 to 4294967295, not %(seed)s.", seed=str(self.seed)
            )


@dataclass(frozen=True, slots=True)
class Site:
    """One suggested point and whom it would serve.

    `people_gained` counts people nobody serves now and no site of a smaller rank would
    serve: the gains of a plan add up to its total. `distance_now_m` and `distance_then_m`
    are those people's mean distance to the nearest point today and once this one is open.
    `host` names the nearest real place that could house the point, with `host_type` and
    `host_m` its kind and distance; None where no such place is known.
    """

    rank: int
    lon: float
    lat: float
    commune_code: str
    commune: str
    people_gained: int
    distance_now_m: float | None
    distance_then_m: float | None
    host: str | None
    host_type: str | None
    host_m: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the site as plain values for JSON: people, metres, degrees."""
        return {
            "rank": self.rank, "lon": self.lon, "lat": self.lat,
            "commune_code": self.commune_code, "commune": self.commune,
            "people_gained": self.people_gained, "distance_now_m": self.distance_now_m,
            "distance_then_m": self.distance_then_m, "host": self.host,
            "host_type": self.host_type, "host_m": self.host_m,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SitingPlan:
    """Suggested points and a proof of how good they are.

    `upper_bound_people_gained` holds for the stated problem: no choice of as many of the
    same `candidates` can serve more further people. `proved_optimal` only when both agree.
    `points_asked` may exceed the number of sites when fewer already serve everyone that can
    be served.
    """

    province_code: str
    valid_from: str
    standard: ServiceStandard
    base: PopulationBase
    method: Method
    seed: int
    points_asked: int
    candidates: int
    people_unserved: int
    people_gained: int
    upper_bound_people_gained: int
    sites: tuple[Site, ...]
    fingerprint: str

    @property
    def proved_optimal(self) -> bool:
        """Whether the bound says that nothing better exists."""
        return self.people_gained >= self.upper_bound_people_gained

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON."""
        return {
            "province_code": self.province_code, "valid_from": self.valid_from,
            "standard": self.standard.as_dict(), "population_base": self.base.as_dict(),
            "method": self.method.value, "seed": self.seed, "points_asked": self.points_asked,
            "candidates": self.candidates, "people_unserved": self.people_unserved,
            "people_gained": self.people_gained,
            "upper_bound_people_gained": self.upper_bound_people_gained,
            "proved_optimal": self.proved_optimal,
            "sites": [each.as_dict() for each in self.sites], "fingerprint": self.fingerprint,
        }  # fmt: skip
