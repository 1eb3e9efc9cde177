"""Runs along the curve answer exactly what the matrix answers that they stand for."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from planning.siting.covering.runs import Runs, curve_order


def matrix(seed, sites=40, places=90, share=0.3):
    rng = np.random.default_rng(seed)
    served = (rng.random((sites, places)) < share).astype(np.int64)
    served[rng.integers(0, sites, 5)] = 0  # some candidates serve nobody, in the midst
    served[-1] = 0  # and at the end
    return served


@pytest.mark.parametrize("seed", range(10))
class TestAgainstTheMatrix:
    def test_gains_are_exact(self, seed):
        served = matrix(seed)
        weight = np.random.default_rng(seed).integers(0, 10**12, served.shape[1])
        assert np.array_equal(Runs.of(csr_array(served)).gains(weight), served @ weight)

    def test_real_weights_are_gathered(self, seed):
        served = matrix(seed)
        weight = np.random.default_rng(seed).random(served.shape[1])
        assert np.allclose(Runs.of(csr_array(served)).gathered(weight), served @ weight)

    def test_shares_are_spread(self, seed):
        served = matrix(seed)
        share = np.random.default_rng(seed).random(served.shape[0])
        assert np.allclose(Runs.of(csr_array(served)).spread(share), served.T @ share)

    def test_places_are_listed_and_counted(self, seed):
        served = matrix(seed)
        runs = Runs.of(csr_array(served))
        assert runs.shape == served.shape
        assert np.array_equal(runs.lengths, served.sum(axis=1))
        assert np.array_equal(runs.times_served(), served.sum(axis=0))
        for site, row in enumerate(served):
            assert np.array_equal(runs.places_of(site), np.flatnonzero(row))


def test_nobody_to_serve_and_nobody_to_serve_them():
    for shape in ((0, 5), (5, 0), (0, 0)):
        runs = Runs.of(csr_array(shape, dtype=np.int64))
        assert runs.shape == shape
        assert len(runs.gains(np.ones(shape[1], dtype=np.int64))) == shape[0]
        assert len(runs.spread(np.ones(shape[0]))) == shape[1]


def test_neighbours_along_the_curve_are_neighbours_on_the_ground():
    side = 32
    ground = np.array([(x, y) for x in range(side) for y in range(side)], dtype=float)
    steps = np.abs(np.diff(ground[curve_order(ground)], axis=0)).sum(axis=1)
    assert set(steps) == {1.0}


def test_a_disc_of_places_is_few_runs_along_the_curve():
    rng = np.random.default_rng(3)
    places = rng.random((20_000, 2)) * 100_000
    places = places[curve_order(places)]
    near = (np.hypot(*(places - 50_000).T) < 10_000).astype(np.int64)
    runs = Runs.of(csr_array(near[None, :]))
    assert len(runs.start) < 2 * np.sqrt(near.sum())


def test_the_order_has_every_place_once():
    places = np.random.default_rng(5).random((500, 2))
    assert sorted(curve_order(places)) == list(range(500))
    assert list(curve_order(np.empty((0, 2)))) == []
    assert list(curve_order(np.ones((3, 2)))) == [0, 1, 2]
