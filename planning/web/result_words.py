"""What the pages of targets and results call levels and periods, and how they colour a rate."""

from collections import Counter
from collections.abc import Iterable

from flask import Flask

from geo.errors import N_
from planning.language import percent
from planning.language import period_name as name_of_period
from planning.maps.classes import SERVED, Measure
from planning.model.performance import NEED_NAMES, Counts, Level
from planning.model.periods import Period, period
from planning.web.language import current, say
from planning.web.legends import ABOVE, BELOW, NO_DATA, RANGE, LegendClass

LEVELS: dict[Level, str] = {
    Level.PROVINCE: N_("province"),
    Level.OFFICE: N_("BHXH office"),
    Level.ORGANISATION: N_("service organisation"),
    Level.COMMUNE: N_("commune"),
    Level.ORGANISATION_IN_COMMUNE: N_("organisation in a commune"),
    Level.POINT: N_("collection point"),
    Level.STAFF: N_("member of staff"),
}
COUNTED: dict[Counts, str] = {
    Counts.HELD: N_("takes part on the last day of the period"),
    Counts.NEW: N_("joined within the period"),
}
NO_RATE = N_("The rate is a percentage from 0 to 1000.")
NO_TARGET = N_("no target")
IN_PART = N_("told in part")
NO_RESULT = N_("no result yet")
COMPLETION = Measure("completion", "completion", (0.25, 0.5, 0.75, 1.0), SERVED)


def period_name(it: Period | str) -> str:
    """Return what a period is called: Quý I/2025."""
    return name_of_period(period(it) if isinstance(it, str) else it, current())


def legend(rates: Iterable[float | None]) -> list[LegendClass]:
    """Return the classes of completion, lowest first, and that of no data where one has none."""
    counts = Counter(COMPLETION.class_of(each) for each in rates)
    shown = [LegendClass(colour, _range(rank), counts[rank]) for rank, colour in enumerate(SERVED)]
    if counts[None]:
        shown.append(LegendClass(None, say(NO_DATA), counts[None]))
    return shown


def colour(rate: float | None) -> str | None:
    """Return the colour of a completion, None for no data."""
    rank = COMPLETION.class_of(rate)
    return None if rank is None else SERVED[rank]


def install(app: Flask) -> None:
    """Let templates know the words of targets and results."""
    app.jinja_env.globals.update(
        LEVEL_NAMES=LEVELS, NEED_NAMES=NEED_NAMES, COUNTED_NAMES=COUNTED, period_name=period_name
    )
    app.jinja_env.filters["period_name"] = period_name


def _range(rank: int) -> str:
    breaks = COMPLETION.breaks
    lower = percent(breaks[rank - 1], current(), 0) if rank else None
    upper = percent(breaks[rank], current(), 0) if rank < len(breaks) else None
    text = BELOW if lower is None else ABOVE if upper is None else RANGE
    return say(text) % {"from": lower, "to": upper}
