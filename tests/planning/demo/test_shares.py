"""Sharing points out between bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.demo.profiles import PROFILES
from planning.demo.shares import bounded_shares, crowded_bounds, fits

CROWDING = PROFILES["an-giang-2025q1"].crowding


def test_shares_follow_the_weights_where_no_bound_is_met() -> None:
    weights = np.array([1.0, 2.0, 5.0])
    shares = bounded_shares(weights, 80, np.zeros(3, dtype=int), np.full(3, 99))
    assert shares.tolist() == [10, 20, 50]


def test_what_a_bound_takes_or_gives_is_borne_by_the_others() -> None:
    weights = np.array([1.0, 2.0, 5.0])
    shares = bounded_shares(weights, 80, np.array([20, 0, 0]), np.array([99, 99, 40]))
    assert shares.tolist() == [20, 20, 40]


def test_a_total_outside_the_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        bounded_shares(np.ones(3), 10, np.zeros(3, dtype=int), np.full(3, 3))


@given(
    st.lists(
        st.tuples(st.floats(0.01, 1e6), st.integers(0, 5), st.integers(0, 30)),
        min_size=1, max_size=40,
    ),
    st.floats(0, 1),
)  # fmt: skip
def test_shares_always_sum_and_keep_their_bounds(
    cells: list[tuple[float, int, int]], part: float
) -> None:
    weights, low, room = (np.array(each) for each in zip(*cells, strict=True))
    high = low + room
    total = int(low.sum() + round(part * room.sum()))
    shares = bounded_shares(weights, total, low, high)
    assert shares.sum() == total
    assert (shares >= low).all()
    assert (shares <= high).all()


def test_the_published_crowding_fits_155_communes_and_857_points_only_nearby() -> None:
    assert fits(CROWDING, 155, 857)
    assert not fits(CROWDING, 154, 857)
    assert not fits(CROWDING, 155, 524)  # 29 + 38 · 10 + 116 = 525 are needed
    assert fits(CROWDING, 155, 525)


def test_bounds_leave_one_fullest_commune() -> None:
    low, high = crowded_bounds(CROWDING, np.arange(155.0) + 1, fullest=3)
    assert low[3] == high[3] == 29
    assert (low >= 10).sum() == 39
    assert (high[np.arange(155) != 3] <= 28).all()
