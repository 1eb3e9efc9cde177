"""The network with decisions counted, whatever was decided, is the list changed row by row."""

from dataclasses import replace
from math import hypot

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import tables
from geo.locate import commune_of
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.asking import SuggestionAsk
from planning.model.decisions import Decisions, InForce, KeptOut
from planning.model.proposals import ProposalKind
from planning.model.siting import Upon
from planning.model.standards import ServiceStandard
from planning.siting.plans.adding import decided_situation, suggest_in_addition
from planning.siting.plans.workbench import Workbench
from tests.toy import district
from tests.toy.district import Point

STANDARD = ServiceStandard.one_radius(1.1)
LISTED = (Point((1, 1)), Point((5, 1)), Point((3, 1), status="suspended"), Point((7, 1), "online"))
GRID = st.tuples(st.integers(1, 15), st.integers(1, 3)).map(lambda at: (at[0] / 2, at[1] / 2))
HOMES = [((x + 0.13, y), 10 + 7 * at, district.CODES[int(x // 2)])
         for at, (x, y) in enumerate((x / 2, y / 2) for x in range(1, 15, 2) for y in (1, 2, 3))]  # fmt: skip


def degrees(place) -> tuple[float, float]:
    lon, lat = district.degrees([place])[0]
    return float(lon), float(lat)


def in_km(it) -> tuple[float, float]:
    x, y = district.TO_ZONE.transform(it.lon, it.lat)
    return (x - district.EAST) / 1000, (y - district.NORTH) / 1000


@st.composite
def decided(draw) -> tuple[Decisions, list[tuple]]:
    """Draw decisions, each listed point in one of them at most; and the rows they leave."""
    rows = [[f"P{at:03d}", *each.at, each.kind, each.status] for at, each in enumerate(LISTED)]
    made = []
    for at, row in enumerate(rows):
        kind = draw(st.none() | st.sampled_from(list(ProposalKind)))
        place, to = draw(GRID), draw(st.sampled_from(["direct", "online", "mobile"]))
        if kind is None:
            continue
        made.append(InForce(f"DX-{at}", kind, "x", *degrees(place), row[0], to))
        if kind in (ProposalKind.OPEN, ProposalKind.MOVE):
            row[1:4] = [*place, to]
        if kind is ProposalKind.OPEN:
            row[4] = "open"
        if kind is ProposalKind.CLOSE:
            row[4] = "closed"
        if kind is ProposalKind.KIND:
            row[3] = to
    for at, place in enumerate(draw(st.lists(GRID, max_size=3, unique=True))):
        to = draw(st.sampled_from(["direct", "online"]))
        made.append(InForce(f"DX-9{at}", ProposalKind.OPEN, "mới", *degrees(place), "", to))
        rows.append([f"N{at}", *place, to, "open"])
    out = draw(st.lists(GRID, max_size=4, unique=True))
    kept = tuple(KeptOut(f"DX-8{at}", *degrees(each)) for at, each in enumerate(out))
    return Decisions(tuple(made), kept), rows


def there():
    return district.situation(LISTED, places=HOMES)


def by_hand(rows):
    now = there()
    places = district.degrees([(x, y) for _, x, y, _, _ in rows])
    frame = now.points.iloc[[0] * len(rows)].reset_index(drop=True).assign(
        point_id=[row[0] for row in rows], lon=places[:, 0], lat=places[:, 1],
        kind=[row[3] for row in rows], status=[row[4] for row in rows],
    )  # fmt: skip
    whose = commune_of(frame["lon"], frame["lat"], now.communes).to_numpy(dtype=object)
    return replace(now, points=tables.points(frame.assign(commune_code=whose)))


@settings(max_examples=30, deadline=None)
@given(decided())
def test_what_is_decided_is_counted_as_if_it_stood_in_the_list(drawn):
    decisions, rows = drawn
    one = assess_coverage(decided_situation(there(), decisions), STANDARD, StraightLine())
    other = assess_coverage(by_hand(rows), STANDARD, StraightLine())
    assert (one.total, one.communes) == (other.total, other.communes)
    assert Decisions.of(decisions.as_dict()) == decisions
    again = Decisions(decisions.in_force[::-1], decisions.kept_out)
    assert len(decisions.in_force) < 2 or again.fingerprint != decisions.fingerprint


@settings(max_examples=12, deadline=None)
@given(decided(), st.integers(1, 4))
def test_suggestions_add_to_what_is_decided_and_keep_away_from_what_was_rejected(drawn, points):
    decisions, rows = drawn
    ask = SuggestionAsk(points=points)
    plan = suggest_in_addition(
        there(), STANDARD, StraightLine(), ask, None, Upon(decisions=decisions)
    )
    open_now = [(x, y) for _, x, y, kind, status in rows if (kind, status) == ("direct", "open")]
    unserved = [
        (n, home) for home, n, _ in HOMES
        if all(hypot(home[0] - x, home[1] - y) > 1.1 for x, y in open_now)
    ]  # fmt: skip
    assert plan.people_unserved == sum(n for n, _ in unserved)
    sites = [in_km(each) for each in plan.sites]
    gained = sum(n for n, home in unserved
                 if any(hypot(home[0] - x, home[1] - y) <= 1.1 for x, y in sites))  # fmt: skip
    assert plan.people_gained == gained
    out = [in_km(each) for each in decisions.kept_out]
    assert all(hypot(x - u, y - v) > 0.25 for x, y in sites for u, v in out)
    assert plan.decisions == decisions
    assert plan.fingerprint == there().fingerprint


@settings(max_examples=30, deadline=None)
@given(decided())
def test_decisions_only_close_in_what_known_places_are_looked_for_on(drawn):
    """Whoever is unserved with everything counted is so with the closings alone."""
    decisions, _ = drawn
    whole = Workbench(decided_situation(there(), decisions), STANDARD, StraightLine(), "1")
    closing = decided_situation(there(), decisions.without_openings)
    alone = Workbench(closing, STANDARD, StraightLine(), "1")
    nothing = whole.what_if.unserved()
    assert not np.any(nothing & ~alone.what_if.unserved())
