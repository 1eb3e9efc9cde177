"""Review rounds as they are kept: the frozen packet, and the proposals as they stood then."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from planning.model.packet import Packet
from planning.model.proposals import Proposal
from planning.store import review_tables, round_tables, schema

_round = round_tables.review_round.c
_held = round_tables.round_proposal.c
_event = schema.audit.c
_HEAD = (_round.id, _round.province_code, _round.number, _round.name, _round.day,
         _round.fingerprint, _round.made_by, _round.made_at)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A review round without its packet; `number` counts in the province, `id` everywhere."""

    id: int
    province: str
    number: int
    name: str
    day: str
    fingerprint: str
    made_by: str
    made_at: str


def next_number(db: sa.Connection, province: str) -> int:
    """Return the number of the next round of a province."""
    last = sa.select(sa.func.max(_round.number)).where(_round.province_code == province)
    return int(db.execute(last).scalar() or 0) + 1


def insert(db: sa.Connection, head: RoundHead, packet: Packet, audit_id: int) -> RoundHead:
    """Keep a round; the id it carries is not looked at."""
    made = db.execute(
        sa.insert(round_tables.review_round).values(
            province_code=head.province, number=head.number, name=head.name, day=head.day,
            fingerprint=head.fingerprint, packet=zlib.compress(packet.as_bytes(), 9),
            audit_id=audit_id, made_by=head.made_by, made_at=head.made_at,
        )
    )  # fmt: skip
    (number,) = made.inserted_primary_key or (0,)
    return RoundHead(int(number), head.province, head.number, head.name, head.day,
                     head.fingerprint, head.made_by, head.made_at)  # fmt: skip


def hold(db: sa.Connection, head: RoundHead, found: list[Proposal]) -> None:
    """Keep which proposals a round is about, each as it stood."""
    rows = [{"round_id": head.id, "proposal_id": each.id, "version": each.version}
            for each in found]  # fmt: skip
    db.execute(sa.insert(round_tables.round_proposal), rows)


def listed(db: sa.Connection, province: str) -> list[RoundHead]:
    """Return the rounds of a province, newest first."""
    query = sa.select(*_HEAD).where(_round.province_code == province).order_by(_round.number.desc())
    return [RoundHead(*row) for row in db.execute(query)]


def load(db: sa.Connection, province: str, number: int) -> tuple[RoundHead, Packet] | None:
    """Return a round with its packet, None where there is none of this number."""
    query = sa.select(*_HEAD, _round.packet).where(
        _round.province_code == province, _round.number == number
    )
    row = db.execute(query).first()
    if row is None:
        return None
    *head, packed = row
    return RoundHead(*head), Packet.of(json.loads(zlib.decompress(packed)))


def versions(db: sa.Connection, head: RoundHead) -> Mapping[str, tuple[int, int]]:
    """Return by number the version of each proposal of a round: as frozen, and at present."""
    proposal = review_tables.proposal.c
    query = (
        sa.select(proposal.number, _held.version, proposal.version)
        .join(round_tables.round_proposal, _held.proposal_id == proposal.id)
        .where(_held.round_id == head.id).order_by(proposal.id)
    )  # fmt: skip
    return {number: (then, now) for number, then, now in db.execute(query)}


def frozen_by(db: sa.Connection, head: RoundHead) -> tuple[int, str]:
    """Return number and hash of the event that tells how a round was made."""
    query = (
        sa.select(_event.id, _event.hash)
        .join(round_tables.review_round, _round.audit_id == _event.id).where(_round.id == head.id)
    )  # fmt: skip
    number, own = db.execute(query).one()
    return int(number), str(own)


def of_proposal(db: sa.Connection, proposal: int) -> list[RoundHead]:
    """Return the rounds that a proposal is part of, newest first."""
    query = (
        sa.select(*_HEAD).join(round_tables.round_proposal, _held.round_id == _round.id)
        .where(_held.proposal_id == proposal).order_by(_round.id.desc())
    )  # fmt: skip
    return [RoundHead(*row) for row in db.execute(query)]
