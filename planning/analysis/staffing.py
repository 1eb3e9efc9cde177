"""Which points a list of staff speaks of, and how many people it names at each."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import PointTable

NOT_LISTED = -1


def rows_by_code(points: pd.DataFrame) -> dict[str, list[int]]:
    """Return the rows of the points that a code names: their official one, a former one, their id.

    A code that was a point's formerly, or is its id, names nobody while another bears it. Of
    `points` the columns point_id, official_code and former_codes are read.
    """
    ids, codes, former = (
        points[name].fillna("").astype(str)
        for name in (PointTable.point_id, PointTable.official_code, PointTable.former_codes)
    )
    bearing: dict[str, list[int]] = {}
    borne: dict[str, list[int]] = {}
    for row, (code, before) in enumerate(zip(codes, former, strict=True)):
        if code:
            bearing.setdefault(code, []).append(row)
        for each in filter(None, (one.strip() for one in before.split(";"))):
            borne.setdefault(each, []).append(row)
    return {each: [row] for row, each in enumerate(ids)} | borne | bearing


def persons_listed(points: pd.DataFrame, named: Iterable[tuple[str, str]]) -> NDArray[np.int64]:
    """Return how many persons the list of staff names at each point, shape (n_points,).

    `named` are the code of the point, empty for none, and the person of every row of the list.
    The list speaks of the points that have a code, now or formerly, and of those it names by
    their id; nobody there is 0 then. Of others, and of all where it names no point, it says
    nothing: `NOT_LISTED`.
    """
    rows = rows_by_code(points)
    present = {(code, person) for code, person in named if code}
    pairs = {(row, person) for code, person in present for row in rows.get(code, ())}
    at = np.fromiter((row for row, _ in pairs), np.int64, len(pairs))
    persons = np.bincount(at, minlength=len(points)).astype(np.int64)
    columns = (PointTable.official_code, PointTable.former_codes)
    coded = np.logical_or.reduce(
        [points[name].fillna("").astype(str).to_numpy() != "" for name in columns]
    )
    speaks = (coded | (persons > 0)) & bool(present)
    return np.where(speaks, persons, NOT_LISTED)
