"""Everything about one commune on one sheet."""

from dataclasses import dataclass

from planning.model.coverage import AreaCoverage, CoverageReport, Gap
from planning.model.standards import TerrainClass


@dataclass(frozen=True, slots=True)
class ListedPoint:
    """A point as the sheet of a commune lists it; what is not known is None."""

    point_id: str
    name: str
    kind: str
    status: str
    organisation: str | None
    host_type: str | None
    address: str | None
    staff: int | None
    sign: bool | None


@dataclass(frozen=True, slots=True)
class OutsidePoint:
    """An open direct point of another commune, and how near it is.

    `metres` is the straight line from where the people of the commune live on average,
    `people` how many of them have no nearer point. `commune` is None outside all communes.
    """

    name: str
    commune: str | None
    metres: float
    people: int


@dataclass(frozen=True, slots=True)
class FormerPart:
    """A former commune that became part of this one, `whole` or only a part of it."""

    code: str
    name: str
    district: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class CommuneSheet:
    """A commune with its points, gaps, neighbours' points and former communes.

    `radius_km` is the service radius that holds in its terrain class. `served_outside` are its
    people served whose nearest open direct point lies in no commune or another one. `outside`
    is empty where nobody lives here or no such point is open. `former` is None where no
    crosswalk is known.
    """

    report: CoverageReport
    area: AreaCoverage
    terrain: TerrainClass
    radius_km: float
    district: str | None
    office: str | None
    points: tuple[ListedPoint, ...]
    gaps: tuple[Gap, ...]
    outside: tuple[OutsidePoint, ...]
    served_outside: int
    former: tuple[FormerPart, ...] | None
