"""An empty spreadsheet to be filled in: headings, lists of words to choose from, hints."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

KINDS_OF_POINT = ("Trực tiếp", "Trực tuyến", "Lưu động")


@dataclass(frozen=True, slots=True)
class EmptySheet:
    """What an empty spreadsheet holds; the rows below the headings that are made ready.

    `words` are, by heading, those that its cells take; `hints` stand as notes at a heading.
    Columns in `codes` are text: a spreadsheet would take the zeros in front of a code away.
    """

    name: str
    headings: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    codes: Collection[str]
    rows: int
    hints: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the spreadsheet, its row of headings held in sight."""
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet(self.name)
            bold = book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "border": 1,
                 "bg_color": "#E9EEF3"}
            )  # fmt: skip
            text = book.add_format({"num_format": "@"})
            for column, heading in enumerate(self.headings):
                page.write_string(0, column, heading, bold)
                page.set_column(
                    column, column, max(11, min(30, len(heading) + 2)),
                    text if heading in self.codes else None,
                )  # fmt: skip
                if heading in self.hints:
                    page.write_comment(0, column, self.hints[heading])
                if heading in self.words:
                    page.data_validation(
                        1, column, self.rows, column,
                        {"validate": "list", "source": list(self.words[heading]),
                         "error_type": "warning"},
                    )  # fmt: skip
            page.freeze_panes(1, 0)
