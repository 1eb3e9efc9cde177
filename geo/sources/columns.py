"""Which column stands for which field: by its heading, or as somebody chose."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from geo.errors import N_, FileError
from geo.findings import Finding, Severity
from geo.names import heading_key
from geo.recognition import Choices
from geo.sources.fields import Headings, number
from geo.sources.files import AGAIN, RawTable
from geo.sources.headings import keys_of

_ALIKE = 0.72  # of two headings' letters in the same order
_MOSTLY = 0.8  # of a column's cells that look like the field
_LOOKED_AT = 200
_MOST_SHOWN = 300
# What the cells of a field look like where its heading does not tell: bounds, or a pattern.
_BOUNDS = {"lat": (8.0, 24.0), "lon": (102.0, 110.0)}
_PATTERNS = {
    "code": r"\d{5}", "written_code": r"\d{5}", "old_code": r"\d{5}", "new_code": r"\d{5}",
    "official_code": r"(\d{10}|\d{7})TH\d{10}", "people": r"[\d., ]{1,12}",
}  # fmt: skip


def match_columns(
    raw: RawTable, headings: Headings, needed: Collection[str], choices: Choices
) -> tuple[RawTable, dict[str, str]]:
    """Return the table, its recognition completed, and field → heading as written.

    The first spelling listed of each field wins, its own name coming last. A needed field
    without a column, and a spelling that several columns share, block the file; both are
    mended by choosing. Raises `FileError` for a choice of a field or column there is not.
    """
    _require_choices(raw, headings, choices)
    matched: dict[str, str] = {}
    for field, names in headings.items():
        chosen = choices.columns.get(field)
        found = [chosen] if chosen else [] if chosen == "" else _spelled(raw, field, names)
        if len(found) > 1:
            _add_ambiguous(raw, found)
        if found:
            matched[field] = found[0]
    _drop_shared(matched, choices)
    for field in needed:
        if field not in matched:
            _add_missing(raw, matched, field, headings[field][0])
    return replace(raw, found=replace(raw.found, columns=dict(matched))), matched


def unknown_columns(raw: RawTable, matched: Mapping[str, str], repeated: Collection[str]) -> None:
    """Name the columns that were not read; `repeated` are headings nobody needs to hear of."""
    known = {heading_key(each) for each in repeated} | {heading_key(x) for x in matched.values()}
    for column in raw.cells.columns:
        unread = not any(key in known for key in keys_of(str(column)))
        if unread and raw.cells[column].notna().any():
            raw.report.add(
                Finding(Severity.LOOK, "column-unknown",
                        N_("is not a column known here and was not read."), column=str(column))
            )  # fmt: skip


def _require_choices(raw: RawTable, headings: Headings, choices: Choices) -> None:
    for field, column in choices.columns.items():
        if field not in headings:
            raise FileError(
                "%(file)s: there is no field “%(field)s” to choose a column for; the fields are "
                "%(known)s.",
                file=raw.report.file, field=field[:40], known=", ".join(headings),
            )  # fmt: skip
        if column and column not in raw.cells.columns:
            raise FileError(
                "%(file)s has no column “%(column)s”; it has %(found)s.",
                file=raw.report.file, column=column[:40], found=_listed(raw),
            )  # fmt: skip


def _spelled(raw: RawTable, field: str, names: tuple[str, ...]) -> list[str]:
    """Return the columns of the first spelling that any column has."""
    keys = {column: keys_of(AGAIN.sub("", column)) for column in map(str, raw.cells.columns)}
    for name in (*names, field):
        wanted = heading_key(name)
        for level in (0, 1, 2):  # the whole heading before the heading without brackets and date
            found = [column for column, each in keys.items() if wanted in each[level : level + 1]]
            if found:
                return _with_cells(raw, found)
    return []


def _with_cells(raw: RawTable, found: list[str]) -> list[str]:
    """Return the columns that hold anything, or the first where none does."""
    return [each for each in found if raw.cells[each].notna().any()] or found[:1]


def _drop_shared(matched: dict[str, str], choices: Choices) -> None:
    """Leave a column to the field it was chosen for, when another spells it too."""
    chosen = {column for column in choices.columns.values() if column}
    for field in [f for f, column in matched.items() if column in chosen]:
        if choices.columns.get(field) != matched[field]:
            del matched[field]


def _add_ambiguous(raw: RawTable, found: list[str]) -> None:
    raw.report.add(
        Finding(Severity.BLOCKS, "column-ambiguous",
                N_("there are %(count)s columns of this name: %(found)s."),
                N_("Choose the one that is meant."),
                column=AGAIN.sub("", found[0]),
                params={"count": len(found), "found": ", ".join(f"“{each}”" for each in found)})
    )  # fmt: skip


def _add_missing(raw: RawTable, matched: Mapping[str, str], field: str, name: str) -> None:
    suggested = next(_suggested(raw, matched, field, name), None)
    params: dict[str, object] = {"missing": name, "field": field, "found": _listed(raw)}
    if suggested is None:
        message = N_("no column was recognised as “%(missing)s”; the file has %(found)s.")
    else:
        params["suggested"] = suggested
        message = N_("no column was recognised as “%(missing)s”; it may be “%(suggested)s” of %(found)s.")  # fmt: skip
    raw.report.add(
        Finding(Severity.BLOCKS, "column-missing", message, N_("Choose the column that holds it."),
                params=params)
    )  # fmt: skip


def _suggested(raw: RawTable, matched: Mapping[str, str], field: str, name: str) -> Iterator[str]:
    """Yield columns that may hold a field: by the likeness of the heading, then by the cells."""
    free = [str(each) for each in raw.cells.columns if each not in matched.values()]
    alike = {each: _likeness(heading_key(each), heading_key(name)) for each in free}
    yield from sorted((e for e in free if alike[e] >= _ALIKE), key=lambda e: -alike[e])
    yield from (each for each in free if _looks_like(raw, each, field))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio() if one and other else 0.0


def _looks_like(raw: RawTable, column: str, field: str) -> bool:
    cells = [str(each) for each in raw.cells[column].dropna().head(_LOOKED_AT)]
    if not cells:
        return False
    if field in _BOUNDS:
        low, high = _BOUNDS[field]
        values = [number(each) for each in cells]
        return float(np.mean([v is not None and low <= v <= high for v in values])) >= _MOSTLY
    pattern = _PATTERNS.get(field)
    if pattern is None:
        return False
    return float(np.mean([bool(re.fullmatch(pattern, each)) for each in cells])) >= _MOSTLY


def _listed(raw: RawTable) -> str:
    return ", ".join(f"“{each}”" for each in raw.cells.columns)[:_MOST_SHOWN]
