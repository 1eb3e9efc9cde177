"""People per staff member within reach: the enhanced two-step floating catchment area.

First every point shares its staff among the people within reach, those nearer weighing more;
then everybody adds up the shares of all points within their reach. W. Luo and Y. Qi (2009),
“An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial
accessibility to primary care physicians”, Health & Place 15(4). What is shared out is the
staff that has anybody within reach, so that the sums of both sides are the same.

How many people fall to a point is told apart from that: everybody is shared once among the
points within reach, by weight and staff (D. L. Huff, 1963, shares customers so), for the first
step counts people anew at every point that they can reach.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.names import sort_key
from geo.reach import ReachEngine
from geo.tables import CommuneTable, DemandTable, PointTable
from planning.analysis.situation import Situation, places_xy
from planning.model.standards import ServiceStandard
from planning.model.workload import (
    CommuneLoad,
    Limits,
    PointLoad,
    Verdict,
    WorkloadAsk,
    WorkloadReport,
    Zones,
    mean_load,
)

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
UNKNOWN_STAFF = 1  # every point has at least one member of staff by its conditions
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Floating:
    """Both steps. `access` is staff per person at each place (n_places,), 0 out of all reach.

    `drawn` are the weighted people within reach of each point, shape (n_points,): one member
    of staff more there adds weight ÷ drawn to the access of a place.
    """

    access: Real
    drawn: Real


def catchments(
    situation: Situation, standard: ServiceStandard, zones: Zones, sites: Real, engine: ReachEngine
) -> csr_array:
    """Return what each site (metres, (n_sites, 2)) counts for at each place where people live.

    Shape (n_sites, n_places): the weight of the zone in which the site lies as seen from the
    place, by the radius that holds there; pairs beyond the radius are not stored.
    """
    radius_m = situation.radii_m(standard)
    near = engine.within(situation.demand_xy, sites, float(radius_m.max(initial=0.0))).cost
    share = near.data / radius_m[near.indices]
    zone = np.searchsorted(np.asarray(zones.ends), share, side="left")
    weight = np.append(zones.weights, 0.0)[zone]
    found = csr_array((weight, near.indices, near.indptr), shape=near.shape)
    found.eliminate_zeros()
    return found


def floating(weight: csr_array, staff: Real, people: Whole) -> Floating:
    """Return both steps for the weights of `catchments`, staff (n_sites,), people (n_places,)."""
    drawn = weight @ people.astype(np.float64)
    each = np.divide(staff, drawn, out=np.zeros(len(staff)), where=drawn > 0)
    return Floating(np.asarray(weight.T @ each), np.asarray(drawn))


def falling(weight: csr_array, staff: Real, people: Whole) -> Real:
    """Return how many people fall to each site when everybody is shared once, (n_sites,).

    A place divides its people by weight × staff; those without staff within reach fall to none.
    """
    pull = weight.T @ staff
    each = np.divide(people, pull, out=np.zeros(len(people)), where=pull > 0)
    return np.asarray(staff * (weight @ each))


def staff_at(points: pd.DataFrame, listed: dict[str, int] | None = None) -> tuple[Real, Whole]:
    """Return the staff counted at each point, and what is known of it, -1 for nothing.

    Known is how many people the staff list names there where it speaks of the point (`listed`
    by point id, see `persons_listed`), else the number in the list of points; of the others one
    is counted.
    """
    known = points[PointTable.staff_count].astype("Float64")
    if listed:
        known = points[PointTable.point_id].map(listed).astype("Float64").fillna(known)
    told = known.fillna(-1).to_numpy(dtype=np.float64)
    return np.where(told < 0, UNKNOWN_STAFF, told), told.astype(np.int64)


def workload(
    situation: Situation, standard: ServiceStandard, ask: WorkloadAsk, engine: ReachEngine,
    listed: dict[str, int] | None = None,
) -> WorkloadReport:  # fmt: skip
    """Measure how much work falls to the staff of a province, by commune and by point.

    `listed` counts the staff list by point id (see `staff_at`).
    """
    points = situation.open_direct
    weight = catchments(situation, standard, ask.zones, places_xy(points, situation.crs), engine)
    staff, told = staff_at(points, listed)
    people = situation.people
    steps = floating(weight, staff, people)
    reached = int(staff[steps.drawn > 0].sum())
    total, without = int(people.sum()), int(people[steps.access == 0].sum())
    mean = total / reached if reached else None
    load = mean_load(total - without, reached)
    loads = falling(weight, staff, people)
    return WorkloadReport(
        province_code=situation.province_code, valid_from=situation.valid_from,
        standard=standard, ask=ask, base=situation.base, people=total, staff=int(staff.sum()),
        staff_reached=reached, people_without=without,
        points_unknown=int((told < 0).sum()),
        communes=_communes(situation, steps.access, staff, ask.limits.people_per_staff or mean),
        points=_points(situation, weight, (staff, told, loads), load, ask.limits),
        fingerprint=situation.fingerprint,
    )  # fmt: skip


def _communes(
    situation: Situation, access: Real, staff: Real, wanted: float | None
) -> tuple[CommuneLoad, ...]:
    """Return every commune; people and shares are sums over the places in it."""
    places = pd.DataFrame({
        "code": situation.demand[DemandTable.commune_code].to_numpy(),
        "people": situation.people, "share": situation.people * access,
        "without": np.where(access == 0, situation.people, 0),
    }).groupby("code").sum()  # fmt: skip
    here = pd.Series(staff).groupby(situation.open_direct[PointTable.commune_code].to_numpy()).sum()
    found = []
    for code, name in zip(
        situation.communes[CommuneTable.code], situation.communes[CommuneTable.full_name],
        strict=True,
    ):  # fmt: skip
        known = code in situation.counted
        people, share, without = places.loc[code] if code in places.index else (0, 0.0, 0)
        found.append(CommuneLoad(
            code, name, int(people) if known else None, int(here.get(code, 0)),
            float(share) if known else None, int(without) if known else None,
            _needed(people, share, wanted) if known else None,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda it: sort_key(it.name)))


def _needed(people: float, share: float, wanted: float | None) -> int | None:
    """Return how many staff more bring people to the number wanted, None without a number."""
    return None if wanted is None else max(0, ceil(people / wanted - share - _ROUNDING))


def _points(
    situation: Situation, weight: csr_array, loads: tuple[Real, Whole, Real],
    mean: float | None, limits: Limits,
) -> tuple[PointLoad, ...]:  # fmt: skip
    staff, told, falls = loads
    inside = csr_array((np.ones(weight.nnz), weight.indices, weight.indptr), shape=weight.shape)
    reach = np.asarray(inside @ situation.people)
    names = dict(zip(situation.communes[CommuneTable.code],
                     situation.communes[CommuneTable.full_name], strict=True))  # fmt: skip
    table = situation.open_direct
    found = []
    for at, (point, name, code, organisation) in enumerate(zip(
        table[PointTable.point_id], table[PointTable.name], table[PointTable.commune_code],
        table[PointTable.organisation], strict=True,
    )):  # fmt: skip
        each = float(falls[at] / staff[at]) if staff[at] else None
        lies = code if isinstance(code, str) else None
        found.append(PointLoad(
            point, name, lies, names.get(lies or "", ""),
            organisation if isinstance(organisation, str) else "",
            None if told[at] < 0 else int(told[at]), int(reach[at]), float(falls[at]), each,
            _known(_verdict(each, int(reach[at]), mean, limits), lies in situation.counted),
        ))  # fmt: skip
    return tuple(found)


def _known(verdict: Verdict, counted: bool) -> Verdict:
    """Return the verdict, unknown where people that were not counted could make it another."""
    sure = counted or verdict in (Verdict.OVERLOADED, Verdict.UNSTAFFED)
    return verdict if sure else Verdict.UNKNOWN


def _verdict(each: float | None, reach: int, mean: float | None, limits: Limits) -> Verdict:
    """Return what people per staff member (None: no staff) say beside the mean load and the number wanted."""
    if each is None:
        return Verdict.UNSTAFFED if reach else Verdict.IDLE
    most = limits.people_per_staff
    if mean is not None and (each >= limits.over * mean or (most is not None and each > most)):
        return Verdict.OVERLOADED
    return Verdict.IDLE if mean is None or each <= limits.under * mean else Verdict.BALANCED
