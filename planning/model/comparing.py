"""Networks beside each other: figures of one, of a scenario against it, of several scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any

from planning.model.coverage import DistanceSummary, PopulationBase
from planning.model.scenario import Scenario
from planning.model.standards import ServiceStandard


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """Key figures of one network: people are whole persons, `points` the open direct ones."""

    people: int
    people_served: int
    points: int
    communes: int
    communes_with_point: int
    area_km2: float
    distance: DistanceSummary

    @property
    def people_unserved(self) -> int:
        """Who has no open direct point within the radius."""
        return self.people - self.people_served

    @property
    def share_served(self) -> float | None:
        """People served as a share of all; None where nobody lives."""
        return self.people_served / self.people if self.people else None

    @property
    def people_per_point(self) -> float | None:
        """People for each open direct point."""
        return self.people / self.points if self.points else None

    @property
    def mean_radius_km(self) -> float | None:
        """Bán kính phục vụ bình quân: the radius of the mean area per point."""
        return (self.area_km2 / (pi * self.points)) ** 0.5 if self.points else None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON: people, metres, kilometres."""
        return {
            "people": self.people, "people_served": self.people_served,
            "people_unserved": self.people_unserved, "share_served": self.share_served,
            "points": self.points, "communes": self.communes,
            "communes_with_point": self.communes_with_point,
            "people_per_point": self.people_per_point, "mean_radius_km": self.mean_radius_km,
            "mean_distance_m": self.distance.mean_m, "median_distance_m": self.distance.median_m,
            "p90_distance_m": self.distance.p90_m, "max_distance_m": self.distance.max_m,
            "gini_distance": self.distance.gini,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provenance:
    """What figures were worked out from, so that they can be worked out again."""

    valid_from: str
    fingerprint: str
    standard: ServiceStandard
    base: PopulationBase
    method: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "valid_from": self.valid_from, "fingerprint": self.fingerprint,
            "standard": self.standard.as_dict(), "population_base": self.base.as_dict(),
            "method_version": self.method,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScenarioFigures:
    """The network with a scenario against the network as it is.

    `people_gained` are served only with it, `people_lost` only without it. The mappings hold
    people by commune code: `served` of every commune whose population is known, the others
    only of communes with any. `added` counts added points that serve people, `closed` listed
    ones that serve today and no longer then, `moved` those that serve from another place.
    `without_effect` are points of the changes that the list does not hold any more.
    """

    now: NetworkFigures
    then: NetworkFigures
    people_gained: int
    people_lost: int
    served: Mapping[str, int]
    gained_in: Mapping[str, int]
    lost_in: Mapping[str, int]
    added: int
    closed: int
    moved: int
    without_effect: tuple[str, ...]
    made_from: Provenance

    @property
    def people_more(self) -> int:
        """How many people more are served; below zero: fewer."""
        return self.people_gained - self.people_lost

    @property
    def people_per_added(self) -> float | None:
        """How many people more are served for each point added; None where none is."""
        return self.people_more / self.added if self.added else None

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return {
            "now": self.now.as_dict(), "then": self.then.as_dict(),
            "people_gained": self.people_gained, "people_lost": self.people_lost,
            "people_more": self.people_more, "people_per_added": self.people_per_added,
            "served": dict(self.served), "gained_in": dict(self.gained_in),
            "lost_in": dict(self.lost_in), "added": self.added, "closed": self.closed,
            "moved": self.moved, "without_effect": list(self.without_effect),
            **self.made_from.as_dict(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommuneSide:
    """One commune in a comparison; `gained` and `lost` have one entry a scenario."""

    code: str
    name: str
    people: int
    served_now: int
    served: tuple[int, ...]
    gained: tuple[int, ...]
    lost: tuple[int, ...]

    @property
    def differs(self) -> bool:
        """Whether any scenario changes who is served here."""
        return any(self.gained) or any(self.lost)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One to four scenarios beside the network as it is, on the same data and standard."""

    scenarios: tuple[Scenario, ...]
    figures: tuple[ScenarioFigures, ...]
    communes: tuple[CommuneSide, ...]

    @property
    def best(self) -> frozenset[int]:
        """Positions of the scenarios that serve most people; none where all serve as many."""
        return _leading([each.people_more for each in self.figures])

    @property
    def most_efficient(self) -> frozenset[int]:
        """Positions of those that serve most people more for each point added."""
        return _leading([each.people_per_added for each in self.figures])


def _leading(values: list[float | None] | list[int]) -> frozenset[int]:
    known = [each for each in values if each is not None]
    if not known or (len(known) == len(values) and len(set(known)) == 1):
        return frozenset()
    return frozenset(at for at, each in enumerate(values) if each == max(known))
