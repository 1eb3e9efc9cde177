"""Compile the inner loops once, at set-up, so that nobody waits for it later.

`python -m planning.siting.warm` answers one tiny question of each kind; what was compiled is
kept beside the code.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.covering.frontier import frontier
from planning.siting.distances import StraightDistances
from planning.siting.effort import Effort, Watch
from planning.siting.plans.refusing import prices_of_refusing
from planning.siting.problem import SitingProblem
from planning.siting.rules import Row, RuleKind, Rules
from planning.siting.solvers import SOLVERS


def tiny() -> SitingProblem:
    """Return a question on a grid of made-up places, with a rule of every kind."""
    side = np.arange(40) * 250.0
    place = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    site = place[::37] + 40.0
    clash = csr_array((np.ones(2, dtype=np.int64), ([0, 1], [1, 0])), shape=(len(site),) * 2)
    rows = (Row.count(RuleKind.COMMUNE, "", np.arange(len(site) // 2), 1, 4),)
    people = (np.arange(len(place)) * 7919) % 13
    return SitingProblem(
        people=people, radius_m=np.full(len(place), 900.0), now_m=np.full(len(place), np.inf),
        distances=StraightDistances(place, site), rules=Rules(len(site), 6, rows, clashes=clash),
    )  # fmt: skip


def warm() -> None:
    """Answer the tiny question in every way."""
    problem = tiny()
    for objective, solver in SOLVERS.items():
        asked = replace(problem, objective=objective, target=int(problem.people.sum()) // 2)
        solver(asked, Effort.QUICK, 7, Watch())
    frontier(problem, 6, Effort.NORMAL)
    for objective in Objective:
        # What refusing a site costs is found in loops of its own.
        plain = replace(problem, objective=objective, rules=Rules(problem.rules.sites, 6))
        prices_of_refusing(plain, range(6))


if __name__ == "__main__":
    warm()
