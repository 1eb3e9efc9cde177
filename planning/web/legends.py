"""What the classes of a map mean, in words, and which commune has which colour."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.errors import N_
from planning.language import number
from planning.maps.classes import MEASURES, Measure
from planning.model.coverage import AreaCoverage
from planning.web.language import current, say

NAMES = {
    "share": N_("share of people served"),
    "surface": N_("distance to the nearest point, place by place"),
    "distance": N_("mean distance to the nearest point (km)"),
    "load": N_("people per direct point"),
    "points": N_("number of direct points"),
}
BELOW, RANGE, ABOVE = N_("below %(to)s"), N_("%(from)s to below %(to)s"), N_("%(from)s and more")
NO_DATA = N_("no data")


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class as the legend says it; `count` communes are in it (None: it has no communes)."""

    colour: str | None
    text: str
    count: int | None


def legend(measure: Measure, areas: tuple[AreaCoverage, ...]) -> list[LegendClass]:
    """Return the classes, lowest first, and that of no data where a commune is in it."""
    counts = Counter(measure.class_of(value_of(measure, each)) for each in areas)
    of_areas = bool(measure.field)
    shown = [
        LegendClass(colour, _range(measure, rank), counts[rank] if of_areas else None)
        for rank, colour in enumerate(measure.colours)
    ]
    if of_areas and counts[None]:
        shown.append(LegendClass(None, say(NO_DATA), counts[None]))
    return shown


def fills(measure: Measure, areas: tuple[AreaCoverage, ...]) -> dict[str, str | None]:
    """Return the colour of every commune by code, None for no data."""
    ranks = {each.code: measure.class_of(value_of(measure, each)) for each in areas}
    return {code: None if rank is None else measure.colours[rank] for code, rank in ranks.items()}


def tips(measure: Measure, areas: tuple[AreaCoverage, ...]) -> dict[str, str]:
    """Return what is said of every commune under the pointer: its name and its value."""
    return {each.code: f"{each.name}: {_said(measure, value_of(measure, each))}" for each in areas}


def value_of(measure: Measure, area: AreaCoverage) -> float | None:
    """Return what a measure says of a commune, None for no data."""
    values: Mapping[str, float | None] = {
        "share_covered": area.share_covered, "people_per_point": area.people_per_point,
        "mean_distance_m": area.distance.mean_m, "points_direct": area.points_direct,
    }  # fmt: skip
    return values.get(measure.field)


def measure_named(name: str) -> Measure | None:
    """Return the measure of a name, None where there is none."""
    return MEASURES.get(name)


def _range(measure: Measure, rank: int) -> str:
    show = _SHOW[measure.name]
    lower = show(measure.breaks[rank - 1]) if rank else None
    upper = show(measure.breaks[rank]) if rank < len(measure.breaks) else None
    text = BELOW if lower is None else ABOVE if upper is None else RANGE
    return say(text) % {"from": lower, "to": upper}


def _said(measure: Measure, value: float | None) -> str:
    if value is None:
        return say(NO_DATA)
    digits = {"share": 1, "distance": 2}.get(measure.name, 0)
    return _SHOW[measure.name](value, digits)


def _percent(value: float, digits: int = 0) -> str:
    return f"{number(value * 100, current(), digits)}%"


def _km(value: float, digits: int = 0) -> str:
    return f"{number(value / 1000, current(), digits)} km"


def _count(value: float, digits: int = 0) -> str:
    return number(value, current(), digits)


_SHOW: dict[str, Callable[..., str]] = {
    "share": _percent, "surface": _km, "distance": _km, "load": _count, "points": _count,
}  # fmt: skip
