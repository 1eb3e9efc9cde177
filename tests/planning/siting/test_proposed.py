"""What proposals do alone is what a count over all pairs says, and what a what-if says."""

from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reach import StraightLine
from planning.model.siting import Firmness
from planning.model.standards import ServiceStandard
from planning.siting.distances import StraightDistances
from planning.siting.plans.firmness import usual_variations, varied
from planning.siting.plans.proposed import Ground, Wish
from planning.siting.plans.proposed_firmness import (
    Around,
    Waiting,
    chosen_one_by_one,
    proposed_firmness,
)
from planning.siting.plans.what_if import WhatIf
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules
from tests.toy import district
from tests.toy.district import Point

# On a grid of half kilometres no two places are as far apart as this.
RADIUS_KM = 1.1
STANDARD = ServiceStandard.one_radius(RADIUS_KM)
GRID = st.tuples(st.integers(0, 16), st.integers(0, 4)).map(lambda at: (at[0] / 2, at[1] / 2))


def degrees(place):
    lon, lat = district.degrees([place])[0]
    return float(lon), float(lat)


def commune(place) -> str:
    return district.CODES[min(int(place[0] // 2), 3)]


@st.composite
def networks(draw):
    homes = draw(st.lists(st.tuples(GRID, st.integers(1, 90)), min_size=1, max_size=12))
    points = draw(st.lists(GRID, max_size=5))
    place = draw(st.none() | GRID)
    closed = draw(st.none() | st.integers(0, len(points) - 1)) if points else None
    return homes, points, place, closed


def by_pairs(homes, points, place, closed):
    """Return gained, lost, overlap, reached and the sums of distances, from all pairs in km."""
    left = [each for at, each in enumerate(points) if at != closed]
    then = [*left, place] if place is not None else left
    here = place if place is not None else (points[closed] if closed is not None else None)
    found = dict.fromkeys(("gained", "lost", "overlap", "reached", "now", "then"), 0)
    for home, people in homes:
        away = [min((hypot(home[0] - x, home[1] - y) for x, y in some), default=float("inf"))
                for some in (points, then, left, [here] if here else [])]  # fmt: skip
        served = [each <= RADIUS_KM for each in away]
        found["reached"] += people * served[3]
        found["overlap"] += people * (served[2] and served[3])
        if served[0] != served[1]:
            found["gained" if served[1] else "lost"] += people
            if people:
                found["now"] += people * away[0]
                found["then"] += people * away[1]
    return found


@settings(max_examples=60, deadline=None)
@given(networks())
def test_a_proposal_alone_is_what_all_pairs_say(drawn):
    homes, points, place, closed = drawn
    situation = district.situation(
        [Point(each) for each in points], places=[(at, n, commune(at)) for at, n in homes]
    )
    closed_id = None if closed is None else f"P{closed:03d}"
    opened = None if place is None else degrees(place)
    ground = Ground(situation, STANDARD, StraightLine())
    (found,) = ground.alone([Wish(opened, closed_id)])
    want = by_pairs(homes, points, place, closed)
    assert (found.people_gained, found.people_lost, found.overlap) == (
        want["gained"], want["lost"], want["overlap"],
    )  # fmt: skip
    assert int(situation.people[found.gained].sum()) == found.people_gained
    concerned = want["gained"] + want["lost"]
    for stated, total in (
        (found.distance_now_m, want["now"]),
        (found.distance_then_m, want["then"]),
    ):
        if not concerned or not np.isfinite(total):
            assert stated is None
        else:
            assert stated == pytest.approx(total / concerned * 1000, abs=0.01)
    what_if = WhatIf(situation, STANDARD, StraightLine())
    figures = what_if.figures([opened] if opened else [], [closed_id] if closed_id else [])
    assert (found.people_gained, found.people_lost) == (figures.people_gained, figures.people_lost)
    # Whoever lives within reach of a place is accounted for, to the person.
    if place is not None and closed is None:
        assert want["reached"] == found.people_gained + found.overlap
        assert int(situation.people[found.reached].sum()) == want["reached"]
    if place is None and closed is not None:
        assert want["reached"] == found.people_lost + found.overlap


def test_what_opens_and_closes_nothing_changes_nothing():
    ground = Ground(district.situation([Point((1, 1))]), STANDARD, StraightLine())
    (found,) = ground.alone([Wish()])
    assert (found.people_gained, found.people_lost, found.overlap) == (0, 0, 0)
    assert found.distance_now_m is found.distance_then_m is None


def greedy(people, radius, now, xy, sites, most):
    """Return the sites that serve most further people one after the other, from all pairs."""
    waiting, chosen = now > radius, []
    while len(chosen) < most:
        gains = [
            sum(int(n) for n, x, y, r, w in zip(people, *xy.T, radius, waiting, strict=True)
                if w and hypot(x - site[0], y - site[1]) <= r)
            for site in sites
        ]  # fmt: skip
        best = max(range(len(sites)), key=lambda at: (gains[at], -at))
        if not gains[best]:
            break
        chosen.append(best)
        for at, (x, y) in enumerate(xy):
            if hypot(x - sites[best][0], y - sites[best][1]) <= radius[at]:
                waiting[at] = False
    return chosen


def town(seed: int) -> Around:
    chance = np.random.default_rng(seed)
    xy = chance.uniform(0, 20_000, (60, 2))
    return Around(
        people=chance.integers(0, 500, 60), areas=chance.integers(0, 5, 60).astype(object), xy=xy,
        radius_m=np.full(60, 2_000.0), now_m=np.hypot(*(xy - 10_000).T),
        proposed=chance.uniform(0, 20_000, (6, 2)), known=chance.uniform(0, 20_000, (50, 2)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_under_every_variation_the_sites_are_those_of_all_pairs(seed):
    around = town(seed)
    sites = np.concatenate([around.proposed, around.known])
    near = StraightDistances(around.xy, sites).within(around.radius_m * 1.2)
    problem = SitingProblem(
        around.people, around.radius_m, around.now_m, StraightDistances(around.xy, sites),
        Rules(sites=len(sites), most_sites=9),
    )  # fmt: skip
    variations = usual_variations(problem, around.areas.astype(str), 7)
    assert len(variations) > 8
    for each in variations:
        there = varied(problem, each)
        found = chosen_one_by_one(Waiting(there.people, there.radius_m, there.now_m, near), 9)
        want = greedy(there.people, there.radius_m, there.now_m.copy(), around.xy, sites, 9)
        assert found.tolist() == want, each.name


@pytest.mark.parametrize("seed", range(3))
def test_a_mark_says_how_often_a_site_within_a_kilometre_is_chosen_again(seed):
    around = town(seed)
    sites = np.concatenate([around.proposed, around.known])
    problem = SitingProblem(
        around.people, around.radius_m, around.now_m, StraightDistances(around.xy, sites),
        Rules(sites=len(sites), most_sites=40),
    )  # fmt: skip
    counts = np.zeros(len(around.proposed))
    variations = usual_variations(problem, around.areas.astype(str), 7)
    for each in variations:
        there = varied(problem, each)
        chosen = greedy(there.people, there.radius_m, there.now_m.copy(), around.xy, sites, 40)
        for at, place in enumerate(around.proposed):
            away = [hypot(*(place - sites[other])) for other in chosen]
            counts[at] += at in chosen or min(away) <= 1000
    found = proposed_firmness(around)
    order = [None, Firmness.DEPENDS, Firmness.LIKELY, Firmness.FIRM]
    for mark, share in zip(found, counts / len(variations), strict=True):
        # Each site near two proposals counts for one of them: never more than this.
        most = 3 if share >= 0.9 else 2 if share >= 0.5 else 1 if share else 0
        assert order.index(mark) <= most
    alone = [at for at, place in enumerate(around.proposed)
             if sum(hypot(*(place - other)) <= 2000 for other in around.proposed) == 1]  # fmt: skip
    assert alone
    for at in alone:
        share = counts[at] / len(variations)
        want = 3 if share >= 0.9 else 2 if share >= 0.5 else 1 if share else 0
        assert order.index(found[at]) == want


def test_the_only_place_for_a_town_is_firm_and_one_for_nobody_has_no_mark():
    around = Around(
        people=np.array([900, 50]), areas=np.array(["a", "b"], dtype=object),
        xy=np.array([[0.0, 0.0], [50_000.0, 0.0]]), radius_m=np.array([2_000.0, 2_000.0]),
        now_m=np.array([9_000.0, 100.0]), proposed=np.array([[500.0, 0.0], [50_000.0, 0.0]]),
        known=np.empty((0, 2)),
    )  # fmt: skip
    assert proposed_firmness(around) == [Firmness.FIRM, None]
