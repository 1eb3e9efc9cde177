"""Open a CSV or text file: its rows as text, with the separator and the coding they have."""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from geo.errors import FileError
from geo.letters import decoded
from geo.limits import limits

CSV_SUFFIXES = (".csv", ".txt", ".tsv")
SEPARATORS = ",;\t|"
_HEAD = 40


@dataclass(frozen=True, slots=True)
class CsvText:
    """A text table: rows of cells as written, the coding of its bytes."""

    rows: list[list[str]]
    encoding: str


def read_csv_text(path: Path, encoding: str | None) -> CsvText:
    """Return the rows of a text table, counted as a spreadsheet shows them.

    A cell of several lines is one row. `encoding` is the coding where it is known. Raises
    `FileError` for bytes that are no text in that coding, for quotation marks that never
    end, and for more rows than may be.
    """
    try:
        text, found = decoded(path.read_bytes(), encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise FileError(
            "%(file)s is not text in the coding %(encoding)s; choose another, or save it in "
            "Excel as “CSV UTF-8”.",
            file=path.name, encoding=encoding or "UTF-8",
        ) from error  # fmt: skip
    if "\x00" in text[:10_000]:
        raise FileError("%(file)s is no text table.", file=path.name)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = list(islice(reader, limits().rows + 1))
    except csv.Error as error:
        raise FileError(
            "%(file)s is no CSV table near line %(row)s.", file=path.name, row=reader.line_num
        ) from error
    if len(rows) > limits().rows:
        raise FileError(
            "%(file)s has more than %(most)s rows, which is more than is read here; split it.",
            file=path.name, most=limits().rows,
        )  # fmt: skip
    return CsvText(rows, found)


def _separator(text: str) -> str:
    """Return what stands between cells: what cuts most of the first rows into equally many.

    A comma inside a title, or between the decimals of a number, cuts rows unequally.
    """
    head = "\n".join(text[:200_000].splitlines()[:_HEAD])
    if head[:4].lower() == "sep=":
        return head[4:5]
    best = max(SEPARATORS, key=lambda each: _agreement(head, each))
    return best if _agreement(head, best)[0] else ","


def _agreement(head: str, separator: str) -> tuple[int, int]:
    try:
        rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
    except csv.Error:
        return 0, 0
    widths = [len(row) for row in rows if len(row) > 1]
    commonest = max(set(widths), key=lambda each: (widths.count(each), each), default=0)
    return widths.count(commonest), commonest
