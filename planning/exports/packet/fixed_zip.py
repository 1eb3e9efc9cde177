"""Zip files that are the same whenever and wherever they are made of the same members."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

_UNIX, _PLAIN_FILE = 3, 0o644 << 16


def packed(members: Iterable[tuple[str, bytes]], moment: datetime) -> bytes:
    """Return a zip of the members in the order given, each dated `moment`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            about = zipfile.ZipInfo(name, moment.timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system, about.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(about, data, compresslevel=6)
    return out.getvalue()


def repacked(data: bytes, moment: datetime) -> bytes:
    """Return a zip with the same members in the same order, each dated `moment`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed(((name, archive.read(name)) for name in archive.namelist()), moment)
