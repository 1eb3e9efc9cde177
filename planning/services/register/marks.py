"""What tells whether a record is still as it was read."""

import json
from collections.abc import Iterable
from hashlib import sha256

import numpy as np
import pandas as pd


def mark_of(rows: pd.DataFrame) -> str:
    """Return what changes with every change of the rows that a record stands on.

    `rows` are those of the kept table, whole, in the order of their key.
    """
    told = [plain_row(rows, at) for at in range(len(rows))]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:12]


def plain_row(frame: pd.DataFrame, at: int, columns: Iterable[str] = ()) -> dict[str, object]:
    """Return one row as plain values, None where nothing is given; only some columns."""
    row: dict[str, object] = {}
    for name in columns or map(str, frame.columns):
        value = frame[name].iloc[at]
        if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
            row[name] = None
        else:
            row[name] = value.item() if isinstance(value, np.generic) else value
    return row
