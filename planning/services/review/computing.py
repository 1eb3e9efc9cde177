"""What is computed at the moment of a step: figures when sent in, the price of a rejection."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from planning.model.errors import NotReadyError
from planning.model.people import Action, User, require
from planning.model.proposals import Figures, Price, Proposal, ProposalKind
from planning.services.review import deciding, drafting, measuring
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask, seen, take_all
from planning.store.session import Store


def submit(store: Store, user: User, ask: Ask) -> Proposal:
    """Send a proposal in with the figures of what it says now, where they can be computed."""
    with store.reading() as db:
        found = seen(db, user, ask.province, ask.number)
    figures = _figures(store, found)
    if figures is None:
        return drafting.submit(store, user, ask)
    return drafting.submit(store, user, ask, lambda _: figures)


def submit_all(store: Store, user: User, asks: Sequence[Ask]) -> list[Proposal]:
    """Send proposals in, all or none, with the figures of what each says now."""
    with store.reading() as db:
        found = [seen(db, user, each.province, each.number) for each in asks]
    figures: Sequence[Figures | None] = [None] * len(found)
    if found:
        with suppress(NotReadyError):  # no population yet: sending in must not wait for it
            contents = [each.content for each in found]
            figures = measuring.figures_of_all(store, found[0].province, contents)
    planned = [drafting.submitting(ask, each) for ask, each in zip(asks, figures, strict=True)]
    return take_all(store, user, planned)


def measure(store: Store, user: User, ask: Ask) -> Proposal:
    """Compute the figures of a proposal again on the present data and decisions."""
    with store.reading() as db:
        found = seen(db, user, ask.province, ask.number)
    require(user, Action.MEASURE, found.thing)
    return deciding.measured(
        store, user, ask, measuring.figures_of(store, ask.province, found.content)
    )


def measure_all(store: Store, user: User, asks: Sequence[Ask]) -> list[Proposal]:
    """Compute the figures of proposals again, all or none; the work common to them is done once."""
    with store.reading() as db:
        found = [seen(db, user, each.province, each.number) for each in asks]
    for each in found:
        require(user, Action.MEASURE, each.thing)
    figures = (
        measuring.figures_of_all(store, asks[0].province, [each.content for each in found])
        if asks
        else []
    )
    both = zip(asks, figures, strict=True)
    return take_all(store, user, [deciding.measuring_anew(ask, new) for ask, new in both])


def prices(store: Store, user: User, found: Sequence[Proposal]) -> list[Price | None]:
    """Return the price of not approving each, None where none can be computed.

    Only opening and moving have one: ending a point or changing its kind serves nobody more.
    """
    for each in found:
        require(user, Action.REJECT, each.thing)
    together = {each.number for each in found}
    return [_price(store, each, together) for each in found]


def reject(
    store: Store, user: User, asks: Sequence[Ask], verdicts: Sequence[Verdict]
) -> list[Proposal]:
    """Do not approve proposals, all or none, each with the price computed at this moment."""
    with store.reading() as db:
        found = [seen(db, user, each.province, each.number) for each in asks]
    costs = prices(store, user, found)
    told = [replace(each, price=cost) for each, cost in zip(verdicts, costs, strict=True)]
    return deciding.reject(store, user, list(asks), told)


def _figures(store: Store, proposal: Proposal) -> Figures | None:
    try:
        return measuring.figures_of(store, proposal.province, proposal.content)
    except NotReadyError:  # no population yet: sending in must not wait for it
        return None


def _price(store: Store, proposal: Proposal, together: Collection[str]) -> Price | None:
    if proposal.kind not in (ProposalKind.OPEN, ProposalKind.MOVE):
        return None
    try:
        return measuring.price_of(store, proposal, together)
    except NotReadyError:
        return None
