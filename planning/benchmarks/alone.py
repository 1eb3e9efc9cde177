"""Run one measurement in a process of its own, so that memory and warmth are its own.

`run_alone` starts `python -m planning.benchmarks.alone JOB` and returns what that prints
last: one line of JSON.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Job = dict[str, Any]


def run_alone(job: Job, seconds: float | None = None) -> dict[str, Any]:
    """Return the figures of a job; `said` says why there are none.

    A job that is not done after `seconds` is ended and marked as stopped.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "planning.benchmarks.alone", json.dumps(job)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
            timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"said": "stopped", "stopped": True, "cpu_s": seconds, "wall_s": seconds}
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        return {"said": f"failed: {reason}"}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def perform(job: Job) -> dict[str, Any]:
    """Do what a job asks for."""
    match job["kind"]:
        case "prepare":
            from planning.benchmarks.real_siting import prepare  # noqa: PLC0415 - no job pays for what another needs

            prepare(Path(job["data"]), Path(job["database"]))
            return {}
        case "import":
            from planning.benchmarks import examined  # noqa: PLC0415 - no job pays for what another needs

            return examined.perform(job)
        case "peer":
            return _peer(job)
        case _:
            return _plan(job)


def _plan(job: Job) -> dict[str, Any]:
    from planning.benchmarks.measured import measure  # noqa: PLC0415 - no job pays for what another needs
    from planning.benchmarks.siting_cases import BY_NAME, Measure  # noqa: PLC0415 - no job pays for what another needs
    from planning.benchmarks.synthetic import Size  # noqa: PLC0415 - no job pays for what another needs

    case = BY_NAME[job["case"]]
    if "size" in job:
        case = replace(case, size=Size(*job["size"]))
    database = job.get("database")
    if case.measure == Measure.WHAT_IF:
        from planning.benchmarks.what_if import measure_what_if  # noqa: PLC0415 - no job pays for what another needs

        return asdict(measure_what_if(Path(job["database"])))
    problem = case.problem(Path(database) if database else None)
    figures = asdict(measure(case, problem, job["seed"]))
    # JSON has no infinity.
    return {key: None if value in (float("inf"), -float("inf")) else value
            for key, value in figures.items()}  # fmt: skip


def _peer(job: Job) -> dict[str, Any]:
    from planning.benchmarks.measured import peak_mb  # noqa: PLC0415 - no job pays for what another needs
    from planning.benchmarks.peers import can_state, installed, solve_by_spopt  # noqa: PLC0415 - no job pays for what another needs
    from planning.benchmarks.siting_cases import BY_NAME  # noqa: PLC0415 - no job pays for what another needs

    if not installed():
        return {"said": "not installed"}
    problem = BY_NAME[job["case"]].problem(None)
    if not can_state(problem):
        return {"said": "spopt has no such model"}
    answer = asdict(solve_by_spopt(problem, job["seconds"]))
    return {**answer, "chosen": None, "peak_mb": peak_mb(), "said": ""}


if __name__ == "__main__":
    print(json.dumps(perform(json.loads(sys.argv[1]))))  # noqa: T201 - this is its answer
