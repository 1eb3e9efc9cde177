"""Figures and prices of proposals, recounted pair by pair from the homes of the toy province.

One point is open, at (3, 1), an online one stands at (7, 1); the radius is such that nobody lives
exactly at it.
"""

from dataclasses import replace

import numpy as np
import pytest

from planning.model.people import Action
from planning.model.proposals import ProposalKind, State
from planning.model.standards import TerrainClass
from planning.services import standards
from planning.services.review import deciding, drafting, measuring
from planning.services.review.computing import prices
from planning.store import layers
from planning.store.situation import load_situation
from tests.planning.review.acting import PEOPLE, PROVINCE, at, attempt, content
from tests.toy import district

WAY = (
    ("post", Action.SUBMIT, State.SUBMITTED), ("reviewer", Action.BEGIN_CHECK, State.CHECKING),
    ("checker", Action.FINISH_CHECK, State.CHECKED),
    ("reviewer", Action.APPRAISE, State.APPRAISED), ("approver", Action.APPROVE, State.APPROVED),
)  # fmt: skip


def proposed(store, *place, until=State.SUBMITTED, **more):
    """Return a proposal that went as far as a state."""
    user = PEOPLE["post" if "organisation" not in more else "planner"]
    it = drafting.propose(store, user, PROVINCE, content(*place, **more))
    for who, action, state in WAY:
        if it.state is until:
            break
        if until is State.NOT_APPROVED and action is Action.APPROVE:
            it = attempt(store, PEOPLE["approver"], Action.REJECT, it)
            break
        it = attempt(store, user if action is Action.SUBMIT else PEOPLE[who], action, it)
        assert it.state is state
    assert it.state is until
    return it


def listed_point(store, kind="direct", status="open") -> str:
    with store.reading() as db:
        points = layers.load_points(db, PROVINCE)
    found = points[(points["kind"] == kind) & (points["status"] == status)]
    return str(found["point_id"].iloc[0])


class Homes:
    """Everybody of the toy province, in kilometres of the drawing."""

    def __init__(self, store) -> None:
        demand = load_situation(store, PROVINCE, None).demand
        x, y = district.TO_ZONE.transform(demand["lon"].to_numpy(), demand["lat"].to_numpy())
        self.x, self.y = (x - district.EAST) / 1000, (y - district.NORTH) / 1000
        self.people = demand["people"].to_numpy()

    def km(self, *place) -> np.ndarray:
        return np.hypot(self.x - place[0], self.y - place[1])

    def near(self, *places) -> np.ndarray:
        """Return who lives within the radius of one of these places."""
        away = np.array([self.km(*each) for each in places])
        assert (abs(away - RADIUS_KM) > 1e-4).all(), "too near to call"
        return (away <= RADIUS_KM).any(axis=0)

    def count(self, who) -> int:
        return int(self.people[who].sum())

    def mean_m(self, who, *places) -> float:
        away = np.array([self.km(*each) for each in places]).min(axis=0)
        return float((away * self.people)[who].sum() / self.people[who].sum() * 1000)


OPEN = (3, 1)
RADIUS_KM = 2.93


@pytest.fixture(autouse=True)
def homes(store):
    standards.change(store, PROVINCE, dict.fromkeys(TerrainClass, RADIUS_KM))
    return Homes(store)


def test_a_new_point(store, homes):
    place = (6.93, 1.07)
    found = measuring.figures_of(store, PROVINCE, content(*place))
    now, there = homes.near(OPEN), homes.near(place)
    new = there & ~now
    assert found.gained == homes.count(new) > 0
    assert found.overlap == homes.count(there & now) > 0
    assert found.lost == 0
    assert found.distance_now_m == pytest.approx(homes.mean_m(new, OPEN), abs=0.1)
    assert found.distance_then_m == pytest.approx(homes.mean_m(new, place, OPEN), abs=0.1)
    assert (found.rank, found.firmness) == (1, "firm")
    assert (found.valid_from, found.standard, found.decisions) == ("2025-07-01", "2,93 km", "")
    assert "2025-03-31" in found.population_base


def test_a_closing_a_move_and_changes_of_kind(store, homes):
    about = {"point_id": listed_point(store), "organisation": ""}
    other = {"point_id": listed_point(store, "online"), "organisation": ""}
    place = (5.43, 1.07)
    wanted = [
        content(3, 1, kind=ProposalKind.CLOSE, **about),
        content(*place, kind=ProposalKind.MOVE, **about),
        content(3, 1, kind=ProposalKind.KIND, point_kind="online", **about),
        content(7, 1, kind=ProposalKind.KIND, **other),
    ]
    closed, moved, online, direct = measuring.figures_of_all(store, PROVINCE, wanted)
    now, there, seven = homes.near(OPEN), homes.near(place), homes.near((7, 1))
    for each in (closed, online):
        assert (each.gained, each.lost, each.overlap) == (0, homes.count(now), 0)
        assert (each.distance_then_m, each.rank, each.firmness) == (None, None, None)
        assert each.distance_now_m == pytest.approx(homes.mean_m(now, OPEN), abs=0.1)
    gained, lost = there & ~now, now & ~there
    # Only the point that moves served anybody there: nobody else does.
    assert (moved.gained, moved.lost, moved.overlap) == (homes.count(gained), homes.count(lost), 0)
    assert min(moved.gained, moved.lost) > 0
    assert moved.distance_now_m == pytest.approx(homes.mean_m(gained | lost, OPEN), abs=0.1)
    assert moved.distance_then_m == pytest.approx(homes.mean_m(gained | lost, place), abs=0.1)
    assert (direct.gained, direct.overlap) == (homes.count(seven & ~now), homes.count(seven & now))
    assert (direct.rank, moved.rank) == (1, 1)


def test_a_point_that_serves_nobody_within_reach_has_no_figures_of_people(store):
    found = measuring.figures_of(store, PROVINCE, content(7, 1, point_kind="online"))
    assert (found.gained, found.lost, found.overlap, found.rank) == (0, 0, 0, None)


def test_ranks_count_those_under_review_and_equal_ones_stand_side_by_side(store, homes):
    def gain(*place):
        return homes.count(homes.near(place) & ~homes.near(OPEN))

    proposed(store, 3.43, 1)
    first, second = proposed(store, 7, 1), proposed(store, 7, 1, name="Cùng chỗ")
    proposed(store, 7, 1.03, until=State.DRAFT)
    ranks = [measuring.figures_of(store, PROVINCE, each.content).rank for each in (first, second)]
    assert ranks == [1, 1]
    assert gain(7, 1) > gain(4.63, 1) > gain(3.43, 1) > gain(3.13, 1)
    for place, rank in (((4.63, 1), 3), ((3.13, 1), 4)):
        assert measuring.figures_of(store, PROVINCE, content(*place)).rank == rank


def test_the_price_names_who_stays_unserved_and_what_could_take_the_place(store, homes):
    place = (6.93, 1.07)
    found = measuring.price_of(store, proposed(store, *place))
    them = homes.near(place) & ~homes.near(OPEN)
    assert found.unserved == homes.count(them) > 0
    assert (found.shared, found.shared_with) == (0, "")
    x, y = in_km(found)
    assert np.hypot(x - place[0], y - place[1]) > 0.25
    there = homes.near((x, y))
    assert found.of_them == homes.count(there & them)
    assert found.served_there == homes.count(there & ~homes.near(OPEN))
    assert found.distance_m == pytest.approx(1000 * np.hypot(x - place[0], y - place[1]), abs=0.1)
    assert found.replacement == "Xã Số 4"


def in_km(price):
    x, y = district.TO_ZONE.transform(price.replacement_lon, price.replacement_lat)
    return (x - district.EAST) / 1000, (y - district.NORTH) / 1000


def test_who_another_proposal_under_review_would_serve_is_told_apart(store, homes):
    one, other = proposed(store, 6.93, 1.07), proposed(store, 4.63, 1.07)
    proposed(store, 7.5, 1, until=State.DRAFT)  # nobody else's business yet
    mine = homes.near((6.93, 1.07)) & ~homes.near(OPEN)
    theirs = homes.near((4.63, 1.07))
    found = measuring.price_of(store, one)
    assert found.unserved == homes.count(mine & ~theirs) > 0
    assert found.shared == homes.count(mine & theirs) > 0
    assert found.shared_with == other.number
    assert (
        found.unserved + found.shared == measuring.figures_of(store, PROVINCE, one.content).gained
    )
    both = prices(store, PEOPLE["approver"], [one, other])
    assert [each.shared for each in both] == [0, 0]
    assert both[0].unserved == homes.count(mine)
    for each in both:
        x, y = in_km(each)
        away = [np.hypot(x - place[0], y - place[1]) for place in ((6.93, 1.07), (4.63, 1.07))]
        assert min(away) > 0.25


def test_an_approved_neighbour_leaves_nothing_to_lose(store, homes):
    it = proposed(store, 7, 1)
    before = measuring.figures_of(store, PROVINCE, it.content)
    kept = replace(it, figures=before)
    assert not measuring.stale(store, kept)
    proposed(store, 7, 1.03, until=State.APPROVED)
    found = measuring.price_of(store, it)
    there, served = homes.near((7, 1)), homes.near(OPEN, (7, 1.03))
    assert (found.unserved, found.shared) == (homes.count(there & ~served), 0)
    after = measuring.figures_of(store, PROVINCE, it.content)
    assert (after.gained, after.overlap) == (found.unserved, homes.count(there & served))
    assert after.gained < before.gained
    assert measuring.stale(store, kept)
    assert not measuring.stale(store, replace(it, figures=after))
    assert measuring.stale(store, it)


def test_the_place_of_a_rejected_proposal_takes_nobodys_place_until_it_is_lifted(store):
    it = proposed(store, 6.93, 1.07)
    first = measuring.price_of(store, it)
    x, y = in_km(first)
    rejected = proposed(store, x, y, until=State.NOT_APPROVED)
    second = measuring.price_of(store, it)
    assert np.hypot(in_km(second)[0] - x, in_km(second)[1] - y) > 0.25
    assert second.unserved == first.unserved
    deciding.lift(store, PEOPLE["approver"], at(rejected, reason="đã khắc phục"))
    assert measuring.price_of(store, it) == first


def test_what_is_closed_by_decision_is_missed_and_can_be_replaced(store, homes):
    point = listed_point(store)
    it = proposed(store, 3, 1.03)
    assert measuring.figures_of(store, PROVINCE, it.content).gained < 10
    closing = {"kind": ProposalKind.CLOSE, "point_id": point, "organisation": ""}
    proposed(store, 3, 1, until=State.APPROVED, **closing)
    there = homes.near((3, 1.03))
    found = measuring.figures_of(store, PROVINCE, it.content)
    assert (found.gained, found.distance_now_m) == (homes.count(there), None)
    price = measuring.price_of(store, it)
    x, y = in_km(price)
    assert price.unserved == homes.count(there)
    assert price.of_them == homes.count(there & homes.near((x, y))) > 0
