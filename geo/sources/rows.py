"""The cells of a raw table by field, whole columns at a time, and what was seen in them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Finding, FindingReport, Severity
from geo.recognition import Choices
from geo.sources.fields import Headings
from geo.sources.files import NOTHING, RawTable

Texts = NDArray[np.object_]  # one text per row, None where the cell says nothing
_MOST_SHOWN = 40
ERRORS = frozenset(
    {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
     "#FIELD!", "#GETTING_DATA"}
)  # fmt: skip
PLACEHOLDERS = frozenset(
    {"-", "--", "---", "–", "—", "_", "x", "X", ".", "..", "...", "…", "?", "n/a", "N/A", "không có", "Không có", "chưa có", "Chưa có", "không rõ", "Không rõ"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A kind of finding: how grave, its code, its sentence and the mend."""

    severity: Severity
    code: str
    message: str
    mend: str = ""


ERROR = Seen(
    Severity.LOOK, "excel-error", N_("is an error of the spreadsheet's formula, not a value."),
    N_("Mend the formula."),
)  # fmt: skip
ERROR_LEFT_OUT = Seen(Severity.LEFT_OUT, ERROR.code, ERROR.message, ERROR.mend)


class Cells:
    """Knows which column stands for which field; reports findings with row, column, value.

    `private` fields hold personal data: findings name their row and column, never the value.
    """

    def __init__(
        self, raw: RawTable, headings: Headings, matched: Mapping[str, str],
        choices: Choices = NOTHING, private: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.raw, self.matched, self.choices = raw, matched, choices
        self.report: FindingReport = raw.report
        self._headings, self._private = headings, private
        self.rows = np.asarray(raw.rows, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def written(self, field: str) -> Texts:
        """Return a field's cells as they are written, all None where no column has it."""
        if field not in self.matched:
            return np.full(len(self), None, dtype=object)
        return self.raw.cells[self.matched[field]].to_numpy(dtype=object)

    def text(self, field: str) -> Texts:
        """Return a field's cells without error values, which are reported, and dashes."""
        found = self.written(field)
        nothing = self.among(found, ERRORS | PLACEHOLDERS)
        if not nothing.any():
            return found
        self.see(nothing & self.among(found, ERRORS), field, ERROR)
        return self.without(found, nothing)

    def fractions(self, field: str) -> list[int]:
        """Return the rows in which a field's cell is a spreadsheet's number that is not whole."""
        return list(self.raw.fractions.get(self.matched.get(field, ""), ()))

    def parsed(
        self, field: str, texts: Texts, convert: Callable[[str], Any], seen: Seen | None
    ) -> NDArray[np.object_]:
        """Return the value of each text, None where it has none; those are reported."""
        values = mapped(texts, convert)
        if seen is not None:
            self.see(there(texts) & ~there(values), field, seen)
        return values

    @staticmethod
    def among(texts: Texts, words: Collection[str]) -> NDArray[np.bool_]:
        """Return which texts are one of `words`."""
        return np.asarray(pd.Series(texts, dtype=object).isin(list(words)), dtype=bool)

    @staticmethod
    def without(texts: Texts, which: NDArray[np.bool_]) -> Texts:
        """Return the texts with None in the places of `which`."""
        if not which.any():
            return texts
        kept = texts.copy()
        kept[which] = None
        return kept

    def see(
        self, where: NDArray[np.bool_] | Iterable[int], field: str, seen: Seen,
        params: Callable[[int], dict[str, object]] | None = None,
    ) -> None:  # fmt: skip
        """Report something in a field's cell on every row where it is so."""
        places = np.flatnonzero(where) if isinstance(where, np.ndarray) else list(where)
        if not len(places):
            return
        written = self.written(field)
        for at in map(int, places):
            self.report.add(self._finding(at, field, seen, written, params))

    def see_once(self, where: NDArray[np.bool_], field: str, seen: Seen, **params: object) -> None:
        """Report something in a column once, with its first row and the number of rows."""
        places = np.flatnonzero(where)
        if len(places):
            given = {"count": len(places), **params}
            written = self.written(field)
            self.report.add(self._finding(int(places[0]), field, seen, written, lambda _: given))

    def ask(
        self, where: NDArray[np.bool_], field: str, seen: Seen,
        params: Callable[[int], dict[str, object]] | None = None,
        otherwise: Severity = Severity.LEFT_OUT,
    ) -> bool:  # fmt: skip
        """Ask about a field's cell on every row where it is so; return whether to mend.

        A mend that nobody has declined yet is made, so that it can be shown; nothing of the
        file is kept before somebody agrees.
        """
        places = np.flatnonzero(where)
        written = self.written(field)
        for at in map(int, places):
            self.report.ask(self._finding(at, field, seen, written, params), otherwise)
        return not self.declined(seen.code)

    def declined(self, code: str) -> bool:
        """Whether somebody said no to what is asked under `code`."""
        return self.choices.answers.get(code) is False

    def _finding(
        self, at: int, field: str, seen: Seen, written: Texts,
        params: Callable[[int], dict[str, object]] | None,
    ) -> Finding:  # fmt: skip
        value = None if field in self._private else str(written[at] or "")[:_MOST_SHOWN]
        return Finding(
            seen.severity, seen.code, seen.message, seen.mend, row=int(self.rows[at]),
            column=self.column(field), value=value, params=params(at) if params else {},
        )  # fmt: skip

    def column(self, field: str) -> str:
        """Return the heading of a field as written, or the one we would write."""
        return self.matched.get(field) or self._headings[field][0]


def mapped(texts: Texts, convert: Callable[[str], Any]) -> NDArray[np.object_]:
    """Return `convert` of every text, each distinct text converted once; None stays None."""
    codes, distinct = pd.factorize(texts)
    values = np.empty(len(distinct) + 1, dtype=object)
    for at, each in enumerate(distinct):
        values[at] = convert(each)
    return values[codes]  # a missing text has the code -1: the last value, None


def there(values: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which values are not None."""
    return np.asarray(pd.notna(values), dtype=bool)
