"""Saying things in the reader's language: words from the catalogue, numbers, dates.

The English sentence is the message id. Vietnamese comes from
`planning/translations/vi/LC_MESSAGES/messages.po`, read as it is: nothing is compiled.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("vi", "en")
CATALOGUES = Path(__file__).parent / "translations"
DAY_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}

Say = Callable[[str], str]


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
    return format_decimal(value, format=pattern, locale=language)


def counting(language: str) -> Callable[[float], str]:
    """Return the function that writes a number of a sentence with the places it has."""
    return lambda value: format_decimal(value, format="#,##0.######", locale=language)


def percent(share: float | None, language: str, digits: int = 1) -> str:
    """Return a share of 0..1 as a percentage; a dash where there is no value."""
    if share is None:
        return "–"
    return format_percent(share, format="#,##0." + "0" * digits + "%", locale=language)


def kilometres(metres: float | None, language: str) -> str:
    """Return a distance in metres as kilometres with two places, without the unit."""
    return number(None if metres is None else metres / 1000, language, 2)


def radius(km: float, language: str) -> str:
    """Return a radius in kilometres with the places it has, three at most."""
    return format_decimal(km, format="#,##0.###", locale=language)


def day(iso: str | None, language: str) -> str:
    """Return an ISO date as `language` writes it; what is no date is returned as it is."""
    if not iso:
        return "–"
    try:
        parsed = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return format_date(parsed, format=DAY_PATTERNS.get(language, "yyyy-MM-dd"), locale=language)
