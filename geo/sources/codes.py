"""Columns of commune codes: five digits, as spreadsheets leave them."""

import re
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from geo import units
from geo.errors import N_
from geo.findings import Severity
from geo.letters import plain_digits
from geo.sources.rows import Cells, Seen, Texts, mapped, there

DIGITS = 5
_WHOLE = re.compile(r"\d{5}")
_SHORT = re.compile(r"\d{1,4}")
_DECIMAL = re.compile(r"(\d{1,5})[.,]0+")
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}.*|\d{1,2}[-/]\d{1,2}([-/]\d{2,4})?|\d{1,2}-[A-Za-z]{3}(-\d{2,4})?"
)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE][+]?\d{1,2}")

_FORMAT = N_("is no commune code; a commune code has five digits.")
_DATE = N_("is a date; the spreadsheet made it of a code.")
_POWER = N_("is a code that the spreadsheet shortened to powers of ten; its last digits are lost.")
_AS_TEXT = N_("Write the code again in a column of text.")


def commune_codes(
    cells: Cells, field: str, known: Collection[str] | None, graveness: Severity
) -> NDArray[np.object_]:
    """Return a field's commune codes of five digits, None where a cell holds none.

    Lost zeros are put back and told where the code is then among `known` (or, without
    `known`, in the official list), or where other codes of the column are whole; else they
    are asked about. What is no code is
    reported as gravely as `graveness`; a date in the place of a code blocks the file where
    the code is what a row is about (graver than `LOOK`). An empty cell is not reported.
    """
    key = graveness is not Severity.LOOK  # what a row is about: even a dash there is reported
    texts = cells.written(field) if key else cells.text(field)
    shaped = mapped(texts, _shape)
    kinds = np.array([None if each is None else each[0] for each in shaped], dtype=object)
    codes = np.array([None if each is None else each[1] for each in shaped], dtype=object)
    grave = graveness if graveness is Severity.LOOK else Severity.BLOCKS
    name = "" if field == "code" else f"{field.replace('_', '-')}-"
    cells.see(kinds == "date", field, Seen(grave, "date-not-code", _DATE, _AS_TEXT))
    cells.see(kinds == "power", field, Seen(grave, "code-scientific", _POWER, _AS_TEXT))
    unreadable = "code-format" if graveness is not Severity.LOOK else f"{name}unreadable"
    cells.see(kinds == "none", field, Seen(graveness, unreadable, _FORMAT))
    decimal = Seen(Severity.CHANGED, "code-decimal", N_("was read as the code %(code)s."))
    cells.see(kinds == "decimal", field, decimal, lambda at: {"code": codes[at]})
    return _padded(cells, field, kinds, codes, known)


def _shape(text: str) -> tuple[str, str | None]:
    """Return what a text is (whole, short, decimal, date, power or none) and its digits."""
    text = text if text.isascii() else plain_digits(text)
    text = text.replace(" ", "")
    if _WHOLE.fullmatch(text):
        return "whole", text
    if _SHORT.fullmatch(text):
        return "short", text
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return ("decimal" if len(decimal[1]) == DIGITS else "short"), decimal[1]
    if _DAY.fullmatch(text):
        return "date", None
    if _SCIENTIFIC.fullmatch(text):
        return "power", None
    return "none", None


def _padded(
    cells: Cells, field: str, kinds: NDArray[np.object_], codes: Texts,
    known: Collection[str] | None,
) -> Texts:  # fmt: skip
    short = kinds == "short"
    if not short.any():
        return codes
    full = np.array([None if each is None else each.zfill(DIGITS) for each in codes], dtype=object)
    seen = Seen(Severity.CHANGED, "code-padded", N_("was read as %(code)s, with its lost zeros."))
    others_whole = bool((kinds == "whole").any())
    there_are = cells.among(full, known) if known is not None else _official(full) | others_whole
    sure = short & there_are
    cells.see(sure, field, seen, lambda at: {"code": full[at]})
    doubtful = short & ~sure
    if doubtful.any():
        asked = Seen(
            Severity.ASK, "code-short",
            N_("has fewer than five digits; it may be %(code)s, without its first zeros."),
            N_("Agree to put the zeros back."),
        )  # fmt: skip
        if not cells.ask(doubtful, field, asked, lambda at: {"code": full[at]}):
            full[doubtful] = None
    return full


def _official(codes: Texts) -> NDArray[np.bool_]:
    """Return which codes the official list knows, as present or former ones."""
    known = mapped(codes, lambda each: units.unit(each) or units.former_unit(each))
    return there(known)
