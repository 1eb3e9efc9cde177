"""The compact mixed integer programme of any siting question, and what a choice is worth.

Covering (Church and ReVelle 1974; Toregas et al. 1971) has a 0/1 column per site and a
column in [0, 1] per group of places that the same sites serve. The mean distance uses the
radius formulation (Cornuéjols, Nemhauser and Wolsey 1980): a column for every distance at
which a place may still be without a point. Capacities add columns for the people of a place
who go to a site (`planning.siting.integer.assigned`).

A programme only chooses sites. What the choice is worth is counted anew from the distances,
in whole numbers wherever the objective is one.
"""

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

from planning.model.siting import Objective
from planning.siting.integer.assigned import Assignment
from planning.siting.integer.programme import Programme, site_columns
from planning.siting.integer.reached import Reach, cover_rows, near_someone, reached_part, table
from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


class Compact:
    """The programme of one question, and the value of a choice, from the same pairs."""

    def __init__(self, problem: SitingProblem) -> None:
        self.problem = problem
        self.more = problem.objective is Objective.MOST_PEOPLE

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        if self.problem.objective is not Objective.MEAN_DISTANCE:
            return True
        metres = self.metres[np.isfinite(self.metres)]
        now = self.problem.now_m[np.isfinite(self.problem.now_m)]
        return bool((metres == np.floor(metres)).all() and (now == np.floor(now)).all())

    @cached_property
    def metres(self) -> Real:
        """The whole table of distances, shape (n_sites, n_places)."""
        return table(self.problem.distances)

    @cached_property
    def served(self) -> Reach:
        """Who is served within the radius."""
        return Reach.within(self.problem, self.problem.radius_m)

    @cached_property
    def steps(self) -> list[tuple[Reach, int]]:
        """Who is reached at each step, and what that adds for each person to the steps beyond."""
        if not self.problem.fade:
            return [(self.served, 1)]
        tenths = [*(step.tenths for step in self.problem.fade), 0]
        return [
            (
                Reach.within(self.problem, self.problem.radius_m * step.factor),
                tenths[k] - tenths[k + 1],
            )
            for k, step in enumerate(self.problem.fade)
        ]

    @cached_property
    def assignment(self) -> Assignment:
        """Who may be sent where, under capacities."""
        return Assignment.of(self.problem)

    @cached_property
    def must_be_near(self) -> csr_array:
        """Which sites are near enough to each place that may not be farther than `worst_m`."""
        assert self.problem.worst_m is not None
        return near_someone(self.problem, self.problem.worst_m)

    def programme(self, farthest_m: float = math.inf) -> tuple[Programme, Whole]:
        """Return the programme and its columns of sites.

        For the worst distance it only asks whether everyone can be within `farthest_m`.
        """
        problem = self.problem
        counts = problem.objective is Objective.FEWEST_POINTS
        programme = Programme(more=self.more)
        sites = site_columns(programme, problem.rules, float(counts))
        if problem.worst_m is not None:
            cover_rows(programme, sites, self.must_be_near)
        if problem.capacity is not None:
            self.assignment.closer(farthest_m).columns(programme, int(not counts), sites)
            return programme, sites
        if problem.objective is Objective.WORST_DISTANCE:
            far = (problem.people > 0) & (problem.now_m > farthest_m)
            cover_rows(programme, sites, csr_array(farthest_m >= self.metres[:, far].T))
        if problem.objective is Objective.MEAN_DISTANCE:
            _radius_columns(programme, sites, problem, self.metres)
        if problem.objective is Objective.MOST_PEOPLE:
            for reach, each in self.steps:
                programme.constant += each * int(problem.people[reach.already].sum())
                column_of = reach.columns(programme, sites, problem.people, each)
            if not problem.fade:
                self.people_rows(programme, column_of)
                return programme, sites
        if problem.floors or counts:
            self.people_rows(programme, self.served.columns(programme, sites, problem.people, 0))
        return programme, sites

    def people_rows(self, programme: Programme, column_of: Whole) -> None:
        """Add the floors and the target, with the columns of those served."""
        problem, already = self.problem, self.served.already
        asked = [(floor.places, floor.least) for floor in problem.floors]
        if problem.objective is Objective.FEWEST_POINTS:
            asked.append((np.arange(len(problem.people)), problem.target))
        for places, least in asked:
            people = np.zeros_like(problem.people)
            people[places] = problem.people[places]
            # Half a person is let go: people come whole, and solvers count in floats.
            more = least - int(people[already].sum()) - 0.5
            programme.rows(more, math.inf, reached_part(people, column_of))

    def value(self, chosen: Sequence[int], farthest_m: float = math.inf) -> float:
        """Return what a choice is worth, counted from the distances; it must obey every rule.

        Under capacities nobody is sent farther than `farthest_m`.
        """
        problem = self.problem
        kept = not problem.rules.broken(chosen)
        if problem.worst_m is not None:
            kept &= bool((self.must_be_near[:, list(chosen)].sum(axis=1) > 0).all())
        value: float | None
        if problem.capacity is not None:
            value = self.assignment.closer(farthest_m).value(chosen)
        else:
            served = problem.people * self.served.by(chosen)
            kept &= all(int(served[floor.places].sum()) >= floor.least for floor in problem.floors)
            kept &= (
                problem.objective is not Objective.FEWEST_POINTS or served.sum() >= problem.target
            )
            value = self._value_of_distances(chosen)
        if not kept or value is None:
            raise ArithmeticError("the solver's choice of sites breaks a rule")
        return value

    def _value_of_distances(self, chosen: Sequence[int]) -> float:
        problem = self.problem
        if problem.objective is Objective.FEWEST_POINTS:
            return len(chosen)
        if problem.objective is Objective.MOST_PEOPLE:
            return sum(
                each * int(problem.people[reach.by(chosen)].sum()) for reach, each in self.steps
            )
        somebody = problem.people > 0
        nearest = self.metres[list(chosen)].min(axis=0, initial=math.inf)
        nearest = np.minimum(nearest, problem.now_m)[somebody]
        if problem.objective is Objective.WORST_DISTANCE:
            return float(nearest.max(initial=0.0))
        return math.fsum(problem.people[somebody] * nearest)

    def outward(self, bound: float) -> float:
        """Return a solver's bound, moved to where no rounding of the solver can make it wrong."""
        problem, slack = self.problem, 1e-6 + 1e-9 * abs(bound)
        if self.more:
            most = int(problem.people.sum()) * max([1, *(step.tenths for step in problem.fade)])
            return min(most, math.floor(bound + slack)) if math.isfinite(bound) else most
        least = len(problem.rules.chosen) if problem.objective is Objective.FEWEST_POINTS else 0
        if not math.isfinite(bound):
            return least
        return max(least, math.ceil(bound - slack) if self.whole else bound - slack)


def _radius_columns(
    programme: Programme, sites: Whole, problem: SitingProblem, metres: Real
) -> None:
    """Add columns and rows that cost everyone's distance to the nearest open point.

    Of a place's distances D₁ < … < D_K below that of its present point D_K₊₁, column k is 1
    while no chosen site is within D_k, and costs D_k₊₁ - D_k a person; each row leans on the
    column before it, so that every pair occurs once.
    """
    somebody = np.flatnonzero(problem.people > 0)
    table = np.vstack([metres[:, somebody], problem.now_m[somebody]])
    kinds, kind = np.unique(table, axis=1, return_inverse=True)
    people = np.bincount(kind.reshape(-1), problem.people[somebody], kinds.shape[1])
    for k, weight in enumerate(people):
        away, now = kinds[:-1, k], kinds[-1, k]
        near = np.flatnonzero((away < now) & np.isfinite(away))
        if not len(near) and math.isfinite(now):
            programme.constant += weight * now
            continue
        level, at = np.unique(away[near], return_inverse=True)
        step = np.diff(np.append(level, now))
        # Without a present point the last column is 0: somebody must be near.
        costs = np.where(np.isfinite(step), step, 0.0) * weight
        columns = programme.columns(len(level), costs, upper=np.isfinite(step).astype(np.float64))
        programme.constant += weight * level[0] if len(level) else 0.0
        count = max(len(level), 1)
        chain = csr_array((count, len(level)))
        if len(level):
            chain = csr_array(eye_array(count) - eye_array(count, k=-1))
        reached = csr_array((np.ones(len(near)), (at, near)), shape=(count, len(sites)))
        lower = np.zeros(count)
        lower[0] = 1.0
        programme.rows(lower, math.inf, (columns, chain), (sites, reached))
