"""A choice of sites that obeys every rule, and what to change where there is none."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.effort import Watch
from planning.siting.integer.changes import Bent, Change, Spacing
from planning.siting.integer.elastic import ChangeKind, Elastic, Loose
from planning.siting.integer.programme import Ended, Programme, site_columns
from planning.siting.integer.reached import cover_rows
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

Real = NDArray[np.float64]


def feasible_start(
    rules: Rules, prefer: Real, near: csr_array | None = None, seconds: float = 10.0
) -> tuple[int, ...] | None:
    """Return sites that obey the rules and together are preferred most, nearly.

    `prefer` (n_sites,) is what each site is worth on its own. With `near` (places, sites)
    every place has at least one of its sites chosen. To a thousandth of the most; None where
    no choice obeys the rules. Raises TimeoutError where the time was too short to tell.
    """
    programme = Programme(more=True)
    most = float(np.abs(prefer).max(initial=0.0))
    sites = site_columns(programme, rules, prefer / (most or 1.0))
    if near is not None:
        cover_rows(programme, sites, near)
    solved = programme.solve(Watch(), seconds=seconds, gap=1e-3, presolve=False)
    if solved.ended is Ended.IMPOSSIBLE:
        return None
    if solved.values is None:
        raise TimeoutError(f"no choice that obeys the rules was found in {seconds} s")
    chosen = solved.taken(sites)
    if rules.broken(chosen):
        raise ArithmeticError("the solver's choice of sites breaks a rule")
    return chosen


def smallest_changes(
    problem: SitingProblem, spacing: Spacing | None = None, seconds: float = 5.0
) -> list[Change]:
    """Return, for each kind of rule, the smallest change that makes a plan possible.

    Each of them is enough with the others kept. Where none is, the changes that are enough
    together, least in sum as shares of what was asked. Nothing where a plan is possible, or
    where no change of a rule can make it so. Each solve may take so many seconds; without
    `spacing` no smaller spacing is looked for.
    """
    elastic = Elastic(problem, seconds)
    first, _, _ = elastic.solve()
    if first.values is not None:
        return []
    found = [_alone(elastic, loose) for loose in elastic.kinds]
    if spacing is not None and problem.rules.clashes is not None:
        found.append(_smaller_spacing(elastic, spacing))
    if problem.worst_m is not None and elastic.small:
        found.append(_farther(elastic, problem.worst_m))
    alone = [change for change in found if change is not None]
    return alone or _together(elastic, spacing)


def _alone(elastic: Elastic, loose: Loose) -> Change | None:
    """Return the smallest change of one kind of rule that is enough; None where none is."""
    solved, sites, missed = elastic.solve([loose])
    if solved.values is None:
        return None
    change = Bent(elastic.problem, solved.taken(sites), missed).change(loose)
    proved = solved.ended is Ended.BEST and elastic.complete
    return None if change is None else replace(change, proved=proved)


def _together(elastic: Elastic, spacing: Spacing | None) -> list[Change]:
    """Return the changes that are enough together, least in sum."""
    kinds = [*elastic.kinds, Loose(ChangeKind.SPACING), Loose(ChangeKind.WORST)]
    solved, sites, missed = elastic.solve(kinds)
    if solved.values is None:
        return []
    chosen = solved.taken(sites)
    bent = Bent(elastic.problem, chosen, missed, spacing, elastic.worst_of(chosen))
    proved = solved.ended is Ended.BEST and elastic.complete
    changes = [change for loose in kinds if (change := bent.change(loose)) is not None]
    return [replace(change, alone=False, proved=proved) for change in changes]


def _smaller_spacing(elastic: Elastic, spacing: Spacing) -> Change | None:
    """Return the largest spacing with which a plan is possible, by bisection over distances."""
    steps = np.unique(spacing.pairs.data)
    best: tuple[int, ...] | None = None
    # A spacing of steps[low] is possible, one of steps[high] is not; none has been tried yet.
    low, high, proved = -1, len(steps), elastic.complete
    while high - low > 1:
        # No spacing at all is tried first: where that does not help, nothing does.
        middle = (low + high) // 2 if best is not None else 0
        solved, sites, _ = elastic.solve(clashes=spacing.clashes(float(steps[middle])))
        if solved.values is None:
            proved &= solved.ended is Ended.IMPOSSIBLE
            high = middle
        else:
            best = solved.taken(sites)
            low = max(middle, int(np.searchsorted(steps, spacing.closest(best))))
            low = min(low, high - 1)
    if best is None:
        return None
    need = float(steps[low])
    return Change(ChangeKind.SPACING, spacing.asked_m, need, proved=proved)


def _farther(elastic: Elastic, worst_m: float) -> Change | None:
    """Return the least worst distance with which a plan is possible, by bisection."""
    somebody = elastic.problem.people > 0
    away = elastic.metres[:, somebody], elastic.problem.now_m[somebody]
    steps = np.unique(np.concatenate([*(each.reshape(-1) for each in away), [np.inf]]))
    steps = steps[steps > worst_m]
    low, high, proved = -1, len(steps), elastic.complete
    while high - low > 1:
        middle = (low + high) // 2
        solved, sites, _ = elastic.solve(worst_m=float(steps[middle]))
        if solved.values is None:
            proved &= solved.ended is Ended.IMPOSSIBLE
            low = middle
        else:
            worst = elastic.worst_of(solved.taken(sites))
            high = min(middle, int(np.searchsorted(steps, worst)))
    if high == len(steps):
        return None
    return Change(ChangeKind.WORST, worst_m, float(steps[high]), proved=proved)
