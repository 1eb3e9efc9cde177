"""Known places by how many people more a point there would serve, whatever is open already."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.names import search_key
from geo.reach import StraightLine
from geo.tables import CommuneTable
from planning.analysis.situation import Situation, places_xy
from planning.model.siting import AT_HOST_M
from planning.model.standards import ServiceStandard
from planning.model.wishes import RuleWishes
from planning.siting.stating.candidates import Wanted, candidates
from planning.siting.stating.people import homes

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


class BestPlaces:
    """Hosts, seats and settlements of a province, and who lives within reach of each."""

    def __init__(self, situation: Situation, standard: ServiceStandard) -> None:
        people = homes(situation, standard)
        reach_m = float(people.radius_m.max(initial=0.0))
        points = places_xy(situation.open_direct, situation.crs)
        far = StraightLine().nearest(people.xy, points)[0] > people.radius_m
        found = candidates(situation, people, Wanted(far, reach_m), RuleWishes())
        self._xy = found.xy
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

    def ranked(self, unserved: NDArray[np.bool_], search: str = "") -> list[Place]:
        """Return the places with their gain, most people first.

        `unserved` says of every place where people live whether nobody serves it yet. With
        `search` every place whose name holds it is meant, else of near ones the best.
        """
        gain = np.asarray(self._reach @ (self._people * unserved))
        wanted = search_key(search)
        rows = np.lexsort((np.arange(len(gain)), -gain)).tolist()
        if wanted:
            chosen = [at for at in rows if wanted in self._words[at]][:MOST_PLACES]
        else:
            chosen = self._apart([at for at in rows if gain[at]])
        table = self._table
        return [
            Place(
                id=str(table["id"].iloc[at]), name=self._name[at],
                kind=str(table["kind"].iloc[at]), commune=str(self._commune[at]),
                lon=float(table["lon"].iloc[at]), lat=float(table["lat"].iloc[at]),
                host=self._host[at], people=int(gain[at]),
            )
            for at in chosen
        ]  # fmt: skip

    def _apart(self, rows: list[int]) -> list[int]:
        chosen: list[int] = []
        for at in rows:
            away = self._xy[chosen] - self._xy[at]
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
