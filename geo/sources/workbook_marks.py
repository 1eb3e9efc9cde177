"""What a workbook's XML tells that its cell values do not: hidden rows, errors, bare formulas.

The parts are searched for a few attributes as bytes, piece by piece. Nothing is parsed as
XML, so no entity is ever expanded and nothing further is opened; a part that declares a
document type is refused.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from geo.errors import FileError
from geo.limits import limits

MOST_COLUMNS = 702  # the last one is ZZ
_PIECE = 4_000_000
_OVERLAP = 40_000  # longer than any cell: Excel's limit is 32,767 characters

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_FAR = re.compile(rb"\br\s*=\s*[\"']([A-Z]{3,}\d+)[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s([^>]*\bt=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)  # fmt: skip
_BARE = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(slots=True)
class Marks:
    """What was seen in one sheet: rows and cells by their place, counted from 1."""

    hidden: list[int] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) → #REF!
    bare: list[tuple[int, int]] = field(default_factory=list)  # formulas without a value


def marks_of(path: Path) -> list[Marks]:
    """Return the marks of every sheet of an .xlsx in the order of the workbook.

    Raises `FileError` for a cell so far out that the empty cells before it would fill the
    memory, and for a part with a document type. A file whose parts are not found has none.
    """
    with zipfile.ZipFile(path) as archive:
        try:
            members = _sheet_members(archive)
        except KeyError:
            return []
        known = set(archive.namelist())
        return [_marks(archive, each, path) if each in known else Marks() for each in members]


def column_letters(number: int) -> str:
    """Return a column's letters: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sheet_members(archive: zipfile.ZipFile) -> list[str]:
    targets = {}
    for found in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        given = _attributes(found)
        target = given.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        targets[given.get("Id", "")] = posixpath.normpath(whole)
    sheets = [_attributes(found) for found in _SHEET.findall(archive.read("xl/workbook.xml"))]
    keys = [next((k for k in each if k.endswith(":id")), "") for each in sheets]
    return [targets.get(each.get(key, ""), "") for each, key in zip(sheets, keys, strict=True)]


def _attributes(text: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(text)
    return {name.decode(): unescape(value.decode("utf-8", "replace")) for name, value in found}


def _marks(archive: zipfile.ZipFile, member: str, path: Path) -> Marks:
    marks = Marks()
    for piece in _pieces(archive, member):
        if b"<!DOCTYPE" in piece:
            raise FileError(
                "%(file)s declares a document type inside, which no spreadsheet does; save it "
                "again as .xlsx.",
                file=path.name,
            )  # fmt: skip
        marks.hidden += _hidden_rows(piece, path)
        if b't="e"' in piece or b"t='e'" in piece:
            for given, value in _ERROR.findall(piece):
                place = _place(given)
                if place:
                    marks.errors[place] = value.decode("utf-8", "replace")
        if b"<f" in piece or b":f" in piece:
            marks.bare += [place for given in _BARE.findall(piece) if (place := _place(given))]
    return marks


def _hidden_rows(piece: bytes, path: Path) -> list[int]:
    """Return the numbers of hidden rows; refuse a row or cell far outside any list."""
    far = _FAR.search(piece)
    if far:
        raise _too_far(path, far.group(1).decode())
    hidden = []
    for row in _ROW.findall(piece):
        found = _ROW_NUMBER.search(row)
        number = int(found.group(1)) if found else 0
        if number > limits().rows:
            cell = re.search(rb"\br=[\"']([A-Z]+%d)[\"']" % number, piece)
            raise _too_far(path, cell.group(1).decode() if cell else f"A{number}")
        if number and _HIDDEN.search(row):
            hidden.append(number)
    return hidden


def _too_far(path: Path, cell: str) -> FileError:
    return FileError(
        "%(file)s has a cell at %(cell)s, far outside any list; delete that cell.",
        file=path.name, cell=cell,
    )  # fmt: skip


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _CELL.fullmatch(_attributes(attributes).get("r", ""))
    if not found:
        return None
    number = 0
    for letter in found.group(1):
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), number


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield a part piece by piece, each ending where a row ends, as far as that is near."""
    rest = b""
    with archive.open(member) as part:
        while more := part.read(_PIECE):
            whole = rest + more
            end = whole.rfind(b"</row>")
            cut = end if end >= 0 else max(len(whole) - _OVERLAP, 0)
            yield whole[:cut]
            rest = whole[cut:]
    yield rest
