"""Four kinds of communes, and no kind where something is not known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.mismatch import by_share, by_staff, kinds
from planning.analysis.workload import workload
from planning.model.errors import RequestError
from planning.model.mismatch import Access, Kind, Thresholds
from planning.model.standards import ServiceStandard
from planning.model.workload import EVEN, WorkloadAsk
from tests.toy import district
from tests.toy.district import Point

STANDARD = ServiceStandard.one_radius(1)
LISTED = [Point((1, 1)), Point((3, 1))]


def test_the_toy_by_hand():
    """The first two communes are served, the others not: 300 of 1,000 people."""
    report = assess_coverage(district.situation(LISTED), STANDARD, StraightLine())
    rates = {"98001": 0.9, "98002": 0.2, "98003": 0.394, "98004": 0.1}
    found = kinds(Access.SHARE, by_share(report), rates, 0.394, Thresholds())
    assert (found.access_from, found.rate_from) == (0.3, 0.394)
    assert [each.kind for each in found.communes] == [
        Kind.BOTH, Kind.PERSON, Kind.BEYOND, Kind.POINT]  # fmt: skip
    assert [found.people(each) for each in Kind] == [100, 200, 300, 400, 0]
    assert [each.code for each in found.of(Kind.POINT)] == ["98004"]


def test_no_results_are_not_poor_results():
    report = assess_coverage(district.situation(LISTED), STANDARD, StraightLine())
    found = kinds(Access.SHARE, by_share(report), {"98001": None, "98002": 0.0}, 0.4, Thresholds())
    assert [each.kind for each in found.communes] == [
        Kind.NO_DATA, Kind.PERSON, Kind.NO_DATA, Kind.NO_DATA]  # fmt: skip
    nothing = kinds(Access.SHARE, by_share(report), {"98001": 0.5}, None, Thresholds())
    assert {each.kind for each in nothing.communes} == {Kind.NO_DATA}
    assert nothing.rate_from is None


def test_chosen_thresholds_hold_in_place_of_the_means():
    report = assess_coverage(district.situation(LISTED), STANDARD, StraightLine())
    rates = dict.fromkeys(district.CODES, 0.5)
    found = kinds(Access.SHARE, by_share(report), rates, 0.4, Thresholds(0.0, 0.51))
    assert {each.kind for each in found.communes} == {Kind.PERSON}


def test_by_staff_within_reach():
    report = workload(district.situation(LISTED), STANDARD, WorkloadAsk(EVEN), StraightLine())
    mean, communes = by_staff(report)
    # One member to 100 and one to 200 people; two to all 1,000.
    assert mean == 20
    assert [each[3] for each in communes] == pytest.approx([100, 50, 0, 0])
    rates = dict.fromkeys(district.CODES, 0.3)
    found = kinds(Access.STAFF, (mean, communes), rates, 0.4, Thresholds(access=60))
    assert [each.kind for each in found.communes] == [
        Kind.PERSON, Kind.POINT, Kind.POINT, Kind.POINT]  # fmt: skip


def test_a_commune_of_unknown_people_has_no_access_and_so_no_kind():
    situation = district.situation(LISTED, people={"98001": 100})
    report = assess_coverage(situation, STANDARD, StraightLine())
    found = kinds(Access.SHARE, by_share(report), {"98002": 0.9}, 0.4, Thresholds())
    assert found.communes[1].kind is Kind.NO_DATA


@pytest.mark.parametrize(
    ("by", "thresholds"),
    [(Access.SHARE, Thresholds(access=1.1)), (Access.SHARE, Thresholds(access=-0.1)),
     (Access.STAFF, Thresholds(access=10_001)), (Access.SHARE, Thresholds(rate=11)),
     (Access.SHARE, Thresholds(rate=math.nan))],
)  # fmt: skip
def test_thresholds_that_cannot_be_meant_are_refused(by, thresholds):
    with pytest.raises(RequestError):
        kinds(by, (0.5, []), {}, 0.5, thresholds)


shares = st.one_of(st.none(), st.floats(0, 1))


@given(st.lists(st.tuples(shares, shares), max_size=8), st.floats(0, 1), st.floats(0, 1))
def test_every_commune_is_of_one_kind_and_stricter_thresholds_make_none_better(values, low, high):
    low, high = sorted((low, high))
    communes = [(f"{at:05d}", f"Xã {at}", 10, access) for at, (access, _) in enumerate(values)]
    rates = {f"{at:05d}": rate for at, (_, rate) in enumerate(values)}
    before = kinds(Access.SHARE, (0.5, communes), rates, 0.5, Thresholds(low, low))
    after = kinds(Access.SHARE, (0.5, communes), rates, 0.5, Thresholds(high, high))
    assert sum(len(before.of(each)) for each in Kind) == len(values)
    good = ({Kind.BOTH, Kind.PERSON}, {Kind.BOTH, Kind.BEYOND})
    for loose, strict in zip(before.communes, after.communes, strict=True):
        assert (loose.kind is Kind.NO_DATA) is (None in (loose.access, loose.rate))
        for each in good:
            assert not (strict.kind in each and loose.kind not in each)
