"""What a meeting decided, from the filled spreadsheet of its round or typed: taken all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.errors import N_, Refusal
from geo.findings import FindingReport, Severity
from planning.exports.packet import Decided, Typed, decisions_in, decisions_typed
from planning.language import STORED_LANGUAGE, speaker
from planning.model.errors import ImportRefusedError, RequestError
from planning.model.people import Action, User, may
from planning.model.proposals import Price, Proposal, Reason
from planning.services.review import computing, deciding
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask, Planned, take_all, tried
from planning.store import proposals, rounds
from planning.store.rounds import RoundHead
from planning.store.session import Store

__all__ = ["Decided", "Examined", "Read", "Typed", "examined", "read", "refused", "take", "typed",
           "with_document"]  # fmt: skip
FAULTY = N_("Nothing of the file was taken over, because %(count)s places of it cannot be read as decisions.")  # fmt: skip
NOTHING = N_("The spreadsheet holds no decision yet.")
NO_TEXT = N_("Not approved by the meeting.")  # where only a code of a reason was written
Costs = Mapping[str, Price | None]  # what not approving costs, by number of the proposal


@dataclass(frozen=True, slots=True)
class Read:
    """The decisions of a filled spreadsheet, and everything seen in it."""

    decided: tuple[Decided, ...]
    report: FindingReport

    @property
    def blocked(self) -> int:
        """How many findings keep the file from being taken over."""
        return sum(each.severity is Severity.BLOCKS for each in self.report)


@dataclass(frozen=True, slots=True)
class Examined:
    """Decisions before they are taken: what every refusal costs, and what stands in the way.

    `costs` has every refusal that the user may decide on; `wrongs` are pairs of a decision
    and why it cannot be taken now.
    """

    found: Read
    costs: Costs
    wrongs: tuple[tuple[Decided, Refusal], ...]


def read(store: Store, head: RoundHead, path: Path) -> Read:
    """Return what a filled spreadsheet of a round says; nothing is changed."""
    return Read(*decisions_in(path, _versions(store, head)))


def typed(store: Store, head: RoundHead, lines: Sequence[Typed]) -> Read:
    """Return what typed lines say about the proposals of a round; nothing is changed."""
    return Read(*decisions_typed(lines, _versions(store, head)))


def with_document(found: Read, document: str, day: str) -> Read:
    """Return the decisions with a document number and a day where they have none."""
    decided = tuple(
        replace(each, document=each.document or document, day=each.day or day)
        for each in found.decided
    )
    return replace(found, decided=decided)


def examined(store: Store, user: User, head: RoundHead, found: Read) -> Examined:
    """Return decisions with their price and what stands in their way; nothing is kept."""
    costs = _prices(store, user, head, found)
    ready, wrongs = [], []
    for each in found.decided:
        try:
            ready.append((each, _planned(user, head, each, costs)))
        except Refusal as refusal:
            wrongs.append((each, refusal))
    seen = tried(store, user, [planned for _, planned in ready])
    wrongs += [(each, why) for (each, _), why in zip(ready, seen, strict=True) if why is not None]
    return Examined(found, costs, tuple(sorted(wrongs, key=lambda pair: pair[0].row)))


def take(
    store: Store, user: User, head: RoundHead, found: Read, costs: Costs | None = None
) -> list[Proposal]:
    """Take every decision of a spreadsheet, all or none, each with its event.

    Refusals carry their price: `costs` where they were examined a moment ago, else computed
    now; all of one file are refused together.
    Raises `ImportRefusedError` as long as anything is wrong in the file, and `BulkError` with
    every proposal that cannot be decided so.
    """
    if found.blocked:
        raise refused(found)
    if not found.decided:
        raise RequestError(NOTHING)
    prices = _prices(store, user, head, found) if costs is None else costs
    return take_all(store, user, [_planned(user, head, each, prices) for each in found.decided])


def refused(found: Read) -> ImportRefusedError:
    """Return the refusal of a file with everything that is wrong in it."""
    error = ImportRefusedError(FAULTY, count=found.blocked)
    error.findings = tuple(found.report)
    return error


def _versions(store: Store, head: RoundHead) -> dict[str, int]:
    with store.reading() as db:
        return {number: now for number, (_, now) in rounds.versions(db, head).items()}


def _planned(user: User, head: RoundHead, decided: Decided, prices: Costs) -> Planned:
    facts = {"round": head.number, **({"day": decided.day} if decided.day else {})}
    ask = Ask(head.province, decided.number, decided.version, decided.action,
              reason=decided.text, document=decided.document, facts=facts)  # fmt: skip
    if decided.action is Action.APPROVE:
        return deciding.approving(user, ask)
    if decided.action is Action.REJECT:
        text = decided.text or speaker(STORED_LANGUAGE)(NO_TEXT)
        verdict = Verdict(decided.reason or Reason.OTHER, text, prices.get(decided.number))
        return deciding.rejecting(user, ask, verdict)
    return deciding.asking(user, ask, [("", decided.text)])


def _prices(store: Store, user: User, head: RoundHead, found: Read) -> dict[str, Price | None]:
    """Return the price of every refusal that the user may decide on; the others are refused later."""
    numbers = {each.number for each in found.decided if each.action is Action.REJECT}
    if not numbers:
        return {}
    with store.reading() as db:
        against = [
            each for each in proposals.listed(db, head.province)
            if each.number in numbers and may(user, Action.REJECT, each.thing)
        ]  # fmt: skip
    costs = computing.prices(store, user, against)
    return {each.number: cost for each, cost in zip(against, costs, strict=True)}
