"""Known places by how many people more a point there would serve, whatever is open already."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.crs import in_metres
from geo.names import search_key
from geo.reach import StraightLine
from geo.tables import CommuneTable
from planning.analysis.situation import Situation, places_xy
from planning.model.decisions import KEPT_OUT_M
from planning.model.siting import AT_HOST_M
from planning.model.standards import ServiceStandard
from planning.model.wishes import RuleWishes
from planning.siting.stating.candidates import Wanted, candidates
from planning.siting.stating.people import homes

Mask = NDArray[np.bool_]
MOST_PLACES = 60
APART_M = 1000.0  # of places nearer to each other the list shows the one that serves more


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a point could stand and whom it would serve in addition.

    `name` is empty for a settlement without a known place that could house the point.
    """

    id: str
    name: str
    kind: str
    commune: str
    lon: float
    lat: float
    host: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Instead:
    """A place in the stead of another: whom it serves in all stands in `place`.

    `of_them` counts those of them whom the other would have served; it stands `metres` away.
    """

    place: Place
    of_them: int
    metres: float


class BestPlaces:
    """Hosts, seats and settlements of a province, and who lives within reach of each."""

    def __init__(self, situation: Situation, standard: ServiceStandard) -> None:
        people = homes(situation, standard)
        reach_m = float(people.radius_m.max(initial=0.0))
        points = places_xy(situation.open_direct, situation.crs)
        far = StraightLine().nearest(people.xy, points)[0] > people.radius_m
        found = candidates(situation, people, Wanted(far, reach_m), RuleWishes())
        self.xy = found.xy
        self._crs = situation.crs
        self._table = found.table.reset_index(drop=True)
        names = situation.communes.set_index(CommuneTable.code)[CommuneTable.full_name]
        self._commune = self._table["commune_code"].map(names).to_list()
        near = StraightLine().within(situation.demand_xy, found.xy, reach_m).cost
        inside = near.data <= situation.radii_m(standard)[near.indices]
        ones = np.where(inside, 1, 0).astype(np.int64)
        self._reach = csr_array((ones, near.indices, near.indptr), shape=near.shape)
        self._people = situation.people
        self._name, self._host = self._names()
        self._words = [
            search_key(f"{name} {host or ''} {commune}")
            for name, host, commune in zip(self._name, self._host, self._commune, strict=True)
        ]

    def ranked(
        self, unserved: Mask, search: str = "", kept_out: Sequence[tuple[float, float]] = ()
    ) -> list[Place]:
        """Return the places with their gain, most people first.

        `unserved` says of every place where people live whether nobody serves it yet. With
        `search` every place whose name holds it is meant, else of near ones the best. None
        stands at a place that is `kept_out`, in degrees.
        """
        gain = self._gain(unserved)
        wanted = search_key(search)
        allowed = ~self._near(kept_out)
        rows = [at for at in np.lexsort((np.arange(len(gain)), -gain)).tolist() if allowed[at]]
        if wanted:
            chosen = [at for at in rows if wanted in self._words[at]][:MOST_PLACES]
        else:
            chosen = self._apart([at for at in rows if gain[at]])
        return [self._place(at, int(gain[at])) for at in chosen]

    def instead_of(
        self, place: tuple[float, float], them: Mask, unserved: Mask,
        kept_out: Sequence[tuple[float, float]] = (),
    ) -> Instead | None:  # fmt: skip
        """Return the place that serves most of the people who lose by a place not being opened.

        `them` are the rows of these people, `unserved` of everybody whom nobody serves. Of
        equal places the one that serves most of all counts, then the nearest. None where no
        other place serves any of them.
        """
        of_them = self._gain(them)
        of_them[self._near([place, *kept_out])] = 0
        if not of_them.any():
            return None
        away = np.hypot(*(self.xy - in_metres([place[0]], [place[1]], self._crs)[0]).T)
        gain = self._gain(unserved)
        at = int(np.lexsort((away, -gain, -of_them))[0])
        return Instead(self._place(at, int(gain[at])), int(of_them[at]), float(away[at]))

    def allowed_xy(self, kept_out: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
        """Return the places in metres, shape (n, 2), but for those kept out."""
        return self.xy[~self._near(kept_out)]

    def _gain(self, rows: Mask) -> NDArray[np.int64]:
        return np.asarray(self._reach @ (self._people * rows))

    def _near(self, places: Sequence[tuple[float, float]]) -> Mask:
        """Return which known places are the same as one of these, in degrees."""
        near = np.zeros(len(self.xy), dtype=bool)
        if len(places):
            lon, lat = np.array(places, dtype=float).T
            for each in in_metres(lon, lat, self._crs):
                near |= np.hypot(*(self.xy - each).T) <= KEPT_OUT_M
        return near

    def _place(self, at: int, people: int) -> Place:
        row = self._table.iloc[at]
        return Place(
            id=str(row["id"]), name=self._name[at], kind=str(row["kind"]),
            commune=str(self._commune[at]), lon=float(row["lon"]), lat=float(row["lat"]),
            host=self._host[at], people=people,
        )  # fmt: skip

    def _apart(self, rows: list[int]) -> list[int]:
        chosen: list[int] = []
        for at in rows:
            away = self.xy[chosen] - self.xy[at]
            if (np.hypot(away[:, 0], away[:, 1]) >= APART_M).all():
                chosen.append(at)
            if len(chosen) == MOST_PLACES:
                break
        return chosen

    def _names(self) -> tuple[list[str], list[str | None]]:
        """Return what each place is called, and the known place that could house a point there.

        A host farther off does not name a place: it stands elsewhere.
        """
        near = self._table["host_m"].to_numpy(dtype=float) <= AT_HOST_M
        hosts = [host if at else None for host, at in zip(self._text("host"), near, strict=True)]
        names = [own or host or "" for own, host in zip(self._text("name"), hosts, strict=True)]
        return names, hosts

    def _text(self, column: str) -> list[str | None]:
        return [each if isinstance(each, str) else None for each in self._table[column]]
