"""A table of communes and people → the population table, doubtful values named."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.sources.fields import (
    code_text,
    known_keys,
    match_headings,
    require_fields,
    whole_number,
)
from geo.sources.files import RawTable, read_table
from geo.sources.rows import RowReader
from geo.tables import Population, population

HEADINGS = {
    "code": ("code", "mã xã", "ma_xa", "commune_code", "mã đơn vị hành chính", "mã"),
    "people": ("people", "population_raw", "dân số", "dan_so", "population", "số dân", "pop"),
    "suggested": ("population_suggested", "dân số đề nghị"),
    "flag": ("population_flag", "cờ"),
    "reason": ("suggestion_reason", "lý do"),
    "census": ("census2019_whole", "census", "tổng điều tra"),
    "estimate": ("worldpop2020", "ước tính theo lưới"),
}
MOST_PEOPLE = 5_000_000  # no commune of the country has a tenth of that
_NEEDED = {field: HEADINGS[field] for field in ("code", "people")}


class Unusable(StrEnum):
    """What to do with a population that its own file marks as unusable."""

    LEAVE_OUT = "leave-out"
    SUGGESTION = "suggestion"
    CENSUS = "census"


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """What a population file holds: the table, the findings, the column people came from."""

    table: Population
    report: FindingReport
    column: str


def read_population(path: Path, unusable: Unusable) -> PopulationFile:
    """Read people per commune from a CSV or spreadsheet.

    Where the file has a column of suggested values beside the published ones, a suggestion
    that differs replaces the published value and is reported; where it is empty the value
    is unusable and `unusable` decides: left out (people unknown), taken from the census
    column, or from the column of estimates by a population grid. Raises `FileError` when the
    file cannot be read.
    """
    raw = read_table(path, known_keys(HEADINGS))
    matched = match_headings(raw, HEADINGS, path.name)
    require_fields(matched, _NEEDED, raw, path.name)
    report = FindingReport(path.name)
    reader = _Rows(raw, matched, report, unusable)
    read = [(at, row) for at in range(len(raw.cells)) if (row := reader.read(at)) is not None]
    frame = pd.DataFrame([row for _, row in read], columns=["code", "people"])
    frame = frame.astype({"code": "str", "people": float})
    twice = frame["code"].duplicated()
    for at in map(int, np.flatnonzero(twice)):
        reader.add(read[at][0], "code", Severity.BLOCKS, "code-twice",
                   N_("stands on an earlier row too; delete one."))  # fmt: skip
    used = [matched[each] for each in ("people", "suggested") if each in matched]
    return PopulationFile(population(frame[~twice]), report, ", ".join(used))


class _Rows(RowReader):
    """Turns one row after the other into a commune's code and people."""

    def __init__(
        self, raw: RawTable, matched: dict[str, str], report: FindingReport, unusable: Unusable
    ) -> None:
        super().__init__(raw, HEADINGS, matched, report)
        self._unusable = unusable

    def add(
        self, at: int, field: str, severity: Severity, code: str, message: str, **params: object
    ) -> None:
        """Report what was seen, with the code of the commune the row is about."""
        commune = code_text(self.cell("code", at) or "", 5)
        super().add(at, field, severity, code, message, **{"commune_code": commune, **params})

    def read(self, at: int) -> tuple[str, float] | None:
        """Return code and people (NaN: unknown), or None for a row without a code."""
        code = code_text(self.cell("code", at) or "", 5)
        if code is None:
            self.add(at, "code", Severity.LEFT_OUT, "code-format",
                      N_("is no commune code; a commune code has five digits."))  # fmt: skip
            return None
        written = self.cell("people", at)
        people = whole_number(written) if written is not None else None
        if people is not None and people > MOST_PEOPLE:
            people = None
        if written is not None and people is None:
            self.add(at, "people", Severity.LEFT_OUT, "not-a-count",
                      N_("is no number of people; write a whole number without a unit."))  # fmt: skip
        elif written is not None and not written.isdigit():
            self.add(at, "people", Severity.CHANGED, "thousands",
                      N_("was read as %(people)s people."), people=people)  # fmt: skip
        if written is None and "suggested" not in self._matched:
            self.add(at, "people", Severity.LEFT_OUT, "people-missing",
                     N_("is empty: this commune's people are unknown, not zero."))  # fmt: skip
        if "suggested" in self._matched:
            people = self._decided(at, people)
        return code, float("nan") if people is None else float(people)

    def _decided(self, at: int, published: int | None) -> int | None:
        """Return the value in force where the file itself doubts the published one."""
        suggestion = self.cell("suggested", at)
        value = whole_number(suggestion) if suggestion is not None else None
        reason = self.cell("reason", at) or self.cell("flag", at) or ""
        if value is not None:
            if value != published:
                self.add(at, "people", Severity.CHANGED, "suggestion-taken",
                          N_("the file's own suggestion %(people)s was taken (%(reason)s)."),
                          people=value, reason=reason)  # fmt: skip
            return value
        chosen = {
            Unusable.CENSUS: ("census", N_("is unusable (%(reason)s); the census count %(people)s was taken.")),
            Unusable.SUGGESTION: ("estimate", N_("is unusable (%(reason)s); the grid's estimate %(people)s was taken.")),
        }.get(self._unusable)  # fmt: skip
        other = self.cell(chosen[0], at) if chosen else None
        counted = whole_number(other) if other is not None else None
        if chosen is not None and counted is not None:
            self.add(at, "people", Severity.CHANGED, f"{chosen[0]}-taken", chosen[1],
                     people=counted, reason=reason)  # fmt: skip
            return counted
        self.add(at, "people", Severity.LEFT_OUT, "unusable",
                  N_("is unusable (%(reason)s) and was left out: this commune's people are unknown, not zero. Import again with another choice for unusable values, or correct the file."),
                  reason=reason)  # fmt: skip
        return None
