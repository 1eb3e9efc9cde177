"""Figures and prices of proposals by hand, on the row of four communes.

One point is open, at (3, 1); it serves 600 of 1000 people within the usual 3 km. The 400 of
98004 live at (7, 1), 4 km from it; the 300 of 98003 at (5, 1).
"""

from dataclasses import replace

import pytest

from planning.model.people import Action
from planning.model.proposals import ProposalKind, State
from planning.services.review import deciding, drafting, measuring
from planning.services.review.computing import prices
from planning.store import layers, proposals
from tests.planning.review.acting import PEOPLE, PROVINCE, at, attempt, content

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
        who = "planner" if (who == "post" and "organisation" in more) else who
        it = attempt(store, PEOPLE[who], action, it)
        assert it.state is state
    assert it.state is until
    return it


def listed_point(store, kind="direct", status="open") -> str:
    with store.reading() as db:
        points = layers.load_points(db, PROVINCE)
    found = points[(points["kind"] == kind) & (points["status"] == status)]
    return str(found["point_id"].iloc[0])


def test_a_new_point_by_hand(store):
    found = measuring.figures_of(store, PROVINCE, content(7, 1))
    assert (found.gained, found.lost, found.overlap) == (400, 0, 300)
    assert found.distance_now_m == pytest.approx(4000, rel=1e-3)
    assert found.distance_then_m == pytest.approx(0, abs=0.01)
    assert (found.rank, found.firmness) == (1, "firm")
    assert (found.valid_from, found.standard, found.decisions) == ("2025-07-01", "3 km", "")
    assert "2025-03-31" in found.population_base


def test_a_closing_a_move_and_a_change_of_kind_by_hand(store):
    point = listed_point(store)
    about = {"point_id": point, "organisation": ""}
    closing = content(3, 1, kind=ProposalKind.CLOSE, **about)
    moving = content(6.5, 1, kind=ProposalKind.MOVE, **about)
    online = content(3, 1, kind=ProposalKind.KIND, point_kind="online", **about)
    served = content(
        7, 1, kind=ProposalKind.KIND, point_id=listed_point(store, "online"), organisation=""
    )
    found = measuring.figures_of_all(store, PROVINCE, [closing, moving, online, served])
    assert [(each.gained, each.lost, each.overlap) for each in found] == [
        # Nobody else serves the 600; the one at (6.5, 1) reaches 98003 and 98004, not the others.
        (0, 600, 0), (400, 300, 0), (0, 600, 0), (400, 0, 300),
    ]  # fmt: skip
    assert found[0].distance_then_m is None
    assert [each.rank for each in found] == [None, 1, None, 1]
    assert found[0].firmness is None


def test_a_point_that_serves_nobody_within_reach_has_no_figures_of_people(store):
    found = measuring.figures_of(store, PROVINCE, content(7, 1, point_kind="online"))
    assert (found.gained, found.lost, found.overlap, found.rank) == (0, 0, 0, None)


def test_ranks_count_those_under_review_and_equal_ones_stand_side_by_side(store):
    proposed(store, 3, 1.5)  # gains nobody
    first, second = proposed(store, 7, 1), proposed(store, 6.5, 1)
    proposed(store, 7.5, 1, until=State.DRAFT)
    ranks = [measuring.figures_of(store, PROVINCE, each.content).rank for each in (first, second)]
    assert ranks == [1, 1]
    assert measuring.figures_of(store, PROVINCE, content(2, 1)).rank == 3


def test_the_price_names_who_stays_unserved_and_what_could_take_the_place(store):
    found = measuring.price_of(store, proposed(store, 7, 1))
    # The online point at (7, 1) is the same place; the homes at (5, 1) are 2 km from the 400.
    assert (found.unserved, found.served_there, found.of_them) == (400, 400, 400)
    assert found.replacement == "Xã Số 3"
    assert found.distance_m == pytest.approx(2000, rel=1e-3)
    assert (found.shared, found.shared_with) == (0, "")


def test_who_another_proposal_under_review_would_serve_is_told_apart(store):
    one, other = proposed(store, 7, 1), proposed(store, 6.5, 1)
    proposed(store, 7.5, 1, until=State.DRAFT)  # nobody else's business yet
    found = measuring.price_of(store, one)
    assert (found.unserved, found.replacement) == (0, "")
    assert (found.shared, found.shared_with) == (400, other.number)
    both = [measuring.price_of(store, each, {one.number, other.number}) for each in (one, other)]
    assert [each.unserved for each in both] == [400, 400]
    appraised = [proposals_in(store, each.number) for each in (one, other)]
    assert [each.unserved for each in prices(store, PEOPLE["approver"], appraised)] == [400, 400]


def proposals_in(store, number):
    with store.reading() as db:
        return proposals.load(db, PROVINCE, number)


def test_an_approved_neighbour_leaves_nothing_to_lose(store):
    it = proposed(store, 7, 1)
    before = measuring.figures_of(store, PROVINCE, it.content)
    kept = replace(it, figures=before)
    assert not measuring.stale(store, kept)
    proposed(store, 6.5, 1, until=State.APPROVED)
    found = measuring.price_of(store, it)
    assert (found.unserved, found.shared) == (0, 0)
    after = measuring.figures_of(store, PROVINCE, it.content)
    assert (after.gained, after.overlap) == (0, 700)
    assert measuring.stale(store, kept)
    assert not measuring.stale(store, replace(it, figures=after))
    assert measuring.stale(store, it)


def test_the_place_of_a_rejected_proposal_takes_nobodys_place(store):
    rejected = proposed(store, 5, 1, until=State.NOT_APPROVED)
    it = proposed(store, 7, 1)
    found = measuring.price_of(store, it)
    assert found.unserved == 400
    assert found.replacement == ""  # the homes at (5, 1) were the only other place
    deciding.lift(store, PEOPLE["approver"], at(rejected, reason="đã khắc phục"))
    assert measuring.price_of(store, it).replacement == "Xã Số 3"


def test_what_is_closed_by_decision_is_missed_and_can_be_replaced(store):
    point = listed_point(store)
    it = proposed(store, 3, 1, until=State.SUBMITTED)
    assert measuring.figures_of(store, PROVINCE, it.content).gained == 0
    closing = {"kind": ProposalKind.CLOSE, "point_id": point, "organisation": ""}
    proposed(store, 3, 1, until=State.APPROVED, **closing)
    found = measuring.figures_of(store, PROVINCE, it.content)
    assert (found.gained, found.distance_now_m) == (600, None)
    price = measuring.price_of(store, it)
    assert price.unserved == 600
    # From (1, 1) or (5, 1) two of the three communes are reached; those at (5, 1) are more.
    assert (price.replacement, price.of_them, price.served_there) == ("Xã Số 3", 500, 900)
