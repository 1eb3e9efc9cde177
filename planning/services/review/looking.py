"""What the page of a check shows: the proposal with its names, its checklist, its photos."""

from dataclasses import dataclass

from planning.maps import near
from planning.model.days import today
from planning.model.people import Action, User, may
from planning.model.proposals import Criterion, Proposal, State
from planning.services.review import criteria
from planning.services.review.placing import ground
from planning.services.review.sight import people_shown
from planning.services.review.steps import seen
from planning.store import accounts, attachments, proposals, review_names
from planning.store.attachments import Attachment
from planning.store.proposals import Event
from planning.store.review_names import Names
from planning.store.session import Store


@dataclass(frozen=True, slots=True)
class CheckView:
    """A proposal as its checker reads it.

    `lines` are the checklist of the day of the check, of today before it begins. `may_check`:
    the reader may write the check down; `people`: may see the names of those present.
    `checker` is the full name of who wrote the check last, empty where it is not known.
    """

    proposal: Proposal
    names: Names
    lines: tuple[Criterion, ...]
    photos: tuple[Attachment, ...]
    documents: tuple[Attachment, ...]
    last: Event | None
    may_begin: bool
    may_check: bool
    people: bool
    checker: str


def view(store: Store, user: User, province: str, number: str) -> CheckView:
    """Return a proposal that somebody may see, for the page of its check."""
    with store.reading() as db:
        found = seen(db, user, province, number)
        day = today() if found.check is None else found.check.day
        lines = tuple(each for each in criteria.lines_in(db, province) if each.holds(day))
        files = attachments.listed(db, found.id)
        steps = proposals.events(db, found.id)
        names = review_names.load(db, province)
        account = accounts.load(db, found.check.by) if found.check is not None else None
    begins = found.state is State.SUBMITTED and may(user, Action.BEGIN_CHECK, found.thing)
    checks = found.state is State.CHECKING and may(user, Action.CHECK, found.thing)
    return CheckView(
        found, names, lines,
        photos=tuple(each for each in files if each.what == "photo"),
        documents=tuple(each for each in files if each.what == "document"),
        last=steps[-1] if steps else None,
        may_begin=begins, may_check=checks, people=people_shown(store, user, found),
        checker=account.full_name if account is not None else "",
    )  # fmt: skip


def surroundings(store: Store, user: User, province: str, number: str) -> dict[str, object]:
    """Return what lies around the place of a proposal, for a map: see `maps.near.around`."""
    with store.reading() as db:
        found = seen(db, user, province, number)
        on = ground(db, province)
    return near.around(on.communes, on.points, found.content.lon, found.content.lat)


def names(store: Store, province: str) -> Names:
    """Return what the communes, offices and organisations of a province are called."""
    with store.reading() as db:
        return review_names.load(db, province)
