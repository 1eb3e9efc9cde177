"""How review rounds stand now: what was frozen beside what became of it."""

from dataclasses import dataclass

from planning.model.packet import Packet, ProposalRow
from planning.model.people import User
from planning.model.proposals import UNDECIDED, Proposal, State
from planning.services.review import rounds as service
from planning.store import proposals, rounds
from planning.store.rounds import RoundHead
from planning.store.session import Store


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list: how many proposals it holds, and how many are not decided yet."""

    head: RoundHead
    held: int
    still_open: int

    @property
    def decided(self) -> int:
        """How many of its proposals are decided, or came to an end otherwise."""
        return self.held - self.still_open


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal of a round as it was frozen, and as it stands now."""

    then: ProposalRow
    now: Proposal

    @property
    def settled_since(self) -> bool:
        """Whether it was open when the round was frozen and is open no more."""
        return self.then.state in UNDECIDED and self.now.state not in UNDECIDED

    @property
    def changed(self) -> bool:
        """Whether anything of it was written since the round was frozen."""
        return self.now.version != self.then.version


@dataclass(frozen=True, slots=True)
class RoundNow:
    """A round with its packet, its proposals then and now, and the trail when it was frozen.

    `event` and `trail` are number and hash of the event that tells of the freezing.
    """

    head: RoundHead
    packet: Packet
    lines: tuple[Standing, ...]
    event: int
    trail: str

    def in_state(self, *states: State) -> list[Proposal]:
        """Return its proposals that are in one of some states now."""
        return [each.now for each in self.lines if each.now.state in states]


def listed(store: Store, user: User, province: str) -> list[RoundLine]:
    """Return the rounds of a province, newest first, with what became of their proposals."""
    heads = service.listed(store, user, province)
    with store.reading() as db:
        held = {head.number: list(rounds.versions(db, head)) for head in heads}
        waiting = {
            each.number for each in proposals.listed(db, province) if each.state in UNDECIDED
        }
    return [
        RoundLine(head, len(held[head.number]), len(waiting.intersection(held[head.number])))
        for head in heads
    ]


def one(store: Store, user: User, province: str, number: int) -> RoundNow:
    """Return a round as it stands; raise `NotFoundError` where there is none."""
    head, packet = service.one(store, user, province, number)
    present = {each.number: each for _, each in service.present(store, head)}
    with store.reading() as db:
        event, trail = rounds.frozen_by(db, head)
    lines = tuple(Standing(row, present[row.number]) for row in packet.proposals)
    return RoundNow(head, packet, lines, event, trail)
