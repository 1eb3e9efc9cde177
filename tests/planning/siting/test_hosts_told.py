"""Which known place a suggested point is said to be near, and which names it."""

from dataclasses import replace

import pytest

from planning.maps import content
from planning.model.siting import SitingPlan
from planning.services.scenarios.keeping import suggested
from tests.planning.siting.towns import planned, town


@pytest.fixture(scope="module")
def plan() -> SitingPlan:
    return planned(town(), points=1)


def with_host(plan: SitingPlan, metres: float | None) -> SitingPlan:
    host = None if metres is None else "Bưu cục Xa"
    site = replace(plan.sites[0], host=host, host_type="bưu cục", host_m=metres)
    return replace(plan, sites=(site,))


def test_a_host_is_told_as_far_as_the_largest_radius(plan):
    reach = max(plan.standard.radii_km.values()) * 1000
    for metres, told in ((0.0, True), (reach, True), (reach + 1, False), (94_000, False), (None, False)):  # fmt: skip
        there = with_host(plan, metres)
        name = "Bưu cục Xa" if told else None
        assert there.host_near(there.sites[0]) == name
        site = content.plan(there, stale=False)["plan"]["sites"][0]
        assert (site["host"], site["host_m"]) == (name, metres if told else None)
        assert there.as_dict()["sites"][0]["host_m"] == metres  # what repeats it stays whole


@pytest.mark.parametrize(("metres", "named"), [(0.0, True), (250.0, True), (251.0, False)])
def test_a_point_of_a_scenario_is_named_by_a_host_only_where_it_stands_in_it(plan, metres, named):
    (change,) = suggested(with_host(plan, metres))
    assert change.name == ("Bưu cục Xa" if named else "")
    assert change.host == change.name
