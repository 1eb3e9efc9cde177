"""Mixed integer programmes for HiGHS: columns and rows in blocks, and an honest ending.

HiGHS (Huangfu and Hall 2018) runs on one thread with a fixed seed and no gap, so that every
machine ends with the same plan unless the clock ends it. An incumbent found before the clock
ran out is never called the best: `Ended` says which of the two it is.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from planning.siting.effort import Watch
from planning.siting.rules import NO_LIMIT, Row, Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

_FINE = 1e-9  # how far a row may be off: with people as coefficients 1e-6 would be persons
_LARGEST = 1024.0  # coefficients above this are scaled down, by powers of two and so exactly


class Ended(StrEnum):
    """How a solve ended."""

    BEST = "best"  # nothing better exists
    IMPOSSIBLE = "impossible"  # no solution exists
    TIME = "time"  # the time allowed ran out
    ASKED = "asked"  # someone asked to stop


@dataclass(frozen=True)
class Solved:
    """What a solve left: the columns' values (None: none found) and a bound on any solution."""

    values: Real | None
    bound: float
    ended: Ended

    def taken(self, columns: Whole) -> tuple[int, ...]:
        """Return the positions, within these 0/1 columns, of those that are 1."""
        if self.values is None:
            return ()
        return tuple(np.flatnonzero(self.values[columns] > 0.5).tolist())


class Programme:
    """A programme under construction: `more` says whether a larger objective is better."""

    def __init__(self, *, more: bool = False, constant: float = 0.0) -> None:
        self.more, self.constant = more, constant
        self._columns: list[tuple[Real, Real, Real, NDArray[np.bool_]]] = []
        self._rows: list[tuple[Real, Real]] = []
        self._entries: list[tuple[Whole, Whole, Real]] = []
        self._column_count, self._row_count = 0, 0

    def columns(
        self,
        count: int,
        cost: NDArray | float = 0.0,
        *,
        lower: NDArray | float = 0.0,
        upper: NDArray | float = math.inf,
        whole: bool = False,
    ) -> Whole:
        """Add columns between their bounds and return their positions."""
        each = [np.broadcast_to(part, count).astype(np.float64) for part in (cost, lower, upper)]
        self._columns.append((each[0], each[1], each[2], np.full(count, whole)))
        self._column_count += count
        return np.arange(self._column_count - count, self._column_count)

    def rows(
        self, lower: NDArray | float, upper: NDArray | float, *parts: tuple[Whole, csr_array]
    ) -> None:
        """Add rows `lower ≤ Σ matrix · columns ≤ upper`; each matrix is (rows, its columns)."""
        count = parts[0][1].shape[0]
        for columns, matrix in parts:
            entries = matrix.tocoo()
            place = self._row_count + entries.row.astype(np.int64)
            self._entries.append((place, columns[entries.col], entries.data.astype(np.float64)))
        both = [np.broadcast_to(part, count).astype(np.float64) for part in (lower, upper)]
        self._rows.append((both[0], both[1]))
        self._row_count += count

    def solve(
        self,
        watch: Watch,
        seconds: float = math.inf,
        *,
        gap: float = 0.0,
        presolve: bool = True,
    ) -> Solved:
        """Solve within the time of the watch and `seconds`, to a relative gap.

        Where thousands of columns are alike, as sites without people are, looking for what
        can be presolved takes far longer than solving.
        """
        left = min(seconds, time_left(watch))
        if not self._column_count:
            return self._nothing_to_choose()
        solver = highspy.Highs()
        options = {
            "output_flag": False, "threads": 1, "random_seed": 0, "mip_abs_gap": 0.0,
            "mip_rel_gap": gap, "mip_feasibility_tolerance": _FINE,
            "primal_feasibility_tolerance": _FINE, "time_limit": max(left, 0.0),
            "presolve": "choose" if presolve else "off",
        }  # fmt: skip
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._model())
        solver.cbMipInterrupt.subscribe(_asker(watch))
        solver.run()
        return self._read(solver, watch)

    def _read(self, solver: highspy.Highs, watch: Watch) -> Solved:
        status, info = solver.getModelStatus(), solver.getInfo()
        worst = math.inf if self.more else -math.inf
        impossible = {
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,  # every objective here is bounded
        }
        if status in impossible:
            return Solved(None, worst, Ended.IMPOSSIBLE)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(solver.getSolution().col_value) if found else None
        if status == highspy.HighsModelStatus.kOptimal:
            whole = any(each.any() for *_, each in self._columns)
            bound = info.mip_dual_bound if whole else info.objective_function_value
            return Solved(values, float(bound), Ended.BEST)
        stops = {highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt}
        if status not in stops:
            raise ArithmeticError(f"HiGHS ended with {solver.modelStatusToString(status)}")
        bound = float(info.mip_dual_bound)
        return Solved(
            values, bound if math.isfinite(bound) else worst,
            Ended.ASKED if watch.asked else Ended.TIME,
        )  # fmt: skip

    def _nothing_to_choose(self) -> Solved:
        """Return the ending without any column: every row adds up to nothing."""
        fits = all((low <= 0).all() and (high >= 0).all() for low, high in self._rows)
        if not fits:
            return Solved(None, math.inf if self.more else -math.inf, Ended.IMPOSSIBLE)
        return Solved(np.empty(0), self.constant, Ended.BEST)

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._column_count, self._row_count
        cost, lower, upper, whole = (
            np.concatenate(each) for each in zip(*self._columns, strict=True)
        )
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        model.integrality_ = [kinds[int(each)] for each in whole]
        model.sense_ = highspy.ObjSense.kMaximize if self.more else highspy.ObjSense.kMinimize
        model.offset_ = self.constant
        nothing = np.empty(0)
        place, column, value = (
            np.concatenate([nothing, *(each[k] for each in self._entries)]) for k in range(3)
        )
        at = place.astype(np.int64), column.astype(np.int64)
        shape = (self._row_count, self._column_count)
        scale = _scales(at[0], value, self._row_count)
        model.row_lower_ = np.concatenate([nothing, *(low for low, _ in self._rows)]) * scale
        model.row_upper_ = np.concatenate([nothing, *(high for _, high in self._rows)]) * scale
        matrix = coo_array((value * scale[at[0]], at), shape=shape).tocsc()
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_ = matrix.indices
        model.a_matrix_.value_ = matrix.data
        return model


def _scales(row: Whole, value: Real, rows: int) -> Real:
    """Return powers of two that bring the largest entry of each row to `_LARGEST` at most.

    Solvers forgive rows a fixed amount, which must be less than what the rows are counted in.
    """
    largest = np.full(rows, _LARGEST)
    np.maximum.at(largest, row, np.abs(value))
    return np.asarray(2.0 ** -np.ceil(np.log2(largest / _LARGEST)))


def time_left(watch: Watch) -> float:
    """Return how many seconds a watch still allows."""
    return max(0.0, watch.began + watch.seconds - time.monotonic())


def _asker(watch: Watch) -> Callable[[highspy.highs.HighsCallbackEvent], None]:
    """Return what HiGHS calls now and then: it tells the watch and hears whether to stop."""

    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if watch.stop(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound):
            event.interrupt()

    return ask


def site_columns(programme: Programme, rules: Rules, cost: NDArray | float = 0.0) -> Whole:
    """Add a 0/1 column per site and every rule about sites; return the columns' positions."""
    locked = np.zeros(rules.sites)
    locked[rules.chosen] = 1.0
    sites = programme.columns(rules.sites, cost, lower=locked, upper=1.0, whole=True)
    programme.rows(-math.inf, rules.most_sites, (sites, one_row(np.ones(rules.sites))))
    for row in rules.rows:
        each, least, most = fitted(row)
        programme.rows(least, most, (sites[row.sites], one_row(each)))
    if rules.clashes is not None:
        programme.rows(-math.inf, 1.0, (sites, cliques(rules.clashes)))
    return sites


def one_row(each: NDArray) -> csr_array:
    """Return one row with these entries."""
    return csr_array(each.reshape(1, -1))


def fitted(row: Row) -> tuple[Real, float, float]:
    """Return a rule's coefficients and limits in numbers that a solver counting in floats keeps.

    Whole amounts are divided by what divides them all, and their limits rounded inward, which
    changes nothing. Where amounts still differ, the limits are moved out by half a unit: no
    whole sum lies between, and rounding in the solver can no longer rule out a choice. That
    holds for amounts of up to eight digits after the division.
    """
    unit = int(np.gcd.reduce(row.each, initial=0)) or 1
    each = (row.each // unit).astype(np.float64)
    half = 0.5 if each.max(initial=1.0) > 1 else 0.0
    least = -(-row.least // unit) - half if row.least > 0 else -math.inf
    most = row.most // unit + half if row.most < NO_LIMIT else math.inf
    return each, least, most


def cliques(clashes: csr_array) -> csr_array:
    """Return cliques (cliques, sites) that hold every pair of a symmetric matrix of clashes.

    At most one site of a clique may be chosen: far fewer and far stronger rows than pairs.
    Cliques grow greedily from the pairs no earlier one holds, lowest positions first
    (Kou, Stockmeyer and Wong 1978 call the least number of them a clique cover of edges).
    """
    pairs = clashes.copy()
    pairs.eliminate_zeros()
    near = [set(each.tolist()) for each in np.split(pairs.indices, pairs.indptr[1:-1])]
    open_ = [{other for other in each if other > site} for site, each in enumerate(near)]
    found: list[list[int]] = []
    for site, rest in enumerate(open_):
        while rest:
            clique = [site]
            common = near[site]
            # Pairs that are still open come first, so that each clique settles many.
            for other in (*sorted(rest), *sorted(common - rest)):
                if other in common:
                    clique.append(other)
                    common = common & near[other]
            found.append(sorted(clique))
            for one in clique:
                open_[one].difference_update(clique)
    size = np.array([len(each) for each in found], dtype=np.int64)
    sites = np.concatenate([np.empty(0, dtype=np.int64), *(np.array(each) for each in found)])
    first = np.concatenate([[0], np.cumsum(size)])
    return csr_array(
        (np.ones(len(sites)), sites.astype(np.int64), first), shape=(len(found), clashes.shape[0])
    )
