"""How far is too far: the service standard against which coverage is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from planning.model.errors import RequestError

SMALLEST_RADIUS_KM, LARGEST_RADIUS_KM = 0.2, 50.0


class TerrainClass(StrEnum):
    """The kinds of area that have a radius of their own (nhóm địa bàn)."""

    URBAN = "urban"
    DELTA = "delta"
    MIDLAND = "midland"
    MOUNTAIN = "mountain"
    DIFFICULT = "difficult"  # mountain, especially difficult (khu vực III)
    ISLAND = "island"


# Defaults of the product, every one editable: the bands of Quyết định 1300/QĐ-BYT (3 km in
# the delta, 5 km in mountains and on islands), the urban and the midland value between.
CLASS_RADII_KM: Mapping[TerrainClass, float] = MappingProxyType(
    {
        TerrainClass.URBAN: 2.0,
        TerrainClass.DELTA: 3.0,
        TerrainClass.MIDLAND: 4.0,
        TerrainClass.MOUNTAIN: 5.0,
        TerrainClass.DIFFICULT: 5.0,
        TerrainClass.ISLAND: 5.0,
    }
)


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """A radius in kilometres for every terrain class; a person at exactly it is served.

    The distance is a straight line. `by_class` says whether the radii differ by class.
    """

    radii_km: Mapping[TerrainClass, float]

    def __post_init__(self) -> None:
        for terrain in TerrainClass:
            radius = self.radii_km.get(terrain)
            if radius is None or not SMALLEST_RADIUS_KM <= radius <= LARGEST_RADIUS_KM:
                raise RequestError(
                    "A radius must lie between %(smallest)s and %(largest)s km; %(radius)s does not.",
                    smallest=SMALLEST_RADIUS_KM, largest=LARGEST_RADIUS_KM, radius=radius,
                )  # fmt: skip

    @classmethod
    def one_radius(cls, radius_km: float) -> "ServiceStandard":
        """Return the standard with the same radius everywhere."""
        return cls(MappingProxyType(dict.fromkeys(TerrainClass, radius_km)))

    @property
    def by_class(self) -> bool:
        """Whether at least two classes differ."""
        return len(set(self.radii_km.values())) > 1

    @property
    def key(self) -> tuple[tuple[str, float], ...]:
        """The radii as a value that can be compared and hashed."""
        return tuple(sorted((terrain.value, float(km)) for terrain, km in self.radii_km.items()))

    @property
    def largest_m(self) -> float:
        """The largest radius of any class, in metres."""
        return max(self.radii_km.values()) * 1000

    def radius_m(self, terrain: TerrainClass) -> float:
        """Return the radius for `terrain` in metres."""
        return self.radii_km[terrain] * 1000

    def as_dict(self) -> dict[str, Any]:
        """Return the standard as plain values for JSON: unit, rule and radii."""
        radii = {terrain.value: float(km) for terrain, km in self.radii_km.items()}
        one = None if self.by_class else next(iter(radii.values()))
        return {"kind": "by class" if self.by_class else "one radius", "radius_km": one,
                "radii_km": radii, "distance": "straight line"}  # fmt: skip
