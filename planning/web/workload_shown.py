"""The map of the workload: classes around the number wanted, their colours and words."""

from bisect import bisect_right
from collections import Counter

from geo.errors import N_
from planning.language import number
from planning.maps.classes import BURDEN
from planning.model.workload import CommuneLoad, WorkloadReport
from planning.web.language import current, say
from planning.web.legends import ABOVE, BELOW, NO_DATA, RANGE, LegendClass

# Lower ends of the classes but the first, as multiples of the number wanted.
TIMES = (0.5, 0.8, 1.25, 2.0)
ROUND = 10
NO_STAFF = N_("no staff within reach")
TIP = N_("%(name)s: %(people)s people per staff member; needs %(needed)s more")


def breaks(report: WorkloadReport) -> tuple[float, ...]:
    """Return the lower ends of the classes in people per staff member, none without any staff."""
    wanted = report.wanted
    if wanted is None:
        return ()
    step = ROUND if wanted >= 10 * ROUND else 1
    return tuple(step * round(times * wanted / step) for times in TIMES)


def class_of(each: CommuneLoad, ends: tuple[float, ...]) -> int | None:
    """Return the class of a commune, None for no data; nobody within reach is the last."""
    if not each.people or not ends:
        return None
    if each.people_per_staff is None:
        return len(ends)
    return bisect_right(ends, each.people_per_staff)


def fills(report: WorkloadReport) -> dict[str, str | None]:
    """Return the colour of every commune by code, None for no data."""
    ends = breaks(report)
    ranks = {each.code: class_of(each, ends) for each in report.communes}
    return {code: None if rank is None else BURDEN[rank] for code, rank in ranks.items()}


def tips(report: WorkloadReport) -> dict[str, str]:
    """Return what is said of every commune under the pointer."""
    return {each.code: _tip(each) for each in report.communes}


def legend(report: WorkloadReport) -> list[LegendClass]:
    """Return the classes, lowest first, and that of no data where a commune is in it."""
    ends = breaks(report)
    counts = Counter(class_of(each, ends) for each in report.communes)
    texts = [_range(ends, rank) for rank in range(len(ends) + 1)] if ends else []
    shown = [
        LegendClass(colour, text, counts[rank])
        for rank, (colour, text) in enumerate(zip(BURDEN, texts, strict=False))
    ]
    if counts[None]:
        shown.append(LegendClass(None, say(NO_DATA), counts[None]))
    return shown


def _range(ends: tuple[float, ...], rank: int) -> str:
    lower = number(ends[rank - 1], current()) if rank else ""
    upper = number(ends[rank], current()) if rank < len(ends) else ""
    if not lower:
        return say(BELOW) % {"to": upper}
    if upper:
        return say(RANGE) % {"from": lower, "to": upper}
    return f"{say(ABOVE) % {'from': lower}}; {say(NO_STAFF)}"


def _tip(each: CommuneLoad) -> str:
    if not each.people:
        return f"{each.name}: {say(NO_DATA)}"
    if each.people_per_staff is None:
        return f"{each.name}: {say(NO_STAFF)}"
    return say(TIP) % {
        "name": each.name, "people": number(each.people_per_staff, current()),
        "needed": number(each.staff_needed, current()),
    }  # fmt: skip
