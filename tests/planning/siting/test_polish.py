"""Shifts inside a settlement: where, how far, for how many people; by hand."""

import pytest

from planning.model.asking import Objective
from planning.model.siting import Shift
from planning.model.wishes import Budget, Capacity, Group, RuleWishes
from planning.siting.plans.check import check_plan
from tests.planning.siting.towns import THREE_KM, planned, town
from tests.toy import district

WIDE = {"98001": district.square(0, 0, 20)}
# 400 people at x = 10.2 km stand for their settlement; 12 live 600 m east of them, and 300
# live 3.4 km east of them: from the 12 homes they are within 3 km, from the 400 they are not.
# A host near by, itself locked out, keeps the middle of the cluster from being a candidate.
ROW = [((10.2, 5.2), 400, "98001"), ((10.8, 5.2), 12, "98001"), ((13.6, 5.2), 300, "98001")]


def settled(places=ROW, shapes=WIDE, **parts):
    return district.situation(places=places, whose=district.communes(shapes), **parts)


def in_a_square(site):
    """Return the site's place in kilometres."""
    x, y = district.TO_ZONE.transform(site.lon, site.lat)
    return round((x - district.EAST) / 1000, 3), round((y - district.NORTH) / 1000, 3)


def test_a_site_would_move_to_the_home_from_which_more_people_are_served():
    """From the homes with most people 412 are served; 600 m to the east 300 more."""
    there = settled(hosts=district.hosts([((10.8, 6.1), "Chợ")]))
    plan = planned(there, points=1, rules=RuleWishes(locked_out=("Chợ",)))
    (site,) = plan.sites
    assert (in_a_square(site), site.people_gained) == ((10.2, 5.2), 412)
    shift = site.shift
    assert (shift.side, shift.people) == ("E", 300)
    assert shift.metres == pytest.approx(600, abs=0.1)
    assert in_a_square(shift) == (10.8, 5.2)


def test_asked_to_polish_the_better_home_is_a_candidate_and_the_bound_holds_for_it():
    there = settled(hosts=district.hosts([((10.8, 6.1), "Chợ")]))
    plan = planned(there, points=1, polish=True, rules=RuleWishes(locked_out=("Chợ",)))
    (site,) = plan.sites
    assert (in_a_square(site), site.people_gained, site.shift) == ((10.8, 5.2), 712, None)
    assert plan.upper_bound_people_gained == 712
    assert plan.candidates == planned(there, points=1, rules=plan.ask.rules).candidates + 1


def test_a_site_does_not_leave_its_commune_for_more_people():
    shapes = {"98001": district.square(0, 0, 10.5, 20), "98002": district.square(10.5, 0, 10, 20)}
    places = [(at, people, "98001" if at[0] < 10.5 else "98002") for at, people, _ in ROW]
    plan = planned(settled(places, shapes, hosts=district.hosts([((10.8, 6.1), "Chợ")])), points=1,
                   rules=RuleWishes(locked_out=("Chợ",)))  # fmt: skip
    assert [site.shift for site in plan.sites if in_a_square(site) == (10.2, 5.2)] == [None]


def test_a_site_at_a_host_stays_there():
    there = settled(hosts=district.hosts([((10.2, 5.2), "Chợ")]))
    (site,) = planned(there, points=1, rules=RuleWishes(locked_in=("Chợ",))).sites
    assert (site.kind, site.shift) == ("host", None)


def test_a_site_keeps_its_distance_when_it_moves():
    """3 km apart are asked for: 600 m to the east the first would stand 2.8 km from the second."""
    there = settled(hosts=district.hosts([((10.8, 6.1), "Chợ")]))
    rules = RuleWishes(spacing_km=3.0, locked_in=(_id((13.6, 5.2)),), locked_out=("Chợ",))
    plan = planned(there, points=2, rules=rules)
    assert [site.shift for site in plan.sites] == [None, None]


def _id(place):
    lon, lat = district.degrees([place])[0]
    return f"{lon:.6f},{lat:.6f}"


@pytest.mark.parametrize(
    "ask",
    [{"budget": Budget(5)}, {"rules": RuleWishes(worst_km=30)}, {"rules": RuleWishes(capacity=Capacity(9))},
     {"rules": RuleWishes(host_within_km=30)}, {"objective": Objective.MEAN_DISTANCE},
     {"rules": RuleWishes(groups=(Group("A", ("98001",), share=0.1),))}],
)  # fmt: skip
def test_where_more_than_people_counts_nothing_is_moved(ask):
    there = settled(hosts=district.hosts([((1, 1), "Chợ")]))
    assert {site.shift for site in planned(there, points=1, **ask).sites} == {None}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fade", [None, 1.5])
def test_a_shift_carried_out_serves_as_many_more_people_as_said(seed, fade):
    """Move one site by hand in the plan: its value grows by what the shift promised."""
    there = town(seed, 150)
    plan = planned(there, points=3, fade=fade)
    moved = [site for site in plan.sites if isinstance(site.shift, Shift)]
    for site in moved:
        others = tuple(each.id for each in plan.sites if each is not site)
        place = f"{site.shift.lon:.6f},{site.shift.lat:.6f}"
        again = planned(there, points=3, fade=fade, rules=RuleWishes(locked_in=(*others, place)))
        tenths = 10 if fade else 1
        if place in [each.id for each in again.sites]:
            assert round((again.value - plan.value) / tenths) == site.shift.people
    polished = planned(there, points=3, fade=fade, polish=True)
    assert polished.value >= plan.value
    check_plan(there, THREE_KM, polished)
