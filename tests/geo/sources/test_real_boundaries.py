"""The public boundaries of An Giang and Nghệ An, odd as they are, pass with what is odd told.

Nothing of the files is kept; the tests skip where they are absent.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod

from geo.coordinates import recognise, settled
from geo.crs import TM3_ZONES, in_metres, shapes_in_metres
from geo.findings import Severity
from geo.recognition import Choices
from geo.sources.boundaries import BoundaryFile, Vintage, read_boundaries

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("DIEMTHU_REAL_DATA", ROOT.parent / "shared" / "data"))
PROVINCES = {"an_giang": ("91", 102), "nghe_an": ("40", 130)}
WGS84 = Geod(ellps="WGS84")


@pytest.fixture(scope="module", params=PROVINCES)
def province(request) -> tuple[str, BoundaryFile]:
    path = DATA / f"{request.param}_2025.geojson"
    if not path.is_file():
        pytest.skip(f"no real boundaries at {path}")
    code, _ = PROVINCES[request.param]
    return request.param, read_boundaries(path, Vintage(code, "2025-07-01"), frozenset())


def written(name: str) -> list:
    found = json.loads((DATA / f"{name}_2025.geojson").read_text(encoding="utf-8"))
    return [shapely.geometry.shape(each["geometry"]) for each in found["features"]]


def test_every_commune_comes_in_and_nothing_blocks_or_is_asked(province):
    name, file = province
    assert file.table is not None
    assert len(file.table) == PROVINCES[name][1]
    assert file.report.asked == ()
    assert {each.severity for each in file.report} <= {Severity.CHANGED, Severity.LOOK}


def test_borders_drawn_twice_are_made_one_and_areas_stay(province):
    """The published overlaps are below 0.001 km², so no area may change by more."""
    name, file = province
    before = written(name)
    assert not shapely.coverage_is_valid(before)
    assert shapely.coverage_is_valid(file.table.geometry.to_numpy())
    assert [each.code for each in file.report if each.severity is Severity.CHANGED] == [
        "borders-mended"
    ]
    for drawn, kept in zip(before, file.table.geometry, strict=True):
        change = abs(
            abs(WGS84.geometry_area_perimeter(drawn)[0])
            - abs(WGS84.geometry_area_perimeter(kept)[0])
        )
        # A new corner on a border of ten kilometres moves its chord by some decimetres.
        assert change < 3000


def test_what_is_odd_is_pointed_at(province):
    name, file = province
    codes = {each.code for each in file.report}
    assert "area-contradicts" in codes
    assert "gap" not in codes
    if name == "an_giang":
        rows = {each.code: each for each in file.report}
        assert rows["area-contradicts"].params["name"] == "Xã Bình Sơn"
        assert "Đặc khu Phú Quốc" in rows["apart"].params["names"]
        assert rows["far-away"].params["name"] == "Đặc khu Thổ Châu"


@pytest.mark.parametrize("meridian", [104.75, 104.5])
def test_files_of_old_an_giang_and_of_kien_giang_find_their_own_meridian(meridian):
    """The merged province holds files of both; its communes tell which fits."""
    path = DATA / "an_giang_2025.geojson"
    if not path.is_file():
        pytest.skip(f"no real boundaries at {path}")
    communes = read_boundaries(path, Vintage("91", "2025-07-01"), frozenset()).table
    places = np.array([each.representative_point().coords[0] for each in communes.geometry])
    metres = in_metres(*places.T, CRS.from_epsg(TM3_ZONES[meridian]))
    guesses = recognise(metres[:, 1], metres[:, 0], communes)
    assert (guesses[0].meridian, guesses[0].axes) == (meridian, "yx")
    assert guesses[0].inside == 1.0
    assert settled(guesses) in (None, guesses[0])


def test_a_province_in_metres_without_a_system_is_recognised_before_it_is_known(tmp_path):
    """Without any commune in the data base, the zones in use at the place are named."""
    path = DATA / "nghe_an_2025.geojson"
    if not path.is_file():
        pytest.skip(f"no real boundaries at {path}")
    found = json.loads(path.read_text(encoding="utf-8"))
    moved = shapes_in_metres(written("nghe_an"), CRS.from_epsg(9208))
    for feature, shape in zip(found["features"], moved, strict=True):
        feature["geometry"] = json.loads(shapely.to_geojson(shape))
    metres = tmp_path / "metres.geojson"
    metres.write_text(json.dumps(found), encoding="utf-8")
    file = read_boundaries(metres, Vintage("40", "2025-07-01"), frozenset())
    assert "EPSG:9208" in {each.crs for each in file.recognised.guesses}
    chosen = read_boundaries(
        metres, Vintage("40", "2025-07-01"), frozenset(), Choices(crs="EPSG:9208")
    )
    assert len(chosen.table) == 130
    assert chosen.report.asked == ()
