"""The layers of the map as ready answers: gzip-compressed JSON, made once per state of data."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from geo.errors import N_
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.gaps import find_gaps
from planning.analysis.situation import Situation
from planning.maps import content
from planning.maps.content import LAYERS
from planning.model.errors import NotFoundError
from planning.model.performance import Need
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import artefacts, plans
from planning.store.decided import out_of_date
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation


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
    need = Need.EVERYBODY if name in ("communes", "points") else request.need
    fingerprint, vintage = current_fingerprint(store, request.province, request.valid_from, need)
    if name == "plan":
        with store.reading() as db:
            found = plans.meant(db, request.province, vintage, request.plan, need)
        stale = found is not None and out_of_date(store, found)
        return _packed(content.plan(found, stale=stale))
    standard = standard_of(store, request)
    key = f"{content.VERSION}-{fingerprint}"
    if name in ("coverage", "gaps"):
        radii = json.dumps(standard.as_dict()["radii_km"], sort_keys=True)
        key = hashlib.sha256(f"{content.VERSION} {fingerprint} {radii}".encode()).hexdigest()[:32]
    with store.reading() as db:
        kept = artefacts.load(db, f"layer-{name}", key)
    if kept is None:
        situation = load_situation(store, request.province, request.valid_from, need)
        kept = _packed(_content(store, name, situation, standard)).body
        with store.writing() as db:
            artefacts.save(db, request.province, f"layer-{name}", key, kept)
    return Layer(kept, key)


def _content(
    store: Store, name: str, situation: Situation, standard: ServiceStandard
) -> dict[str, Any]:
    if name == "communes":
        return content.communes(situation)
    if name == "points":
        return content.points(situation)
    # Under the keys by which the pages of figures remember the same measures.
    measure = find_gaps if name == "gaps" else assess_coverage
    key = (name, situation.fingerprint, standard.key)
    found = store.remembered(key, lambda: measure(situation, standard, StraightLine()))
    body: dict[str, Any] = content.rounded(found.as_dict())
    return body


def _packed(value: dict[str, Any]) -> Layer:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    body = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    return Layer(body, hashlib.sha256(body).hexdigest()[:32])
