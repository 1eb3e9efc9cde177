"""What somebody typed into a field, read as its value; all that is wrong with it at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geo.crs import VIETNAM_LAT, VIETNAM_LON
from geo.errors import N_, Refusal, Word
from geo.sources.fields import iso_date, number, whole_number
from planning.model.compliance import Record
from planning.model.errors import RequestError
from planning.model.official_code import parse
from planning.model.proposals import fits
from planning.model.register import KIND_WORDS, MOST_TEXT, STATUS_WORDS, Field, Holds

EMPTY = N_("“%(field)s” cannot be left empty.")
TOO_LONG = N_("“%(field)s” takes at most %(most)s characters on one line.")
NO_DAY = N_("“%(field)s”: “%(value)s” is no day; write day/month/year.")
NO_CHOICE = N_("“%(field)s”: “%(value)s” is none of the choices.")
NO_COUNT = N_("“%(field)s”: “%(value)s” is no whole number.")
NO_DEGREES = N_("“%(field)s”: “%(value)s” is no place in Viet Nam; write degrees such as 10,3811.")
NO_ORGANISATION = N_("“%(field)s”: there is no organisation with the code “%(value)s”; bring it into the list of organisations first.")  # fmt: skip
NO_POINT = N_("“%(field)s”: there is no point with the code “%(value)s” in the register.")
NO_CODE = N_("“%(value)s” is no official code: ten digits of the organisation (or seven), TH, two of the province, five of the commune, three of the point.")  # fmt: skip
CODE_TAKEN = N_("The official code “%(value)s” is that of “%(name)s” already.")
DAYS_SWAPPED = N_("“%(last)s” lies before “%(first)s”.")
NO_SIGN = N_("There is a day on which the sign was issued, but no sign; mend the one or the other.")
_MOST_COUNT, _MOST_MONEY = 100_000, 10**15
# First day and last day of the same thing.
_SPANS: Mapping[Record, tuple[tuple[str, str, str, str], ...]] = {
    Record.POINT: (
        ("opened", N_("First day of operation"), "closed", N_("Last day of operation")),
    ),
    Record.ORGANISATION: (
        ("contract_date", N_("Contract of"), "contract_valid_to", N_("Contract valid until")),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What a value may refer to: names of organisations, and of points, by their codes."""

    organisations: Mapping[str, str]
    points: Mapping[str, str]


def read(field: Field, text: str, known: Known) -> Any:
    """Return the value that a text means, None for an empty one.

    Raises `RequestError` with the one thing that is wrong with it.
    """
    text = text.strip()
    if not text:
        if field.needed:
            raise RequestError(EMPTY, field=Word(field.label))
        return None
    if not fits(text, MOST_TEXT):
        raise RequestError(TOO_LONG, field=Word(field.label), most=MOST_TEXT)
    value, message = _READ[field.holds](field, text, known)
    if value is None:
        raise RequestError(message, field=Word(field.label), value=text[:60])
    return value


def wrongs(kind: Record, row: Mapping[str, Any]) -> Iterator[Refusal]:
    """Yield what contradicts itself in a record as it would be kept."""
    for first, first_name, last, last_name in _SPANS.get(kind, ()):
        if row[first] and row[last] and row[last] < row[first]:
            yield RequestError(DAYS_SWAPPED, first=Word(first_name), last=Word(last_name))
    if kind is Record.POINT and row["sign_date"] and row["sign"] is False:
        yield RequestError(NO_SIGN)


def wrong_code(code: str | None, others: Mapping[str, str]) -> Iterator[Refusal]:
    """Yield what is wrong with a new official code; `others` are names of points by theirs."""
    if not code:
        return
    if parse(code) is None:
        yield RequestError(NO_CODE, value=code[:60])
    elif code in others:
        yield RequestError(CODE_TAKEN, value=code, name=others[code])


Read = tuple[Any, str]


def _degrees(field: Field, text: str, _known: Known) -> Read:
    low, high = VIETNAM_LAT if field.name == "lat" else VIETNAM_LON
    found = number(text)
    return (found if found is not None and low <= found <= high else None), NO_DEGREES


def _whole(most: int) -> Callable[[Field, str, Known], Read]:
    def read_whole(_field: Field, text: str, _known: Known) -> Read:
        found = whole_number(text)
        return (found if found is not None and found <= most else None), NO_COUNT

    return read_whole


_FLAGS = {"yes": True, "no": False}
_READ: Mapping[Holds, Callable[[Field, str, Known], Read]] = {
    Holds.TEXT: lambda _field, text, _known: (text, ""),
    Holds.DAY: lambda _field, text, _known: (iso_date(text), NO_DAY),
    Holds.FLAG: lambda _field, text, _known: (_FLAGS.get(text), NO_CHOICE),
    Holds.COUNT: _whole(_MOST_COUNT), Holds.MONEY: _whole(_MOST_MONEY),
    Holds.KIND: lambda _field, text, _known: (text if text in KIND_WORDS else None, NO_CHOICE),
    Holds.STATUS: lambda _field, text, _known: (text if text in STATUS_WORDS else None, NO_CHOICE),
    Holds.ORGANISATION: lambda _field, text, known: (
        text if text in known.organisations else None, NO_ORGANISATION),
    Holds.POINT: lambda _field, text, known: (text if text in known.points else None, NO_POINT),
    Holds.DEGREES: _degrees,
}  # fmt: skip
