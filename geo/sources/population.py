"""A table of communes and people → the population table, doubtful values named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import FindingReport, Severity
from geo.recognition import Choices, Recognised
from geo.sources.codes import commune_codes
from geo.sources.columns import match_columns
from geo.sources.counts import Counts, read_counts
from geo.sources.fields import known_keys, whole_number
from geo.sources.files import NOTHING, read_table
from geo.sources.former_people import Parts, carried
from geo.sources.headings import keys_of
from geo.sources.population_checks import check_parts, check_plausible, check_total
from geo.sources.rows import Cells, Seen, there
from geo.tables import Crosswalk, Population, population

HEADINGS = {
    "code": ("code", "mã xã", "ma_xa", "commune_code", "mã đơn vị hành chính", "Mã ĐVHC", "Mã xã/phường", "Mã xã/phường/đặc khu", "mã"),
    "people": ("people", "population_raw", "dân số", "dan_so", "population", "số dân", "Dân số (người)", "Tổng dân số", "Dân số trung bình", "Số người", "Nhân khẩu", "Số nhân khẩu", "Dân số Tổng số", "Dân số Tổng cộng", "pop", "pop2019"),
    "suggested": ("population_suggested", "dân số đề nghị"),
    "flag": ("population_flag", "cờ"),
    "reason": ("suggestion_reason", "lý do"),
    "census": ("census2019_whole", "census", "tổng điều tra"),
    "estimate": ("worldpop2020", "ước tính theo lưới"),
    "old_code": ("old_code", "Mã xã cũ", "code_2025_03", "code_2019"),
    "men": ("Nam", "male", "men"),
    "women": ("Nữ", "female", "women"),
    "urban": ("Thành thị", "urban"),
    "rural": ("Nông thôn", "rural"),
    "area": ("area_km2", "Diện tích", "Diện tích (km2)", "Diện tích (km²)", "dien_tich"),
    "label": ("label", "base", "Nguồn", "Nguồn số liệu", "Loại dân số", "Cơ sở số liệu"),
}  # fmt: skip
MOST_PEOPLE = 5_000_000  # no commune of the country has a tenth of that

_MISSING = Seen(
    Severity.LEFT_OUT, "people-missing",
    N_("is empty: this commune's people are unknown, not zero."),
)  # fmt: skip
_TWICE = Seen(Severity.BLOCKS, "code-twice", N_("stands on an earlier row too; delete one."))
_NO_CODE = Seen(
    Severity.LEFT_OUT, "code-format", N_("is no commune code; a commune code has five digits.")
)
_SUGGESTED = Seen(
    Severity.CHANGED, "suggestion-taken",
    N_("the file's own suggestion %(people)s was taken (%(reason)s)."),
)  # fmt: skip
_LEFT_OUT = Seen(
    Severity.LEFT_OUT, "unusable",
    N_("is unusable (%(reason)s) and was left out: this commune's people are unknown, not zero. Import again with another choice for unusable values, or correct the file."),
)  # fmt: skip


class Unusable(StrEnum):
    """What to do with a population that its own file marks as unusable."""

    LEAVE_OUT = "leave-out"
    SUGGESTION = "suggestion"
    CENSUS = "census"


_INSTEAD = {
    Unusable.CENSUS: ("census", Seen(Severity.CHANGED, "census-taken", N_("is unusable (%(reason)s); the census count %(people)s was taken."))),
    Unusable.SUGGESTION: ("estimate", Seen(Severity.CHANGED, "estimate-taken", N_("is unusable (%(reason)s); the grid's estimate %(people)s was taken."))),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PopulationContext:
    """What is known beside the file.

    `areas_km2` are the communes' areas by code, for densities and for telling communes
    there are; `crosswalk` carries people of former communes to the present ones, `living`
    are the people known to live in each part (former code, present code) of a divided one.
    """

    areas_km2: Mapping[str, float] | None = None
    crosswalk: Crosswalk | None = None
    living: Parts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """What a population file holds: the table, the findings, the column people came from.

    `labels` are what the file itself says of where its numbers come from. `apportion` are
    people by former commune that no whole commune took, for whoever divides them.
    """

    table: Population
    report: FindingReport
    column: str
    recognised: Recognised
    rows: int
    labels: tuple[str, ...]
    apportion: Mapping[str, int]


def read_population(
    path: Path, unusable: Unusable, choices: Choices = NOTHING,
    context: PopulationContext | None = None,
) -> PopulationFile:  # fmt: skip
    """Read people per commune from a CSV or spreadsheet.

    Where the file has a column of suggested values beside the published ones, a suggestion
    that differs replaces the published value and is reported; where it is empty the value
    is unusable and `unusable` decides: left out (people unknown), taken from the census
    column, or from the column of estimates by a population grid. Raises `FileError` when the
    file cannot be read.
    """
    context = context or PopulationContext()
    raw = read_table(path, known_keys(HEADINGS), choices)
    former = context.crosswalk is not None and _speaks_of_former(raw.found.headings, choices)
    needed = ("old_code" if former else "code", "people")
    raw, matched = match_columns(raw, HEADINGS, needed, choices)
    cells = Cells(raw, HEADINGS, matched, choices)
    frame = _frame(cells, unusable, needed[0], context)
    check_parts(cells, frame)
    check_total(cells, frame, raw.totals)
    apportion: Mapping[str, int] = {}
    if former and context.crosswalk is not None:
        frame, apportion = carried(cells, frame, context.crosswalk, context.living)
    check_plausible(cells, frame, context.areas_km2)
    used = [matched[each] for each in ("people", "suggested") if each in matched]
    labels = tuple(dict.fromkeys(str(each) for each in cells.text("label") if each is not None))
    return PopulationFile(
        population(frame), raw.report, ", ".join(used), raw.found, len(raw.cells), labels, apportion
    )  # fmt: skip


def _speaks_of_former(headings: tuple[str, ...], choices: Choices) -> bool:
    """Whether a table names former communes only."""
    if choices.columns.get("old_code"):
        return True
    keys = known_keys({"code": HEADINGS["code"]})
    from_headings = {key for each in headings for key in keys_of(each)}
    return not (from_headings & keys) and bool(
        from_headings & known_keys({"old_code": HEADINGS["old_code"]})
    )


def _frame(cells: Cells, unusable: Unusable, key: str, context: PopulationContext) -> pd.DataFrame:
    """Return code, people (NaN: unknown) and `at`, the position among the cells, per row."""
    known = context.areas_km2 if key == "code" else _former(context)
    codes = commune_codes(cells, key, known, Severity.LEFT_OUT)
    empty = ~there(cells.written(key))
    if key in cells.matched:
        cells.see(empty, key, _NO_CODE)

    def about(at: int) -> dict[str, object]:
        return {"commune_code": codes[at]}

    coded = there(codes)
    counts = read_counts(cells, "people", MOST_PEOPLE, about)
    people = counts.people
    if "suggested" in cells.matched:
        people = _decided(cells, counts, unusable, codes)
    elif "people" in cells.matched:
        cells.see(coded & ~counts.written, "people", _MISSING, about)
    twice = _later(codes)
    cells.see(twice, key, _TWICE, about)
    at = np.flatnonzero(coded & ~twice)
    frame = pd.DataFrame({"code": codes[at], "people": people[at], "at": at})
    return frame.astype({"code": "str", "people": float})


def _former(context: PopulationContext) -> frozenset[str] | None:
    return None if context.crosswalk is None else frozenset(context.crosswalk["old_code"])


def _decided(
    cells: Cells, counts: Counts, unusable: Unusable, codes: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Return the values in force where the file itself doubts the published ones."""
    suggested = _whole(cells, "suggested")
    reasons = [a or b or "" for a, b in zip(cells.text("reason"), cells.text("flag"), strict=True)]
    given = np.isfinite(suggested)
    same = counts.people == suggested
    instead = np.full(len(codes), np.nan)

    def told(values: NDArray[np.float64], at: int) -> dict[str, object]:
        return {"commune_code": codes[at], "people": int(values[at]), "reason": reasons[at]}

    coded = there(codes)
    cells.see(coded & given & ~same, "people", _SUGGESTED, lambda at: told(suggested, at))
    open_ = coded & ~given
    if unusable in _INSTEAD:
        field, seen = _INSTEAD[unusable]
        instead = _whole(cells, field)
        cells.see(open_ & np.isfinite(instead), "people", seen, lambda at: told(instead, at))
    cells.see(open_ & ~np.isfinite(instead), "people", _LEFT_OUT,
              lambda at: {"commune_code": codes[at], "reason": reasons[at]})  # fmt: skip
    return np.where(given, suggested, instead)


def _whole(cells: Cells, field: str) -> NDArray[np.float64]:
    """Return a field's whole numbers without saying anything of what is none."""
    found = [None if each is None else whole_number(each) for each in cells.written(field)]
    return np.array([np.nan if each is None else float(each) for each in found], dtype=float)


def _later(codes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which rows name a commune that an earlier row names."""
    series = pd.Series(codes)
    found: NDArray[np.bool_] = (series.notna() & series.duplicated()).to_numpy()
    return found
