"""What is decided counts in every later question, and a plan says what it counted."""

import json

import numpy as np
import pytest

from planning import jobs
from planning.jobs import tasks
from planning.jobs.replanning import replan
from planning.model.asking import Objective
from planning.model.errors import NotFoundError, RequestError
from planning.model.people import Action, ForbiddenError
from planning.model.proposals import ProposalKind, State
from planning.model.scenario import Change, ChangeKind
from planning.model.siting import SuggestionAsk, Upon
from planning.model.wishes import Existing, Limits, RuleWishes
from planning.services import replay, scenarios, siting
from planning.services.requests import AnalysisRequest
from planning.services.review import deciding, drafting
from planning.services.scenarios import Write
from planning.store.decided import present_decisions
from tests.planning.review.acting import PEOPLE, PROVINCE, at, attempt, content
from tests.planning.review.test_measuring import WAY, listed_point, proposed
from tests.toy import district

OURS = AnalysisRequest(PROVINCE)
ONE = SuggestionAsk(points=1)
APPROVER = PEOPLE["approver"]


def apart_km(one, other) -> float:
    return float(np.hypot(*(np.subtract(in_km(one), in_km(other)))))


def in_km(it) -> tuple[float, float]:
    x, y = district.TO_ZONE.transform(it.lon, it.lat)
    return (x - district.EAST) / 1000, (y - district.NORTH) / 1000


def decide(store, lon, lat, until, **more):
    """Return a proposal at a place in degrees that was decided."""
    x, y = district.TO_ZONE.transform(lon, lat)
    return proposed(store, (x - district.EAST) / 1000, (y - district.NORTH) / 1000, until=until, **more)  # fmt: skip


def done(store, number):
    """Do the job of a number here, and return its plan."""

    class Line:
        def tell(self, *_):
            return False

        def on_stop(self, _):
            return None

    job = jobs.status(store, PROVINCE, number)
    keep = tasks.TASKS[job.kind].work(store, job, Line())
    with store.writing() as db:
        plan = keep(db)
    return siting.kept(store, PROVINCE, plan)


def test_an_approved_point_counts_as_open_and_a_rejected_place_never_comes_back(store):
    first = siting.suggest(store, OURS, ONE)
    (site,) = first.sites
    approved = decide(store, site.lon, site.lat, State.APPROVED)
    second = siting.suggest(store, OURS, ONE)
    assert second.people_unserved == first.people_unserved - first.people_gained
    assert all(apart_km(each, site) > 0.25 for each in second.sites)
    assert [each.number for each in second.decisions.in_force] == [approved.number]
    closed = {"kind": ProposalKind.CLOSE, "point_id": listed_point(store), "organisation": ""}
    decide(store, *district.degrees([(3, 1)])[0], State.APPROVED, **closed)
    third = siting.suggest(store, OURS, ONE)
    assert third.people_unserved > second.people_unserved


@pytest.mark.parametrize("ask", [
    ONE, SuggestionAsk(points=2, polish=True), SuggestionAsk(points=2, firmness=True),
    SuggestionAsk(points=1, objective=Objective.MEAN_DISTANCE),
    SuggestionAsk(points=4, rules=RuleWishes(per_commune=Limits(least=1))),
    SuggestionAsk(points=1, existing=Existing(("all",), moves=1)),
])  # fmt: skip
def test_no_rejected_place_is_suggested_whatever_is_asked(store, ask):
    for _ in range(3):
        sites = siting.suggest(store, OURS, ask).sites
        counted = present_decisions(store, PROVINCE).kept_out
        assert all(apart_km(each, out) > 0.25 for each in sites for out in counted)
        shifts = [each.shift for each in sites if each.shift]
        assert all(apart_km(each, out) > 0.25 for each in shifts for out in counted)
        if not sites:
            break
        decide(store, sites[0].lon, sites[0].lat, State.NOT_APPROVED)


def test_a_lifted_place_may_be_suggested_again(store):
    (site,) = siting.suggest(store, OURS, ONE).sites
    rejected = decide(store, site.lon, site.lat, State.NOT_APPROVED)
    assert apart_km(siting.suggest(store, OURS, ONE).sites[0], site) > 0.25
    locked = SuggestionAsk(points=1, rules=RuleWishes(locked_in=(site.id,)))
    with pytest.raises(RequestError, match="not approved"):
        siting.suggest(store, OURS, locked)
    deciding.lift(store, APPROVER, at(rejected, reason="đã khắc phục"))
    again = siting.suggest(store, OURS, ONE)
    assert [each.id for each in again.sites] == [site.id]
    assert not again.decisions


def test_a_plan_is_out_of_date_once_something_is_decided_and_repeats_all_the_same(store, tmp_path):
    plan = siting.suggest(store, OURS, ONE)
    number = siting.listed(store, PROVINCE)[0][0].id
    assert [old for _, old in siting.listed(store, PROVINCE)] == [False]
    site = plan.sites[0]
    rejected = decide(store, site.lon, site.lat, State.NOT_APPROVED)
    assert siting.kept(store, PROVINCE, number).out_of_date
    assert siting.latest(store, OURS)[1]
    fresh = siting.suggest(store, OURS, ONE)
    assert [old for _, old in siting.listed(store, PROVINCE)] == [False, True]
    kept = siting.kept(store, PROVINCE, siting.listed(store, PROVINCE)[0][0].id)
    assert (kept.plan, kept.out_of_date) == (fresh, False)
    files = []
    for each in (plan, fresh):
        files.append(tmp_path / f"{len(files)}.json")
        files[-1].write_text(json.dumps(replay.recorded(each, "2026-11-22", None)), "utf-8")
    deciding.lift(store, APPROVER, at(rejected, reason="đã khắc phục"))
    # Each is made again with the decisions it counted, whatever holds by now.
    for file, before in zip(files, (plan, fresh), strict=True):
        again = replay.repeat(store, file)
        assert again.differences == ()
        assert again.plan.decisions == before.decisions
    assert siting.kept(store, PROVINCE, kept.id).out_of_date


def test_a_question_asked_before_a_decision_is_answered_as_it_was_asked(store):
    (site,) = siting.suggest(store, OURS, ONE).sites
    values = siting.as_values(store, OURS, ONE)
    number = jobs.ask(store, "suggest", PROVINCE, values)
    decide(store, site.lon, site.lat, State.NOT_APPROVED)
    before = done(store, number)
    assert [each.id for each in before.plan.sites] == [site.id]
    assert before.out_of_date
    number = jobs.ask(store, "suggest", PROVINCE, siting.as_values(store, OURS, ONE))
    after = done(store, number)
    assert apart_km(after.plan.sites[0], site) > 0.25
    assert not after.out_of_date


def test_what_if_stands_on_what_is_decided(store):
    made = scenarios.make(store, OURS, "Thử")
    here = content(7, 1)
    add = Change(ChangeKind.ADD, lon=here.lon, lat=here.lat, name="Mới")
    made = scenarios.change(store, OURS, Write(PROVINCE, made.id, made.version), [add])
    before = scenarios.evaluate(store, OURS, made)
    assert (before.out_of_date, before.figures.added) == (False, 1)
    (proposal,) = drafting.from_scenario(store, PEOPLE["planner"], made)
    for who, action, _ in WAY:
        user = PEOPLE["planner" if who == "post" else who]
        proposal = attempt(store, user, action, proposal)
    assert proposal.state is State.APPROVED
    after = scenarios.evaluate(store, OURS, made)
    assert after.out_of_date
    # What was proposed from the scenario and is approved by now is no news.
    assert after.figures.now.people_served == before.figures.then.people_served
    assert (after.figures.people_gained, after.figures.added) == (0, 0)
    assert after.figures.now.points == after.figures.then.points == before.figures.then.points
    followed = scenarios.follow(store, OURS, Write(PROVINCE, made.id, made.version))
    assert not scenarios.evaluate(store, OURS, followed).out_of_date


def test_best_places_leave_out_what_was_rejected(store):
    made = scenarios.make(store, OURS, "Thử")
    first = scenarios.best_places(store, OURS, made.outline)[0]
    decide(store, first.lon, first.lat, State.NOT_APPROVED)
    for search in ("", "xã"):
        places = scenarios.best_places(store, OURS, made.outline, search)
        assert places
        assert all(apart_km(each, first) > 0.25 for each in places)


def test_a_plan_asked_again_leaves_out_what_is_settled(store):
    planner = PEOPLE["planner"]
    with pytest.raises(NotFoundError):
        replan(store, planner, PROVINCE)
    ask = SuggestionAsk(points=3, objective=Objective.MEAN_DISTANCE)
    one, two, three = siting.suggest(store, OURS, ask).sites
    number = siting.listed(store, PROVINCE)[0][0].id
    decide(store, one.lon, one.lat, State.APPROVED)
    decide(store, two.lon, two.lat, State.NOT_APPROVED)
    decide(store, three.lon, three.lat, State.SUBMITTED)
    with pytest.raises(ForbiddenError):
        replan(store, PEOPLE["viewer"], PROVINCE)
    job = replan(store, planner, PROVINCE)
    assert replan(store, planner, PROVINCE, plan=number) == job
    again = done(store, job).plan
    assert (again.points_asked, again.objective) == (2, Objective.MEAN_DISTANCE)
    assert len(again.sites) == 2
    # The one under review stays; the approved one is there; the rejected one is replaced.
    assert any(apart_km(each, three) <= 0.25 for each in again.sites)
    assert all(apart_km(each, gone) > 0.25 for each in again.sites for gone in (one, two))


def test_a_scenario_planned_again_asks_for_what_was_turned_down(store):
    plan = siting.suggest(store, OURS, SuggestionAsk(points=2, objective=Objective.MEAN_DISTANCE))
    made = scenarios.from_plan(store, OURS, plan)
    planner = PEOPLE["planner"]
    drafts = drafting.from_scenario(store, planner, made)
    assert len(drafts) == 2
    with pytest.raises(RequestError, match="Nothing of this question"):
        replan(store, planner, PROVINCE, drafts[0].number)
    it = drafts[0]
    for who, action, _ in WAY[:-1]:
        it = attempt(store, planner if who == "post" else PEOPLE[who], action, it)
    it = attempt(store, APPROVER, Action.REJECT, it)
    assert it.state is State.NOT_APPROVED
    again = done(store, replan(store, planner, PROVINCE, it.number)).plan
    assert again.points_asked == 1
    assert again.objective is Objective.MEAN_DISTANCE
    assert (again.basis.scenario, again.basis.settled) == (made.id, True)
    # What is still under review counts as existing, what was turned down does not.
    kept = [(each.lon, each.lat) for each in again.basis.changes]
    assert kept == [(drafts[1].content.lon, drafts[1].content.lat)]
    (site,) = again.sites
    assert apart_km(site, it.content) > 0.25
    assert again.decisions.kept_out[0].number == it.number


def test_a_question_for_closings_forgets_those_that_are_decided(store):
    ask = SuggestionAsk(points=1, existing=Existing(("all",), closings=1))
    plan = siting.suggest(store, OURS, ask)
    assert plan.closed
    closing = {"kind": ProposalKind.CLOSE, "point_id": plan.closed[0].point_id, "organisation": ""}
    decide(store, plan.closed[0].lon, plan.closed[0].lat, State.APPROVED, **closing)
    again = done(store, replan(store, PEOPLE["planner"], PROVINCE)).plan
    assert again.ask.existing == Existing()
    assert again.points_asked == 1


def test_decisions_are_read_as_they_were_written(store):
    decide(store, *district.degrees([(7, 1)])[0], State.APPROVED)
    decide(store, *district.degrees([(5, 1)])[0], State.NOT_APPROVED)
    found = present_decisions(store, PROVINCE)
    assert (len(found.in_force), len(found.kept_out)) == (1, 1)
    upon = Upon(decisions=found)
    assert Upon.within(json.loads(json.dumps(upon.as_values()))) == upon
    assert Upon.within({}).as_values() == {}
