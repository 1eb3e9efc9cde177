"""What in the kept data of a province still needs a hand: pure tables in, items out.

Every check is a function of `Given` that yields items.
"""

from collections.abc import Callable, Iterable

from planning.analysis.attention.codes import former_codes, wrong_codes
from planning.analysis.attention.given import Given
from planning.analysis.attention.people import hardly_possible, unknown
from planning.analysis.attention.places import nobody_near, other_commune, outside
from planning.analysis.attention.staff import staff_astray
from planning.analysis.attention.twins import twins
from planning.model.attention import Item, gravest_first

__all__ = ["Given", "attend", "former_codes"]

Check = Callable[[Given], Iterable[Item]]
CHECKS: tuple[Check, ...] = (
    unknown, hardly_possible, outside, nobody_near, twins, other_commune, staff_astray,
    wrong_codes,
)  # fmt: skip


def attend(given: Given) -> tuple[Item, ...]:
    """Return everything that needs a hand, the gravest first."""
    return gravest_first(item for check in CHECKS for item in check(given))
