"""One door to all solvers: a problem goes in, an answer with its bound comes out."""

from dataclasses import replace

from planning.model.siting import Objective
from planning.siting.capacity import solve_with_capacity
from planning.siting.effort import Effort, Watch
from planning.siting.exact import small_enough, solve_exactly
from planning.siting.fewest import solve_fewest
from planning.siting.floors import solve_with_floors
from planning.siting.median import solve_median
from planning.siting.most_people import solve_most_people
from planning.siting.problem import Answer, SitingProblem, Stopped

SOLVERS = {
    Objective.MOST_PEOPLE: solve_most_people,
    Objective.FEWEST_POINTS: solve_fewest,
    Objective.MEAN_DISTANCE: solve_median,
}
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
    if found is not None and (found.stopped is not Stopped.DONE or effort is Effort.QUICK):
        return found
    if not small_enough(problem):
        return found
    exact = solve_exactly(problem, watch)
    if found is None or exact is None:
        return exact
    return combined(problem.objective, found, exact)


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
