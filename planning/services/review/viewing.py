"""One proposal as it is looked at: its names, its history, its place among its neighbours."""

from dataclasses import dataclass

from geo.errors import Refusal
from planning.analysis.terrain import terrain_classes
from planning.maps import around
from planning.maps.around import Surroundings
from planning.model.days import today
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import Criterion, Proposal
from planning.services.requests import AnalysisRequest, standard_of
from planning.services.review import attachments, criteria, measuring
from planning.services.review.sight import people_shown
from planning.services.review.steps import seen
from planning.store import audit, proposals, review_names
from planning.store.attachments import Attachment
from planning.store.proposals import Event
from planning.store.review_names import Names
from planning.store.session import Store
from planning.store.situation import load_situation

__all__ = [
    "Deed",
    "Event",
    "Shown",
    "actors",
    "checklist",
    "deeds",
    "names",
    "shown",
    "surroundings",
]
MAP_WIDTH, MAP_HEIGHT = 620, 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with the names of its codes, its steps, and its organisation's own codes.

    `stale`: its figures were computed from other data than those in force. `people`: the
    user may see the staff it names. `files` are its photos and documents, without their bytes.
    """

    proposal: Proposal
    names: Names
    events: tuple[Event, ...]
    criteria: tuple[Criterion, ...]
    stale: bool
    people: bool
    files: tuple[Attachment, ...]


def shown(store: Store, user: User, province: str, number: str) -> Shown:
    """Return a proposal that a user may see; raise `NotFoundError` for any other."""
    with store.reading() as db:
        found = seen(db, user, province, number)
        names = review_names.load(db, province)
        events = tuple(proposals.events(db, found.id))
    files = tuple(attachments.listed(store, user, province, number))
    return Shown(
        found, names, events, checklist(store, province),
        _stale(store, found), people_shown(store, user, found), files,
    )  # fmt: skip


def names(store: Store, province: str) -> Names:
    """Return what the codes of a province are called."""
    with store.reading() as db:
        return review_names.load(db, province)


def checklist(store: Store, province: str) -> tuple[Criterion, ...]:
    """Return the checklist that counts today."""
    return criteria.on_day(store, province, today())


def surroundings(
    store: Store, found: Proposal, replacement: tuple[float, float] | None = None
) -> Surroundings | None:
    """Return a small map of where a proposal lies, None where the data allow none.

    `replacement` is another place to show, in degrees.
    """
    if not found.commune:
        return None
    try:
        situation = load_situation(store, found.province, None)
        standard = standard_of(store, AnalysisRequest(found.province))
        terrain = terrain_classes(situation.communes, situation.population).get(found.commune)
        if terrain is None:  # a commune of other boundaries
            return None
        place = (found.content.lon, found.content.lat)
        return around.drawn(
            situation, place, standard.radii_km[terrain] * 1000, replacement,
            (MAP_WIDTH, MAP_HEIGHT),
        )  # fmt: skip
    except Refusal:  # no population yet: everything else of the page can be shown
        return None


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of the trail: when, by whom, its tag and the facts told with it."""

    at: str
    actor: str
    tag: str
    facts: dict[str, object]


def actors(store: Store, user: User, province: str) -> list[tuple[str, int]]:
    """Return everybody who did something in a province and how often, by name."""
    require(user, Action.AUDIT, Thing(province))
    with store.reading() as db:
        found = [each.actor for each in audit.events(db, province)]
    return sorted((name, found.count(name)) for name in set(found))


def deeds(store: Store, user: User, province: str, actor: str) -> list[Deed]:
    """Return what somebody did in a province, newest first."""
    require(user, Action.AUDIT, Thing(province))
    with store.reading() as db:
        found = audit.events(db, province, actor=actor)
    return [Deed(each.at, each.actor, each.tag, each.facts) for each in reversed(found)]


def _stale(store: Store, found: Proposal) -> bool:
    if found.figures is None:
        return False
    try:
        return measuring.stale(store, found)
    except Refusal:  # the data it was computed from are not there any more
        return True
