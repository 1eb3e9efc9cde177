"""A what-if says what a full count of the changed network says, to the bit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import tables
from geo.locate import commune_of
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.situation import Situation
from planning.model.errors import RequestError
from planning.model.standards import CLASS_RADII_KM, ServiceStandard
from planning.siting.plans.what_if import WhatIf, WhatIfFigures
from tests.toy import district
from tests.toy.district import Point

SOME = settings(max_examples=20, deadline=None)
ONE_KM = ServiceStandard.one_radius(1.0)


def ask(there: Situation, standard: ServiceStandard = ONE_KM) -> WhatIf:
    return WhatIf(there, standard, StraightLine())


def changed(there: Situation, opened, closed) -> Situation:
    """Return the situation with its table of points changed by hand."""
    kept = there.points[~there.points["point_id"].isin(closed)]
    opened = np.asarray(opened, dtype=float).reshape(-1, 2)
    whose = commune_of(opened[:, 0], opened[:, 1], there.communes).to_numpy(dtype=object)
    new = district.points([Point((0, 0))] * len(opened), there.communes).assign(
        point_id=[f"new {row}" for row in range(len(opened))],
        lon=opened[:, 0], lat=opened[:, 1], commune_code=whose,
    )  # fmt: skip
    frames = [each for each in (kept, new) if len(each)]
    points = pd.concat(frames, ignore_index=True) if frames else kept
    return replace(there, points=tables.points(points))


def agrees(there: Situation, found: WhatIfFigures, opened, closed, standard) -> None:
    """Compare with a full count before and after the change."""
    now = assess_coverage(there, standard, StraightLine())
    then = assess_coverage(changed(there, opened, closed), standard, StraightLine())
    served = then.total.people_covered or 0
    assert found.people_served == served
    assert found.people_gained - found.people_lost == served - (now.total.people_covered or 0)
    assert found.distance == then.total.distance
    assert found.points == then.total.points_direct
    assert found.communes_with_point == then.communes_with_point
    assert found.served == {
        each.code: each.people_covered for each in then.communes if each.people is not None
    }


class TestToy:
    """100, 200, 300 and 400 people in the middles of four communes, 2 km apart."""

    def there(self, *points: Point) -> Situation:
        return district.situation(points or (Point((1, 1)), Point((5, 1))))

    def test_as_it_is(self):
        now = ask(self.there()).now
        assert (now.people_served, now.people_gained, now.people_lost) == (400, 0, 0)
        assert (now.points, now.communes_with_point) == (2, 2)
        assert now.served == {"98001": 100, "98002": 0, "98003": 300, "98004": 0}
        # 100 and 300 people live at a point; 200 and 400 two kilometres from one.
        assert now.distance.mean_m == pytest.approx(1200)
        assert now.distance.p90_m == now.distance.max_m == pytest.approx(2000)

    def test_one_opened(self):
        found = ask(self.there()).figures(district.degrees([(7, 0.5)]))
        assert (found.people_served, found.people_gained, found.people_lost) == (800, 400, 0)
        assert (found.points, found.communes_with_point) == (3, 3)
        assert found.served["98004"] == 400
        assert found.distance.mean_m == pytest.approx((200 * 2000 + 400 * 500) / 1000)

    def test_one_closed(self):
        found = ask(self.there()).figures(closed=["P001"])
        assert (found.people_served, found.people_gained, found.people_lost) == (100, 0, 300)
        assert (found.points, found.communes_with_point) == (1, 1)
        assert found.distance.max_m == pytest.approx(6000)

    def test_one_moved_gains_some_and_loses_others(self):
        found = ask(self.there()).figures(district.degrees([(7, 1)]), ["P001"])
        assert (found.people_served, found.people_gained, found.people_lost) == (500, 400, 300)
        assert (found.points, found.communes_with_point) == (2, 2)

    def test_closing_one_of_two_at_the_same_spot_changes_nobodys_way(self):
        there = self.there(Point((1, 1)), Point((1, 1)))
        for name in ("P000", "P001"):
            found = ask(there).figures(closed=[name])
            assert (found.people_served, found.people_lost, found.points) == (100, 0, 1)
            assert found.communes_with_point == 1

    def test_everything_closed_leaves_nobody_a_way(self):
        found = ask(self.there()).figures(closed=["P000", "P001", "P001"])
        assert (found.people_served, found.people_lost, found.points) == (0, 400, 0)
        assert found.distance.mean_m is found.distance.max_m is None

    def test_a_point_of_another_kind_cannot_close(self):
        there = self.there(Point((1, 1)), Point((5, 1), status="closed"), Point((7, 1), "online"))
        for name in ("P001", "P002", "P009"):
            with pytest.raises(RequestError, match=name):
                ask(there).figures(closed=["P000", name])

    def test_a_point_on_the_border_belongs_to_the_lowest_code(self):
        corner = district.degrees([(2, 0)])
        for standing, communes in ((Point((5, 1)), 2), (Point((1, 1)), 1), (Point((3, 1)), 2)):
            found = ask(self.there(standing)).figures(corner)
            assert found.communes_with_point == communes
            agrees(self.there(standing), found, corner, [], ONE_KM)

    def test_a_point_in_no_commune_serves_all_the_same(self):
        found = ask(self.there()).figures(district.degrees([(7, -0.5)]))
        assert (found.points, found.communes_with_point) == (3, 2)
        assert found.people_gained == 0
        near = ask(self.there(), ServiceStandard.one_radius(1.6))
        assert near.figures(district.degrees([(7, -0.5)])).people_gained == 400

    def test_people_exactly_at_the_radius_are_served(self):
        """Distances are measured as in a full count, so that nobody is served in one alone."""
        for km in (0.2, 0.7, 1.0):
            found = ask(self.there()).figures(district.degrees([(7 + km, 1)]))
            agrees(self.there(), found, district.degrees([(7 + km, 1)]), [], ONE_KM)

    def test_a_commune_of_unknown_population_is_not_listed(self):
        there = district.situation([Point((1, 1))], people={"98001": 100, "98003": 300})
        assert set(ask(there).now.served) == {"98001", "98003"}

    def test_a_network_without_points_can_open_its_first(self):
        there = district.situation()
        assert ask(there).now.people_served == 0
        assert ask(there).figures(district.degrees([(1, 1)])).people_gained == 100

    def test_asking_changes_nothing(self):
        what_if = ask(self.there())
        before = what_if.now
        what_if.figures(district.degrees([(7, 1)]), ["P000"])
        assert what_if.now == before


PLACES = st.tuples(st.floats(-0.5, 8.5), st.floats(-0.5, 2.5))


@SOME
@given(
    seed=st.integers(0, 10**6), count=st.integers(0, 6), opened=st.lists(PLACES, max_size=3),
    data=st.data(), by_class=st.booleans(),
)  # fmt: skip
def test_any_change_is_counted_as_in_full(seed, count, opened, data, by_class):
    rng = np.random.default_rng(seed)
    at = rng.uniform([0, 0], [8, 2], (40, 2))
    people = rng.integers(1, 500, 40)
    places = [(tuple(xy), int(n), district.CODES[int(xy[0] // 2)]) for xy, n in zip(at, people, strict=True)]  # fmt: skip
    listed = [Point(tuple(xy)) for xy in rng.uniform([-0.5, 0], [8, 2], (count, 2))]
    there = district.situation([*listed, Point((4, 1), "online")], places=places)
    names = [f"P{row:03d}" for row in range(count)]
    closed = data.draw(st.lists(st.sampled_from(names), unique=True) if names else st.just([]))
    standard = ServiceStandard(CLASS_RADII_KM) if by_class else ServiceStandard.one_radius(0.8)
    lonlat = district.degrees(opened)
    found = ask(there, standard).figures(lonlat, closed)
    agrees(there, found, lonlat, closed, standard)
    # Opening alone loses nobody, closing alone gains nobody.
    assert ask(there, standard).figures(lonlat).people_lost == 0
    assert ask(there, standard).figures(closed=closed).people_gained == 0
