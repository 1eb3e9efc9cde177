"""From question to checked plan: solve, describe every site, bound, recount."""

import numpy as np

from geo.reach import ReachEngine
from geo.tables import HostTable
from planning.analysis.situation import Situation
from planning.model.siting import Method, Site, SitingPlan, SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.siting import clusters, coverage
from planning.siting.check import check_plan
from planning.siting.problem import SitingProblem, siting_problem


def suggest_points(
    situation: Situation, standard: ServiceStandard, engine: ReachEngine, ask: SuggestionAsk
) -> SitingPlan:
    """Suggest where to add points; the plan is recounted before it is returned."""
    problem = siting_problem(situation, standard, engine, ask.points)
    if ask.method == Method.CLUSTERS:
        answer = clusters.solve(problem, ask.seed)
    else:
        answer = coverage.solve(problem)
    sites = _described(situation, problem, answer.chosen)
    gained = sum(site.people_gained for site in sites)
    plan = SitingPlan(
        province_code=situation.province_code, valid_from=situation.valid_from,
        standard=standard, base=situation.base, method=ask.method, seed=ask.seed,
        points_asked=ask.points, candidates=len(problem.candidates.xy),
        people_unserved=int(problem.people.sum()), people_gained=gained,
        upper_bound_people_gained=answer.bound, sites=sites,
        fingerprint=situation.fingerprint,
    )  # fmt: skip
    check_plan(situation, standard, plan)
    return plan


def _described(situation: Situation, problem: SitingProblem, chosen: list[int]) -> tuple[Site, ...]:
    """Return the chosen candidates as sites: whom each serves, from how far, and the host."""
    waiting = np.ones(len(problem.people), dtype=bool)
    sites = []
    found = problem.candidates
    for rank, at in enumerate(chosen, start=1):
        row = problem.covers.places_of(at)
        new = row[waiting[row]]
        waiting[new] = False
        people = problem.people[new]
        then = np.hypot(*(problem.place[new] - found.xy[at]).T)
        now = problem.now_m[new]
        host = found.hosts.iloc[found.host[at]] if found.host[at] >= 0 else None
        sites.append(
            Site(
                rank=rank, lon=float(found.lon[at]), lat=float(found.lat[at]),
                commune_code=str(found.commune_code[at]),
                commune=situation.name_of(str(found.commune_code[at])),
                people_gained=int(people.sum()),
                distance_now_m=_mean(now, people) if np.isfinite(now).all() else None,
                distance_then_m=_mean(then, people),
                host=None if host is None else str(host[HostTable.name]),
                host_type=None if host is None else str(host[HostTable.host_type]),
                host_m=None if host is None else float(found.host_m[at]),
            )
        )  # fmt: skip
    return tuple(sites)


def _mean(metres: np.ndarray, people: np.ndarray) -> float:
    return float((metres * people).sum() / people.sum())
