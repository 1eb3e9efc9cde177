"""A planner's words as a question for a solver: whom sites could serve, and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.errors import N_
from geo.reach import ReachEngine
from geo.tables import PointTable
from planning.analysis.situation import Situation, places_xy
from planning.model.asking import Objective, SuggestionAsk
from planning.model.errors import RequestError
from planning.model.standards import ServiceStandard
from planning.model.wishes import EVERY, Limits
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.stating.candidates import Candidates, Wanted, candidates, kept_out
from planning.siting.stating.naming import with_named
from planning.siting.stating.people import Homes, homes
from planning.siting.stating.rows import Places, costs, fade_steps, floors, rules, share_of

Real = NDArray[np.float64]
Mask = NDArray[np.bool_]
SAME_PLACE_M = 1.0
_ROUNDING_M = 1e-6


@dataclass(frozen=True)
class Question:
    """A problem over sites and homes, and what its numbers stand for.

    `places.table` describes the sites of the problem, in order of longitude, latitude and
    name; `places.point` says which row of `points`, the open direct points by place, a site
    is today. `now_m` is how far every home is from a point today, `stay_m` from one that
    stays, (n_homes,). `cost` is in thousand đồng (n_sites,). `barred` are homes where the
    province did not approve a point (n_homes,).
    """

    problem: SitingProblem
    people: Homes
    places: Places
    points: pd.DataFrame
    now_m: Real
    stay_m: Real
    cost: NDArray[np.int64]
    barred: Mask

    @property
    def new_sites(self) -> int:
        """How many sites are candidates for a new point."""
        return int((self.places.point < 0).sum())


def siting_problem(
    situation: Situation,
    standard: ServiceStandard,
    engine: ReachEngine,
    ask: SuggestionAsk,
    settled: Sequence[tuple[float, float]] = (),
) -> Question:
    """State the question for a situation: who lives where, which sites, which rules.

    `settled` are homes, as longitude and latitude, that are candidates besides the usual.
    """
    people = homes(situation, standard)
    points = _by_place(situation.open_direct, PointTable.point_id)
    movable = _movable(points, ask)
    xy = places_xy(points, situation.crs)
    stay_m = engine.nearest(people.xy, xy[~movable])[0]
    found, chosen = _found(situation, people, stay_m, ask, settled)
    places = _places(points, xy, movable, ask, _apart(found, chosen, xy, movable, ask))
    capacity = _capacity(points, places, ask)
    problem = SitingProblem(
        people=people.people,
        radius_m=people.radius_m,
        now_m=stay_m if capacity is None else np.full(len(stay_m), np.inf),
        distances=StraightDistances(people.xy, places.xy),
        rules=rules(situation, ask, places),
        objective=ask.objective,
        fade=fade_steps(ask.fade),
        target=0 if ask.target is None else share_of(ask.target, int(people.people.sum())),
        worst_m=None if ask.rules.worst_km is None else ask.rules.worst_km * 1000,
        floors=floors(situation, ask, people),
        capacity=capacity,
    )
    now_m = engine.nearest(people.xy, xy)[0]
    return Question(
        problem, people, places, points, now_m, stay_m, costs(ask, places.table),
        kept_out(people.xy, situation),
    )  # fmt: skip


def _by_place(points: pd.DataFrame, name: str) -> pd.DataFrame:
    return points.sort_values([PointTable.lon, PointTable.lat, name], ignore_index=True)


def _movable(points: pd.DataFrame, ask: SuggestionAsk) -> Mask:
    """Return which open points may close or move; refuse codes of others."""
    wanted = set(ask.existing.closable)
    if EVERY in wanted:
        movable = np.ones(len(points), dtype=bool)
    else:
        names = points[[PointTable.point_id, PointTable.official_code]]
        movable = names.isin(wanted).any(axis=1).to_numpy(dtype=bool)
        if unknown := sorted(wanted - set(names.to_numpy(dtype=object).ravel())):
            raise RequestError(
                N_("No open direct point has the code %(codes)s; only such points can close or move."),
                codes=", ".join(unknown),
            )  # fmt: skip
    if ask.existing.closings > movable.sum():
        raise RequestError(
            N_("%(closings)s points cannot close: only %(count)s may."),
            closings=ask.existing.closings, count=int(movable.sum()),
        )  # fmt: skip
    return movable


def _found(
    situation: Situation,
    people: Homes,
    stay_m: Real,
    ask: SuggestionAsk,
    settled: Sequence[tuple[float, float]],
) -> tuple[Candidates, Mask]:
    """Return the candidates for new points and which of them are locked in.

    Only where people served within a radius count, and no rule wants a point where everybody
    is served, may candidates that serve nobody further be left away.
    """
    far = people.radius_m * (ask.fade or 1.0)
    wishes = ask.rules
    anywhere = (
        ask.objective in (Objective.MEAN_DISTANCE, Objective.WORST_DISTANCE)
        or wishes.worst_km is not None
        or wishes.capacity is not None
        or any(each != Limits() for each in (wishes.per_commune, wishes.per_former_commune))
        or any(group.points for group in wishes.groups)
    )
    reach = np.inf if anywhere else float(far.max(initial=0.0))
    found = candidates(situation, people, Wanted(stay_m > far, reach, tuple(settled)), wishes)
    return with_named(found, situation, wishes)


def _apart(
    found: Candidates, chosen: Mask, xy: Real, movable: Mask, ask: SuggestionAsk
) -> tuple[Candidates, Mask]:
    """Return the candidates that stand far enough from open points at `xy`.

    From those that stay the spacing asked for; and not at the very place of any, where a new
    point would serve nobody further, unless it is room that is missing.
    """
    near = np.zeros(len(found.xy), dtype=bool)
    spacing = ask.rules.spacing_km
    if spacing is not None:
        metres = _nearest_m(found.xy, xy[~movable])
        near = metres < spacing * 1000 - _ROUNDING_M
        if (near & chosen).any():
            at = int(np.flatnonzero(near & chosen)[0])
            raise RequestError(
                N_("“%(place)s” is locked in, but stands only %(metres)s m from a point that stays, not %(spacing)s km; take it from the list or ask for less spacing."),
                place=str(found.table["id"].iloc[at]), metres=round(float(metres[at])),
                spacing=spacing,
            )  # fmt: skip
    if ask.rules.capacity is None:
        near |= ~chosen & (_nearest_m(found.xy, xy) < SAME_PLACE_M)
    table = found.table.loc[~near].reset_index(drop=True)
    return Candidates(table, found.xy[~near], found.hosts), chosen[~near]


def _nearest_m(xy: Real, points: Real) -> Real:
    """Return how far each place is from the nearest point, inf without any."""
    if not len(points) or not len(xy):
        return np.full(len(xy), np.inf)
    return np.asarray(KDTree(points).query(xy)[0])


def _places(
    points: pd.DataFrame,
    xy: Real,
    movable: Mask,
    ask: SuggestionAsk,
    new: tuple[Candidates, Mask],
) -> Places:
    """Return candidates and those open points that are sites, in one order.

    With a capacity every open point is a site, those that stay locked in.
    """
    found, chosen = new
    sites = np.flatnonzero(movable if ask.rules.capacity is None else np.ones_like(movable))
    columns = [PointTable.lon, PointTable.lat, PointTable.name, PointTable.commune_code,
               PointTable.former_code, PointTable.host_type]  # fmt: skip
    today = points.loc[sites, columns].assign(id=points.loc[sites, PointTable.point_id], host_m=0.0)
    parts = [each for each in (found.table, today) if len(each)]
    table = pd.concat(parts, ignore_index=True) if parts else found.table
    point = np.concatenate([np.full(len(found.xy), -1), sites]).astype(np.int64)
    fixed = np.concatenate([np.zeros(len(found.xy), dtype=bool), ~movable[sites]])
    locked = np.concatenate([chosen, ~movable[sites]])
    # Stable, and candidates come in order: of equal ones the candidate stands first.
    order = table.sort_values(["lon", "lat", "name"], kind="stable").index.to_numpy()
    return Places(
        table.iloc[order].reset_index(drop=True),
        np.concatenate([found.xy, xy[sites]])[order],
        point[order], fixed[order], locked[order],
        points[~movable].reset_index(drop=True),
        xy[~movable],
    )  # fmt: skip


def _capacity(points: pd.DataFrame, places: Places, ask: SuggestionAsk) -> NDArray[np.int64] | None:
    """Return how many people each site can serve: by its staff where it is known."""
    wanted = ask.rules.capacity
    if wanted is None:
        return None
    capacity = np.full(len(places.point), wanted.people_per_point, dtype=np.int64)
    if wanted.people_per_staff is not None:
        today = np.flatnonzero(places.point >= 0)
        staff = points[PointTable.staff_count].iloc[places.point[today]]
        known = staff.notna().to_numpy(dtype=bool)
        each = staff[known].to_numpy(dtype=np.int64) * wanted.people_per_staff
        capacity[today[known]] = each
    return capacity
