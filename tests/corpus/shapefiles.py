"""Shapefiles written by hand, byte by byte, so that every byte of them can be wrong."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pyproj import CRS

from tests.corpus import province

Ring = Sequence[Sequence[float]]
WGS84 = CRS.from_epsg(4326).to_wkt("WKT1_ESRI").encode()
_POLYGON, _POLYGON_M = 5, 25


@dataclass(frozen=True)
class Row:
    """A record: its rings (x, y in any system), its code and its name as bytes."""

    rings: Sequence[Ring]
    code: bytes
    name: bytes


def rows(encoding: str = "utf-8", **changed: Sequence[Ring]) -> list[Row]:
    """Return the communes of the province; `c00903=rings` gives one other rings."""
    found = []
    for code, name in province.NAMES.items():
        drawn = list(province.square(code).exterior.coords)
        rings = changed.get(f"c{code}", [[list(each) for each in drawn]])
        found.append(Row(rings, code.encode(), name.encode(encoding)))
    return found


def members(
    listed: Sequence[Row], name: str = "xa", prj: bytes | None = WGS84, cpg: bytes | None = b"UTF-8",
    *, measured: bool = False,
) -> dict[str, bytes]:  # fmt: skip
    """Return the files of a Shapefile: name → bytes. `measured` gives every corner an M."""
    records = [_record(each.rings, measured=measured) for each in listed]
    corners = [corner for each in listed for one in each.rings for corner in one]
    box = _box(corners)
    kind = _POLYGON_M if measured else _POLYGON
    shp, shx, at = b"", b"", 50
    for number, body in enumerate(records, start=1):
        shp += struct.pack(">2i", number, len(body) // 2) + body
        shx += struct.pack(">2i", at, len(body) // 2)
        at += 4 + len(body) // 2
    found = {
        f"{name}.shp": _head(50 + len(shp) // 2, kind, box) + shp,
        f"{name}.shx": _head(50 + len(shx) // 2, kind, box) + shx,
        f"{name}.dbf": table(listed),
    }
    if prj is not None:
        found[f"{name}.prj"] = prj
    if cpg is not None:
        found[f"{name}.cpg"] = cpg
    return found


def table(listed: Sequence[Row]) -> bytes:
    """Return the attributes `ma` and `ten` as dBASE."""
    widths = (5, 60)
    head = struct.pack("<4BIHH20x", 3, 125, 7, 1, len(listed), 32 * 3 + 1, 1 + sum(widths))
    for title, width in zip((b"ma", b"ten"), widths, strict=True):
        head += struct.pack("<11sc4xBB14x", title, b"C", width, 0)
    body = b"".join(
        b" " + each.code.ljust(widths[0])[: widths[0]] + each.name.ljust(widths[1])[: widths[1]]
        for each in listed
    )
    return head + b"\r" + body + b"\x1a"


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


def _record(rings: Sequence[Ring], *, measured: bool) -> bytes:
    corners = [corner for one in rings for corner in _clockwise(one)]
    starts, at = [], 0
    for one in rings:
        starts.append(at)
        at += len(one)
    body = struct.pack(
        "<i4d2i", _POLYGON_M if measured else _POLYGON, *_box(corners), len(rings), at
    )
    body += struct.pack(f"<{len(starts)}i", *starts)
    body += b"".join(struct.pack("<2d", x, y) for x, y, *_ in corners)
    if measured:
        body += struct.pack("<2d", 0, at) + b"".join(struct.pack("<d", each) for each in range(at))
    return body


def _clockwise(one: Ring) -> Ring:
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(one))
    return one if turned > 0 else list(reversed(one))


def _box(corners: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    x, y = [each[0] for each in corners], [each[1] for each in corners]
    return min(x), min(y), max(x), max(y)


def _head(words: int, kind: int, box: Sequence[float]) -> bytes:
    return struct.pack(">i20xi", 9994, words) + struct.pack("<2i8d", 1000, kind, *box, 0, 0, 0, 0)
