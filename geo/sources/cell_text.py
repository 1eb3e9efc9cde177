"""Columns of a table as clean text: one pass over a whole column at once."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from geo.names import clean

Column = list[str]
_SEPARATOR = "\ue000"  # of private use: no text of a list holds it
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
# Whitespace that `clean` would change: anything but single spaces between words.
_LOOSE = re.compile(r"[^\S ]|  | \ue000|\ue000 ")
_GUARDED = re.compile(r"'[=+\-@]")
_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A column's cells as clean text, and where something unseen was taken out of them.

    `invisible` and `homoglyphs` are positions of cells that held invisible characters, or
    the Icelandic Ð for Đ.
    """

    cells: Column
    invisible: tuple[int, ...] = ()
    homoglyphs: tuple[int, ...] = ()


def cleaned(cells: Sequence[str]) -> Cleaned:
    """Return text cells as `geo.names.clean` returns each, but a column at a time.

    The apostrophe that keeps a spreadsheet from taking a text as a formula is taken off.
    """
    whole = _SEPARATOR.join(cells)
    if whole.count(_SEPARATOR) != len(cells) - 1:  # a text of its own uses our separator
        return Cleaned(_unguarded([clean(each) for each in cells]))
    invisible = _where(cells, _INVISIBLE) if _INVISIBLE.search(whole) else ()
    homoglyphs = _where(cells, re.compile("\u00d0")) if "\u00d0" in whole else ()
    odd = (
        invisible or homoglyphs or _LOOSE.search(whole) or whole[:1] == " " or whole[-1:] == " "
        or not unicodedata.is_normalized("NFC", whole)
    )  # fmt: skip
    texts = [clean(each) for each in cells] if odd else list(cells)
    if whole[:1] == "'" or _SEPARATOR + "'" in whole:
        texts = _unguarded(texts)
    return Cleaned(texts, invisible, homoglyphs)


def _unguarded(cells: Column) -> Column:
    """Return text without the apostrophe that keeps a spreadsheet from taking it as a formula."""
    return [each[1:] if _GUARDED.match(each) else each for each in cells]


def as_text(values: Iterable[Any]) -> list[str]:
    """Return a spreadsheet's values as text: whole numbers without a point, dates as ISO."""
    return [each if type(each) is str else _value(each) for each in values]


def _value(value: Any) -> str:  # noqa: PLR0911 - one line for every kind of value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        # Beyond fifteen digits the rest is lost; it must not look as if it were there.
        return str(int(value)) if abs(value) < _EXACT else f"{value:.14E}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def _where(cells: Sequence[str], pattern: re.Pattern[str]) -> tuple[int, ...]:
    return tuple(at for at, each in enumerate(cells) if pattern.search(each))
