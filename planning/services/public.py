"""What everybody may read: the lists in force of a province, searched, by place, as files.

Nobody is asked who they are, and nothing but the frozen publication is read.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from geo.crs import VIETNAM_LAT, VIETNAM_LON, in_metres, metric_crs
from geo.errors import N_
from geo.names import search_key
from planning.exports import published
from planning.model.errors import NotFoundError, RequestError
from planning.model.publishing import Publication, PublicPoint, PublicStaff
from planning.store import publications
from planning.store.publications import PublicationHead
from planning.store.session import Store

PAGE_ROWS = 50
MOST_TEXT = 80
NOTHING_PUBLIC = N_("No lists are published here for a province with the code %(code)s.")
NO_FILE = N_("A publication has no file “%(name)s”.")
NO_PLACE = N_("“%(text)s” is no place in Viet Nam; write latitude and longitude in degrees, such as 10.3811, 105.4382.")  # fmt: skip
_PLACE = re.compile(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:[;\s]|,\s)\s*(\d{1,3}(?:[.,]\d+)?)\s*")


@dataclass
class Published:
    """A publication; what it is searched by, and its files, are made when first they are wanted."""

    publication: Publication
    body: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    making: Lock = field(default_factory=Lock)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What each point is searched by, without diacritics."""
        return tuple(
            search_key(f"{each.name} {each.address} {each.commune} {each.organisation} {each.code}")
            for each in self.publication.lists.points
        )

    @cached_property
    def staff_keys(self) -> tuple[str, ...]:
        """What each member of staff is searched by, without diacritics."""
        return tuple(
            search_key(f"{each.code} {each.name} {each.organisation} {each.organisation_code}")
            for each in self.publication.lists.staff
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words, a commune, a place (latitude, longitude), which page."""

    text: str = ""
    commune: str = ""
    near: tuple[float, float] | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Near:
    """A point that was found; `distance_m` from the place that was given, None without one.

    `row` is its place in the list, and in the drawing beside it.
    """

    row: int
    point: PublicPoint
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found: `rows` of it, `total` in all; `drawn` are the rows of all."""

    rows: tuple[Near, ...]
    total: int
    page: int
    pages: int
    drawn: tuple[int, ...]


def in_force(store: Store, province: str) -> tuple[PublicationHead, Published]:
    """Return the lists of a province that are in force.

    Raises `NotFoundError` where none are, in the same words as for a province that is not here.
    """
    with store.reading() as db:
        head = publications.newest(db, province)
        if head is None or head.withdrawn_at:
            raise NotFoundError(NOTHING_PUBLIC, code=province)
    # Whoever waits for lists that are being read holds no connection meanwhile.
    return head, store.public.of((head.id, head.sha256), lambda: _read(store, head.id))


def file(store: Store, province: str, name: str) -> tuple[PublicationHead, bytes]:
    """Return a file of what is in force; raise `NotFoundError` where there is none so called."""
    head, found = in_force(store, province)
    if name == published.WHOLE:
        return head, found.body
    if name not in published.file_names():
        raise NotFoundError(NO_FILE, name=name[:40])
    with found.making:  # one that costs a second is made once, whoever asks meanwhile waits
        if name not in found.files:
            found.files[name] = published.file_of(found.publication, head.sha256, name)
    return head, found.files[name]


def place_of(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a place as written, in either order; None for no text."""
    if not text.strip():
        return None
    found = _PLACE.fullmatch(text)
    first, second = (float(each.replace(",", ".")) for each in found.groups()) if found else (0, 0)
    lat, lon = (second, first) if first > second else (first, second)
    inside = VIETNAM_LAT[0] <= lat <= VIETNAM_LAT[1] and VIETNAM_LON[0] <= lon <= VIETNAM_LON[1]
    if not inside:
        raise RequestError(NO_PLACE, text=text[:40])
    return lat, lon


def points(found: Published, wanted: Wanted) -> Found:
    """Return the points that fit, in the order of the list, the nearest first with a place."""
    every = found.publication.lists.points
    words = search_key(wanted.text).split()
    rows = [
        row for row, point in enumerate(every)
        if (not wanted.commune or point.commune_code == wanted.commune)
        and all(word in found.keys[row] for word in words)
    ]  # fmt: skip
    far = None if wanted.near is None else _distances(every, wanted.near)
    if far is not None:
        rows.sort(key=lambda row: far[row])
    page, pages = _page(wanted.page, len(rows))
    shown = tuple(
        Near(row, every[row], None if far is None else float(far[row]))
        for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    )
    return Found(shown, len(rows), page, pages, tuple(rows))


def staff(found: Published, wanted: Wanted) -> tuple[list[PublicStaff], int, int, int]:
    """Return one page of the staff that fit, how many fit, the page and how many pages."""
    words = search_key(wanted.text).split()
    every = found.publication.lists.staff
    rows = [each for row, each in enumerate(every)
            if all(word in found.staff_keys[row] for word in words)]  # fmt: skip
    page, pages = _page(wanted.page, len(rows))
    return rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], len(rows), page, pages


def _page(wanted: int, rows: int) -> tuple[int, int]:
    """Return the page that is shown, the last where a later one is wanted, and how many there are."""
    pages = max(1, -(-rows // PAGE_ROWS))
    return min(max(1, wanted), pages), pages


def _distances(every: tuple[PublicPoint, ...], near: tuple[float, float]) -> NDArray[np.float64]:
    """Return how far each point is from a place, in metres, straight line."""
    lon = np.array([each.lon for each in every] + [near[1]])
    lat = np.array([each.lat for each in every] + [near[0]])
    xy = in_metres(lon, lat, metric_crs(lon))
    away: NDArray[np.float64] = np.hypot(*(xy[:-1] - xy[-1]).T)
    return away


def _read(store: Store, number: int) -> Published:
    with store.reading() as db:
        body = publications.body(db, number)
    return Published(publications.read(body), body)
