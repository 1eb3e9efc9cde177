"""Metric coordinates: right within 0.1 % of the geodesic, and nothing else measures."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod

from geo.crs import (
    TM3_ZONES,
    in_degrees,
    in_metres,
    metric_crs,
    require_degrees,
    require_metric,
    shapes_in_degrees,
    shapes_in_metres,
)
from geo.errors import WrongCrsError
from geo.reach import StraightLine
from geo.repair.geometry import areas_km2

WGS84 = Geod(ellps="WGS84")
# West, south, east, north of all communes, islands included.
PROVINCES = {
    "An Giang": (103.45, 9.25, 105.58, 10.97),
    "Nghệ An": (103.87, 18.55, 105.97, 20.00),
}
ONE_PER_MILLE = 0.001


@pytest.fixture(params=PROVINCES, ids=["an-giang", "nghe-an"])
def box(request):
    return PROVINCES[request.param]


def anywhere(box, count: int, rng: np.random.Generator) -> np.ndarray:
    west, south, east, north = box
    return np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])


@pytest.mark.parametrize("metres", [100.0, 500.0, 3000.0, 10_000.0, 50_000.0])
def test_distances_are_within_a_per_mille_of_the_geodesic(box, metres):
    rng = np.random.default_rng(1)
    start = anywhere(box, 400, rng)
    heading = rng.uniform(0, 360, len(start))
    lon, lat, _ = WGS84.fwd(*start.T, heading, np.full(len(start), metres))
    crs = metric_crs([box[0], box[2]])
    apart = np.hypot(*(in_metres(*start.T, crs) - in_metres(lon, lat, crs)).T)
    assert np.abs(apart / metres - 1).max() < ONE_PER_MILLE


def test_metres_do_not_jump_where_two_ways_from_wgs_84_to_vn_2000_meet():
    """PROJ changes the way at 104.24° E in the Mekong delta: 0.6 m, if it is let."""
    crs = metric_crs([103.45, 105.58])
    for lat in (9.4, 10.0, 10.9):
        west, east = in_metres([104.24 - 1e-6, 104.24 + 1e-6], [lat, lat], crs)
        assert np.hypot(*(east - west)) == pytest.approx(
            WGS84.inv(104.24 - 1e-6, lat, 104.24 + 1e-6, lat)[2], abs=0.001
        )


def test_the_corners_of_a_province_are_measured_as_well_as_its_middle(box):
    west, south, east, north = box
    crs = metric_crs([west, east])
    for lon in (west, east):
        for lat in (south, north):
            there = WGS84.fwd(lon, lat, 90, 3000)[:2]
            apart = np.hypot(*(in_metres(lon, lat, crs) - in_metres(*there, crs)).T)
            assert abs(apart[0] / 3000 - 1) < ONE_PER_MILLE


def test_areas_are_within_a_per_mille_of_the_geodesic_area_however_a_ring_is_wound(box):
    west, south, east, _ = box
    corners = [(west, south), (west + 0.1, south), (west + 0.1, south + 0.1), (west, south + 0.1)]
    # Edges between corners are straight on the map: many points keep them apart little.
    ring = shapely.segmentize(shapely.Polygon(corners), 0.001)
    truth = abs(WGS84.geometry_area_perimeter(ring)[0]) / 1e6
    crs = metric_crs([west, east])
    for shape in (ring, shapely.reverse(ring)):
        assert areas_km2(np.array([shape]), crs)[0] == pytest.approx(truth, rel=ONE_PER_MILLE)


def test_the_nearest_site_is_the_one_that_the_geodesic_says(box):
    rng = np.random.default_rng(2)
    people, sites = anywhere(box, 150, rng), anywhere(box, 40, rng)
    crs = metric_crs([box[0], box[2]])
    metres, at = StraightLine().nearest(in_metres(*people.T, crs), in_metres(*sites.T, crs))
    for (lon, lat), found, distance in zip(people, at, metres, strict=True):
        truth = WGS84.inv(np.full(40, lon), np.full(40, lat), *sites.T)[2]
        assert truth[found] <= truth.min() * (1 + ONE_PER_MILLE)
        assert distance == pytest.approx(truth[found], rel=ONE_PER_MILLE)


@pytest.mark.parametrize(
    ("lon", "zone"),
    [((103.45, 105.58), 9207), ((103.87, 105.97), 5897), ((105.0, 105.0), 5897),
     ((107.7, 107.8), 5899), ((104.2, 104.3), 9206)],
)  # fmt: skip
def test_the_zone_is_the_one_whose_meridian_is_nearest_to_the_middle(lon, zone):
    assert metric_crs(lon).to_epsg() == zone


def test_every_zone_has_the_central_meridian_it_is_listed_under():
    for meridian, code in TM3_ZONES.items():
        found = CRS.from_epsg(code).coordinate_operation.params
        assert {p.name: p.value for p in found}["Longitude of natural origin"] == meridian


def test_metres_and_back_is_the_same_place_within_a_centimetre(box):
    places = anywhere(box, 200, np.random.default_rng(3))
    crs = metric_crs([box[0], box[2]])
    back = in_degrees(in_metres(*places.T, crs), crs)
    assert WGS84.inv(*places.T, *back.T)[2].max() < 0.01


def test_shapes_go_to_metres_and_back_unchanged(box):
    shape = shapely.box(box[0], box[1], box[0] + 0.1, box[1] + 0.1)
    crs = metric_crs([box[0], box[2]])
    back = shapes_in_degrees(shapes_in_metres([shape], crs), crs)[0]
    assert back.equals_exact(shape, 1e-7)


@pytest.mark.parametrize("wrong", [CRS.from_epsg(4326), CRS.from_epsg(3857), None])
def test_degrees_web_mercator_and_nothing_at_all_do_not_measure(wrong):
    with pytest.raises(WrongCrsError, match="metric_crs"):
        require_metric(wrong)


@pytest.mark.parametrize("wrong", [4326, 3857])
def test_every_conversion_refuses_a_system_that_does_not_measure(wrong):
    crs = CRS.from_epsg(wrong)
    square = [shapely.box(105, 10, 106, 11)]
    for convert in (
        lambda: in_metres([105.0], [10.0], crs), lambda: in_degrees(np.array([[0.0, 0.0]]), crs),
        lambda: shapes_in_metres(square, crs), lambda: shapes_in_degrees(square, crs),
        lambda: areas_km2(np.array(square), crs),
    ):  # fmt: skip
        with pytest.raises(WrongCrsError):
            convert()


@pytest.mark.parametrize("wrong", [None, "EPSG:3857", "EPSG:9209"])
def test_stored_shapes_must_be_in_degrees(wrong):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=wrong)
    with pytest.raises(WrongCrsError, match="WGS 84"):
        require_degrees(frame)
