"""Sending people to sites that can serve only so many: columns, rows, and what it is worth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.effort import Watch
from planning.siting.integer.programme import Ended, Programme, one_row
from planning.siting.integer.reached import table
from planning.siting.problem import SitingProblem

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Flags = NDArray[np.bool_]
_MOST_WHOLE = 10_000  # people of one place or one site
EVERYONE = frozenset({Objective.MEAN_DISTANCE, Objective.WORST_DISTANCE})


@dataclass(frozen=True)
class Assignment:
    """Who may be sent where: pairs of `site` and `place`, `away` metres apart.

    `worth` is what one person sent along a pair adds to the objective, `near` whether that
    person is served, which floors and target ask for.
    """

    problem: SitingProblem
    site: Whole
    place: Whole
    away: Real
    worth: Real
    near: Flags

    @classmethod
    def of(cls, problem: SitingProblem) -> "Assignment":
        """Return the pairs that may matter to the objective or to a floor."""
        site, place, away = _pairs(problem)
        some = (problem.people[place] > 0) & (_room(problem)[site] > 0)
        site, place, away = site[some], place[some], away[some]
        near = away <= problem.radius_m[place]
        worth = near.astype(np.float64)
        if problem.objective is Objective.MEAN_DISTANCE:
            worth = away
        elif problem.objective is Objective.WORST_DISTANCE:
            worth = np.zeros(len(away))
        elif problem.objective is Objective.MOST_PEOPLE and problem.fade:
            worth = np.zeros(len(away))
            for step in reversed(problem.fade):
                worth[away <= problem.radius_m[place] * step.factor] = step.tenths
        return cls(problem, site, place, away, worth, near)

    def closer(self, farthest_m: float) -> "Assignment":
        """Return only the pairs that are no farther apart."""
        return self._only(self.away <= farthest_m)

    def columns(
        self, programme: Programme, factor: int, sites: Whole | None = None
    ) -> tuple[Whole, Real]:
        """Add a column per pair and every rule about them; return the columns and their units.

        With the columns of `sites` nobody is sent to a site that is not chosen; without,
        every site of the pairs is open. Each person costs `factor` times the pair's worth.
        A column counts people in its unit, a power of two.
        """
        problem, count, room = self.problem, len(self.site), _room(self.problem)
        most = np.minimum(problem.people[self.place], room[self.site]).astype(np.float64)
        # Flows are whole by themselves. Floors may break that, and then people are whole
        # numbers; where sites are still to choose and people many, a part of one is nothing.
        many = sites is not None and bool(most.max(initial=0.0) > _MOST_WHOLE)
        whole = bool(problem.floors) and not many
        unit = np.ones(count) if whole else 2.0 ** np.floor(np.log2(np.maximum(most, 1.0)))
        sent = programme.columns(count, factor * self.worth * unit, upper=most / unit, whole=whole)
        people = problem.people.astype(np.float64)
        least = people if problem.objective in EVERYONE else 0.0
        programme.rows(least, people, (sent, _by(self.place, len(people), unit)))
        to_site = _by(self.site, len(room), unit)
        if sites is None:
            programme.rows(-math.inf, room.astype(np.float64), (sent, to_site))
        else:
            own, each = np.arange(len(room)), np.arange(count + 1)
            full = csr_array((-room.astype(np.float64), (own, own)), shape=(len(room),) * 2)
            programme.rows(-math.inf, 0.0, (sent, to_site), (sites, full))
            one = csr_array((np.ones(count), each[:-1], each), shape=(count, count))
            opened = csr_array((-most / unit, self.site, each), shape=(count, len(room)))
            programme.rows(-math.inf, 0.0, (sent, one), (sites, opened))
        for counted, wanted in self._wanted():
            programme.rows(wanted, math.inf, (sent, one_row(counted * unit)))
        return sent, unit

    def value(self, chosen: Sequence[int]) -> float | None:
        """Return what the best assignment to these sites is worth; None where there is none.

        The people sent are rounded to whole persons and every rule is checked on those.
        """
        open_ = np.isin(self.site, np.array(list(chosen), dtype=np.int64))
        only = self._only(open_)
        more = self.problem.objective not in EVERYONE
        programme = Programme(more=more)
        columns, unit = only.columns(programme, 1)
        solved = programme.solve(Watch())
        if solved.ended is Ended.IMPOSSIBLE or solved.values is None:
            return None
        sent = np.rint(solved.values[columns] * unit).astype(np.int64)
        return only.worth_of(sent, len(chosen))

    def worth_of(self, sent: Whole, sites: int) -> float:
        """Return what sending so many whole persons along each pair to `sites` sites is worth."""
        problem = self.problem
        left = problem.people - _sum(self.place, sent, len(problem.people))
        room = _room(self.problem) - _sum(self.site, sent, len(_room(self.problem)))
        everyone = problem.objective not in EVERYONE or not left.any()
        wanted = all(int(counted @ sent) >= least for counted, least in self._wanted())
        if not (everyone and wanted and (left >= 0).all() and (room >= 0).all()):
            raise ArithmeticError("an assignment of people is not one of whole persons")
        if problem.objective is Objective.FEWEST_POINTS:
            return sites
        if problem.objective is Objective.WORST_DISTANCE:
            return float(self.away[sent > 0].max(initial=0.0))
        return math.fsum(self.worth * sent)

    def _wanted(self) -> list[tuple[Whole, int]]:
        """Return whom each floor and the target count among the pairs, and how many they want."""
        problem = self.problem
        wanted = [
            ((self.near & np.isin(self.place, floor.places)).astype(np.int64), floor.least)
            for floor in problem.floors
        ]
        if problem.objective is Objective.FEWEST_POINTS:
            wanted.append((self.near.astype(np.int64), problem.target))
        return wanted

    def _only(self, some: Flags) -> "Assignment":
        return Assignment(
            self.problem, self.site[some], self.place[some], self.away[some],
            self.worth[some], self.near[some],
        )  # fmt: skip


def _pairs(problem: SitingProblem) -> tuple[Whole, Whole, Real]:
    """Return sites, places and distances of the pairs along which people may be sent."""
    if problem.objective in EVERYONE:
        metres = table(problem.distances)
        site, place = np.nonzero(np.isfinite(metres))
        return site, place, metres[site, place]
    limit = problem.radius_m * max([1.0, *(step.factor for step in problem.fade)])
    near = problem.distances.within(limit).tocoo()
    return near.row.astype(np.int64), near.col.astype(np.int64), near.data


def _room(problem: SitingProblem) -> Whole:
    return np.empty(0, dtype=np.int64) if problem.capacity is None else problem.capacity


def _by(which: Whole, count: int, amount: Real) -> csr_array:
    """Return the matrix (count, pairs) that adds up amounts by what their pairs belong to."""
    pairs = np.arange(len(which))
    return csr_array((amount, (which, pairs)), shape=(count, len(which)))


def _sum(which: Whole, sent: Whole, count: int) -> Whole:
    return np.bincount(which, sent, count).astype(np.int64)
