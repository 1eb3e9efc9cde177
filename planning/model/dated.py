"""Lines of a list that each count for some days: a change ends a line and begins another one."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from planning.model.compliance import Rule
from planning.model.proposals import Criterion

Line = TypeVar("Line", Criterion, Rule)


def shifted(day: str, days: int) -> str:
    """Return the day so many days later, ISO text."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def ended(lines: Iterable[Line], meant: Callable[[Line], bool], last: str) -> list[Line]:
    """Return the lines, those meant counting until `last` (ISO text) at most.

    One of them that would begin only after that day is gone. What counted until then stays
    as it was, so that a report of an earlier day says later what it said then.
    """
    return [
        replace(each, valid_to=min(each.valid_to or last, last)) if meant(each) else each
        for each in lines
        if not (meant(each) and each.valid_from > last)
    ]


def goes_on(line: Criterion | Rule, last: str) -> bool:
    """Whether a line counts on some day after `last`, so that it can be ended then."""
    return not line.valid_to or line.valid_to > last
