"""Points whose place is doubtful: outside the province, where nobody lives, in another commune."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import in_metres, shapes_in_metres
from geo.tables import Grid, GridTable, PointTable
from planning.analysis.attention.given import Given, point_item
from planning.model.attention import SENTENCES, Action, Item, Kind, Mend

NEAR_M = 1000.0  # within which somebody should live by the population grid
LEAST_PEOPLE = 1.0  # people that a cell must have: grids give fractions of a person to the sea


def outside(given: Given) -> Iterator[Item]:
    """Yield open and planned points that lie in no commune, with the way to the nearest one."""
    rows = np.flatnonzero(given.standing & given.lies.isna().to_numpy())
    if not len(rows):
        return
    communes = shapely.STRtree(shapes_in_metres(given.communes.geometry.to_numpy(), given.crs))
    asked, metres = communes.query_nearest(
        shapely.points(given.xy[rows]), return_distance=True, all_matches=False
    )
    for at, away in zip(asked[0], metres, strict=True):
        yield _misplaced(given, Kind.OUTSIDE, int(rows[at]), {"metres": max(1, round(away))})


def nobody_near(given: Given) -> Iterator[Item]:
    """Yield open and planned points inside the province with nobody near by the grid.

    That is: no cell of the population grid with a person or more comes within 1 km of the
    point, measured to the cell's edge in metres. Without a grid nothing can be said.
    """
    rows = np.flatnonzero(given.standing & given.lies.notna().to_numpy())
    if given.grid is None or not len(rows):
        return
    cells = Grid(given.grid[given.grid[GridTable.people] >= LEAST_PEOPLE])
    far = rows if not len(cells) else rows[_far(given, cells, given.xy[rows])]
    for row in far:
        yield _misplaced(given, Kind.NOBODY_NEAR, int(row), {})


def other_commune(given: Given) -> Iterator[Item]:
    """Yield points that are not closed and lie in another commune than the one written.

    A written former commune is no contradiction where the crosswalk leads from it to the
    commune of the coordinates.
    """
    written = given.points[PointTable.written_code]
    differs = written.notna() & given.lies.notna() & (written != given.lies)
    named = written.astype(object).tolist()
    for row in np.flatnonzero(differs.to_numpy() & given.not_closed).tolist():
        was, lies = named[row], str(given.located[row])
        if was not in given.names and (was, lies) in given.became:
            continue
        point = given.point(row)
        params: dict[str, object] = {
            "name": point.name, "written": given.commune_name(was), "lies": given.names[lies],
        }  # fmt: skip
        mends = (Mend(Action.TAKE_COMMUNE, point, lies, given.names[lies]), Mend(Action.SEEN))
        sentence = (SENTENCES[Kind.OTHER_COMMUNE], params)
        yield point_item(given, Kind.OTHER_COMMUNE, [row], sentence, mends)


def _far(given: Given, cells: Grid, xy: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return which places, shape (n, 2), no cell comes within `NEAR_M` of."""
    middle = in_metres(cells[GridTable.lon], cells[GridTable.lat], given.crs)
    # Where the middle of a cell is near, so is the cell; the others are few and asked exactly.
    away, _ = cKDTree(middle).query(xy, distance_upper_bound=NEAR_M)
    doubtful = np.flatnonzero(~np.isfinite(away))
    if not len(doubtful):
        return doubtful
    half_w, half_h = cells[GridTable.width_deg] / 2, cells[GridTable.height_deg] / 2
    lon, lat = cells[GridTable.lon], cells[GridTable.lat]
    boxes = shapes_in_metres(
        shapely.box(lon - half_w, lat - half_h, lon + half_w, lat + half_h), given.crs
    )
    near, _ = shapely.STRtree(boxes).query(
        shapely.points(xy[doubtful]), predicate="dwithin", distance=NEAR_M
    )
    return np.delete(doubtful, np.unique(near))


def _misplaced(given: Given, kind: Kind, row: int, params: dict[str, object]) -> Item:
    point = given.point(row)
    mends = (Mend(Action.SEEN), Mend(Action.SUSPEND, point), Mend(Action.REMOVE, point))
    return point_item(given, kind, [row], (SENTENCES[kind], {"name": point.name, **params}), mends)
