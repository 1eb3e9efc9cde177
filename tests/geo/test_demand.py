"""Spreading people over places: to the person, in pieces of at most 500 m."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo import tables
from geo.demand import spread, touching
from geo.shares import largest_remainder
from tests.toy import district

WGS84 = Geod(ellps="WGS84")
QUICK = settings(max_examples=25, deadline=None)
CELL = 1 / 120  # degrees: the 30 arc seconds of a 1 km population grid


def grid(*cells: tuple[float, float, float], width: float = CELL) -> tables.Grid:
    """Return a grid of (lon, lat, people)."""
    frame = pd.DataFrame(cells, columns=["lon", "lat", "people"], dtype=float)
    return tables.grid(frame.assign(width_deg=width, height_deg=CELL))


def middle(code: str) -> tuple[float, float]:
    return tuple(district.degrees([district.MIDDLES[district.CODES.index(code)]])[0])


def sums(demand: tables.Demand) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, people in zip(demand["commune_code"], demand["people"], strict=True):
        found[code] = found.get(code, 0) + people
    return found


EVERYWHERE = [(*middle(code), 7.3) for code in district.CODES]


def test_every_commune_total_is_met_to_the_person():
    people = {"98001": 101, "98002": 7, "98003": 1, "98004": 99_999}
    found = spread(district.communes(), people, grid(*EVERYWHERE))
    assert sums(found.demand) == people
    assert found.lattice_communes == ()


@pytest.mark.parametrize(
    ("south", "north", "width"),
    [(9.0, 11.0, 0.00911), (18.5, 20.0, CELL), (9.0, 9.0, 1e-3), (8.6, 23.3, 0.0182)],
)
def test_no_piece_of_a_cell_is_longer_than_500_m_at_any_latitude(south, north, width):
    """Cells of one size far apart in latitude: the southern ones are the widest."""
    whose = district.communes({"98001": shapely.box(104, 8, 106, 23.9)})
    cells = grid((105.0, south, 1000), (105.0, north, 1000), width=width)
    places = spread(whose, None, cells).demand
    # A cell's pieces are equal: as many columns as distinct longitudes, rows as latitudes.
    columns = places["lon"].nunique()
    rows = len(places) // columns // (1 if south == north else 2)
    if south == north:
        rows //= 2
    rows = max(rows, 1)
    across = WGS84.inv(105.0, south, 105.0 + width, south)[2] / columns
    assert across <= 500
    for lat in (south, north):
        down = WGS84.inv(105.0, lat - CELL / 2, 105.0, lat + CELL / 2)[2]
        assert down / rows <= 500


def test_a_cell_on_a_border_gives_each_commune_the_pieces_whose_middle_lies_in_it():
    """A cell of 0.91 km stands across the border at x = 2 km, its middle at 2.1 km.

    It is cut into two columns whose middles lie a quarter of the cell, 0.23 km, left and
    right of its own: at 1.87 km in 98001 and at 2.33 km in 98002.
    """
    lon, lat = district.degrees([(2.1, 1.0)])[0]
    found = spread(district.communes(), {"98001": 10, "98002": 30}, grid((lon, lat, 500)))
    west = found.demand[found.demand["commune_code"] == "98001"]
    east = found.demand[found.demand["commune_code"] == "98002"]
    assert sums(found.demand) == {"98001": 10, "98002": 30}
    assert (west["lon"] < lon).all()
    assert (east["lon"] > lon).all()


def test_people_follow_the_cells_in_proportion():
    (lon, lat), other = middle("98001"), district.degrees([(0.5, 1.0)])[0]
    cells = grid((lon, lat, 300), (*other, 100), width=1e-3)
    places = spread(district.communes(), {"98001": 4000}, cells).demand
    near = places[(places["lon"] - lon).abs() < 1e-3]
    assert (near["people"].sum(), places["people"].sum()) == (3000, 4000)


def test_an_island_without_cells_gets_its_people_on_a_lattice_inside_it():
    islet = district.square(30, 0, 2)
    whose = district.communes({"98001": district.square(0, 0, 2), "98009": islet})
    found = spread(whose, {"98001": 50, "98009": 160}, grid((*middle("98001"), 9)))
    there = found.demand[found.demand["commune_code"] == "98009"]
    assert found.lattice_communes == ("98009",)
    assert there["people"].sum() == 160
    # 2 km at 500 m: four rows of four, ten people each.
    assert len(there) == 16
    assert set(there["people"]) == {10}
    assert shapely.contains_xy(islet, there["lon"], there["lat"]).all()


def test_without_a_grid_every_commune_is_a_lattice():
    people = dict(zip(district.CODES, district.PEOPLE, strict=True))
    found = spread(district.communes(), people, None)
    assert sums(found.demand) == people
    assert found.lattice_communes == district.CODES
    assert found.people_outside == 0


def test_a_commune_smaller_than_the_lattice_still_has_a_place_inside_it():
    speck = district.square(0, 0, 0.05)
    found = spread(district.communes({"98001": speck}), {"98001": 12}, None)
    assert len(found.demand) == 1
    assert speck.contains(shapely.Point(*found.demand[["lon", "lat"]].iloc[0]))


def test_without_a_table_the_cells_are_the_people_and_those_in_no_commune_are_counted():
    outside = district.degrees([(30.0, 1.0)])[0]
    cells = grid((*middle("98001"), 120.2), (*middle("98003"), 79.9), (*outside, 55.4))
    found = spread(district.communes(), None, cells)
    assert sums(found.demand) == {"98001": 120, "98003": 80}
    assert found.people_outside == 55


def test_a_commune_with_unknown_people_gets_none_though_cells_lie_in_it():
    found = spread(district.communes(), {"98001": 100}, grid(*EVERYWHERE))
    assert sums(found.demand) == {"98001": 100}


def test_a_commune_where_nobody_lives_gets_no_place():
    found = spread(district.communes(), {"98001": 0, "98002": 5}, grid(*EVERYWHERE))
    assert sums(found.demand) == {"98002": 5}


def test_places_know_the_former_commune_they_lie_in():
    former = district.communes(
        {"90001": district.square(0, 0, 4, 2), "90002": district.square(4, 0, 2)}
    )
    people = dict(zip(district.CODES, district.PEOPLE, strict=True))
    found = spread(district.communes(), people, grid(*EVERYWHERE, width=1e-3), former).demand
    by_former = found.groupby("former_code")["people"].sum().to_dict()
    assert by_former == {"90001": 300, "90002": 300}
    assert found.loc[found["former_code"].isna(), "people"].sum() == 400


def test_the_order_of_the_communes_does_not_change_the_people():
    whose, people = district.communes(), dict(zip(district.CODES, (9, 8, 7, 6), strict=True))
    key = ["lon", "lat"]
    one, other = (
        spread(each, people, grid(*EVERYWHERE)).demand.sort_values(key, ignore_index=True)
        for each in (whose, tables.communes(whose.iloc[::-1]))
    )
    pd.testing.assert_frame_equal(one, other)


def test_spreading_leaves_its_input_alone():
    whose, cells = district.communes(), grid(*EVERYWHERE)
    before = whose.copy(), cells.copy()
    spread(whose, {"98001": 5}, cells)
    assert whose.equals(before[0])
    assert cells.equals(before[1])


def test_only_cells_that_share_ground_with_a_commune_touch_it():
    inside, far = middle("98001"), district.degrees([(30.0, 1.0)])[0]
    beside = district.degrees([(-0.3, 1.0)])[0]  # half a cell is 0.46 km: it reaches in
    found = touching(grid((*inside, 1), (*far, 2), (*beside, 4)), district.communes())
    assert sorted(found["people"]) == [1, 4]


@QUICK
@given(
    people=st.lists(st.integers(0, 5000), min_size=4, max_size=4),
    weights=st.lists(st.floats(0.001, 900), min_size=4, max_size=4),
    seed=st.integers(0, 99),
)
def test_totals_hold_for_any_people_and_any_cells(people, weights, seed):
    rng = np.random.default_rng(seed)
    at = district.degrees([(x, y) for x, y in rng.uniform([0, 0], [8, 2], (4, 2))])
    cells = grid(*[(*place, weight) for place, weight in zip(at, weights, strict=True)])
    wanted = dict(zip(district.CODES, people, strict=True))
    found = spread(district.communes(), wanted, cells)
    assert sums(found.demand) == {code: count for code, count in wanted.items() if count}


@given(
    weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=30),
    total=st.integers(0, 10**7),
)
def test_shares_add_up_and_each_is_less_than_one_from_fair(weights, total):
    share = largest_remainder(np.array(weights), total)
    fair = [w / sum(weights) * total for w in weights] if sum(weights) > 0 else None
    assert int(share.sum()) == total
    assert (share >= 0).all()
    if fair:
        assert max(abs(s - f) for s, f in zip(share, fair, strict=True)) < 1 + 1e-6


def test_the_largest_remainders_get_what_is_left_and_equal_ones_in_order():
    # Hamilton by hand: 10 seats for 41, 29, 30 → 4.1, 2.9, 3.0 → 4, 2, 3 and one to 0.9.
    assert largest_remainder(np.array([41.0, 29.0, 30.0]), 10).tolist() == [4, 3, 3]
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), 2).tolist() == [1, 1, 0]
    assert largest_remainder(np.array([0.0, 0.0]), 3).tolist() == [2, 1]
    assert largest_remainder(np.array([5.0, 0.0]), 3).tolist() == [3, 0]
