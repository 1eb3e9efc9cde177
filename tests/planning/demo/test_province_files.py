"""The shipped demonstration province, recounted from its files without our own code."""

import csv
import hashlib
import json
import tomllib
from collections import Counter
from math import pi, sqrt
from pathlib import Path

import pytest
import shapely
from pyproj import Geod
from shapely.geometry import shape

from planning.demo.province import write_province

FOLDER = Path(__file__).parents[3] / "data" / "boundaries"


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["features"]


def shapes(name):
    return [shape(each["geometry"]) for each in features(name)]


@pytest.fixture(scope="module")
def points():
    return rows("points.csv")


@pytest.fixture(scope="module")
def direct(points):
    return [each for each in points if each["Hình thức"] == "Trực tiếp"]


def test_the_manifest_names_every_file_with_its_hash():
    manifest = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))

    named = {each["name"]: each["sha256"] for each in manifest["file"]}

    data = {each.name for each in FOLDER.iterdir()} - {"README.md", "manifest.toml"}
    assert set(named) == data
    for name, digest in named.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
    assert manifest["label"] == "Dữ liệu minh họa"


def test_writing_the_province_again_gives_the_same_files(tmp_path):
    write_province(tmp_path)

    for path in FOLDER.iterdir():
        if path.name != "README.md":
            assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_155_communes_in_11_districts_became_54():
    former, present = features("communes_2004.geojson"), features("communes_2025.geojson")

    assert (len(former), len(present)) == (155, 54)
    assert len({each["properties"]["district"] for each in former}) == 11
    kinds = Counter(each["properties"]["unit_type"] for each in former)
    assert kinds == {"xã": 110, "phường": 27, "thị trấn": 18}
    assert {each["properties"]["unit_type"] for each in present} == {"xã", "phường", "đặc khu"}


def test_exactly_three_former_communes_were_split():
    crosswalk = rows("crosswalk.csv")

    present = Counter(each["old_code"] for each in crosswalk)
    split = {code for code, count in present.items() if count > 1}
    assert len(present) == 155
    assert len({each["new_code"] for each in crosswalk}) == 54
    assert len(split) == 3
    for each in crosswalk:
        assert (each["relation"] == "partial") == (each["old_code"] in split)


@pytest.mark.parametrize("name", ["communes_2004.geojson", "communes_2025.geojson"])
def test_shared_edges_are_exact_and_leave_no_gap(name):
    areas = shapes(name)

    assert all(each.is_valid for each in areas)
    assert shapely.coverage_is_valid(areas)
    whole = shapely.union_all(areas)
    assert all(not part.interiors for part in shapely.get_parts(whole))
    assert sum(each.area for each in areas) == pytest.approx(whole.area, rel=1e-12)


def test_both_vintages_cover_the_same_ground():
    before = shapely.union_all(shapes("communes_2004.geojson"))
    after = shapely.union_all(shapes("communes_2025.geojson"))

    assert shapely.area(shapely.symmetric_difference(before, after)) < 1e-9


def test_the_sea_island_stands_alone_and_the_river_island_is_one_commune():
    present = features("communes_2025.geojson")
    areas = {each["properties"]["full_name"]: shape(each["geometry"]) for each in present}

    zone = next(name for name in areas if name.startswith("Đặc khu"))
    others = shapely.union_all([area for name, area in areas.items() if name != zone])
    assert areas[zone].distance(others) > 0.02
    assert any("Cù Lao" in name for name in areas)


def test_the_mean_service_radius_is_that_of_the_published_network(direct):
    geod = Geod(ellps="WGS84")
    km2 = (
        sum(abs(geod.geometry_area_perimeter(s)[0]) for s in shapes("communes_2025.geojson")) / 1e6
    )

    assert sqrt(km2 / (pi * len(direct))) == pytest.approx(1.15, abs=0.01)


def test_people_add_up_to_the_published_population_in_every_file():
    for name in ("population_2004.csv", "population_2025.csv", "population_grid.csv"):
        assert sum(int(each["people"]) for each in rows(name)) == 1_908_352, name


def test_people_of_each_commune_are_those_of_the_grid_cells_in_it():
    cells = rows("population_grid.csv")
    places = shapely.points(
        [float(each["lon"]) for each in cells], [float(each["lat"]) for each in cells]
    )
    for year in ("2004", "2025"):
        stated = {each["code"]: int(each["people"]) for each in rows(f"population_{year}.csv")}
        for each in features(f"communes_{year}.geojson"):
            area = shape(each["geometry"])
            shapely.prepare(area)
            inside = shapely.intersects(area, places)
            people = sum(int(c["people"]) for c, here in zip(cells, inside, strict=True) if here)
            assert people == stated[each["properties"]["code"]]


def test_people_gather_in_towns_and_not_in_the_hills():
    geod = Geod(ellps="WGS84")
    people = {each["code"]: int(each["people"]) for each in rows("population_2025.csv")}
    living, ground = Counter(), Counter()
    for each in features("communes_2025.geojson"):
        km2 = abs(geod.geometry_area_perimeter(shape(each["geometry"]))[0]) / 1e6
        living[each["properties"]["terrain"]] += people[each["properties"]["code"]]
        ground[each["properties"]["terrain"]] += km2

    per_km2 = {terrain: living[terrain] / ground[terrain] for terrain in ground}
    assert per_km2["urban"] > 1.5 * per_km2["delta"]
    assert per_km2["delta"] > per_km2["mountain"]


def test_the_most_populous_tenth_of_the_cells_holds_more_than_a_third_of_the_people():
    people = sorted((int(each["people"]) for each in rows("population_grid.csv")), reverse=True)

    assert sum(people[: len(people) // 10]) > sum(people) / 3


def test_857_direct_points_of_which_747_have_signs_and_541_online_apart(points, direct):
    assert len(direct) == 857
    assert sum(each["Biển hiệu"] == "Có" for each in direct) == 747
    online = [each for each in points if each["Hình thức"] == "Trực tuyến"]
    assert len(online) == 541
    assert len(points) == 857 + 541
    assert not any(each["Số nhân viên thu"] not in ("", "0") for each in online)


def test_every_former_commune_has_a_point_and_39_have_ten_or_more_and_one_has_29(direct):
    former = {each["properties"]["code"] for each in features("communes_2004.geojson")}
    count = Counter(each["Mã xã cũ"] for each in direct)

    assert set(count) == former
    assert sum(number >= 10 for number in count.values()) == 39
    assert max(count.values()) == 29
    assert list(count.values()).count(29) == 1


def test_947_staff_at_least_one_at_each_direct_point(direct):
    staff = [int(each["Số nhân viên thu"]) for each in direct]

    assert sum(staff) == 947
    assert min(staff) == 1


def test_at_least_17_organisations_run_the_points(direct):
    assert len({each["Tên tổ chức dịch vụ thu"] for each in direct}) >= 17


@pytest.mark.parametrize(("year", "column"), [("2004", "Mã xã cũ"), ("2025", "Mã xã")])
def test_points_lie_in_the_communes_they_name(points, year, column):
    areas = {
        each["properties"]["code"]: shape(each["geometry"])
        for each in features(f"communes_{year}.geojson")
    }
    for each in points:
        place = shapely.Point(float(each["Kinh độ"]), float(each["Vĩ độ"]))
        assert areas[each[column]].intersects(place), each["Tên điểm thu"]


def test_everything_is_labelled_as_a_demonstration(points):
    assert all("Dữ liệu minh họa" in each["Ghi chú"] for each in points)
    for name in ("communes_2004.geojson", "communes_2025.geojson"):
        assert json.loads((FOLDER / name).read_text(encoding="utf-8"))["note"] == "Dữ liệu minh họa"


def test_names_are_told_apart():
    present = [each["properties"]["full_name"] for each in features("communes_2025.geojson")]
    former = [
        (each["properties"]["district"], each["properties"]["name"])
        for each in features("communes_2004.geojson")
    ]
    assert len(set(present)) == 54
    assert len(set(former)) == 155
