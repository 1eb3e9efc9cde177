"""A published instance, or a table of distances, put to the solver."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from planning.benchmarks.measured import described, engine, timed
from planning.benchmarks.siting_cases import Case
from planning.siting.effort import Effort, Watch
from planning.siting.instances import Instance, Wanted, read_instance


@dataclass
class PublishedBench:
    """Solves the instance in a file; `optimum` is its known best value."""

    path: Path
    wanted: Wanted = field(default_factory=Wanted)
    optimum: float | None = None
    effort: Effort = Effort.NORMAL
    seed: int = 7
    result: dict[str, Any] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield what was read, then value, bound, gap and seconds, then the difference."""
        instance = read_instance(self.path, self.wanted)
        yield from _read(instance)
        solve = engine()
        solve(Case("", "", build=None).tiny(), self.effort, self.seed, Watch())
        measured = described(instance.problem)
        answer = timed(instance.problem, self.effort, self.seed, solve, measured)
        if answer is None:
            yield measured.said
            return
        yield (
            f"value {_short(answer.value)}, bound {_short(answer.bound)}, "
            f"gap {measured.gap_percent:.3f} %, {answer.stopped.value}; "
            f"{measured.cpu_s:.2f} s CPU, {measured.wall_s:.2f} s wall, {measured.peak_mb:.0f} MB"
        )
        best = instance.best if self.optimum is None else self.optimum
        if best is not None:
            off = answer.value - best
            share = f" ({100 * off / best:+.3f} %)" if best else ""
            yield f"known best {_short(best)}: difference {off:+g}{share}"
        self.result = {
            **asdict(measured), "file": instance.name, "kind": instance.kind, "known": best,
            "chosen": [instance.sites[at] if instance.sites else at + 1 for at in answer.chosen],
        }  # fmt: skip


def _read(instance: Instance) -> Iterator[str]:
    """Yield what was read from the file."""
    problem = instance.problem
    sites, places = problem.distances.shape
    rules = problem.rules
    budget = f", budget {rules.rows[0].most:,}" if rules.rows else f", {rules.most_sites:,} points"
    target = f", at least {problem.target:,} people served" if problem.target else ""
    yield (
        f"{instance.name}: {instance.kind}, {places:,} places with {int(problem.people.sum()):,} "
        f"people, {sites:,} sites; {problem.objective.value}{target or budget}"
    )
    for note in instance.notes:
        yield f"    {note.sentence(str)}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
