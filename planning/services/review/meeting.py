"""What a meeting decided, read from the filled spreadsheet of its round, and taken all or none."""

from dataclasses import dataclass
from pathlib import Path

from geo.errors import N_
from geo.findings import FindingReport, Severity
from planning.exports.packet import Decided, decisions_in
from planning.language import speaker
from planning.model.errors import ImportRefusedError, RequestError
from planning.model.people import Action, User
from planning.model.proposals import Price, Proposal, Reason
from planning.services.review import computing, deciding
from planning.services.review.deciding import Verdict
from planning.services.review.steps import Ask, Planned, take_all
from planning.store import proposals, rounds
from planning.store.rounds import RoundHead
from planning.store.session import Store

FAULTY = N_("Nothing of the file was taken over, because %(count)s places of it cannot be read as decisions.")  # fmt: skip
NOTHING = N_("The spreadsheet holds no decision yet.")
NO_TEXT = N_("Not approved by the meeting.")  # where only a code of a reason was written
STORED_LANGUAGE = "vi"  # what is kept as text is kept in the language of the offices


@dataclass(frozen=True, slots=True)
class Read:
    """The decisions of a filled spreadsheet, and everything seen in it."""

    decided: tuple[Decided, ...]
    report: FindingReport

    @property
    def blocked(self) -> int:
        """How many findings keep the file from being taken over."""
        return sum(each.severity is Severity.BLOCKS for each in self.report)


def read(store: Store, head: RoundHead, path: Path) -> Read:
    """Return what a filled spreadsheet of a round says; nothing is changed."""
    with store.reading() as db:
        versions = {number: now for number, (_, now) in rounds.versions(db, head).items()}
    decided, report = decisions_in(path, versions)
    return Read(decided, report)


def take(store: Store, user: User, head: RoundHead, found: Read) -> list[Proposal]:
    """Take every decision of a spreadsheet, all or none, each with its event.

    Refusals carry their price, computed at this moment; all of one file are refused together.
    Raises `ImportRefusedError` as long as anything is wrong in the file, and `BulkError` with
    every proposal that cannot be decided so.
    """
    if found.blocked:
        raise refused(found)
    if not found.decided:
        raise RequestError(NOTHING)
    prices = _prices(store, user, head, found)
    return take_all(store, user, [_planned(user, head, each, prices) for each in found.decided])


def refused(found: Read) -> ImportRefusedError:
    """Return the refusal of a file with everything that is wrong in it."""
    error = ImportRefusedError(FAULTY, count=found.blocked)
    error.findings = tuple(found.report)
    return error


def _planned(
    user: User, head: RoundHead, decided: Decided, prices: dict[str, Price | None]
) -> Planned:
    facts = {"round": head.number, **({"day": decided.day} if decided.day else {})}
    ask = Ask(head.province, decided.number, decided.version, decided.action,
              reason=decided.text, document=decided.document, facts=facts)  # fmt: skip
    if decided.action is Action.APPROVE:
        return deciding.approving(user, ask)
    if decided.action is Action.REJECT:
        verdict = Verdict(
            decided.reason or Reason.OTHER, decided.text or speaker(STORED_LANGUAGE)(NO_TEXT), prices.get(decided.number)
        )
        return deciding.rejecting(user, ask, verdict)
    return deciding.asking(user, ask, [("", decided.text)])


def _prices(store: Store, user: User, head: RoundHead, found: Read) -> dict[str, Price | None]:
    numbers = {each.number for each in found.decided if each.action is Action.REJECT}
    if not numbers:
        return {}
    with store.reading() as db:
        refused_ones = [each for each in proposals.listed(db, head.province) if each.number in numbers]  # fmt: skip
    costs = computing.prices(store, user, refused_ones)
    return {each.number: cost for each, cost in zip(refused_ones, costs, strict=True)}
