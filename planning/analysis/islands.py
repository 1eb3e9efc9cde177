"""Which people live on an island: ground cut off from every other commune."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.tables import CommuneTable, DemandTable
from planning.analysis.situation import Situation, places_xy

APART_M = 200.0
_DETAIL_M = 50.0


@dataclass(frozen=True)
class _Parts:
    """The single areas that the communes consist of, in metres, and whose they are."""

    shapes: NDArray[np.object_]
    commune: NDArray[np.object_]


def without_point(situation: Situation) -> NDArray[np.bool_]:
    """Return which demand places lie on an island with no open direct point, (n_demand,).

    An island is a part of a commune that lies more than 200 m from every other commune:
    a commune in the sea as a whole, or the islets of one on the shore.
    """
    parts = _parts(situation)
    apart = np.flatnonzero(_apart(parts))
    lonely = apart[~_with_point(situation, parts, apart)]
    codes = situation.demand[DemandTable.commune_code].to_numpy(dtype=object)
    cut_off = np.zeros(len(codes), dtype=bool)
    for code in np.unique(parts.commune[lonely].astype(str)):
        ours = np.flatnonzero(parts.commune == code)
        rows = np.flatnonzero(codes == code)
        places = shapely.points(situation.demand_xy[rows])
        nearest = ours[shapely.STRtree(parts.shapes[ours]).nearest(places)]
        cut_off[rows] = np.isin(nearest, lonely)
    return cut_off


def _parts(situation: Situation) -> _Parts:
    shapes, owner = shapely.get_parts(situation.shapes_xy, return_index=True)
    # Two hundred metres are asked for; corners closer than fifty do not change the answer.
    shapes = shapely.simplify(shapes, _DETAIL_M)
    return _Parts(shapes, situation.communes[CommuneTable.code].to_numpy(dtype=object)[owner])


def _apart(parts: _Parts) -> NDArray[np.bool_]:
    tree = shapely.STRtree(parts.shapes)
    one, other = tree.query(parts.shapes, predicate="dwithin", distance=APART_M)
    joined = parts.commune[one] != parts.commune[other]
    # With a single commune there is nothing that a part could be cut off from.
    apart = np.full(len(parts.shapes), len(set(parts.commune)) > 1)
    apart[one[joined]] = False
    return apart


def _with_point(situation: Situation, parts: _Parts, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which of these parts hold an open direct point, or have one at their shore."""
    found = np.zeros(len(rows), dtype=bool)
    points = np.asarray(shapely.points(places_xy(situation.open_direct, situation.crs)))
    if len(points) and len(rows):
        tree = shapely.STRtree(points)
        at, _ = tree.query(parts.shapes[rows], predicate="dwithin", distance=_DETAIL_M)
        found[at] = True
    return found
