"""A planner's rules as rows over the sites of a question."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from geo.errors import N_
from geo.names import search_key
from geo.tables import CommuneTable, PointTable
from planning.analysis.situation import Situation
from planning.analysis.terrain import terrain_classes
from planning.model.asking import SuggestionAsk
from planning.model.errors import RequestError
from planning.model.wishes import Group, Limits
from planning.siting.problem import FadeStep, Floor
from planning.siting.rules import NO_LIMIT, Row, RuleKind, Rules
from planning.siting.stating.candidates import near_host_m
from planning.siting.stating.people import Homes

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
_ROUNDING_M = 1e-6  # whoever stands exactly at the spacing may stand there


@dataclass(frozen=True)
class Places:
    """The sites of a question as its rules see them, row by row.

    `table` has commune_code, former_code, host_type and host_m; `point` is the row of the
    open point that a site is today (−1: a new site), `fixed` those that stay. Points that
    stay and are no sites are in `staying`, where they stand in `staying_xy`.
    """

    table: pd.DataFrame
    xy: Real
    point: Whole
    fixed: NDArray[np.bool_]
    chosen: NDArray[np.bool_]
    staying: pd.DataFrame
    staying_xy: Real

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which sites rules speak of: new ones, and points that may close."""
        return ~self.fixed

    @property
    def movable(self) -> Whole:
        """The sites that are open points today and may close."""
        return np.flatnonzero((self.point >= 0) & ~self.fixed)


def rules(situation: Situation, ask: SuggestionAsk, places: Places) -> Rules:
    """Return every rule about the sites themselves."""
    wishes = ask.rules
    limited = [(RuleKind.COMMUNE, wishes.per_commune, PointTable.commune_code),
               (RuleKind.FORMER, wishes.per_former_commune, PointTable.former_code)]  # fmt: skip
    rows: list[Row] = []
    for kind, limits, column in limited:
        if limits != Limits():
            rows += _per_area(kind, limits, column, _codes(kind, situation, limits), places)
    rows += _kept(ask, places)
    if ask.budget is not None:
        new = np.flatnonzero(places.point < 0)
        each = costs(ask, places.table)[new]
        rows.append(Row(RuleKind.BUDGET, "", new, each, most=ask.budget.thousand_dong))
    for group in wishes.groups:
        if group.points is not None:
            rows.append(_group_points(group, communes_of(group, situation), places))
    return Rules(
        sites=len(places.xy),
        most_sites=ask.points + int(places.fixed.sum()) + len(places.movable) - ask.existing.closings,
        rows=tuple(rows),
        chosen=np.flatnonzero(places.chosen),
        clashes=_clashes(places, wishes.spacing_km),
    )  # fmt: skip


def costs(ask: SuggestionAsk, table: pd.DataFrame) -> Whole:
    """Return what a point at each site costs in thousand đồng, shape (n,)."""
    if ask.budget is None:
        return np.zeros(len(table), dtype=np.int64)
    known = {search_key(name): cost for name, cost in ask.budget.cost}
    limit = near_host_m(ask.rules)
    return np.array(
        [
            known.get(search_key(kind), ask.budget.default_cost)
            if isinstance(kind, str) and metres <= limit
            else ask.budget.default_cost
            for kind, metres in zip(table["host_type"], table["host_m"], strict=True)
        ],
        dtype=np.int64,
    )


def communes_of(group: Group, situation: Situation) -> frozenset[str]:
    """Return the codes of the communes that a group names."""
    if group.terrain is not None:
        terrain = terrain_classes(situation.communes, situation.population)
        return frozenset(code for code, each in terrain.items() if each == group.terrain)
    _known(group.communes, set(situation.communes[CommuneTable.code]))
    return frozenset(group.communes)


def floors(situation: Situation, ask: SuggestionAsk, people: Homes) -> tuple[Floor, ...]:
    """Return the least numbers of people served in named groups."""
    found = []
    for group in ask.rules.groups:
        if group.share is not None:
            inside = people.table["commune_code"].isin(communes_of(group, situation))
            places = np.flatnonzero(inside)
            least = share_of(group.share, int(people.people[places].sum()))
            found.append(Floor(group.name, places, least))
    return tuple(found)


def share_of(share: float, people: int) -> int:
    """Return the least whole number of people that is the share: 0.3 of 10 is 3, not 4."""
    return ceil(Fraction(str(share)) * people)


def fade_steps(factor: float | None) -> tuple[FadeStep, ...]:
    """Return coverage that falls in a straight line from the radius to `factor` radii.

    Ten tenths up to the radius; t tenths where at least t are left of the line.
    """
    if factor is None:
        return ()
    wider = Fraction(str(factor)) - 1
    return tuple(FadeStep(float(1 + wider * (10 - tenths) / 10), tenths) for tenths in range(10, 0, -1))  # fmt: skip


def _codes(kind: RuleKind, situation: Situation, limits: Limits) -> list[str]:
    """Return the codes that the limits hold for."""
    if kind == RuleKind.COMMUNE:
        codes = set(situation.communes[CommuneTable.code])
    elif situation.former is not None:
        codes = set(situation.former[CommuneTable.code])
    else:
        raise RequestError(
            N_("Rules per former commune need the boundaries before the reform; import them with “diemthu import boundaries”."),
        )  # fmt: skip
    _known(limits.exempt, codes)
    return sorted(codes - set(limits.exempt))


def _known(wanted: tuple[str, ...], codes: set[str]) -> None:
    if unknown := [each for each in wanted if each not in codes]:
        raise RequestError(
            N_("The province has no commune with the code %(codes)s on this vintage."),
            codes=", ".join(unknown),
        )


def _per_area(
    kind: RuleKind, limits: Limits, column: str, codes: list[str], places: Places
) -> Iterator[Row]:
    """Yield a row for every area that the limits can bind.

    Points that stay count towards both limits. Where more than `most` stand today, as many
    as stand today are allowed: nobody asked to close one.
    """
    sites = pd.Series(np.flatnonzero(places.free)).groupby(places.table.loc[places.free, column].to_numpy()).indices  # fmt: skip
    numbers = np.flatnonzero(places.free)
    staying = places.staying[column].value_counts()
    for code in codes:
        ours = numbers[sites[code]] if code in sites else numbers[:0]
        stay = int(staying.get(code, 0))
        today = stay + int((places.point[ours] >= 0).sum())
        least = max(0, limits.least - stay)
        most = NO_LIMIT if limits.most is None else max(limits.most, today) - stay
        if least or most < len(ours):
            yield Row.count(kind, code, ours, least, most)


def _kept(ask: SuggestionAsk, places: Places) -> Iterator[Row]:
    """Yield how many of the points that may close stay."""
    if len(places.movable):
        number, closings = len(places.movable), ask.existing.closings
        least = max(0, number - ask.existing.moves - closings)
        yield Row.count(RuleKind.KEEP, "", places.movable, least, number - closings)


def _group_points(group: Group, communes: frozenset[str], places: Places) -> Row:
    inside = places.table["commune_code"].isin(communes).to_numpy(dtype=bool)
    stay = int(places.staying[PointTable.commune_code].isin(communes).sum())
    least = max(0, (group.points or 0) - stay)
    return Row.count(RuleKind.GROUP, group.name, np.flatnonzero(inside & places.free), least)


def _clashes(places: Places, spacing_km: float | None) -> csr_array | None:
    """Return which pairs of sites stand too close together; two points of today never do."""
    if spacing_km is None or not len(places.xy):
        return None
    limit = spacing_km * 1000 - _ROUNDING_M
    one, other = KDTree(places.xy).query_pairs(limit, output_type="ndarray").T
    new = places.point < 0
    keep = (new[one] | new[other]) & places.free[one] & places.free[other]
    one, other = one[keep], other[keep]
    ones = np.ones(2 * len(one), dtype=np.int64)
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    size = len(places.xy)
    return csr_array((ones, both), shape=(size, size))
