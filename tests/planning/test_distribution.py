"""Distances over people: classes and Lorenz curve by hand, and recounted person by person."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reach import StraightLine
from planning.analysis.distribution import distribution
from planning.analysis.situation import nearest_open_m
from tests.toy import district
from tests.toy.district import Point

# A few hundred persons in a few places, by whole metres.
PLACES = st.lists(
    st.tuples(st.integers(0, 14_000), st.integers(0, 40)), min_size=1, max_size=12
)  # fmt: skip


def spread(*places):
    metres, people = zip(*places, strict=True)
    return distribution(np.array(metres, dtype=float), np.array(people, dtype=np.int64))


def test_a_class_holds_its_lower_end_and_the_last_everybody_farther_away():
    found = spread(
        (0, 1), (999.999, 2), (1000, 4), (2000, 8), (9999, 16), (10_000, 32), (25_000, 64)
    )
    people = {(each.from_km, each.to_km): each.people for each in found.classes}
    assert len(people) == 11
    assert people[0, 1] == 3
    assert people[1, 2] == 4
    assert people[2, 3] == 8
    assert people[9, 10] == 16
    assert people[10, None] == 96
    assert found.classes[-1].share == pytest.approx(96 / 127)


def test_the_lorenz_curve_of_three_places_by_hand():
    # 50 people at 0, 30 at 1 km, 20 at 3.5 km: together 100 km, of which 0, 30 and 70.
    found = spread((1000, 30), (0, 50), (3500, 20))
    curve = {round(x, 2): y for x, y in found.lorenz}
    assert curve[0.0] == 0
    assert curve[0.5] == pytest.approx(0)
    assert curve[0.65] == pytest.approx(0.15)  # half of the thirty
    assert curve[0.8] == pytest.approx(0.3)
    assert curve[0.9] == pytest.approx(0.65)
    assert curve[1.0] == pytest.approx(1)
    # Area under the curve: 0 + 0.3 × 0.3 / 2 + 0.2 × (0.3 + 1) / 2 = 0.045 + 0.13 = 0.175.
    assert found.gini == pytest.approx(1 - 2 * 0.175)


def test_the_toy_district_by_hand():
    # One point in 98002: 200 people at 0, 100 and 300 at 2 km, 400 at 4 km.
    at = district.situation([Point((3, 1))])
    # Places are written in degrees, so that whole kilometres come out a hair more or less.
    metres = nearest_open_m(at, StraightLine()).round(3)
    found = distribution(metres, at.people)
    people = {each.from_km: each.people for each in found.classes if each.people}
    assert people == {0: 200, 2: 400, 4: 400}
    curve = {round(x, 2): y for x, y in found.lorenz}
    assert curve[0.2] == pytest.approx(0, abs=1e-4)
    assert curve[0.6] == pytest.approx(800 / 2400, abs=1e-4)
    assert found.gini == pytest.approx(1600 / (2 * 2400), abs=1e-4)


@given(PLACES)
def test_classes_and_gini_recounted_person_by_person(places):
    found = spread(*places)
    persons = np.array([metres for metres, people in places for _ in range(people)], dtype=float)
    assert found.people == len(persons)
    if not len(persons):
        assert (found.classes, found.lorenz, found.gini) == ((), (), None)
        return
    for each in found.classes:
        upper = np.inf if each.to_km is None else each.to_km * 1000
        inside = (persons >= each.from_km * 1000) & (persons < upper)
        assert each.people == inside.sum()
    assert sum(each.people for each in found.classes) == len(persons)
    if not persons.sum():
        assert (found.lorenz, found.gini) == ((), 0.0)
        return
    # The Gini index is half of the mean difference between any two persons, over the mean.
    apart = np.abs(persons[:, None] - persons[None, :]).mean()
    assert found.gini == pytest.approx(apart / (2 * persons.mean()), abs=1e-9)


@given(PLACES)
def test_the_lorenz_curve_is_that_of_the_persons_in_a_row(places):
    found = spread(*places)
    persons = np.sort([metres for metres, people in places for _ in range(people)])
    if not found.lorenz:
        assert not len(persons) or not persons.sum()
        return
    shares, borne = np.array(found.lorenz).T
    np.testing.assert_allclose(shares, np.linspace(0, 1, 101), atol=1e-12)
    whole = np.concatenate([[0], np.cumsum(persons)]) / persons.sum()
    at = shares * len(persons)
    below = np.floor(at + 1e-9).astype(int)
    above = np.minimum(below + 1, len(persons))
    expected = whole[below] + (at - below) * (whole[above] - whole[below])
    np.testing.assert_allclose(borne, expected, atol=1e-9)
    assert (np.diff(borne) >= -1e-12).all()
    assert (borne <= shares + 1e-9).all()  # nobody nearer bears more than his share


def test_without_an_open_point_no_distance_is_made_up():
    found = distribution(np.array([np.inf, np.inf]), np.array([3, 4]))
    assert (found.people, found.classes, found.lorenz, found.gini) == (7, (), (), None)
