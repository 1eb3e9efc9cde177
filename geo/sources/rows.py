"""One row of a raw table after the other: its cells by field, and what was seen in them."""

from collections.abc import Mapping

import pandas as pd

from geo.findings import Finding, FindingReport, Severity
from geo.sources.fields import Headings, text_column
from geo.sources.files import RawTable

_MOST_SHOWN = 40


class RowReader:
    """Knows which column stands for which field; reports a finding with row, column, value.

    Readers of a kind of file derive from it and turn rows into values.
    """

    def __init__(
        self, raw: RawTable, headings: Headings, matched: Mapping[str, str], report: FindingReport
    ) -> None:
        self._cells = {field: text_column(raw, matched, field) for field in headings}
        self._headings, self._matched = headings, matched
        self._rows, self._report = raw.rows, report

    def cell(self, field: str, at: int) -> str | None:
        """Return the text of a field in the row at position `at`, None where it is empty."""
        value = self._cells[field].iloc[at]
        return None if pd.isna(value) else str(value)

    def add(
        self, at: int, field: str, severity: Severity, code: str, message: str, **params: object
    ) -> None:
        """Report what was seen in one cell."""
        self._report.add(
            Finding(
                severity,
                code,
                message,
                row=self._rows[at],
                column=self._matched.get(field, self._headings[field][0]),
                value=(self.cell(field, at) or "")[:_MOST_SHOWN],
                params=params,
            )
        )
