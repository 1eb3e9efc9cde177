"""Columns of counts: whole people, however lists write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Severity
from geo.letters import plain_digits
from geo.sources.fields import whole_number
from geo.sources.rows import ERROR_LEFT_OUT, ERRORS, PLACEHOLDERS, Cells, Seen, mapped, there

_UNIT = re.compile(
    r"(?P<n>[0-9][0-9., ]*?) ?(?:người|nguoi|nhân khẩu|nhan khau|khẩu|ng|persons?|people)\.?"
)
_FRACTION = re.compile(r"[0-9]+[.,][0-9]+")
_NEGATIVE = re.compile(r"[-−] ?[0-9][0-9., ]*")

_NO_COUNT = Seen(
    Severity.LEFT_OUT, "not-a-count",
    N_("is no number of people; write a whole number without a unit."),
)  # fmt: skip
_NOT_WHOLE = Seen(
    Severity.LEFT_OUT, "not-integer",
    N_("is not a whole number of people; has the spreadsheet taken the point of thousands for decimals?"),
    N_("Write the column again without points."),
)  # fmt: skip
_RANGE = Seen(
    Severity.LEFT_OUT, "out-of-range", N_("cannot be the people of a commune; check the number.")
)
_THOUSANDS = Seen(Severity.CHANGED, "thousands", N_("was read as %(people)s people."))
_WIDE = Seen(Severity.CHANGED, "full-width-digits", N_("was read as %(people)s people."))
_UNITS = Seen(
    Severity.ASK, "unit-in-cell", N_("holds a word beside the number; it may be %(people)s people."),
    N_("Agree to read the number alone."),
)  # fmt: skip
_TOKEN = Seen(
    Severity.ASK, "missing-token", N_("stands where a number of people should."),
    N_("Agree to read it as unknown, not as zero."),
)  # fmt: skip

Params = Callable[[int], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Counts:
    """A column's counts, NaN where there is none, and where something was written at all."""

    people: NDArray[np.float64]
    written: NDArray[np.bool_]


def read_counts(cells: Cells, field: str, most: int, about: Params) -> Counts:
    """Return the counts of a field up to `most`; whatever is odd is reported.

    `about` gives what every finding on a row says beside its own values. An empty cell is
    not reported.
    """
    texts = cells.written(field)
    filled = there(texts)
    fractions = cells.fractions(field)
    read = mapped(texts, _shape)
    kinds = np.array([None if each is None else each[0] for each in read], dtype=object)
    values = np.array([np.nan if each is None else each[1] for each in read], dtype=float)
    kinds[fractions] = "fraction"
    values[fractions] = np.nan
    beyond = filled & (values > most)
    kinds[beyond] = "range"
    for kind, seen in (
        ("none", _NO_COUNT), ("fraction", _NOT_WHOLE), ("range", _RANGE), ("error", ERROR_LEFT_OUT),
    ):  # fmt: skip
        cells.see(kinds == kind, field, seen, about)

    def people(at: int) -> dict[str, object]:
        return {**about(at), "people": int(values[at])}

    cells.see(kinds == "thousands", field, _THOUSANDS, people)
    cells.see(kinds == "wide", field, _WIDE, people)
    if (kinds == "unit").any() and not cells.ask(kinds == "unit", field, _UNITS, people):
        values[kinds == "unit"] = np.nan
    cells.ask(kinds == "token", field, _TOKEN, about)
    unusable = np.isin(kinds.astype(str), ["none", "fraction", "range", "error", "token"])
    return Counts(np.where(unusable, np.nan, values), filled)


def _shape(text: str) -> tuple[str, float]:  # noqa: PLR0911 - one line for every way to write
    """Return how a count is written, and its value (NaN for none)."""
    if text.isascii() and text.isdigit():
        return ("plain", float(text)) if len(text) < 16 else ("range", np.nan)
    if text in ERRORS:
        return "error", np.nan
    if text in PLACEHOLDERS:
        return "token", np.nan
    if not text.isascii() and any(each.isdecimal() and not each.isascii() for each in text):
        value = whole_number(plain_digits(text))
        return ("none", np.nan) if value is None else ("wide", float(value))
    value = whole_number(text)
    if value is not None:
        return "thousands", float(value)
    unit = _UNIT.fullmatch(text.lower())
    if unit and (value := whole_number(unit["n"].strip())) is not None:
        return "unit", float(value)
    if _NEGATIVE.fullmatch(text):
        return "range", np.nan
    return ("fraction" if _FRACTION.fullmatch(text) else "none"), np.nan
