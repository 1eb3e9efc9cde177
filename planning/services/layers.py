"""The layers of the map as ready answers: gzip-compressed JSON, made once per state of data.

Shapes are TopoJSON, simplified together so that shared borders stay shared, on a grid of
1e5 steps; numbers are rounded to what a map can show.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import shapely
import topojson

from geo.crs import shapes_in_degrees, shapes_in_metres
from geo.errors import N_
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.gaps import find_gaps
from planning.analysis.situation import Situation
from planning.model.errors import NotFoundError
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import artefacts, plans
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation

LAYERS = ("communes", "coverage", "points", "gaps", "plan")
POINT_COLUMNS = ("point_id", "name", "kind", "status", "lon", "lat", "commune_code",
                 "organisation", "host_type", "staff_count", "sign")  # fmt: skip
SIMPLIFY_M = 60.0  # under a pixel at the scale on which a whole province fills the screen


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer ready to send: gzip-compressed JSON and its ETag."""

    body: bytes
    etag: str


def layer(store: Store, request: AnalysisRequest, name: str) -> Layer:
    """Return a layer of a province by name, computed when the data changed since.

    Raises `NotFoundError` for a name that is none of `LAYERS`.
    """
    if name not in LAYERS:
        raise NotFoundError(N_("There is no layer “%(name)s”."), name=name)
    fingerprint, vintage = current_fingerprint(store, request.province, request.valid_from)
    if name == "plan":
        return _ready(_plan(store, request.province, vintage, fingerprint))
    standard = standard_of(store, request)
    radii = json.dumps(standard.as_dict()["radii_km"], sort_keys=True)
    key = hashlib.sha256(f"{fingerprint} {radii}".encode()).hexdigest()[:32]
    if name in ("communes", "points"):
        key = fingerprint
    with store.reading() as db:
        kept = artefacts.load(db, f"layer-{name}", key)
    if kept is None:
        situation = load_situation(store, request.province, request.valid_from)
        kept = _packed(_content(name, situation, standard))
        with store.writing() as db:
            artefacts.save(db, request.province, f"layer-{name}", key, kept)
    return Layer(kept, key)


def _content(name: str, situation: Situation, standard: ServiceStandard) -> dict[str, Any]:
    if name == "communes":
        return _communes(situation)
    if name == "points":
        return _points(situation)
    if name == "gaps":
        return _rounded(find_gaps(situation, standard, StraightLine()).as_dict())
    return _rounded(assess_coverage(situation, standard, StraightLine()).as_dict())


def _communes(situation: Situation) -> dict[str, Any]:
    shapes = shapes_in_metres(situation.communes.geometry.to_numpy(), situation.crs)
    simple = shapely.coverage_simplify(shapes, SIMPLIFY_M)
    frame = situation.communes[["code", "geometry"]].set_geometry(
        shapes_in_degrees(simple, situation.crs), crs=situation.communes.crs
    )
    topology = topojson.Topology(
        frame.set_index("code"), object_name="communes", prequantize=100_000, toposimplify=0
    )
    whole = json.loads(topology.to_json())
    for geometry, code in zip(
        whole["objects"]["communes"]["geometries"], frame["code"], strict=True
    ):
        geometry["id"] = code
        geometry["properties"] = {}
    return {"topology": whole, "bounds": [round(x, 5) for x in frame.total_bounds.tolist()]}


def _points(situation: Situation) -> dict[str, Any]:
    table = situation.points[list(POINT_COLUMNS)]
    plain = table.astype(object).where(table.notna(), None)
    rows = [
        [round(value, 5) if isinstance(value, float) else value for value in row]
        for row in plain.to_numpy().tolist()
    ]
    return {"columns": list(POINT_COLUMNS), "rows": rows}


def _plan(store: Store, province: str, vintage: str, fingerprint: str) -> dict[str, Any]:
    with store.reading() as db:
        body = plans.latest(db, province, vintage)
    stale = body is not None and body["fingerprint"] != fingerprint
    return {"plan": body and _rounded(body), "stale": stale}


def _rounded(value: Any, name: str = "") -> Any:
    """Return nested plain values with floats cut to what a map shows."""
    if isinstance(value, float):
        if name in ("lon", "lat", "outline"):
            return round(value, 5)
        return round(value, 4) if "share" in name or "gini" in name else round(value, 1)
    if isinstance(value, dict):
        return {key: _rounded(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each, name) for each in value]
    return value


def _packed(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _ready(content: dict[str, Any]) -> Layer:
    body = _packed(content)
    return Layer(body, hashlib.sha256(body).hexdigest()[:32])
