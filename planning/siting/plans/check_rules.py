"""Recount the rules of a plan, one by one, from what it states and where its sites lie."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.names import search_key
from planning.analysis.terrain import terrain_classes
from planning.model.siting import Site, SitingPlan
from planning.model.wishes import EVERY, Budget, Limits, RuleWishes
from planning.siting.plans.flows import served_with_room
from planning.siting.plans.recount import ROUNDING_M, Ground, agree

_AT_HOST_M = 250.0
_ID = re.compile(r"\s*-?\d{1,3}(\.\d+)?\s*,\s*-?\d{1,2}(\.\d+)?\s*")


def check_rules(ground: Ground, plan: SitingPlan) -> None:
    """Raise `PlanDoesNotAddUpError` when the plan breaks a rule it was asked under."""
    after = _after(ground, plan)
    _places(ground, plan)
    _number(ground, plan)
    _per_area(ground, plan, after)
    _spacing(ground, plan)
    _hosts(ground, plan)
    if plan.ask.budget is not None:
        _budget(plan, plan.ask.budget)
    _locks(ground, plan)
    _decisions(ground, plan)
    _distance_and_groups(ground, plan, after)


def _after(ground: Ground, plan: SitingPlan) -> pd.DataFrame:
    """Return commune and former commune of every point once the plan is carried out."""
    columns = ["commune_code", "former_code"]
    today = ground.points.loc[~ground.closed(plan), columns]
    sites = [{name: getattr(site, name) for name in columns} for site in plan.sites]
    return pd.concat([today, pd.DataFrame(sites, columns=columns)]).astype(object)


def _places(ground: Ground, plan: SitingPlan) -> None:
    """Refuse a site that does not lie in the commune it names, or stands there twice."""
    agree("sites", len(plan.sites), len({site.id for site in plan.sites}))
    at = ground.situation
    for site in plan.sites:
        place = shapely.Point(site.lon, site.lat)
        for code, communes in ((site.commune_code, at.communes), (site.former_code, at.former)):
            if code is None or communes is None:
                continue
            shape: Any = communes.geometry[communes["code"] == code]
            if not shape.intersects(place).any():
                agree(f"commune of site {site.rank}", "–", code)


def _number(ground: Ground, plan: SitingPlan) -> None:
    """Refuse more points than asked for, and closings nobody asked for."""
    existing, closed = plan.ask.existing, len(plan.closed)
    most = plan.points_asked + closed - existing.closings
    if len(plan.sites) > most:
        agree("number of sites", most, len(plan.sites))
    if not existing.closings <= closed <= existing.moves + existing.closings:
        agree("number of closings", existing.closings, closed)
    names = ground.points.set_index("point_id")["official_code"].to_dict()
    for point in plan.closed:
        if not {EVERY, point.point_id, names.get(point.point_id)} & set(existing.closable):
            agree("points that may close", "–", point.point_id)


def _per_area(ground: Ground, plan: SitingPlan, after: pd.DataFrame) -> None:
    at, rules = ground.situation, plan.ask.rules
    areas = [("commune_code", at.communes, rules.per_commune)]
    if at.former is not None:
        areas.append(("former_code", at.former, rules.per_former_commune))
    for column, communes, limits in areas:
        if limits == Limits():
            continue
        then, today = (frame[column].value_counts() for frame in (after, ground.points))
        for code in sorted(set(communes["code"]) - set(limits.exempt)):
            count, most = int(then.get(code, 0)), limits.most
            if count < limits.least:
                agree(f"points in {code}", limits.least, count)
            if most is not None and count > max(most, int(today.get(code, 0))):
                agree(f"points in {code}", most, count)


def _spacing(ground: Ground, plan: SitingPlan) -> None:
    spacing = plan.ask.rules.spacing_km
    if spacing is None:
        return
    stay = ground.points[~ground.closed(plan)]
    # With room for so many people only, points that stay are no less in the way.
    others = [ground.flat(lon, lat) for lon, lat in stay[["lon", "lat"]].to_numpy()]
    for site in plan.sites:
        here = ground.flat(site.lon, site.lat)
        for other in others:
            metres = float(np.hypot(here[0] - other[0], here[1] - other[1]))
            if metres < spacing * 1000 - 2 * ROUNDING_M:
                agree(f"spacing of site {site.rank}", spacing * 1000, metres)
        others.append(here)


def _hosts(ground: Ground, plan: SitingPlan) -> None:
    """Refuse kinds and hosts that are not allowed, but for sites that were locked in."""
    rules = plan.ask.rules
    types = {search_key(each) for each in rules.host_types}
    for site in plan.sites:
        if any(_at(ground, text, site) for text in rules.locked_in):
            continue
        if rules.kinds and site.kind not in rules.kinds:
            agree(f"kind of site {site.rank}", ", ".join(rules.kinds), site.kind)
        if (types or rules.host_within_km is not None) and not _housed(rules, site):
            agree(f"host of site {site.rank}", rules.host_within_km, site.host_m)
        if types and search_key(site.host_type or "") not in types:
            agree(f"host of site {site.rank}", ", ".join(rules.host_types), site.host_type)


def _housed(rules: RuleWishes, site: Site) -> bool:
    """Return whether a site is near enough to its host to be in it."""
    within = _AT_HOST_M if rules.host_within_km is None else rules.host_within_km * 1000
    return site.host_m is not None and site.host_m <= within


def _budget(plan: SitingPlan, budget: Budget) -> None:
    known = {search_key(name): cost for name, cost in budget.cost}
    for site in plan.sites:
        own = known.get(search_key(site.host_type or "")) if _housed(plan.ask.rules, site) else None
        agree(f"cost of site {site.rank}", budget.default_cost if own is None else own, site.cost)
    if (plan.cost or 0) > budget.thousand_dong:
        agree("cost", budget.thousand_dong, plan.cost)


def _locks(ground: Ground, plan: SitingPlan) -> None:
    """Refuse a plan without a place locked in, or with one locked out."""
    rules = plan.ask.rules
    for text in rules.locked_in:
        if not any(_at(ground, text, site) for site in plan.sites):
            agree("places locked in", text, "–")
    for text in rules.locked_out:
        named = _ID.fullmatch(text) is None
        if any(
            site.id == text.strip() or (named and _at(ground, text, site)) for site in plan.sites
        ):
            agree("places locked out", "–", text)


def _decisions(ground: Ground, plan: SitingPlan) -> None:
    """Refuse a plan with a site where the province did not approve a point."""
    for lon, lat in ground.situation.kept_out:
        out = ground.flat(lon, lat)
        for site in plan.sites:
            here = ground.flat(site.lon, site.lat)
            if np.hypot(here[0] - out[0], here[1] - out[1]) <= _AT_HOST_M - ROUNDING_M:
                agree("places not approved", "–", f"{lon},{lat}")


def _at(ground: Ground, text: str, site: Site) -> bool:
    """Return whether a site stands within 250 m of what a text names."""
    here = ground.flat(site.lon, site.lat)
    return any(
        np.hypot(here[0] - there[0], here[1] - there[1]) <= _AT_HOST_M + 1.0
        for there in _named(ground, text)
    )


def _named(ground: Ground, text: str) -> Iterable[tuple[float, float]]:
    if _ID.fullmatch(text):
        lon, lat = map(float, text.split(","))
        return [ground.flat(lon, lat)]
    at = ground.situation
    seats = at.communes.assign(name="UBND " + at.communes["full_name"])
    seats = seats.rename(columns={"seat_lon": "lon", "seat_lat": "lat"})
    online = at.points[at.points["kind"] == "online"]
    found = []
    for table in (at.hosts, seats, online):
        names = table["name"].str.casefold()
        rows = table[(names == text.strip().casefold()) & table["lon"].notna()]
        found += [ground.flat(row.lon, row.lat) for row in rows.itertuples()]
    return found


def _distance_and_groups(ground: Ground, plan: SitingPlan, after: pd.DataFrame) -> None:
    rules = plan.ask.rules
    if rules.worst_km is None and not rules.groups:
        return
    metres = ground.plan_m(plan)
    if rules.worst_km is not None:
        worst = float(metres[ground.people > 0].max(initial=0.0))
        if worst > rules.worst_km * 1000 + ROUNDING_M:
            agree("the farthest distance", rules.worst_km * 1000, worst)
    terrain = terrain_classes(ground.situation.communes, ground.situation.population)
    for group in rules.groups:
        codes = set(group.communes) or {c for c, each in terrain.items() if each == group.terrain}
        inside = ground.demand["commune_code"].isin(codes).to_numpy(dtype=bool)
        if group.share is not None:
            served = _served(ground, plan, inside, metres)
            ground.reached(group.name, served, group.share, ground.people[inside])
        count = int(after["commune_code"].isin(codes).sum())
        if group.points is not None and count < group.points:
            agree(f"points of {group.name}", group.points, count)


def _served(
    ground: Ground, plan: SitingPlan, inside: NDArray[np.bool_], metres: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return how many people of some homes are served, at most where room is limited."""
    asked = plan.ask.rules.capacity
    if asked is None:
        return ground.people[ground.near(metres)[1] & inside]
    stay = ~ground.closed(plan)
    sites = np.array([(site.lon, site.lat) for site in plan.sites]).reshape(-1, 2)
    places = np.concatenate([ground.points.loc[stay, ["lon", "lat"]].to_numpy(), sites])
    room = np.concatenate([ground.room(plan)[stay], np.full(len(sites), asked.people_per_point)])
    return np.array([served_with_room(ground, places, room, inside.astype(np.int64))])
