"""The numbers of a plain text file, each with the line and the place where it stands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from geo.errors import N_, FileError, Word
from geo.findings import Finding, FindingReport, Severity
from geo.sources.gate import require_file
from planning.model.errors import ImportRefusedError

LARGEST_BYTES = 20_000_000
LARGEST = 1_000_000_000  # of a length, a cost or a number of people
MOST_PLACES = 5_000
MOST_PAIRS = 25_000_000  # distances kept: 200 MB
_MOST_PROBLEMS = 100
_MOST_SHOWN = 40
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{0,15})?([eE][+-]?[0-9]{1,2})?")


Place = tuple[int | None, str | None, str | None]  # line, column, value


class Number(NamedTuple):
    """One number as it is written: its line, its place in the line, its text."""

    row: int
    at: int
    text: str


class Problems:
    """Gathers what is wrong with a file, to be said at once."""

    def __init__(self, file: str) -> None:
        self.report = FindingReport(file)

    def add(self, place: Place, message: str, mend: str, **params: object) -> None:
        """Note one problem at a line, column and value; refuse the file when there are many."""
        row, column, value = place
        shown = None if value is None else value[:_MOST_SHOWN]
        self.report.add(
            Finding(Severity.BLOCKS, "instance", message, mend, row, column, shown, params)
        )
        if len(self.report) >= _MOST_PROBLEMS:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Refuse the file with everything seen so far."""
        error = ImportRefusedError(
            N_("%(file)s cannot be read as an instance: %(count)s problems."),
            file=self.report.file, count=len(self.report),
        )  # fmt: skip
        error.findings = tuple(self.report)
        raise error

    def refuse_if_any(self) -> None:
        """Refuse the file if anything was wrong."""
        if len(self.report):
            self.refuse()

    def whole(self, number: Number, least: int, most: int) -> int:
        """Return a whole number within the limits; note a problem and return the least else."""
        value = self.real(number, least, most)
        if value != int(value):
            self.add(_place(number), N_("is no whole number."), N_("Write a whole number."))
            return least
        return int(value)

    def real(self, number: Number, least: float, most: float) -> float:
        """Return a number within the limits; note a problem and return the least else."""
        if not _NUMBER.fullmatch(number.text):
            self.add(_place(number), N_("is no number."), N_("Write it in digits with a point."))
            return least
        value = float(number.text)
        if not least <= value <= most:
            self.add(
                _place(number), N_("is not within %(least)s and %(most)s."),
                N_("Correct it, or the numbers that announce it."), least=least, most=most,
            )  # fmt: skip
            return least
        return value

    def all_whole(
        self, row: list[Number], limits: tuple[tuple[int, int], ...], wanted: str
    ) -> list[int] | None:
        """Return a line of as many whole numbers as there are limits, or None."""
        return (
            [self.whole(each, *limit) for each, limit in zip(row, limits, strict=True)]
            if self.has(row, len(limits), wanted)
            else None
        )

    def has(self, row: list[Number], count: int, wanted: str) -> bool:
        """Return whether a line has so many numbers; note a problem else."""
        if len(row) == count:
            return True
        self.add(
            (row[0].row, None, None), N_("the line has %(found)s numbers, not %(count)s."),
            N_("Write %(wanted)s."), found=len(row), count=count, wanted=Word(wanted),
        )  # fmt: skip
        return False

    def ends_early(self, found: int, count: int, wanted: str) -> None:
        """Note that the file ends before everything was there."""
        self.add(
            (None, None, None),
            N_("the file ends after %(found)s of %(count)s entries (%(wanted)s)."),
            N_("Add the others, or correct the line that announces them."),
            found=found, count=count, wanted=Word(wanted),
        )  # fmt: skip

    def goes_on(self, number: Number) -> None:
        """Note that the file goes on after everything announced was there."""
        self.add(
            _place(number), N_("stands after everything that was announced."),
            N_("Delete what follows, or correct the line that announces it."),
        )  # fmt: skip


def lines_of(path: Path) -> Iterator[list[Number]]:
    """Yield the lines that hold something, split at white space."""
    require_file(path)
    if path.stat().st_size > LARGEST_BYTES:
        raise FileError(
            "%(file)s has %(size)s MB; at most %(most)s MB are read.", file=path.name,
            size=path.stat().st_size // 1_000_000, most=LARGEST_BYTES // 1_000_000,
        )  # fmt: skip
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("%(file)s is not UTF-8 text; save it as UTF-8.", file=path.name) from error
    for row, line in enumerate(text.split("\n"), start=1):
        if parts := line.split():
            yield [Number(row, at, part) for at, part in enumerate(parts, start=1)]


def _place(number: Number) -> Place:
    return number.row, str(number.at), number.text
