"""Saying things in the reader's language: words from the catalogue, numbers, dates.

The English sentence is the message id. Vietnamese comes from
`planning/translations/vi/LC_MESSAGES/messages.po`, read as it is: nothing is compiled.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from geo.errors import N_
from planning.model.coverage import Gap
from planning.model.days import day_of
from planning.model.periods import Period, PeriodKind

LANGUAGES = ("vi", "en")
STORED_LANGUAGE = "vi"  # what is kept as text is kept in the language of the offices
CATALOGUES = Path(__file__).parent / "translations"
DAY_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}

Say = Callable[[str], str]

# The parts of a gap's name; the scripts of the map build it from the same words.
GAP_NAME = N_("%(side)s %(commune)s, %(km)s km from %(seat)s")
GAP_SIDES = {
    "N": N_("Northern part of"), "NE": N_("North-eastern part of"), "E": N_("Eastern part of"),
    "SE": N_("South-eastern part of"), "S": N_("Southern part of"),
    "SW": N_("South-western part of"), "W": N_("Western part of"),
    "NW": N_("North-western part of"), "C": N_("Middle of"),
}  # fmt: skip
# (the seat is not known, it is another commune's) -> what the distance is measured from.
GAP_SEATS = {
    (False, False): N_("its seat"),
    (False, True): N_("the seat of %(commune)s"),
    (True, False): N_("its most populous place"),
    (True, True): N_("the most populous place of %(commune)s"),
}
PERIODS: dict[PeriodKind, str] = {
    PeriodKind.YEAR: N_("Year %(year)s"),
    PeriodKind.QUARTER: N_("Quarter %(number)s/%(year)s"),
    PeriodKind.MONTH: N_("Month %(number)s/%(year)s"),
    PeriodKind.WEEK: N_("Week %(number)s/%(year)s"),
}
_ROMAN = ("", "I", "II", "III", "IV")  # as the offices number quarters
_AGAIN = re.compile(r" \(\d+\)$")  # the number that keeps two equal names apart


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return message id -> text for `language`; empty for English, whose ids are the text."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(each.id): str(each.string) for each in messages if each.id and each.string}


def speaker(language: str) -> Say:
    """Return the function that says a message id in `language`, in English where unknown."""
    words = catalogue(language)
    return lambda message: words.get(message, message)


def number(value: float | None, language: str, digits: int = 0) -> str:
    """Return `value` with the separators of `language`; a dash where there is no value."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _unsigned_nought(format_decimal(value, format=pattern, locale=language))


def counting(language: str) -> Callable[[float], str]:
    """Return the function that writes a number of a sentence with the places it has."""
    return lambda value: _unsigned_nought(
        format_decimal(value, format="#,##0.######", locale=language)
    )


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """Return a share of 0..1 as a percentage; a dash where there is no value."""
    if share is None:
        return "–"
    pattern = "#,##0." + "0" * digits + "%"
    return _unsigned_nought(format_percent(share, format=pattern, locale=language))


def kilometres(metres: float | None, language: str) -> str:
    """Return a distance in metres as kilometres with two places, without the unit."""
    return number(None if metres is None else metres / 1000, language, 2)


def distance(metres: float | None, language: str) -> str:
    """Return a distance with its unit: whole metres below a kilometre, else kilometres."""
    if metres is not None and round(metres) < 1000:
        return f"{number(metres, language)} m"
    return "–" if metres is None else f"{kilometres(metres, language)} km"


def radius(km: float, language: str) -> str:
    """Return a radius in kilometres with the places it has, three at most."""
    return format_decimal(km, format="#,##0.###", locale=language)


def day(iso: str | None, language: str) -> str:
    """Return an ISO date, or the day here of a moment, as `language` writes it; other text as it is."""
    if not iso:
        return "–"
    try:
        parsed = date.fromisoformat(day_of(iso))
    except ValueError:
        return iso
    return format_date(parsed, format=DAY_PATTERNS.get(language, "yyyy-MM-dd"), locale=language)


def period_name(of: Period, language: str) -> str:
    """Return what `language` calls a period: Quý I/2025."""
    number = _ROMAN[of.number] if of.kind is PeriodKind.QUARTER else str(of.number)
    return speaker(language)(PERIODS[of.kind]) % {"number": number, "year": f"{of.year:04d}"}


def _unsigned_nought(text: str) -> str:
    """Return a written number without the sign that nought, or what is rounded to it, keeps."""
    return text if any(each in "123456789" for each in text) else text.replace("-", "")


def gap_name(gap: Gap, language: str) -> str:
    """Return what `language` calls a gap: its own name in Vietnamese, else one of its parts."""
    if language == "vi":
        return gap.name
    say = speaker(language)
    seat = say(GAP_SEATS[not gap.seat_known, gap.seat != gap.commune])
    name = say(GAP_NAME) % {
        "side": say(GAP_SIDES[gap.side]), "commune": gap.commune,
        "km": number(gap.seat_m / 1000, language, 1), "seat": seat % {"commune": gap.seat},
    }  # fmt: skip
    again = _AGAIN.search(gap.name)
    return name + (again[0] if again else "")
