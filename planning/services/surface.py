"""The picture of the distance to the nearest point, made once per state of the data."""

import json

from geo.reach import StraightLine
from planning.maps import surface
from planning.maps.surface import Surface
from planning.services.requests import AnalysisRequest
from planning.store import artefacts
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation

_VERSION = "1"  # raised when the same data would be drawn otherwise


def of_distance(store: Store, request: AnalysisRequest) -> tuple[Surface, str]:
    """Return the surface of a province and what changes with it; no standard changes it."""
    fingerprint, _ = current_fingerprint(store, request.province, request.valid_from)
    key = f"{_VERSION}-{fingerprint}"
    with store.reading() as db:
        body = artefacts.load(db, "surface", key)
    if body is None:
        situation = load_situation(store, request.province, request.valid_from)
        body = _packed(surface.surface(situation, StraightLine()))
        with store.writing() as db:
            artefacts.save(db, request.province, "surface", key, body)
    return _unpacked(body), key


def _packed(drawn: Surface) -> bytes:
    head = json.dumps({"bounds": drawn.bounds, "cell_m": drawn.cell_m}).encode()
    return head + b"\n" + drawn.png


def _unpacked(body: bytes) -> Surface:
    head, _, png = body.partition(b"\n")
    known = json.loads(head)
    return Surface(png, tuple(known["bounds"]), known["cell_m"])
