"""Areas that cannot get what is asked of them, and how many points do for all the others."""

from dataclasses import dataclass, replace

from planning.siting.integer.changes import most_points
from planning.siting.integer.elastic import ChangeKind, Elastic, Loose
from planning.siting.problem import SitingProblem
from planning.siting.rules import Row, RuleKind


@dataclass(frozen=True)
class ButFor:
    """Areas to be exempt because they lack places, and how many points then are enough.

    `rule` is the kind of the areas, `need` the number of points, the least there is where
    the solver came to its end.
    """

    rule: RuleKind
    areas: tuple[str, ...]
    need: int


def points_but_for(problem: SitingProblem, seconds: float = 5.0) -> ButFor | None:
    """Return the areas with fewer places than points asked for, and the points the others need.

    None where every area has places enough, where the points asked for do without these
    areas, or where more points make no plan possible. The solve may take so many seconds.
    """
    lacking = [row for row in problem.rules.rows if _lacks_places(row)]
    if not lacking:
        return None
    rule = lacking[0].kind
    areas = tuple(sorted({row.of for row in lacking if row.kind is rule}))
    rows = tuple(
        replace(row, least=0) if row.kind is rule and row.of in areas else row
        for row in problem.rules.rows
    )
    eased = replace(problem, rules=replace(problem.rules, rows=rows))
    solved, sites, _ = Elastic(eased, seconds).solve([Loose(ChangeKind.POINTS)])
    if solved.values is None:
        return None
    need = len(solved.taken(sites))
    return ButFor(rule, areas, need) if need > most_points(problem.rules) else None


def _lacks_places(row: Row) -> bool:
    """Return whether an area has fewer places in all than it is to have points."""
    return row.kind in (RuleKind.COMMUNE, RuleKind.FORMER) and row.least > int(row.each.sum())
