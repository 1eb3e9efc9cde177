"""The next staff member or point: by hand, against every choice there is, and what always holds."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.reach import StraightLine
from planning.analysis.workload import staff_at
from planning.model.errors import RequestError
from planning.model.next_units import NextUnits, UnitKind, UnitsAsk
from planning.model.standards import ServiceStandard
from planning.model.workload import EVEN
from planning.siting.plans.next_units import best_first, next_units, unit_places
from tests.toy import district
from tests.toy.district import Point

NEAR = ServiceStandard.one_radius(1)  # each place reaches its own commune alone


def asked(situation, ask, standard=NEAR):
    staff, _ = staff_at(situation.open_direct)
    return next_units(unit_places(situation, standard, EVEN, staff, StraightLine()), ask)


def brought(each, access, people, capacity, sites):
    """Return by loops whom a choice of sites brings within capacity."""
    total = 0.0
    for place, count in enumerate(people):
        before = min(1.0, capacity * access[place])
        more = sum(each[site, place] for site in sites)
        total += count * (min(1.0, capacity * (access[place] + more)) - before)
    return total


def test_the_toy_by_hand():
    """One member serves 150. The first commune (100) has enough, the third (300) lacks 150.

    The second (200) and the fourth (400) have no point: a point there serves 150 of them.
    """
    situation = district.situation([Point((1, 1)), Point((5, 1))])
    found = asked(situation, UnitsAsk(5, 150))
    assert found.people_beyond == pytest.approx(200 + 150 + 400)
    assert [round(each.people, 6) for each in found.units] == [150, 150, 150, 150, 100]
    # Of equal gains where people lack most: the fourth commune, then again, then the second.
    assert [(each.kind, each.commune_code) for each in found.units] == [
        (UnitKind.POINT, "98004"), (UnitKind.STAFF, "98004"), (UnitKind.POINT, "98002"),
        (UnitKind.STAFF, "98003"), (UnitKind.STAFF, "98004")]  # fmt: skip
    assert [each.opened for each in found.units] == [1, 1, 3, None, 1]
    assert found.units[3].place == "P001"
    assert found.people_gained <= found.bound <= found.people_beyond


def test_only_what_may_be_added_is():
    situation = district.situation([Point((1, 1)), Point((5, 1))])
    staff = asked(situation, UnitsAsk(9, 150, frozenset({UnitKind.STAFF})))
    assert [each.place for each in staff.units] == ["P001"]
    assert staff.people_gained == pytest.approx(150)
    points = asked(situation, UnitsAsk(9, 1000, frozenset({UnitKind.POINT})))
    assert [each.commune_code for each in points.units] == ["98004", "98002"]
    assert {each.kind for each in points.units} == {UnitKind.POINT}


def test_no_point_beside_an_open_one_nor_where_none_was_approved():
    situation = district.situation([Point((7.1, 1.0))])
    everywhere = UnitsAsk(20, 50, frozenset({UnitKind.POINT}))
    assert {each.commune_code for each in asked(situation, everywhere).units} == {
        "98001", "98002", "98003"}  # fmt: skip
    lon, lat = district.degrees([(5.0, 1.1)])[0]
    refused = district.situation([Point((7.1, 1.0))], kept_out=((lon, lat),))
    assert {each.commune_code for each in asked(refused, everywhere).units} == {"98001", "98002"}


def test_where_nobody_lacks_anything_nothing_is_added():
    situation = district.situation([Point(at) for at in district.MIDDLES])
    found = asked(situation, UnitsAsk(3, 400))
    assert (found.units, found.people_beyond, found.share_of_bound) == ((), 0.0, None)


def test_a_province_without_points_and_people():
    found = asked(district.situation(), UnitsAsk(2, 1000))
    assert [each.commune_code for each in found.units] == ["98004", "98003"]
    nobody = asked(district.situation(people={"98001": 0}, places=[]), UnitsAsk(2, 1000))
    assert isinstance(nobody, NextUnits)
    assert nobody.units == ()


@pytest.mark.parametrize("numbers", [(0, 100), (101, 100), (1, 0)])
def test_numbers_that_cannot_be_meant_are_refused(numbers):
    with pytest.raises(RequestError):
        UnitsAsk(*numbers)


lands = st.integers(1, 4).flatmap(
    lambda sites: st.tuples(
        st.lists(st.lists(st.sampled_from([0.0, 0.22, 0.68, 1.0]), min_size=5, max_size=5),
                 min_size=sites, max_size=sites),
        st.lists(st.integers(1, 400), min_size=5, max_size=5),
        st.lists(st.integers(0, 3), min_size=sites, max_size=sites),
        st.integers(20, 600), st.integers(1, 3),
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(lands)
def test_against_every_choice(land):
    """Gains add up, the bound holds, and the share of the best choice is the one promised."""
    weight, people, staff, capacity, units = land
    weight, people = np.array(weight), np.array(people)
    drawn = np.maximum(weight @ people, 1e-12)
    each = weight / drawn[:, None]
    access = np.array(staff) @ each
    found = best_first(csr_array(each), access, people, capacity, units)
    assert sum(found.gains) == pytest.approx(
        brought(each, access, people, capacity, found.sites), abs=1e-6
    )
    best = max(brought(each, access, people, capacity, choice)
               for choice in itertools.combinations_with_replacement(range(len(each)), units))  # fmt: skip
    assert found.bound >= best - 1e-6
    assert found.bound <= units * capacity + 1e-6
    assert found.bound <= found.beyond + 1e-6
    # A unit for less than half a person is not taken: at most that much each is left.
    assert sum(found.gains) >= (1 - 1 / math.e) * best - 0.5 * units
    assert all(a >= b - 1e-6 for a, b in itertools.pairwise(found.gains))


def test_the_gain_is_what_the_workload_says_once_the_units_are_there():
    """Carried out, the answer is measured anew: by the plain definition, from positions."""
    chance = np.random.default_rng(11)
    homes = [((float(x), float(y)), int(count), "98001") for x, y, count in zip(
        chance.uniform(0, 30, 120), chance.uniform(0, 30, 120), chance.integers(1, 500, 120),
        strict=True)]  # fmt: skip
    whose = district.communes({"98001": district.square(0, 0, 30)})
    listed = [Point((float(x), float(y))) for x, y in chance.uniform(0, 30, (10, 2))]
    situation = district.situation(listed, places=homes, whose=whose)
    situation.points["staff_count"] = pd.array([1] * 10, dtype="Int64")
    standard = ServiceStandard.one_radius(5)
    found = asked(situation, UnitsAsk(8, 900), standard)
    then = dict.fromkeys(map(tuple, situation.open_direct[["lon", "lat"]].to_numpy()), 1)
    before = beyond(homes, then, 900)
    for unit in found.units:
        then[unit.lon, unit.lat] = then.get((unit.lon, unit.lat), 0) + 1
    assert before == pytest.approx(found.people_beyond, rel=1e-6)
    assert before - beyond(homes, then, 900) == pytest.approx(found.people_gained, rel=1e-6)
    assert {unit.kind for unit in found.units} == set(UnitKind)


def beyond(homes, staff, capacity):
    """Return the people beyond capacity within 5 km of the staff by place, by plain loops."""
    spots = np.column_stack(district.TO_ZONE.transform(*np.array(list(staff)).T)) / 1000 - (
        district.EAST / 1000,
        district.NORTH / 1000,
    )
    near = [[math.dist(at, spot) <= 5 for spot in spots] for at, _, _ in homes]
    drawn = [sum(count for (_, count, _), row in zip(homes, near, strict=True) if row[site])
             for site in range(len(spots))]  # fmt: skip
    total = 0.0
    for (_, count, _), row in zip(homes, near, strict=True):
        own = sum(many / drawn[site] for site, many in enumerate(staff.values()) if row[site])
        total += count * max(0.0, 1 - capacity * own)
    return total
