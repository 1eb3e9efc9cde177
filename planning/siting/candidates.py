"""Where a point could stand: real hosts, and places where people live."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.crs import in_metres
from geo.locate import commune_of
from geo.tables import DemandTable, HostTable, PointTable
from planning.analysis.situation import Situation, points_of

SETTLEMENT_M = 1000.0  # one candidate per square kilometre where people live


@dataclass(frozen=True)
class Candidates:
    """Admissible sites: `xy` in metres (n, 2), degrees, commune, and the nearest host.

    Every candidate lies inside a commune at a real host or at a demand place, hence where
    people live. `host` is a position in `hosts`, −1 where none is known, and
    `host_m` its distance.
    """

    xy: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    commune_code: NDArray[np.object_]
    hosts: pd.DataFrame
    host: NDArray[np.intp]
    host_m: NDArray[np.float64]


def candidates(situation: Situation, unserved: NDArray[np.bool_], largest_m: float) -> Candidates:
    """Return the sites from which someone unserved could be reached, in a fixed order.

    `unserved` is a mask over the demand places, `largest_m` the largest radius. Of the
    demand places the most populous of each square kilometre stands for its settlement.
    """
    hosts = known_hosts(situation)
    places = _settlements(situation)
    every = pd.concat([hosts[["lon", "lat", "commune_code"]], places], ignore_index=True)
    xy = in_metres(every["lon"], every["lat"], situation.crs)
    if unserved.any():
        near = KDTree(situation.demand_xy[unserved]).query(xy, distance_upper_bound=largest_m)[0]
        keep = np.flatnonzero(np.isfinite(near))
    else:
        keep = np.empty(0, dtype=np.intp)
    every, xy = every.iloc[keep].reset_index(drop=True), xy[keep]
    host, metres = _nearest_host(xy, in_metres(hosts["lon"], hosts["lat"], situation.crs))
    return Candidates(
        xy=xy, lon=every["lon"].to_numpy(), lat=every["lat"].to_numpy(),
        commune_code=every["commune_code"].to_numpy(dtype=object),
        hosts=hosts, host=host, host_m=metres,
    )  # fmt: skip


def known_hosts(situation: Situation) -> pd.DataFrame:
    """Return the real places that could house a point: lon, lat, commune, name, kind.

    They are the hosts imported, the commune seats, and the places of online points, where
    someone already works for the network.
    """
    seats = situation.communes[situation.communes["seat_lon"].notna()]
    online = points_of(situation.points, "online", "open")
    parts = [
        situation.hosts[["lon", "lat", HostTable.name, HostTable.host_type]],
        pd.DataFrame({"lon": seats["seat_lon"], "lat": seats["seat_lat"],
                      "name": "UBND " + seats["full_name"], "host_type": "UBND xã"}),
        pd.DataFrame({"lon": online[PointTable.lon], "lat": online[PointTable.lat],
                      "name": online[PointTable.name], "host_type": online[PointTable.host_type]}),
    ]  # fmt: skip
    hosts = pd.concat([each for each in parts if len(each)] or parts, ignore_index=True)
    hosts = hosts.sort_values(["lon", "lat", "name"], ignore_index=True)
    code = commune_of(hosts["lon"], hosts["lat"], situation.communes)
    return hosts.assign(commune_code=code)[code.notna()].reset_index(drop=True)


def _settlements(situation: Situation) -> pd.DataFrame:
    """Return the most populous demand place of each square of one kilometre."""
    demand = situation.demand
    square = np.floor(situation.demand_xy / SETTLEMENT_M).astype(np.int64)
    frame = pd.DataFrame(
        {"lon": demand[DemandTable.lon], "lat": demand[DemandTable.lat],
         "commune_code": demand[DemandTable.commune_code], "people": demand[DemandTable.people],
         "x": square[:, 0], "y": square[:, 1]}
    )  # fmt: skip
    frame = frame.sort_values(["people", "lon", "lat"], ascending=[False, True, True])
    first = frame.drop_duplicates(["x", "y"]).sort_values(["lon", "lat"], ignore_index=True)
    return first[["lon", "lat", "commune_code"]]


def _nearest_host(
    xy: NDArray[np.float64], hosts: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    if not len(hosts) or not len(xy):
        return np.full(len(xy), -1, dtype=np.intp), np.full(len(xy), np.inf)
    metres, host = KDTree(hosts).query(xy)
    return np.asarray(host), np.asarray(metres)
