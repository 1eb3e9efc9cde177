"""Demand that is not everybody, in the toy district (`tests/toy/district.py`), by hand.

    commune     98001   98002   98003   98004
    people        100     200     300     400
    x (km)          1       3       5       7

One point in the middle of 98002 serves, within 3 km, the first three communes.
"""

from dataclasses import replace

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from geo import tables
from geo.reach import StraightLine
from geo.tables import Crosswalk
from planning.analysis.coverage import assess_coverage
from planning.analysis.gaps import find_gaps, least_people
from planning.analysis.needs import NeedCounts, carried, under_need
from planning.analysis.restating import StepPeople, backward, forward
from planning.analysis.terrain import terrain_classes
from planning.model.errors import NotReadyError
from planning.model.performance import Need
from planning.model.siting import CandidateKind, SuggestionAsk
from planning.model.standards import CLASS_RADII_KM, ServiceStandard
from planning.model.wishes import RuleWishes
from planning.siting.plans.plan import suggest_points
from tests.toy import district
from tests.toy.district import CODES, Point

WITHIN_3 = ServiceStandard.one_radius(3.0)
IN_SECOND = Point((3, 1))
# Uninsured: one in ten, then three in ten, none, and not known.
UNINSURED = {"98001": 10, "98002": 60, "98003": 0}
# Many places of one commune, and one of another.
SCATTERED = [((0.3 + 0.2 * at, 0.5), 1 + at, "98001") for at in range(8)] + [((3, 1), 50, "98002")]


def counting(situation, people, need=Need.UNINSURED):
    return under_need(situation, NeedCounts(need, people, "Phòng QLT", "2026-06-30", False), "need")


def assess(situation, standard=WITHIN_3):
    return assess_coverage(situation, standard, StraightLine())


def per_commune(situation) -> dict[str, int]:
    sums = situation.demand.groupby("commune_code")["people"].sum()
    return {str(code): int(people) for code, people in sums.items()}


def test_coverage_under_a_need_counts_those_of_the_need_where_they_live():
    report = assess(counting(district.situation([IN_SECOND]), UNINSURED))
    assert (report.total.people, report.total.people_covered) == (70, 70)
    by_code = {each.code: (each.people, each.people_covered) for each in report.communes}
    assert by_code == {"98001": (10, 10), "98002": (60, 60), "98003": (0, 0), "98004": (None, None)}
    # 60 at the point itself, 10 at 2 km.
    assert report.total.distance.mean_m == pytest.approx(10 * 2000 / 70, abs=0.01)


def test_the_base_says_who_is_counted_from_where_and_which_communes_are_unknown():
    base = counting(district.situation([IN_SECOND]), UNINSURED).base
    assert (base.need, base.people, base.as_of) == (Need.UNINSURED, 70, "2026-06-30")
    assert base.source == "Phòng QLT + drawing"
    assert base.unknown_communes == ("98004",)
    assert base.synthetic, "the people it is spread by are a drawing"
    assert base.as_dict()["need"] == "uninsured"
    assert "need" not in district.situation().base.as_dict()


def test_terrain_is_told_by_all_people_however_few_are_counted():
    crowded = district.situation([IN_SECOND], dict.fromkeys(CODES, 8000))  # 2,000 a km²: urban
    few = counting(crowded, dict.fromkeys(CODES, 1))
    standard = ServiceStandard(CLASS_RADII_KM)
    assert set(few.radii_m(standard)) == set(crowded.radii_m(standard))
    assert terrain_classes(few.communes, few.population) == terrain_classes(
        crowded.communes, crowded.population
    )


def test_where_nobody_s_home_is_known_those_of_a_need_are_spread_evenly():
    known = district.situation([IN_SECOND], {"98002": 200})
    found = counting(known, {"98001": 77, "98002": 5})
    assert per_commune(found) == {"98001": 77, "98002": 5}
    away = found.demand[found.demand["commune_code"] == "98001"]
    assert len(away) == 16, "2 km by 2 km in steps of 500 m"
    assert set(away["people"]) == {4, 5}


def test_a_count_of_a_commune_that_is_not_on_these_boundaries_is_left_out():
    found = counting(district.situation(), {"98001": 3, "11111": 9})
    assert found.base.people == 3
    assert per_commune(found) == {"98001": 3}


COUNTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 5000), min_size=1)


@given(COUNTS)
@settings(max_examples=25, deadline=None)
def test_every_commune_s_count_is_kept_to_the_person(counts):
    spread = district.situation(places=SCATTERED)
    found = counting(spread, counts)
    assert per_commune(found) == {code: people for code, people in counts.items() if people}
    assert (found.people >= 1).all()
    report = assess(found)
    assert report.total.people == found.base.people == sum(counts.values())


@given(st.lists(st.integers(1, 3000), min_size=9, max_size=9))
@settings(max_examples=15, deadline=None)
def test_a_need_of_everybody_is_served_just_as_everybody_is(people):
    places = [(at, n, code) for (at, _, code), n in zip(SCATTERED, people, strict=True)]
    all_people = district.situation([IN_SECOND], places=places)
    need = counting(all_people, all_people.population)
    assert need.demand.equals(all_people.demand)
    one, other = assess(all_people), assess(need)
    assert (one.total, one.communes) == (other.total, other.communes)
    assert find_gaps(all_people, WITHIN_3, StraightLine()).gaps == find_gaps(
        need, WITHIN_3, StraightLine()
    ).gaps  # fmt: skip


@given(COUNTS, st.floats(0.5, 4), st.floats(0, 4))
@settings(max_examples=15, deadline=None)
def test_more_reach_never_serves_fewer_of_a_need(counts, radius, more):
    there = counting(district.situation([IN_SECOND], places=SCATTERED), counts)
    near = assess(there, ServiceStandard.one_radius(radius)).total.people_covered
    far = assess(there, ServiceStandard.one_radius(radius + more)).total.people_covered
    assert near <= far


def test_as_many_fewer_make_a_gap_as_there_are_fewer():
    all_people = district.situation(people=dict.fromkeys(CODES, 1000))
    assert least_people(all_people) == 300
    assert least_people(counting(all_people, dict.fromkeys(CODES, 100))) == 30
    # Half the communes are counted: one in ten of their people, not one in twenty of all.
    assert least_people(counting(all_people, {"98001": 100, "98002": 100})) == 30
    assert least_people(counting(all_people, dict.fromkeys(CODES, 0))) == 1
    assert least_people(counting(all_people, dict.fromkeys(CODES, 9000))) == 300
    tenth = counting(all_people, dict.fromkeys(CODES, 100))
    found = find_gaps(tenth, WITHIN_3, StraightLine())
    assert [each.people for each in found.gaps] == [100] * 4
    assert found.people_scattered == 0


@given(st.lists(st.integers(0, 400), min_size=4, max_size=4), st.integers(1, 2))
@settings(max_examples=12, deadline=None)
def test_a_plan_for_a_need_serves_as_many_of_it_as_the_plan_for_everybody(counts, points):
    whole = district.situation(
        hosts=district.hosts([((1, 1), "A"), ((3.1, 1), "B"), ((5, 1), "C"), ((7, 1), "D")])
    )
    need = counting(whole, dict(zip(CODES, counts, strict=True)))
    if not need.base.people:
        return
    ask = SuggestionAsk(points, rules=RuleWishes(kinds=(CandidateKind.HOST,)))
    standard = ServiceStandard.one_radius(2.05)
    for_need, for_all = (
        suggest_points(each, standard, StraightLine(), ask) for each in (need, whole)
    )
    assert for_need.proved_optimal
    served = [
        assess(replace(need, points=district.points(_places(plan), need.communes)), standard)
        for plan in (for_need, for_all)
    ]
    of_need, of_all = (each.total.people_covered for each in served)
    assert of_need == for_need.people_gained
    assert of_need >= of_all
    assert for_need.base.need is Need.UNINSURED


def _places(plan) -> list[Point]:
    known = {"A": (1, 1), "B": (3.1, 1), "C": (5, 1), "D": (7, 1)}
    return [Point(known[each.host]) for each in plan.sites]


# --- counts by other communes ---------------------------------------------------------


def crosswalk(*rows: tuple[str, str, str]) -> Crosswalk:
    frame = pd.DataFrame(rows, columns=["old_code", "new_code", "relation"])
    names = {"old_name": "Xã cũ", "old_district": None, "new_name": "Xã mới"}
    return tables.crosswalk(frame.assign(**names))


MERGED = crosswalk(
    ("90001", "98001", "full"), ("90002", "98001", "full"), ("90003", "98002", "full"),
    ("90004", "98003", "partial"), ("90004", "98004", "partial"),
)  # fmt: skip
DAYS = ("2020-01-01", district.SINCE)
AROUND = StepPeople(parts={("90004", "98003"): 300, ("90004", "98004"): 100})


def test_counts_by_former_communes_follow_the_crosswalk_to_the_person():
    counts = {"90001": 5, "90002": 6, "90003": 7, "90004": 10}
    found = carried(counts, [forward(district.SINCE, MERGED, AROUND)], district.communes(), DAYS)
    # Ten people shared 3 : 1 are 7.5 and 2.5; the half goes to the first.
    assert found == {"98001": 11, "98002": 7, "98003": 8, "98004": 2}


def test_a_commune_of_whose_parts_one_is_not_counted_stays_unknown():
    counts = {"90001": 5, "90003": 7, "90004": 10}
    found = carried(counts, [forward(district.SINCE, MERGED, AROUND)], district.communes(), DAYS)
    assert found == {"98002": 7, "98003": 8, "98004": 2}


def test_counts_by_present_communes_go_back_only_where_people_tell_how():
    old = district.communes(
        {code: district.square(2 * at, 0, 2) for at, code in enumerate(("90001", "90002", "90003"))}
    )
    two = crosswalk(
        ("90001", "98001", "full"), ("90002", "98001", "full"), ("90003", "98002", "full")
    )
    people = StepPeople(parts={("90001", "98001"): 1, ("90002", "98001"): 2})
    back = [backward(district.SINCE, two, people)]
    assert carried({"98001": 9, "98002": 4}, back, old, DAYS[::-1]) == {
        "90001": 3, "90002": 6, "90003": 4,
    }  # fmt: skip
    with pytest.raises(NotReadyError, match="cannot be carried"):
        carried({"98001": 9}, [backward(district.SINCE, two)], old, DAYS[::-1])


def test_counts_that_no_change_leads_on_are_refused_with_how_many_people():
    with pytest.raises(NotReadyError) as refused:
        carried({"90001": 5, "77777": 40}, [forward(district.SINCE, MERGED, AROUND)],
                district.communes(), DAYS)  # fmt: skip
    assert refused.value.params["people"] == 40
    assert refused.value.params["codes"] == "77777"
    with pytest.raises(NotReadyError):
        carried({"90001": 5}, [], district.communes(), DAYS)
