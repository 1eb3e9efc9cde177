"""The places a network is laid on: where people live, and in which former commune.

A *unit* is a former commune where former communes are known, else a present one. Former
communes often have no shapes: then the people of each present commune are cut, along its
longer side, into one compact part for each former commune it took over.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from geo.crs import in_metres, metric_crs
from geo.demand import spread
from geo.errors import N_
from geo.tables import Communes, CommuneTable, Crosswalk, CrosswalkTable, Demand, DemandTable

UNKNOWN = N_(
    "Communes without people are not known to be empty: their points are spread evenly "
    "inside the commune."
)
_NEIGHBOURS = 9
_MARKET_M = 1_500.0
_FAR = 0.06


@dataclass(frozen=True, slots=True)
class NetworkPlaces:
    """Where a network shall be laid: communes, their people, and the way from the former ones.

    `former` are the shapes of the former communes where they are known; with them every
    point is checked to lie in the former commune it names.
    """

    communes: Communes
    demand: Demand
    crosswalk: Crosswalk | None
    former_people: dict[str, int] | None
    former: Communes | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """`places`: the demand table with unit, x, y in metres of `crs`, and pull.

    `pull` says how strongly a place draws points: people around, more near the market.
    `units`: one row per unit, its index the code: name, district, people. `by_former` says
    whether units are former communes, `shapes_known` whether each place's former commune
    comes from boundaries rather than from a cut of ours.
    """

    places: pd.DataFrame
    units: pd.DataFrame
    crs: CRS
    by_former: bool
    shapes_known: bool
    notes: tuple[str, ...]


def settle(places: NetworkPlaces, communes: Communes, rng: np.random.Generator) -> Settlement:
    """Return the places of `communes` (some or all of `places.communes`) by unit."""
    demand, notes = _everywhere(places, communes)
    crs = metric_crs(communes.geometry.bounds[["minx", "maxx"]].to_numpy())
    xy = in_metres(demand[DemandTable.lon], demand[DemandTable.lat], crs)
    frame = demand.assign(x=xy[:, 0], y=xy[:, 1])
    shapes_known = bool(demand[DemandTable.former_code].notna().any())
    by_former = shapes_known or places.crosswalk is not None
    if shapes_known:
        frame = frame.assign(unit=frame[DemandTable.former_code])
        frame = frame[frame["unit"].notna()]
    elif places.crosswalk is not None:
        frame = _cut_by_former(frame, places.crosswalk, places.former_people or {})
    else:
        frame = frame.assign(unit=frame[DemandTable.commune_code])
    frame = frame.reset_index(drop=True)
    units = _units(frame, communes, places.crosswalk if by_former else None)
    return Settlement(
        frame.assign(pull=_pull(frame, rng)), units, crs, by_former, shapes_known, notes
    )


def _everywhere(places: NetworkPlaces, communes: Communes) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the demand of `communes`, and even places where no people are known."""
    codes = communes[CommuneTable.code]
    known = places.demand[places.demand[DemandTable.commune_code].isin(codes)]
    peopled = known.groupby(DemandTable.commune_code)[DemandTable.people].sum()
    empty = communes[~codes.isin(peopled.index)]
    if not len(empty):
        return known.reset_index(drop=True), ()
    usual = int(peopled.median()) if len(peopled) else 10_000
    totals = dict.fromkeys(empty[CommuneTable.code], usual)
    even = spread(Communes(empty), totals, None, places.former)
    return pd.concat([known, even.demand], ignore_index=True), (UNKNOWN,)


def _cut_by_former(
    frame: pd.DataFrame, crosswalk: Crosswalk, former_people: dict[str, int]
) -> pd.DataFrame:
    """Return the places with the former commune each belongs to by our own cut."""
    new, old = CrosswalkTable.new_code, CrosswalkTable.old_code
    parts = crosswalk.groupby(old)[new].transform("size")
    usual = float(np.median(list(former_people.values()))) if former_people else 1.0
    weight = crosswalk[old].map(former_people).astype(float).fillna(usual) / parts
    pairs = crosswalk.assign(weight=weight).sort_values([new, old])
    by_new = dict(list(pairs.groupby(new)))
    cut = []
    for code, rows in frame.groupby(DemandTable.commune_code, sort=True):
        took = by_new.get(code)
        if took is None:
            cut.append(rows.assign(unit=code))
        else:
            cut.append(_cut_one(rows, took[old].to_numpy(object), took["weight"].to_numpy()))
    return pd.concat(cut, ignore_index=True)


def _cut_one(
    rows: pd.DataFrame, units: NDArray[np.object_], weights: NDArray[np.float64]
) -> pd.DataFrame:
    """Cut the places of one commune, along its longer side, by people in parts of `weights`."""
    if len(rows) < len(units):
        rows = rows.iloc[np.arange(len(units)) % len(rows)]
    xy = rows[["x", "y"]].to_numpy()
    _, axes = np.linalg.eigh(np.cov((xy - xy.mean(axis=0)).T) if len(rows) > 1 else np.eye(2))
    along = rows.iloc[np.argsort((xy @ axes[:, 1]).round(3), kind="stable")]
    people = along[DemandTable.people].to_numpy(float)
    middle = (np.cumsum(people) - people / 2) / people.sum()
    part = np.searchsorted((np.cumsum(weights) / weights.sum())[:-1], middle)
    if len(np.unique(part)) < len(units):
        part = np.arange(len(along)) * len(units) // len(along)
    return along.assign(unit=units[part])


def _units(frame: pd.DataFrame, communes: Communes, crosswalk: Crosswalk | None) -> pd.DataFrame:
    people = frame.groupby("unit")[DemandTable.people].sum()
    units = pd.DataFrame({"people": people.astype(float)}).sort_index()
    own = communes.drop_duplicates(CommuneTable.code).set_index(CommuneTable.code)
    main = frame.groupby(["unit", DemandTable.commune_code])[DemandTable.people].sum()
    present = main.reset_index().sort_values(DemandTable.people, kind="stable")
    present_code = present.groupby("unit")[DemandTable.commune_code].last().reindex(units.index)
    name = present_code.map(own[CommuneTable.full_name])
    district = present_code.map(own[CommuneTable.district])
    if crosswalk is not None:
        old = crosswalk.drop_duplicates(CrosswalkTable.old_code)
        old = old.set_index(CrosswalkTable.old_code)
        name = old[CrosswalkTable.old_name].reindex(units.index).fillna(name)
        district = old[CrosswalkTable.old_district].reindex(units.index).fillna(district)
    return units.assign(name=name, district=district.fillna(""), present=present_code)


def _pull(frame: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how strongly each place draws points, shape (n,).

    The market of a unit is where most people live around; people near it count most.
    """
    xy = frame[["x", "y"]].to_numpy()
    people = frame[DemandTable.people].to_numpy(float)
    _, near = cKDTree(xy).query(xy, k=min(_NEIGHBOURS, len(frame)))
    around = people[near.reshape(len(frame), -1)].sum(axis=1)
    market = pd.Series(around).groupby(frame["unit"].to_numpy()).idxmax()
    centre = xy[frame["unit"].map(market).to_numpy(int)]
    away = np.hypot(*(xy - centre).T) / _MARKET_M
    near_market = np.exp(-(away**2) / 2)
    pull: NDArray[np.float64] = (
        around * np.sqrt(people) * (near_market + _FAR * rng.uniform(0.2, 1.8))
    )
    return pull
