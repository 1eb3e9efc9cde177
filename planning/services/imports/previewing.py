"""What a planner is shown of an uploaded file before anything of it is kept."""

import gzip
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import Refusal
from geo.findings import Finding, Severity
from geo.recognition import Choices, Recognised
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import UnavailableError
from planning.services.imports.asked import ImportAsk, Origin
from planning.services.imports.keeping import commit, examine
from planning.services.imports.reading import Reading
from planning.services.imports.recording import ImportResult
from planning.services.requests import now
from planning.store import imports
from planning.store.drafts import Draft, Drafts
from planning.store.session import Store

MOST_SHAPES = 3000
_FINENESS = 800  # a map of so many pixels shows no smaller detail
_KEPT = 4  # previews that are remembered
_AT_ONCE = 2  # are made


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading a draft gave: what it was taken for, what was found, what would come in.

    `left_out` are rows that would not be kept, `changed` those read otherwise than written.
    `refusal` is set where the file cannot be read at all; the rest is empty then. `shapes`
    is JSON, compressed by gzip: `count`, `shown`, `bounds` and either `points` (lon, lat) or
    `areas` (polygons of rings).
    """

    findings: tuple[Finding, ...] = ()
    rows: int = 0
    usable: int = 0
    left_out: int = 0
    recognised: Recognised | None = None
    provinces: tuple[str, ...] = ()
    shapes: bytes | None = None
    refusal: Refusal | None = None

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [each for each in self.findings if each.severity is severity]

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes of what nobody has decided yet."""
        return tuple(dict.fromkeys(each.code for each in self.of(Severity.ASK)))

    @property
    def blocked(self) -> bool:
        """Whether nothing of the file can be kept as it is."""
        return self.refusal is not None or bool(self.of(Severity.BLOCKS))

    @property
    def changed(self) -> int:
        """How many places of the file are read otherwise than written.

        A finding that stands for several places says how many.
        """
        return sum(map(_count, self.of(Severity.CHANGED)))


class Previews:
    """The last few previews, so that page, map and download of one file read it once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Preview] = OrderedDict()
        self._making: dict[str, Lock] = {}
        self._room = BoundedSemaphore(_AT_ONCE)
        self._lock = Lock()

    def get(self, key: tuple[str, str], make: Callable[[], Preview]) -> Preview:
        """Return the preview kept under `key`, or make it.

        Of one file one is made at a time, and two in all: a large file takes much memory.
        Nobody waits for a preview that is there.
        """
        with self._lock:
            making = self._making.setdefault(key[0], Lock())
        with making:
            with self._lock:
                known = self._kept.get(key)
            if known is None:
                with self._room:
                    known = make()
            with self._lock:
                self._kept[key] = known
                self._kept.move_to_end(key)
                while len(self._kept) > _KEPT:
                    token = self._kept.popitem(last=False)[0][0]
                    if token != key[0]:
                        self._making.pop(token, None)
            return known

    def forget(self, token: str) -> None:
        """Let go of everything about one draft."""
        with self._lock:
            for key in [each for each in self._kept if each[0] == token]:
                del self._kept[key]


def preview(store: Store, drafts: Drafts, previews: Previews, draft: Draft) -> Preview:
    """Return what reading a draft gives with what its owner said of it so far."""
    with store.reading() as db:
        state = imports.state(db)
    key = json.dumps([draft.said, state], sort_keys=True)
    return previews.get((draft.token, key), lambda: _made(store, ask_of(drafts, draft)))


def commit_draft(
    store: Store, drafts: Drafts, previews: Previews, draft: Draft
) -> list[ImportResult]:
    """Keep a draft as it was previewed; its owner has agreed to the rows left out.

    Raises `DoneAlreadyError` where that was done, or is being done.
    """
    with drafts.claimed(draft) as fresh:
        results = commit(store, ask_of(drafts, fresh, good_rows=True))
        drafts.finish(fresh, {"at": now(), "batches": [each.batch for each in results]})
    previews.forget(draft.token)
    return results


def ask_of(drafts: Drafts, draft: Draft, *, good_rows: bool = False) -> ImportAsk:
    """Return what is asked of an import when a draft is taken with everything said of it."""
    said: dict[str, Any] = draft.said
    origin = Origin(
        source=said.get("source"),
        as_of=said.get("as_of"),
        synthetic=said.get("synthetic", False),
        by=draft.by,
    )
    more: dict[str, Any] = {}
    if draft.kind == "boundaries":
        more["vintage"] = Vintage(draft.province, said.get("valid_from", ""))
        more["name"] = said.get("province_name")
    elif draft.kind == "population":
        more["unusable"] = Unusable(said.get("unusable", Unusable.LEAVE_OUT))
    elif draft.kind == "crosswalk":
        more = {name: said.get(name) for name in ("valid_from", "resolution")}
    elif draft.kind == "hosts" and said.get("host_type"):
        more["host_type"] = said["host_type"]
    return ImportAsk(
        draft.kind, drafts.path(draft), origin, draft.province,
        choices=Choices(**said.get("choices", {})), good_rows=good_rows, shown_as=draft.name,
        **more,
    )  # fmt: skip


def _made(store: Store, ask: ImportAsk) -> Preview:
    try:
        reading = examine(store, ask)
        with store.reading() as db:
            provinces = tuple(reading.touches(db))
    except UnavailableError:
        raise  # says nothing about the file
    except Refusal as refusal:
        return Preview(refusal=refusal.with_traceback(None))
    return Preview(
        tuple(reading.report), reading.rows, reading.usable, _left_out(reading),
        reading.recognised, provinces, _packed(reading.shapes),
    )  # fmt: skip


def _left_out(reading: Reading) -> int:
    """Return how many rows would not be kept: counted, else as the findings say."""
    found = reading.report.of(Severity.LEFT_OUT)
    rows = {each.row for each in found if each.row is not None}
    said = len(rows) + sum(_count(each) for each in found if each.row is None)
    return max(reading.rows - reading.usable, min(said, reading.rows))


def _count(finding: Finding) -> int:
    return int(str(finding.params.get("count", 1)))


def _packed(shapes: gpd.GeoSeries | None) -> bytes | None:
    """Return at most some thousand shapes, no finer than a map shows them."""
    if shapes is None or not len(shapes):
        return None
    found = shapes.to_numpy()
    found = found[~(shapely.is_missing(found) | shapely.is_empty(found))]
    found = found[np.isfinite(shapely.bounds(found)).all(axis=1)]
    if not len(found):
        return None
    west, south, east, north = map(float, shapely.total_bounds(found))
    shown = found[:: -(-len(found) // MOST_SHAPES)]
    content: dict[str, Any] = {
        "count": len(found), "shown": len(shown), "bounds": [west, south, east, north],
    }  # fmt: skip
    if (shapely.get_type_id(shown) == shapely.GeometryType.POINT).all():
        content["points"] = np.round(shapely.get_coordinates(shown), 6).tolist()
    else:
        simple = shapely.simplify(shown, max(east - west, north - south) / _FINENESS)
        parts = shapely.get_parts(shapely.get_parts(simple))  # of a collection its polygons too
        areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        content["areas"] = [_rings(each) for each in areas]
    return gzip.compress(json.dumps(content, allow_nan=False).encode(), 6, mtime=0)


def _rings(polygon: Any) -> list[Any]:
    return [
        np.round(shapely.get_coordinates(ring), 5).tolist()
        for ring in shapely.get_rings(polygon)
    ]  # fmt: skip
