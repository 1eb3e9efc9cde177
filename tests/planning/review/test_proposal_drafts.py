"""Proposals that can still be changed: where they lie, what scenarios become, requests and answers."""

import pytest

from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action, ForbiddenError
from planning.model.proposals import Condition, Content, Met, ProposalKind, State
from planning.model.scenario import Change, ChangeKind
from planning.services import scenarios
from planning.services.requests import AnalysisRequest
from planning.services.review import deciding, drafting
from planning.services.review.drafting import Edit
from planning.services.review.steps import Ask
from planning.services.scenarios import Write
from planning.store import layers, proposals
from tests.planning.review.acting import OTHER, PEOPLE, POST, PROVINCE, at, attempt, content
from tests.toy import district

PLANNER = PEOPLE["planner"]


@pytest.fixture
def listed(store):
    with store.reading() as db:
        points = layers.load_points(db, PROVINCE)
    return dict(zip(points["name"], points["point_id"], strict=True))


def test_a_draft_lies_where_its_place_is(store):
    made = drafting.propose(store, PLANNER, PROVINCE, content(7, 1))
    assert (made.commune, made.valid_from, made.state) == ("98004", district.SINCE, State.DRAFT)
    assert made.number.startswith("DX-")
    assert made.number.endswith("-0001")
    assert made.code == ""
    outside = drafting.propose(store, PLANNER, PROVINCE, content(30, 1))
    assert (outside.commune, outside.number[-4:]) == ("", "0002")
    with store.reading() as db:
        assert proposals.listed(db, PROVINCE) == [made, outside]


def test_what_was_said_comes_back_as_it_was(store):
    said = content(
        name="Trạm y tế “Ấp 3”", host="Trạm y tế", host_type="trạm y tế", address="Ấp 3",
        opening_hours="7:30–16:30", cost=12_000_000, staff=("NV1", "NV2"), note="hai\ndòng",
        conditions=(Condition("BH", Met.YES, "đã treo"), Condition("NV", Met.NO)),
    )  # fmt: skip
    made = drafting.propose(store, PLANNER, PROVINCE, said)
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, made.number).content == said
    assert Content.of(said.as_dict()) == said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": " "}, "a name"),
        ({"kind": ProposalKind.CLOSE}, "which listed point"),
        ({"point_kind": "shop"}, "direct, online or mobile"),
        ({"cost": -1}, "cost"),
        ({"note": "x" * 2001}, "characters"),
        ({"name": "Bưu\u202ecục"}, "characters"),
        ({"staff": ("a\x00b",)}, "characters"),
    ],
)
def test_what_cannot_be_proposed_is_refused(wrong, says):
    with pytest.raises(RequestError, match=says):
        content(**wrong)


def test_an_organisation_proposes_for_itself_alone(store):
    with pytest.raises(ForbiddenError):
        drafting.propose(store, PEOPLE["post"], PROVINCE, content(organisation=OTHER))
    made = drafting.propose(store, PEOPLE["post"], PROVINCE, content())
    with pytest.raises(NotFoundError):  # for another one it is not there
        drafting.withdraw(store, PEOPLE["other"], at(made))
    with pytest.raises(ForbiddenError):
        drafting.edit(store, PEOPLE["post"], at(made), Edit(content(organisation=OTHER)))


def test_one_listed_point_has_one_open_proposal(store, listed):
    where = {"point_id": listed["Bưu cục Giữa"], "kind": ProposalKind.CLOSE}
    first = drafting.propose(store, PLANNER, PROVINCE, content(3, **where))
    with pytest.raises(RequestError, match=first.number):
        drafting.propose(store, PLANNER, PROVINCE, content(3, **where))
    drafting.withdraw(store, PLANNER, at(first))
    drafting.propose(store, PLANNER, PROVINCE, content(3, **where))
    with pytest.raises(NotFoundError):
        drafting.propose(store, PLANNER, PROVINCE, content(3, **where | {"point_id": "X"}))


def test_a_scenario_becomes_proposals_once(store, listed):
    made = scenarios.make(store, AnalysisRequest(PROVINCE), "Phương án")
    (lon, lat), (to_lon, to_lat) = district.degrees([(7, 1), (5, 0.5)])
    changes = [
        Change(ChangeKind.ADD, lon=float(lon), lat=float(lat), name="Chợ", host="Chợ huyện"),
        Change(ChangeKind.MOVE, listed["Bưu cục Giữa"], lon=float(to_lon), lat=float(to_lat)),
        Change(ChangeKind.KIND, listed["Nhà thuốc An"], to="direct"),
        Change(ChangeKind.OPEN, listed["Bưu cục Cũ"]),
        Change(ChangeKind.LOCK_OUT, lon=float(lon), lat=float(lat)),
    ]
    write = Write(PROVINCE, made.id, made.version)
    made = scenarios.change(store, AnalysisRequest(PROVINCE), write, changes)
    found = drafting.from_scenario(store, PLANNER, made, POST)
    assert [(each.kind, each.content.name, each.content.point_kind) for each in found] == [
        (ProposalKind.OPEN, "Chợ", "direct"),
        (ProposalKind.MOVE, "Bưu cục Giữa", "direct"),
        (ProposalKind.KIND, "Nhà thuốc An", "direct"),
        (ProposalKind.OPEN, "Bưu cục Cũ", "direct"),
    ]
    assert {each.scenario for each in found} == {made.id}
    assert found[0].content.organisation == POST
    assert found[1].content.organisation == ""  # the list knows none
    assert found[1].content.lon == pytest.approx(to_lon)
    with pytest.raises(RequestError, match="proposed already"):
        drafting.from_scenario(store, PLANNER, made, POST)
    drafting.withdraw(store, PLANNER, at(found[2]))
    (again,) = drafting.from_scenario(store, PLANNER, made, POST)
    assert again.content.name == "Nhà thuốc An"


def test_requests_are_answered_by_the_change_they_ask_for(store):
    made = drafting.propose(store, PLANNER, PROVINCE, content())
    sent = drafting.submit(store, PLANNER, at(made))
    back = deciding.ask_more(store, PEOPLE["reviewer"], at(sent), [
        ("address", "Ghi số nhà"), ("", "Kèm ảnh"), ("name", "  "),
    ])  # fmt: skip
    assert [(each.field, each.settled) for each in back.wanted] == [("address", False), ("", False)]
    once = drafting.edit(store, PLANNER, at(back), Edit(content(address="12 Lê Lợi")))
    assert [each.settled for each in once.wanted] == [True, False]
    twice = drafting.edit(
        store, PLANNER, at(once), Edit(content(address="12 Lê Lợi"), settled=(1,))
    )
    assert [each.settled for each in twice.wanted] == [True, True]
    again = drafting.submit(store, PLANNER, at(twice))
    assert again.state is State.SUBMITTED


def test_a_moved_place_makes_the_figures_unknown(store):
    made = drafting.propose(store, PLANNER, PROVINCE, content())
    moved = drafting.edit(store, PLANNER, at(made), Edit(content(1, 1)))
    assert (moved.commune, made.commune) == ("98001", "98004")
    with store.reading() as db:
        told = proposals.events(db, made.id)[-1].facts["changed"]
    assert set(told) == {"lon", "lat"}
    with pytest.raises(RequestError, match="keeps what it asks for"):
        drafting.edit(store, PLANNER, at(moved), Edit(content(1, 1, kind=ProposalKind.MOVE, point_id="x")))  # fmt: skip


def test_a_bulk_step_is_taken_by_all_or_none(store):
    made = [drafting.propose(store, PLANNER, PROVINCE, content(x)) for x in (1, 3, 5)]
    sent = [drafting.submit(store, PLANNER, at(each)) for each in made[:2]]
    asks = [at(each, action=Action.ASSIGN) for each in (*sent, made[2])]
    stale = [*asks[:2], Ask(PROVINCE, made[2].number, 9, Action.ASSIGN)]
    with pytest.raises(RequestError, match="day"):
        deciding.assign(store, PEOPLE["reviewer"], asks, "checker", "31/12/2026")
    with pytest.raises(Exception, match="Nothing was done") as refused:
        deciding.assign(store, PEOPLE["reviewer"], stale, "checker", "2026-12-31")
    assert len(refused.value.lines) == 1
    with store.reading() as db:
        assert {each.assigned_to for each in proposals.listed(db, PROVINCE)} == {""}
    deciding.assign(store, PEOPLE["reviewer"], asks, "checker", "2026-12-31")
    with store.reading() as db:
        assert {(each.assigned_to, each.due) for each in proposals.listed(db, PROVINCE)} == {
            ("checker", "2026-12-31")
        }


def test_whoever_may_not_see_a_proposal_is_told_it_is_not_there(store):
    made = drafting.propose(store, PLANNER, PROVINCE, content())
    for who in ("other", "idle", "neighbour", "nobody", "locked"):
        with pytest.raises(NotFoundError):
            attempt(store, PEOPLE[who], Action.COMMENT, made)
    with pytest.raises(ForbiddenError):  # sees it, but may not
        attempt(store, PEOPLE["viewer"], Action.COMMENT, made)


def test_too_many_at_once_are_refused_and_none_is_left_out(store):
    ask = Ask(PROVINCE, "DX-2026-0001", 1, Action.ASSIGN)
    with pytest.raises(RequestError, match="at once"):
        deciding.assign(store, PEOPLE["reviewer"], [ask] * 501, "checker", "")
