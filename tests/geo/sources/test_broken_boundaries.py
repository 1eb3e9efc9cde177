"""Broken boundary files: each named after its defect, refused or reported with its place."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.crs import shapes_in_metres
from geo.errors import FileError
from geo.findings import Finding, Severity
from geo.sources.boundaries import Vintage, read_boundaries
from geo.tables import Communes
from tests.toy import district, files

VINTAGE = Vintage("98", "2025-07-01")
TERRAINS = frozenset({"urban", "delta"})
A, B = "98001", "98002"


def read(path: Path) -> tuple[Communes | None, list[Finding]]:
    file = read_boundaries(path, VINTAGE, TERRAINS)
    return file.table, list(file.report)


def saved(folder: Path, text: str | bytes, name: str = "communes.geojson") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def features(folder: Path, *listed) -> tuple[Communes | None, list[Finding]]:
    return read(saved(folder, files.collection(list(listed))))


def only(found: list[Finding], code: str) -> Finding:
    (finding,) = [each for each in found if each.code == code]
    return finding


def raw(code: str, ring: list) -> dict:
    """Return a commune whose ring is written as it is."""
    drawn = files.feature(code, district.square(0, 0, 1))
    return {**drawn, "geometry": {"type": "Polygon", "coordinates": [ring]}}


GOOD = files.feature(A, district.square(0, 0, 2))
BESIDE = files.feature(B, district.square(2, 0, 2))

# --- refused as a whole: no usable text ------------------------------------------------

WHOLE = files.collection([GOOD, BESIDE])
UNREADABLE = {
    "empty file": (b"", "is empty"),
    "no features": (files.collection([]), "contains no features"),
    "truncated": (WHOLE[:300], "not whole GeoJSON"),
    "UTF-16": (WHOLE.encode("utf-16"), "save it as UTF-8"),
    "NaN coordinate": (WHOLE.replace("105.5", "NaN", 1), "NaN is no number"),
    "a list": ("[1, 2]", "not a GeoJSON FeatureCollection"),
    "one feature": (json.dumps(GOOD), "not a GeoJSON FeatureCollection"),
    "features are no list": ('{"type":"FeatureCollection","features":{}}', "contains no features"),
    "nested a thousand deep": ("[" * 100_000, "not whole GeoJSON"),
    "crs link": (
        files.collection([GOOD], crs={"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}}),
        "export it in WGS 84",
    ),
    "crs of no number": (
        files.collection([GOOD], crs={"type": "name", "properties": {"name": "my own"}}), "my own"
    ),
    "crs that is none": (
        files.collection([GOOD], crs={"type": "name", "properties": {"name": "EPSG:999999"}}), "EPSG:999999"
    ),
    "crs is a text": (files.collection([GOOD], crs="EPSG:3857"), "export it in WGS 84"),
    "crs without properties": (
        files.collection([GOOD], crs={"type": "name", "properties": None}), "export it in WGS 84"
    ),
    "ring of one corner": (files.collection([raw(A, [[105, 10]])]), "feature 1"),
    "infinite corner": (WHOLE.replace("105.5", "1e999", 1), "too large for a number"),
    "coordinates are words": (files.collection([raw(A, [["x", "y"]] * 4)]), "feature 1"),
}  # fmt: skip


@pytest.mark.parametrize("defect", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence_with_its_name(tmp_path, defect):
    text, sentence = UNREADABLE[defect]
    with pytest.raises(FileError) as refused:
        read(saved(tmp_path, text))
    assert "communes.geojson" in str(refused.value)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_of_another_kind_is_named(tmp_path):
    with pytest.raises(FileError, match=r"no file .*nowhere\.geojson"):
        read(tmp_path / "nowhere.geojson")
    with pytest.raises(FileError, match=r"not a kind of boundary file.*\.gpkg"):
        read(saved(tmp_path, "x", "communes.docx"))
    with pytest.raises(FileError, match="GeoPackage or GeoJSON"):
        read(saved(tmp_path, "x", "communes.gpkg"))


WHOLLY_WRONG = {
    "no code column": ({**GOOD, "properties": {"name": "A"}}, "columns-needed", "it has name."),
    "no name column": ({**GOOD, "properties": {"code": A}}, "columns-needed", "it has code."),
    "another province": (files.feature("97001", district.square(0, 0, 1)), "province-empty",
                         "no usable unit of province 98"),
}  # fmt: skip


@pytest.mark.parametrize("defect", WHOLLY_WRONG)
def test_a_file_of_something_else_is_blocked_as_a_whole(tmp_path, defect):
    feature, code, words = WHOLLY_WRONG[defect]
    communes, found = features(tmp_path, feature)
    assert communes is None
    assert words in only(found, code).sentence(str)
    assert only(found, code).severity is Severity.BLOCKS


# --- refused with every problem: shapes and codes ---------------------------------------

SQUARE = [[105.0, 10.0], [105.01, 10.0], [105.01, 10.01], [105.0, 10.01], [105.0, 10.0]]
BOW_TIE = [[105.0, 10.0], [105.01, 10.01], [105.01, 10.0], [105.0, 10.01], [105.0, 10.0]]
BLOCKED = {
    "axes swapped": (raw(B, [[y, x] for x, y in SQUARE]), "out-of-country", "order of the axes"),
    "metres": (raw(B, [[x * 1e4, y * 1e5] for x, y in SQUARE]), "out-of-country", "coordinate system"),
    "another country": (raw(B, [[x - 60, y + 30] for x, y in SQUARE]), "out-of-country", "Viet Nam"),
    "bow-tie": (raw(B, BOW_TIE), "geometry-invalid", "mend it in a GIS"),
    "no area": (raw(B, [[105.0, 10.0], [105.01, 10.0], [105.02, 10.0], [105.0, 10.0]]),
                "geometry-zero-area", "on a line"),
    "no shape": ({**BESIDE, "geometry": None}, "geometry-missing", "no shape"),
    "empty shape": ({**BESIDE, "geometry": {"type": "Polygon", "coordinates": []}},
                    "geometry-missing", "no shape"),
    "a line": ({**BESIDE, "geometry": {"type": "LineString", "coordinates": SQUARE}},
               "geometry-type", "a commune is a polygon"),
    "a point": ({**BESIDE, "geometry": {"type": "Point", "coordinates": [105, 10]}},
                "geometry-type", "a commune is a polygon"),
    "code missing": ({**BESIDE, "properties": {"name": "B"}}, "code-missing", "five digits"),
    "code of letters": (files.feature("98ABC", district.square(2, 0, 2)), "code-format", "five digits"),
    "code too long": ({**BESIDE, "properties": {**BESIDE["properties"], "code": "980021"}},
                      "code-format", "five digits"),
    "code twice": (files.feature(A, district.square(2, 0, 2)), "code-twice", "given once"),
    "terrain unknown": (files.feature(B, district.square(2, 0, 2), terrain="moon"),
                        "terrain-unknown", "delta, urban"),
}  # fmt: skip


@pytest.mark.parametrize("defect", BLOCKED)
def test_a_defect_blocks_the_file_and_names_its_row(tmp_path, defect):
    feature, code, words = BLOCKED[defect]
    text = files.collection([GOOD, feature])
    communes, found = read(saved(tmp_path, text))
    assert communes is None
    blocks = [each for each in found if each.severity == Severity.BLOCKS]
    assert [each.row for each in blocks] == [2]
    assert words in blocks[0].sentence(str)
    assert code in (None, blocks[0].code)


def test_every_problem_of_a_file_is_told_at_once(tmp_path):
    listed = [feature for feature, _, _ in BLOCKED.values()]
    text = files.collection([GOOD, *listed])
    communes, found = read(saved(tmp_path, text))
    assert communes is None
    rows = {each.row for each in found if each.severity == Severity.BLOCKS}
    assert rows >= set(range(2, len(listed) + 2))


def test_a_file_of_which_every_row_is_wrong_says_why(tmp_path):
    communes, found = features(tmp_path, raw(A, BOW_TIE), {**BESIDE, "properties": {"name": "B"}})
    assert communes is None
    assert {each.code for each in found} >= {"geometry-invalid", "code-missing"}


def test_overlapping_communes_are_named_with_the_ground_they_share(tmp_path):
    communes, found = features(tmp_path, GOOD, files.feature(B, district.square(1.8, 0, 2)))
    finding = only(found, "overlap")
    assert communes is None
    # 0.2 km × 2 km.
    assert finding.params["km2"] == pytest.approx(0.4, rel=0.01)
    assert "Xã Số 1 and Xã Số 2 overlap by 0.4 km²" in finding.sentence(str)


def test_a_commune_inside_another_overlaps_it(tmp_path):
    communes, found = features(tmp_path, GOOD, files.feature(B, district.square(0.5, 0.5, 1)))
    assert communes is None
    assert only(found, "overlap").params["km2"] == pytest.approx(1.0, rel=0.01)


def test_the_same_shape_twice_is_named_with_both_rows(tmp_path):
    communes, found = features(tmp_path, GOOD, files.feature(B, district.square(0, 0, 2)))
    assert communes is None
    finding = only(found, "geometry-twice")
    assert finding.params["km2"] == pytest.approx(4.0, rel=0.01)
    assert (finding.params["row"], finding.params["other"]) == (1, 2)


# --- kept, and said ---------------------------------------------------------------------


def test_a_good_file_gives_one_row_a_commune_and_no_finding(tmp_path):
    communes, found = features(tmp_path, GOOD, BESIDE)
    assert found == []
    assert list(communes["code"]) == [A, B]
    assert list(communes["area_km2"]) == pytest.approx([4, 4], rel=1e-4)
    assert list(communes["full_name"]) == ["Xã Số 1", "Xã Số 2"]


def test_lost_zeros_of_a_code_are_put_back_and_told(tmp_path):
    listed = [{**GOOD, "properties": {"code": 4, "name": "A", "province_code": 98}}]
    communes, found = features(tmp_path, *listed)
    finding = only(found, "code-padded")
    assert list(communes["code"]) == ["00004"]
    assert (finding.row, finding.value, finding.severity) == (1, "4", Severity.CHANGED)


def test_a_small_self_crossing_is_rebuilt_and_the_change_told(tmp_path):
    """A spike of no width beside a 1.1 km square."""
    ring = [*SQUARE[:3], [105.005, 10.01], [105.005, 10.012], [105.005, 10.01], *SQUARE[3:]]
    communes, found = features(tmp_path, raw(A, ring))
    finding = only(found, "geometry-mended")
    assert communes.geometry.iloc[0].is_valid
    assert abs(finding.params["change"]) < 1
    assert finding.row == 1


def test_heights_are_dropped_and_told(tmp_path):
    high = shapely.force_3d(district.square(0, 0, 2), 7.0)
    communes, found = features(tmp_path, files.feature(A, high))
    assert only(found, "z-dropped").params == {"count": 1}
    assert not shapely.has_z(communes.geometry.iloc[0])


def test_islands_and_enclaves_stay_what_they_are(tmp_path):
    """4 km² with a hole of 1 km², and an islet of 1 km²: four in all."""
    shape = shapely.union(
        district.square(0, 0, 2).difference(district.square(0.5, 0.5, 1)), district.square(5, 0, 1)
    )
    communes, found = features(tmp_path, files.feature(A, shape))
    assert [(each.code, each.severity) for each in found] == [("gap", Severity.LOOK)]
    assert found[0].params["km2"] == pytest.approx(1, rel=1e-3)
    assert communes["area_km2"].iloc[0] == pytest.approx(4, rel=1e-4)
    assert len(shapely.get_parts(communes.geometry.iloc[0])) == 2


def test_a_stated_area_that_contradicts_the_shape_is_pointed_at(tmp_path):
    listed = [files.feature(A, district.square(0, 0, 2), area_km2=9999)]
    communes, found = features(tmp_path, *listed)
    finding = only(found, "area-contradicts")
    assert (finding.row, finding.value, finding.severity) == (1, "9999", Severity.LOOK)
    assert communes["area_km2"].iloc[0] == pytest.approx(4, rel=1e-4)


def test_communes_of_other_provinces_are_left_out_and_counted(tmp_path):
    communes, found = features(tmp_path, GOOD, files.feature("97001", district.square(5, 0, 1)))
    assert len(communes) == 1
    assert only(found, "other-province").params["count"] == 1


def test_a_commune_without_a_name_is_pointed_at(tmp_path):
    nameless = {**BESIDE, "properties": {"code": B, "name": None, "province_code": "98"}}
    _, found = features(tmp_path, GOOD, nameless)
    assert [each.row for each in found] == [2]


def test_names_are_read_in_one_spelling(tmp_path):
    """NFD letters, a non-breaking space and a zero-width space."""
    decomposed = "Xã  Hòa Bi\u0300nh\u200b"
    communes, _ = features(tmp_path, {**GOOD, "properties": {"code": A, "name": decomposed}})
    assert communes["full_name"].iloc[0] == "Xã Hòa Bình"
    assert communes["name"].iloc[0] == "Hòa Bình"


def test_a_byte_order_mark_and_names_like_na_do_no_harm(tmp_path):
    named = {**GOOD, "properties": {"code": A, "name": "NA", "full_name": "Xã NA"}}
    path = saved(tmp_path, b"\xef\xbb\xbf" + files.collection([named]).encode())
    communes, found = read(path)
    assert (communes["name"].iloc[0], found) == ("NA", [])


def test_a_geopackage_in_vn_2000_is_brought_to_degrees(tmp_path):
    shapes = shapes_in_metres([district.square(0, 0, 2)], district.ZONE)
    frame = gpd.GeoDataFrame({"code": [A], "name": ["Xã A"]}, geometry=list(shapes), crs=9209)
    frame.to_file(tmp_path / "communes.gpkg")
    communes, found = read(tmp_path / "communes.gpkg")
    assert found == []
    assert communes.geometry.iloc[0].equals_exact(district.square(0, 0, 2), 1e-6)


def test_lost_corners_of_metres_labelled_as_degrees_are_found(tmp_path):
    """A GeoPackage that says UTM but holds degrees is asked about."""
    frame = gpd.GeoDataFrame(
        {"code": [A], "name": ["Xã A"]}, geometry=[district.square(0, 0, 2)], crs="EPSG:32648"
    )
    frame.to_file(tmp_path / "communes.gpkg")
    communes, found = read(tmp_path / "communes.gpkg")
    finding = only(found, "crs-contradicts")
    assert (finding.severity, finding.params["crs"]) == (Severity.ASK, "EPSG:4326")
    assert communes.geometry.iloc[0].equals_exact(district.square(0, 0, 2), 1e-6)
