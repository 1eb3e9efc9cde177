"""One cell's text as the value a field wants: numbers, counts, flags, days, codes."""

import re
from collections.abc import Mapping
from datetime import date

from geo.names import heading_key, search_key

Headings = Mapping[str, tuple[str, ...]]

_YES = frozenset({"co", "x", "1", "true", "yes", "dacap", "roi", "da"})
_NO = frozenset({"khong", "chua", "0", "false", "no", "chuacap"})
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}([. ][0-9]{3})+|[0-9]{1,3}(,[0-9]{3})+")
_MOST_DIGITS = 25  # longer is no number a person wrote
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def known_keys(headings: Headings) -> frozenset[str]:
    """Return every heading key that means one of the fields."""
    spelled = [name for field, names in headings.items() for name in (*names, field)]
    return frozenset(heading_key(each) for each in spelled)


def number(text: str) -> float | None:
    """Return a coordinate or measure written as 10.38, 10,38 or 1.0e2; None if it is none."""
    if len(text) > _MOST_DIGITS:
        return None
    if _PLAIN.fullmatch(text):
        return float(text)
    return float(text.replace(",", ".")) if _COMMA.fullmatch(text) else None


def whole_number(text: str) -> int | None:
    """Return a count written as 12345, 12.345, 12 345 or 12,345; None if it is none."""
    if len(text) > _MOST_DIGITS:
        return None
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"[., ]", "", text))
    if re.fullmatch(r"[0-9]+(\.0+)?", text):
        return int(text.split(".", maxsplit=1)[0])
    return None


def yes_or_no(text: str) -> bool | None:
    """Return True for “Có”, “đã cấp”, “x”; False for “Không”, “Chưa”; None for others."""
    key = re.sub(r"[^a-z0-9]", "", search_key(text))
    return True if key in _YES else False if key in _NO else None


def iso_date(text: str) -> str | None:
    """Return a date written day/month/year or ISO as ISO text; None if it is none."""
    found = _DAY.fullmatch(text)
    try:
        if found:
            day, month, year = map(int, found.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def code_text(text: str, digits: int) -> str | None:
    """Return a code of `digits` digits, with zeros that a spreadsheet lost put back."""
    text = text.removesuffix(".0")
    plain = text.isascii() and text.isdigit() and len(text) <= digits
    return text.zfill(digits) if plain else None
