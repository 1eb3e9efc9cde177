"""Easy human mistakes with good files: refused with the reason, and nothing is changed."""

import pytest

from geo.errors import Refusal
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import ImportRefusedError, RequestError
from planning.services import coverage, imports, siting
from planning.services.imports import Origin
from planning.services.provinces import list_provinces
from planning.services.requests import AnalysisRequest
from tests.toy import district, files

US = Origin()


@pytest.fixture
def store(empty_store, tmp_path):
    store = empty_store
    folder = files.write(tmp_path)
    imports.import_boundaries(store, folder / "communes.geojson", Vintage("98", "2025-07-01"), US)
    imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, US)
    imports.import_points(store, folder / "points.csv", US, None)
    return store


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def points(store):
    return list_provinces(store)[0].points_direct


@pytest.mark.parametrize("good_rows", [False, True])
def test_an_empty_list_does_not_wipe_the_network(store, tmp_path, good_rows):
    empty = write(tmp_path, "empty.csv", files.points_csv())

    with pytest.raises(ImportRefusedError) as refused:
        imports.import_points(store, empty, US, None, good_rows=good_rows)
    assert [each.code for each in refused.value.findings] == ["no-rows"]
    assert points(store) == 1


def test_a_list_of_bad_rows_only_does_not_wipe_the_network_either(store, tmp_path):
    bad = write(tmp_path, "bad.csv", "Tên điểm thu,Vĩ độ,Kinh độ\nA,,\nB,x,y\n")

    with pytest.raises(Refusal):
        imports.import_points(store, bad, US, None, good_rows=True)
    assert points(store) == 1


def test_a_population_table_of_headings_only_is_refused(store, tmp_path):
    empty = write(tmp_path, "none.csv", "Mã xã,Dân số\n")

    with pytest.raises(Refusal):
        imports.import_population(store, empty, Unusable.LEAVE_OUT, US)
    assert list_provinces(store)[0].people == 1000


def neighbour(store, tmp_path):
    """Add province 97 east of the row of four, sharing its border."""
    shapes = [files.feature(f"9700{at + 1}", district.square(8 + 2 * at, 0, 2)) for at in range(4)]
    path = write(tmp_path, "east.geojson", files.collection(shapes))
    imports.import_boundaries(store, path, Vintage("97", "2025-07-01"), US)


def cells(tmp_path, name, east_km):
    lines = ["lon,lat,people"]
    for x in east_km:
        lon, lat = district.degrees([(x, 1.0)])[0]
        lines.append(f"{lon:.6f},{lat:.6f},10")
    return write(tmp_path, name, "\n".join(lines) + "\n")


def test_a_grid_that_crosses_the_border_leaves_the_neighbour_alone(store, tmp_path):
    neighbour(store, tmp_path)
    whole_east = cells(tmp_path, "east.csv", [8.5 + 0.5 * at for at in range(15)])
    imports.import_grid(store, whole_east, US, "97")
    west_and_a_bit = cells(tmp_path, "west.csv", [0.5 * at + 0.25 for at in range(18)])

    kept = imports.import_grid(store, west_and_a_bit, US, None)

    assert [each.province_code for each in kept] == ["98"]
    assert coverage.assess(store, AnalysisRequest("97")).total.people == 150


def test_communes_of_another_province_are_not_taken_over(store, tmp_path):
    bare = [
        {**each, "properties": {"code": each["properties"]["code"], "name": "Bình An"}}
        for each in files.row_of_four()
    ]
    path = write(tmp_path, "bare.geojson", files.collection(bare))

    with pytest.raises(RequestError, match="belong to province 98"):
        imports.import_boundaries(store, path, Vintage("97", "2025-07-01"), US)
    assert [each.code for each in list_provinces(store)] == ["98"]


@pytest.mark.parametrize("code", ["9", "../../x", "٩١", "", "980"])
def test_a_province_code_has_two_digits(store, tmp_path, code):
    with pytest.raises(RequestError, match="two digits"):
        imports.import_boundaries(
            store, tmp_path / "communes.geojson", Vintage(code, "2025-07-01"), US
        )


def test_a_day_that_is_none_is_refused_wherever_it_is_said(store, tmp_path):
    with pytest.raises(RequestError, match="no day"):
        Origin(as_of="last year")
    with pytest.raises(RequestError, match="no day"):
        imports.import_boundaries(store, tmp_path / "communes.geojson", Vintage("98", ""), US)


def test_demonstration_hosts_alone_mark_what_they_are_used_for(store, tmp_path):
    lon, lat = district.degrees([(5.0, 1.0)])[0]
    path = write(tmp_path, "hosts.csv", f"Tên,Vĩ độ,Kinh độ\nBưu cục,{lat},{lon}\n")

    imports.import_hosts(store, path, Origin(synthetic=True), "98", "bưu cục")

    assert coverage.assess(store, AnalysisRequest("98")).base.synthetic
    assert list_provinces(store)[0].synthetic


def test_our_own_demonstration_list_brought_back_is_still_one(store, tmp_path):
    text = files.points_csv(((3, 1), "Bưu cục Giữa", "Trực tiếp", "Hoạt động"))
    head, row = text.strip().split("\n")
    path = write(tmp_path, "back.csv", f"{head},Ghi chú\n{row},Dữ liệu minh họa\n")

    imports.import_points(store, path, US, "98")

    assert coverage.assess(store, AnalysisRequest("98")).base.synthetic


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_method_takes_is_refused(seed):
    with pytest.raises(RequestError, match="seed"):
        siting.SuggestionAsk(seed=seed)
