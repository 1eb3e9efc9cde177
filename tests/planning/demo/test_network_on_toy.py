"""The published figures, recounted from the file of a network laid on a toy delta."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
import toy_delta
from conftest import Rows, laid

from geo import tables
from geo.sources.places import read_hosts
from geo.sources.points import read_points
from planning.demo.files import write_points
from planning.demo.hosts import lay_hosts, write_hosts
from planning.demo.network import NO_CROWDING, NO_FORMER, NO_ONLINE, NO_SIGNS, Network
from planning.demo.profiles import PROFILES

AG, NA = "an-giang-2025q1", "nghe-an-2023"
Read = Callable[[Network], Rows]


@pytest.fixture(scope="module")
def network() -> Network:
    return laid(AG, toy_delta.places())


@pytest.fixture(scope="module")
def shaped() -> Network:
    return laid(AG, toy_delta.places_with_former_shapes())


@pytest.fixture
def rows(network: Network, as_rows: Read) -> Rows:
    return as_rows(network)


def direct(rows: Rows) -> Rows:
    return [row for row in rows if row["Hình thức"] == "Trực tiếp"]


def per_former(rows: Rows) -> Counter[str]:
    return Counter(row["Mã xã cũ"] for row in direct(rows))


def test_there_are_as_many_points_signs_and_staff_as_published(rows: Rows) -> None:
    kinds = Counter(row["Hình thức"] for row in rows)
    assert kinds == {"Trực tiếp": 857, "Trực tuyến": 541}
    assert Counter(row["Biển hiệu"] for row in direct(rows)) == {"Có": 747, "Chưa": 110}
    staff = [int(row["Số nhân viên thu"]) for row in direct(rows)]
    assert sum(staff) == 947
    assert min(staff) == 1


def test_every_former_commune_has_a_point_and_exactly_39_have_ten_or_more(rows: Rows) -> None:
    counts = per_former(rows)
    assert set(counts) == {old for old, _, _ in toy_delta.strips()}
    assert sum(count >= 10 for count in counts.values()) == 39
    (_, most), (_, second) = counts.most_common(2)
    assert most == 29 > second


def test_online_points_have_neither_staff_nor_sign_and_stand_in_public_places(rows: Rows) -> None:
    online = [row for row in rows if row["Hình thức"] == "Trực tuyến"]
    assert {row["Số nhân viên thu"] + row["Biển hiệu"] for row in online} == {""}
    houses = {row["Loại địa điểm"] for row in online}
    assert houses == {"trạm y tế", "nhà thuốc", "UBND xã", "văn phòng ấp/khóm"}


def test_no_two_points_share_a_spot(rows: Rows) -> None:
    assert len({(row["Vĩ độ"], row["Kinh độ"]) for row in rows}) == len(rows)


def test_every_point_lies_near_people_in_the_commune_it_names(rows: Rows) -> None:
    squares = {code: (x, y) for code, x, y in toy_delta.squares()}
    people = toy_delta.demand()
    spots = shapely.multipoints(shapely.points(people["lon"], people["lat"]))
    for row in rows:
        lon, lat = float(row["Kinh độ"]), float(row["Vĩ độ"])
        west, south = squares[row["Mã xã"]]
        assert west < lon < west + toy_delta.SIDE
        assert south < lat < south + toy_delta.SIDE
        assert shapely.distance(spots, shapely.Point(lon, lat)) * 111_320 < 150


def test_a_former_commune_lies_only_in_communes_that_took_it(rows: Rows) -> None:
    way = toy_delta.crosswalk()
    allowed = set(zip(way["old_code"], way["new_code"], strict=True))
    assert {(row["Mã xã cũ"], row["Mã xã"]) for row in rows} <= allowed


def test_the_part_of_a_former_commune_is_compact(rows: Rows) -> None:
    """Cut along one axis: along it, the parts of one present commune never interleave."""
    commune = next(code for code, _, _ in list(toy_delta.squares())[10:])
    boxes = {}
    for old in {row["Mã xã cũ"] for row in rows if row["Mã xã"] == commune}:
        spots = [
            (float(row["Kinh độ"]), float(row["Vĩ độ"]))
            for row in rows if row["Mã xã"] == commune and row["Mã xã cũ"] == old
        ]  # fmt: skip
        boxes[old] = shapely.MultiPoint(spots).convex_hull
    shapes = list(boxes.values())
    overlap = sum(
        one.intersection(other).area for at, one in enumerate(shapes) for other in shapes[:at]
    )
    assert overlap < 0.25 * toy_delta.SIDE**2


def test_points_gather_where_people_do(rows: Rows) -> None:
    people = toy_delta.demand()
    mean = people["people"].mean()
    at_points = []
    for row in direct(rows):
        away = np.hypot(people["lon"] - float(row["Kinh độ"]), people["lat"] - float(row["Vĩ độ"]))
        at_points.append(people["people"].iloc[int(away.to_numpy().argmin())])
    assert np.mean(at_points) > 1.5 * mean


def test_official_codes_have_their_form_and_are_given_once(rows: Rows) -> None:
    form = re.compile(r"^(\d{10}|\d{7})TH(\d{2})(\d{5})(\d{3})$")
    codes = [row["Mã điểm thu"] for row in rows]
    assert len(set(codes)) == len(codes)
    for row in rows:
        enterprise, province, commune, number = form.fullmatch(row["Mã điểm thu"]).groups()
        assert (enterprise, province, commune) == (row["Mã tổ chức"], "99", row["Mã xã"])
        assert number != "000"


def test_organisations_are_at_least_17_with_three_points_each(rows: Rows) -> None:
    counts = Counter(row["Tên tổ chức dịch vụ thu"] for row in direct(rows))
    assert len(counts) >= 17
    assert min(counts.values()) >= 3
    assert {"Bưu điện tỉnh", "Viettel"} <= set(counts)
    names = {(row["Mã tổ chức"], row["Tên tổ chức dịch vụ thu"]) for row in rows}
    assert len({code for code, _ in names}) == len({name for _, name in names}) == len(names)


def test_every_row_says_that_it_is_invented(rows: Rows) -> None:
    assert {row["Ghi chú"] for row in rows} == {"Dữ liệu minh họa"}
    assert {row["Trạng thái"] for row in rows} == {"Hoạt động"}


def test_signs_follow_openings_and_neither_lies_after_the_published_day(rows: Rows) -> None:
    for row in rows:
        dates = [row["Ngày bắt đầu"], row["Ngày cấp biển hiệu"], "2025-03-31"]
        assert all(one <= other for one, other in pairwise(each for each in dates if each))
        assert bool(row["Ngày cấp biển hiệu"]) == (row["Biển hiệu"] == "Có")


def test_the_organisations_table_adds_up(network: Network, rows: Rows) -> None:
    table = network.organisations
    assert table["points_direct"].sum() == 857
    assert table["points_online"].sum() == 541
    assert table["staff"].sum() == 947
    counts = Counter(row["Mã tổ chức"] for row in direct(rows))
    assert dict(zip(table["organisation_code"], table["points_direct"], strict=True)) == counts


def test_the_file_is_read_back_to_the_same_table(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    write_points(path, network.points)
    again = read_points(path, toy_delta.present())
    assert [each.code for each in again.report] == []
    pd.testing.assert_frame_equal(again.table, network.points)


def test_the_file_has_the_offices_headings_and_unix_line_ends(
    network: Network, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    write_points(path, network.points)
    body = path.read_bytes()
    assert body.startswith("STT,Tên tổ chức dịch vụ thu,Mã tổ chức,Mã điểm thu,".encode())
    assert b"\r" not in body


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_network(
    network: Network, tmp_path: Path
) -> None:
    bodies = []
    for at, each in enumerate(
        (network, laid(AG, toy_delta.places()), laid(AG, toy_delta.places(), 8))
    ):
        path = tmp_path / f"{at}.csv"
        write_points(path, each.points)
        bodies.append(path.read_bytes())
    assert bodies[0] == bodies[1] != bodies[2]


def test_with_former_shapes_every_point_lies_in_the_former_commune_it_names(
    shaped: Network, as_rows: Read
) -> None:
    rows = as_rows(shaped)
    shapes = {old: shape for old, _, shape in toy_delta.strips()}
    for row in rows:
        spot = shapely.Point(float(row["Kinh độ"]), float(row["Vĩ độ"]))
        assert shapely.contains(shapes[row["Mã xã cũ"]], spot)
    counts = per_former(rows)
    assert (len(counts), sum(count >= 10 for count in counts.values())) == (155, 39)
    assert max(counts.values()) == 29


def test_with_former_codes_but_no_shapes_points_stay_close_to_places_known_to_be_right(
    as_rows: Read,
) -> None:
    places = replace(toy_delta.places_with_former_shapes(), former=None)
    shapes = {old: shape for old, _, shape in toy_delta.strips()}
    for row in as_rows(laid(AG, places)):
        spot = shapely.Point(float(row["Kinh độ"]), float(row["Vĩ độ"]))
        assert shapely.distance(shapes[row["Mã xã cũ"]], spot) * 111_320 < 6


def test_without_former_communes_the_totals_hold_and_a_note_says_what_does_not(
    as_rows: Read,
) -> None:
    network = laid(AG, toy_delta.places(with_crosswalk=False))
    rows = as_rows(network)
    assert len(direct(rows)) == 857
    assert len({row["Mã xã"] for row in direct(rows)}) == 54
    assert {row["Mã xã cũ"] for row in rows} == {""}
    assert Counter(row["Biển hiệu"] for row in direct(rows))["Có"] == 747
    assert sum(int(row["Số nhân viên thu"]) for row in direct(rows)) == 947
    assert network.notes == [NO_FORMER]


def test_another_number_of_former_communes_is_served_but_not_crowded_as_published(
    as_rows: Read,
) -> None:
    way = toy_delta.crosswalk(split=0).iloc[5:]
    network = laid(AG, replace(toy_delta.places(), crosswalk=tables.crosswalk(way)))
    assert len(direct(as_rows(network))) == 857
    assert network.notes == [NO_CROWDING]


def test_a_commune_of_unknown_people_still_gets_its_points(as_rows: Read) -> None:
    places = toy_delta.places()
    some = places.demand[places.demand["commune_code"] != "99020"]
    network = laid(AG, replace(places, demand=tables.demand(some)))
    counts = per_former(as_rows(network))
    took = {old for old, new, _ in toy_delta.strips() if new == "99020"}
    assert took <= set(counts)
    assert len(network.notes) == 1


def test_four_communes_of_one_place_each_can_hold_the_whole_network(as_rows: Read) -> None:
    people = toy_delta.demand(2, 2).drop_duplicates("commune_code")
    places = replace(
        toy_delta.places(with_crosswalk=False), communes=toy_delta.present(2, 2),
        demand=tables.demand(people),
    )  # fmt: skip
    rows = as_rows(laid(AG, places))
    assert len(direct(rows)) == 857
    assert len({(row["Vĩ độ"], row["Kinh độ"]) for row in rows}) == len(rows)


def test_nghe_an_has_25_organisations_two_of_them_in_every_former_district(as_rows: Read) -> None:
    network = laid(NA, toy_delta.places())
    rows = as_rows(network)
    assert len(rows) == len(direct(rows)) == 1294
    assert sum(int(row["Số nhân viên thu"]) for row in rows) == 3153
    assert len({row["Tên tổ chức dịch vụ thu"] for row in rows}) == 25
    assert {row["Biển hiệu"] for row in rows} == {""}
    assert network.notes == [NO_SIGNS, NO_ONLINE]
    way = toy_delta.crosswalk()
    district = dict(zip(way["old_code"], way["old_district"], strict=True))
    everywhere = [
        name for name in {row["Tên tổ chức dịch vụ thu"] for row in rows}
        if {district[row["Mã xã cũ"]] for row in rows if row["Tên tổ chức dịch vụ thu"] == name}
        == set(district.values())
    ]  # fmt: skip
    assert sorted(everywhere) == ["Bưu điện tỉnh", "Viettel Nghệ An"]


def test_in_nghe_an_some_former_communes_have_no_point_but_every_present_one_has(
    as_rows: Read,
) -> None:
    rows = as_rows(laid(NA, toy_delta.places()))
    assert len({row["Mã xã"] for row in rows}) == 54
    assert len({row["Mã xã cũ"] for row in rows}) == 155 - 8


def test_the_profiles_are_known_by_name_and_point_to_their_province() -> None:
    assert {name: (each.province_code, each.as_of) for name, each in PROFILES.items()} == {
        AG: ("91", "2025-03-31"), NA: ("40", "2023-12-31"),
    }  # fmt: skip


def test_hosts_stand_several_to_a_commune_and_are_read_back(tmp_path: Path) -> None:
    communes, path = toy_delta.present(), tmp_path / "hosts.csv"
    hosts = lay_hosts(communes, toy_delta.demand(), np.random.default_rng(3))
    write_hosts(path, hosts)
    again = read_hosts(path, "khác")
    assert not list(again.report)
    columns = ["name", "host_type", "lon", "lat"]
    pd.testing.assert_frame_equal(again.table[columns], hosts[columns])
    body = path.read_text(encoding="utf-8")
    assert body.startswith("Mã,Tên,Loại địa điểm,Vĩ độ,Kinh độ\nDD0001,")
    for code, x, y in toy_delta.squares():
        inside = hosts["lon"].between(x, x + toy_delta.SIDE) & hosts["lat"].between(
            y, y + toy_delta.SIDE
        )
        assert inside.sum() >= 5, code
    assert not hosts.duplicated(["lon", "lat"]).any()
    assert hosts["name"].is_unique
