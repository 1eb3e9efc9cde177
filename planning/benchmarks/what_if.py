"""What-if on a real network: one point added, closed, moved; each recounted in full."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import tables
from geo.locate import commune_of
from geo.reach import StraightLine
from geo.tables import PointTable
from planning.analysis.coverage import assess_coverage
from planning.analysis.situation import Situation
from planning.benchmarks.measured import Measured, peak_mb
from planning.benchmarks.real_siting import RADIUS_M, real_situation
from planning.model.standards import ServiceStandard
from planning.siting.plans.what_if import WhatIf, WhatIfFigures

Real = NDArray[np.float64]
_TRIES = 30
_STANDARD = ServiceStandard.one_radius(RADIUS_M / 1000)


def measure_what_if(database: Path, code: str = "40") -> Measured:
    """Return the CPU seconds of the slowest of the three kinds, each the median of many tries.

    The first of each kind is recounted. Raises `ArithmeticError` when it does not add up.
    """
    at = real_situation(database, code)
    what_if = WhatIf(at, _STANDARD, StraightLine())
    lonlat = at.demand[["lon", "lat"]].to_numpy()
    new = lonlat[np.linspace(0, len(lonlat) - 1, _TRIES).astype(int)]
    ids = at.open_direct[PointTable.point_id].to_numpy(dtype=object)
    old = ids[np.linspace(0, len(ids) - 1, _TRIES).astype(int)].tolist()
    cpu, wall = {}, {}
    for name, opened, closed in (("added", 1, 0), ("closed", 0, 1), ("moved", 1, 1)):
        asks = [(new[row : row + opened], old[row : row + closed]) for row in range(_TRIES)]
        _require_right(at, what_if.figures(*asks[0]), *asks[0])
        seconds = np.median([_timed(what_if, *ask) for ask in asks], axis=0)
        cpu[name], wall[name] = seconds.tolist()
    return Measured(
        len(at.people), len(ids), 1, int(at.people.sum()), "what-if",
        cpu_s=max(cpu.values()), wall_s=max(wall.values()), peak_mb=peak_mb(),
        notes={f"{name}_cpu_s": value for name, value in cpu.items()},
    )  # fmt: skip


def _require_right(at: Situation, found: WhatIfFigures, new: Real, closed: list[str]) -> None:
    """Refuse figures that are not those of a full count of the changed network."""
    kept = at.points[~at.points[PointTable.point_id].isin(closed)]
    added = at.open_direct.iloc[: len(new)].assign(
        point_id=[f"new {row}" for row in range(len(new))],
        lon=new[:, 0], lat=new[:, 1],
        commune_code=commune_of(new[:, 0], new[:, 1], at.communes).to_numpy(dtype=object),
    )  # fmt: skip
    points = tables.points(pd.concat([kept, added], ignore_index=True))
    full = assess_coverage(replace(at, points=points), _STANDARD, StraightLine())
    for what, one, other in (
        ("people served", found.people_served, full.total.people_covered),
        ("distances", found.distance, full.total.distance),
        ("communes with a point", found.communes_with_point, full.communes_with_point),
        ("points", found.points, full.total.points_direct),
    ):
        if one != other:
            raise ArithmeticError(f"{what}: {one}, in a full count {other}")


def _timed(what_if: WhatIf, opened: Real, closed: list[str]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    what_if.figures(opened, closed)
    return time.process_time() - cpu, time.perf_counter() - wall
