"""What the province decided about proposals, as every later question counts it.

Approved proposals that are not in the list of points yet count as carried out. The place of
one that was not approved is kept out of suggestions until that is lifted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from planning.model.proposals import IN_FORCE, UNDECIDED, Content, Proposal, ProposalKind, State
from planning.model.scenario import NEW, Added, Altered, Outline
from planning.model.wishes import AT_HOST_M

UNDER_REVIEW = UNDECIDED[1:]  # sent in; a draft is its writer's alone
DECISIONS = "decisions"  # key of a question's plain values
# What stands so near is the same place wherever Diemthu speaks of places: a point there could
# be in the same host. Farther off is another site, which the review has not judged.
KEPT_OUT_M = AT_HOST_M


@dataclass(frozen=True, slots=True)
class InForce:
    """An approved proposal by its number, and what it does: see `Content`."""

    number: str
    kind: ProposalKind
    name: str
    lon: float
    lat: float
    point_id: str = ""
    point_kind: str = "direct"


@dataclass(frozen=True, slots=True)
class KeptOut:
    """The place, in degrees, of a proposal that was not approved."""

    number: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force, in the order of their numbers."""

    in_force: tuple[InForce, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.in_force or self.kept_out)

    @property
    def outline(self) -> Outline:
        """What the approved proposals make of the network."""
        found = Outline()
        for each in self.in_force:
            found = _with(found, each)
        return found

    @property
    def without_openings(self) -> "Decisions":
        """These decisions as far as they leave people without a point.

        A listed point that moves, or opens elsewhere, only closes.
        """
        closing = tuple(
            replace(each, kind=ProposalKind.CLOSE)
            for each in self.in_force
            if each.point_id and (each.kind, each.point_kind) != (ProposalKind.KIND, "direct")
        )
        return Decisions(closing)

    @property
    def fingerprint(self) -> str:
        """The hash of what is counted, empty where nothing is."""
        if not self:
            return ""
        parts = [asdict(self)[name] for name in ("in_force", "kept_out")]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def over(self, fingerprint: str) -> str:
        """Return the hash of data together with these decisions; without any, that of the data."""
        if not self:
            return fingerprint
        return hashlib.sha256(f"{fingerprint} {self.fingerprint}".encode()).hexdigest()[:32]

    def as_dict(self) -> dict[str, Any]:
        """Return the decisions as plain values for JSON, with their hash."""
        return {"in_force": [{**asdict(each), "kind": str(each.kind)} for each in self.in_force],
                "kept_out": [asdict(each) for each in self.kept_out],
                "fingerprint": self.fingerprint}  # fmt: skip

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Decisions":
        """Return the decisions that plain values stand for."""
        return cls(
            tuple(InForce(**{**each, "kind": ProposalKind(each["kind"])}) for each in value["in_force"]),
            tuple(KeptOut(**each) for each in value["kept_out"]),
        )  # fmt: skip

    @classmethod
    def within(cls, question: Mapping[str, Any]) -> "Decisions":
        """Return the decisions that the plain values of a question name, none where they name none."""
        return cls.of(question[DECISIONS]) if DECISIONS in question else cls()


def decisions_of(found: Iterable[Proposal]) -> Decisions:
    """Return what of some proposals was decided and is in force."""
    in_force, kept_out = [], []
    for each in sorted(found, key=lambda one: one.number):
        if each.state in IN_FORCE:
            in_force.append(_done(each.number, each.content))
        elif _keeps_out(each):
            kept_out.append(KeptOut(each.number, each.content.lon, each.content.lat))
    return Decisions(tuple(in_force), tuple(kept_out))


def outline_of(content: Content, number: str = "") -> Outline:
    """Return what a proposal alone makes of the network."""
    return _with(Outline(), _done(number, content))


def _done(number: str, content: Content) -> InForce:
    return InForce(number, content.kind, content.name, content.lon, content.lat,
                   content.point_id, content.point_kind)  # fmt: skip


def _with(before: Outline, done: InForce) -> Outline:
    """Return an outline after one more proposal was carried out."""
    if not done.point_id:
        new = Added(f"{NEW}{done.number}", done.lon, done.lat, done.name, done.point_kind)
        return Outline({**before.added, new.id: new}, before.altered)
    name, place = done.point_id, (done.lon, done.lat)
    match done.kind:
        case ProposalKind.OPEN:
            then = Altered(name, *place, done.point_kind, "open")
        case ProposalKind.MOVE:
            then = Altered(name, *place, done.point_kind)
        case ProposalKind.CLOSE:
            then = Altered(name, status="closed")
        case _:
            then = Altered(name, kind=done.point_kind)
    return Outline(before.added, {**before.altered, name: then})


def _keeps_out(proposal: Proposal) -> bool:
    """Whether the place of a proposal was refused to a new point.

    One that was to close, or to serve less, was refused no place.
    """
    decision = proposal.decision
    if proposal.state is not State.NOT_APPROVED or decision is None or decision.lifted:
        return False
    becomes_direct = proposal.kind is ProposalKind.KIND and proposal.content.point_kind == "direct"
    return proposal.kind in (ProposalKind.OPEN, ProposalKind.MOVE) or becomes_direct
