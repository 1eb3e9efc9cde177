"""Gaps: where unserved people gather, what to call the place, and why nobody serves it."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import in_degrees, in_metres
from geo.demand import LARGEST_PIECE_M
from geo.reach import ReachEngine
from geo.tables import CommuneTable, DemandTable, PointTable
from planning.analysis.gap_clusters import PeopleClusters
from planning.analysis.islands import without_point
from planning.analysis.situation import Situation, nearest_open_m, places_xy
from planning.model.coverage import Gap, GapReason, GapReport
from planning.model.standards import ServiceStandard

LEAST_PEOPLE = 300  # fewer unserved people within the spacing are scattered, not a gap
SPACING_M = 1000.0
LEAST_EXTENT_M = 1500.0  # however small the radius, a gap is no smaller than a village
_SEAM_M = 25.0  # pieces of the grid stand a little apart once they are in metres
_SIDES = ("E", "NE", "N", "NW", "W", "SW", "S", "SE")
# Words of a gap's name, which is a Vietnamese sentence in every language, like a place name.
_SIDE_WORDS = {
    "N": "Phía bắc", "NE": "Phía đông bắc", "E": "Phía đông", "SE": "Phía đông nam",
    "S": "Phía nam", "SW": "Phía tây nam", "W": "Phía tây", "NW": "Phía tây bắc",
    "C": "Khu giữa",
}  # fmt: skip


def find_gaps(
    situation: Situation, standard: ServiceStandard, engine: ReachEngine, seed: int = 7
) -> GapReport:
    """Cluster the unserved people and describe every cluster; rank by people, then place.

    Where a need is counted instead of everybody, as many fewer make a gap as there are fewer.
    """
    metres = nearest_open_m(situation, engine)
    unserved = metres > situation.radii_m(standard)
    people = situation.people[unserved]
    place = situation.demand_xy[unserved]
    least = least_people(situation)
    labels = _labels(place, people, standard, least, seed)
    describe = _Description(situation, standard, engine)
    rows = np.flatnonzero(unserved)
    found = [
        describe.gap(rows[labels == label], metres) for label in range(labels.max(initial=-1) + 1)
    ]
    found.sort(key=lambda gap: (-gap.people, gap.commune_code, gap.lon, gap.lat))
    gaps = _ranked(found)
    return GapReport(
        province_code=situation.province_code, valid_from=situation.valid_from,
        standard=standard, base=situation.base, gaps=gaps,
        people_unserved=int(people.sum()),
        people_scattered=int(people[labels < 0].sum()),
        fingerprint=situation.fingerprint, least_people=least,
    )  # fmt: skip


def least_people(situation: Situation) -> int:
    """Return how many unserved people within the spacing of each other are a gap, 1 to 300.

    Those of a need are as many as their share of all people in the communes where both are known.
    """
    if situation.need_counts is None:
        return LEAST_PEOPLE
    both = situation.need_counts.keys() & situation.population.keys()
    everybody = sum(situation.population[code] for code in both)
    counted = sum(situation.need_counts[code] for code in both)
    if not everybody:
        return LEAST_PEOPLE
    return min(LEAST_PEOPLE, max(1, round(LEAST_PEOPLE * counted / everybody)))


def _labels(
    place: NDArray[np.float64], people: NDArray[np.int64], standard: ServiceStandard,
    least: int, seed: int,
) -> NDArray[np.intp]:  # fmt: skip
    if not len(place):
        return np.empty(0, dtype=np.intp)
    model = PeopleClusters(
        spacing_m=SPACING_M, least_people=least, extent_m=max(1.5 * standard.largest_m, LEAST_EXTENT_M),
        random_state=seed,
    )  # fmt: skip
    return model.fit(place, sample_weight=people).labels_


def _ranked(found: list[Gap]) -> tuple[Gap, ...]:
    """Return the gaps with rank and with names that occur once."""
    seen: dict[str, int] = {}
    ranked = []
    for rank, gap in enumerate(found, start=1):
        seen[gap.name] = seen.get(gap.name, 0) + 1
        again = seen[gap.name]
        name = gap.name if again == 1 else f"{gap.name} ({again})"
        ranked.append(replace(gap, rank=rank, name=name))
    return tuple(ranked)


class _Description:
    """Names and explains one gap after the other."""

    def __init__(
        self, situation: Situation, standard: ServiceStandard, engine: ReachEngine
    ) -> None:
        self._at, self._engine = situation, engine
        self._xy, self._radii = situation.demand_xy, situation.radii_m(standard)
        self._codes = situation.demand[DemandTable.commune_code].to_numpy(dtype=object)
        codes = situation.communes[CommuneTable.code]
        self._shapes = dict(zip(codes, situation.shapes_xy, strict=True))
        self._names = dict(
            zip(
                situation.communes[CommuneTable.code],
                situation.communes[CommuneTable.full_name],
                strict=True,
            )
        )
        self._seats = _seats(situation)
        self._with_point = set(situation.open_direct[PointTable.commune_code].dropna())
        self._cut_off = without_point(situation)
        self._near = {
            "closed": self._distance("direct", ("suspended", "closed")),
            "online": self._distance("online", ("open",)),
        }

    def gap(self, rows: NDArray[np.intp], metres: NDArray[np.float64]) -> Gap:
        """Describe the gap made of demand places `rows`; `metres` to the nearest point."""
        people = self._at.people[rows]
        total = int(people.sum())
        middle = self._middle(rows, people)
        code = self._main_commune(rows, people)
        side = self._side(code, middle)
        seat = self._nearest_seat(middle)
        far = metres[rows]
        nearest = float((far * people).sum() / total) if np.isfinite(far).all() else None
        outline, area = self._outline(rows)
        lon, lat = in_degrees(middle[None], self._at.crs)[0]
        commune = self._names[code]
        return Gap(
            rank=0, name=_name(side, commune, seat), commune_code=code, commune=commune,
            side=side, seat=seat.commune, seat_m=seat.metres, seat_known=seat.known, people=total, lon=float(lon), lat=float(lat),
            area_km2=area, nearest_point_m=nearest, reason=self._reason(rows, people, code),
            outline=outline,
        )  # fmt: skip

    def _middle(self, rows: NDArray[np.intp], people: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the gap's place nearest to its people-weighted mean: people live there."""
        mean = np.average(self._xy[rows], axis=0, weights=people)
        at = np.hypot(*(self._xy[rows] - mean).T).argmin()
        middle: NDArray[np.float64] = self._xy[rows[at]]
        return middle

    def _main_commune(self, rows: NDArray[np.intp], people: NDArray[np.int64]) -> str:
        codes, back = np.unique(self._codes[rows].astype(str), return_inverse=True)
        return str(codes[np.bincount(back, people).argmax()])

    def _side(self, code: str, middle: NDArray[np.float64]) -> str:
        """Return where in its commune the gap lies: one of eight sides, or C for the middle."""
        shape = self._shapes[code]
        centre = np.array(shape.centroid.coords[0])
        away = middle - centre
        if np.hypot(*away) < 0.25 * np.sqrt(shape.area / np.pi):
            return "C"
        return _SIDES[round(np.degrees(np.arctan2(away[1], away[0])) / 45) % 8]

    def _nearest_seat(self, middle: NDArray[np.float64]) -> "_Near":
        metres = np.hypot(*(self._seats.xy - middle).T)
        at = int(metres.argmin())
        return _Near(self._seats.commune[at], float(metres[at]), bool(self._seats.known[at]))

    def _outline(self, rows: NDArray[np.intp]) -> tuple[tuple[tuple[float, float], ...], float]:
        """Return the outline of the gap's ground (lon, lat) and its area in km²."""
        x, y = self._xy[rows].T
        half = LARGEST_PIECE_M / 2 + _SEAM_M
        ground = shapely.union_all(shapely.box(x - half, y - half, x + half, y + half))
        hull = shapely.concave_hull(ground, ratio=0.3).simplify(100.0)
        ring = (
            np.array(hull.exterior.coords)
            if isinstance(hull, shapely.Polygon)
            else np.empty((0, 2))
        )
        degrees = in_degrees(ring, self._at.crs) if len(ring) else ring
        return tuple((round(x, 5), round(y, 5)) for x, y in degrees.tolist()), ground.area / 1e6

    def _reason(self, rows: NDArray[np.intp], people: NDArray[np.int64], code: str) -> GapReason:
        """Return the first reason that holds for most people of the gap."""
        half = people.sum() / 2
        if people[self._cut_off[rows]].sum() > half:
            return GapReason.ISLAND
        for key, reason in (("closed", GapReason.CLOSED), ("online", GapReason.ONLINE_ONLY)):
            reached = self._near[key][rows] <= self._radii[rows]
            if people[reached].sum() > half:
                return reason
        return GapReason.FAR if code in self._with_point else GapReason.NO_POINT

    def _distance(self, kind: str, statuses: tuple[str, ...]) -> NDArray[np.float64]:
        points = self._at.points
        rows = (points[PointTable.kind] == kind) & points[PointTable.status].isin(statuses)
        sites = places_xy(points[rows], self._at.crs)
        return self._engine.nearest(self._xy, sites)[0]


@dataclass(frozen=True)
class _Seats:
    """Where each commune's seat stands, in metres, or, not known, where most people live."""

    xy: NDArray[np.float64]
    commune: list[str]
    known: NDArray[np.bool_]


def _seats(situation: Situation) -> _Seats:
    communes = situation.communes.set_index(CommuneTable.code)
    demand = situation.demand.sort_values(DemandTable.people, ascending=False, kind="stable")
    busiest = demand.drop_duplicates(DemandTable.commune_code).set_index(DemandTable.commune_code)
    known = communes[CommuneTable.seat_lon].notna()
    lon = communes[CommuneTable.seat_lon].fillna(busiest[DemandTable.lon])
    lat = communes[CommuneTable.seat_lat].fillna(busiest[DemandTable.lat])
    placed = lon.notna()
    return _Seats(
        in_metres(lon[placed], lat[placed], situation.crs),
        list(communes.loc[placed, CommuneTable.full_name]), known[placed].to_numpy(),
    )  # fmt: skip


def _name(side: str, commune: str, seat: "_Near") -> str:
    """Return the gap's name: side and commune, then the nearest seat and how far it is."""
    what = "trụ sở" if seat.known else "khu đông dân nhất"
    where = what if seat.commune == commune else f"{what} {_lower(seat.commune)}"
    km = f"{seat.metres / 1000:.1f}".replace(".", ",")
    return f"{_SIDE_WORDS[side]} {_lower(commune)}, cách {where} {km} km"


@dataclass(frozen=True)
class _Near:
    commune: str
    metres: float
    known: bool


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
