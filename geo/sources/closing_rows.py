"""Rows that are no data: totals, the lines below a table, headings that stand again."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.names import search_key

_FIRST_COLUMNS = 6
_LONGEST = 40
_BEGIN = (
    "tổng",
    "tong",
    "cộng",
    "cong",
    "toàn",
    "toan",
    "cả ",
    "ca ",
    "total",
    "grand",
    "sum",
    "(",
)
_TOTAL = re.compile(
    r"(tong( cong| so)?|cong( tong)?|total|grand total|sum|toan tinh|ca tinh)"
    r"( ((toan|ca|cac) )?(tinh|huyen|xa|phuong|so|don vi).*)?"
)
_CLOSING = re.compile(
    r"(nguoi lap|lap bieu|nguoi kiem|thu truong|giam doc|pho giam doc|kt\.|ke toan|ghi chu:|"
    r"nguon:|noi nhan|.*,? ?ngay .*thang .*nam|\(?ky,? |don vi tinh).*"
)
_NUMBER = re.compile(r"[-+]?[\d.,\s%]+")
_FAR_BELOW = 15  # lines below a table are looked for among so many last rows


def total_rows(columns: Sequence[NDArray[np.object_]]) -> NDArray[np.bool_]:
    """Return which rows are totals: “Tổng cộng” in a first column and no other words.

    `columns` are the columns of the table, an empty text where a cell is empty.
    """
    count = len(columns[0]) if columns else 0
    found = np.zeros(count, dtype=bool)
    for column in columns[:_FIRST_COLUMNS]:
        for at, text in enumerate(column.tolist()):
            if text[:5].lower().startswith(_BEGIN) and len(text) < _LONGEST and not found[at]:
                key = search_key(text).strip(" :.()")
                found[at] = bool(_TOTAL.fullmatch(key)) and _alone(columns, at, text)
    return found


def closing_rows(columns: Sequence[NDArray[np.object_]]) -> NDArray[np.bool_]:
    """Return which rows at the end are lines below the table: signatures, notes, sources.

    From the first of the last rows that begins as such lines do, all rows down to the end
    with few cells filled.
    """
    count = len(columns[0]) if columns else 0
    found = np.zeros(count, dtype=bool)
    most = max(2, len(columns) // 3)
    begun = False
    for at in range(max(0, count - _FAR_BELOW), count):
        filled = [column[at] for column in columns if column[at]]
        begun = begun or any(_CLOSING.match(search_key(each)) for each in filled[:1])
        found[at] = begun and len(filled) <= most
        begun = bool(found[at])
    return found


def repeated_headings(
    columns: Sequence[NDArray[np.object_]], headings: Sequence[str]
) -> NDArray[np.bool_]:
    """Return which rows are the headings again, as on every page of a printed list."""
    count = len(columns[0]) if columns else 0
    same, filled = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    for column, heading in zip(columns, headings, strict=True):
        same += column == heading
        filled += column != ""
    return (same >= 2) & (same * 2 > filled)


def _alone(columns: Sequence[NDArray[np.object_]], at: int, text: str) -> bool:
    """Whether no cell of the row but the one with the word of total holds other words."""
    others = [str(column[at]) for column in columns if column[at] and column[at] != text]
    return all(_NUMBER.fullmatch(each) for each in others)
