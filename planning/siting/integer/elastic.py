"""The rules of a question as a programme in which some of them may give way, at a price.

Every rule that may give way gets columns that say by how much: the elastic programme of
Chinneck (2008, Feasibility and Infeasibility in Optimization). With one kind of rule
elastic, the least price is the smallest change of that kind which makes a plan possible.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances
from planning.siting.effort import Watch
from planning.siting.integer.assigned import EVERYONE, Assignment
from planning.siting.integer.programme import Programme, Solved, cliques, fitted, one_row
from planning.siting.integer.reached import (
    Reach,
    cover_rows,
    few_pairs,
    near_someone,
    reached_part,
    same_rows,
    table,
)
from planning.siting.problem import SitingProblem
from planning.siting.rules import NO_LIMIT, Row, RuleKind

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

AREAS = frozenset({RuleKind.COMMUNE, RuleKind.FORMER, RuleKind.GROUP})
_MOST_PAIRS = 300_000  # pairs of site and place that a programme takes within seconds
_MOST_TABLE = 3_000_000  # pairs whose distances are all looked at


class ChangeKind(StrEnum):
    """What would be changed about a rule, so that a plan becomes possible."""

    POINTS = "more points"
    EXEMPT = "areas exempt from their least number"
    LEAST = "lower least number"  # points to keep, points asked for
    MAXIMUM = "higher most"  # points per area, budget
    SPACING = "smaller spacing"
    LOCKED = "fewer locked in"
    WORST = "larger worst distance"
    FLOOR = "lower floor"
    TARGET = "lower target"


class Loose(NamedTuple):
    """One kind of rule that may give way: of which rows, or which of the floors."""

    kind: ChangeKind
    rule: RuleKind | None = None
    floor: int = -1


class Elastic:
    """The rules of one question, any of which can be let loose.

    `complete` says whether every rule is in the programme: those about very many pairs of
    site and place are left out, so that what is found then may still not be enough.
    """

    def __init__(self, problem: SitingProblem, seconds: float) -> None:
        self.problem, self._seconds = problem, seconds
        self.complete = True
        sites, places = problem.distances.shape
        self.small = sites * places <= _MOST_TABLE
        self.metres = table(problem.distances) if self.small else np.empty((sites, 0))
        self._people_asked = [
            (Loose(ChangeKind.FLOOR, floor=k), floor.places, floor.least)
            for k, floor in enumerate(problem.floors)
        ]
        if problem.objective is Objective.FEWEST_POINTS:
            everyone = np.arange(places)
            self._people_asked.append((Loose(ChangeKind.TARGET), everyone, problem.target))
        self._leave_out_what_is_too_large()

    def _leave_out_what_is_too_large(self) -> None:
        problem = self.problem
        self._near_rows = problem.worst_m is not None
        if problem.worst_m is not None:
            limit = np.full(len(problem.people), problem.worst_m)
            self._near_rows = self.small or few_pairs(problem.distances, limit, _MOST_PAIRS)
            self.complete &= self._near_rows
        self.sends = problem.capacity is not None and (
            bool(self._people_asked) or problem.objective in EVERYONE
        )
        if self._people_asked or self.sends:
            few = few_pairs(problem.distances, problem.radius_m, _MOST_PAIRS)
            if self.sends and problem.objective in EVERYONE:
                few = math.prod(problem.distances.shape) <= _MOST_PAIRS
            if not few:
                self._people_asked, self.sends, self.complete = [], False, False

    @cached_property
    def kinds(self) -> list[Loose]:
        """The kinds of rules there are to change, without spacing and the worst distance."""
        rules = self.problem.rules
        kinds = [Loose(ChangeKind.POINTS)]
        for row in rules.rows:
            area = row.kind in AREAS
            if row.least > 0:
                kinds.append(Loose(ChangeKind.EXEMPT if area else ChangeKind.LEAST, row.kind))
            if row.most < NO_LIMIT and row.kind is not RuleKind.COUNT:
                kinds.append(Loose(ChangeKind.MAXIMUM, row.kind))
        if len(rules.chosen):
            kinds.append(Loose(ChangeKind.LOCKED))
        kinds += [loose for loose, _, _ in self._people_asked]
        return list(dict.fromkeys(kinds))

    @cached_property
    def _cliques(self) -> csr_array:
        clashes = self.problem.rules.clashes
        return csr_array((0, self.problem.rules.sites)) if clashes is None else cliques(clashes)

    def solve(
        self,
        loose: Collection[Loose] = (),
        *,
        clashes: csr_array | None = None,
        worst_m: float | None = None,
    ) -> tuple[Solved, Whole, dict[Loose, int]]:
        """Return the cheapest way to meet the rules, its site columns, and who is missed.

        `clashes` and `worst_m` stand in for those of the question where they are given. Who
        is missed is counted per floor, and for the target, that may give way.
        """
        problem = self.problem
        draft = Draft(problem, loose)
        draft.points()
        draft.locks()
        by_kind: dict[RuleKind, list[Row]] = {}
        for row in problem.rules.rows:
            by_kind.setdefault(row.kind, []).append(row)
        for kind, rows in by_kind.items():
            draft.limits(kind, rows)
        draft.spacing(self._cliques if clashes is None else cliques(clashes))
        limit = problem.worst_m if worst_m is None else worst_m
        if limit is not None and (self._near_rows or worst_m is not None):
            draft.near(self._near(limit), must=False)
        if problem.objective in EVERYONE and not self.sends:
            draft.near(self._anywhere(), must=True)
        if self.sends:
            draft.send(self._people_asked)
        elif self._people_asked:
            draft.reach(self._people_asked)
        only_sites = limit is None and not self.sends and not self._people_asked
        solved = draft.programme.solve(Watch(), self._seconds, presolve=not only_sites)
        missed = {}
        if solved.values is not None:
            missed = {of: round(solved.values[at]) for of, at in draft.missed.items()}
        return solved, draft.sites, missed

    def worst_of(self, chosen: Sequence[int]) -> float:
        """Return the largest distance of anyone from the nearest point once these are chosen."""
        nearest = self.problem.now_m.copy()
        for site in chosen:
            nearest = np.minimum(nearest, self.problem.distances.of(site))
        return float(nearest[self.problem.people > 0].max(initial=0.0))

    def _near(self, limit_m: float) -> csr_array:
        """Return which sites are near enough to each place that needs one (places, sites)."""
        if not self.small:
            return near_someone(self.problem, limit_m)
        far = (self.problem.people > 0) & (self.problem.now_m > limit_m)
        return csr_array(limit_m >= self.metres[:, far].T).astype(np.float64)

    def _anywhere(self) -> csr_array:
        """Return which sites can be reached at all from each place without a present point."""
        lost = (self.problem.people > 0) & np.isinf(self.problem.now_m)
        if self.small:
            return csr_array(np.isfinite(self.metres[:, lost].T)).astype(np.float64)
        # By straight line every site can be reached from everywhere.
        self.complete &= isinstance(self.problem.distances, StraightDistances)
        return csr_array(np.ones((int(lost.any()), self.problem.rules.sites)))


class Draft:
    """The programme in the making: each method adds one family of rules.

    Alone, a rule's price is the amount it gives way by; where several are loose it is that
    amount as a share of what was asked.
    """

    def __init__(self, problem: SitingProblem, loose: Collection[Loose]) -> None:
        self._problem, self._loose = problem, loose
        self._several = len(loose) > 1
        self.programme = Programme()
        self.sites = self.programme.columns(problem.rules.sites, upper=1.0, whole=True)
        self.missed: dict[Loose, int] = {}
        self._excess = np.empty(0, dtype=np.int64)

    def _price(self, asked: float) -> float:
        return 1000.0 / max(asked, 1.0) if self._several else 1.0

    def points(self) -> None:
        """Add the most sites; sites beyond may be loose."""
        most = self._problem.rules.most_sites
        if Loose(ChangeKind.POINTS) in self._loose:
            self._excess = self.programme.columns(1, self._price(most))
        one = one_row(np.ones(len(self.sites)))
        less = one_row(-np.ones(len(self._excess)))
        self.programme.rows(-math.inf, most, (self.sites, one), (self._excess, less))

    def locks(self) -> None:
        """Add the sites that are locked in."""
        locked = self._problem.rules.chosen
        count = len(locked)
        columns = np.empty(0, dtype=np.int64)
        if Loose(ChangeKind.LOCKED) in self._loose:
            columns = self.programme.columns(count, self._price(count), upper=1.0)
        self.programme.rows(1.0, math.inf, _each(self.sites[locked]), _each(columns))

    def limits(self, kind: RuleKind, rows: list[Row]) -> None:
        """Add the rows of one kind: at least and at most."""
        fits = [fitted(row) for row in rows]
        matrices = [
            csr_array((each, (np.zeros_like(row.sites), row.sites)), shape=(1, len(self.sites)))
            for row, (each, _, _) in zip(rows, fits, strict=True)
        ]
        sums = self.sites, csr_array(vstack(matrices))
        least = np.array([low for _, low, _ in fits])
        most = np.array([high for _, _, high in fits])
        programme, count = self.programme, len(rows)
        if Loose(ChangeKind.EXEMPT, kind) in self._loose:
            exempt = programme.columns(count, self._price(count), upper=1.0, whole=True)
            programme.rows(least, math.inf, sums, _each(exempt, np.maximum(least, 0.0)))
        elif Loose(ChangeKind.LEAST, kind) in self._loose:
            programme.rows(least, math.inf, sums, _each(self._amounts(least)))
        else:
            programme.rows(least, math.inf, sums)
        if kind is RuleKind.COUNT and len(self._excess):
            every = csr_array(-np.ones((count, 1)))
            programme.rows(-math.inf, most, sums, (self._excess, every))
        elif Loose(ChangeKind.MAXIMUM, kind) in self._loose:
            programme.rows(-math.inf, most, sums, _each(self._amounts(most), -1.0))
        else:
            programme.rows(-math.inf, most, sums)

    def _amounts(self, limits: Real) -> Whole:
        """Add the amounts by which limits give way: the largest is least, and then their sum."""
        count, price = len(limits), self._price(limits[np.isfinite(limits)].max(initial=0.0))
        each = self.programme.columns(count, price / (count + 1))
        largest = self.programme.columns(1, price)
        less = largest, csr_array(-np.ones((count, 1)))
        self.programme.rows(-math.inf, 0.0, _each(each), less)
        return each

    def spacing(self, groups: csr_array) -> None:
        """Add the groups (groups, sites) of which at most one site may be chosen."""
        columns = np.empty(0, dtype=np.int64)
        if Loose(ChangeKind.SPACING) in self._loose:
            columns = self.programme.columns(
                groups.shape[0], self._price(self._problem.rules.most_sites)
            )
        self.programme.rows(-math.inf, 1.0, (self.sites, groups), _each(columns, -1.0))

    def near(self, near: csr_array, *, must: bool) -> None:
        """Add the places that need a site among those near them (places, sites)."""
        if must or Loose(ChangeKind.WORST) not in self._loose:
            cover_rows(self.programme, self.sites, near)
            return
        first, _ = same_rows(near)
        columns = self.programme.columns(len(first), self._price(len(first)), upper=1.0)
        self.programme.rows(1.0, math.inf, (self.sites, near[first]), _each(columns))

    def reach(self, asked: list[tuple[Loose, Whole, int]]) -> None:
        """Add floors and target, met by people near a site or a present point."""
        problem = self._problem
        reach = Reach.within(problem, problem.radius_m)
        counted = np.zeros_like(problem.people)
        for _, places, _ in asked:
            counted[places] = problem.people[places]
        column_of = reach.columns(self.programme, self.sites, counted, 0)
        for loose, places, least in asked:
            people = np.zeros_like(problem.people)
            people[places] = problem.people[places]
            more = least - int(people[reach.already].sum())
            self._at_least(loose, more, reached_part(people, column_of))

    def send(self, asked: list[tuple[Loose, Whole, int]]) -> None:
        """Add floors and target, met by people sent to sites that have room for them."""
        problem = self._problem
        free = replace(
            problem, target=0, floors=tuple(replace(floor, least=0) for floor in problem.floors)
        )
        assignment = Assignment.of(free)
        sent, unit = assignment.columns(self.programme, 0, self.sites)
        for loose, places, least in asked:
            counted = assignment.near & np.isin(assignment.place, places)
            self._at_least(loose, least, (sent, one_row(counted * unit)))

    def _at_least(self, loose: Loose, least: int, part: tuple[Whole, csr_array]) -> None:
        if loose not in self._loose:
            self.programme.rows(least - 0.5, math.inf, part)
            return
        missed = self.programme.columns(1, self._price(least))
        self.missed[loose] = int(missed[0])
        self.programme.rows(least, math.inf, part, (missed, one_row(np.ones(1))))


def _each(columns: Whole, amount: NDArray | float = 1.0) -> tuple[Whole, csr_array]:
    """Return the part of rows in which each row has one of the columns, in order."""
    count = len(columns)
    amounts = np.broadcast_to(amount, count).astype(np.float64)
    return columns, csr_array((amounts, np.arange(count), np.arange(count + 1)), shape=(count,) * 2)
