"""What needs a hand, on drawings whose answers are known, and against a slow second way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo import tables
from planning.analysis.attention import Given, attend, former_codes
from planning.analysis.attention.twins import similar
from planning.model.attention import GRAVITY, Action, Gravity, Kind
from tests.toy import district

GEOD = Geod(ellps="WGS84")
PEOPLE = dict(zip(district.CODES, district.PEOPLE, strict=True))
CODE = "0123456789TH98{}{:03d}"


def points(*listed, **columns):
    """Return the point table of (name, place in km), with columns given by list."""
    table = district.points([district.Point(at, name=name) for name, at in listed], COMMUNES)
    given = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return tables.points(pd.DataFrame(table).assign(**given))


COMMUNES = district.communes()


def grid(*cells, size=0.005):
    """Return a grid of (place in km, people), cells of `size` degrees."""
    at = district.degrees([place for place, _ in cells])
    people = [float(count) for _, count in cells]
    return tables.grid(
        pd.DataFrame({"lon": at[:, 0], "lat": at[:, 1], "people": people, "width_deg": size,
                      "height_deg": size})
    )  # fmt: skip


def crosswalk(*rows):
    """Return a crosswalk of (old code, new code, relation)."""
    frame = pd.DataFrame(rows, columns=["old_code", "new_code", "relation"])
    return tables.crosswalk(frame.assign(old_name="Xã Cũ " + frame["old_code"], old_district=None))


def state(listed=None, **parts):
    given = {"population": PEOPLE, "former_population": {}, "crosswalk": None, "grid": None}
    listed = points() if listed is None else listed
    return Given(district.PROVINCE, COMMUNES, listed, **{**given, **parts})


def seen_by(given, kind):
    return [each for each in attend(given) if each.kind is kind]


def offered(item):
    return {(each.action, each.record and each.record.id, each.value) for each in item.mends}


# --- where points stand ----------------------------------------------------------------


def test_data_without_fault_need_nobody():
    assert (
        attend(state(points(("Một", (1, 1)), ("Hai", (5, 1)), written_code=["98001", None]))) == ()
    )


def test_a_point_outside_every_commune_is_named_with_its_distance():
    [item] = attend(state(points(("Ngoài", (4, 2.5)), ("Trong", (1, 1)))))
    assert item.kind is Kind.OUTSIDE
    assert item.gravity is Gravity.HIGH
    assert item.params == {"name": "Ngoài", "metres": 500}
    assert (item.lon, item.lat) == pytest.approx(tuple(district.degrees([(4, 2.5)])[0]))
    assert offered(item) == {(Action.SEEN, None, None), (Action.SUSPEND, "P000", None),
                             (Action.REMOVE, "P000", None)}  # fmt: skip


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_points_that_stand_no_more_may_lie_anywhere(status):
    assert attend(state(points(("Ngoài", (4, 9)), status=[status]))) == ()


def test_nobody_near_is_measured_to_the_edge_of_a_cell_with_a_person():
    # Half a cell of 0.005 degrees is some 274 m from west to east here.
    edge = 1 + 1 + 0.274
    far = state(points(("Xa", (edge + 0.02, 1))), grid=grid(((1, 1), 50), ((6, 1), 0.9)))
    near = state(points(("Gần", (edge - 0.02, 1))), grid=grid(((1, 1), 50), ((6, 1), 0.9)))
    [item] = seen_by(far, Kind.NOBODY_NEAR)
    assert [each.name for each in item.records] == ["Xa"]
    assert seen_by(near, Kind.NOBODY_NEAR) == []
    assert seen_by(state(far.points), Kind.NOBODY_NEAR) == []  # no grid: nothing is said


def test_a_grid_of_nobody_has_nobody_near():
    assert (
        len(seen_by(state(points(("A", (1, 1))), grid=grid(((1, 1), 0.5))), Kind.NOBODY_NEAR)) == 1
    )


def test_a_written_commune_is_held_against_the_coordinates():
    listed = points(("Lạc", (3, 1)), ("Đúng", (5, 1)), written_code=["98001", "98003"])
    [item] = attend(state(listed))
    assert item.kind is Kind.OTHER_COMMUNE
    assert item.params == {"name": "Lạc", "written": "Xã Số 1", "lies": "Xã Số 2"}
    assert (Action.TAKE_COMMUNE, "P000", "98002") in offered(item)


def test_a_written_former_commune_agrees_where_the_crosswalk_leads_to_the_place():
    listed = points(("A", (3, 1)), ("B", (5, 1)), ("C", (7, 1)), written_code=["97001"] * 3)
    known = crosswalk(("97001", "98002", "partial"), ("97001", "98003", "partial"))
    [item] = attend(state(listed, crosswalk=known))
    assert item.params == {"name": "C", "written": "Xã Cũ 97001", "lies": "Xã Số 4"}


# --- twins -----------------------------------------------------------------------------


def test_points_less_than_ten_metres_apart_may_be_one():
    listed = points(("Chợ", (1, 1)), ("Trạm", (1.009, 1)), ("Xa", (1.0195, 1)))
    [item] = attend(state(listed))
    assert item.kind is Kind.SAME_POINT
    assert [each.name for each in item.records] == ["Chợ", "Trạm"]
    assert item.params["metres"] == pytest.approx(9.0, abs=0.1)
    assert {(each.action, each.record and each.record.id) for each in item.mends} == {
        (Action.SEEN, None), (Action.CLOSE, "P000"), (Action.REMOVE, "P000"),
        (Action.CLOSE, "P001"), (Action.REMOVE, "P001"),
    }  # fmt: skip


def test_a_similar_name_counts_within_110_metres():
    near = points(("Bưu cục Tân Châu", (1, 1)), ("BUU CUC TAN CHAU", (1.109, 1)))
    far = points(("Bưu cục Tân Châu", (1, 1)), ("BUU CUC TAN CHAU", (1.111, 1)))
    other = points(("Bưu cục Tân Châu", (1, 1)), ("Trạm Y tế Tân Châu", (1.05, 1)))
    assert [each.kind for each in attend(state(near))] == [Kind.SAME_NAME]
    assert attend(state(far)) == ()
    assert attend(state(other)) == ()


def test_closed_points_have_no_twins():
    listed = points(("Chợ", (1, 1)), ("Chợ", (1, 1)), status=["open", "closed"])
    assert attend(state(listed)) == ()


def test_three_points_of_one_place_are_one_item():
    listed = points(*[(f"Số {at}", (1, 1)) for at in range(3)], ("Kề", (1.004, 1)))
    [item] = attend(state(listed))
    assert item.kind is Kind.SHARED_PLACE
    assert item.params["count"] == 3
    many = points(*[(f"Số {at}", (1, 1)) for at in range(40)])
    [item] = attend(state(many))
    assert len(item.records) == 40
    assert [each.action for each in item.mends] == [Action.SEEN]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Bưu cục Hòa Bình", "Bưu cục Hoà Bình", True),
        ("Bưu cục Hoà Bình", "bưu cục  HÒA bình", True),
        ("Tân Châu Bưu cục", "Bưu cục Tân Châu", True),
        ("Bưu cục Long Xuyên", "Bưu cục Long Xuyn", True),
        ("Bưu cục Long Xuyên", "Bưu cục Lang Xuyên", True),
        ("Bưu cục Long Xuyên", "Bưu cục Long Xuyênn", True),
        ("Bưu cục Long Xuyên", "Bưu cục Lang Xuyem", False),
        ("Bưu cục Long", "Đại lý Bưu cục Long Xuyên", True),
        ("Bưu cục", "Bưu cục Long Xuyên", False),
        ("Hộ 1", "Hộ 2", False),
        ("Văn phòng Bình Thủy 1", "Văn phòng Bình Thủy 2", False),
        ("Chợ", "Chơ", True),
        ("Chợ A", "Chợ B", False),
    ],
)
def test_which_names_are_alike(one, other, alike):
    assert similar(one, other) is alike
    assert similar(other, one) is alike


NAMES = ("Bưu cục Tân Châu", "Bưu cục Tân Chau", "Trạm Y tế", "Hộ 1", "Hộ 2")
PLACES = st.tuples(st.integers(0, 220), st.integers(0, 220), st.sampled_from(NAMES))


@settings(max_examples=40, deadline=None)
@given(st.lists(PLACES, min_size=2, max_size=12))
def test_pairs_are_those_a_slow_way_finds(listed):
    table = points(*[(name, (1 + x / 1000, 1 + y / 1000)) for x, y, name in listed])
    here = [(x, y) for x, y, _ in listed]
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    close, alike, doubtful = set(), set(), set()
    for a in range(len(listed)):
        for b in range(a + 1, len(listed)):
            if here.count(here[a]) > 2 or here.count(here[b]) > 2:
                continue
            metres = GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2]
            pair = frozenset((f"P{a:03d}", f"P{b:03d}"))
            if min(abs(metres - 10), abs(metres - 110)) < 0.1:
                doubtful.add(pair)
            elif metres < 10:
                close.add(pair)
            elif metres < 110 and similar(listed[a][2], listed[b][2]):
                alike.add(pair)
    found = {kind: {frozenset(r.id for r in each.records) for each in seen_by(state(table), kind)}
             for kind in (Kind.SAME_POINT, Kind.SAME_NAME)}  # fmt: skip
    assert found[Kind.SAME_POINT] - doubtful == close
    assert found[Kind.SAME_NAME] - doubtful == alike


# --- official codes --------------------------------------------------------------------


def test_codes_of_no_form_given_twice_or_of_another_commune_are_found():
    listed = points(
        ("Đúng", (1, 1)), ("Lạc", (3, 1)), ("Sai", (5, 1)), ("Lại", (7, 1)),
        official_code=[CODE.format("98001", 1), CODE.format("98003", 4), "AR0212M",
                       CODE.format("98001", 1)],
    )  # fmt: skip
    found = {each.kind: each for each in attend(state(listed)) if each.records[0].id != "P003"}
    assert set(found) == {Kind.CODE_ELSEWHERE, Kind.CODE_INVALID, Kind.CODE_TWICE}
    assert offered(found[Kind.CODE_ELSEWHERE]) == {
        (Action.SEEN, None, None), (Action.TAKE_CODE, "P001", CODE.format("98002", 4)),
    }  # fmt: skip
    assert (Action.CLEAR_CODE, "P002", None) in offered(found[Kind.CODE_INVALID])
    assert {each.id for each in found[Kind.CODE_TWICE].records} == {"P000", "P003"}
    # The one whose code is right keeps it, so only the other is offered another.
    given = [each for each in offered(found[Kind.CODE_TWICE]) if each[0] is Action.TAKE_CODE]
    assert given == [(Action.TAKE_CODE, "P003", CODE.format("98004", 1))]


def test_codes_of_former_communes_wait_for_renewal_and_are_only_counted():
    listed = points(("Cũ", (3, 1)), ("Tỉnh cũ", (5, 1)),
                    official_code=[CODE.format("97001", 1), "0123456789TH9798003001"])  # fmt: skip
    given = state(listed, crosswalk=crosswalk(("97001", "98002", "full")))
    assert attend(given) == ()
    assert former_codes(given) == 2
    assert [each.kind for each in attend(state(listed))] == [Kind.CODE_ELSEWHERE]


# --- people ----------------------------------------------------------------------------


def test_an_unknown_population_offers_what_is_known_of_it():
    people = {"98001": None, "98002": 200, "98003": 300}
    known = crosswalk(("97001", "98001", "full"), ("97002", "98001", "full"),
                      ("97003", "98004", "partial"))  # fmt: skip
    given = state(
        population=people, former_population={"97001": 40, "97002": 50, "97003": 60},
        crosswalk=known, grid=grid(((1, 1), 70), ((3, 1), 200), ((5, 1), 300), ((7, 1), 410)),
    )  # fmt: skip
    first, fourth = seen_by(given, Kind.PEOPLE_UNKNOWN)
    assert offered(first) == {(Action.SEEN, None, None), (Action.TAKE_FORMER, "98001", 90),
                              (Action.TAKE_GRID, "98001", 70)}  # fmt: skip
    assert offered(fourth) == {(Action.SEEN, None, None), (Action.TAKE_GRID, "98004", 410)}


def test_the_former_sum_is_offered_only_where_every_part_is_known():
    known = crosswalk(("97001", "98001", "full"), ("97002", "98001", "full"))
    given = state(population={**PEOPLE, "98001": None}, crosswalk=known,
                  former_population={"97001": 40, "97002": None})  # fmt: skip
    [item] = attend(given)
    assert offered(item) == {(Action.SEEN, None, None)}


def test_a_province_without_any_population_has_none_unknown():
    assert attend(state(population={})) == ()


@pytest.mark.parametrize(
    ("people", "odd"),
    [(19, True), (20, False), (400_000, False), (400_001, True)],  # on 4 km²
)
def test_densities_are_bounded(people, odd):
    communes = COMMUNES.assign(area_km2=4.0)
    given = Given(district.PROVINCE, tables.communes(communes), points(),
                  {**PEOPLE, "98001": people}, {}, None, None)  # fmt: skip
    assert [each.kind for each in attend(given)] == [Kind.DENSITY] * odd


@pytest.mark.parametrize(
    ("people", "cells", "odd"),
    [(500, 2500, True), (501, 2500, False), (2500, 500, True), (2499, 500, False),
     (100, 19, True), (99, 19, False)],  # fewer than 100 people are chance
)  # fmt: skip
def test_a_population_five_times_unlike_the_grid_is_odd(people, cells, odd):
    given = state(population={**PEOPLE, "98001": people},
                  grid=grid(((1, 1), cells), ((3, 1), 200), ((5, 1), 300), ((7, 1), 400)))  # fmt: skip
    found = seen_by(given, Kind.DENSITY)
    assert [each.records[0].id for each in found] == ["98001"] * odd
    assert [each.params["grid"] for each in found] == [cells] * odd


# --- the whole -------------------------------------------------------------------------


def test_items_are_listed_by_gravity_and_their_keys_stay():
    listed = points(("Lạc", (3, 1)), ("Ngoài", (4, 9)), written_code=["98001", None])
    items = attend(state(listed, population={**PEOPLE, "98002": None}))
    assert [each.kind for each in items] == [Kind.PEOPLE_UNKNOWN, Kind.OUTSIDE, Kind.OTHER_COMMUNE]
    again = attend(state(listed.iloc[::-1].reset_index(drop=True), population={"98001": 100}))
    assert {each.key for each in items} < {each.key for each in again}
    assert len({each.key for each in again}) == len(again)


def test_every_kind_has_a_gravity_and_gravities_never_rise_down_the_list():
    assert set(GRAVITY) == set(Kind)
    assert list(GRAVITY.values()) == sorted(GRAVITY.values(), reverse=True)


def test_an_empty_network_is_no_fault():
    assert (
        attend(
            state(
                points(),
                grid=grid(
                    *[((x, 1), n) for x, n in zip((1, 3, 5, 7), (100, 200, 300, 400), strict=True)]
                ),
            )
        )
        == ()
    )


def test_many_points_keep_the_work_bounded():
    """A thousand points within a hectare: pairs stay in proportion to points."""
    rng = np.random.default_rng(3)
    listed = points(
        *[(f"Điểm {at}", (1 + x, 1 + y)) for at, (x, y) in enumerate(rng.random((1000, 2)) / 10)]
    )
    found = attend(state(listed))
    assert 0 < len(found) <= 16 * 1000
