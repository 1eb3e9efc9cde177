"""All documents of a packet, with a manifest: into a folder, or as one zip."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from planning.exports.packet.annexes import annex_pages
from planning.exports.packet.decision_sheet import decision_sheet
from planning.exports.packet.fixed_zip import packed
from planning.exports.packet.kml import as_kml
from planning.exports.packet.lists import as_csv, as_geojson, as_gpkg
from planning.exports.packet.offline_map import offline_map
from planning.exports.packet.overview import overview
from planning.exports.packet.submission import submission
from planning.exports.packet.typeset import moment
from planning.exports.packet.words import sources
from planning.model.packet import Packet
from planning.whole_file import whole_file

MANIFEST, SNAPSHOT, OFFLINE = "manifest.json", "ho-so-phien.json", "ban-do.html"
DOCUMENTS: Mapping[str, Callable[[Packet], bytes]] = {
    "tong-hop.pdf": overview, "phu-luc.pdf": annex_pages, "to-trinh.docx": submission,
    "danh-sach.xlsx": decision_sheet, "danh-sach.csv": as_csv, "de-xuat.geojson": as_geojson,
    "mang-luoi.gpkg": as_gpkg, "de-xuat.kml": as_kml, OFFLINE: offline_map,
    SNAPSHOT: Packet.as_bytes,
}  # fmt: skip
# Bytes hold for these: another version may break lines or pack otherwise.
_LIBRARIES = ("typst", "python-docx", "lxml", "xlsxwriter", "pyogrio", "folium", "babel")


def made(packet: Packet, path: Path) -> dict[str, Any]:
    """Write every document and the manifest, and return the manifest.

    A `path` that ends in .zip becomes one file, written whole or not at all; any other a
    folder, in which files of the same names are replaced, the manifest last. Raises
    `NotReadyError` where letters or browser files were never fetched.
    """
    files = documents(packet)
    manifest = _manifest(packet, files)
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    if path.suffix.lower() == ".zip":
        _write(path, packed([*files.items(), (MANIFEST, text)], moment(packet.round.day)))
        return manifest
    path.mkdir(parents=True, exist_ok=True)
    for name, data in (*files.items(), (MANIFEST, text)):
        _write(path / name, data)
    return manifest


def names(packet: Packet) -> tuple[str, ...]:
    """Return the file names of the documents a packet has: the map only where it has its layers."""
    return tuple(name for name in DOCUMENTS if name != OFFLINE or packet.layers)


def documents(packet: Packet) -> dict[str, bytes]:
    """Return every document by its file name."""
    # What is written is what the snapshot says: rounding and cleaning are done before.
    frozen = Packet.of(packet.as_dict())
    return {name: DOCUMENTS[name](frozen) for name in names(frozen)}


def _manifest(packet: Packet, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": packet.format, "round": packet.round.number, "day": packet.round.day,
        "fingerprint": packet.fingerprint, "data": packet.origin.fingerprint,
        "synthetic": packet.origin.synthetic, "about": dict(sources(packet)),
        "made_with": {name: version(name) for name in _LIBRARIES},
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    with whole_file(path) as draft, draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
