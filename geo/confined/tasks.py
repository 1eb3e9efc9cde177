"""What can be asked of the process apart: layers of a file, shapes of a layer, a mended shape."""

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.confined.rings import AREAS, areas_of, packed

Answer = tuple[dict[str, Any], bytes]


def layers(request: dict[str, Any], _: bytes) -> Answer:
    """Return the layers of a file: name, kind of geometry, number of features."""
    raw = _pyogrio(request)
    found = []
    for name, kind in raw.list_layers(request["path"]).tolist():
        info = raw.read_info(request["path"], layer=name, **_encoded(request))
        found.append({"name": str(name), "kind": kind, "features": int(info["features"])})
    return {"layers": found}, b""


def shapes(request: dict[str, Any], _: bytes) -> Answer:
    """Return all features of one layer: columns, and the areas as numbers."""
    raw = _pyogrio(request)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        meta, _ids, written, cells = raw.read(
            request["path"], layer=request["layer"], max_features=int(request["most"]) + 1,
            **_encoded(request), **request["options"],
        )  # fmt: skip
    if written is None:
        return {"refused": "no geometry"}, b""
    if len(written) > int(request["most"]):
        return {"refused": "features"}, b""
    found = shapely.from_wkb(written, on_invalid="ignore")
    lost = np.array([each is not None for each in written]) & shapely.is_missing(found)
    found[lost] = shapely.from_wkb(written[lost], on_invalid="fix")
    if shapely.get_num_coordinates(found).sum() > int(request["corners"]):
        return {"refused": "corners"}, b""
    kinds, kept = _kinds(found)
    sizes, numbers = packed(np.array(kept, object)) if kept else ([0, 0, 0, 0], b"")
    said = {
        "columns": [str(each) for each in meta["fields"]],
        "cells": [_plain(each) for each in cells], "crs": meta["crs"], "kinds": kinds,
        "heights": [bool(each) for each in shapely.has_z(found)],
        "opened": [bool(each) for each in lost & ~shapely.is_missing(found)],
        "measures": any("Measured" in str(each.message) for each in warned), "sizes": sizes,
    }  # fmt: skip
    return said, numbers


def mended(_: dict[str, Any], given: bytes) -> Answer:
    """Return an invalid area rebuilt by the structure of its rings, or nothing."""
    shape = shapely.from_wkb(given)
    found = areas_of(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    if found is None:
        return {"sizes": [0, 0, 0, 0]}, b""
    sizes, numbers = packed(np.array([shapely.unary_union(found)], object))
    return {"sizes": sizes}, numbers


def _kinds(found: NDArray[Any]) -> tuple[list[str | None], list[Any]]:
    """Return the kind of every shape, and the areas of those that have any, in their order.

    A kind with a star marks a shape whose areas follow among the numbers.
    """
    kinds: list[str | None] = []
    kept = []
    for each in found:
        if each is None or each.is_empty:
            kinds.append(None)
            continue
        area = areas_of(each) if each.geom_type in (*AREAS, "GeometryCollection") else None
        kinds.append(each.geom_type + ("*" if area is not None else ""))
        if area is not None:
            kept.append(area)
    return kinds, kept


def _plain(column: NDArray[Any]) -> list[Any]:
    """Return the cells of a column as text, whole numbers, numbers or nothing."""
    if column.dtype.kind == "M":
        return [None if np.isnat(each) else str(each) for each in column]
    if column.dtype.kind == "f":
        return [float(each) if np.isfinite(each) else None for each in column]
    return [
        each if each is None or isinstance(each, str | int | float | bool) else str(each)
        for each in column.tolist()
    ]


def _encoded(request: dict[str, Any]) -> dict[str, str]:
    encoding = request.get("encoding")
    return {"encoding": encoding} if encoding else {}


def _pyogrio(request: dict[str, Any]) -> Any:
    """Return pyogrio's plain reader, sure that no driver is there but those allowed."""
    for heavy in ("geopandas", "pandas", "pyarrow"):
        if heavy not in sys.modules:
            sys.modules[heavy] = None  # type: ignore[assignment]  # not needed, and slow to start
    import pyogrio.raw  # noqa: PLC0415 - after the walls are up

    there = set(pyogrio.list_drivers())
    if not there <= {*request["drivers"], "MEM"}:
        raise RuntimeError(f"drivers that are not allowed: {', '.join(sorted(there))[:200]}")
    return _Reader(pyogrio)


class _Reader:
    """The three functions of pyogrio that are used, none of which needs a table library."""

    def __init__(self, pyogrio: Any) -> None:
        self.list_layers = pyogrio.list_layers
        self.read_info = pyogrio.read_info
        self.read = pyogrio.raw.read


TASKS: dict[str, Callable[[dict[str, Any], bytes], Answer]] = {
    "layers": layers, "shapes": shapes, "mended": mended,
}  # fmt: skip
