"""Who looked at personal data of a proposal: an event of the trail, once a day for each reader."""

from planning.model.people import Action, User, may
from planning.model.proposals import Proposal
from planning.services.requests import now
from planning.store import audit
from planning.store.session import Store

SEEN = "people:proposal:seen"


def people_shown(store: Store, user: User, it: Proposal) -> bool:
    """Whether somebody sees the people whom a proposal names; that they did is recorded.

    Those who wrote the names see their own text, and nobody sees any where there is none.
    """
    if not may(user, Action.SEE_PEOPLE, it.thing):
        return False
    wrote = {it.proposed_by if it.content.staff else user.name,
             it.check.by if it.check and it.check.present else user.name}  # fmt: skip
    if wrote != {user.name}:
        _record(store, user, it)
    return True


def _record(store: Store, user: User, it: Proposal) -> None:
    at = now()
    with store.reading() as db:
        today = audit.events(db, it.province, actor=user.name, area="people", since=at[:10])
    if any(each.tag == SEEN and each.facts["proposal"] == it.number for each in today):
        return
    with store.writing() as db:
        audit.record(db, SEEN, it.province, at=at, actor=user.name, proposal=it.number)
