"""Records as plain values, and what tells whether one is still as it was read."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd


def mark_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what changes with every change of the rows that a record stands on.

    `rows` are those of the kept table, whole and plain, in the order of their key.
    """
    text = json.dumps(list(rows), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:12]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values, None where nothing is given."""
    columns = [_plain(frame[name]) for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_row(frame: pd.DataFrame, at: int) -> dict[str, Any]:
    """Return one row as plain values."""
    return plain_rows(frame.iloc[at : at + 1])[0]


def _plain(column: pd.Series) -> list[Any]:
    values, missing = column.tolist(), column.isna().tolist()
    return [
        None if lacks else value.item() if isinstance(value, np.generic) else value
        for value, lacks in zip(values, missing, strict=True)
    ]
