"""People against points: kept once for a question, one with the plans, refused when stale."""

import csv
import itertools
from dataclasses import replace

import numpy as np
import pytest

from planning import jobs
from planning.jobs import tasks
from planning.model.errors import NotReadyError, RequestError
from planning.model.people_curve import PeopleCurve
from planning.model.siting import SuggestionAsk, Upon
from planning.model.wishes import RuleWishes
from planning.services import imports, rolling, scenarios, siting
from planning.services.imports import Origin
from planning.services.requests import AnalysisRequest
from planning.siting.effort import Watch
from planning.store import artefacts
from planning.store.situation import load_situation
from tests.planning.siting.brute import optimum
from tests.planning.siting.towns import planned, town
from tests.toy import district

OURS = AnalysisRequest(district.PROVINCE)


@pytest.fixture
def plan(store):
    return siting.suggest(store, OURS, SuggestionAsk(points=2))


def test_a_curve_is_worked_out_once_and_kept(store, plan, monkeypatch):
    assert rolling.kept(store, plan) is None
    found = rolling.known(store, plan)
    assert rolling.kept(store, plan) == found
    monkeypatch.setattr(rolling, "worked_out", None)
    assert rolling.known(store, plan) == found
    assert found.most == rolling.most_shown(2) == len(found.bound) - 1


def test_plans_of_other_numbers_share_the_curve_other_questions_do_not(store, plan):
    rolling.known(store, plan)
    one = siting.suggest(store, OURS, SuggestionAsk(points=1))
    assert rolling.kept(store, one) is not None
    apart = SuggestionAsk(points=2, rules=RuleWishes(spacing_km=2.0))
    wider = replace(OURS, standard=plan.standard.one_radius(5))
    for other in (siting.suggest(store, OURS, apart),
                  siting.suggest(store, wider, SuggestionAsk(points=2))):  # fmt: skip
        assert rolling.kept(store, other) is None
    assert rolling.asked_like(store, one) == {2: 1, 1: 2}
    assert rolling.asked_like(store, siting.latest(store, wider)[0]) == {2: 4}


def test_the_curve_agrees_with_the_plan_and_rises(store, plan):
    curve = rolling.known(store, plan)
    served = plan.people - plan.people_unserved
    assert curve.people[0] == curve.bound[0] == served
    assert curve.people[len(plan.sites)] >= served + plan.people_gained
    assert list(curve.people) == sorted(curve.people)
    assert all(people <= bound for people, bound in zip(curve.people, curve.bound, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_lies_between_what_can_be_had_and_its_bound(seed):
    """Held against every choice of as many sites, counted by hand of the distances."""
    from geo.reach import StraightLine  # noqa: PLC0415 - only here
    from planning.siting.plans.rolling import people_against_points  # noqa: PLC0415
    from planning.siting.stating.question import siting_problem  # noqa: PLC0415

    there = town(seed, 8)
    plan = planned(there, points=2)
    curve = people_against_points(there, StraightLine(), plan, 3).with_plan(plan)
    problem = siting_problem(there, plan.standard, StraightLine(), plan.ask).problem
    for number in range(4):
        best = optimum(replace(problem, rules=replace(problem.rules, most_sites=number)))
        assert curve.people[number] <= best <= curve.bound[number]


def test_a_plan_adds_what_its_first_sites_serve_and_its_bound():
    plan = planned(town(0), points=3)
    start = plan.people - plan.people_unserved
    poor = PeopleCurve((start,) * 6, (10**6,) * 6)
    gains = [each.people_gained for each in plan.sites]
    expected = [start + int(each) for each in np.cumsum([0, *gains])]
    whole = poor.with_plan(plan)
    assert list(whole.people[: len(expected)]) == expected
    assert set(whole.people[len(expected) :]) <= {expected[-1]}
    assert whole.bound == (int(plan.bound),) * 4 + (10**6,) * 2
    assert PeopleCurve.of(whole.as_dict()) == whole


def test_a_curve_on_data_that_changed_is_refused_but_one_kept_is_shown(
    store, plan, toy_files, tmp_path
):
    other = siting.suggest(store, OURS, SuggestionAsk(points=2, rules=RuleWishes(spacing_km=2.0)))
    curve = rolling.known(store, plan)
    text = (toy_files / "points.csv").read_text(encoding="utf-8-sig").splitlines()
    path = tmp_path / "fewer.csv"
    path.write_text("\n".join(text[:-1]) + "\n", encoding="utf-8")
    imports.import_points(store, path, Origin("Khác", "2025-05-01", synthetic=True), "98")
    assert rolling.kept(store, plan) == curve
    with pytest.raises(NotReadyError, match="data have changed"):
        rolling.known(store, other)


def test_a_curve_that_was_stopped_is_not_kept(store, plan):
    with pytest.raises(RequestError, match="nothing was kept"):
        rolling.worked_out(store, plan, Watch(lambda *_: True))
    assert rolling.kept(store, plan) is None


def test_the_job_keeps_the_curve_with_its_end(store, plan):
    question = {**siting.as_values(store, OURS, plan.ask), "plan": 1}
    number = jobs.ask(store, jobs.CURVE, district.PROVINCE, question)
    job = jobs.status(store, district.PROVINCE, number)
    told = []

    class Line:
        def tell(self, people, value, bound):
            told.append((people, value, bound))
            return False

        def on_stop(self, act):
            pass

    keep = tasks.TASKS[jobs.CURVE].work(store, job, Line())
    assert rolling.kept(store, plan) is None
    with store.writing() as db:
        assert keep(db) == 1
    curve = rolling.kept(store, plan)
    assert curve is not None
    people = int(load_situation(store, district.PROVINCE, None).demand["people"].sum())
    assert {each[0] for each in told} == {people}
    assert max(each[1] or 0 for each in told) <= curve.people[-1]


def test_a_curve_in_addition_to_a_scenario_begins_with_whom_that_serves(store):
    made = scenarios.make(store, OURS, "Thử")
    lon, lat = district.degrees([(7, 1.0)])[0]
    change = scenarios.keeping.Change("add", lon=float(lon), lat=float(lat))
    then = scenarios.change(store, OURS, scenarios.Write("98", made.id, 1), [change])
    ask, basis = scenarios.ask_for_more(then, 1)
    plan = siting.made(store, OURS, ask, upon=Upon(basis))
    curve = rolling.known(store, plan)
    assert curve.people[0] == scenarios.evaluate(store, OURS, then).figures.then.people_served
    plain = siting.made(store, OURS, ask)
    assert rolling.kept(store, plain) is None


def test_the_sheet_opens_every_site_once(store, plan, tmp_path):
    rolling.export(store, plan, 1, "csv", tmp_path / "r.csv")
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(line for line in text if not line.startswith("#")))
    quarters = rolling.rolled_out(store, plan, 1)
    assert len(rows) == len(plan.sites) == len(quarters)
    served = list(itertools.accumulate(
        (each.people_gained for each in plan.sites), initial=plan.people - plan.people_unserved
    ))  # fmt: skip
    assert [int(row["people_then"]) for row in rows] == served[1:]
    for row in rows:
        cost = int(row["people_afresh"]) - int(row["people_then"])
        assert int(row["cost_of_nesting"]) == cost >= 0
    for form in ("xlsx", "geojson", "gpkg"):
        rolling.export(store, plan, 2, form, tmp_path / f"r.{form}")
        assert (tmp_path / f"r.{form}").stat().st_size > 100


def test_kept_curves_stand_under_their_own_kind(store, plan):
    rolling.known(store, plan)
    with store.reading() as db:
        assert artefacts.load(db, "curve", rolling._key(plan)) is not None


@pytest.mark.parametrize(("points", "most"), [(1, 20), (13, 20), (14, 40), (40, 80), (500, 500)])
def test_a_curve_leads_beyond_its_plan(points, most):
    assert rolling.most_shown(points) == most
