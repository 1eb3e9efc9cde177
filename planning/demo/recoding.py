"""The official codes of laid points: those before the communes changed, and some that are wrong."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import Points, PointTable

# Numbers of codes taken along from another organisation; laid points never reach them.
_TAKEN_ALONG = 901


def former_codes(points: Points, official: pd.Series) -> pd.Series:
    """Return the code of each point while its former commune stood; missing where it is known by it.

    No former code is one that a point has now.
    """
    code = points[PointTable.organisation_code]
    former = points[PointTable.former_code]
    province = official.str.split("TH").str[1].str[:2]
    start = code + "TH" + province + former.fillna("")
    number = start.groupby(start).cumcount() + 1
    whole = start + number.astype(str).str.zfill(3)
    moved = former.notna() & (former != points[PointTable.commune_code]) & ~whole.isin(official)
    return whole.where(moved)


def foreign_codes(points: Points, rows: NDArray[np.int64]) -> pd.Series:
    """Return the official codes, those of `rows` beginning with another organisation's code.

    So it is when a point passes to another organisation and keeps the code it had.
    """
    official = points[PointTable.official_code].copy()
    codes = sorted(points[PointTable.organisation_code].dropna().unique())
    for at, row in enumerate(rows.tolist()):
        own = codes.index(points[PointTable.organisation_code].iloc[row])
        other = codes[(own + 1) % len(codes)]
        official.iloc[row] = f"{other}{official.iloc[row][len(other) : -3]}{_TAKEN_ALONG + at}"
    return official
