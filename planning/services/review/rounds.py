"""Review rounds: chosen proposals frozen with their data, and the documents made of that alone."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.errors import N_
from planning.exports.packet import DOCUMENTS, made, names
from planning.model.errors import NotFoundError, RequestError
from planning.model.packet import Packet, Round
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import MOST_LINE, Proposal, State
from planning.services.requests import now, require_day
from planning.services.review.freezing import Wanted, packet_of
from planning.services.review.steps import require_text, seen
from planning.store import audit, proposals, rounds
from planning.store.rounds import RoundHead
from planning.store.session import Store

MOST_PROPOSALS = 500
WHOLE = "ho-so.zip"  # every document and the manifest in one file
# What can be laid before a meeting: somebody sent it in, and it is not settled otherwise.
FIT = tuple(each for each in State if each not in (State.NONE, State.DRAFT, State.WITHDRAWN))
NO_NAME = N_("Give the review round a name.")
NOTHING = N_("Choose at least one proposal, and at most %(most)s, for the review round.")
NOT_FIT = N_("%(number)s was not sent in, or was withdrawn: it cannot be part of a review round.")
NO_ROUND = N_("There is no review round number %(code)s in this province.")
NO_DOCUMENT = N_("A review round has no document “%(name)s”.")
CHANGED = N_("Some of the proposals were changed in this moment; look at them and make the round again.")  # fmt: skip


def make(
    store: Store, user: User, province: str, about: tuple[str, str], numbers: Sequence[str]
) -> RoundHead:
    """Freeze proposals as a new round; `about` is its name and the day of the meeting.

    What is kept is the packet; the documents are made of it whenever they are asked for.
    """
    require(user, Action.ROUND, Thing(province))
    name, day = " ".join(about[0].split()), about[1]
    if not name:
        raise RequestError(NO_NAME)
    require_text(name, MOST_LINE)
    require_day(day)
    with store.reading() as db:
        chosen = [seen(db, user, province, each) for each in dict.fromkeys(numbers)]
        number = rounds.next_number(db, province)
    if not 0 < len(chosen) <= MOST_PROPOSALS:
        raise RequestError(NOTHING, most=MOST_PROPOSALS)
    for each in chosen:
        if each.state not in FIT:
            raise RequestError(NOT_FIT, number=each.number)
    packet = packet_of(store, Wanted(province, Round(number, name, day), tuple(chosen)))
    return _kept(store, user, province, packet, chosen)


def listed(store: Store, user: User, province: str) -> list[RoundHead]:
    """Return the rounds of a province, newest first: for whoever sees all its proposals."""
    require(user, Action.SEE_PROPOSAL, Thing(province))
    with store.reading() as db:
        return rounds.listed(db, province)


def one(store: Store, user: User, province: str, number: int) -> tuple[RoundHead, Packet]:
    """Return a round and its packet; raise `NotFoundError` where there is none."""
    require(user, Action.SEE_PROPOSAL, Thing(province))
    with store.reading() as db:
        found = rounds.load(db, province, number)
    if found is None:
        raise NotFoundError(NO_ROUND, code=number)
    return found


def present(store: Store, head: RoundHead) -> list[tuple[int, Proposal]]:
    """Return the proposals of a round as they are now, each with the version that was frozen."""
    with store.reading() as db:
        then = rounds.versions(db, head)
        known = {each.number: each for each in proposals.listed(db, head.province)}
    return [(version, known[number]) for number, (version, _) in then.items()]


def hand_out(store: Store, user: User, round_: tuple[RoundHead, Packet], name: str) -> bytes:
    """Return a document of a round by its file name, or all of them as `WHOLE`.

    That somebody took it is an event of the trail.
    """
    head, packet = round_
    require(user, Action.SEE_PROPOSAL, Thing(head.province))
    if name not in (*names(packet), WHOLE):
        raise NotFoundError(NO_DOCUMENT, name=name[:40])
    body = DOCUMENTS[name](packet) if name != WHOLE else _zipped(packet)
    _tell_taken(store, user, head, name)
    return body


def write_out(
    store: Store, user: User, round_: tuple[RoundHead, Packet], path: Path
) -> dict[str, Any]:
    """Write every document of a round into a folder or a .zip, and return its manifest."""
    head, packet = round_
    require(user, Action.SEE_PROPOSAL, Thing(head.province))
    manifest = made(packet, path)
    _tell_taken(store, user, head, WHOLE)
    return manifest


def _tell_taken(store: Store, user: User, head: RoundHead, name: str) -> None:
    with store.writing() as db:
        audit.record(
            db, "round:document:taken", head.province, at=now(), actor=user.name,
            round=head.number, document=name, fingerprint=head.fingerprint,
        )  # fmt: skip


def _kept(
    store: Store, user: User, province: str, packet: Packet, chosen: list[Proposal]
) -> RoundHead:
    """Keep a packet whose proposals are still as they were when it was made."""
    at = now()
    about = packet.round
    with store.writing() as db:
        present = {each.number: each.version for each in proposals.listed(db, province)}
        same = all(present[each.number] == each.version for each in chosen)
        if not same or rounds.next_number(db, province) != about.number:
            raise RequestError(CHANGED)
        event = audit.record(
            db, "round:round:made", province, at=at, actor=user.name, round=about.number,
            name=about.name, day=about.day, fingerprint=packet.fingerprint,
            proposals=[each.number for each in chosen],
        )  # fmt: skip
        head = rounds.insert(
            db, RoundHead(0, province, about.number, about.name, about.day, packet.fingerprint,
                          user.name, at), packet, event,
        )  # fmt: skip
        rounds.hold(db, head, chosen)
    return head


def _zipped(packet: Packet) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WHOLE
        made(packet, path)
        return path.read_bytes()
