"""What needs a hand in real An Giang with the demonstration network, recounted another way."""

import csv
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod
from scipy.spatial import cKDTree

from geo import tables
from geo.demand import spread
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.crosswalk import read_crosswalk
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid
from planning.analysis.attention import Given, attend, former_codes
from planning.demo.network import lay_network
from planning.demo.profiles import PROFILES
from planning.demo.settlement import NetworkPlaces
from planning.model.attention import Action, Kind

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("DIEMTHU_REAL_DATA", ROOT.parent / "shared" / "data"))
TABLE = "population_an_giang_nghe_an_qa.csv"


@pytest.fixture(scope="module")
def given():
    """Return An Giang as it would be kept: published populations, WorldPop, a laid network."""
    if not REAL.is_dir():
        pytest.skip(f"the real boundaries are not at {REAL}; set DIEMTHU_REAL_DATA")
    vintage = Vintage("91", "2025-07-01", None)
    communes = read_boundaries(REAL / "an_giang_2025.geojson", vintage, frozenset()).table
    table = read_population(REAL / TABLE, Unusable.LEAVE_OUT).table
    ours = table[table["code"].isin(communes["code"])]
    known = ours["people"].notna()
    people = {code: int(count) if there else None for code, count, there
              in zip(ours["code"], ours["people"], known, strict=True)}  # fmt: skip
    grid = read_grid(REAL / "worldpop2020_1km_an_giang.csv", tuple(communes.total_bounds))
    crosswalk, _ = read_crosswalk(REAL / "crosswalk_an_giang.csv")
    counted = {code: count for code, count in people.items() if count is not None}
    places = NetworkPlaces(communes, spread(communes, counted, grid).demand, crosswalk, None)
    laid = lay_network(PROFILES["an-giang-2025q1"], places, np.random.default_rng(7))
    return Given("91", communes, laid.points, people, {}, crosswalk, grid)


def of(given, kind):
    return [each for each in attend(given) if each.kind is kind]


def rows():
    with (REAL / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_communes_whose_published_value_cannot_be_used_are_unknown(given):
    present = set(given.communes["code"])
    unusable = {each["code"].zfill(5) for each in rows() if not each["population_suggested"]}
    found = {each.records[0].id for each in of(given, Kind.PEOPLE_UNKNOWN)}
    assert found == unusable & present
    assert len(found) == 9  # as the data's own description says


def test_estimates_of_the_grid_are_near_those_the_data_bring_along(given):
    """The table carries WorldPop's people by commune, summed by others from the raster."""
    sums = {each["code"].zfill(5): float(each["worldpop2020"]) for each in rows()}
    for item in of(given, Kind.PEOPLE_UNKNOWN):
        [way] = [each for each in item.mends if each.action is Action.TAKE_GRID]
        assert way.value == pytest.approx(sums[item.records[0].id], rel=0.1)


def test_a_network_laid_where_people_live_has_no_point_astray(given):
    kinds = {each.kind for each in attend(given)}
    assert not kinds & {Kind.OUTSIDE, Kind.NOBODY_NEAR, Kind.OTHER_COMMUNE, Kind.CODE_TWICE,
                        Kind.CODE_INVALID, Kind.CODE_ELSEWHERE}  # fmt: skip
    assert former_codes(given) == 0


def test_twins_are_those_that_geodesics_find(given):
    lon, lat = given.points["lon"].to_numpy(), given.points["lat"].to_numpy()
    ids, geod = list(given.points["point_id"]), Geod(ellps="WGS84")
    # A net of a hundredth of a degree, a kilometre, and its neighbours hold every candidate.
    near = cKDTree(np.column_stack([lon, lat])).query_pairs(0.001)
    wanted = {frozenset((ids[a], ids[b])) for a, b in near
              if geod.inv(lon[a], lat[a], lon[b], lat[b])[2] < 10}  # fmt: skip
    found = {frozenset(each.id for each in item.records) for item in of(given, Kind.SAME_POINT)}
    assert found == wanted
    assert 0 < len(found) < 20


def test_populations_far_from_the_grid_are_few_and_truly_far(given):
    found = of(given, Kind.DENSITY)
    assert 0 < len(found) <= 5
    for item in found:
        assert item.params["people"] / item.params["grid"] > 5 or (
            item.params["grid"] / item.params["people"] > 5
        )
    # Of the islands' 1,872 people WorldPop has some thirty.
    assert "Xã Tiên Hải" in {each.params["name"] for each in found}


def test_lost_noughts_are_seen_when_the_raw_values_are_taken(given):
    """Values that the data's own check mends ten- or hundredfold stand out against the grid."""
    lost = {each["code"].zfill(5): int(each["population_raw"]) for each in rows()
            if "trailing zeros" in each["suggestion_reason"]}  # fmt: skip
    ours = {each: count for each, count in lost.items() if each in given.names}
    assert len(ours) > 5
    raw = Given("91", given.communes, given.points, {**given.population, **ours}, {},
                given.crosswalk, given.grid)  # fmt: skip
    seen = {each.records[0].id for each in of(raw, Kind.DENSITY)}
    assert set(ours) <= seen


def test_points_moved_astray_are_found(given):
    moved = given.points.copy()
    moved.loc[0, ["lon", "lat"]] = [104.4, 9.3]  # the open sea
    moved.loc[1, ["lon", "lat"]] = moved.loc[2, ["lon", "lat"]].to_numpy()
    astray = Given("91", given.communes, tables.points(moved), given.population, {},
                   given.crosswalk, given.grid)  # fmt: skip
    first, second, third = (str(given.points["point_id"].iloc[at]) for at in range(3))
    [outside] = of(astray, Kind.OUTSIDE)
    assert outside.records[0].id == first
    pairs = {frozenset(each.id for each in item.records) for item in of(astray, Kind.SAME_POINT)}
    assert frozenset((second, third)) in pairs


def test_keys_of_a_whole_province_are_all_different(given):
    keys = [each.key for each in attend(given)]
    assert all(one != other for one, other in combinations(keys, 2))
