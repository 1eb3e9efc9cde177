"""Where the lines of a trend and the bars of a ranking stand, in the units of their SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.analysis.performance.standing import Standing
from planning.model.periods import Period
from planning.services.performance.province import TrendStep

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 84, 48, 14, 40
MOST_RATE = 1.5  # a bar that is longer is drawn to here, and marked
BAR_WIDTH = 150


@dataclass(frozen=True, slots=True)
class Corner:
    """One period on the trend: where it stands and what was told; None: nothing."""

    period: Period
    x: float
    result_y: float | None
    target_y: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Trend:
    """Results and targets over periods: two paths, and the lines of the upright axis."""

    results: str
    targets: str
    corners: tuple[Corner, ...]
    lines: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class RateBar:
    """The bar of a completion: its length and where 100 % and the rate of the whole stand."""

    width: float
    full: float
    mean: float | None
    cut: bool


def trend(steps: Sequence[TrendStep]) -> Trend | None:
    """Return the lines of a trend, None where fewer than two periods were told."""
    if len(steps) < 2:
        return None
    values = [
        each
        for step in steps
        for each in (step.standing.target, step.standing.result)
        if each is not None
    ]
    apart = _round_step(max(max(values, default=1), 1) / 4)
    top = apart * -(-max(values, default=1) // apart) or apart

    def y(value: int | None) -> float | None:
        room = HEIGHT - TOP - BOTTOM
        return None if value is None else round(HEIGHT - BOTTOM - value / top * room, 1)

    across = (WIDTH - LEFT - RIGHT) / (len(steps) - 1)
    corners = tuple(
        Corner(step.period, round(LEFT + at * across, 1), y(step.standing.result),
               y(step.standing.target), step.standing)
        for at, step in enumerate(steps)
    )  # fmt: skip
    lines = tuple((each, y(each) or 0.0) for each in range(0, top + 1, apart))
    return Trend(
        _path([(each.x, each.result_y) for each in corners]),
        _path([(each.x, each.target_y) for each in corners]), corners, lines,
    )  # fmt: skip


def bar(rate: float | None, mean: float | None) -> RateBar | None:
    """Return the bar of a completion, None where there is none."""
    if rate is None:
        return None
    return RateBar(_across(rate), _across(1), None if mean is None else _across(mean),
                   rate > MOST_RATE)  # fmt: skip


def _across(rate: float) -> float:
    return round(min(rate, MOST_RATE) / MOST_RATE * BAR_WIDTH, 1)


def _path(places: Sequence[tuple[float, float | None]]) -> str:
    """Return the corners as a path, broken where nothing was told."""
    path, drawing = "", False
    for x, y in places:
        if y is not None:
            path += f"{'L' if drawing else 'M'}{x:g} {y:g}"
        drawing = y is not None
    return path


def _round_step(least: float) -> int:
    size = 1
    while True:
        for times in (1, 2, 5):
            if times * size >= least:
                return times * size
        size *= 10
