"""A scenario's figures are those of a full count of the changed network, by code of its own."""

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
from planning.model.comparing import Comparison
from planning.model.errors import RequestError
from planning.model.scenario import Change, ChangeKind, Outline, outline
from planning.model.standards import ServiceStandard
from planning.siting.plans.best_places import BestPlaces
from planning.siting.plans.workbench import Workbench, changed_situation
from tests.toy import district
from tests.toy.district import Point

ONE_KM = ServiceStandard.one_radius(1.0)
LISTED = (Point((1, 1)), Point((5, 1)), Point((3, 1), status="suspended"), Point((7, 1), "online"))
NAMES = ("P000", "P001", "P002", "P003")


def there() -> Situation:
    return district.situation(LISTED)


def bench() -> Workbench:
    return Workbench(there(), ONE_KM, StraightLine(), "1")


def at(x: float, y: float) -> dict[str, float]:
    lon, lat = district.degrees([(x, y)])[0]
    return {"lon": float(lon), "lat": float(lat)}


def by_hand(changes: list[Change]) -> Situation:
    """Return the toy with its table of points changed row by row, without any outline."""
    now = there()
    rows = {row["point_id"]: dict(row) for row in now.points.to_dict("records")}
    blank = dict.fromkeys(now.points.columns)
    for each in changes:
        if each.kind == "add":
            rows[each.point_id] = {**blank, "point_id": each.point_id, "name": "mới",
                                   "kind": each.to or "direct", "status": "open",
                                   "lon": each.lon, "lat": each.lat}  # fmt: skip
        elif each.kind == "move":
            rows[each.point_id] |= {"lon": each.lon, "lat": each.lat}
        elif each.kind == "kind":
            rows[each.point_id]["kind"] = each.to
        elif each.kind == "close" and each.point_id.startswith("+"):
            del rows[each.point_id]
        else:
            rows[each.point_id]["status"] = "closed" if each.kind == "close" else "open"
    frame = pd.DataFrame(
        {name: pd.Series([row[name] for row in rows.values()], dtype=now.points[name].dtype)
         for name in now.points.columns}
    )  # fmt: skip
    whose = commune_of(frame["lon"], frame["lat"], now.communes).to_numpy(dtype=object)
    return replace(now, points=tables.points(frame.assign(commune_code=whose)))


@st.composite
def histories(draw) -> list[Change]:
    """Draw a list of changes each of which is possible after those before it."""
    made: list[Change] = []
    alive = set(NAMES)
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(["add", "move", "close", "open", "kind"]))
        # On a grid of half kilometres places coincide, and lie exactly at the radius.
        place = at(draw(st.integers(0, 16)) / 2, draw(st.integers(0, 4)) / 2)
        if kind == "add":
            made.append(Change(ChangeKind.ADD, f"+{number + 1}", **place))
            alive.add(f"+{number + 1}")
            continue
        point = draw(st.sampled_from(sorted(alive)))
        new = point.startswith("+")
        if kind == "move":
            made.append(Change(ChangeKind.MOVE, point, **place))
        elif kind == "kind":
            to = draw(st.sampled_from(["direct", "online", "mobile"]))
            made.append(Change(ChangeKind.KIND, point, to=to))
        elif kind == "close" or not new:
            made.append(Change(ChangeKind(kind), point))
            if new:
                alive.remove(point)
    return made


@settings(max_examples=60, deadline=None)
@given(histories())
def test_figures_are_those_of_a_full_count(changes):
    found = bench().measure(outline(changes))
    then = assess_coverage(by_hand(changes), ONE_KM, StraightLine())
    now = assess_coverage(there(), ONE_KM, StraightLine())
    assert found.now.people_served == now.total.people_covered
    assert found.then.people_served == then.total.people_covered
    assert found.people_more == then.total.people_covered - now.total.people_covered
    assert found.then.points == then.total.points_direct
    assert found.then.communes_with_point == then.communes_with_point
    assert found.then.distance == then.total.distance
    assert found.served == {each.code: each.people_covered for each in then.communes}
    for side, sign in ((found.gained_in, 1), (found.lost_in, -1)):
        assert all(people > 0 for people in side.values()), sign
    for one, other in zip(now.communes, then.communes, strict=True):
        more = found.gained_in.get(one.code, 0) - found.lost_in.get(one.code, 0)
        assert more == other.people_covered - one.people_covered
    assert found.then.mean_radius_km == pytest.approx(then.total.mean_radius_km)


@settings(max_examples=30, deadline=None)
@given(histories())
def test_the_changed_situation_is_counted_the_same(changes):
    """What suggestions and gaps start from is the network the figures speak of."""
    made = changed_situation(there(), outline(changes))
    one = assess_coverage(made, ONE_KM, StraightLine())
    other = assess_coverage(by_hand(changes), ONE_KM, StraightLine())
    assert one.total == other.total
    assert one.communes == other.communes


def test_counts_of_added_moved_and_closed_points_by_hand():
    changes = [
        Change(ChangeKind.ADD, "+1", **at(7, 1)),
        Change(ChangeKind.ADD, "+2", to="online", **at(3, 1)),
        Change(ChangeKind.MOVE, "P000", **at(3, 1)),
        Change(ChangeKind.CLOSE, "P001"),
        Change(ChangeKind.CLOSE, "P003"),  # serves nobody today
    ]
    found = bench().measure(outline(changes))
    assert (found.added, found.moved, found.closed) == (1, 1, 1)
    # 100 and 300 lose theirs; 200 and 400 gain one.
    assert (found.people_gained, found.people_lost) == (600, 400)
    assert found.gained_in == {"98002": 200, "98004": 400}
    assert found.lost_in == {"98001": 100, "98003": 300}
    assert found.people_per_added == 200


def test_opening_what_is_suspended_and_making_online_direct_serve():
    opened = bench().measure(outline([Change(ChangeKind.OPEN, "P002")]))
    assert (opened.people_gained, opened.then.points) == (200, 3)
    direct = bench().measure(outline([Change(ChangeKind.KIND, "P003", to="direct")]))
    assert (direct.people_gained, direct.then.points) == (400, 3)
    assert direct.people_per_added is None


def test_a_point_that_left_the_list_is_told_and_does_nothing():
    found = bench().measure(outline([Change(ChangeKind.CLOSE, "gone"), Change(ChangeKind.CLOSE, "P000")]))  # fmt: skip
    assert found.without_effect == ("gone",)
    assert found.people_lost == 100


def test_a_place_in_no_commune_and_an_unknown_point_are_refused():
    ready = bench()
    ready.require(Outline(), Change(ChangeKind.ADD, "+1", **at(1, 1)))
    with pytest.raises(RequestError, match="no commune"):
        ready.require(Outline(), Change(ChangeKind.ADD, "+1", **at(9, 1)))
    with pytest.raises(RequestError, match="no point"):
        ready.require(Outline(), Change(ChangeKind.CLOSE, "P009"))
    with pytest.raises(RequestError, match="open already"):
        ready.require(Outline(), Change(ChangeKind.OPEN, "P000"))


def test_a_place_on_a_border_belongs_to_the_lowest_code():
    ready = bench()
    assert ready.commune_at(**at(2, 1)) in ("98001", "98002")
    whose = commune_of([at(2, 1)["lon"]], [at(2, 1)["lat"]], there().communes)
    assert ready.commune_at(**at(2, 1)) == whose.iloc[0]


def test_best_places_promise_what_opening_there_brings():
    ready = bench()
    places = BestPlaces(ready.situation, ONE_KM).ranked(ready.unserved(Outline()))
    assert places
    assert [each.people for each in places] == sorted((each.people for each in places), reverse=True)  # fmt: skip
    for each in places:
        add = Change(ChangeKind.ADD, "+1", each.lon, each.lat)
        assert ready.measure(outline([add])).people_gained == each.people
    first = places[0]
    after = outline([Change(ChangeKind.ADD, "+1", first.lon, first.lat)])
    left = BestPlaces(ready.situation, ONE_KM).ranked(ready.unserved(after))
    assert sum(each.people for each in left) == sum(each.people for each in places) - first.people


def test_the_best_and_the_most_efficient_are_marked_by_hand():
    ready = bench()
    one = ready.measure(outline([Change(ChangeKind.ADD, "+1", **at(7, 1))]))  # 400 for 1
    two = ready.measure(
        outline(
            [Change(ChangeKind.ADD, "+1", **at(7, 1)), Change(ChangeKind.ADD, "+2", **at(3, 1))]
        )
    )  # 600 for 2
    none = ready.measure(Outline())
    found = Comparison((), (one, two, none), ())
    assert found.best == {1}
    assert found.most_efficient == {0}
    assert Comparison((), (one, one), ()).best == frozenset()
    assert Comparison((), (none, none), ()).most_efficient == frozenset()
    assert np.isclose(one.people_per_added, 400)
