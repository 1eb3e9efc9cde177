"""Small siting questions of every kind, drawn for tests that compare with brute force."""

from collections.abc import Collection, Sequence
from itertools import combinations
from math import ceil, inf

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planning.model.siting import Objective
from planning.siting.distances import StraightDistances, TableDistances
from planning.siting.problem import FadeStep, Floor, SitingProblem
from planning.siting.rules import Row, RuleKind, Rules
from tests.planning.siting.brute import distance, nearest

PARTS = frozenset(
    {"table", "now", "fade", "worst", "floors", "capacity", "rows", "locked", "clashes"}
)
GRID_M = 100.0  # on this grid 3-4-5 triangles put places exactly at the radius, without rounding


@st.composite
def problems(
    draw: st.DrawFn,
    objectives: Sequence[Objective] = tuple(Objective),
    parts: Collection[str] = PARTS,
    most_sites: int = 6,
    most_places: int = 7,
    fits: bool | None = None,
) -> SitingProblem:
    """Draw a small question: one of the objectives, with any of the rules in `parts`.

    Two in three are made to fit a choice drawn beforehand, so that they have an answer; the
    others are often impossible; `fits` settles which. Without "table" distances are straight lines; without "now"
    no point stays.
    """
    sites = draw(st.integers(0, most_sites))
    places = draw(st.integers(0, most_places))
    people = np.array(draw(_whole(places, 0, 9)), dtype=np.int64)
    capacity = None
    if "capacity" in parts and draw(st.booleans()):
        capacity = np.array(draw(_whole(sites, 0, 15)), dtype=np.int64)
    now = np.full(places, inf)
    if "now" in parts and capacity is None:
        some = st.sampled_from([inf, inf, 0.0, 300.0, 500.0, 700.0, 1000.0])
        now = np.array(draw(st.lists(some, min_size=places, max_size=places)), dtype=np.float64)
    objective = draw(st.sampled_from(list(objectives)))
    fits = draw(st.sampled_from([True, True, False])) if fits is None else fits
    kept = [site for site in range(sites) if draw(st.booleans())] if fits else None
    radius = draw(st.lists(st.sampled_from([0.0, 300.0, 500.0]), min_size=places, max_size=places))
    bare = SitingProblem(
        people=people,
        radius_m=np.array(radius, dtype=np.float64),
        now_m=now,
        distances=draw(_distances(sites, places, table="table" in parts)),
        rules=draw(rules(sites, parts, kept)),
        objective=objective,
        fade=draw(_fades()) if "fade" in parts and objective is Objective.MOST_PEOPLE else (),
        capacity=capacity,
    )
    return _with_people_rules(draw, bare, parts, kept)


def _with_people_rules(
    draw: st.DrawFn, bare: SitingProblem, parts: Collection[str], kept: list[int] | None
) -> SitingProblem:
    """Return the question with a target, floors and a worst distance, which `kept` would meet."""
    places = len(bare.people)
    away = nearest(bare, kept or [])
    near = [int(n) if away[i] <= bare.radius_m[i] else 0 for i, n in enumerate(bare.people)]
    if bare.capacity is not None and kept is not None:
        # One and the same flow must do for the target and for every floor.
        near = _some_flow(bare, kept)
    most = near if kept is not None else [int(n) for n in bare.people]
    more = {}
    if bare.objective is Objective.FEWEST_POINTS:
        more["target"] = draw(st.integers(0, sum(most)))
    if "worst" in parts and draw(st.booleans()):
        worst = max((a for a, n in zip(away, bare.people, strict=True) if n), default=0.0)
        if kept is None or worst < inf:
            at_least = 0.0 if kept is None else float(ceil(worst))  # planners name whole metres
            more["worst_m"] = max(at_least, draw(st.sampled_from([0.0, 300.0, 500.0, 800.0])))
    if "floors" in parts and places:
        floors = []
        for k in range(draw(st.integers(0, 2))):
            inside = sorted(draw(st.sets(st.integers(0, places - 1), min_size=1)))
            least = draw(st.integers(0, sum(most[i] for i in inside)))
            floors.append(Floor(f"floor {k}", np.array(inside, dtype=np.int64), least))
        more["floors"] = tuple(floors)
    return SitingProblem(**{**vars(bare), **more})


def _some_flow(problem: SitingProblem, chosen: Sequence[int]) -> list[int]:
    room = {site: int(problem.capacity[site]) for site in chosen}
    sent = [0] * len(problem.people)
    for place, people in enumerate(problem.people):
        for site in chosen:
            if distance(problem, site, place) <= problem.radius_m[place]:
                some = min(int(people) - sent[place], room[site])
                sent[place] += some
                room[site] -= some
    return sent


@st.composite
def rules(
    draw: st.DrawFn, sites: int, parts: Collection[str] = PARTS, kept: list[int] | None = None
) -> Rules:
    """Draw rules for some sites; with `kept` such that these sites obey them."""
    at_least = 0 if kept is None else len(kept)
    clashes, locked = None, np.empty(0, dtype=np.int64)
    if "clashes" in parts and draw(st.booleans()):
        clashes = draw(_clashes(sites, kept))
    if "locked" in parts and draw(st.booleans()):
        among = kept if kept is not None else list(range(sites))
        some = [site for site in among if draw(st.sampled_from([True, False, False]))]
        locked = np.array(some, dtype=np.int64)
    rows = draw(_rows(sites, kept)) if "rows" in parts else ()
    most = draw(st.integers(at_least, sites + 1))
    return Rules(sites=sites, most_sites=most, rows=rows, chosen=locked, clashes=clashes)


@st.composite
def _clashes(draw: st.DrawFn, sites: int, kept: list[int] | None) -> csr_array:
    clash = np.zeros((sites, sites), dtype=np.int64)
    for a, b in combinations(range(sites), 2):
        if not (kept is not None and a in kept and b in kept) and draw(st.booleans()):
            clash[a, b] = clash[b, a] = 1
    return csr_array(clash)


@st.composite
def _rows(draw: st.DrawFn, sites: int, kept: list[int] | None) -> tuple[Row, ...]:
    """Draw limits per commune and former commune, a group, a budget, points to keep, a count."""
    everything = list(range(sites))
    asked: list[tuple[RuleKind, str, list[int], list[int]]] = []
    for kind in (RuleKind.COMMUNE, RuleKind.FORMER):
        if draw(st.booleans()):
            commune = draw(_whole(sites, 0, 2))
            for k in range(3):
                inside = [site for site in everything if commune[site] == k]
                asked.append((kind, f"{kind} {k}", inside, [1] * len(inside)))
    for kind in (RuleKind.GROUP, RuleKind.KEEP, RuleKind.COUNT):
        if draw(st.sampled_from([True, False, False])):
            inside = [site for site in everything if kind is RuleKind.COUNT or draw(st.booleans())]
            asked.append((kind, str(kind), inside, [1] * len(inside)))
    if draw(st.booleans()):
        asked.append((RuleKind.BUDGET, "budget", everything, draw(_whole(sites, 0, 9))))
    return tuple(draw(_limited(kind, of, inside, each, kept)) for kind, of, inside, each in asked)


@st.composite
def _limited(
    draw: st.DrawFn,
    kind: RuleKind,
    of: str,
    inside: list[int],
    each: list[int],
    kept: list[int] | None,
) -> Row:
    """Draw the limits of one row; with `kept` such that these sites obey it."""
    if kept is None:
        low, high = len(inside) and draw(st.integers(0, 2)), draw(st.integers(0, sum(each)))
    else:
        now = sum(amount for site, amount in zip(inside, each, strict=True) if site in kept)
        low, high = draw(st.integers(0, now)), now + draw(st.integers(0, 2))
    limits: dict[str, int] = {}
    if kind is not RuleKind.BUDGET:
        limits["least"] = low
    if kind is RuleKind.BUDGET or (
        kind in {RuleKind.COMMUNE, RuleKind.FORMER, RuleKind.COUNT} and draw(st.booleans())
    ):
        limits["most"] = high
    whole = np.array(inside, dtype=np.int64), np.array(each, dtype=np.int64)
    return Row(kind, of, *whole, **limits)


@st.composite
def _distances(
    draw: st.DrawFn, sites: int, places: int, *, table: bool
) -> StraightDistances | TableDistances:
    if table and draw(st.booleans()):
        # Few values, so that there are ties, places exactly at the radius, and no way at all.
        some = st.sampled_from([0.0, 250.0, 300.0, 300.5, 500.0, 750.0, 800.0, 1e4, inf])
        size = sites * places
        metres = draw(st.lists(some, min_size=size, max_size=size))
        return TableDistances(np.array(metres, dtype=np.float64).reshape(sites, places))
    # A small grid, so that places share a spot with each other and with sites.
    at = [
        np.array(draw(_whole(2 * count, 0, 8)), dtype=np.float64).reshape(count, 2) * GRID_M
        for count in (places, sites)
    ]
    return StraightDistances(place=at[0], site=at[1])


@st.composite
def _fades(draw: st.DrawFn) -> tuple[FadeStep, ...]:
    steps = ((0.5, 10), (1.0, 7), (2.0, 3))
    return tuple(FadeStep(*step) for step in steps if draw(st.booleans()))


def _whole(count: int, low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=count, max_size=count)
