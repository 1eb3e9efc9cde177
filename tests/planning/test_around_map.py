"""The small map around a place: one scale for everything on it, nothing outside it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.crs import in_metres
from planning.maps.around import drawn
from planning.store.situation import load_situation
from tests.toy import district

SIZE = (600, 400)


@pytest.fixture
def situation(store):
    return load_situation(store, district.PROVINCE, None)


def middle(situation):
    west, south, east, north = situation.communes.total_bounds
    return (west + east) / 2, (south + north) / 2


def test_the_place_is_in_the_middle_and_its_reach_has_the_scale_of_the_bar(situation):
    it = drawn(situation, middle(situation), 3000.0, None, SIZE)
    assert (it.place.x, it.place.y) == (pytest.approx(300, abs=1), pytest.approx(200, abs=1))
    assert it.reach_px / it.reach_km == pytest.approx(it.bar_px / it.bar_km, rel=0.01)
    assert it.reach_px < 200
    assert it.other is None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(east=st.floats(-0.2, 0.2), north=st.floats(-0.2, 0.2))
def test_another_place_is_drawn_at_its_own_distance_and_always_on_the_map(situation, east, north):
    lon, lat = middle(situation)
    other = (lon + east, lat + north)
    it = drawn(situation, (lon, lat), 1000.0, other, SIZE)
    xy = in_metres(np.array([lon, other[0]]), np.array([lat, other[1]]), situation.crs)
    scale = it.bar_px / (it.bar_km * 1000)
    apart = np.hypot(it.other.x - it.place.x, it.other.y - it.place.y)
    assert apart == pytest.approx(np.hypot(*(xy[1] - xy[0])) * scale, abs=1)
    assert 0 <= it.other.x <= it.width
    assert 0 <= it.other.y <= it.height


def test_points_and_communes_are_those_that_can_be_seen(situation):
    lon, lat = middle(situation)
    near = drawn(situation, (lon, lat), 50_000.0, None, SIZE)
    assert {each.name for each in near.marks} == set(situation.points["name"])
    assert {each.code for each in near.areas} == set(situation.communes["code"])
    far = drawn(situation, (lon + 3, lat), 1000.0, None, SIZE)
    assert far.marks == ()
    assert far.areas == ()
