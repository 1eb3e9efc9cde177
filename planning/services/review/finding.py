"""Finding what a proposal can be about: listed points and known hosts, by words."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.names import search_key
from planning.model.errors import NotFoundError
from planning.services.review.placing import NO_POINT
from planning.store import review_names
from planning.store.session import Store

MOST = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A listed point or a host that may be chosen; a host has no id, kind or status."""

    name: str
    lon: float
    lat: float
    where: str
    id: str = ""
    kind: str = ""
    status: str = ""
    organisation: str = ""


def found_places(
    store: Store, province: str, words: str, own: str, *, points: bool
) -> list[Choice]:
    """Return listed points (not closed), or hosts, whose name, place or id holds the words.

    `own` is the code of the only organisation whose points may be chosen, empty for all.
    """
    with store.reading() as db:
        names = review_names.load(db, province)
        if points:
            rows = review_names.points(db, province)
            known: Iterable[Choice] = (
                Choice(row.name, row.lon, row.lat, names.commune(row.commune_code or ""),
                       row.point_id, row.kind, row.status, row.organisation_code or "")
                for row in rows if row.status != "closed"
            )  # fmt: skip
        else:
            known = (Choice(name, lon, lat, kind) for name, kind, lon, lat in
                     review_names.hosts(db, province))  # fmt: skip
    wanted = search_key(words).split()
    found = [
        each for each in known
        if (not own or not points or each.organisation == own)
        and all(word in search_key(f"{each.name} {each.where} {each.id}") for word in wanted)
    ]  # fmt: skip
    return found[:MOST]


def chosen_point(store: Store, province: str, point_id: str) -> Choice:
    """Return the listed point of an id; raise `NotFoundError` where there is none."""
    with store.reading() as db:
        names = review_names.load(db, province)
        for row in review_names.points(db, province):
            if row.point_id == point_id:
                return Choice(row.name, row.lon, row.lat, names.commune(row.commune_code or ""),
                              row.point_id, row.kind, row.status, row.organisation_code or "")  # fmt: skip
    raise NotFoundError(NO_POINT, point=point_id[:40])
