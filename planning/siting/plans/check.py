"""Recount a plan from scratch; refuse it when it does not add up.

Shares nothing with the solvers, their problem, the matrices or the trees: it starts from
degrees and measures every distance anew, one point after the other. Whoever lives at the
radius to the last micrometre may be counted either way, as the numbers of two computers do.
"""

import numpy as np
from numpy.typing import NDArray

from planning.analysis.situation import Situation
from planning.model.asking import Objective
from planning.model.siting import SitingPlan
from planning.model.standards import ServiceStandard
from planning.siting.plans.check_rules import check_rules
from planning.siting.plans.flows import served_with_room
from planning.siting.plans.recount import Ground, agree, between

Real = NDArray[np.float64]


def check_plan(situation: Situation, standard: ServiceStandard, plan: SitingPlan) -> None:
    """Raise `PlanDoesNotAddUpError` unless everything the plan states is right.

    Recounted are the people without a point today, those whom each site serves further in
    order of rank, those whom each closing loses, the totals, the value the plan is to be
    best at, on which side of it the bound lies, and every rule asked for.
    """
    ground = Ground(situation, standard)
    _right_side(plan)
    if plan.ask.rules.capacity is None:
        metres = ground.plan_m(plan)
        _gains_and_losses(ground, plan, metres)
        _value(ground, plan, metres)
    else:
        _flows(ground, plan)
    check_rules(ground, plan)


def _right_side(plan: SitingPlan) -> None:
    more = plan.objective == Objective.MOST_PEOPLE
    if (plan.bound < plan.value) if more else (plan.bound > plan.value):
        agree("the bound", plan.value, plan.bound)
    agree("ranks", list(range(1, len(plan.sites) + 1)), [site.rank for site in plan.sites])
    gained = sum(site.people_gained for site in plan.sites)
    lost = sum(point.people_lost for point in plan.closed)
    agree("people gained", gained - lost, plan.people_gained)


def _gains_and_losses(ground: Ground, plan: SitingPlan, then_m: Real) -> None:
    """Count who is served further by each site, then who is lost with each closing."""
    people = ground.people
    sure, maybe = ground.near(ground.open_m)
    agree("people", int(people.sum()), plan.people)
    between("people without a point", people[~maybe], people[~sure], plan.people_unserved)
    for site in plan.sites:
        near, perhaps = ground.near(ground.metres(site.lon, site.lat))
        least, most = people[near & ~maybe], people[perhaps & ~sure]
        between(f"people of site {site.rank}", least, most, site.people_gained)
        sure, maybe = sure | near, maybe | perhaps
    left_sure, left_maybe = ground.near(then_m)
    for point in reversed(plan.closed):
        near, perhaps = ground.near(ground.metres(point.lon, point.lat))
        least, most = people[near & ~left_maybe], people[perhaps & ~left_sure]
        between(f"people lost with {point.point_id}", least, most, point.people_lost)
        left_sure, left_maybe = left_sure | near, left_maybe | perhaps


def _value(ground: Ground, plan: SitingPlan, metres: Real) -> None:
    """Work out what the plan is to be best at from the distances alone."""
    people = ground.people
    sure, maybe = ground.near(metres)
    if plan.objective == Objective.FEWEST_POINTS:
        agree("value", len(plan.sites) - len(plan.closed), plan.value)
        ground.reached("target", people[maybe], plan.ask.target or 0.0, people)
    elif plan.objective == Objective.MEAN_DISTANCE:
        _close("value", float((people * metres)[people > 0].sum()), plan.value)
    elif plan.objective == Objective.WORST_DISTANCE:
        _close("value", float(metres[people > 0].max(initial=0.0)), plan.value)
    elif plan.ask.fade is None:
        between("value", people[sure], people[maybe], plan.value)
        agree("value", plan.people - plan.people_unserved + plan.people_gained, plan.value)
    else:
        least, most = (people * tenths for tenths in ground.tenths(metres, plan.ask.fade))
        between("value", least, most, plan.value)


def _flows(ground: Ground, plan: SitingPlan) -> None:
    """Send people to points with room by a maximum flow, before and after.

    The sites' gains are right when a flow exists that sends each site exactly so many.
    """
    points = ground.points
    room = ground.room(plan)
    closed = ground.closed(plan)
    agree("people", int(ground.people.sum()), plan.people)
    before = served_with_room(ground, points[["lon", "lat"]].to_numpy(), room)
    agree("people without a point", plan.people - before, plan.people_unserved)
    sites = np.array([(site.lon, site.lat) for site in plan.sites]).reshape(-1, 2)
    places = np.concatenate([points.loc[~closed, ["lon", "lat"]].to_numpy(), sites])
    each = plan.ask.rules.capacity.people_per_point if plan.ask.rules.capacity else 0
    most = np.concatenate([room[~closed], np.full(len(sites), each)])
    after = served_with_room(ground, places, most)
    agree("people gained", after - before, plan.people_gained)
    stated = [site.people_gained for site in plan.sites]
    if max(stated, default=0) > each:
        agree("people of one site", each, max(stated))
    sent = np.concatenate([room[~closed], stated]).astype(np.int64)
    agree("people of all sites", after, served_with_room(ground, places, sent))
    if plan.objective == Objective.FEWEST_POINTS:
        agree("value", len(plan.sites) - len(plan.closed), plan.value)
        ground.reached("target", np.array([after]), plan.ask.target or 0.0, ground.people)
    else:
        agree("value", after, plan.value)


def _close(what: str, recounted: float, stated: float) -> None:
    """Refuse distances that differ by more than two ways of adding them up do."""
    if abs(recounted - stated) > 1e-6 + 1e-9 * abs(recounted):
        agree(what, recounted, stated)
