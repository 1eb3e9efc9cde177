"""The official code of a collection point (Công văn 1804/BHXH-QLT): read it, renew it.

It holds the organisation's enterprise code (10 digits, or 7 of a budget relation), the
letters TH, province (2), commune (5) and the number of the point of that organisation in
that commune (001 to 999). When a commune changes, so do the codes of its points.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_NUMBER = 999
_FORM = re.compile(r"^(\d{10}|\d{7})TH(\d{2})(\d{5})(\d{3})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class OfficialCode:
    """The parts of a code; `str` writes it."""

    organisation: str
    province: str
    commune: str
    number: int

    def __str__(self) -> str:
        return f"{self.organisation}TH{self.province}{self.commune}{self.number:03d}"


class CodeState(StrEnum):
    """What becomes of a point's code."""

    KEPT = "kept"  # it is right already
    RENEWED = "renewed"  # province or commune replaced, number kept
    RENUMBERED = "renumbered"  # another point of the organisation has that number there
    INVALID = "invalid"  # what is written is no official code
    MISSING = "missing"  # the point has none
    UNPLACED = "unplaced"  # the commune of the point is not known
    FULL = "full"  # the organisation has no number left in the commune
    PAST = "past"  # the point is closed; its code stays history


@dataclass(frozen=True, slots=True)
class Bearer:
    """A point and the code it bears: `commune` is its present one, None when not known."""

    point_id: str
    written: str | None
    commune: str | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """The code a point should bear, None where none can be said."""

    state: CodeState
    code: OfficialCode | None = None


def parse(text: str) -> OfficialCode | None:
    """Return the parts of a code; None for what is no official code."""
    found = _FORM.fullmatch(text)
    if found is None or int(found[4]) == 0:
        return None
    return OfficialCode(found[1], found[2], found[3], int(found[4]))


def renewed(bearers: Sequence[Bearer], province: str) -> dict[str, Issued]:
    """Return by point the code it should bear in its present commune of `province`.

    Province and commune of the code are replaced, the number is kept. Where two points of
    one organisation then have the same, the one whose code was right already keeps it, else
    the one with the lowest former code and point id; the other gets the next free number
    upwards (after 999 from 001). Closed points keep theirs, and nobody gets it again.
    """
    issued: dict[str, Issued] = {}
    waiting: list[tuple[str, OfficialCode, OfficialCode]] = []
    taken: set[OfficialCode] = set()
    for each in bearers:
        code = parse(each.written) if each.written else None
        if each.closed:
            issued[each.point_id] = Issued(CodeState.PAST, code)
            taken |= {code} if code is not None else set()
        elif code is None or each.commune is None:
            issued[each.point_id] = Issued(_unusable(each, code))
        else:
            wanted = replace(code, province=province, commune=each.commune)
            waiting.append((each.point_id, code, wanted))
    # Whoever has the right code comes first; chance has no part in who follows.
    waiting.sort(key=lambda each: (each[1] != each[2], str(each[1]), each[0]))
    losing: list[tuple[str, OfficialCode]] = []
    for point_id, code, wanted in waiting:
        if wanted in taken:
            losing.append((point_id, wanted))
            continue
        taken.add(wanted)
        state = CodeState.KEPT if code == wanted else CodeState.RENEWED
        issued[point_id] = Issued(state, wanted)
    for point_id, wanted in losing:
        free = _next_free(wanted, taken)
        taken |= {free} if free is not None else set()
        state = CodeState.FULL if free is None else CodeState.RENUMBERED
        issued[point_id] = Issued(state, free)
    return issued


def _unusable(bearer: Bearer, code: OfficialCode | None) -> CodeState:
    if not bearer.written:
        return CodeState.MISSING
    return CodeState.INVALID if code is None else CodeState.UNPLACED


def _next_free(wanted: OfficialCode, taken: set[OfficialCode]) -> OfficialCode | None:
    for step in range(1, MOST_NUMBER):
        code = replace(wanted, number=(wanted.number + step - 1) % MOST_NUMBER + 1)
        if code not in taken:
            return code
    return None
