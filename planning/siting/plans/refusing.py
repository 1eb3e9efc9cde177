"""What it costs to do without a site of a plan, and which site would take its place.

Each site is refused alone and the plan mended around it. The mended plan is a plan: what it
is worth is no more than the best without the site, so that no price is stated too low for a
plan that was the best.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.covering.stretches import Covering, covering
from planning.siting.distances import StraightDistances
from planning.siting.effort import Effort, Watch
from planning.siting.plans.mending import Mended, Mender, without
from planning.siting.plans.mending_covering import Covered
from planning.siting.plans.mending_distances import Distant
from planning.siting.problem import SitingProblem
from planning.siting.solvers import COVERING, MORE_IS_BETTER, solve

Whole = NDArray[np.int64]
Apart = Callable[[int, int], float]


@dataclass(frozen=True)
class Refused:
    """One site refused, and the plan mended without it.

    `lost` is by how much the mended plan is worse, in the objective's own unit: people
    served (tenths where coverage fades), further points, person-metres, metres; never below
    zero. `replacement` is the newly opened site, the nearest one where there are several,
    `distance_m` how far it is from the refused one; None where there is none, or nobody
    knows. `value`, `lost` and `chosen` are None where no plan was found that obeys the
    rules; `impossible` says that it is proved that there is none.
    """

    site: int
    value: float | None = None
    lost: float | None = None
    replacement: int | None = None
    distance_m: float | None = None
    chosen: tuple[int, ...] | None = None
    impossible: bool = False

    @property
    def rules_kept(self) -> bool:
        """Whether the plan can be mended so that every rule is kept."""
        return self.value is not None


def prices_of_refusing(
    problem: SitingProblem,
    chosen: Sequence[int],
    watch: Watch | None = None,
    apart_m: Apart | None = None,
    cover: Covering | None = None,
) -> list[Refused]:
    """Return the price of refusing each site of a plan that is not locked in, in ascending order.

    `chosen` obeys the rules. `apart_m` says how far two sites are apart where the problem
    does not know; without it there are no distances for tables. `cover` is the problem's
    coverage where it is at hand. Ends early when the watch says so, with the prices so far.
    """
    watch, plan = watch or Watch(), np.unique(np.array(chosen, dtype=np.int64))
    mender = _mender(problem, plan, watch, cover)
    if apart_m is None and isinstance(problem.distances, StraightDistances):
        apart_m = _straight(problem.distances)
    sign = 1 if problem.objective in MORE_IS_BETTER else -1
    refused = []
    for site in np.setdiff1d(plan, problem.rules.chosen).tolist():
        if watch.stop(mender.value, float("inf")):
            break
        mended = mender.without(site)
        if mended.chosen is None or not np.isfinite(mended.value):
            refused.append(Refused(site, impossible=mended.impossible))
            continue
        other, metres = _replacement(site, np.setdiff1d(mended.chosen, plan), apart_m)
        # What mending gained elsewhere besides is no price of this site.
        lost = max(0, sign * (mender.value - mended.value))
        refused.append(
            Refused(site, mended.value, lost, other, metres, tuple(mended.chosen.tolist()))
        )
    return refused


def _mender(problem: SitingProblem, plan: Whole, watch: Watch, cover: Covering | None) -> Mender:
    if problem.capacity is None and problem.objective in COVERING:
        return Covered(problem, plan, cover or covering(problem))
    if problem.capacity is None and not problem.floors and problem.worst_m is None:
        return Distant(problem, plan)
    return _Anew(problem, plan, watch)


def _straight(distances: StraightDistances) -> Apart:
    return lambda one, other: float(np.hypot(*(distances.site[one] - distances.site[other])))


def _replacement(site: int, new: Whole, apart_m: Apart | None) -> tuple[int | None, float | None]:
    """Return which new site takes a site's place and how far away it is; of equal ones the first."""
    if not len(new):
        return None, None
    if apart_m is None:
        return int(new[0]), None
    metres = [apart_m(site, int(other)) for other in new]
    nearest = int(np.argmin(metres))
    return int(new[nearest]), metres[nearest]


class _Anew:
    """Solves the question anew without each site: for rules that no quick way of mending knows."""

    def __init__(self, problem: SitingProblem, plan: Whole, watch: Watch) -> None:
        self._problem, self._watch = problem, watch
        # With all of its sites locked in, and no other, the best plan is the plan itself.
        alone = replace(problem.rules, chosen=plan, most_sites=len(plan))
        itself = solve(replace(problem, rules=alone), Effort.QUICK, watch=watch)
        self.value = float("nan") if itself is None else itself.value

    def without(self, site: int) -> Mended:
        """Return the plan that a quick search, or for small questions an exact one, finds."""
        rules = without(self._problem.rules, site)
        found = solve(replace(self._problem, rules=rules), Effort.QUICK, watch=self._watch)
        if found is None:
            return Mended()
        return Mended(np.array(found.chosen, dtype=np.int64), found.value)
