"""The next units of a network: another staff member at a point, or a point at another place.

What staff within reach amounts to is that of `planning.analysis.workload`. A place where people
live is served as far as its staff per person goes, each member serving so many people: the
rest are beyond capacity. A unit adds to every place around it, whatever else is added, so what
units bring together is a sum over places that grows ever more slowly. Taking the best unit each
time therefore brings at least 1 − 1/e (63 %) of what the best choice of as many units brings
(Nemhauser, Wolsey and Fisher 1978); how near it came is told by a bound.

The capacity of points in suggestions (`planning.siting.covering.capacity`) fills every point
up to its room. It leaves open who of the people around a full point has to wait, and so where
one more member of staff helps most; that is why staff is weighed as above here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack
from scipy.spatial import KDTree

from geo.reach import ReachEngine
from geo.tables import CommuneTable, PointTable
from planning.analysis.situation import Situation, places_xy
from planning.analysis.workload import catchments, floating
from planning.model.decisions import KEPT_OUT_M
from planning.model.next_units import AddedUnit, NextUnits, UnitKind, UnitsAsk
from planning.model.siting import AT_HOST_M
from planning.model.standards import ServiceStandard
from planning.model.wishes import RuleWishes
from planning.model.workload import Zones
from planning.siting.stating.candidates import COLUMNS, Wanted, candidates
from planning.siting.stating.people import homes

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
_LEAST = 0.5  # a unit for less than half a person is none
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Chosen:
    """Sites taken one after the other (a site as often as staff is added), and what each brought.

    `beyond` are people beyond capacity before any; no choice of as many brings more than `bound`.
    """

    sites: tuple[int, ...]
    gains: tuple[float, ...]
    beyond: float
    bound: float


@dataclass(frozen=True)
class UnitPlaces:
    """Where a unit may go: open direct points first, then candidates for new points.

    `each` (n_sites, n_places) is what one member of staff at a site adds to the staff per
    person of a place; `access` is what the places have. `table` has a row for each site.
    """

    table: pd.DataFrame
    each: csr_array
    access: Real
    people: Whole
    points: int
    fingerprint: str


def unit_places(
    situation: Situation, standard: ServiceStandard, zones: Zones, staff: Real, engine: ReachEngine
) -> UnitPlaces:
    """Return where a unit may go in a province whose open direct points have `staff`.

    A new point may stand at known hosts and where people live, farther than 250 m from open
    direct points (there another staff member is the answer) and from places not approved.
    """
    points = situation.open_direct
    people = homes(situation, standard)
    nobody = np.zeros(len(people.people), dtype=bool)  # no middles of clusters: too many lack staff
    found = candidates(situation, people, Wanted(nobody, np.inf), RuleWishes())
    xy = places_xy(points, situation.crs)
    if len(xy) and len(found.xy):
        apart = np.asarray(KDTree(xy).query(found.xy)[0] > KEPT_OUT_M)
    else:
        apart = np.ones(len(found.xy), dtype=np.bool_)
    listed = points[
        [PointTable.lon, PointTable.lat, PointTable.name, PointTable.commune_code]
    ].assign(id=points[PointTable.point_id], kind="", host=None, host_m=np.nan)
    new = found.table.loc[apart]
    parts = [each for each in (listed, new) if len(each)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    names = situation.communes.set_index(CommuneTable.code)[CommuneTable.full_name]
    now = catchments(situation, standard, zones, xy, engine)
    weight = csr_array(
        vstack([now, catchments(situation, standard, zones, found.xy[apart], engine)])
    )
    drawn = weight @ situation.people.astype(np.float64)
    rows = np.repeat(np.arange(weight.shape[0]), np.diff(weight.indptr))
    each = csr_array((weight.data / drawn[rows], weight.indices, weight.indptr), weight.shape)
    return UnitPlaces(
        table.assign(commune=table["commune_code"].map(names)), each,
        floating(now, staff, situation.people).access, situation.people, len(points),
        situation.fingerprint,
    )  # fmt: skip


def next_units(places: UnitPlaces, ask: UnitsAsk) -> NextUnits:
    """Return the next units by the greatest gain; fewer than asked where no more helps anybody."""
    allowed = np.ones(places.each.shape[0], dtype=bool)
    allowed[: places.points] = UnitKind.STAFF in ask.kinds
    allowed[places.points :] = UnitKind.POINT in ask.kinds
    chosen = best_first(
        places.each, places.access, places.people, ask.people_per_staff, ask.units, allowed
    )
    opened: dict[int, int] = {}
    units = []
    for rank, (site, gain) in enumerate(zip(chosen.sites, chosen.gains, strict=True), start=1):
        new = site >= places.points and site not in opened
        if new:
            opened[site] = rank
        units.append(_unit(places, site, (rank, gain, opened.get(site)), new=new))
    return NextUnits(
        ask, int(places.people.sum()), chosen.beyond, chosen.bound, tuple(units),
        int(allowed.sum()), places.fingerprint,
    )  # fmt: skip


def best_first(
    each: csr_array, access: Real, people: Whole, capacity: float, units: int,
    allowed: NDArray[np.bool_] | None = None,
) -> Chosen:  # fmt: skip
    """Take the site that brings most people within capacity, again and again.

    Of equal sites that is taken around which people lack most, then the first in their order,
    so that a staff member goes before a point. The bound is the least over all steps of what was gained, and of the most that as
    many units could bring from there were none in the way of another.
    """
    lack = np.maximum(1.0 / capacity - access, 0.0)
    worth = people.astype(np.float64) * capacity
    beyond = float(worth @ lack)
    columns = csc_array(each)
    gain, whole = _gains(each, lack, worth)
    banned = np.zeros(len(gain), dtype=bool) if allowed is None else ~allowed
    gain[banned], whole[banned] = 0.0, 0.0
    sites: list[int] = []
    gains: list[float] = []
    bound = min(beyond, _most(gain, whole, units))
    while len(sites) < units and len(gain) and gain.max() >= _LEAST:
        best = np.flatnonzero(gain >= gain.max() * (1 - _ROUNDING))
        site = int(best[whole[best].argmax()])
        sites.append(site)
        gains.append(float(gain[site]))
        around = slice(each.indptr[site], each.indptr[site + 1])
        spots = each.indices[around]
        lack[spots] = np.maximum(lack[spots] - each.data[around], 0.0)
        # Only sites that share a place with this one can bring less than before.
        near = np.unique(columns[:, spots].indices)
        gain[near], whole[near] = _gains(csr_array(each[near]), lack, worth)
        gain[banned], whole[banned] = 0.0, 0.0
        bound = min(bound, sum(gains) + _most(gain, whole, units))
    return Chosen(tuple(sites), tuple(gains), beyond, max(bound, sum(gains)))


def _gains(each: csr_array, lack: Real, worth: Real) -> tuple[Real, Real]:
    """Return what one unit at each site brings, and what any number there would."""
    rows = np.repeat(np.arange(each.shape[0]), np.diff(each.indptr))
    lacking = lack[each.indices]
    one = np.minimum(lacking, each.data) * worth[each.indices]
    every = lacking * worth[each.indices]
    size = each.shape[0]
    found = (np.bincount(rows, weight, size) for weight in (one, every))
    first, whole = (each.astype(np.float64) for each in found)
    return first, whole


def _most(gain: Real, whole: Real, units: int) -> float:
    """Return the most that so many units could bring if none were in the way of another site's.

    A site brings at most its first gain with every unit, and never more than all its people lack.
    """
    some = np.flatnonzero(gain > 0)
    if not len(some):
        return 0.0
    some = some[np.argsort(-gain[some], kind="stable")][:units]
    times = np.minimum(np.floor(whole[some] / gain[some]), units).astype(np.int64)
    rest = np.clip(whole[some] - times * gain[some], 0.0, gain[some])
    pieces = np.concatenate([np.repeat(gain[some], times), rest])
    return float(np.sort(pieces)[::-1][:units].sum())


def _unit(
    places: UnitPlaces, site: int, told: tuple[int, float, int | None], *, new: bool
) -> AddedUnit:
    rank, gain, opened = told
    row = places.table.iloc[site]
    far = pd.isna(row["host_m"]) or row["host_m"] > AT_HOST_M
    name = row["name"] if isinstance(row["name"], str) else ""
    return AddedUnit(
        rank=rank, kind=UnitKind.POINT if new else UnitKind.STAFF, place=str(row["id"]), name=name,
        commune_code=row["commune_code"] if isinstance(row["commune_code"], str) else None,
        commune=row["commune"] if isinstance(row["commune"], str) else "",
        lon=float(row["lon"]), lat=float(row["lat"]),
        host=None if far else str(row["host"]), host_m=None if far else float(row["host_m"]),
        people=gain, opened=opened,
    )  # fmt: skip
