"""What is odd about a list of points as a whole: places, communes and rows that contradict."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import in_metres, metric_crs
from geo.errors import N_
from geo.findings import Finding, Severity
from geo.names import heading_key
from geo.sources.files import named_rows
from geo.sources.official_codes import CONTRADICTS, named_communes
from geo.sources.rows import Cells, Seen
from geo.tables import Communes, CommuneTable, PointTable

NEAR_M = 10.0
MANY = 5  # points of a kind at one spot: no longer neighbours, but a fallback of a geocoder
FAR_KM = 50.0  # farther from every commune no point of a province is
_KM_PER_DEGREE = 111.2
_COUNTS = frozenset({"stt", "tt", "number", "no"})

OUTSIDE = Seen(
    Severity.LOOK, "outside",
    N_("the point lies outside every commune; it serves people within reach all the same."),
)  # fmt: skip
FAR = Seen(
    Severity.LEFT_OUT, "out-of-province",
    N_("the point lies some %(km)s km outside the province; check the coordinates."),
)  # fmt: skip
_COMMUNE = Seen(
    Severity.LOOK, "commune-contradicts",
    N_("the coordinates lie in %(lies)s, not in the commune written, %(written)s."),
)  # fmt: skip
_UNKNOWN = Seen(
    Severity.LOOK, "commune-unknown",
    N_("is none of the communes in force here; is it the code of a former one?"),
)  # fmt: skip
_SAME = N_("another point of this kind has the same coordinates.")
_MANY = N_("%(count)s points of one kind have the same coordinates: rows %(rows)s; were they looked up by a name that was not found?")  # fmt: skip
_NEAR = N_("the point stands %(metres)s m from the one of row %(other)s; are they the same?")
_TWICE = Seen(
    Severity.ASK, "row-twice", N_("the row says the same as row %(other)s."),
    N_("Agree to keep one of them."),
)  # fmt: skip


def row_twice(cells: Cells) -> NDArray[np.bool_]:
    """Ask about rows that repeat an earlier one in every cell but the running number.

    Returns which rows are to be dropped.
    """
    frame = cells.raw.cells
    told = [each for each in frame.columns if heading_key(str(each)) not in _COUNTS]
    twice: NDArray[np.bool_] = frame[told].duplicated().to_numpy()
    if not twice.any():
        return twice
    first = frame[told].groupby(told, dropna=False, sort=False).ngroup().to_numpy()
    earliest = pd.Series(cells.rows).groupby(first).transform("min").to_numpy()
    field = next(iter(cells.matched), "name")
    mend = cells.ask(twice, field, _TWICE, lambda at: {"other": int(earliest[at])}, Severity.LOOK)
    return twice if mend else np.zeros(len(twice), dtype=bool)


def check_points(cells: Cells, frame: pd.DataFrame, communes: Communes) -> NDArray[np.bool_]:
    """Report what is odd about usable points; return which of them are near the province.

    `frame` holds point columns and `at`, the position of each row among the cells.
    """
    near = _outside(cells, frame, communes)
    _compare(cells, frame, communes)
    _same_place(cells, frame)
    _near(cells, frame)
    return near


def _outside(cells: Cells, frame: pd.DataFrame, communes: Communes) -> NDArray[np.bool_]:
    out = np.flatnonzero(frame[PointTable.commune_code].isna())
    near = np.ones(len(frame), dtype=bool)
    if not len(out):
        return near
    places = shapely.points(frame["lon"].to_numpy()[out], frame["lat"].to_numpy()[out])
    tree = shapely.STRtree(communes.geometry.to_numpy())
    _, degrees = tree.query_nearest(places, return_distance=True, all_matches=False)
    km = degrees * _KM_PER_DEGREE
    near[out[km > FAR_KM]] = False
    for at, away in zip(out, km, strict=True):
        params: dict[str, object] = {"km": round(float(away))} if away > FAR_KM else {}
        seen = FAR if away > FAR_KM else OUTSIDE
        row = int(cells.rows[frame["at"].iloc[at]])
        value = None
        if seen is FAR:
            value = f"{frame['lat'].iloc[at]:.5f}, {frame['lon'].iloc[at]:.5f}"
        cells.report.add(
            Finding(seen.severity, seen.code, seen.message, row=row, value=value, params=params)
        )
    return near


def _compare(cells: Cells, frame: pd.DataFrame, communes: Communes) -> None:
    """Compare the commune written, by its code or in the official code, with the place."""
    names = dict(zip(communes[CommuneTable.code], communes[CommuneTable.full_name], strict=True))
    lies = frame[PointTable.commune_code].to_numpy(dtype=object)
    at = frame["at"].to_numpy()
    official = named_communes(frame[PointTable.official_code].to_numpy(dtype=object))
    there = pd.notna(lies)
    for codes, field, seen in (
        (frame[PointTable.written_code].to_numpy(dtype=object), "written_code", _COMMUNE),
        (official, "official_code", CONTRADICTS),
    ):
        known = np.array([each in names for each in codes], dtype=bool)
        wrong = np.flatnonzero(known & there & (codes != lies))
        told = {
            int(at[each]): {"lies": names[lies[each]], "written": names[codes[each]]}
            for each in wrong
        }
        cells.see(told, field, seen, told.__getitem__)
    written = frame[PointTable.written_code].to_numpy(dtype=object)
    unknown = pd.notna(written) & ~np.array([each in names for each in written], dtype=bool)
    cells.see(at[unknown].tolist(), "written_code", _UNKNOWN)


def _same_place(cells: Cells, frame: pd.DataFrame) -> None:
    place = frame[["lon", "lat", "kind"]].round({"lon": 6, "lat": 6})
    twice = place.duplicated(keep=False).to_numpy()
    if not twice.any():
        return
    for _, group in place[twice].groupby(["lon", "lat", "kind"], sort=False):
        rows = [int(cells.rows[frame["at"].iloc[at]]) for at in group.index]
        value = f"{group['lat'].iloc[0]}, {group['lon'].iloc[0]}"
        if len(rows) >= MANY:
            _add(cells, "same-coordinate", _MANY, rows[0], value,
                 {"count": len(rows), "rows": named_rows(rows)})  # fmt: skip
        else:
            for row in rows[1:]:
                _add(cells, "same-place", _SAME, row, value, {})


def _near(cells: Cells, frame: pd.DataFrame) -> None:
    """Report points of one kind within ten metres of another, not at its very spot."""
    if len(frame) < 2:
        return
    zone = metric_crs(frame["lon"].to_numpy())
    metres = in_metres(frame["lon"].to_numpy(), frame["lat"].to_numpy(), zone)
    for kind in frame["kind"].unique():
        ours = np.flatnonzero((frame["kind"] == kind).to_numpy())
        pairs = _close(metres[ours], frame.iloc[ours][["lon", "lat"]].to_numpy())
        told: set[int] = set()
        for first, second in pairs:
            if second in told:
                continue
            told.add(second)
            away = float(np.hypot(*(metres[ours[first]] - metres[ours[second]])))
            rows = [int(cells.rows[frame["at"].iloc[ours[each]]]) for each in (first, second)]
            value = f"{frame['lat'].iloc[ours[second]]:.6f}, {frame['lon'].iloc[ours[second]]:.6f}"
            _add(cells, "near-duplicate", _NEAR, rows[1], value,
                 {"metres": round(away, 1), "other": rows[0]})  # fmt: skip


def _close(metres: NDArray[np.float64], degrees: NDArray[np.float64]) -> Sequence[tuple[int, int]]:
    """Return pairs within ten metres, of distinct spots only, so that a heap is no square."""
    _, first = np.unique(degrees.round(6), axis=0, return_index=True)
    first.sort()
    pairs = cKDTree(metres[first]).query_pairs(NEAR_M, output_type="ndarray")
    found = [(int(first[a]), int(first[b])) for a, b in pairs]
    return sorted((min(pair), max(pair)) for pair in found)


def _add(
    cells: Cells, code: str, message: str, row: int, value: str, params: dict[str, object]
) -> None:
    cells.report.add(Finding(Severity.LOOK, code, message, row=row, value=value, params=params))
