"""Whether populations can be: sums that balance, densities, and values that stand out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Finding, Severity
from geo.sources.fields import number, whole_number
from geo.sources.files import TotalRow
from geo.sources.rows import Cells, Seen

# People per km². The densest wards of the country have some 60,000; below 5 there are only
# a few communes of the highest mountains and national parks.
MOST_DENSE, LEAST_DENSE = 80_000.0, 5.0
# So many times the middle of all communes none has; in An Giang and Nghệ An the largest has
# seven. With two zeros too many a commune of a third of the middle, and any larger, stands out.
TIMES = 30.0
# Trailing zeros are taken for lost where a commune of no unusual size has few people: these
# bounds name all eight such communes of An Giang's published table, and beside them four
# islands there and three mountain communes of Nghệ An's, which are right as they are.
FEW_PEOPLE, FEW_SHARE, LARGE_TIMES = 10_000, 0.2, 3.0
FEW = 8  # communes; fewer say nothing about what is usual
_SAME_AREA = 0.005

_PARTS = Seen(
    Severity.LOOK, "sum-mismatch",
    N_("the parts %(parts)s sum to %(sum)s, not to %(people)s."),
)  # fmt: skip
_DENSE = Seen(
    Severity.LOOK, "density-implausible",
    N_("gives %(density)s people per km², beyond the %(most)s of the densest wards; check it."),
)  # fmt: skip
_EMPTY = Seen(
    Severity.LOOK, "density-implausible",
    N_("gives %(density)s people per km², less than %(least)s; has it lost zeros?"),
)  # fmt: skip
_OUTLIER = Seen(
    Severity.LOOK, "outlier", N_("is %(times)s times what communes of this file usually have.")
)
_LOST = Seen(
    Severity.LOOK, "zeros-lost",
    N_("is few for a commune of its area; has it lost zeros? %(people)s would be usual."),
)  # fmt: skip
_TWIN = Seen(
    Severity.LOOK, "same-value",
    N_("commune %(other)s on row %(row_other)s has the same area and the same people; one was copied."),
)  # fmt: skip


def check_total(cells: Cells, frame: pd.DataFrame, totals: Sequence[TotalRow]) -> None:
    """Compare the sum of all communes with the file's own row of totals."""
    column = cells.matched.get("people")
    if column is None or not len(frame):
        return
    total = float(frame["people"].sum())
    for row in totals[-1:]:  # the last sums all, earlier ones may be of districts
        stated = whole_number(row.cells.get(column, ""))
        if stated is not None and stated != round(total):
            unknown = int(frame["people"].isna().sum())
            cells.report.add(
                Finding(Severity.LOOK, "total-mismatch",
                        N_("the row of totals says %(stated)s people, the communes sum to %(sum)s: %(difference)s apart; %(unknown)s communes are unknown."),
                        row=row.row, column=column, value=row.cells[column][:40],
                        params={"stated": stated, "sum": round(total),
                                "difference": abs(stated - round(total)), "unknown": unknown})
            )  # fmt: skip


def check_parts(cells: Cells, frame: pd.DataFrame) -> None:
    """Compare men and women, and town and country, with the people of the same row."""
    for fields in (("men", "women"), ("urban", "rural")):
        if not set(fields) <= set(cells.matched):
            continue
        values = [_numbers(cells, each)[frame["at"].to_numpy()] for each in fields]
        whole = np.nansum(values, axis=0)
        known = np.isfinite(frame["people"].to_numpy()) & np.isfinite(values).any(axis=0)
        wrong = np.flatnonzero(known & (whole != frame["people"].to_numpy()))
        names = " + ".join(cells.matched[each] for each in fields)
        told = {
            int(frame["at"].iloc[each]): {
                "commune_code": frame["code"].iloc[each], "parts": names, "sum": int(whole[each]),
                "people": int(frame["people"].iloc[each]),
            }
            for each in wrong
        }  # fmt: skip
        cells.see(told, "people", _PARTS, told.__getitem__)


def check_plausible(
    cells: Cells, frame: pd.DataFrame, areas_km2: Mapping[str, float] | None
) -> None:
    """Name densities that cannot be, values a hundred times the usual, copies, lost zeros."""
    people = frame["people"].to_numpy(float)
    areas = _areas(cells, frame, areas_km2)
    usable = np.isfinite(people) & (people > 0)
    density = np.full(len(frame), np.nan)
    known = usable & (areas > 0)
    density[known] = people[known] / areas[known]
    told = _of_density(people, areas, density) | _outliers(people, usable)
    for at, (seen, params) in sorted(told.items()):
        if frame["at"].iloc[at] >= 0:
            place = int(frame["at"].iloc[at])
            given = {"commune_code": frame["code"].iloc[at], **params}
            cells.see([place], "people", seen, {place: given}.__getitem__)
    _twins(cells, frame, people, areas)


Told = dict[int, tuple[Seen, dict[str, object]]]


def _of_density(
    people: NDArray[np.float64], areas: NDArray[np.float64], density: NDArray[np.float64]
) -> Told:
    told: Told = {}
    known = np.isfinite(density)
    enough = known.sum() >= FEW
    usual = float(np.median(people[known])) if enough else np.nan
    size = float(np.median(areas[known])) if enough else np.nan
    few = (people < min(FEW_PEOPLE, FEW_SHARE * usual)) & (areas < LARGE_TIMES * size)
    for at in map(int, np.flatnonzero(known)):
        each = float(density[at])
        if each > MOST_DENSE:
            told[at] = (_DENSE, {"density": round(each), "most": round(MOST_DENSE)})
        elif few[at]:
            times = 10 if people[at] * 10 >= FEW_SHARE * usual else 100
            told[at] = (_LOST, {"times": times, "people": round(people[at] * times)})
        elif each < LEAST_DENSE:
            told[at] = (_EMPTY, {"density": round(each, 1), "least": round(LEAST_DENSE)})
    return told


def _outliers(people: NDArray[np.float64], usable: NDArray[np.bool_]) -> Told:
    if usable.sum() < min(FEW, 4):
        return {}
    usual = float(np.median(people[usable]))
    return {
        int(at): (_OUTLIER, {"times": round(people[at] / usual)})
        for at in np.flatnonzero(usable & (people > TIMES * usual))
    }


def _twins(
    cells: Cells, frame: pd.DataFrame, people: NDArray[np.float64], areas: NDArray[np.float64]
) -> None:
    """Name communes whose area and people are both those of an earlier row."""
    seen: dict[float, list[int]] = {}
    for at in range(len(frame)):
        if not (np.isfinite(people[at]) and areas[at] > 0):
            continue
        same = [
            each for each in seen.get(people[at], ())
            if abs(areas[each] - areas[at]) <= _SAME_AREA * areas[at]
        ]  # fmt: skip
        if same and frame["at"].iloc[at] >= 0:
            first, place = same[0], int(frame["at"].iloc[at])
            params = {
                "commune_code": frame["code"].iloc[at], "other": frame["code"].iloc[first],
                "row_other": int(cells.rows[int(frame["at"].iloc[first])]),
            }  # fmt: skip
            cells.see([place], "people", _TWIN, {place: params}.__getitem__)
        seen.setdefault(people[at], []).append(at)


def _areas(
    cells: Cells, frame: pd.DataFrame, given: Mapping[str, float] | None
) -> NDArray[np.float64]:
    """Return each commune's area in km², the measured one before the file's own; NaN unknown."""
    own = _numbers(cells, "area")
    places = frame["at"].to_numpy()
    stated = np.where(places >= 0, own[np.maximum(places, 0)] if len(own) else np.nan, np.nan)
    measured = np.array([(given or {}).get(code, np.nan) for code in frame["code"]], dtype=float)
    return np.where(np.isfinite(measured), measured, stated)


def _numbers(cells: Cells, field: str) -> NDArray[np.float64]:
    found = []
    for text in cells.written(field):
        whole = None if text is None else whole_number(text)
        value: float | None = None if field == "area" else whole
        if value is None and text is not None:
            value = number(text)
        found.append(np.nan if value is None else float(value))
    return np.array(found, dtype=float)
