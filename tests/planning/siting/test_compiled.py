"""Compiled loops give what their plain twins give."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from planning.siting.compiled import ascent, moves
from planning.siting.compiled import cliques as compiled_cliques
from planning.siting.compiled import runs as kernels
from planning.siting.covering.runs import Runs, curve_order
from planning.siting.covering.search import Search
from planning.siting.covering.stretches import Covering
from planning.siting.rules import Row, RuleKind, Rules
from tests.planning.siting import twins

SEEDS = range(8)


def ground(seed, places=300, sites=40, same_radius=True):
    chance = np.random.default_rng(seed)
    place = chance.random((places, 2)) * 10_000
    place = np.round(place[curve_order(place)], -2)
    radius = np.full(places, 1500.0) if same_radius else chance.choice([500.0, 1500.0, 0.0], places)
    site = np.round(chance.random((sites, 2)) * 10_000, -2)
    site[0] = place[0]  # at the door
    return place, radius, site


def cover_of(served, weight):
    runs = Runs.of(csr_array(served))
    return Covering(weight, np.zeros(len(weight), dtype=np.int64), runs, 0,
                    np.arange(len(weight) + 1), np.arange(len(weight)))  # fmt: skip


@pytest.mark.parametrize("same_radius", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_runs_of_straight_lines_are_the_places_within_the_radius(seed, same_radius):
    place, radius, site = ground(seed, same_radius=same_radius)
    runs = Runs.straight(place, radius, site)
    twin = twins.served_matrix(place, radius, site)
    assert twin.any()
    for j in range(len(site)):
        assert np.array_equal(runs.places_of(j), np.flatnonzero(twin[j]))
    assert (runs.start < runs.end).all()
    # Unbroken: no run begins where the one before it ended.
    for j in range(len(site)):
        inside = slice(runs.first[j], runs.first[j + 1])
        assert (runs.start[inside][1:] > runs.end[inside][:-1]).all()


@pytest.mark.parametrize("places", [0, 1, 15, 16, 17, 128, 129, 1025])
def test_any_number_of_places_has_its_tree(places):
    place, radius, site = ground(1, places=max(places, 1))
    place, radius = place[:places], radius[:places]
    runs = Runs.straight(place, radius, site)
    assert np.array_equal(runs.lengths, twins.served_matrix(place, radius, site).sum(axis=1))


def test_no_site_has_no_runs():
    place, radius, _ = ground(1)
    assert Runs.straight(place, radius, np.empty((0, 2))).shape == (0, 300)


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_keys_are_those_of_the_smaller_curve_refined(seed):
    """Coarse cells keep their order when the curve is drawn twice as fine."""
    cells = np.random.default_rng(seed).integers(0, 64, (200, 2))
    x, y = cells[:, 0] + 0.5, cells[:, 1] + 0.5  # in the middle: rounding moves none
    fine = kernels.curve_keys(x, y, 0.0, 0.0, 63.0, 6)
    # The curve turns with every level: two levels more keep its direction.
    coarse = kernels.curve_keys(x // 4 + 0.5, y // 4 + 0.5, 0.0, 0.0, 15.0, 4)
    assert np.array_equal(fine // 16, coarse)
    assert len(np.unique(fine)) == len(np.unique(cells, axis=0))


@pytest.mark.parametrize("seed", SEEDS)
def test_who_serves_a_place_is_its_column(seed):
    place, radius, site = ground(seed)
    runs, twin = Runs.straight(place, radius, site), twins.served_matrix(place, radius, site)
    for at in (0, 17, 299):
        assert np.array_equal(runs.who_serves(at), twin[:, at] > 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_joined_stretches_keep_every_sum(seed):
    place, radius, site = ground(seed)
    twin = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(seed).integers(1, 50, len(place))
    whole = cover_of(twin, weight)
    joined = whole.joined()
    assert len(joined.weight) < len(weight)
    assert np.array_equal(joined.covers.gains(joined.weight), twin @ weight)
    assert joined.weight.sum() == weight.sum()
    few = np.array([1, 5, 9])
    assert np.array_equal(whole.covers.only(few).gains(weight), twin[few] @ weight)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cap_is_met_as_halving_meets_it(seed):
    chance = np.random.default_rng(seed)
    value, step = chance.normal(0.4, 0.5, 60), chance.random(60) + 0.01
    low = np.zeros(60)
    low[:3] = 1.0
    for most in (3.0, 7.0, 20.0, 60.0):
        out = value.copy()
        ascent.capped(out, step, low, most, 0.3)
        assert out == pytest.approx(twins.capped(value, step, low, most), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_primal_dual_steps_are_those_of_matrices(seed):
    place, radius, site = ground(seed, places=120, sites=20)
    served = twins.served_matrix(place, radius, site)
    runs, chance = Runs.of(csr_array(served)), np.random.default_rng(seed)
    matrix = csr_array((chance.random((3, 20)) < 0.4).astype(np.int64))
    side, row_sigma = np.array([1.0, 2.0, -1.0]), np.full(3, 0.1)
    box = (chance.random(120), np.zeros(20), 4.0, np.full(20, 0.02), np.full(120, 0.2), 2.0)
    point = [chance.random(20), chance.random(120), chance.random(3)]
    anchor = [each + 0.1 for each in point]
    rows = (matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64),
            matrix.data.astype(float), side, row_sigma)  # fmt: skip
    twin = tuple(each.copy() for each in point)
    for taken in range(5):
        twin, ends = twins.stepped(
            served, box, (matrix.toarray(), side, row_sigma), twin, anchor, taken
        )
    out = tuple(np.zeros_like(each) for each in point)
    ascent.iterate(runs.arrays, box, rows, (*point, np.zeros(1)), tuple(anchor), out, 0, 5)
    for got, expected in zip((*point, *out), (*twin, *ends), strict=True):
        assert got == pytest.approx(expected, abs=1e-6)


def rules_for(sites, most, seed):
    chance = np.random.default_rng(seed)
    whose = chance.integers(0, 4, sites)
    rows = tuple(
        Row.count(RuleKind.COMMUNE, str(each), np.flatnonzero(whose == each), 1, 3)
        for each in range(4)
    )
    clash = np.triu(chance.random((sites, sites)) < 0.05, 1)
    return Rules(sites, most, rows, clashes=csr_array((clash | clash.T).astype(np.int64)))


@pytest.mark.parametrize("seed", SEEDS)
def test_gains_and_losses_stay_right_through_any_moves(seed):
    place, radius, site = ground(seed)
    served = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(seed).integers(0, 50, len(place))
    search, chosen = Search(cover_of(served, weight), Rules(40, 40)), set()
    chance = np.random.default_rng(seed)
    for _ in range(60):
        at = int(chance.integers(40))
        moves.move(search._ground, search._state, at, -1 if at in chosen else 1)
        chosen ^= {at}
        value, gain, loss = twins.worth(served, weight, chosen)
        assert search.value == value
        for each in range(40):
            if each in chosen:
                assert search._state.loss[each] == loss[each]
            else:
                assert search._state.gain[each] == gain[each]
    moves.undo(search._ground, search._state)
    assert (search.value, len(search.chosen)) == (0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_greedy_opens_the_site_that_gains_most_and_first_of_equals(seed):
    place, radius, site = ground(seed)
    served = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(seed).integers(0, 5, len(place))
    search, chosen = Search(cover_of(served, weight), Rules(40, 6)), []
    search.fill()
    for _ in range(6):
        _, gain, _ = twins.worth(served, weight, set(chosen))
        chosen.append(int(gain.argmax()))
    assert sorted(chosen) == search.chosen.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_single_exchange_is_left_and_no_rule_broken(seed):
    place, radius, site = ground(seed)
    served = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(seed).integers(0, 50, len(place))
    rules = rules_for(40, 8, seed)
    search = Search(cover_of(served, weight), rules)
    search.fill()
    before = search.value
    search.exchange()
    chosen = set(search.chosen.tolist())
    assert search.value >= before
    if search.value < 0:
        pytest.skip("greedy found no choice that obeys these rules")
    assert rules.broken(sorted(chosen)) == []
    for old in chosen:
        for new in set(range(40)) - chosen:
            other = sorted(chosen - {old} | {new})
            if not rules.broken(other):
                assert twins.worth(served, weight, set(other))[0] <= search.value


@pytest.mark.parametrize("seed", SEEDS)
def test_rebuilding_never_loses_the_best_and_keeps_the_rules(seed):
    place, radius, site = ground(seed)
    served = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(seed).integers(0, 50, len(place))
    rules = rules_for(40, 8, seed)
    search = Search(cover_of(served, weight), rules)
    search.fill()
    before = search.value
    search.rebuild(200, 3, 40)
    assert search.value >= before
    if before >= 0:
        assert rules.broken(search.chosen.tolist()) == []
        assert search.value == twins.worth(served, weight, set(search.chosen.tolist()))[0]


def test_the_same_seed_rebuilds_the_same_choice():
    place, radius, site = ground(5, places=2000, sites=200)
    served = twins.served_matrix(place, radius, site)
    weight = np.random.default_rng(5).integers(0, 50, len(place))
    found = []
    for seed in (1, 1, 2):
        search = Search(cover_of(served, weight), Rules(200, 12))
        search.fill()
        search.rebuild(300, seed, 100)
        found.append((search.value, search.chosen.tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_inside_a_row_is_owed_once(seed):
    """Two former communes of one commune, one site each: the commune's one is among them."""
    del seed
    rows = (
        Row.count(RuleKind.COMMUNE, "A", np.arange(6), 1),
        Row.count(RuleKind.FORMER, "a", np.arange(3), 1),
        Row.count(RuleKind.FORMER, "b", np.arange(3, 6), 1),
    )
    served = np.eye(6, dtype=np.int64)
    search = Search(cover_of(served, np.ones(6, dtype=np.int64)), Rules(6, 3, rows))
    assert moves.sites_owed(search._ground, search._state) == 2
    search.open(0)
    assert moves.sites_owed(search._ground, search._state) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_cliques_are_cliques_and_every_site_that_clashes_is_in_some(seed):
    chance = np.random.default_rng(seed)
    clash = np.triu(chance.random((50, 50)) < 0.2, 1)
    clash = clash | clash.T
    near = csr_array(clash.astype(np.int64))
    first, members = compiled_cliques.cliques(
        near.indptr.astype(np.int64), near.indices.astype(np.int64), 3
    )
    found = np.split(members, first[1:-1])
    for clique in found:
        assert len(clique) > 1
        assert all(clash[a, b] for a in clique for b in clique if a != b)
    assert set(np.flatnonzero(clash.any(axis=1))) == set(members.tolist())
