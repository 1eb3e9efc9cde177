"""The four kinds of communes as they are shown: words, colours and patterns, what to do."""

from dataclasses import dataclass

from geo.errors import N_
from planning.language import number, percent
from planning.model.mismatch import Access, CommuneKind, Kind, Mismatch
from planning.web.language import current, say

MEASURES = {
    Access.SHARE: N_("share of people served"),
    Access.STAFF: N_("staff within reach for 10,000 people"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind is called, and what is to be done about it."""

    name: str
    todo: str


KINDS = {
    Kind.POINT: Words(
        N_("Poor access, poor results: a point is missing"),
        N_("Look at the gaps there and try a point in a scenario."),
    ),
    Kind.PERSON: Words(
        N_("Good access, poor results: a person is missing"),
        N_("Look at the points and staff below the rate, at their cards and inspections; add or train a staff member before any point."),
    ),
    Kind.BEYOND: Words(
        N_("Poor access, good results"),
        N_("Ask who collects there and how far people go: keep that, and bring a point nearer when one is opened next."),
    ),
    Kind.BOTH: Words(
        N_("Good access, good results"),
        N_("Nothing is missing; where points are idle, staff can help the neighbours."),
    ),
    Kind.NO_DATA: Words(
        N_("No data"),
        N_("Population, target or result is not known: bring it, this is not a poor result."),
    ),
}  # fmt: skip
# Told apart by lightness and by lines, not by hue alone: slanted where access is poor, upright
# where results are.
LOOKS = {
    Kind.BOTH: ("#cde3a9", ""), Kind.PERSON: ("#f6d98c", "upright"),
    Kind.BEYOND: ("#a9c8e6", "slanted"), Kind.POINT: ("#c2652f", "both"), Kind.NO_DATA: ("", ""),
}  # fmt: skip
NO_DATA = N_("no data")
TIP = N_("%(name)s: %(kind)s (access %(access)s, completion %(rate)s)")


def tips(found: Mismatch) -> dict[str, str]:
    """Return what is said of every commune under the pointer."""
    return {
        each.code: say(TIP) % {
            "name": each.name, "kind": say(KINDS[each.kind].name),
            "access": access(found, each), "rate": rate(each.rate),
        }
        for each in found.communes
    }  # fmt: skip


def legend(found: Mismatch) -> list[tuple[Kind, str, int]]:
    """Return the kinds in order of urgency with their words and how many communes they have."""
    return [
        (kind, say(words.name), len(found.of(kind)))
        for kind, words in KINDS.items()
        if kind is not Kind.NO_DATA or found.of(kind)
    ]


def access(found: Mismatch, each: CommuneKind) -> str:
    """Return the access of a commune as text."""
    return threshold(found.by, each.access)


def threshold(by: Access, value: float | None) -> str:
    """Return a value of access as text, in the unit of its measure."""
    if value is None:
        return say(NO_DATA)
    return percent(value, current()) if by is Access.SHARE else number(value, current(), 2)


def rate(value: float | None) -> str:
    """Return a completion as text."""
    return say(NO_DATA) if value is None else percent(value, current())
