"""Columns of figures of any programme: whole numbers of people, cards, households or đồng."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Severity
from geo.letters import plain_digits
from geo.sources.fields import whole_number
from geo.sources.rows import Cells, Seen, mapped, there

MOST = 10**15  # more no table of a province holds, in đồng neither
_NEGATIVE = re.compile(r"[-−–] ?[0-9][0-9., ]*|\([0-9][0-9., ]*\)")
_FRACTION = re.compile(r"[0-9]+[.,][0-9]+")

_KINDS = {
    "none": Seen(
        Severity.LEFT_OUT, "figure-unreadable",
        N_("is no number; write a whole number without a unit."),
    ),
    "negative": Seen(
        Severity.LEFT_OUT, "figure-negative",
        N_("is less than nought; a target or result is not."), N_("Correct the number."),
    ),
    "fraction": Seen(
        Severity.LEFT_OUT, "figure-not-whole",
        N_("is no whole number; has the spreadsheet taken the point of thousands for decimals?"),
        N_("Write the column again without points."),
    ),
    "range": Seen(
        Severity.LEFT_OUT, "figure-out-of-range", N_("is more than can be; check the number.")
    ),
}  # fmt: skip
_NOTHING = Seen(
    Severity.LEFT_OUT, "figure-missing", N_("the row gives neither a target nor a result.")
)


def read_figures(
    cells: Cells, fields: Sequence[str]
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """Return the numbers of each field (NaN: none), and which rows can be kept.

    A row that holds something unreadable in any of them cannot, nor one that holds nothing.
    """
    found: dict[str, NDArray[np.float64]] = {}
    good = np.ones(len(cells), dtype=bool)
    some = np.zeros(len(cells), dtype=bool)
    for field in fields:
        texts = cells.text(field)
        read = mapped(texts, _shape)
        filled = there(texts)
        kinds = np.array([each and each[0] for each in read], dtype=object)
        values = np.array([np.nan if each is None else each[1] for each in read], dtype=float)
        fractions = cells.fractions(field)
        kinds[fractions], values[fractions] = "fraction", np.nan
        for kind, seen in _KINDS.items():
            cells.see(kinds == kind, field, seen)
        found[field] = values
        good &= ~filled | ~np.isnan(values)
        some |= filled
    present = next((each for each in fields if each in cells.matched), fields[0])
    cells.see(~some & (present in cells.matched), present, _NOTHING)
    return found, good & some


def _shape(text: str) -> tuple[str, float]:
    """Return how a figure is written, and its value (NaN for none)."""
    if not text.isascii():
        text = plain_digits(text)
    value = whole_number(text)
    if value is not None:
        return ("plain", float(value)) if value <= MOST else ("range", np.nan)
    if _NEGATIVE.fullmatch(text):
        return "negative", np.nan
    return ("fraction" if _FRACTION.fullmatch(text) else "none"), np.nan
