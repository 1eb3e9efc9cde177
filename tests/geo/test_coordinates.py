"""Written coordinates and the systems of tables of them, recomputed with PROJ's own way."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.coordinates import WIDE_ZONES, degrees_of, recognise, settled, written
from geo.crs import DEGREES, TM3_ZONES, in_metres
from tests.toy import district

# --- one number --------------------------------------------------------------------------

SPELLINGS = {
    "10.3811": (10.3811, None),
    "10,3811": (10.3811, None),
    "１０.３８１１": (10.3811, None),
    "10.38\u200b11": (10.3811, None),
    "10.3811°": (10.3811, None),
    "10.3811 N": (10.3811, "lat"),
    "N 10.3811": (10.3811, "lat"),
    "vĩ độ: 10,3811": (10.3811, None),
    "-10.5": (-10.5, None),
    "10.5 S": (-10.5, "lat"),
    "10°22'52\"B": (10 + 22 / 60 + 52 / 3600, "lat"),
    "10°22′52,4″ N": (10 + 22 / 60 + 52.4 / 3600, "lat"),
    "10º22’52” Bắc": (10 + 22 / 60 + 52 / 3600, "lat"),
    "B10°22'52''": (10 + 22 / 60 + 52 / 3600, "lat"),
    "10 22 52.4": (10 + 22 / 60 + 52.4 / 3600, None),
    "10-22-52": (10 + 22 / 60 + 52 / 3600, None),
    "10:22:52": (10 + 22 / 60 + 52 / 3600, None),
    "10 độ 22 phút 52 giây": (10 + 22 / 60 + 52 / 3600, None),
    "10°22.5'N": (10.375, "lat"),
    "105d26m": (105 + 26 / 60, None),
    "105d26m10s": (105 + 26 / 60 + 10 / 3600, None),
    "105°26'10\"Đ": (105 + 26 / 60 + 10 / 3600, "lon"),
    "105°26'10\"\u00d0": (105 + 26 / 60 + 10 / 3600, "lon"),
    "105 26 10 D": (105 + 26 / 60 + 10 / 3600, "lon"),
    "105°26'E": (105 + 26 / 60, "lon"),
    "105.432": (105.432, None),
    "583456.78": (583456.78, None),
    "583.456,78": (583456.78, None),
    "583,456.78": (583456.78, None),
    "1 147 123,5": (1147123.5, None),
    "1.147.123": (1147123.0, None),
    "583.456": (583456.0, None),
}
NO_COORDINATES = [
    "", "abc", "21.01O", "10°61'", "10°22'61\"", "200 10 10", "10°22.5'30\"", "10,38,20", "1e400",
    "nan", "inf", "--10", "-10.5 N", "10.3811 10.39", "=A1", "1" * 100,
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_written_coordinate_is_read_in_every_usual_spelling(text):
    found = written(text)
    value, axis = SPELLINGS[text]
    assert found is not None
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.axis == axis


@pytest.mark.parametrize("text", NO_COORDINATES)
def test_what_is_no_coordinate_is_not_read_as_one(text):
    assert written(text) is None


MARKS = st.sampled_from([("°", "'", '"'), ("º", "′", "″"), ("°", "’", "”"), (" ", " ", ""),
                         ("d", "m", ""), ("-", "-", ""), ("° ", "' ", "''")])  # fmt: skip
ENDS = st.sampled_from([("", None), ("N", "lat"), (" B", "lat"), ("E", "lon"), (" Đ", "lon"),
                        ("đ", "lon"), (" Bắc", "lat"), (" Đông", "lon")])  # fmt: skip


@given(
    st.integers(0, 179), st.integers(0, 59), st.decimals(0, "59.999", places=3), MARKS, ENDS,
    st.booleans(),
)  # fmt: skip
def test_degrees_minutes_and_seconds_are_added_up(degrees, minutes, seconds, marks, end, comma):
    text = f"{degrees}{marks[0]}{minutes}{marks[1]}{seconds}{marks[2]}{end[0]}"
    found = written(text.replace(".", ",") if comma else text)
    assert found is not None
    assert found.value == pytest.approx(degrees + minutes / 60 + float(seconds) / 3600, abs=1e-9)
    assert found.axis == end[1]
    assert found.sexagesimal


@given(st.text(max_size=70))
def test_any_text_is_read_or_not_and_never_breaks(text):
    found = written(text)
    assert found is None or math.isfinite(found.value)


# --- a table of them ---------------------------------------------------------------------

SPREAD = np.array([[-0.1, -0.1], [0.1, -0.05], [0.0, 0.1], [0.12, 0.12], [-0.03, 0.02]])


def around(lon: float, lat: float) -> np.ndarray:
    return SPREAD + np.array([lon, lat])


def box(lon: float, lat: float):
    """Return a province of one commune, half a degree wide."""
    (west, south), (east, north) = (lon - 0.25, lat - 0.25), (lon + 0.25, lat + 0.25)
    ring = [(west, south), (east, south), (east, north), (west, north)]
    return district.communes({"98001": shapely.Polygon(ring)})


@pytest.mark.parametrize("meridian", TM3_ZONES)
@pytest.mark.parametrize("axes", ["xy", "yx"])
def test_every_provincial_zone_is_recognised_and_brings_the_places_back(meridian, axes):
    code = TM3_ZONES[meridian]
    places = around(meridian + 0.1, 12.0)
    metres = in_metres(places[:, 0], places[:, 1], CRS.from_epsg(code))
    x, y = metres.T if axes == "xy" else metres.T[::-1]
    first = recognise(x, y, box(meridian + 0.1, 12.0))[0]
    assert (first.crs, first.axes, first.meridian) == (f"EPSG:{code}", axes, meridian)
    assert first.inside == 1.0
    back = degrees_of(x, y, first.crs, first.axes)
    assert np.abs(back - places).max() < 1e-8  # a millimetre


@pytest.mark.parametrize("code", WIDE_ZONES)
def test_zones_of_six_degrees_are_among_the_guesses_and_their_twin_ties(code):
    """VN-2000 and WGS 84 lie 195 m apart: no province tells one from the other."""
    lon = WIDE_ZONES[code] + 1.0
    places = around(lon, 11.0)
    metres = in_metres(places[:, 0], places[:, 1], CRS.from_epsg(code))
    guesses = recognise(*metres.T, box(lon, 11.0))
    assert {f"EPSG:{code}"} < {each.crs for each in guesses}
    assert settled(guesses) is None


@pytest.mark.parametrize("axes", ["xy", "yx"])
def test_degrees_are_recognised_in_either_order(axes):
    places = around(105.4, 10.4)
    x, y = places.T if axes == "xy" else places.T[::-1]
    guesses = recognise(x, y, box(105.4, 10.4))
    assert [(each.crs, each.axes) for each in guesses] == [("EPSG:4326", axes)]
    assert settled(guesses) == guesses[0]
    assert np.array_equal(degrees_of(x, y, "EPSG:4326", axes), places)


def test_numbers_that_fit_nothing_give_no_guess():
    assert recognise([1.0, 2.0], [3.0, 4.0]) == ()
    assert recognise([], []) == ()
    assert recognise([math.nan], [10.0]) == ()
    assert settled(()) is None


def test_the_two_meridians_of_merged_an_giang_are_told_apart_by_its_communes():
    """Old An Giang used 104°45′, Kiên Giang 104°30′: 27 km apart, more than its communes are wide."""
    for meridian in (104.75, 104.5):
        places = 0.3 * around(0, 0) + np.array([105.1, 10.2])
        metres = in_metres(places[:, 0], places[:, 1], CRS.from_epsg(TM3_ZONES[meridian]))
        communes = district.communes({"98001": shapely.box(105.05, 10.15, 105.16, 10.26)})
        guesses = recognise(*metres.T, communes)
        assert guesses[0].meridian == meridian
        assert all(each.meridian not in (104.5, 104.75) for each in guesses[1:])


def test_a_zone_tied_by_a_wide_province_leaves_the_choice_to_the_owner():
    places = 0.3 * around(0, 0) + np.array([105.1, 10.2])
    metres = in_metres(places[:, 0], places[:, 1], CRS.from_epsg(9208))
    wide = district.communes({"98001": shapely.box(104.0, 9.5, 106.2, 11.0)})
    guesses = recognise(*metres.T, wide)
    assert settled(guesses) is None
    assert {9207, 9208} <= {int(each.crs[5:]) for each in guesses}


def test_the_way_to_degrees_is_that_of_the_pinned_operation():
    """Against PROJ's own seven parameters, named and not chosen by place."""
    way = Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=104.75 +k=0.9999 +x_0=500000 +y_0=0 "
        "+ellps=WGS84 +step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
        "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 "
        "+ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
        "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    x, y = np.array([560_000.0, 500_000.0]), np.array([1_150_000.0, 1_140_000.0])
    assert (
        np.abs(degrees_of(x, y, "EPSG:9208", "xy") - np.column_stack(way.transform(x, y))).max()
        < 1e-5
    )
    assert not CRS.from_epsg(9208).equals(DEGREES)
