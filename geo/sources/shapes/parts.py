"""What GDAL is given to open: own copies under own names, after a look at what is inside.

An archive is never opened by GDAL. Only the members that belong to the part chosen are
copied out, so that names, links and whatever else lies in the archive decide nothing.
"""

import re
import sqlite3
import struct
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geo.errors import N_, FileError
from geo.findings import Finding, FindingReport, Severity
from geo.limits import limits
from geo.sources.gate import archive_members, require_content
from geo.sources.shapes.sizes import LARGEST_XML, MOST_MEMBERS

_SHAPEFILE = frozenset({"shp", "shx", "dbf", "prj", "cpg"})
_TAB = frozenset({"tab", "dat", "map", "id", "ind"})
_MIF = frozenset({"mif", "mid"})
_BESIDE = frozenset({"qix", "sbn", "sbx", "qpj", "qmd", "xml", "fix", "txt", "qml", "sld", "idm", "fbn", "fbx", "ain", "aih", "lyr", "md", "pdf"})  # fmt: skip
_NEEDED = {"shp": ("shx", "dbf"), "tab": ("dat", "map", "id"), "mif": ()}
_MEMBERS = {"shp": _SHAPEFILE, "tab": _TAB, "mif": _MIF}
_DRIVERS = {"shp": "ESRI Shapefile", "tab": "MapInfo File", "mif": "MapInfo File"}
_FORMATS = {"shp": "Shapefile", "tab": "MapInfo TAB", "mif": "MapInfo MIF"}
_CHARSET = re.compile(rb'(?im)^(\s*!?charset\s+"?|.*\btype\s+native\s+charset\s+")(\w+)')
_ELSEWHERE = re.compile(rb"(?im)^\s*(open\s+table|create\s+view|file\s+\"|type\s+(?!native))")
_OWN_TRIGGERS = (
    "rtree_",
    "gpkg_",
    "trigger_insert_feature_count_",
    "trigger_delete_feature_count_",
)
# What MapInfo calls the coding of its text, as Python calls it.
_CHARSETS = {"windowslatin1": "windows-1252", "windowsvietnamese": "windows-1258", "utf-8": "utf-8", "utf8": "utf-8"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What GDAL shall open: a file, its driver, its part, and how its text is coded.

    `bytes_coded` says that text comes as bytes, one character each, that are still to be
    decoded, `encoding` what the file itself says of them.
    """

    path: Path
    driver: str
    format: str
    parts: tuple[str, ...] = ()
    part: str | None = None
    bytes_coded: bool = False
    encoding: str | None = None


def opened(path: Path, folder: Path, part: str | None, report: FindingReport) -> Opened:
    """Look at the file before GDAL does; return what to open, copied into `folder` if packed.

    Raises `FileError` for a file that is not what its name says or holds what is not
    opened here.
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        require_content(path)
        return _from_archive(path, folder, part, report)
    if suffix == ".gpkg":
        require_content(path)
        _look_into_geopackage(path)
        return Opened(path, "GPKG", "GeoPackage")
    if suffix == ".fgb":
        require_content(path)
        return Opened(path, "FlatGeobuf", "FlatGeobuf")
    if suffix == ".kmz":
        return _from_kmz(path, folder)
    _require_plain_xml(path, path.name)
    return Opened(path, "LIBKML", "KML")


def _from_archive(path: Path, folder: Path, part: str | None, report: FindingReport) -> Opened:
    members = _members(path)
    files = [each for each in members if not each.endswith("/")]
    found = [each for each in files if _ending(each) in _NEEDED]
    foreign = [each for each in files if _ending(each) not in _SHAPEFILE | _TAB | _MIF | _BESIDE]
    if not found or foreign:
        raise FileError(
            "%(file)s must hold a Shapefile or a MapInfo table and nothing else; it holds %(found)s.",
            file=path.name, found=", ".join(foreign or files)[:100],
        )  # fmt: skip
    found.sort()
    chosen = found[0]
    if part is not None:
        if part not in found:
            raise FileError(
                "%(file)s has no part “%(part)s”; it has %(found)s.",
                file=path.name, part=part[:40], found=", ".join(found)[:200],
            )  # fmt: skip
        chosen = part
    elif len(found) > 1:
        ask_part(report, found)
    return _copied(path, folder, chosen, tuple(found))


def ask_part(report: FindingReport, parts: list[str]) -> None:
    """Ask which of several parts is meant; the first one is shown until it is said."""
    report.ask(
        Finding(
            Severity.ASK, "several-parts",
            N_("the file holds %(count)s tables of shapes (%(parts)s); “%(first)s” was read."),
            N_("Choose the part that holds the communes, or agree to this one."),
            params={"count": len(parts), "parts": ", ".join(parts)[:100], "first": parts[0]},
        ),
        Severity.BLOCKS,
    )  # fmt: skip


def _copied(path: Path, folder: Path, chosen: str, parts: tuple[str, ...]) -> Opened:
    """Copy the members of one part out of the archive and look at them."""
    kind, stem = _ending(chosen), chosen[: -len(_ending(chosen)) - 1]
    mine: dict[str, Path] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            ending = _ending(info.filename)
            if ending not in _MEMBERS[kind] or info.filename[: -len(ending) - 1] != stem:
                continue
            target = folder / f"part.{ending}"
            _copy(archive, info, target, path.name)
            mine[ending] = target
    missing = [f".{each}" for each in _NEEDED[kind] if each not in mine]
    if missing:
        raise FileError(
            "%(file)s lacks a part of “%(part)s”: %(missing)s; pack all of its files.",
            file=path.name, part=chosen[:80], missing=", ".join(missing),
        )  # fmt: skip
    encoding = None
    if kind == "shp":
        _require_whole_shapefile(mine, path.name, chosen)
        encoding = _code_page(mine.pop("cpg", None))
    else:
        encoding = _without_charset(mine[kind], path.name)
    return Opened(mine[kind], _DRIVERS[kind], _FORMATS[kind], parts, chosen,
                  bytes_coded=True, encoding=encoding)  # fmt: skip


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> None:
    """Copy one member, never more of it than the archive's directory promised."""
    if info.flag_bits & 1:
        raise FileError("%(file)s is locked with a password; pack it without one.", file=name)
    left = min(info.file_size, limits().unpacked_mb * 1_000_000)
    try:
        with archive.open(info) as source, target.open("wb") as copy:
            while left > 0 and (piece := source.read(min(left, 1 << 20))):
                copy.write(piece)
                left -= len(piece)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError("%(file)s is no whole zip file.", file=name) from error
    except Exception as error:  # zlib.error and others of broken packing
        raise FileError("%(file)s is no whole zip file.", file=name) from error


def _require_whole_shapefile(mine: Mapping[str, Path], name: str, part: str) -> None:
    """Refuse a Shapefile whose parts are cut or do not have the same number of records."""
    shp, shx, dbf = (mine[each].read_bytes()[:100] for each in ("shp", "shx", "dbf"))
    if len(shp) < 100 or len(shx) < 100 or len(dbf) < 32:
        raise _cut(name, part)
    if struct.unpack(">i", shp[:4])[0] != 9994 or struct.unpack(">i", shx[:4])[0] != 9994:
        raise _cut(name, part)
    for head, each in ((shp, "shp"), (shx, "shx")):
        if 2 * struct.unpack(">i", head[24:28])[0] > mine[each].stat().st_size:
            raise _cut(name, part)
    shapes = (mine["shx"].stat().st_size - 100) // 8
    rows = struct.unpack("<I", dbf[4:8])[0]
    if shapes != rows:
        raise FileError(
            "%(file)s: “%(part)s” has %(shapes)s shapes but %(rows)s rows in its table; export it again.",
            file=name, part=part[:80], shapes=shapes, rows=rows,
        )  # fmt: skip


def _cut(name: str, part: str) -> FileError:
    return FileError(
        "%(file)s: “%(part)s” is cut short or broken; export it again.", file=name, part=part[:80]
    )


def _code_page(path: Path | None) -> str | None:
    """Return what a .cpg says of the text, as Python names it; None if it says nothing known.

    The file itself is removed, since GDAL would decode by it and lose letters.
    """
    if path is None:
        return None
    said = path.read_bytes()[:40].decode("ascii", "ignore").strip().lower()
    path.unlink()
    digits = re.search(r"(125\d|8859-?1|65001)", said)
    if "utf" in said or (digits and digits[1] == "65001"):
        return "utf-8"
    if digits:
        return f"windows-{digits[1]}" if digits[1].startswith("125") else "iso-8859-1"
    return None


def _without_charset(path: Path, name: str) -> str | None:
    """Refuse a MapInfo table that opens others; take out and return what it says of its text."""
    whole = path.read_bytes()
    head = whole[:20_000]
    if path.suffix == ".tab" and (_ELSEWHERE.search(whole) or b"type native" not in head.lower()):
        raise FileError(
            "%(file)s holds a MapInfo table that opens other files; save it as a table of its own.",
            file=name,
        )
    found = _CHARSET.search(head)
    path.write_bytes(_CHARSET.sub(rb"\1Neutral", head) + whole[20_000:])
    return _CHARSETS.get(found[2].decode("ascii", "ignore").lower()) if found else None


def _from_kmz(path: Path, folder: Path) -> Opened:
    members = _members(path)
    found = [each for each in members if _ending(each) == "kml"]
    if not found:
        raise FileError("%(file)s holds no KML.", file=path.name)
    chosen = "doc.kml" if "doc.kml" in found else found[0]
    target = folder / "doc.kml"
    with zipfile.ZipFile(path) as archive:
        _copy(archive, archive.getinfo(chosen), target, path.name)
    _require_plain_xml(target, path.name)
    return Opened(target, "LIBKML", "KMZ")


def _members(path: Path) -> list[str]:
    members = archive_members(path)
    odd = [each for each in members if each.startswith(("/", "\\")) or ".." in PurePosixPath(each.replace("\\", "/")).parts]  # fmt: skip
    if len(members) > MOST_MEMBERS or odd:
        raise FileError(
            "%(file)s holds %(count)s files, among them “%(odd)s”, which is not opened here.",
            file=path.name, count=len(members), odd=(odd or members)[0][:40],
        )  # fmt: skip
    return members


def _require_plain_xml(path: Path, name: str) -> None:
    """Refuse XML that declares entities or that is no KML."""
    if path.stat().st_size > LARGEST_XML:
        raise FileError("%(file)s is too large for KML; give a GeoPackage.", file=name)
    text = path.read_bytes()
    # In UTF-16 every second byte is nought; without them the words show in any coding.
    plain = text.replace(b"\0", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain or b"<kml" not in plain[:5000]:
        raise FileError(
            "%(file)s is not what its name says; export it again as GeoPackage or GeoJSON.",
            file=name,
        )


def _look_into_geopackage(path: Path) -> None:
    """Refuse a GeoPackage with views, programs or foreign modules; nothing of it is run."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            rows = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchmany(
                10_000
            )
    except sqlite3.Error as error:
        raise FileError(
            "%(file)s cannot be read as shapes; export it again as GeoPackage or GeoJSON.",
            file=path.name,
        ) from error
    for kind, name, sql in rows:
        module = re.match(
            r"\s*create\s+virtual\s+table\b.*?\busing\s+(\w+)", sql, re.IGNORECASE | re.DOTALL
        )
        foreign = module is not None and module[1].lower() != "rtree"
        program = kind == "trigger" and not name.lower().startswith(_OWN_TRIGGERS)
        if kind == "view" or foreign or program or kind not in ("table", "index", "trigger"):
            raise FileError(
                "%(file)s holds more than tables (“%(part)s”); export its layer to a new GeoPackage.",
                file=path.name, part=str(name)[:40],
            )  # fmt: skip


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
