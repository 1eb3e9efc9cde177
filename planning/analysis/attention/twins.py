"""Points that may be one and the same: close together, or near with nearly one name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.names import search_key
from geo.tables import PointTable
from planning.analysis.attention.given import Given, point_item
from planning.model.attention import SENTENCES, Action, Item, Kind, Mend

TWIN_M = 10.0  # points nearer than this may be one
NAMESAKE_M = 110.0  # points so near with nearly one name may be one
NEIGHBOURS = 16  # how many neighbours each point is compared with
MANY = 3  # from so many on, points of one place are one item
MOST_BUTTONS = 5  # of a place with more points than this, each needs looking at elsewhere
_SAME_PLACE = 6  # decimals of a degree: a decimetre
_LEAST_LETTERS, _LEAST_WORDS = 8, 3


def twins(given: Given) -> Iterator[Item]:
    """Yield places shared by three points or more, and pairs of points that may be one.

    Closed points are history and are left out. Distances are metres of the province's zone.
    A point is compared with its 16 nearest neighbours; points of a shared place only among
    themselves, until that is settled.
    """
    rows = np.flatnonzero(given.not_closed)
    if len(rows) < 2:
        return
    place = _places(given, rows)
    size = np.bincount(place)
    shared = np.flatnonzero(size >= MANY)
    of_place = pd.Series(rows).groupby(place).indices
    for each in shared:
        yield _shared(given, rows[of_place[each]].tolist())
    yield from _pairs(given, rows[size[place] < MANY])


def similar(one: str, other: str) -> bool:
    """Whether two names may mean the same point.

    Marks, case and the order of words make no difference. The same otherwise, or one letter
    more, less or another (from 8 letters on), or all words of one in the other (from 3 words
    on); numbers must agree, for they tell points apart.
    """
    first, second = _Name.of(one), _Name.of(other)
    return first.words == second.words or (
        first.numbers == second.numbers and _nearly(first, second)
    )


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is compared: its words and its numbers in order, its letters as they stand."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    letters: str

    @classmethod
    def of(cls, name: str) -> Self:
        words = search_key(name).split()
        numbers = (word for word in words if any(each.isdigit() for each in word))
        return cls(tuple(sorted(words)), tuple(sorted(numbers)), "".join(words))


def _nearly(one: _Name, other: _Name) -> bool:
    """Whether two names whose words differ and whose numbers agree are nearly the same."""
    fewer, more = sorted((one.words, other.words), key=len)
    if len(fewer) >= _LEAST_WORDS and set(fewer) <= set(more):
        return True
    shorter = min(len(one.letters), len(other.letters))
    return shorter >= _LEAST_LETTERS and _one_edit(one.letters, other.letters)


def _alike(names: Sequence[str], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which pairs of names, rows of `ends` (n, 2), are similar; each name is read once."""
    which, unique = pd.factorize(pd.Series(names, dtype=object))
    read = [_Name.of(str(name)) for name in unique]
    words = pd.factorize(pd.Series([each.words for each in read], dtype=object))[0][which[ends]]
    numbers = pd.factorize(pd.Series([each.numbers for each in read], dtype=object))[0][which[ends]]
    alike = np.asarray(words[:, 0] == words[:, 1])
    doubtful = np.flatnonzero(~alike & (numbers[:, 0] == numbers[:, 1]))
    pairs, back = np.unique(np.sort(which[ends[doubtful]], axis=1), axis=0, return_inverse=True)
    near = [_nearly(read[a], read[b]) for a, b in pairs.tolist()]
    alike[doubtful] = np.array(near, dtype=bool)[back.ravel()]
    return alike


def _places(given: Given, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return a number for each row, the same for the same coordinates."""
    here = given.points.iloc[rows][[PointTable.lon, PointTable.lat]].round(_SAME_PLACE)
    numbered = here.groupby([PointTable.lon, PointTable.lat], sort=False).ngroup()
    return np.asarray(numbered, np.intp)


def _shared(given: Given, rows: list[int]) -> Item:
    points = [given.point(row) for row in rows]
    params: dict[str, object] = {"count": len(rows), "name": points[0].name}
    closing = [Mend(Action.CLOSE, each) for each in points] if len(rows) <= MOST_BUTTONS else []
    sentence = (SENTENCES[Kind.SHARED_PLACE], params)
    return point_item(given, Kind.SHARED_PLACE, rows, sentence, (Mend(Action.SEEN), *closing))


def _pairs(given: Given, rows: NDArray[np.intp]) -> Iterator[Item]:
    if len(rows) < 2:
        return
    xy = given.xy[rows]
    count = min(NEIGHBOURS + 1, len(rows))
    found = cKDTree(xy).query(xy, k=count, distance_upper_bound=NAMESAKE_M + 1e-6)
    away, other = np.ravel(found[0]), np.ravel(found[1])
    one = np.repeat(np.arange(len(rows)), count)
    near = (away <= NAMESAKE_M) & (one != other)
    one, other, away = one[near], other[near], away[near]
    ends = np.column_stack([np.minimum(one, other), np.maximum(one, other)])
    _, kept = np.unique(ends[:, 0] * len(rows) + ends[:, 1], return_index=True)
    ends, metres = ends[kept], away[kept]
    close = metres < TWIN_M
    listed = np.flatnonzero(close | _alike(given.points[PointTable.name].iloc[rows].tolist(), ends))
    for at in listed.tolist():
        kind = Kind.SAME_POINT if close[at] else Kind.SAME_NAME
        yield _pair(given, kind, rows[ends[at]].tolist(), float(metres[at]))


def _pair(given: Given, kind: Kind, rows: list[int], metres: float) -> Item:
    one, other = (given.point(row) for row in rows)
    params: dict[str, object] = {
        "name": one.name, "other": other.name, "metres": round(metres, 1),
    }  # fmt: skip
    each = [(Mend(Action.CLOSE, it), Mend(Action.REMOVE, it)) for it in (one, other)]
    mends = (Mend(Action.SEEN), *chain.from_iterable(each))
    return point_item(given, kind, rows, (SENTENCES[kind], params), mends)


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter more, less or another makes `a` of `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    return a[at + 1 :] == b[at + 1 :] or a[at + 1 :] == b[at:] or a[at:] == b[at + 1 :]
