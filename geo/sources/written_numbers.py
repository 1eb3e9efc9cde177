"""Whole columns of written coordinates as numbers, and how they were written."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import coordinates
from geo.sources.rows import Texts

PLAIN, COMMA, DMS, WIDE, NONE = range(5)
_PLAIN = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,17})?")
_COMMA = re.compile(r"-?[0-9]{1,9},[0-9]{1,17}")


def numbers(texts: Texts) -> NDArray[np.float64]:
    """Return the number that each text says, NaN where it says none.

    Nearly all cells are plain decimals, which are read at once; the others go through
    `geo.coordinates.written`, each distinct text once.
    """
    plain = [each if each is not None and _PLAIN.fullmatch(each) else None for each in texts]
    found = pd.to_numeric(pd.Series(plain, dtype=object), errors="coerce").to_numpy(
        float, copy=True
    )
    known: dict[str, float] = {}
    for at in np.flatnonzero(np.isnan(found)):
        text = texts[at]
        if text is None:
            continue
        if text not in known:
            read = coordinates.written(text)
            known[text] = np.nan if read is None else read.value
        found[at] = known[text]
    return np.where(np.isfinite(found), found, np.nan)


def how_written(texts: Texts, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how each number was written: plainly, with a comma, in minutes, in wide digits."""
    found = np.full(len(texts), NONE)
    for at, text in enumerate(texts):
        if text is None or values[at] != values[at]:
            continue
        if _PLAIN.fullmatch(text):
            found[at] = PLAIN
        elif any(char.isdecimal() and not char.isascii() for char in text):
            found[at] = WIDE
        elif _COMMA.fullmatch(text):
            found[at] = COMMA
        else:
            read = coordinates.written(text)
            found[at] = DMS if read is not None and read.sexagesimal else NONE
    return found
