"""One solve, measured and recounted: seconds, peak memory, value, bound, gap."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from geo.errors import Refusal
from planning.benchmarks.recount import gap_percent, served, worth
from planning.benchmarks.siting_cases import Case, Measure
from planning.model.siting import Objective
from planning.siting.effort import Effort, Watch
from planning.siting.problem import Answer, SitingProblem

Solve = Callable[[SitingProblem, Effort, int, Watch], Answer | None]
_STATUS = Path("/proc/self/status")
NOT_YET = "not measured: the engine has no such function yet"
ENGINE = ("planning.siting.solvers", "planning.siting.covering.frontier")
_EVERY = 10  # of the plans of a frontier so many are recounted
NO_PLAN = "no choice of sites obeys the rules"


@dataclass
class Measured:
    """The figures of one case; None where there is none, and `said` says why."""

    places: int = 0
    sites: int = 0
    points: int = 0
    people: int = 0
    objective: str = ""
    value: float | None = None
    bound: float | None = None
    gap_percent: float | None = None
    mean_gap_percent: float | None = None
    cpu_s: float | None = None
    wall_s: float | None = None
    peak_mb: float | None = None
    stopped: str = ""
    notes: dict[str, float] = field(default_factory=dict)
    clusters: dict[str, float | None] = field(default_factory=dict)
    only_a_number: bool = True  # clustering obeys the number of points and no other rule
    said: str = ""


def measure(case: Case, problem: SitingProblem, seed: int, solve: Solve | None = None) -> Measured:
    """Solve a case's problem with everything compiled, recount it, and return the figures."""
    result = described(problem)
    try:
        solve = solve or engine()
        if case.measure == Measure.FRONTIER:
            return _frontier(case, problem, seed, result)
        warm(case, seed, solve)
        answer = timed(problem, case.effort, seed, solve, result)
    except ModuleNotFoundError as error:
        if error.name not in ENGINE:
            raise
        result.said = f"{NOT_YET} ({error.name})"
        return result
    except Refusal as refusal:
        result.said = f"refused: {refusal}"
        return result
    covers = problem.objective == Objective.MOST_PEOPLE and not problem.fade
    if answer is not None and covers and case.measure == Measure.PLAN:
        from planning.benchmarks.clustered import shares_of_bound  # noqa: PLC0415 - not in the solver's peak

        result.clusters = shares_of_bound(problem, answer.bound, seed)
    return result


def engine() -> Solve:
    """Return the solver."""
    from planning.siting.solvers import solve  # noqa: PLC0415 - what it compiles belongs to the warming

    return solve


def warm(case: Case, seed: int, solve: Solve) -> None:
    """Solve the same question on a little land, so that nothing is compiled while measuring."""
    try:
        solve(case.tiny(), case.effort, seed, Watch())
    except Refusal:
        return  # a little land may have no room for the rules; most was compiled nevertheless


def timed(
    problem: SitingProblem, effort: Effort, seed: int, solve: Solve, result: Measured
) -> Answer | None:
    """Solve, write the figures into `result`, and recount the answer; None: no plan exists.

    Raises `ArithmeticError` when the answer does not add up: a fast wrong answer is none.
    """
    cpu, wall = time.process_time(), time.perf_counter()
    answer = solve(problem, effort, seed, Watch())
    result.cpu_s, result.wall_s = time.process_time() - cpu, time.perf_counter() - wall
    result.peak_mb = peak_mb()
    if answer is None:
        result.said = NO_PLAN
        return None
    require_right(problem, answer)
    result.value, result.bound = answer.value, answer.bound
    result.gap_percent = gap_percent(problem.objective, answer.value, answer.bound)
    result.stopped, result.notes = answer.stopped.value, answer.notes
    return answer


def require_right(problem: SitingProblem, answer: Answer) -> None:
    """Refuse an answer whose value, rules or bound are not what they are said to be."""
    recounted = worth(problem, answer.chosen)
    if abs(recounted - answer.value) > 1e-9 * abs(recounted):
        raise ArithmeticError(f"the value is {recounted}, not {answer.value}")
    if broken := problem.rules.broken(answer.chosen):
        raise ArithmeticError(f"rules are broken: {broken[:3]}")
    if problem.target and served(problem, answer.chosen) < problem.target:
        raise ArithmeticError("fewer people are served than asked for")
    over = answer.bound - answer.value
    if problem.objective != Objective.MOST_PEOPLE:
        over = -over
    if over < 0:
        raise ArithmeticError(f"the bound {answer.bound} is on the wrong side of {answer.value}")


def peak_mb() -> float:
    """Return the most memory this process has held, in MB.

    The kernel's own count where there is one: `getrusage` also counts what the process was
    copied from before it began.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def described(problem: SitingProblem) -> Measured:
    """Return the size of a problem, with no figures yet."""
    sites, places = problem.distances.shape
    return Measured(
        places, sites, problem.rules.most_sites, int(problem.people.sum()),
        problem.objective.value, only_a_number=problem.rules.only_a_number,
    )  # fmt: skip


def _frontier(case: Case, problem: SitingProblem, seed: int, result: Measured) -> Measured:
    """Measure the people and bounds of every number of points at once."""
    from planning.siting.covering.frontier import frontier  # noqa: PLC0415 - what it compiles belongs to the warming

    most = problem.rules.most_sites
    frontier(case.tiny(), 20, case.effort, seed, Watch())
    cpu, wall = time.process_time(), time.perf_counter()
    found = frontier(problem, most, case.effort, seed, Watch())
    result.cpu_s, result.wall_s = time.process_time() - cpu, time.perf_counter() - wall
    result.peak_mb = peak_mb()
    people, bound = (each[1:].tolist() for each in (found.people, found.bound))
    for number in range(0, most, _EVERY):
        answer = Answer(found.plans[number + 1], people[number], bound[number])
        require_right(replace(problem, rules=replace(problem.rules, most_sites=number + 1)), answer)
    gaps = [gap_percent(problem.objective, *each) for each in zip(people, bound, strict=True)]
    result.gap_percent, result.mean_gap_percent = max(gaps), sum(gaps) / len(gaps)
    result.value, result.bound = people[-1], bound[-1]
    return result
