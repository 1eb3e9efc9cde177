"""What a file must be before anything opens it: there, not too large, what its name says."""

import zipfile
from pathlib import Path

from geo.errors import FileError
from geo.limits import limits

MOST_MEMBERS, MOST_TIMES = 200, 200
_BEGINNINGS = {".gpkg": b"SQLite format 3\x00", ".fgb": b"fgb", ".zip": b"PK\x03\x04"}


def require_file(path: Path) -> None:
    """Refuse what is no file, empty, or larger than is read here."""
    if not path.is_file():
        raise FileError("There is no file %(file)s.", file=str(path))
    size = path.stat().st_size
    if size == 0:
        raise FileError("%(file)s is empty.", file=path.name)
    if size > limits().file_mb * 1_000_000:
        raise FileError(
            "%(file)s has %(size)s MB; at most %(most)s MB are read.",
            file=path.name, size=size // 1_000_000, most=limits().file_mb,
        )  # fmt: skip


def require_content(path: Path) -> None:
    """Refuse a file whose first bytes are not those of the kind its name says."""
    wanted = _BEGINNINGS[path.suffix.lower()]
    with path.open("rb") as file:
        found = file.read(len(wanted))
    if found != wanted:
        raise FileError(
            "%(file)s is not what its name says; export it again as GeoPackage or GeoJSON.",
            file=path.name,
        )


def archive_members(path: Path) -> list[str]:
    """Return the names inside a zip file whose directory promises a sane size.

    Nothing is unpacked. Raises `FileError` for too many members, for more than a gigabyte,
    and for members that grow by more than two hundred times.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileError("%(file)s is no whole zip file.", file=path.name) from error
    unpacked = sum(each.file_size for each in members)
    swollen = any(each.file_size > MOST_TIMES * max(each.compress_size, 1000) for each in members)
    if len(members) > MOST_MEMBERS or unpacked > limits().unpacked_mb * 1_000_000 or swollen:
        raise FileError(
            "%(file)s would unpack to %(size)s MB in %(count)s files, which is not opened here.",
            file=path.name, size=unpacked // 1_000_000, count=len(members),
        )  # fmt: skip
    return [each.filename for each in members]
