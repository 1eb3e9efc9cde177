"""Bad archives: the catalogue's A01 to A06, with what else a packer can do wrong."""

import io
import struct
import zipfile
from pathlib import Path

from tests.corpus import province, shapefiles
from tests.corpus.boundaries import saved
from tests.corpus.expecting import Action, Case


def _good() -> dict[str, bytes]:
    return shapefiles.members(shapefiles.rows())


def _with(folder: Path, **extra: bytes) -> Path:
    return shapefiles.packed(folder / "xa.zip", {**_good(), **extra})


def _slip(folder: Path) -> Path:
    evil = province.collection(province.features()).encode()
    return _with(folder, **{"../../evil.geojson": evil})


def _absolute(folder: Path) -> Path:
    return shapefiles.packed(
        folder / "xa.zip", {f"/tmp/{name}": body for name, body in _good().items()}
    )


def _slip_of_all(folder: Path) -> Path:
    return shapefiles.packed(
        folder / "xa.zip", {f"..\\..\\{name}": body for name, body in _good().items()}
    )


def _nothing_of_use(folder: Path) -> Path:
    return shapefiles.packed(folder / "xa.zip", {"readme.doc": b"x", "photo.jpg": b"x"})


def _nested(folder: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name, body in _good().items():
            archive.writestr(name, body)
    return shapefiles.packed(folder / "xa.zip", {"inner.zip": inner.getvalue()})


def _odd_names(folder: Path) -> Path:
    """Pack under names in a code page that the archive does not name."""
    path = shapefiles.packed(
        folder / "xa.zip",
        {name.replace("xa", "x\u00e9"): body for name, body in _good().items()},
    )
    body = path.read_bytes()
    # Names as Windows writes them: one byte, and no word of UTF-8 in the flags.
    path.write_bytes(body.replace("x\u00e9".encode(), b"x\xe1\xbf"))
    return _without_utf8(path)


def _without_utf8(path: Path) -> Path:
    body = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.find(sign)
        while place >= 0:
            flags = struct.unpack_from("<H", body, place + at)[0]
            struct.pack_into("<H", body, place + at, flags & ~0x800)
            place = body.find(sign, place + 4)
    path.write_bytes(bytes(body))
    return path


def _broken_inside(folder: Path) -> Path:
    path = shapefiles.packed(folder / "xa.zip", _good())
    body = bytearray(path.read_bytes())
    body[60:120] = b"\xff" * 60
    path.write_bytes(bytes(body))
    return path


def _cut(folder: Path) -> Path:
    path = shapefiles.packed(folder / "xa.zip", _good())
    path.write_bytes(path.read_bytes()[:-200])
    return path


def _locked(folder: Path) -> Path:
    """Mark every member as locked with a password, as its flags say."""
    path = shapefiles.packed(folder / "xa.zip", _good())
    body = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.find(sign)
        while place >= 0:
            body[place + at] |= 1
            place = body.find(sign, place + 4)
    path.write_bytes(bytes(body))
    return path


A = Action
KIND = "boundaries"

CASES = (
    Case("A01", KIND, _slip, A.REFUSED, says="../../evil.geojson", hostile=True),
    Case("A01b", KIND, _absolute, A.REFUSED, says="/tmp/xa.", hostile=True),
    Case("A01c", KIND, _slip_of_all, A.REFUSED, says="xa.zip", hostile=True),
    Case("A02", KIND, _nothing_of_use, A.REFUSED, says="photo.jpg"),
    Case("A03", KIND, _nested, A.REFUSED, says="inner.zip"),
    Case("A04", KIND, saved("xa.zip", b"Rar!\x1a\x07\x01\x00" + bytes(200)), A.REFUSED,
         says="not what its name says"),
    Case("A05", KIND, saved("xa.zip", b""), A.REFUSED, says="is empty"),
    Case("A05b", "points", saved("diem.csv", b""), A.REFUSED, says="is empty"),
    Case("A05c", "grid", saved("o.tif", b""), A.REFUSED, says="is empty"),
    Case("A06", KIND, _odd_names, A.ACCEPTS, kept=province.all_areas(),
         why="the names of members decide nothing here, so that nobody needs to be asked"),
    Case("A07", KIND, _broken_inside, A.REFUSED, says="xa.zip"),
    Case("A08", KIND, _cut, A.REFUSED, says="no whole zip file"),
    Case("A09", KIND, _locked, A.REFUSED, says="password"),
    Case("A10", KIND, saved("xa.rar", b"Rar!\x1a\x07\x01\x00"), A.REFUSED, says=".gpkg"),
)  # fmt: skip
