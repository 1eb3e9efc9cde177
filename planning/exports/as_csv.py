"""CSV with commas, UTF-8 with a byte-order mark so that Excel shows Vietnamese.

Column names are the plain English keys, numbers have decimal points: the format for other
programs. People open the XLSX.
"""

import csv
from pathlib import Path

from planning.exports.cells import safe_text
from planning.exports.sheets import Sheet, plain


def write_csv(path: Path, sheet: Sheet) -> None:
    """Write the rows; the notes do not fit into a table and stay away, but for the mark.

    Where the data are a demonstration every row says so in a last column.
    """
    marks = [value for key, value in sheet.notes if key == "label"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([*sheet.rows.columns, *("label" for _ in marks)])
        for row in sheet.rows.itertuples(index=False):
            out.writerow([*(safe_text(plain(value)) for value in row), *marks])
