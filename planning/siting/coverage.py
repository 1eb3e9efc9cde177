"""Maximum coverage: greedy, then swaps while any swap gains people.

Greedy for the maximal covering location problem (Church and ReVelle 1974) reaches at least
1 − 1/e of the best (Nemhauser, Wolsey and Fisher 1978); single swaps improve on it. The
answer is feasible, never called optimal here: `bound` says how far from the best it can be.
"""

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem

_MOST_PASSES = 20


def choose(problem: SitingProblem) -> list[int]:
    """Return positions of chosen candidates, at most `problem.points`, most people first.

    Fewer are returned when the rest would serve nobody further. Equal gains go to the
    candidate that stands first, so the same problem has the same answer everywhere.
    """
    chosen = greedy(problem)
    chosen = _swapped(problem, chosen)
    return by_gain(problem, chosen)


def greedy(problem: SitingProblem) -> list[int]:
    """Return candidates chosen one by one, each the one that serves most further people."""
    waiting = problem.people.copy()
    chosen: list[int] = []
    while len(chosen) < problem.points and problem.covers.shape[0]:
        gain = problem.covers @ waiting
        best = int(gain.argmax())
        if gain[best] == 0:
            break
        chosen.append(best)
        waiting[_served_by(problem, best)] = 0
    return chosen


def by_gain(problem: SitingProblem, chosen: list[int]) -> list[int]:
    """Return the same candidates in the order in which each next serves most further people.

    Those that would serve nobody further are left away.
    """
    waiting = problem.people.copy()
    left, ordered = list(dict.fromkeys(chosen)), []
    while left:
        gains = [int(waiting[_served_by(problem, each)].sum()) for each in left]
        best = int(np.argmax(gains))
        if gains[best] == 0:
            break
        ordered.append(left.pop(best))
        waiting[_served_by(problem, ordered[-1])] = 0
    return ordered


def _swapped(problem: SitingProblem, chosen: list[int]) -> list[int]:
    """Exchange one chosen candidate for a better one until no exchange gains people."""
    chosen = list(chosen)
    count = np.zeros(len(problem.people), dtype=np.int64)
    for each in chosen:
        count[_served_by(problem, each)] += 1
    for _ in range(_MOST_PASSES):
        improved = False
        for at, old in enumerate(chosen):
            mine = _served_by(problem, old)
            count[mine] -= 1
            gain = problem.covers @ np.where(count == 0, problem.people, 0)
            best = int(gain.argmax())
            if gain[best] > gain[old]:
                chosen[at], improved = best, True
            count[_served_by(problem, chosen[at])] += 1
        if not improved:
            break
    return chosen


def _served_by(problem: SitingProblem, candidate: int) -> NDArray[np.int32]:
    covers = problem.covers
    return covers.indices[covers.indptr[candidate] : covers.indptr[candidate + 1]]
