"""Tables of figures with a column for every programme or period, made one row per figure.

Offices write “BHXH tự nguyện: Chỉ tiêu | Thực hiện” or “Quý I/2025: Chỉ tiêu | Thực hiện” over
the columns. What a heading says is taken down into the rows, so that a wide table reads as a
long one; the rows keep the numbers they have in the file.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from geo.names import heading_key, search_key
from geo.sources.fields import Headings
from geo.sources.files import AGAIN, RawTable
from geo.sources.headings import keys_of
from geo.sources.written_periods import period_code

PERIOD, PROGRAMME, TARGET, RESULT = "Kỳ", "Chương trình", "Chỉ tiêu", "Thực hiện"
_WORDS = {
    "target": ("chi tieu duoc giao", "chi tieu giao", "chi tieu", "ke hoach giao", "ke hoach", "so giao"),
    "result": ("ket qua thuc hien", "da thuc hien", "so thuc hien", "thuc hien", "ket qua"),
}  # fmt: skip
_COLUMNS = {"target": TARGET, "result": RESULT}
_YEARS = range(2015, 2041)
_ROMAN = ("i", "ii", "iii", "iv")
_SIGNS = re.compile(r"[\s:;()\[\]–—-]+")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a heading says beside being a column of figures; empty where it does not say."""

    column: str
    period: str
    programme: str
    figure: str


def known_wide(programmes: Collection[str]) -> frozenset[str]:
    """Return the keys of headings that name a programme, and of those with a figure behind it.

    A period stands there with its figure alone: without it, it could be a cell of data.
    """
    own = {heading_key(each) for each in programmes}
    names = set(own)
    for year in _YEARS:
        names |= {f"{year}", f"nam{year}"}
        names |= {f"quy{at}{year}" for at in (1, 2, 3, 4, *_ROMAN)}
        names |= {f"{word}{at}{year}" for at in range(1, 13) for word in ("thang", "t", "thang0")}
    words = [heading_key(each) for each in (*_WORDS["target"], *_WORDS["result"])]
    return frozenset(own | {f"{name}{word}" for name in names for word in words})


def is_doubled(raw: RawTable) -> bool:
    """Whether a column of figures stands several times, so that what is above tells them apart."""
    bare = [search_key(AGAIN.sub("", str(each))) for each in raw.cells.columns]
    words = {*_WORDS["target"], *_WORDS["result"]}
    return any(bare.count(each) > 1 for each in words)


def lengthened(
    raw: RawTable, headings: Headings, programmes: Mapping[str, str], chosen: Collection[str],
    figure: str,
) -> RawTable:  # fmt: skip
    """Return a table with one row per figure, with columns for what its headings told.

    `programmes` is the key of each name and code → the name; `chosen` are columns somebody
    chose a field for, which stay as they are. A heading that names no figure means `figure`.
    A table that has columns of its own for period and programme stays as it is.
    """
    free = [str(each) for each in raw.cells.columns if str(each) not in chosen]
    said = [each for column in free if (each := _said(column, programmes)) is not None]
    rest = [each for each in raw.cells.columns if str(each) not in {one.column for one in said}]
    own = {field for field in ("period", "programme") if _has(rest, headings[field])}
    told = frozenset(
        field for field in ("period", "programme")
        if field not in own and any(getattr(each, field) for each in said)
    )  # fmt: skip
    said = [each for each in said if any(getattr(each, field) for field in told)]
    if not told or not said:
        return raw
    plain = [each for each in raw.cells.columns if str(each) not in {one.column for one in said}]
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for each in said:
        groups.setdefault((each.period, each.programme), {})[each.figure or figure] = each.column
    parts = [_part(raw, plain, group, columns, told) for group, columns in groups.items()]
    cells = pd.concat([each for each, _ in parts], ignore_index=True)
    rows = [row for _, part in parts for row in part]
    fractions = _fractions(raw, groups, parts)
    return replace(raw, cells=cells.astype(object), rows=rows, fractions=fractions)


def _part(
    raw: RawTable, plain: Sequence[str], group: tuple[str, str], columns: Mapping[str, str],
    told: frozenset[str],
) -> tuple[pd.DataFrame, list[int]]:  # fmt: skip
    """Return the rows of one programme and period that hold a figure, and their numbers."""
    part = raw.cells[list(plain)].copy()
    for field, name, value in (("period", PERIOD, group[0]), ("programme", PROGRAMME, group[1])):
        if field in told:
            part[name] = value or None
    for figure, column in _COLUMNS.items():
        given = columns.get(figure)
        part[column] = None if given is None else raw.cells[given]
    filled = part[list(_COLUMNS.values())].notna().any(axis=1)
    return part[filled], [row for row, keep in zip(raw.rows, filled, strict=True) if keep]


def _fractions(
    raw: RawTable, groups: Mapping[tuple[str, str], Mapping[str, str]],
    parts: Sequence[tuple[pd.DataFrame, list[int]]],
) -> dict[str, list[int]]:  # fmt: skip
    """Return where the figures are numbers with decimals, counted over all rows made."""
    found: dict[str, list[int]] = {}
    before = 0
    for columns, (part, _) in zip(groups.values(), parts, strict=True):
        places = {int(str(at)): place for place, at in enumerate(part.index)}
        for figure, column in columns.items():
            marked = [places[at] for at in raw.fractions.get(column, ()) if at in places]
            found.setdefault(_COLUMNS[figure], []).extend(before + at for at in marked)
        before += len(part)
    return found


def _has(columns: Sequence[object], names: tuple[str, ...]) -> bool:
    wanted = {heading_key(each) for each in names}
    return any(wanted & set(keys_of(str(each))[:1]) for each in columns)


def _said(column: str, programmes: Mapping[str, str]) -> _Said | None:
    """Return what a heading says of period, programme and figure, None where it says neither."""
    text = " ".join(_SIGNS.split(search_key(AGAIN.sub("", column)))).strip()
    figure = ""
    for name, words in _WORDS.items():
        word = next((each for each in words if re.search(rf"\b{each}\b", text)), None)
        if word is not None and not figure:
            figure, text = name, " ".join(re.sub(rf"\b{word}\b", " ", text, count=1).split())
    for period, programme in _readings(text, programmes):
        return _Said(column, period, programme, figure)
    return None


def _readings(text: str, programmes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a text as a programme, a period or one after the other."""
    words = text.split()
    for at in range(len(words) + 1):
        one, other = " ".join(words[:at]), " ".join(words[at:])
        for when, what in ((one, other), (other, one)):
            period = period_code(when) if when else ""
            programme = programmes.get(heading_key(what)) if what else ""
            if period is not None and programme is not None and (period or programme):
                yield period, programme
