"""Where a point could stand: real hosts, and places where people live."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.crs import in_metres
from geo.errors import N_
from geo.locate import commune_of
from geo.names import search_key
from geo.tables import HostTable, PointTable
from planning.analysis.gap_clusters import PeopleClusters
from planning.analysis.situation import Situation, points_of
from planning.model.decisions import KEPT_OUT_M
from planning.model.errors import RequestError
from planning.model.siting import AT_HOST_M
from planning.model.wishes import CandidateKind, RuleWishes
from planning.siting.stating.people import Homes

SETTLEMENT_M = 1000.0  # one candidate per square kilometre where people live
COLUMNS = ["id", "lon", "lat", "kind", "name", "commune_code", "former_code", "host", "host_type", "host_m"]  # fmt: skip

Real = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """Admissible sites, sorted by longitude, latitude and name, and the hosts known.

    `table` has the columns of COLUMNS: `id` is the place as text, `host` the nearest host
    allowed (missing: none known) and `host_m` its distance; `former_code` may be missing.
    Every candidate lies inside a commune, at a real host or where people live. `xy` is in
    metres, shape (n, 2).
    """

    table: pd.DataFrame
    xy: Real
    hosts: pd.DataFrame


@dataclass(frozen=True)
class Wanted:
    """Where candidates are wanted: near unserved people, and at homes named.

    `unserved` is a mask over the homes, `reach_m` the farthest that counts (inf: any);
    `settled` are homes by longitude and latitude.
    """

    unserved: Mask
    reach_m: float
    settled: tuple[tuple[float, float], ...] = ()


def candidates(
    situation: Situation, people: Homes, wanted: Wanted, wishes: RuleWishes
) -> Candidates:
    """Return the sites from which someone unserved could be reached, in a fixed order.

    Of the homes the most populous of each square kilometre stands for its settlement; where
    unserved people gather far from any host, the middle of their cluster does too. None stands
    where the province did not approve a point.
    """
    hosts = known_hosts(situation)
    allowed = _of_types(hosts, wishes.host_types)
    xy = in_metres(allowed["lon"], allowed["lat"], situation.crs)
    parts = [allowed, _settlements(people, wanted), _centres(people, wanted.unserved, xy)]
    parts = [each for each in parts if len(each)]
    if not parts:
        return Candidates(pd.DataFrame(columns=COLUMNS), np.empty((0, 2)), hosts)
    every = described(pd.concat(parts, ignore_index=True), allowed, situation)
    if wishes.kinds:
        every = every[every["kind"].isin(list(wishes.kinds))]
    if wishes.host_types or wishes.host_within_km is not None:
        every = every[every["host_m"] <= near_host_m(wishes)]
    xy = in_metres(every["lon"], every["lat"], situation.crs)
    reached = _reached(xy, people.xy[wanted.unserved], wanted.reach_m)
    reached &= ~kept_out(xy, situation)
    return Candidates(every.loc[reached].reset_index(drop=True), xy[reached], hosts)


def kept_out(xy: Real, situation: Situation) -> Mask:
    """Return which places, in metres, stand where the province wants no new point."""
    out = np.zeros(len(xy), dtype=bool)
    if situation.kept_out:
        lon, lat = np.array(situation.kept_out).T
        for place in in_metres(lon, lat, situation.crs):
            out |= np.hypot(*(xy - place).T) <= KEPT_OUT_M
    return out


def near_host_m(wishes: RuleWishes) -> float:
    """Return how far from a host a point may stand to count as housed by it."""
    return AT_HOST_M if wishes.host_within_km is None else wishes.host_within_km * 1000


def known_hosts(situation: Situation) -> pd.DataFrame:
    """Return the real places that could house a point: lon, lat, commune, name, type, kind.

    They are the hosts imported, the commune seats, and the places of online points, where
    someone already works for the network.
    """
    seats = situation.communes[situation.communes["seat_lon"].notna()]
    online = points_of(situation.points, "online", "open")
    parts = [
        situation.hosts[["lon", "lat", HostTable.name, HostTable.host_type]].assign(
            kind=CandidateKind.HOST.value),
        pd.DataFrame({"lon": seats["seat_lon"], "lat": seats["seat_lat"],
                      "name": "UBND " + seats["full_name"], "host_type": "UBND xã",
                      "kind": CandidateKind.SEAT.value}),
        pd.DataFrame({"lon": online[PointTable.lon], "lat": online[PointTable.lat],
                      "name": online[PointTable.name], "host_type": online[PointTable.host_type],
                      "kind": CandidateKind.ONLINE.value}),
    ]  # fmt: skip
    hosts = pd.concat([each for each in parts if len(each)] or parts, ignore_index=True)
    hosts = hosts.sort_values(["lon", "lat", "name"], ignore_index=True)
    code = commune_of(hosts["lon"], hosts["lat"], situation.communes)
    return hosts.assign(commune_code=code)[code.notna()].reset_index(drop=True)


def described(places: pd.DataFrame, hosts: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """Return places (lon, lat, kind, name, commune_code) with the other columns, each once.

    Of several at one place a host stands before a settlement, then the first name.
    """
    order = {kind.value: at for at, kind in enumerate(CandidateKind)}
    found = places.assign(id=identity(places), order=places["kind"].map(order))
    found = found.sort_values(["lon", "lat", "order", "name"], na_position="last")
    found = found.drop_duplicates("id").reset_index(drop=True)
    if situation.former is None:
        former = pd.Series([None] * len(found), dtype="str")
    else:
        former = commune_of(found["lon"], found["lat"], situation.former)
    host, metres = _nearest_host(found, hosts, situation)
    return found.assign(
        former_code=former, host=host["name"], host_type=host["host_type"], host_m=metres
    )[COLUMNS]


def identity(places: pd.DataFrame) -> pd.Series:
    """Return the places' longitude and latitude as text, to about a tenth of a metre."""
    pairs = zip(places["lon"], places["lat"], strict=True)
    return pd.Series([f"{lon:.6f},{lat:.6f}" for lon, lat in pairs], index=places.index, dtype="str")  # fmt: skip


def _of_types(hosts: pd.DataFrame, types: tuple[str, ...]) -> pd.DataFrame:
    """Return the hosts of the types asked for, all where none is; refuse types nobody has."""
    if not types:
        return hosts
    known = {search_key(each): each for each in sorted(hosts["host_type"].dropna().unique())}
    for each in types:
        if search_key(each) not in known:
            raise RequestError(
                N_("No host here is of the type “%(type)s”; there are: %(known)s."),
                type=each, known=", ".join(known.values()) or "–",
            )  # fmt: skip
    wanted = {search_key(each) for each in types}
    keep = [isinstance(each, str) and search_key(each) in wanted for each in hosts["host_type"]]
    return hosts[keep].reset_index(drop=True)


def _settlements(people: Homes, wanted: Wanted) -> pd.DataFrame:
    """Return the most populous home of each square of one kilometre, and the homes named."""
    square = np.floor(people.xy / SETTLEMENT_M).astype(np.int64)
    frame = people.table.assign(people=people.people, x=square[:, 0], y=square[:, 1])
    # Stable: of equally populous homes the first by longitude and latitude.
    frame = frame.sort_values("people", ascending=False, kind="stable")
    wished = set(wanted.settled)
    keep = ~frame.duplicated(["x", "y"])
    if wished:
        pairs = zip(frame["lon"], frame["lat"], strict=True)
        keep |= np.array([pair in wished for pair in pairs])
    return _places(frame[keep], CandidateKind.SETTLEMENT)


def _centres(people: Homes, unserved: Mask, hosts: Real) -> pd.DataFrame:
    """Return the home nearest to the middle of each cluster of unserved people.

    Only where no host stands within the width of a settlement: where one is known, it is
    the candidate. A home is never water or field.
    """
    rows = np.flatnonzero(unserved)
    if not len(rows):
        return _places(people.table.iloc[:0], CandidateKind.CENTRE)
    extent = float(people.radius_m[rows].max())
    weight = people.people[rows]
    labels = PeopleClusters(extent_m=extent).fit(people.xy[rows], sample_weight=weight).labels_
    middles = [
        rows[at][_nearest_to_middle(people.xy[rows[at]], weight[at])]
        for at in (np.flatnonzero(labels == each) for each in range(labels.max() + 1))
    ]
    chosen = np.unique(np.array(middles, dtype=np.int64))
    if len(hosts) and len(chosen):
        chosen = chosen[KDTree(hosts).query(people.xy[chosen])[0] > SETTLEMENT_M]
    return _places(people.table.iloc[chosen], CandidateKind.CENTRE)


def _nearest_to_middle(xy: Real, people: NDArray[np.int64]) -> int:
    """Return the position of the place nearest to the people-weighted middle of all."""
    away = xy - np.average(xy, axis=0, weights=people)
    return int((away**2).sum(axis=1).argmin())


def _places(table: pd.DataFrame, kind: CandidateKind) -> pd.DataFrame:
    frame = table[["lon", "lat", "commune_code"]].reset_index(drop=True)
    return frame.assign(kind=kind.value, name=None)


def _nearest_host(
    places: pd.DataFrame, hosts: pd.DataFrame, situation: Situation
) -> tuple[pd.DataFrame, Real]:
    """Return, for each place, the row of its nearest host and the distance; inf without any."""
    if not len(hosts) or not len(places):
        nothing = pd.DataFrame({"name": [None] * len(places), "host_type": [None] * len(places)})
        return nothing, np.full(len(places), np.inf)
    tree = KDTree(in_metres(hosts["lon"], hosts["lat"], situation.crs))
    metres, at = tree.query(in_metres(places["lon"], places["lat"], situation.crs))
    return hosts.iloc[np.asarray(at)].reset_index(drop=True), np.asarray(metres)


def _reached(xy: Real, unserved: Real, reach_m: float) -> Mask:
    """Return which places have someone unserved within reach."""
    if not np.isfinite(reach_m) or not len(xy):
        return np.ones(len(xy), dtype=bool)
    if not len(unserved):
        return np.zeros(len(xy), dtype=bool)
    # The tree leaves out whoever lives exactly at the limit.
    near = KDTree(unserved).query(xy, distance_upper_bound=reach_m + 1.0)[0]
    return np.asarray(np.isfinite(near))
