"""A laid network as a list of points, under the headings of the offices' lists."""

from pathlib import Path

import numpy as np
import pandas as pd

from geo.sources.points import HEADINGS, KINDS, STATUSES
from geo.tables import Points, PointTable


def write_points(path: Path, table: Points) -> None:
    """Write the points as CSV; `geo.sources.points.read_points` reads the same table back."""
    cells = pd.DataFrame({"STT": np.arange(1, len(table) + 1)})
    for field, names in HEADINGS.items():
        cells[names[0]] = table[field].astype(object)
    cells[HEADINGS["kind"][0]] = table[PointTable.kind].map(KINDS)
    cells[HEADINGS["status"][0]] = table[PointTable.status].map(STATUSES)
    for field, no in (("sign", "Chưa"), ("permanent_staff", "Không")):
        cells[HEADINGS[field][0]] = table[field].map({True: "Có", False: no})
    cells.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
