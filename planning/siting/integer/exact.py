"""The best choice of sites, proved: any small question solved as a mixed integer programme.

People served, points and mean distance are one programme (`planning.siting.integer.compact`). The
worst distance is found by bisection over the distances that occur, each step a question of
covering (Minieka 1970).

Under capacities the mean and worst distance are those of the best assignment of everyone to
a chosen site, and floors and target count the people assigned within their radius.
"""

import math

import numpy as np

from planning.model.siting import Objective
from planning.siting.effort import Watch
from planning.siting.integer.compact import Compact
from planning.siting.integer.programme import Ended, time_left
from planning.siting.integer.reached import few_pairs
from planning.siting.problem import Answer, SitingProblem, Stopped

# Numbers of pairs up to which HiGHS mostly ends within a minute, on one ordinary core.
_SMALL_COVERING = 150_000
_SMALL_DISTANCES = 100_000
_SMALL_ASSIGNMENT = 40_000


def solve_exactly(problem: SitingProblem, watch: Watch) -> Answer | None:
    """Return the best choice and a bound on any other; None where no choice obeys the rules.

    Ends early when the watch says so. Where that was before any choice was found, `chosen`
    is empty and `value` is infinitely bad. The bound always holds; `Stopped.PROVED` says
    that it meets the value.
    """
    compact = Compact(problem)
    if problem.objective is Objective.WORST_DISTANCE:
        return _least_worst(compact, watch)
    programme, sites = compact.programme()
    solved = programme.solve(watch)
    if solved.ended is Ended.IMPOSSIBLE:
        return None
    chosen, bound = solved.taken(sites), compact.outward(solved.bound)
    if solved.values is None:
        value = -math.inf if compact.more else math.inf
    else:
        value = compact.value(chosen)
    # A solver's floats prove a billionth at most; within that the recounted value is the bound.
    close = abs(value - solved.bound) <= 1e-9 * abs(value) + 1e-6
    beyond = value > bound if compact.more else value < bound
    if beyond and not close:
        raise ArithmeticError("the solver's bound rules out its own choice of sites")
    if beyond or (close and solved.ended is Ended.BEST):
        bound = value
    return Answer(chosen, value, bound, _stopped(value, bound, solved.ended))


def small_enough(problem: SitingProblem) -> bool:
    """Return whether the compact programme is likely to be solved, by its number of pairs."""
    sites, places = problem.distances.shape
    everyone = problem.objective in {Objective.MEAN_DISTANCE, Objective.WORST_DISTANCE}
    if everyone:
        capacities = problem.capacity is not None
        return sites * places <= (_SMALL_ASSIGNMENT if capacities else _SMALL_DISTANCES)
    most = _SMALL_COVERING if problem.capacity is None else _SMALL_ASSIGNMENT
    limit = problem.radius_m * max([1.0, *(step.factor for step in problem.fade)])
    if problem.worst_m is not None:
        limit = np.maximum(limit, problem.worst_m)
    steps = max(1, len(problem.fade)) + (problem.worst_m is not None)
    return few_pairs(problem.distances, limit, most // steps)


def _stopped(value: float, bound: float, ended: Ended) -> Stopped:
    if value == bound:
        return Stopped.PROVED
    return {Ended.TIME: Stopped.TIME, Ended.ASKED: Stopped.ASKED}.get(ended, Stopped.DONE)


def _least_worst(compact: Compact, watch: Watch) -> Answer | None:
    """Return the choice with the least worst distance, by bisection over those that occur."""
    values = _worst_distances(compact)
    # Nothing below values[low + 1] can be reached; `best` reaches values[high].
    low, high = -1, len(values)
    best: tuple[tuple[int, ...], float] = ((), math.inf)
    ended = Ended.BEST

    def bound() -> float:
        return float(values[low + 1]) if low + 1 < len(values) else math.inf

    # The steps of the search have no value of their own: the watch is told of the search.
    inner = Watch(lambda *_: watch.stop(best[1], bound()))
    while high - low > 1 and ended is Ended.BEST:
        middle = (low + high) // 2
        programme, sites = compact.programme(float(values[middle]))
        solved = programme.solve(inner, seconds=time_left(watch))
        if solved.ended is Ended.IMPOSSIBLE:
            low = middle
        elif solved.values is None:
            ended = solved.ended
        else:
            chosen = solved.taken(sites)
            best = chosen, compact.value(chosen, float(values[middle]))
            high = int(np.searchsorted(values, best[1]))
        if watch.stop(best[1], bound()) and high - low > 1:
            ended = Ended.TIME
    if low + 1 == len(values):
        return None
    if ended is not Ended.BEST:
        ended = Ended.ASKED if watch.asked else Ended.TIME
    return Answer(*best, bound(), _stopped(best[1], bound(), ended))


def _worst_distances(compact: Compact) -> np.ndarray:
    """Return the distances, ascending, that can be the worst of a choice."""
    problem = compact.problem
    somebody = problem.people > 0
    metres, now = compact.metres[:, somebody], problem.now_m[somebody]
    nearest = np.minimum(metres.min(axis=0, initial=math.inf), now)
    values = np.unique(np.concatenate([metres.reshape(-1), now, [0.0]]))
    possible = np.isfinite(values) & (values >= nearest.max(initial=0.0))
    if problem.worst_m is not None and problem.capacity is None:
        possible &= values <= problem.worst_m
    return np.asarray(values[possible])
