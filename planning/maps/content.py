"""What the layers of a map hold, as plain values: shapes, points, measures, plan.

Shapes are TopoJSON, simplified together so that shared borders stay shared, on a grid of
1e5 steps; numbers are rounded to what a map can show.
"""

import json
from typing import Any

import shapely
from topojson.core.topology import Topology

from geo.crs import shapes_in_degrees
from planning.analysis.situation import Situation
from planning.model.siting import SitingPlan

VERSION = "3"  # raised with every change of what a layer holds: kept layers are then made anew
LAYERS = ("communes", "coverage", "points", "gaps", "plan")
POINT_COLUMNS = ("point_id", "name", "kind", "status", "lon", "lat", "commune_code",
                 "organisation", "host_type", "staff_count", "sign")  # fmt: skip
SIMPLIFY_M = 60.0  # under a pixel at the scale on which a whole province fills the screen


def communes(situation: Situation) -> dict[str, Any]:
    """Return the communes as TopoJSON (object `communes`, id = code) and their bounds."""
    simple = shapely.coverage_simplify(situation.shapes_xy, SIMPLIFY_M)
    frame = situation.communes[["code", "geometry"]].set_geometry(
        shapes_in_degrees(simple, situation.crs), crs=situation.communes.crs
    )
    topology = Topology(
        frame.set_index("code"), object_name="communes", prequantize=100_000, toposimplify=0
    )
    whole = json.loads(str(topology.to_json()))  # None only where it writes to a file
    geometries = whole["objects"]["communes"]["geometries"]
    for geometry, code in zip(geometries, frame["code"], strict=True):
        geometry["id"] = code
        geometry["properties"] = {}
    return {"topology": whole, "bounds": [round(x, 5) for x in frame.total_bounds.tolist()]}


def points(situation: Situation) -> dict[str, Any]:
    """Return the points as columns and rows."""
    table = situation.points[list(POINT_COLUMNS)]
    plain = table.astype(object).where(table.notna(), None)
    rows = [
        [round(value, 5) if isinstance(value, float) else value for value in row]
        for row in plain.to_numpy().tolist()
    ]
    return {"columns": list(POINT_COLUMNS), "rows": rows}


def plan(found: SitingPlan | None, *, stale: bool) -> dict[str, Any]:
    """Return the newest plan (None: there is none) and whether it is out of date."""
    body = found and {**found.as_dict(), "sites": found.told_sites()}
    return {"plan": body and rounded(body), "stale": stale}


def rounded(value: Any, name: str = "") -> Any:
    """Return nested plain values with floats cut to what a map shows.

    Five decimals of a degree are one metre; shares keep six decimals, others (metres,
    kilometres, square kilometres) three. Pages round once more to what they show, so what
    is kept here has places to spare: else the map and the list round to different figures.
    """
    if isinstance(value, float):
        if name in ("lon", "lat", "outline"):
            return round(value, 5)
        if "share" in name or "gini" in name:
            return round(value, 6)
        return round(value, 3)
    if isinstance(value, dict):
        return {key: rounded(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each, name) for each in value]
    return value
