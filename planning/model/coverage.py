"""Who is served and who is not: the results of measuring, complete when they are born."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planning.model.performance import Need
from planning.model.standards import ServiceStandard


@dataclass(frozen=True, slots=True)
class DistanceSummary:
    """Distance from people to the nearest open direct point, weighted by people, in metres.

    Every value is None where nobody lives or no point is open. `gini` is the Gini index of
    the distances over people: 0 when all are equally far, towards 1 when few bear it all.
    """

    mean_m: float | None
    median_m: float | None
    p90_m: float | None
    max_m: float | None
    gini: float | None


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """Coverage of one area: a commune, a former commune, a district or a BHXH cơ sở.

    `people` is None where the population is unknown: no data is not zero. `share_covered`
    lies in 0..1 and is None where nobody lives or the population is unknown.
    `people_per_point` counts all people of the area on its open direct points.
    `mean_radius_km` is *bán kính phục vụ bình quân*, √(area / (π × open direct points)):
    the radius of the mean area per point, not a distance anyone travels.
    """

    code: str
    name: str
    people: int | None
    people_covered: int | None
    points_direct: int
    points_online: int
    area_km2: float | None
    distance: DistanceSummary

    @property
    def share_covered(self) -> float | None:
        """People covered as a share of people."""
        if not self.people or self.people_covered is None:
            return None
        return self.people_covered / self.people

    @property
    def people_per_point(self) -> float | None:
        """People of the area for each of its open direct points."""
        if self.people is None or not self.points_direct:
            return None
        return self.people / self.points_direct

    @property
    def mean_radius_km(self) -> float | None:
        """Bán kính phục vụ bình quân in kilometres."""
        if not self.points_direct or self.area_km2 is None:
            return None
        return float((self.area_km2 / (3.141592653589793 * self.points_direct)) ** 0.5)

    def as_dict(self) -> dict[str, Any]:
        """Return the area as plain values for JSON; metres, people, km²."""
        return {
            "code": self.code, "name": self.name, "people": self.people,
            "people_covered": self.people_covered, "share_covered": self.share_covered,
            "points_direct": self.points_direct, "points_online": self.points_online,
            "people_per_point": self.people_per_point, "area_km2": self.area_km2,
            "mean_radius_km": self.mean_radius_km, "mean_distance_m": self.distance.mean_m,
            "median_distance_m": self.distance.median_m, "p90_distance_m": self.distance.p90_m,
            "max_distance_m": self.distance.max_m, "gini_distance": self.distance.gini,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PopulationBase:
    """Where the people come from, shown under every figure of people.

    `need` says who is counted: everybody, or those whom a list of counts by commune names.
    `source` names file and column, `as_of` the date they were counted (None: not stated).
    `unknown_communes` are the codes whose population is not known; nobody of them is in any
    figure. `people_outside` are people of the grid that lie in no commune.
    """

    source: str
    as_of: str | None
    people: int
    unknown_communes: tuple[str, ...]
    people_outside: int
    synthetic: bool
    need: Need = Need.EVERYBODY

    def as_dict(self) -> dict[str, Any]:
        """Return the base as plain values for JSON; `need` is named where it is not everybody."""
        need = {} if self.need is Need.EVERYBODY else {"need": self.need.value}
        return {
            "source": self.source, "as_of": self.as_of, "people": self.people,
            "unknown_communes": list(self.unknown_communes),
            "people_outside": self.people_outside, "synthetic": self.synthetic, **need,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Coverage of a province on one vintage of its boundaries.

    `total` is the province; the tuples hold its areas in order of code, empty where the
    grouping is not known. `communes_with_point` and `communes_many` count present communes
    with at least one and with ten or more open direct points; `former_with_point` and
    `former_communes` count former communes (None without a crosswalk or former boundaries).
    """

    province_code: str
    valid_from: str
    standard: ServiceStandard
    base: PopulationBase
    total: AreaCoverage
    communes: tuple[AreaCoverage, ...]
    former: tuple[AreaCoverage, ...]
    districts: tuple[AreaCoverage, ...]
    offices: tuple[AreaCoverage, ...]
    communes_with_point: int
    communes_many: int
    former_with_point: int | None
    former_communes: int | None
    former_many: int | None
    points_outside: int
    fingerprint: str

    def worst_served(self, count: int) -> tuple[AreaCoverage, ...]:
        """Return the communes with the smallest share of their people served, `count` at most.

        Of equal shares the one with more people not served comes first; communes whose people
        are all served, or whose population is not known, are none of them.
        """
        found = [
            (each.share_covered, each.people_covered - each.people, each.code, each)
            for each in self.communes
            if each.people and each.people_covered is not None
            and each.share_covered is not None and each.people_covered < each.people
        ]  # fmt: skip
        return tuple(row[-1] for row in sorted(found, key=lambda row: row[:3])[:count])

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON: metres, people, shares in 0..1."""
        total = self.total.as_dict()
        return {
            "province_code": self.province_code, "valid_from": self.valid_from,
            **{key: value for key, value in total.items() if key not in ("code", "name")},
            "standard": self.standard.as_dict(),
            "population_base": self.base.as_dict(),
            "communes_total": len(self.communes),
            "communes_with_point": self.communes_with_point,
            "communes_with_ten_or_more": self.communes_many,
            "share_communes_with_point": _share(self.communes_with_point, len(self.communes)),
            "former_communes_total": self.former_communes,
            "former_communes_with_point": self.former_with_point,
            "former_communes_with_ten_or_more": self.former_many,
            "share_former_communes_with_point": _share(
                self.former_with_point, self.former_communes
            ),
            "points_outside": self.points_outside,
            "communes": [each.as_dict() for each in self.communes],
            "former": [each.as_dict() for each in self.former],
            "districts": [each.as_dict() for each in self.districts],
            "offices": [each.as_dict() for each in self.offices],
            "fingerprint": self.fingerprint,
        }  # fmt: skip


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


class GapReason(StrEnum):
    """Why people of a gap are not served; the first that holds."""

    ISLAND = "island"  # an island, or a part of a commune across water, without a point
    CLOSED = "closed"  # a suspended or closed point would reach them
    ONLINE_ONLY = "online only"  # only online points lie within reach
    NO_POINT = "no point"  # their commune has no open direct point
    FAR = "far"  # their commune has points, but on another side


@dataclass(frozen=True, slots=True)
class Gap:
    """Unserved people who live close together: where, how many, why.

    `side` is where in the commune the gap lies as a compass point ("N", "NE", … or "C" for
    the middle); `seat` is the commune whose seat (where not known: whose most populous place)
    is nearest, `seat_m` how far that is, and `seat_known` whether it is the seat.
    `name` is the sentence a planner recognises, in Vietnamese. `outline` are lon/lat pairs
    of the outline. `nearest_point_m` is the people-weighted mean distance to the nearest
    open direct point, None when there is none.
    """

    rank: int
    name: str
    commune_code: str
    commune: str
    side: str
    seat: str
    seat_m: float
    seat_known: bool
    people: int
    lon: float
    lat: float
    area_km2: float
    nearest_point_m: float | None
    reason: GapReason
    outline: tuple[tuple[float, float], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the gap as plain values for JSON: people, metres, degrees."""
        return {
            "rank": self.rank, "name": self.name, "commune_code": self.commune_code,
            "commune": self.commune, "side": self.side, "seat": self.seat,
            "seat_m": self.seat_m, "seat_known": self.seat_known, "people": self.people, "lon": self.lon, "lat": self.lat,
            "area_km2": self.area_km2, "nearest_point_m": self.nearest_point_m,
            "reason": self.reason.value, "outline": [list(each) for each in self.outline],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GapReport:
    """All gaps of a province, most people first, and the unserved who belong to none.

    `people_unserved` = people of all gaps + `people_scattered`, to the person. At least
    `least_people` of them live near each other in every gap.
    """

    province_code: str
    valid_from: str
    standard: ServiceStandard
    base: PopulationBase
    gaps: tuple[Gap, ...]
    people_unserved: int
    people_scattered: int
    fingerprint: str
    least_people: int

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "province_code": self.province_code, "valid_from": self.valid_from,
            "standard": self.standard.as_dict(), "population_base": self.base.as_dict(),
            "people_unserved": self.people_unserved, "people_scattered": self.people_scattered,
            "gaps": [each.as_dict() for each in self.gaps], "fingerprint": self.fingerprint,
        }  # fmt: skip
