"""The siting engine against its aims, against spopt and against clustering, case by case."""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planning.benchmarks.alone import Job, run_alone
from planning.benchmarks.siting_cases import (
    BY_NAME,
    CASES,
    GROWTH_PLACES,
    GROWTH_SITES,
    Case,
    Measure,
)
from planning.model.errors import RequestError
from planning.model.siting import Objective

Figures = dict[str, Any]
Runner = Callable[[Job, float | None], Figures]

NO_FILES = "not measured: the real files are not in {folder}; set --data"
# Building spopt's model is not under its solver's clock: the whole is ended after so many times it.
_PATIENCE = 4.0
_COLUMNS = ("case", "size", "people", "value", "bound", "gap %", "CPU s", "wall s", "MB", "× spopt")
_WIDTHS = (19, 28, 10, 14, 14, 8, 8, 8, 6, 9)


@dataclass(frozen=True)
class Asked:
    """Which cases to measure, where the real files are, how long spopt may take."""

    names: tuple[str, ...] = ()
    quick: bool = False
    data: Path = Path("../shared/data")
    peer_seconds: float = 300.0
    seed: int = 7

    def cases(self) -> tuple[Case, ...]:
        """Return the cases asked for, in the order of the table."""
        for name in self.names:
            if name not in BY_NAME:
                raise RequestError(
                    "There is no case “%(case)s”; “diemthu bench siting --list” names them.",
                    case=name,
                )
        if self.names:
            return tuple(each for each in CASES if each.name in self.names)
        return tuple(each for each in CASES if each.quick or not self.quick)


@dataclass
class SitingBench:
    """Measures case after case, each in a process of its own; `results` are kept for JSON."""

    asked: Asked
    run: Runner = run_alone
    results: list[Figures] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the report line by line, as soon as each is known."""
        cases = self.asked.cases()
        yield _row(_COLUMNS)
        with tempfile.TemporaryDirectory() as folder:
            database = self._database(cases, Path(folder))
            for case in cases:
                if case.measure == Measure.GROWTH:
                    yield from self._growth(case)
                else:
                    yield from self._case(case, database)

    def as_dict(self) -> Figures:
        """Return all figures and the machine they are of."""
        machine = {"cores": os.cpu_count(), "python": platform.python_version(),
                   "processor": platform.machine()}  # fmt: skip
        return {"machine": machine, "seed": self.asked.seed, "cases": self.results}

    def _database(self, cases: Sequence[Case], folder: Path) -> str | Figures | None:
        """Return the database of the real files, or why there is none."""
        if not any(each.real for each in cases):
            return None
        if not (self.asked.data / "an_giang_2025.geojson").is_file():
            return {"said": NO_FILES.format(folder=self.asked.data)}
        path = str(folder / "real.db")
        data = str(self.asked.data.resolve())
        failed = self.run({"kind": "prepare", "data": data, "database": path}, None)
        return failed if failed.get("said") else path

    def _case(self, case: Case, database: str | Figures | None) -> Iterator[str]:
        result: Figures = {"case": case.name, "title": case.title, "effort": case.effort.value}
        job: Job = {"kind": "plan", "case": case.name, "seed": self.asked.seed}
        if case.real is None:
            result |= self.run(job, None)
        elif isinstance(database, str):
            result |= self.run({**job, "database": database}, None)
        else:
            result |= database or {}
        if case.peer and not result.get("said"):
            seconds = self.asked.peer_seconds
            limited = {"kind": "peer", "case": case.name, "seconds": seconds}
            result["peer"] = self.run(limited, seconds * _PATIENCE)
            result["ratio"] = ratio(result, result["peer"])
        result["checks"] = [list(each) for each in checks(case, result)]
        self.results.append(result)
        yield from _described(case, result)

    def _growth(self, case: Case) -> Iterator[str]:
        """Measure a row of sizes each way and fit the power of the size that seconds grow with."""
        result: Figures = {"case": case.name, "title": case.title, "said": ""}
        for what, sizes in (("places", GROWTH_PLACES), ("sites", GROWTH_SITES)):
            seconds: list[float] = []
            for size in sizes:
                job = {"kind": "plan", "case": case.name, "seed": self.asked.seed,
                       "size": [size.places, size.sites]}  # fmt: skip
                found = self.run(job, None)
                if found.get("said"):
                    result["said"] = found["said"]
                    break
                seconds.append(found["cpu_s"])
            counts = [getattr(each, what) for each in sizes][: len(seconds)]
            result[what] = {"counts": counts, "cpu_s": seconds,
                            "power": power(counts, seconds)}  # fmt: skip
        self.results.append(result)
        yield from _grown(result)


def ratio(own: Figures, peer: Figures) -> float | None:
    """Return how many times our CPU time the peer's is; at least that where it was stopped."""
    if not peer.get("cpu_s") or not own.get("cpu_s"):
        return None
    return float(peer["cpu_s"] / own["cpu_s"])


def power(counts: Sequence[float], seconds: Sequence[float]) -> float | None:
    """Return the slope of log seconds over log counts: seconds ~ count ** power."""
    if len(counts) < 2 or min(seconds) <= 0:
        return None
    return float(np.polyfit(np.log(counts), np.log(seconds), 1)[0])


def checks(case: Case, result: Figures) -> list[tuple[str, bool]]:
    """Return each aim in words and whether it is met; a figure that is missing meets nothing."""
    aim, found = case.aim, []
    worst = "worst gap" if case.measure == Measure.FRONTIER else "gap"
    peak = result.get("peak_mb")
    limits = (
        (f"{worst} ≤ {aim.gap_percent} %", aim.gap_percent, result.get("gap_percent")),
        (f"mean gap ≤ {aim.mean_gap_percent} %", aim.mean_gap_percent,
         result.get("mean_gap_percent")),
        (f"CPU ≤ {aim.cpu_s} s", aim.cpu_s, result.get("cpu_s")),
        (f"memory ≤ {aim.peak_gb} GB", aim.peak_gb, None if peak is None else peak / 1000),
    )  # fmt: skip
    found = [
        (text, value is not None and value <= limit)
        for text, limit, value in limits
        if limit is not None
    ]
    if aim.ratio is not None:
        found.append((f"≥ {aim.ratio:g} × spopt", (result.get("ratio") or 0.0) >= aim.ratio))
    peer = result.get("peer", {}).get("value")
    if peer is not None and result.get("value") is not None:
        more = result["objective"] == Objective.MOST_PEOPLE.value
        not_below = result["value"] >= peer if more else result["value"] <= peer * (1 + 1e-9)
        found.append(("objective no worse than spopt's", not_below))
    return found


def _described(case: Case, result: Figures) -> Iterator[str]:
    """Yield the row of a case and, below it, its aims and what else was measured."""
    peer = result.get("peer", {})
    sign = "≥ " if peer.get("stopped") else ""
    times = result.get("ratio")
    size = f"{_n(result.get('places'))} × {_n(result.get('sites'))}, {_n(result.get('points'))}"
    yield _row((
        case.name, size if result.get("places") else "", _n(result.get("people")),
        _n(result.get("value")), _n(result.get("bound")), _n(result.get("gap_percent"), 3),
        _n(result.get("cpu_s"), 2), _n(result.get("wall_s"), 2), _n(result.get("peak_mb")),
        sign + _n(times) if times else "",
    ))  # fmt: skip
    yield f"    {case.title}"
    if result.get("said"):
        yield f"    {result['said']}"
    if (mean := result.get("mean_gap_percent")) is not None:
        yield f"    gap: worst {result['gap_percent']:.3f} %, mean {mean:.3f} %"
    if peer:
        yield f"    spopt: {_peer_words(peer)}"
    if result.get("clusters"):
        shares = ", ".join(
            f"{name} {'too large' if share is None else f'{share:.1f} %'}"
            for name, share in result["clusters"].items()
        )
        free = "" if result.get("only_a_number", True) else " (free of the rules)"
        yield f"    clustering{free}, of the gain that the bound allows: {shares}"
    for text, met in result["checks"]:
        yield f"    {'met   ' if met else 'MISSED'} {text}"


def _peer_words(peer: Figures) -> str:
    if peer.get("value") is None:
        return str(peer.get("said"))
    stopped = ", stopped by the clock" if peer["stopped"] else ""
    return (
        f"{_n(peer['value'])} in {peer['cpu_s']:.1f} s CPU, {peer['wall_s']:.1f} s wall, "
        f"{peer['peak_mb']:.0f} MB{stopped}"
    )


def _grown(result: Figures) -> Iterator[str]:
    yield f"growth: {result['title']}"
    if result["said"]:
        yield f"    {result['said']}"
    for what, aim in (("places", "below 1"), ("sites", "about 1")):
        row = result[what]
        pairs = zip(row["counts"], row["cpu_s"], strict=True)
        measured = ", ".join(f"{_n(count)}: {seconds:.2f} s" for count, seconds in pairs)
        if row["power"] is not None:
            yield f"    in {what}: n^{row['power']:.2f} (aim: {aim}); {measured}"


def _row(cells: Sequence[str]) -> str:
    first, second, *others = zip(cells, _WIDTHS, strict=True)
    left = [f"{text:<{width}}" for text, width in (first, second)]
    return " ".join(left + [f"{text:>{width}}" for text, width in others]).rstrip()


def _n(value: float | None, digits: int = 0) -> str:
    """Return a number with thousands set apart, empty where there is none."""
    return "" if value is None else f"{value:,.{digits}f}"
