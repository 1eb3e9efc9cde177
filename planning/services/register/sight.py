"""Who looked at names of staff: an event of the trail, once a day for each reader."""

from planning.model.days import today
from planning.model.people import User
from planning.services.requests import now
from planning.store import audit
from planning.store.session import Store

SEEN = "people:register:seen"


def noted(store: Store, user: User, province: str) -> None:
    """Record that somebody saw names of staff in the register, unless they did today already."""
    at = now()
    with store.reading() as db:
        known = audit.events(db, province, actor=user.name, area="people", since=at[:10])
    if any(each.tag == SEEN for each in known):
        return
    with store.writing() as db:
        audit.record(db, SEEN, province, at=at, actor=user.name, day=today())
