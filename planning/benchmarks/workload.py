"""Workload of real An Giang and Nghệ An beside PySAL's access, and what to add next.

Both get the same weights of the same pairs: ours as it finds them by itself from coordinates,
access as the table of pairs within reach that it asks for, made before its clock starts.
"""

import math
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reach import StraightLine
from planning.analysis.situation import Situation, places_xy
from planning.analysis.workload import catchments, floating, staff_at, workload
from planning.benchmarks.measured import peak_mb
from planning.benchmarks.real_siting import PROVINCES, prepare, real_situation
from planning.model.next_units import UnitsAsk
from planning.model.standards import ServiceStandard
from planning.model.workload import GENTLE, WorkloadAsk
from planning.siting.plans.next_units import UnitPlaces, next_units, unit_places

RADIUS_KM = 3.0
UNITS = 40
MANY = 10_000  # people for one staff member: so many that few units bring all they could
AIM_S = 0.3
Made = TypeVar("Made")


def measure(data: Path) -> Iterator[str]:
    """Yield the report line by line; `data` is the folder of the real files.

    Raises `ArithmeticError` where access says otherwise of anybody.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        prepare(data, database)
        for code, name, _ in PROVINCES:
            yield from _province(real_situation(database, code), name)
    yield f"peak {peak_mb():.0f} MB"


def _province(situation: Situation, name: str) -> Iterator[str]:
    standard, engine = ServiceStandard.one_radius(RADIUS_KM), StraightLine()
    _ = situation.demand_xy  # kept with the situation for all who ask
    took, report = _timed(lambda: workload(situation, standard, WorkloadAsk(), engine))
    sites = places_xy(situation.open_direct, situation.crs)
    staff, _ = staff_at(situation.open_direct)
    step_s, steps = _timed(
        lambda: floating(catchments(situation, standard, GENTLE, sites, engine), staff,
                         situation.people)
    )  # fmt: skip
    yield (
        f"{name}: workload of {len(report.points)} points, {report.staff} staff and "
        f"{len(situation.people)} places in {took:.3f} s of CPU (aim: under {AIM_S} s)"
    )
    if find_spec("access") is None:
        yield "  PySAL's access is not installed: nothing to hold it against"
    else:
        pairs, seconds, theirs = _by_access(situation, standard, staff)
        apart = float(np.abs(theirs - steps.access).max())
        if not math.isclose(apart, 0.0, abs_tol=1e-12):
            raise ArithmeticError(f"access differs by {apart}")
        yield (
            f"  both steps {step_s:.3f} s; access takes {seconds:.3f} s for the same {pairs} pairs, "
            f"{seconds / step_s:.0f} times as long, with the same answer everywhere"
        )
    ready_s, places = _timed(lambda: unit_places(situation, standard, GENTLE, staff, engine))
    yield f"  places for the next staff member or point made ready in {ready_s:.2f} s"
    for capacity in (max(1, round(report.wanted or 1)), MANY):
        yield _chosen(places, capacity)


def _chosen(places: UnitPlaces, capacity: int) -> str:
    """Return what the next units bring, each serving so many people, beside their bound."""
    seconds, found = _timed(lambda: next_units(places, UnitsAsk(UNITS, capacity)))
    return (
        f"  the next {UNITS} of {found.places} places, each for {capacity} people: {seconds:.2f} s; "
        f"{found.people_gained:.0f} of {found.people_beyond:.0f} people beyond capacity, "
        f"{100 * (found.share_of_bound or 0):.1f} % of the bound"
    )


def _by_access(
    situation: Situation, standard: ServiceStandard, staff: NDArray[np.float64]
) -> tuple[int, float, NDArray[np.float64]]:
    """Return how many pairs there are, the seconds access takes, and staff per person by it."""
    from access import fca, weights  # noqa: PLC0415 - a test dependency

    sites = places_xy(situation.open_direct, situation.crs)
    near = StraightLine().within(situation.demand_xy, sites, standard.largest_m).cost.tocoo()
    cost = pd.DataFrame({
        "origin": near.col, "dest": near.row,
        "cost": near.data / situation.radii_m(standard)[near.col],
    })  # fmt: skip
    demand = pd.DataFrame({"demand": situation.people}).rename_axis("geoid")
    supply = pd.DataFrame({"supply": staff}).rename_axis("geoid")
    step = weights.step_fn(dict(zip(GENTLE.ends, GENTLE.weights, strict=True)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about the peer
        seconds, found = _timed(lambda: fca.two_stage_fca(
            demand, supply, cost, max_cost=1.0, demand_index=True, supply_index=True,
            weight_fn=step,
        ))  # fmt: skip
    whole = found.reindex(np.arange(len(situation.people))).fillna(0.0)
    return len(cost), seconds, whole.to_numpy(np.float64)


def _timed(work: Callable[[], Made]) -> tuple[float, Made]:
    began = time.process_time()
    made = work()
    return time.process_time() - began, made
