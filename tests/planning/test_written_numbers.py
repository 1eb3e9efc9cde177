"""Numbers and distances as the reader writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.language import counting, distance, number, percent


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("value", [-0.0, -0.4, -0.04, 0.0])
def test_nought_has_no_sign(language, value):
    assert number(value, language) == "0"
    assert number(value / 100, language, 1).strip("0,.") == ""
    assert percent(value / 1000, language).strip("0,.%") == ""
    assert counting(language)(value / 1e7) == "0"


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_can_be_read_back(value):
    assert int(number(value, "vi").replace(".", "")) == value
    assert int(number(value, "en").replace(",", "")) == value


@pytest.mark.parametrize(
    ("metres", "told"),
    [(0, "0 m"), (442.4, "442 m"), (999.4, "999 m"), (999.6, "1,00 km"), (1000, "1,00 km"),
     (94_120, "94,12 km"), (None, "–")],
)  # fmt: skip
def test_a_distance_from_a_kilometre_on_is_told_in_kilometres(metres, told):
    assert distance(metres, "vi") == told
