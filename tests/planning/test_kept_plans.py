"""Plans kept and given back: every kind of question, and those kept before questions were."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from planning.model.siting import Firmness, Method, Refusing, SitingPlan
from planning.model.wishes import Variation
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.store import plans, schema
from tests.planning.siting.test_check import QUESTIONS
from tests.planning.siting.towns import planned, town
from tests.toy import district


def kept(store, plan: SitingPlan) -> SitingPlan | None:
    with store.writing() as db:
        plans.save(db, plan, made_at="2026-01-01T00:00:00+00:00")
    with store.reading() as db:
        return plans.latest(db, plan.province_code, plan.valid_from)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_plan_of_any_question_comes_back_as_it_was(store, name):
    plan = planned(town(), **QUESTIONS[name])
    assert kept(store, plan) == plan
    assert kept(store, plan).as_dict() == plan.as_dict()


def test_what_clusters_give_up_comes_back_too(store):
    plan = planned(town(), points=3, method=Method.CLUSTERS)
    assert plan.optimised_people_gained is not None
    assert kept(store, plan).optimised_people_gained == plan.optimised_people_gained


def test_what_is_found_out_about_a_site_later_comes_back_too(store):
    plan = planned(town(), points=2, variations=(Variation("Mưa lũ", radius=0.8, people=0.1),))
    first, *others = plan.sites
    known = replace(first, firmness=Firmness.LIKELY, roll_out=2,
                    refusing=Refusing(120.0, False, others[0].id, "Xã Số 2", 1500.0))  # fmt: skip
    never = replace(others[0], refusing=Refusing(None, impossible=True))
    plan = replace(plan, sites=(known, never, *others[1:]))
    assert kept(store, plan) == plan


def test_a_plan_kept_before_questions_were_is_still_a_plan(store):
    """1000 people, 600 without a point; 300 gained of at most 350: 700 of at most 750 served."""
    plan = planned(town(), points=1)
    (site,) = plan.sites
    body = json.loads(json.dumps(plan.as_dict()))
    for key in ("ask", "objective", "people", "gap_people", "value", "bound", "unit", "stopped",
                "cost", "closed", "optimised_people_gained"):  # fmt: skip
        del body[key]
    since = ("id", "kind", "former_code", "cost", "shift", "firmness", "refusing", "roll_out")
    body["sites"] = [{k: v for k, v in each.items() if k not in since} for each in body["sites"]]
    body |= {"points_asked": 3, "method": "clusters", "seed": 5, "people_unserved": 600,
             "people_gained": 300, "upper_bound_people_gained": 350}  # fmt: skip
    body["population_base"]["people"] = 1000
    with store.writing() as db:
        db.execute(sa.insert(schema.plan).values(
            province_code=district.PROVINCE, valid_from=district.SINCE, fingerprint="old",
            made_at="2025-01-01T00:00:00+00:00", body=body))  # fmt: skip
    old, _ = siting.latest(store, AnalysisRequest(district.PROVINCE))
    assert (old.points_asked, old.method, old.seed) == (3, "clusters", 5)
    assert (old.people, old.value, old.bound) == (1000, 700, 750)
    assert (old.people_gained, old.upper_bound_people_gained, old.gap_people) == (300, 350, 50)
    assert not old.proved_optimal
    assert (old.optimised_people_gained, old.people_given_up) == (None, None)
    assert [(each.rank, each.people_gained) for each in old.sites] == [(1, site.people_gained)]
