"""Decisions, codes, and the list of points that follows them."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from planning.model.compliance import Record
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import EVERYWHERE, Action, ForbiddenError, Grant, Role, User
from planning.model.proposals import ChangedError, Price, ProposalKind, Reason, SiteCheck, State
from planning.services.requests import AnalysisRequest
from planning.services.review import computing, deciding, drafting, measuring, putting, steps
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask, BulkError
from planning.store import imports, layers, proposals, review_tables, rows
from planning.store.decided import present_decisions
from planning.store.register import history
from planning.store.situation import current_fingerprint
from tests.planning.review.acting import OTHER, PEOPLE, POST, PROVINCE, at, attempt, content

PLANNER, REVIEWER, APPROVER = PEOPLE["planner"], PEOPLE["reviewer"], PEOPLE["approver"]
TO_APPRAISED = (
    ("post", Action.SUBMIT), ("checker", Action.BEGIN_CHECK), ("checker", Action.FINISH_CHECK),
    ("reviewer", Action.APPRAISE),
)  # fmt: skip
TO_OPERATING = (
    ("approver", Action.APPROVE), ("reviewer", Action.ISSUE_CODE), ("reviewer", Action.PUBLISH),
    ("reviewer", Action.START),
)  # fmt: skip


def brought(store, way, said=None, who=PEOPLE["post"]):
    now = drafting.propose(store, who, PROVINCE, said or content())
    for name, action in way:
        user = who if name == "post" else PEOPLE[name]
        now = attempt(store, user, action, now)
    return now


def appraised(store, said=None, who=PEOPLE["post"]):
    return brought(store, TO_APPRAISED, said, who)


def test_an_approval_needs_its_document_and_a_check_that_was_passed(store):
    ready = appraised(store)
    with pytest.raises(RequestError, match="document"):
        deciding.approve(store, APPROVER, [at(ready)])
    failed = drafting.propose(store, PLANNER, PROVINCE, content(3))
    for who, action in TO_APPRAISED[:2]:
        failed = attempt(store, PLANNER if who == "post" else PEOPLE[who], action, failed)

    def not_passed(_db, then):
        return replace(then, check=SiteCheck("checker", "2026-11-20", passed=False))

    failed = steps.act(store, PEOPLE["checker"], at(failed, action=Action.FINISH_CHECK), not_passed)
    failed = deciding.appraise(store, REVIEWER, [at(failed)])[0]
    with pytest.raises(BulkError, match="did not pass"):
        deciding.approve(store, APPROVER, [at(each, document="1/QĐ") for each in (ready, failed)])
    done = deciding.approve(store, APPROVER, [at(ready, document="1/QĐ-BHXH", reason="đủ")])[0]
    assert (done.state, done.decision.document, done.decision.by) == (
        State.APPROVED, "1/QĐ-BHXH", "approver")  # fmt: skip


def test_a_decision_on_what_was_changed_meanwhile_is_refused(store):
    read = appraised(store)
    now = attempt(store, REVIEWER, Action.COMMENT, read)
    with pytest.raises(BulkError) as refused:
        deciding.approve(store, APPROVER, [at(read, document="1/QĐ")])
    assert isinstance(refused.value.lines[0], ChangedError)
    assert refused.value.lines[0].version == now.version
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, read.number) == now


def test_a_rejection_keeps_its_reason_and_price_until_it_is_lifted(store):
    ready = appraised(store)
    price = Price(1200, "Trạm y tế", 105.1, 10.2, 850.0, 1100)
    with pytest.raises(RequestError, match="why"):
        deciding.reject(store, APPROVER, [at(ready)], [Verdict(Reason.NEED, " ", price)])
    no = deciding.reject(store, APPROVER, [at(ready)], [Verdict(Reason.NEED, "Ít người", price)])[0]
    assert no.decision == deciding.Decision(
        approved=False, by="approver", at=no.changed_at, reason="need", text="Ít người", price=price
    )
    with store.reading() as db:
        assert proposals.load(db, PROVINCE, no.number) == no
        assert proposals.events(db, no.id)[-1].facts["price"]["unserved"] == 1200
    with pytest.raises(RequestError, match="why"):
        deciding.lift(store, APPROVER, at(no))
    lifted = deciding.lift(store, APPROVER, at(no, reason="xem lại"))
    assert lifted.decision.lifted
    with pytest.raises(RequestError, match="lifted already"):
        deciding.lift(store, APPROVER, at(lifted, reason="nữa"))


def test_codes_are_unique_per_organisation_and_commune(store):
    with store.writing() as db:
        ((first, *_),) = [layers.load_points(db, PROVINCE)["point_id"].tolist()]
        rows.change_point(db, PROVINCE, first, {"official_code": f"{POST}TH9898004007"})
    ready = [appraised(store, content(x, y)) for x, y in ((7, 1), (6.5, 1), (1, 1))]
    mine = appraised(store, content(7, 0.5, organisation=OTHER), PLANNER)
    both = [*ready, mine]
    approved = deciding.approve(store, APPROVER, [at(each, document="1/QĐ") for each in both])
    codes = [each.code for each in putting.issue_codes(store, REVIEWER, [at(each) for each in approved])]  # fmt: skip
    assert codes == [
        f"{POST}TH9898004008", f"{POST}TH9898004009", f"{POST}TH9898001001",
        f"{OTHER}TH9898004001",
    ]  # fmt: skip
    with store.reading() as db:
        kept = db.execute(sa.select(review_tables.official_code.c.code)).scalars()
        assert sorted(kept) == sorted(codes)


@pytest.mark.parametrize(
    ("wrong", "says"), [({"organisation": "IS0212M"}, "10 or 7 digits"), ({"x": 40}, "no commune")]
)
def test_a_code_needs_an_organisation_and_a_commune(store, wrong, says):
    ready = drafting.propose(store, PLANNER, PROVINCE, content(**wrong))
    checker = PEOPLE["checker"] if "x" not in wrong else everywhere()
    for who, action in TO_APPRAISED:
        user = {"post": PLANNER, "checker": checker}.get(who) or PEOPLE[who]
        ready = attempt(store, user, action, ready)
    done = deciding.approve(store, APPROVER, [at(ready, document="1/QĐ")])[0]
    with pytest.raises(BulkError, match=says):
        putting.issue_codes(store, REVIEWER, [at(done)])
    with pytest.raises(BulkError, match="official code first"):
        putting.publish(store, REVIEWER, [at(done)])


def everywhere():
    return User("wide", grants=(Grant(Role.CHECKER, PROVINCE, office=EVERYWHERE),))


def test_what_operates_stands_in_the_list_and_figures_follow(store):
    request = AnalysisRequest(PROVINCE)
    before, _ = current_fingerprint(store, *_of(request))
    ready = brought(store, (*TO_APPRAISED, *TO_OPERATING[:3]), content(staff=("NV1", "NV2")))
    assert current_fingerprint(store, *_of(request))[0] == before  # nothing operates yet
    now = attempt(store, REVIEWER, Action.START, ready)
    with store.reading() as db:
        point = rows.point(db, PROVINCE, now.code)
        assert imports.batches(db, PROVINCE)[-1].options == {
            "decision": now.number, "step": "start", "version": now.version}  # fmt: skip
        layers.load_points(db, PROVINCE)  # the list passes its own checks
    assert point["status"] == "open"
    assert (point["opened"], point["commune_code"], point["staff_count"]) == ("2026-12-01", "98004", 2)  # fmt: skip
    assert current_fingerprint(store, *_of(request))[0] != before
    now = attempt(store, REVIEWER, Action.SUSPEND, now)
    now = attempt(store, REVIEWER, Action.RESUME, now)
    now = attempt(store, APPROVER, Action.END, now)
    with store.reading() as db:
        point = rows.point(db, PROVINCE, now.code)
        told = history(db, PROVINCE, Record.POINT, now.code)
    assert (point["status"], point["closed"]) == ("closed", "2027-01-31")
    assert {each.deed.how for each in told} == {"decision"}
    assert [each.added for each in told] == [False, False, False, True]
    assert [each.fields.get("status") for each in told[:3]] == [
        ("open", "closed"), ("suspended", "open"), ("open", "suspended")
    ]  # fmt: skip


def _of(request: AnalysisRequest):
    return request.province, request.valid_from


def test_a_moved_point_keeps_its_code_only_where_that_is_right(store):
    with store.writing() as db:
        points = layers.load_points(db, PROVINCE)
        (middle,) = points.loc[points["name"] == "Bưu cục Giữa", "point_id"]
        rows.change_point(db, PROVINCE, middle, {
            "official_code": f"{POST}TH9898002001", "organisation_code": POST})  # fmt: skip
    near = {"kind": ProposalKind.MOVE, "point_id": middle, "name": "Bưu cục Giữa"}
    stays = brought(store, (*TO_APPRAISED, TO_OPERATING[0]), content(2.5, 1, **near), PLANNER)
    stays = putting.publish(store, REVIEWER, [at(stays)])[0]
    stays = attempt(store, REVIEWER, Action.START, stays)
    with store.reading() as db:
        moved = rows.point(db, PROVINCE, middle)
    assert (moved["official_code"], moved["lon"]) == (f"{POST}TH9898002001", stays.content.lon)
    leaves = brought(store, (*TO_APPRAISED, TO_OPERATING[0]), content(5, 1, **near), PLANNER)
    with pytest.raises(BulkError, match="official code first"):
        putting.publish(store, REVIEWER, [at(leaves)])
    for who, action in TO_OPERATING[1:]:
        leaves = attempt(store, PEOPLE[who], action, leaves)
    with store.reading() as db:
        moved = rows.point(db, PROVINCE, middle)
    assert (moved["official_code"], moved["commune_code"]) == (f"{POST}TH9898003001", "98003")


def test_the_same_step_sent_twice_is_taken_once(store):
    ready = appraised(store)
    ask = Ask(PROVINCE, ready.number, ready.version, Action.APPROVE, document="1/QĐ")
    deciding.approve(store, APPROVER, [ask])
    with pytest.raises(BulkError, match="was changed"):
        deciding.approve(store, APPROVER, [ask])


def test_figures_of_several_are_computed_again_at_once(store):
    first, second, other = (appraised(store, content(x)) for x in (1, 5, 7))
    deciding.approve(store, APPROVER, [at(other, document="1/QĐ")])
    asks = [at(each, action=Action.MEASURE) for each in (first, second)]
    assert all(measuring.stale(store, each) for each in (first, second))
    done = computing.measure_all(store, REVIEWER, asks)
    assert not any(measuring.stale(store, each) for each in done)
    one_by_one = [measuring.figures_of(store, PROVINCE, each.content) for each in done]
    assert [each.figures.gained for each in done] == [each.gained for each in one_by_one]
    with pytest.raises(ForbiddenError):
        computing.measure_all(store, PEOPLE["viewer"], [at(each) for each in done])


@pytest.mark.parametrize("so_far", [1, 2, 3], ids=["approved", "code issued", "published"])
def test_an_approval_can_be_taken_back_until_its_point_operates(store, so_far):
    ready = brought(store, (*TO_APPRAISED, *TO_OPERATING[:so_far]))
    assert present_decisions(store, PROVINCE).in_force
    with pytest.raises(RequestError, match="number of the document"):
        deciding.revoke(store, APPROVER, at(ready, reason="chủ nhà rút"))
    with pytest.raises(RequestError, match="Say why"):
        deciding.revoke(store, APPROVER, at(ready, document="9/QĐ"))
    with pytest.raises(ForbiddenError):
        deciding.revoke(store, REVIEWER, at(ready, reason="vì", document="9/QĐ"))
    now = deciding.revoke(store, APPROVER, at(ready, reason="chủ nhà rút", document="9/QĐ"))
    assert now.state is State.ENDED
    assert not present_decisions(store, PROVINCE)  # later questions count it no more
    again = brought(store, (*TO_APPRAISED, *TO_OPERATING[:2]))
    assert again.code != now.code  # nobody is given a code that was issued before


def test_a_point_that_left_the_list_can_still_be_ended(store):
    now = brought(store, (*TO_APPRAISED, *TO_OPERATING))
    with store.writing() as db:
        rows.remove_point(db, PROVINCE, now.content.point_id)
    with pytest.raises(NotFoundError):
        attempt(store, REVIEWER, Action.SUSPEND, now)
    assert attempt(store, APPROVER, Action.END, now).state is State.ENDED


def test_a_number_carries_the_year_of_the_offices(store, monkeypatch):
    monkeypatch.setattr(drafting, "today", lambda: "2027-01-01")  # still 2026 in UTC
    assert drafting.propose(store, PLANNER, PROVINCE, content()).number == "DX-2027-0001"
