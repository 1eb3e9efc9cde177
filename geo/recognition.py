"""How a file was understood, and what its owner says where that was wrong.

A reader tells what it took a file for (`Recognised`) and takes corrections (`Choices`).
Reading with the same choices gives the same result, so what was previewed is what is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner of a file says of it; None leaves a thing to the recognition.

    `part` is the sheet of a workbook, the layer of a GeoPackage or the Shapefile in an
    archive; `heading_row` the spreadsheet's own number of the (last) row of headings;
    `columns` field → column as it is written, an empty text for "no column". `encoding` is
    the coding of bytes (`utf-8`, `windows-1258` …), `letters` the legacy letters in which
    Vietnamese is written (`geo.letters.Letters`). `crs` is the system of the coordinates as
    `EPSG:n`, `axes` their order: `xy` (east first) or `yx`. `answers` says yes or no to
    what a reader asked, by the code of the finding.
    """

    part: str | None = None
    heading_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    letters: str | None = None
    crs: str | None = None
    axes: str | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return what was chosen as plain values, for keeping and for JSON."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in found.items()
            if value not in (None, {})
        }


@dataclass(frozen=True, slots=True)
class CrsGuess:
    """A system the coordinates may be in: what share of the places then lies in the province."""

    crs: str  # as EPSG:n
    axes: str  # xy or yx
    inside: float  # 0..1
    meridian: float | None = None  # of a VN-2000 TM-3 zone, degrees east


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was taken for.

    `parts` are the sheets or layers there are, `headings` all columns as written, `columns`
    field → column, `sample` the first rows as they are written, in the order of `headings`.
    `guesses` are the systems the coordinates may be in, the best first. `rows` counts the
    rows (or shapes) under the headings.
    """

    format: str
    rows: int
    part: str | None = None
    parts: tuple[str, ...] = ()
    heading_row: int | None = None
    headings: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    letters: str | None = None
    crs: str | None = None
    axes: str | None = None
    guesses: tuple[CrsGuess, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
