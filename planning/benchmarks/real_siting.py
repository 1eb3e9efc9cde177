"""Siting questions on real An Giang and Nghệ An with the demonstration networks."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from geo.locate import commune_of
from geo.reach import StraightLine
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from geo.tables import CrosswalkTable, DemandTable
from planning.analysis.situation import Situation, nearest_open_m, places_xy
from planning.bootstrap import open_store
from planning.model.errors import NotFoundError
from planning.services import demo, imports
from planning.settings import Settings
from planning.siting.distances import StraightDistances
from planning.siting.problem import SitingProblem
from planning.siting.rules import Row, RuleKind, Rules
from planning.store.session import Store
from planning.store.situation import load_situation

# Code, name in the files, profile of the demonstration network.
PROVINCES = (("91", "an_giang", "an-giang-2025q1"), ("40", "nghe_an", "nghe-an-2023"))
RADIUS_M = 3_000.0
_SEED = 7

Whole = NDArray[np.int64]


def prepare(data: Path, database: Path) -> None:
    """Fill a database with both provinces from the folder of the real files."""
    if not (data / "an_giang_2025.geojson").is_file():
        raise NotFoundError("The real files are not in %(folder)s; set --data.", folder=data)
    store = _opened(database)
    store.upgrade()
    origin = imports.Origin()
    for code, name, profile in PROVINCES:
        boundaries = data / f"{name}_2025.geojson"
        imports.import_boundaries(store, boundaries, Vintage(code, "2025-07-01"), origin)
        table = data / "population_an_giang_nghe_an_qa.csv"
        imports.import_population(store, table, Unusable.LEAVE_OUT, origin)
        imports.import_grid(store, data / f"worldpop2020_1km_{name}.csv", origin, code)
        imports.import_crosswalk(store, data / f"crosswalk_{name}.csv", origin)
        demo.lay(store, profile, code)
        load_situation(store, code, None)  # the demand is spread and kept
    store.close()


def real_situation(database: Path, code: str) -> Situation:
    """Return the network and people of a province."""
    store = _opened(database)
    situation = load_situation(store, code, None)
    store.close()
    return situation


def real_problem(database: Path, code: str, points: int, *, each_unit: bool) -> SitingProblem:
    """Return the question for a province: every populated cell is a candidate.

    With `each_unit`, former communes without an open direct point get at least one each:
    there are more of them than points, so those with the most unserved people do, as many as
    half of the points; the others are exempt.
    """
    situation = real_situation(database, code)
    lived_in = situation.people > 0
    site = situation.demand_xy[lived_in]
    now = nearest_open_m(situation, StraightLine())
    unserved = np.where(now > RADIUS_M, situation.people, 0)
    rows: tuple[Row, ...] = ()
    if each_unit:
        empty = _empty_units(situation, lived_in)
        missed = [int(unserved[lived_in][row.sites].sum()) for row in empty]
        most = np.argsort(-np.array(missed, dtype=np.int64), kind="stable")[: points // 2]
        rows = tuple(empty[at] for at in most)
    return SitingProblem(
        people=situation.people,
        radius_m=np.full(len(situation.people), RADIUS_M),
        now_m=now,
        distances=StraightDistances(situation.demand_xy, site),
        rules=Rules(len(site), points, rows),
    )


def _opened(database: Path) -> Store:
    return open_store(Settings.from_environment({"DIEMTHU_DATABASE": str(database)}))


def _empty_units(situation: Situation, lived_in: NDArray[np.bool_]) -> tuple[Row, ...]:
    """Return “at least one” for each former commune where people live and no point is open."""
    demand, points = situation.demand, situation.open_direct
    present = demand[DemandTable.commune_code].to_numpy(dtype=str)
    if demand[DemandTable.former_code].notna().any():
        unit = demand[DemandTable.former_code].fillna("").to_numpy(dtype=str)
    else:
        unit = _stand_ins(situation, present)
    # A point stands in the unit of the cell nearest to it.
    xy = places_xy(points, situation.crs)
    nearest = StraightLine().nearest(xy, situation.demand_xy)[1]
    inside = commune_of(points["lon"], points["lat"], situation.communes).notna().to_numpy()
    served = set(unit[nearest[inside]])
    at_site = unit[lived_in]
    return tuple(
        Row.count(RuleKind.FORMER, code, np.flatnonzero(at_site == code), least=1)
        for code in np.unique(at_site)
        if code and code not in served
    )


def _stand_ins(situation: Situation, present: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return a stand-in for the former commune of each cell, where their shapes are not known.

    The crosswalk says into how many a commune is to be parted; where is invented: a weighted
    k-means of its cells. The number of rules and their size are then those of the province.
    """
    crosswalk = situation.crosswalk
    count = {} if crosswalk is None else crosswalk[CrosswalkTable.new_code].value_counts().to_dict()
    unit = present.astype("<U16")
    with threadpool_limits(1):
        for code in np.unique(present):
            cells = np.flatnonzero((present == code) & (situation.people > 0))
            parts = min(int(count.get(code, 1)), len(cells))
            if parts > 1:
                model = KMeans(parts, n_init=1, random_state=_SEED)
                label = model.fit_predict(
                    situation.demand_xy[cells], sample_weight=situation.people[cells]
                )
                unit[cells] = [f"{code}/{each}" for each in label]
    return unit
