"""The published figures, recounted from networks laid on the real boundaries.

Nothing of the real files is kept: networks go into a temporary folder only.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import Rows, laid

from geo.crs import in_metres, metric_crs
from geo.demand import spread
from geo.sources.boundaries import Vintage, read_boundaries
from geo.sources.crosswalk import read_crosswalk
from geo.sources.population import Unusable, read_population
from geo.sources.population_grid import read_grid
from planning.demo.files import write_points
from planning.demo.network import Network
from planning.demo.settlement import UNKNOWN, NetworkPlaces

pytestmark = pytest.mark.real
AG, NA = ("an_giang", "91"), ("nghe_an", "40")
TERRAINS = frozenset({"delta"})


def places_of(folder: Path, name: str, code: str) -> NetworkPlaces:
    vintage = Vintage(code, "2025-07-01", None)
    communes = read_boundaries(folder / f"{name}_2025.geojson", vintage, TERRAINS).table
    table = read_population(folder / "population_an_giang_nghe_an_qa.csv", Unusable.LEAVE_OUT).table
    known = table[table["code"].isin(communes["code"]) & table["people"].notna()]
    people = {code: int(count) for code, count in zip(known["code"], known["people"], strict=True)}
    grid = read_grid(folder / f"worldpop2020_1km_{name}.csv", tuple(communes.total_bounds))
    crosswalk, _ = read_crosswalk(folder / f"crosswalk_{name}.csv")
    return NetworkPlaces(communes, spread(communes, people, grid).demand, crosswalk, None)


class Laid:
    """A network on a real province and its file as plain rows."""

    def __init__(self, folder: Path, real: Path, profile: str, place: tuple[str, str]) -> None:
        self.name, self.real = place[0], real
        self.places = places_of(real, *place)
        self.network: Network = laid(profile, self.places)
        path = folder / f"{place[0]}.csv"
        write_points(path, self.network.points)
        with path.open(encoding="utf-8", newline="") as file:
            self.rows: Rows = list(csv.DictReader(file))
        self.direct = [row for row in self.rows if row["Hình thức"] == "Trực tiếp"]
        self.per_former = Counter(row["Mã xã cũ"] for row in self.direct)
        with (real / f"crosswalk_{place[0]}.csv").open(encoding="utf-8", newline="") as file:
            self.crosswalk = list(csv.DictReader(file))

    def share_within(self, metres: float, wanted: Callable[[str], bool]) -> float:
        """Return the share of people within `metres` of a direct point, by brute force."""
        demand = self.places.demand
        demand = demand[[wanted(code) for code in demand["commune_code"]]]
        crs = metric_crs(demand["lon"])
        homes = shapely.points(in_metres(demand["lon"], demand["lat"], crs))
        spots = in_metres(
            [float(row["Kinh độ"]) for row in self.direct],
            [float(row["Vĩ độ"]) for row in self.direct], crs,
        )  # fmt: skip
        near = shapely.STRtree(shapely.points(spots)).query(
            homes, predicate="dwithin", distance=metres
        )
        served = np.zeros(len(homes), dtype=bool)
        served[near[0]] = True
        people = demand["people"].to_numpy()
        return float(people[served].sum() / people.sum())


@pytest.fixture(scope="module")
def an_giang(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Laid:
    return Laid(tmp_path_factory.mktemp("ag"), real_data, "an-giang-2025q1", AG)


@pytest.fixture(scope="module")
def nghe_an(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Laid:
    return Laid(tmp_path_factory.mktemp("na"), real_data, "nghe-an-2023", NA)


def old_an_giang(code: str) -> bool:
    return "30280" <= code <= "30730"


def test_an_giang_has_857_direct_points_747_signs_947_staff_and_541_online(an_giang: Laid) -> None:
    assert Counter(row["Hình thức"] for row in an_giang.rows) == {
        "Trực tiếp": 857, "Trực tuyến": 541,
    }  # fmt: skip
    assert sum(row["Biển hiệu"] == "Có" for row in an_giang.rows) == 747
    assert sum(int(row["Số nhân viên thu"]) for row in an_giang.direct) == 947
    assert all(int(row["Số nhân viên thu"]) >= 1 for row in an_giang.direct)


def test_all_155_former_communes_of_an_giang_have_points_39_of_them_ten(an_giang: Laid) -> None:
    former = {row["old_code"] for row in an_giang.crosswalk if old_an_giang(row["old_code"])}
    assert len(former) == 155
    assert set(an_giang.per_former) == former
    assert sum(count >= 10 for count in an_giang.per_former.values()) == 39


def test_kien_an_has_29_points_and_no_other_as_many(an_giang: Laid) -> None:
    (first, most), (_, second) = an_giang.per_former.most_common(2)
    assert (first, most) == ("30634", 29)
    assert second < 29


def test_the_54_present_communes_of_old_an_giang_have_points_and_cho_moi_at_least_31(
    an_giang: Laid,
) -> None:
    present = Counter(row["Mã xã"] for row in an_giang.direct)
    assert len(present) == 54
    assert all(old_an_giang(code) for code in present)
    took = next(row["new_code"] for row in an_giang.crosswalk if row["old_code"] == "30634")
    assert present[took] >= 31


def test_communes_of_unknown_people_are_named_in_a_note(an_giang: Laid) -> None:
    assert an_giang.network.notes == [UNKNOWN]


def test_most_but_not_all_people_of_old_an_giang_live_within_three_kilometres(
    an_giang: Laid,
) -> None:
    assert 0.85 < an_giang.share_within(3_000, old_an_giang) < 0.98


def test_nghe_an_has_1294_points_3153_staff_and_25_organisations(nghe_an: Laid) -> None:
    assert len(nghe_an.rows) == len(nghe_an.direct) == 1294
    assert sum(int(row["Số nhân viên thu"]) for row in nghe_an.direct) == 3153
    counts = Counter(row["Mã tổ chức"] for row in nghe_an.direct)
    assert len(counts) == 25
    assert min(counts.values()) >= 3


def test_post_and_viettel_alone_are_in_every_former_district_of_nghe_an(nghe_an: Laid) -> None:
    district = {row["old_code"]: row["old_district"] for row in nghe_an.crosswalk}
    found = defaultdict(set)
    for row in nghe_an.direct:
        found[row["Tên tổ chức dịch vụ thu"]].add(district[row["Mã xã cũ"]])
    everywhere = [name for name, where in found.items() if where == set(district.values())]
    assert sorted(everywhere) == ["Bưu điện tỉnh", "Viettel Nghệ An"]


def test_every_present_commune_of_nghe_an_has_a_point_but_not_every_former_one(
    nghe_an: Laid,
) -> None:
    assert len({row["Mã xã"] for row in nghe_an.direct}) == 130
    assert 380 <= len(nghe_an.per_former) < 412


def test_a_realistic_share_of_nghe_an_lives_farther_than_three_kilometres(nghe_an: Laid) -> None:
    assert 0.75 < nghe_an.share_within(3_000, lambda _: True) < 0.93


@pytest.mark.parametrize("province", ["an_giang", "nghe_an"])
def test_every_point_lies_in_the_commune_it_names_no_two_at_one_spot(
    province: str, request: pytest.FixtureRequest
) -> None:
    network: Laid = request.getfixturevalue(province)
    whole = json.loads((network.real / f"{province}_2025.geojson").read_text(encoding="utf-8"))
    shapes = {
        each["properties"]["code"]: shapely.geometry.shape(each["geometry"])
        for each in whole["features"]
    }
    took = defaultdict(set)
    for row in network.crosswalk:
        took[row["old_code"]].add(row["new_code"])
    for row in network.rows:
        spot = shapely.Point(float(row["Kinh độ"]), float(row["Vĩ độ"]))
        assert shapely.intersects(shapes[row["Mã xã"]], spot)
        assert row["Mã xã"] in took[row["Mã xã cũ"]]
    assert len({(row["Vĩ độ"], row["Kinh độ"]) for row in network.rows}) == len(network.rows)
