"""A register, its figures and needs as files, under the headings that our readers write first."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from geo.sources.figures import HEADINGS as FIGURE_HEADINGS
from geo.sources.figures import LEVELS
from geo.sources.inspections import CONCLUSIONS
from geo.sources.inspections import HEADINGS as INSPECTION_HEADINGS
from geo.sources.needs import HEADINGS as NEED_HEADINGS
from geo.sources.organisations import HEADINGS as ORGANISATION_HEADINGS
from geo.sources.programmes import COUNTS
from geo.sources.programmes import HEADINGS as PROGRAMME_HEADINGS
from geo.sources.staff import HEADINGS as STAFF_HEADINGS
from planning.demo.wording import LABEL
from planning.model.performance import Programme

NOTE = "Ghi chú"
# Fields as the readers call them where the tables laid call them otherwise.
_READ_AS = {"point_id": "point_code", "commune_code": "code", "full_name": "commune"}
_FIGURES = ("period", "programme", "level", "office", "organisation_code", "commune_code",
            "point_code", "staff_id", "target", "result")  # fmt: skip


def write_organisations(path: Path, table: pd.DataFrame) -> None:
    """Write organisations as CSV."""
    _write(path, _under(table, ORGANISATION_HEADINGS), note=True)


def write_staff(path: Path, table: pd.DataFrame) -> None:
    """Write staff as CSV."""
    cells = _under(table, STAFF_HEADINGS)
    heading = STAFF_HEADINGS["permanent"][0]
    _write(path, cells.assign(**{heading: table["permanent"].map({True: "Có", False: "Không"})}))


def write_inspections(path: Path, table: pd.DataFrame) -> None:
    """Write inspections as CSV."""
    told = table.assign(conclusion=table["conclusion"].map(CONCLUSIONS))
    _write(path, _under(told.rename(columns=_READ_AS), INSPECTION_HEADINGS))


def write_programmes(path: Path, programmes: Sequence[Programme]) -> None:
    """Write what programmes there are as CSV."""
    rows = pd.DataFrame([asdict(each) for each in programmes])
    _write(path, _under(rows.assign(counts=rows["counts"].map(COUNTS)), PROGRAMME_HEADINGS))


def write_figures(path: Path, table: pd.DataFrame) -> None:
    """Write targets and results as CSV, one row for both."""
    named = table.rename(columns={"point_id": "point_code"})
    named = named.assign(level=named["level"].map(LEVELS))
    _write(path, named[list(_FIGURES)].rename(
        columns={each: FIGURE_HEADINGS[each][0] for each in _FIGURES}
    ))  # fmt: skip


def write_needs(path: Path, table: pd.DataFrame) -> None:
    """Write counts of needs as CSV; `table` has the communes' `full_name` too."""
    _write(path, _under(table.rename(columns=_READ_AS), NEED_HEADINGS), note=True)


def _under(table: pd.DataFrame, headings: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return the columns of a table under the first heading of each of its fields."""
    fields = [each for each in headings if each in table]
    return table[fields].rename(columns={each: headings[each][0] for each in fields})


def _write(path: Path, cells: pd.DataFrame, *, note: bool = False) -> None:
    whole = cells.assign(**{NOTE: LABEL}) if note else cells
    whole.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
