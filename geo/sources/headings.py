"""Where in a sheet the headings stand, on one row or joined from up to three."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo.names import clean, heading_key

HEADING_ROWS = 30  # headings are looked for in so many first rows
MOST_JOINED = 3
# Rows and columns from 0: ((first row, first column), (last row, last column)).
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WHEN = re.compile(
    r"\s(?:(?:tính\s+)?(?:năm|đến|cuối|tại|ngày)\s+)*(?:\d{1,2}[/.-]){0,2}(?:19|20)\d\d\s*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\d{1,2}( ?=.*)?|[A-Z]")


@dataclass(frozen=True, slots=True)
class HeadingRows:
    """The headings found: `first` to `last` are positions of rows, `texts` one per column.

    `score` counts the known fields among them, nought where nothing is known.
    """

    first: int
    last: int
    texts: tuple[str, ...]
    score: int


def keys_of(heading: str) -> tuple[str, ...]:
    """Return the keys by which a heading is known, each once, the whole one first.

    The others are without what is in brackets, and without a year or a day at the end too:
    “Dân số năm 2024”, “Dân số đến 31/12/2024”.
    """
    bare = _BRACKETS.sub(" ", heading)
    keys = map(heading_key, (heading, bare, _WHEN.sub("", bare)))
    return tuple(dict.fromkeys(key for key in keys if key)) or (heading_key(heading),)


def find_headings(
    rows: Sequence[Sequence[str]],
    known: frozenset[str],
    merged: Merged = (),
    last: int | None = None,
) -> HeadingRows | None:
    """Return the headings among the first rows, None where no row could be one.

    The rows that hold most of the `known` keys win; fewer rows win over more, earlier ones
    over later. Where nothing is known the first row with most texts is taken, with a score
    of nought. `last` is the position of the last heading row where it is known.
    """
    head = [list(row) for row in rows[: max(HEADING_ROWS, (last or 0) + 1)]]
    _spread(head, merged)
    ends = range(len(head)) if last is None else [last] if last < len(head) else []
    found = [
        _joined(head, end - height + 1, end, known)
        for height in range(1, MOST_JOINED + 1)
        for end in ends
        if end - height + 1 >= 0 and any(head[end])
    ]
    best = max(found, key=lambda each: each.score, default=None)
    if best is not None and best.score:
        return best
    single = [each for each in found if each.first == each.last]
    likely = max(single, key=lambda each: _likely(each.texts), default=None)
    return likely if likely is not None and any(likely.texts) else None


def is_counting(row: Sequence[str]) -> bool:
    """Whether a row only counts the columns, as forms do under their headings.

    (1) (2) (3), or A B 1 2 3: letters from A on, then numbers from 1 on.
    """
    filled = [each.strip().strip("()") for each in row if each.strip()]
    if len(filled) < 3 or not all(map(_COUNTED.fullmatch, filled)):
        return False
    letters = [each for each in filled if each.isalpha()]
    numbers = [
        int(re.sub(r"\D.*", "", each)) for each in filled[len(letters) :] if each[0].isdigit()
    ]
    in_order = "".join(letters) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)]
    return in_order and len(numbers) >= 2 and numbers == list(range(1, len(numbers) + 1))


def _spread(head: list[list[str]], merged: Merged) -> None:
    """Write the text of a merged heading into every cell it covers sideways."""
    for (top, left), (bottom, right) in merged:
        if top >= len(head) or left >= len(head[top]):
            continue
        text = head[top][left]
        for row in head[top : min(bottom, len(head) - 1) + 1]:
            for column in range(left, min(right, len(row) - 1) + 1):
                row[column] = row[column] or text


def _joined(
    head: Sequence[Sequence[str]], first: int, last: int, known: frozenset[str]
) -> HeadingRows:
    width = max(len(row) for row in head[first : last + 1])
    levels = [_cells(row, width) for row in head[first : last + 1]]
    for upper, lower in pairwise(levels):
        _carry(upper, lower)
    texts = tuple(_one(tuple(column), known) for column in zip(*levels, strict=True))
    return HeadingRows(first, last, texts, _score(texts, known))


def _cells(row: Sequence[str], width: int) -> list[str]:
    cells = [clean(each) for each in row]
    return cells + [""] * (width - len(cells))


def _carry(upper: list[str], lower: Sequence[str]) -> None:
    """Carry an upper heading to the right over the empty cells that have a lower one.

    So it stands in a file that lost its merging: the text in the first cell, the rest empty.
    """
    for at in range(1, len(upper)):
        if not upper[at] and lower[at] and lower[at - 1]:
            upper[at] = upper[at - 1]


def _one(levels: tuple[str, ...], known: frozenset[str]) -> str:
    """Return a column's heading: the lowest text where it is known, else all of them joined."""
    texts = list(dict.fromkeys(each for each in levels if each))
    if not texts:
        return ""
    whole = " ".join(texts)
    for text in (texts[-1], whole, *reversed(texts[:-1])):
        if any(key in known for key in keys_of(text)):
            # Known by an upper level alone: the lower one tells columns under it apart.
            return text if text in (texts[-1], whole) else whole
    return whole


def _score(texts: Sequence[str], known: frozenset[str]) -> int:
    return len({key for text in texts if text for key in keys_of(text) if key in known})


def _likely(texts: Sequence[str]) -> tuple[int, int]:
    """Return how much a row looks like headings: distinct texts that are no numbers."""
    filled = [each for each in texts if each]
    words = {each for each in filled if not re.fullmatch(r"[\d.,\s/-]+", each)}
    return (len(words), -len(filled)) if len(words) * 2 > len(filled) else (0, 0)
