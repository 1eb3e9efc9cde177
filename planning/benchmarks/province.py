"""The whole job on real provinces, import to map: seconds, memory, and ratios.

Peers run in the same process on the same input: geopandas' nearest join for coverage, the
upper bound and the clustering method for suggestions. The peer's figures must agree with
ours, or the benchmark stops: a fast wrong answer is no answer.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from geo.reach import StraightLine
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.analysis.situation import Situation, nearest_open_m, places_xy
from planning.bootstrap import open_store
from planning.model.errors import NotFoundError
from planning.model.siting import Method, SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.services import coverage, demo, exports, gaps, imports, siting
from planning.services.requests import AnalysisRequest
from planning.settings import Settings
from planning.store.session import Store
from planning.store.situation import load_situation

CASES = (("91", "an_giang", "an-giang-2025q1"), ("40", "nghe_an", "nghe-an-2023"))
ANALYSIS = ("assess", "gaps", "suggest 40 coverage")


@dataclass
class _Clock:
    """Seconds of process time per step."""

    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, name: str, step: Callable[[], Any]) -> Any:
        begun = time.process_time()
        result = step()
        self.seconds[name] = time.process_time() - begun
        return result


def measure(data: Path) -> Iterator[str]:
    """Yield the report line by line; `data` is the folder of the real files."""
    if not (data / "an_giang_2025.geojson").is_file():
        raise NotFoundError("The real files are not in %(folder)s; set --data.", folder=data)
    with tempfile.TemporaryDirectory() as folder:
        for code, name, profile in CASES:
            database = str(Path(folder) / f"{name}.db")
            store = open_store(Settings.from_environment({"DIEMTHU_DATABASE": database}))
            store.upgrade()
            yield from _case(store, data, (code, name, profile), Path(folder))
            store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"peak memory {peak:.0f} MB (aim: under 1000)"


def _case(store: Store, data: Path, case: tuple[str, str, str], folder: Path) -> Iterator[str]:
    code, name, profile = case
    clock = _Clock()
    origin = imports.Origin()
    clock.run("import boundaries", lambda: imports.import_boundaries(
        store, data / f"{name}_2025.geojson", Vintage(code, "2025-07-01"), origin))  # fmt: skip
    table = data / "population_an_giang_nghe_an_qa.csv"
    clock.run("import population", lambda: imports.import_population(
        store, table, Unusable.LEAVE_OUT, origin))  # fmt: skip
    clock.run("import grid", lambda: imports.import_grid(
        store, data / f"worldpop2020_1km_{name}.csv", origin, code))  # fmt: skip
    clock.run("import crosswalk", lambda: imports.import_crosswalk(
        store, data / f"crosswalk_{name}.csv", origin))  # fmt: skip
    clock.run("demo network", lambda: demo.lay(store, profile, code))
    request = AnalysisRequest(code, None, ServiceStandard.one_radius(3.0))
    report = clock.run("assess", lambda: coverage.assess(store, request))
    found = clock.run("gaps", lambda: gaps.find(store, request))
    plans = {
        method: clock.run(f"suggest 40 {method.value}", partial(
            siting.suggest, store, request, SuggestionAsk(40, method)))
        for method in (Method.CLUSTERS, Method.COVERAGE)
    }  # fmt: skip
    clock.run("map file", lambda: exports.export(
        store, request, "communes", "map", folder / f"{name}.html"))  # fmt: skip
    best = plans[Method.COVERAGE]
    total = sum(clock.seconds.values())
    analysis = sum(clock.seconds[step] for step in ANALYSIS)
    yield (
        f"{name}: {len(report.communes)} communes, {report.total.people} people, "
        f"{report.total.points_direct} direct points, {len(found.gaps)} gaps"
    )
    yield from (f"  {step:22s} {seconds:7.2f} s" for step, seconds in clock.seconds.items())
    yield f"  whole job {total:.2f} s of process time (aim: under 20)"
    yield f"  assess + gaps + suggest 40 {analysis:.2f} s (aim: under 5)"
    yield f"  people gained / upper bound: coverage {best.people_gained / best.upper_bound_people_gained:.4f}"
    clusters = plans[Method.CLUSTERS].people_gained / best.people_gained
    yield f"  people gained by clusters / by coverage, same candidates: {clusters:.4f}"
    yield _against_geopandas(load_situation(store, code, None), report.total.people_covered or 0)


def _against_geopandas(situation: Situation, covered: int) -> str:
    """Return how much faster the nearest distances are than geopandas' nearest join."""
    begun = time.process_time()
    ours = nearest_open_m(situation, StraightLine())
    mine = time.process_time() - begun
    begun = time.process_time()
    people = _frame(situation.demand, situation)
    points = _frame(situation.open_direct, situation)
    joined = people.sjoin_nearest(points[["geometry"]], distance_col="metres")
    theirs = joined[~joined.index.duplicated()]["metres"].to_numpy()
    peer = time.process_time() - begun
    if not np.allclose(ours, theirs, atol=1e-3):
        raise ArithmeticError("geopandas measures other distances")
    recount = int(situation.people[theirs <= 3000.0].sum())
    if recount != covered:
        raise ArithmeticError(f"geopandas counts {recount} people, not {covered}")
    return (
        f"  nearest point: {peer / mine:.1f} times as fast as geopandas sjoin_nearest, same people"
    )


def _frame(table: Any, situation: Situation) -> gpd.GeoDataFrame:
    east, north = places_xy(table, situation.crs).T
    shapes = gpd.points_from_xy(east, north, crs=situation.crs)
    return gpd.GeoDataFrame(table, geometry=shapes)
