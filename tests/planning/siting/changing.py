"""Changes made to a question: one as it is asked for, any smaller one, and rules left away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.integer.changes import Change, Spacing
from planning.siting.integer.elastic import AREAS, ChangeKind
from planning.siting.problem import SitingProblem
from planning.siting.rules import NO_LIMIT, Row, RuleKind


def with_rules(problem: SitingProblem, **changed: object) -> SitingProblem:
    return replace(problem, rules=replace(problem.rules, **changed))


def with_rows(
    problem: SitingProblem, kind: RuleKind, by: dict[str, int], side: str
) -> SitingProblem:
    """Move a limit of the rows of a kind, each row of these names by so much."""
    rows = tuple(
        replace(row, **{side: getattr(row, side) + by[row.of]})
        if row.kind is kind and row.of in by
        else row
        for row in problem.rules.rows
    )
    return with_rules(problem, rows=rows)


def with_points(problem: SitingProblem, most: int) -> SitingProblem:
    rows = tuple(
        replace(row, most=NO_LIMIT) if row.kind is RuleKind.COUNT else row
        for row in problem.rules.rows
    )
    return with_rules(problem, most_sites=most, rows=rows)


def limited(problem: SitingProblem, kind: RuleKind, side: str) -> list[Row]:
    there = (row for row in problem.rules.rows if row.kind is kind)
    return [row for row in there if (row.least > 0 if side == "least" else row.most < NO_LIMIT)]


def exempt(problem: SitingProblem, kind: RuleKind, areas: tuple[str, ...]) -> SitingProblem:
    least = {row.of: -row.least for row in limited(problem, kind, "least") if row.of in areas}
    return with_rows(problem, kind, least, "least")


def lowered(
    problem: SitingProblem, kind: RuleKind, areas: tuple[str, ...], by: int
) -> SitingProblem:
    rows = [row for row in limited(problem, kind, "least") if row.of in areas]
    return with_rows(problem, kind, {row.of: -min(by, row.least) for row in rows}, "least")


def raised(
    problem: SitingProblem, kind: RuleKind, areas: tuple[str, ...], by: int
) -> SitingProblem:
    rows = [row for row in limited(problem, kind, "most") if row.of in areas]
    return with_rows(problem, kind, {row.of: by for row in rows}, "most")


def unlocked(problem: SitingProblem, sites: tuple[int, ...]) -> SitingProblem:
    left = [site for site in problem.rules.chosen.tolist() if site not in sites]
    return with_rules(problem, chosen=np.array(left, dtype=np.int64))


def with_spacing(problem: SitingProblem, spacing: Spacing, metres: float) -> SitingProblem:
    apart = spacing.pairs.toarray()
    clash = (problem.rules.clashes.toarray() > 0) & (apart < metres)
    return with_rules(problem, clashes=csr_array(clash.astype(np.int64)))


def with_floor(problem: SitingProblem, name: str, least: int) -> SitingProblem:
    floors = tuple(
        replace(floor, least=least) if floor.name == name else floor for floor in problem.floors
    )
    return replace(problem, floors=floors)


def applied(problem: SitingProblem, change: Change, spacing: Spacing | None) -> SitingProblem:
    """Return the question with a change made."""
    by = int(min(abs(change.need - change.now), NO_LIMIT))
    ways: dict[ChangeKind, Callable[[], SitingProblem]] = {
        ChangeKind.POINTS: lambda: with_points(problem, round(change.need)),
        ChangeKind.EXEMPT: lambda: exempt(problem, change.rule, change.areas),
        ChangeKind.LEAST: lambda: lowered(problem, change.rule, change.areas, by),
        ChangeKind.MAXIMUM: lambda: raised(problem, change.rule, change.areas, by),
        ChangeKind.SPACING: lambda: with_spacing(problem, spacing, change.need),
        ChangeKind.LOCKED: lambda: unlocked(problem, change.sites),
        ChangeKind.WORST: lambda: replace(problem, worst_m=change.need),
        ChangeKind.FLOOR: lambda: with_floor(problem, change.areas[0], round(change.need)),
        ChangeKind.TARGET: lambda: replace(problem, target=round(change.need)),
    }
    return ways[change.kind]()


def with_less(
    problem: SitingProblem, change: Change, spacing: Spacing | None
) -> Iterator[SitingProblem]:
    """Yield the question with every change of the same kind that is one step smaller."""
    if change.kind is ChangeKind.EXEMPT:
        areas = [row.of for row in limited(problem, change.rule, "least")]
        for some in combinations(areas, len(change.areas) - 1):
            yield exempt(problem, change.rule, some)
        return
    if change.kind is ChangeKind.LOCKED:
        for some in combinations(problem.rules.chosen.tolist(), len(change.sites) - 1):
            yield unlocked(problem, some)
        return
    every = tuple(row.of for row in problem.rules.rows)
    by = int(min(abs(change.need - change.now), NO_LIMIT)) - 1
    ways: dict[ChangeKind, Callable[[], SitingProblem]] = {
        ChangeKind.POINTS: lambda: with_points(problem, round(change.need) - 1),
        ChangeKind.LEAST: lambda: lowered(problem, change.rule, every, by),
        ChangeKind.MAXIMUM: lambda: raised(problem, change.rule, every, by),
        ChangeKind.SPACING: lambda: with_spacing(problem, spacing, _next(spacing, change.need)),
        ChangeKind.WORST: lambda: replace(problem, worst_m=float(np.nextafter(change.need, 0))),
        ChangeKind.FLOOR: lambda: with_floor(problem, change.areas[0], round(change.need) + 1),
        ChangeKind.TARGET: lambda: replace(problem, target=round(change.need) + 1),
    }
    yield ways[change.kind]()


def _next(spacing: Spacing, metres: float) -> float:
    return min(m for m in (*spacing.pairs.data, spacing.asked_m) if m > metres)


def without(
    problem: SitingProblem, spacing: Spacing | None
) -> dict[tuple[ChangeKind, str | None], SitingProblem]:
    """Return, for each kind of rule there is, the question without it."""
    everywhere = tuple(row.of for row in problem.rules.rows)
    free = {(ChangeKind.POINTS, None): with_points(problem, problem.rules.sites)}
    for kind in {row.kind for row in problem.rules.rows}:
        if limited(problem, kind, "least"):
            of = ChangeKind.EXEMPT if kind in AREAS else ChangeKind.LEAST
            free[of, kind] = lowered(problem, kind, everywhere, NO_LIMIT)
        if limited(problem, kind, "most") and kind is not RuleKind.COUNT:
            free[ChangeKind.MAXIMUM, kind] = raised(problem, kind, everywhere, NO_LIMIT)
    free[ChangeKind.LOCKED, None] = unlocked(problem, tuple(problem.rules.chosen.tolist()))
    if spacing is not None:
        free[ChangeKind.SPACING, None] = with_rules(problem, clashes=None)
    if problem.worst_m is not None:
        free[ChangeKind.WORST, None] = replace(problem, worst_m=None)
    for floor in problem.floors:
        free[ChangeKind.FLOOR, floor.name] = with_floor(problem, floor.name, 0)
    if problem.objective is Objective.FEWEST_POINTS:
        free[ChangeKind.TARGET, None] = replace(problem, target=0)
    return free
