"""Where the line of the counts over time stands, in the units of its SVG."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planning.model.compliance import Check, Count
from planning.web.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH

MOST_DOTS = 60
TICKS = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """A counted day: where it stands, and how many failures there were."""

    day: str
    x: float
    y: float
    failures: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The failures of counted days as a line from nought up; `lines` are (failures, y) of the axis.

    Every counted day is a corner of the line; `dots` are those that are marked and listed,
    the first and the last among them, `ticks` those whose day is written.
    """

    path: str
    dots: tuple[Dot, ...]
    ticks: tuple[Dot, ...]
    lines: tuple[tuple[int, float], ...]


def trend(counts: Iterable[Count], only: Check | None) -> Trend | None:
    """Return the line of all failures, or those of one rule; None for fewer than two days."""
    by_day: Counter[str] = Counter()
    for each in counts:
        if only in (None, each.check):
            by_day[each.day] += each.failures
    days = sorted(by_day)
    if len(days) < 2:
        return None
    first = date.fromisoformat(days[0]).toordinal()
    span = date.fromisoformat(days[-1]).toordinal() - first
    step = _round_step(max(by_day.values()))
    top = step * max(1, -(-max(by_day.values()) // step))
    floor, room = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM

    def dot(day: str) -> Dot:
        share = (date.fromisoformat(day).toordinal() - first) / span
        return Dot(day, round(LEFT + share * (WIDTH - LEFT - RIGHT), 1),
                   round(floor - by_day[day] / top * room, 1), by_day[day])  # fmt: skip

    dots = [dot(each) for each in days]
    path = "M" + "L".join(f"{each.x:g} {each.y:g}" for each in dots)
    lines = tuple((at, round(floor - at / top * room, 1)) for at in range(0, top + 1, step))
    return Trend(path, _thinned(dots, MOST_DOTS), _apart(dots), lines)


def _thinned(dots: list[Dot], most: int) -> tuple[Dot, ...]:
    """Return at most so many dots, evenly taken, the first and the last among them."""
    if len(dots) <= most:
        return tuple(dots)
    last = len(dots) - 1
    return tuple(dots[round(at * last / (most - 1))] for at in range(most))


def _apart(dots: list[Dot]) -> tuple[Dot, ...]:
    """Return the dots whose days can be written below each other's side without touching."""
    least = (WIDTH - LEFT - RIGHT) / TICKS
    kept = [dots[0]]
    for each in dots[1:]:
        if each.x - kept[-1].x >= least and (each is dots[-1] or dots[-1].x - each.x >= least):
            kept.append(each)
    return tuple(kept)


def _round_step(most: int) -> int:
    """Return the smallest of 1, 2, 5, 10, … of which at most five make up `most`."""
    size = 1
    while True:
        for times in (1, 2, 5):
            if 5 * times * size >= most:
                return times * size
        size *= 10
