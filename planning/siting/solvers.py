"""One door to all solvers: a problem goes in, an answer with its bound comes out."""

import time
from dataclasses import replace

from planning.model.siting import Objective
from planning.siting.covering.capacity import solve_with_capacity
from planning.siting.covering.fewest import solve_fewest
from planning.siting.covering.floors import solve_with_floors
from planning.siting.covering.most_people import solve_most_people
from planning.siting.distance.center import solve_center
from planning.siting.distance.median import solve_median
from planning.siting.effort import Effort, Watch
from planning.siting.integer.exact import small_enough, solve_exactly
from planning.siting.problem import Answer, SitingProblem, Stopped

SOLVERS = {
    Objective.MOST_PEOPLE: solve_most_people,
    Objective.FEWEST_POINTS: solve_fewest,
    Objective.MEAN_DISTANCE: solve_median,
    Objective.WORST_DISTANCE: solve_center,
}
_TINY = 60_000  # pairs of sites and places that an exact solver mostly finishes in a second
COVERING = frozenset({Objective.MOST_PEOPLE, Objective.FEWEST_POINTS})
MORE_IS_BETTER = frozenset({Objective.MOST_PEOPLE})


def solve(
    problem: SitingProblem,
    effort: Effort = Effort.NORMAL,
    seed: int = 7,
    watch: Watch | None = None,
) -> Answer | None:
    """Return the best choice found and the bound on any choice; None when none obeys the rules.

    A search answers first. Where its bound leaves something open and the question is small,
    an exact solver finishes it.
    """
    watch = watch or Watch()
    found = _searched(problem, effort, seed, watch)
    if found is None:
        return solve_exactly(problem, watch) if small_enough(problem) else None
    if found.stopped is not Stopped.DONE or not _worth_finishing(problem, effort):
        return found
    exact = solve_exactly(problem, _after(found, problem.objective, watch))
    return None if exact is None else combined(problem.objective, found, exact)


def _worth_finishing(problem: SitingProblem, effort: Effort) -> bool:
    """Return whether an exact solver takes no longer than so much effort is worth."""
    if effort is Effort.QUICK:
        return False
    sites, places = problem.distances.shape
    tiny = sites * places <= _TINY
    return tiny or (effort is Effort.THOROUGH and small_enough(problem))


def _after(found: Answer, objective: Objective, watch: Watch) -> Watch:
    """Return a watch for a second search that passes on only what improves on the first."""
    sign = 1 if objective in MORE_IS_BETTER else -1

    def tell(value: float, bound: float) -> bool:
        value = sign * max(sign * value, sign * found.value)
        return watch.stop(value, sign * min(sign * bound, sign * found.bound))

    return Watch(tell, max(watch.seconds - (time.monotonic() - watch.began), 0.0))


def combined(objective: Objective, one: Answer, other: Answer) -> Answer:
    """Return the better choice of two answers to one question, with the tighter bound."""
    sign = 1 if objective in MORE_IS_BETTER else -1
    best = one if sign * one.value >= sign * other.value else other
    bound = sign * min(sign * one.bound, sign * other.bound)
    proved = bound == best.value
    return replace(best, bound=bound, stopped=Stopped.PROVED if proved else other.stopped)


def _searched(problem: SitingProblem, effort: Effort, seed: int, watch: Watch) -> Answer | None:
    """Return what the search for this kind of question finds; None where there is none."""
    if problem.capacity is not None:
        if problem.fade or problem.floors or problem.objective not in COVERING:
            return None  # small ones are for the exact solver
        return solve_with_capacity(problem, effort, seed, watch)
    if problem.floors and problem.objective is Objective.MOST_PEOPLE:
        return solve_with_floors(problem, effort, seed, watch)
    if problem.objective not in COVERING and (problem.floors or problem.worst_m is not None):
        return None
    return SOLVERS[problem.objective](problem, effort, seed, watch)
