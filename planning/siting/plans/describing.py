"""What the chosen sites of an answer mean: whom each serves, from how far, in which host."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import PointTable
from planning.analysis.situation import Situation
from planning.model.asking import Objective, SuggestionAsk
from planning.model.siting import ClosedPoint, Site
from planning.model.wishes import CandidateKind
from planning.siting.plans.allocation import loads
from planning.siting.plans.looking_into import Known
from planning.siting.plans.ranking import ranked
from planning.siting.problem import Answer
from planning.siting.stating.question import Question

Real = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Described:
    """Sites by rank, points closed, and how many more people have a point than today."""

    sites: tuple[Site, ...]
    closed: tuple[ClosedPoint, ...]
    unserved: int
    gained: int


def without_idle(question: Question, answer: Answer) -> tuple[int, ...]:
    """Return the chosen sites without new ones that add nothing, where the rules allow that."""
    problem = question.problem
    idle_at_will = problem.objective == Objective.MOST_PEOPLE and problem.worst_m is None
    if not idle_at_will or problem.capacity is not None:
        return answer.chosen
    new = [site for site in answer.chosen if question.places.point[site] < 0]
    kept = set(answer.chosen)
    open_m = _open_m(question, kept - set(new))
    for site, adds in ranked(problem, new, open_m):
        if adds == 0 and not problem.rules.broken(sorted(kept - {site})):
            kept.remove(site)
    return tuple(sorted(kept))


def described(
    situation: Situation,
    question: Question,
    chosen: Sequence[int],
    ask: SuggestionAsk,
    known: Known,
) -> Described:
    """Return the plan's sites and closings; gains come before losses, so that both are net."""
    if question.problem.capacity is not None:
        return _with_room(situation, question, chosen, ask, known)
    point = question.places.point
    radius, people = question.problem.radius_m, question.problem.people
    new = [site for site in chosen if point[site] < 0]
    waiting = question.now_m > radius
    unserved = int(people[waiting].sum())
    sites, closed = [], []
    for rank, (site, _) in enumerate(ranked(question.problem, new, question.now_m), start=1):
        metres = question.problem.distances.of(site)
        rows = np.flatnonzero(waiting & (metres <= radius))
        waiting[rows] = False
        now, then = (_mean(each[rows], people[rows]) for each in (question.now_m, metres))
        gained = int(people[rows].sum())
        sites.append(_site(situation, question, site, ask, (rank, gained, now, then), known))
    lost = _lost(question, chosen)
    for site, count in lost:
        closed.append(_closed(question.points.iloc[point[site]], count))
    gained = sum(each.people_gained for each in sites) - sum(count for _, count in lost)
    return Described(tuple(sites), tuple(closed), unserved, gained)


def _with_room(
    situation: Situation,
    question: Question,
    chosen: Sequence[int],
    ask: SuggestionAsk,
    known: Known,
) -> Described:
    """Describe a plan in which points have room for so many: gains are whom each is sent."""
    point, problem = question.places.point, question.problem
    today = np.flatnonzero(point >= 0)
    stay = [site for site in chosen if point[site] >= 0]
    new = [site for site in chosen if point[site] < 0]
    served_now = int(loads(problem, today.tolist(), ()).sum())
    sent = loads(problem, stay, new)
    served, of_new = int(sent.sum()), sent[len(stay) :]
    order = sorted(range(len(new)), key=lambda at: (-of_new[at], new[at]))
    sites = [
        _site(situation, question, new[at], ask, (rank, int(of_new[at]), None, None), known)
        for rank, at in enumerate(order, start=1)
    ]
    gone = [site for site in today.tolist() if site not in set(stay)]
    before = served_now
    closed = []
    for at, site in enumerate(gone):
        left = [each for each in today.tolist() if each not in gone[: at + 1]]
        after = int(loads(problem, left, ()).sum())
        closed.append(_closed(question.points.iloc[point[site]], before - after))
        before = after
    unserved = int(problem.people.sum()) - served_now
    return Described(tuple(sites), tuple(closed), unserved, served - served_now)


def _open_m(question: Question, sites: set[int]) -> Real:
    """Return how far everybody is from the points that stay and these sites."""
    open_m = question.problem.now_m.copy()
    for site in sites:
        np.minimum(open_m, question.problem.distances.of(site), out=open_m)
    return open_m


def _lost(question: Question, chosen: Sequence[int]) -> list[tuple[int, int]]:
    """Return the points that close and whom each loses, in their order.

    Someone in reach of several of them is lost with the last.
    """
    problem = question.problem
    lonely = _open_m(question, set(chosen)) > problem.radius_m
    closed = sorted(set(question.places.movable.tolist()) - set(chosen))
    lost = []
    for site in reversed(closed):
        rows = lonely & (problem.distances.of(site) <= problem.radius_m)
        lost.append((site, int(problem.people[rows].sum())))
        lonely &= ~rows
    return lost[::-1]


def _site(
    situation: Situation,
    question: Question,
    at: int,
    ask: SuggestionAsk,
    counted: tuple[int, int, float | None, float | None],
    known: Known,
) -> Site:
    row = question.places.table.iloc[at]
    rank, gained, now, then = counted
    code = str(row["commune_code"])
    return Site(
        rank=rank, lon=float(row["lon"]), lat=float(row["lat"]), commune_code=code,
        commune=situation.name_of(code), people_gained=gained, distance_now_m=now,
        distance_then_m=then, host=_text(row["host"]), host_type=_text(row["host_type"]),
        host_m=float(row["host_m"]) if np.isfinite(row["host_m"]) else None,
        id=str(row["id"]), kind=CandidateKind(row["kind"]), former_code=_text(row["former_code"]),
        cost=None if ask.budget is None else int(question.cost[at]), roll_out=rank,
        shift=known.shifts.get(at), firmness=known.firmness.get(at),
        refusing=known.refusing.get(at),
    )  # fmt: skip


def _closed(point: pd.Series, lost: int) -> ClosedPoint:
    return ClosedPoint(
        point_id=str(point[PointTable.point_id]), name=str(point[PointTable.name]),
        commune_code=_text(point[PointTable.commune_code]), lon=float(point[PointTable.lon]),
        lat=float(point[PointTable.lat]), people_lost=lost,
        contract_date=_text(point[PointTable.contract_date]),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _mean(metres: Real, people: NDArray[np.int64]) -> float | None:
    """Return the mean distance of people; None where there are none, or no point is open."""
    if not people.sum() or not np.isfinite(metres).all():
        return None
    return float((metres * people).sum() / people.sum())
