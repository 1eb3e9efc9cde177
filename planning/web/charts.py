"""Where the bars and the curve of a chart stand, in the units of its SVG."""

from dataclasses import dataclass

from planning.model.distribution import Distribution
from planning.model.people_curve import PeopleCurve

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 60, 30, 14, 46
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)  # between the lines of the share axis


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram and the class it stands for."""

    x: float
    y: float
    width: float
    height: float
    from_km: float
    to_km: float | None
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of people by distance; `lines` are (share, y) of the axis."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The Lorenz curve as a path; `tenths` are its corners at every tenth of the people."""

    path: str
    equal: str
    lines: tuple[tuple[float, float, float], ...]
    tenths: tuple[tuple[float, float], ...]


def histogram(spread: Distribution) -> Histogram | None:
    """Return the bars of a distribution, None where there is none."""
    if not spread.classes:
        return None
    most = max(each.share for each in spread.classes)
    step = next((each for each in STEPS if most / each <= 5), STEPS[-1])
    top = step * -(-most // step) or step
    floor, room = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM
    width = (WIDTH - LEFT - RIGHT) / len(spread.classes)
    bars = tuple(
        Bar(
            round(LEFT + at * width + 2, 1), round(floor - each.share / top * room, 1),
            round(width - 4, 1), round(each.share / top * room, 1),
            each.from_km, each.to_km, each.people, each.share,
        )
        for at, each in enumerate(spread.classes)
    )  # fmt: skip
    lines = tuple(
        (at * step, round(floor - at * step / top * room, 1)) for at in range(round(top / step) + 1)
    )
    return Histogram(bars, lines)


def curve(spread: Distribution) -> Curve | None:
    """Return the Lorenz curve of a distribution, None where there is none."""
    if not spread.lorenz:
        return None
    corners = [_corner(x, y) for x, y in spread.lorenz]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
    (left, low), (right, high) = _corner(0, 0), _corner(1, 1)
    lines = tuple((at / 5, *_corner(at / 5, at / 5)) for at in range(6))
    tenths = tuple(spread.lorenz[10 * at] for at in range(1, 11))
    return Curve(path, f"M{left:g} {low:g}L{right:g} {high:g}", lines, tenths)


@dataclass(frozen=True, slots=True)
class Step:
    """A number of points on the curve: where it stands, whom it serves, what none exceeds."""

    points: int
    x: float
    y: float
    people: int
    bound: int


@dataclass(frozen=True, slots=True)
class PeopleChart:
    """People against points: the curve, the band up to the bound, the lines of both axes.

    `lines` are (people, y), `ticks` (points, x); every step is `width` wide.
    """

    path: str
    band: str
    steps: tuple[Step, ...]
    lines: tuple[tuple[int, float], ...]
    ticks: tuple[tuple[int, float], ...]
    width: float


def people_chart(found: PeopleCurve) -> PeopleChart | None:
    """Return the curve of people against points, None where no number of points obeys the rules."""
    known = [at for at, people in enumerate(found.people) if people >= 0]
    if not known or not found.most:
        return None
    low, high = found.people[known[0]], found.bound[-1]
    each = _round_step(max(high - low, 1) / 5)
    bottom, top = each * (low // each), each * (-(-high // each))
    top = max(top, bottom + each)

    def place(points: int, people: int) -> tuple[float, float]:
        return _corner(points / found.most, (people - bottom) / (top - bottom))

    steps = tuple(Step(at, *place(at, found.people[at]), found.people[at], found.bound[at])
                  for at in known)  # fmt: skip
    above = [place(at, found.bound[at]) for at in known]
    curve_path = "M" + "L".join(f"{it.x:g} {it.y:g}" for it in steps)
    band = curve_path + "L" + "L".join(f"{x:g} {y:g}" for x, y in reversed(above)) + "Z"
    lines = tuple((people, place(0, people)[1]) for people in range(bottom, top + 1, each))
    apart = _round_step(found.most / 8)
    ticks = tuple((at, place(at, bottom)[0]) for at in range(0, found.most + 1, apart))
    width = round((WIDTH - LEFT - RIGHT) / found.most, 2)
    return PeopleChart(curve_path, band, steps, lines, ticks, width)


def _round_step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, … that is not below `least`."""
    size = 1
    while True:
        for times in (1, 2, 5):
            if times * size >= least:
                return times * size
        size *= 10


def _corner(x: float, y: float) -> tuple[float, float]:
    """Return a place of the unit square in the units of the SVG."""
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    return round(LEFT + x * across, 1), round(HEIGHT - BOTTOM - y * up, 1)
