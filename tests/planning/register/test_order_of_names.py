"""Names of any signs have a place in the order, and Vietnamese ones that of the dictionary."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geo.names import sort_key

# Measured with ICU's collation “vi” (domain §4.3).
ORDERED = ("An Châu", "Ăn", "Ân", "Âu", "Bình Hòa", "Đô Lương", "Đồng Thành",
           "Tan", "Tàn", "Tản", "Tãn", "Tán", "Tạn")  # fmt: skip


def test_names_stand_as_in_the_dictionary():
    assert all(sort_key(one) < sort_key(other) for one, other in pairwise(ORDERED))


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_two_texts_can_be_ordered(one, other):
    assert (sort_key(one) < sort_key(other)) or (sort_key(one) >= sort_key(other))


def test_a_tone_that_stands_alone_has_a_place():
    assert sort_key("\u0301") < sort_key("a")
