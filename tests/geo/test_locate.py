"""Every place belongs to one commune: on a shared border, to the one with the lowest code."""

import numpy as np
import pytest
import shapely

from geo.locate import commune_of
from tests.toy import district

STEP = 1 / 64  # exact in binary, so that lattice points lie exactly on the borders
WEST, SOUTH = 105.0, 10.0


@pytest.fixture(scope="module")
def nine():
    """Return nine communes, 3 × 3, each 8 lattice steps wide, coded row by row from below."""
    squares = {}
    for row in range(3):
        for column in range(3):
            west, south = WEST + 8 * column * STEP, SOUTH + 8 * row * STEP
            squares[f"9800{3 * row + column + 1}"] = shapely.box(
                west, south, west + 8 * STEP, south + 8 * STEP
            )
    return district.communes(squares)


def lattice() -> list[tuple[int, int]]:
    return [(x, y) for x in range(25) for y in range(25)]


def lowest(x: int, y: int) -> str:
    """Return the lowest code whose square holds lattice point (x, y), by whole numbers."""
    return min(
        f"9800{3 * row + column + 1}"
        for row in range(3)
        for column in range(3)
        if 8 * column <= x <= 8 * column + 8 and 8 * row <= y <= 8 * row + 8
    )


def located(communes, points: list[tuple[int, int]]) -> list[str]:
    lon = np.array([WEST + x * STEP for x, _ in points])
    lat = np.array([SOUTH + y * STEP for _, y in points])
    return list(commune_of(lon, lat, communes))


def test_a_lattice_on_borders_and_corners_is_counted_once_and_the_lowest_code_owns(nine):
    points = lattice()
    assert located(nine, points) == [lowest(x, y) for x, y in points]


def test_the_order_of_the_communes_does_not_matter(nine):
    points = lattice()
    for seed in range(3):
        shuffled = nine.sample(frac=1, random_state=seed)
        assert located(shuffled, points) == [lowest(x, y) for x, y in points]


def test_a_place_outside_every_commune_belongs_to_none(nine):
    found = commune_of([WEST - STEP, WEST + STEP], [SOUTH, SOUTH + STEP], nine)
    assert found.isna().tolist() == [True, False]


def test_a_place_in_a_hole_belongs_to_none_and_on_an_islet_to_its_commune():
    ring = shapely.box(105, 10, 105.5, 10.5).difference(shapely.box(105.1, 10.1, 105.2, 10.2))
    two_parts = shapely.MultiPolygon([ring, shapely.box(106, 10, 106.1, 10.1)])
    one = district.communes({"98001": two_parts})
    found = commune_of([105.15, 105.3, 106.05], [10.15, 10.3, 10.05], one)
    assert found.isna().tolist() == [True, False, False]


def test_no_places_have_no_communes(nine):
    assert len(commune_of([], [], nine)) == 0
