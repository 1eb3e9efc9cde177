"""Recount a plan from scratch; refuse it when it does not add up.

Shares nothing with the solvers, the matrices or the trees: it starts from degrees and
measures every distance anew, one site after the other.
"""

import numpy as np
from pyproj.transformer import TransformerGroup

from planning.analysis.situation import Situation
from planning.model.errors import PlanDoesNotAddUpError
from planning.model.siting import SitingPlan
from planning.model.standards import ServiceStandard

_ROUNDING_M = 1e-6


def check_plan(situation: Situation, standard: ServiceStandard, plan: SitingPlan) -> None:
    """Raise `PlanDoesNotAddUpError` unless every number of people in the plan is right.

    Counts, from the raw coordinates: who is unserved today, whom each site serves further
    in order of rank, the total, and that the bound is not below it.
    """
    # Of several ways between WGS 84 and VN-2000 the best for the whole country, everywhere.
    change = TransformerGroup("EPSG:4326", situation.crs, always_xy=True).transformers[0]
    x, y = change.transform(situation.demand["lon"].to_numpy(), situation.demand["lat"].to_numpy())
    people = situation.demand["people"].to_numpy()
    radius = situation.radii_m(standard)
    points = situation.points
    serving = (points["kind"] == "direct") & (points["status"] == "open")
    waiting = np.ones(len(people), dtype=bool)
    for lon, lat in points.loc[serving, ["lon", "lat"]].to_numpy():
        px, py = change.transform(lon, lat)
        waiting &= (x - px) ** 2 + (y - py) ** 2 > radius**2
    _agree("people without a point", int(people[waiting].sum()), plan.people_unserved)
    gained = 0
    for site in plan.sites:
        sx, sy = change.transform(site.lon, site.lat)
        new = waiting & (np.sqrt((x - sx) ** 2 + (y - sy) ** 2) <= radius + _ROUNDING_M)
        _agree(f"people of site {site.rank}", int(people[new].sum()), site.people_gained)
        gained += int(people[new].sum())
        waiting &= ~new
    _agree("people gained", gained, plan.people_gained)
    if plan.upper_bound_people_gained < gained:
        _agree("upper bound", gained, plan.upper_bound_people_gained)
    if len(plan.sites) > plan.points_asked:
        _agree("number of sites", plan.points_asked, len(plan.sites))


def _agree(what: str, recounted: int, stated: int) -> None:
    if recounted != stated:
        raise PlanDoesNotAddUpError(
            "The plan does not add up and was not kept: %(what)s is %(stated)s, recounted "
            "%(recounted)s.",
            what=what, stated=stated, recounted=recounted,
        )  # fmt: skip
