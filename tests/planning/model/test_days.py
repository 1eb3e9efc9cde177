"""Days of Viet Nam: what was kept in the evening of UTC is of the next day there."""

import pytest

from planning.language import day
from planning.model.days import day_of


@pytest.mark.parametrize(("moment", "expected"), [
    ("2025-12-31T16:59:59+00:00", "2025-12-31"),
    ("2025-12-31T17:00:00+00:00", "2026-01-01"),
    ("2025-12-31T17:00:00", "2026-01-01"),
    ("2026-01-01T00:30:00+07:00", "2026-01-01"),
    ("2025-07-01", "2025-07-01"),
])  # fmt: skip
def test_a_moment_is_of_the_day_it_was_here(moment, expected):
    assert day_of(moment) == expected
    assert day(moment, "vi") == "/".join(reversed(expected.split("-")))


def test_what_is_no_moment_is_told_as_it_stands():
    assert day("quý I", "vi") == "quý I"
    with pytest.raises(ValueError, match="quý"):
        day_of("quý I")
