"""Maximum coverage: greedy and rounded starts, swaps while any gains people, and a bound.

Greedy for the maximal covering location problem (Church and ReVelle 1974) reaches at least
1 − 1/e of the best (Nemhauser, Wolsey and Fisher 1978). The linear relaxation's fractional
sites, rounded systematically along a space-filling curve, are further starts; single swaps
improve each. The answer is feasible, and called optimal only when the bound meets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.relaxation import Relaxation
from planning.siting.runs import curve_order

_MOST_PASSES = 20
_MOST_ROUNDS, _STEPS = 12, 50
_WORTH_A_ROUND = 5e-4
_STARTS = 4


@dataclass(frozen=True)
class Answer:
    """Positions of chosen candidates, most people first, and the bound on any choice."""

    chosen: list[int]
    bound: int


def solve(problem: SitingProblem) -> Answer:
    """Choose at most `problem.points` candidates for as many unserved people as possible.

    Fewer are chosen when the rest would serve nobody further. Equal gains go to the
    candidate that stands first: the same problem has the same answer everywhere.
    """
    best = swapped(problem, greedy(problem))
    relaxation = relaxed(problem, people_of(problem, best))
    if not relaxation.trivial and relaxation.bound > people_of(problem, best):
        for start in _rounded(problem, relaxation.site):
            other = swapped(problem, greedy(problem, start))
            if people_of(problem, other) > people_of(problem, best):
                best = other
    return Answer(by_gain(problem, best), relaxation.bound)


def relaxed(problem: SitingProblem, reached: int) -> Relaxation:
    """Return the relaxation with a bound as tight as its price is worth.

    Stops when the bound proves that nothing beats `reached` people, or when a round
    improves it by less than a twentieth of a per cent.
    """
    relaxation = Relaxation(problem)
    if relaxation.trivial:
        return relaxation
    for _ in range(_MOST_ROUNDS):
        before = relaxation.bound
        relaxation.improve(_STEPS)
        gone = before - relaxation.bound
        if relaxation.bound <= reached or 0 < gone < _WORTH_A_ROUND * relaxation.bound:
            break
    return relaxation


def greedy(problem: SitingProblem, start: Sequence[int] = ()) -> list[int]:
    """Return `start` and candidates added one by one, each serving most further people."""
    waiting = problem.people.copy()
    chosen = list(start)
    for each in chosen:
        waiting[problem.covers.places_of(each)] = 0
    while len(chosen) < problem.points and problem.covers.shape[0]:
        gain = problem.covers.gains(waiting)
        best = int(gain.argmax())
        if gain[best] == 0:
            break
        chosen.append(best)
        waiting[problem.covers.places_of(best)] = 0
    return chosen


def swapped(problem: SitingProblem, chosen: list[int]) -> list[int]:
    """Exchange one chosen candidate for a better one until no exchange gains people."""
    chosen = list(chosen)
    count = np.zeros(len(problem.people), dtype=np.int64)
    for each in chosen:
        count[problem.covers.places_of(each)] += 1
    for _ in range(_MOST_PASSES):
        improved = False
        for at, old in enumerate(chosen):
            count[problem.covers.places_of(old)] -= 1
            gain = problem.covers.gains(np.where(count == 0, problem.people, 0))
            best = int(gain.argmax())
            if gain[best] > gain[old]:
                chosen[at], improved = best, True
            count[problem.covers.places_of(chosen[at])] += 1
        if not improved:
            break
    return chosen


def by_gain(problem: SitingProblem, chosen: list[int]) -> list[int]:
    """Return the same candidates in the order in which each next serves most further people.

    Those that would serve nobody further are left away.
    """
    waiting = problem.people.copy()
    left, ordered = list(dict.fromkeys(chosen)), []
    while left:
        gains = [int(waiting[problem.covers.places_of(each)].sum()) for each in left]
        best = int(np.argmax(gains))
        if gains[best] == 0:
            break
        ordered.append(left.pop(best))
        waiting[problem.covers.places_of(ordered[-1])] = 0
    return ordered


def people_of(problem: SitingProblem, chosen: list[int]) -> int:
    """Return how many unserved people the chosen candidates serve together."""
    served = np.zeros(len(problem.people), dtype=bool)
    for each in chosen:
        served[problem.covers.places_of(each)] = True
    return int(problem.people[served].sum())


def _rounded(problem: SitingProblem, site: NDArray[np.float64]) -> list[list[int]]:
    """Return choices drawn from fractional sites: evenly along a space-filling curve.

    Systematic sampling keeps as many sites in each neighbourhood as the relaxation wants
    there, whereas the largest fractions may all stand side by side.
    """
    order = curve_order(problem.candidates.xy)
    running = np.cumsum(site[order])
    if running[-1] <= 0:
        return []
    picks = np.arange(problem.points)
    starts = []
    for offset in (np.arange(_STARTS) + 0.5) / _STARTS:
        at = np.searchsorted(running, (picks + offset) * running[-1] / problem.points)
        starts.append([int(each) for each in dict.fromkeys(order[np.minimum(at, len(order) - 1)])])
    return starts
