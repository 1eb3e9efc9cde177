"""A table of distances with weights: place, weight, then one column per site."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from geo.errors import N_, FileError
from geo.names import clean
from geo.sources.gate import require_file
from planning.siting.instances.asked import Instance, Real, Wanted, problem_of
from planning.siting.instances.numbers import LARGEST, MOST_PLACES, Problems

WEIGHTS = ("weight", "people")
_WHOLE = re.compile(r"[0-9]{1,15}(\.0*)?")
_METRES = re.compile(r"[0-9]{1,15}([.,][0-9]{0,15})?([eE][+-]?[0-9]{1,2})?")


def read_table(path: Path, wanted: Wanted) -> Instance:
    """Read a CSV of distances; an empty cell is a site that a place cannot reach.

    Cells are parted by commas, semicolons or tabs; numbers have a point, or a comma where
    that does not part cells, and never marks between thousands. Codes are text.
    """
    rows = _rows(path)
    problems = Problems(path.name)
    sites = _sites([clean(each) for each in next(rows, [])], problems)
    body = _Body(sites, problems)
    for number, row in enumerate(rows, start=2):
        body.take(number, row)
    if not body.places:
        problems.add((None, None, None), N_("there is no place below the headings."),
                     N_("Write one line per place."))  # fmt: skip
    problems.refuse_if_any()
    distance = np.ascontiguousarray(np.array(body.metres).T)
    people = np.array(body.people, dtype=np.int64)
    return Instance(
        path.name, "CSV", problem_of(distance, people, wanted),
        places=tuple(body.places), sites=sites,
    )  # fmt: skip


class _Body:
    """Takes the lines below the headings, one place each."""

    def __init__(self, sites: tuple[str, ...], problems: Problems) -> None:
        self.places: dict[str, int] = {}
        self.people: list[int] = []
        self.metres: list[Real] = []
        self._sites, self._problems = sites, problems

    def take(self, number: int, row: list[str]) -> None:
        """Keep one line; what is wrong with it goes to the problems."""
        cells = [each.strip() for each in row]
        if not any(cells):
            return
        if len(self.places) == MOST_PLACES:
            raise FileError(
                "%(file)s has more than %(most)s places.",
                file=self._problems.report.file, most=MOST_PLACES,
            )  # fmt: skip
        if len(cells) != len(self._sites) + 2:
            self._problems.add(
                (number, None, None), N_("the line has %(found)s cells under %(count)s headings."),
                N_("Leave a cell empty where a site cannot be reached, and quote a text that holds the separator."),
                found=len(cells), count=len(self._sites) + 2,
            )  # fmt: skip
            return
        code = clean(cells[0])
        if not code or code in self.places:
            self._problems.add(
                (number, "1", code), N_("a place needs a code of its own."),
                N_("Write a code that no other line has."),
            )  # fmt: skip
        self.places[code] = number
        self.people.append(self._weight(number, cells[1]))
        self.metres.append(
            np.array([self._distance(number, at, each) for at, each in enumerate(cells[2:])])
        )

    def _weight(self, number: int, text: str) -> int:
        if _WHOLE.fullmatch(text) and float(text) <= LARGEST:
            return int(float(text))
        self._problems.add(
            (number, "2", text), N_("a weight is a whole number from 0 to %(most)s."),
            N_("Multiply all weights by the same number until they are whole."), most=LARGEST,
        )  # fmt: skip
        return 0

    def _distance(self, number: int, at: int, text: str) -> float:
        if not text:
            return float("inf")
        if _METRES.fullmatch(text):
            value = float(text.replace(",", "."))
            if value <= LARGEST:
                return value
        self._problems.add(
            (number, self._sites[at], text), N_("a distance is a number from 0 to %(most)s."),
            N_("Write digits, without a unit and without marks between thousands."), most=LARGEST,
        )  # fmt: skip
        return 0.0


def _sites(headings: list[str], problems: Problems) -> tuple[str, ...]:
    """Return the codes of the sites; refuse headings that are not those of such a table."""
    if len(headings) < 3 or headings[1].lower() not in WEIGHTS:
        problems.add(
            (1, None, ";".join(headings)), N_("these are not the headings of a table of distances."),
            N_("Write the place, “weight”, then the code of each site."),
        )  # fmt: skip
        problems.refuse()
    sites = headings[2:]
    if len(sites) > MOST_PLACES:
        raise FileError(
            "%(file)s has more than %(most)s sites.", file=problems.report.file, most=MOST_PLACES,
        )  # fmt: skip
    for at, site in enumerate(sites):
        if not site or site in sites[:at]:
            problems.add((1, str(at + 3), site), N_("a site needs a code of its own."),
                         N_("Write a code that no other heading has."))  # fmt: skip
    problems.refuse_if_any()
    return tuple(sites)


def _rows(path: Path) -> Iterator[list[str]]:
    """Yield the cells of one line after the other."""
    require_file(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            "%(file)s is not UTF-8 text; in Excel save it as “CSV UTF-8”.", file=path.name
        ) from error
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    try:
        yield from reader
    except csv.Error as error:
        raise FileError(
            "%(file)s is no CSV table near line %(row)s.", file=path.name, row=reader.line_num
        ) from error
