"""A review round frozen: everything its documents say, as plain values.

The packet can be made again from this alone, years later, whatever became of the data, the
proposals and the program. Nobody's name, number or telephone is in it: staff is a count.
Lengths are metres or kilometres as the name says, places degrees (WGS 84), shares in 0..1,
days ISO text, money in đồng; what is not known is None, never nought.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import N_
from planning.model.coverage import GapReason
from planning.model.errors import RequestError
from planning.model.figures import KeyFigures
from planning.model.plain import canonical, plain, read
from planning.model.proposals import ProposalKind, State

Ring = tuple[tuple[float, float], ...]
FORMAT = 1  # raised when what a packet holds changes


@dataclass(frozen=True, slots=True)
class Round:
    """The review round: its number in the province, its name and its day."""

    number: int
    name: str
    day: str


@dataclass(frozen=True, slots=True)
class Population:
    """Where the people come from; `unknown` are codes of communes that are in no figure."""

    source: str
    as_of: str | None
    people: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What everything was computed from.

    `province` is its name with what it is (Tỉnh An Giang), `authority` the office that
    issues the documents, `valid_from` the vintage of its boundaries, `data_date` the day
    the network is described on. `standard` is the radii in words, `method` how it was
    computed, `parameters` those of the engine, `boundaries` the source of the boundaries,
    `fingerprint` the hash of the data. `synthetic`: the data are a demonstration.
    """

    province_code: str
    province: str
    authority: str
    valid_from: str
    data_date: str | None
    population: Population
    boundaries: str
    standard: str
    program: str
    method: str
    parameters: Mapping[str, str]
    fingerprint: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Completion:
    """Completion of targets as shares: voluntary social insurance, household health insurance."""

    voluntary: float | None
    household: float | None


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """The area of one BHXH cơ sở."""

    name: str
    communes: int | None
    people: int | None
    people_served: int | None
    points_direct: int
    points_online: int
    proposals: int
    people_gained: int | None


@dataclass(frozen=True, slots=True)
class GapRow:
    """One of the worst gaps."""

    rank: int
    name: str
    commune: str
    people: int
    nearest_m: float | None
    reason: GapReason
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A commune with so many direct points that one could move rather than be added."""

    code: str
    commune: str
    points: int
    people: int | None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A collection service organisation: its open direct points and their staff as counts."""

    code: str
    name: str
    points: int
    staff: int | None
    proposals: int
    completion: Completion


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """How the province decided on a proposal before the round was frozen."""

    approved: bool
    reason: str
    text: str
    document: str
    day: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal of the round as it stood.

    `number` is unofficial (DX-2026-0001), `code` the official one where it is issued.
    `point` names the listed point that is moved, closed or changed, `point_kind` what the
    point is or becomes (direct, online, mobile). `met` of `mandatory` conditions are met.
    """

    number: str
    version: int
    kind: ProposalKind
    state: State
    code: str
    point: str
    point_kind: str
    organisation: str
    organisation_code: str
    name: str
    host: str
    host_type: str
    address: str
    opening_hours: str
    commune_code: str
    commune: str
    former_code: str
    former: str
    office: str
    lon: float
    lat: float
    staff: int
    met: int
    mandatory: int
    cost: int | None
    gained: int | None
    lost: int | None
    overlap: int | None
    distance_now_m: float | None
    distance_then_m: float | None
    rank: int | None
    firmness: str | None
    note: str
    decision: DecisionRow | None


@dataclass(frozen=True, slots=True)
class CommuneArea:
    """A commune as the map draws it: polygons of rings of places, the outer ring first."""

    code: str
    name: str
    people: int | None
    people_served: int | None
    points_direct: int
    shape: tuple[tuple[Ring, ...], ...]

    @property
    def share_served(self) -> float | None:
        """People served as a share of people, None where nobody lives or it is not known."""
        if not self.people or self.people_served is None:
            return None
        return self.people_served / self.people


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A listed point: `kind` is direct, online or mobile; `open` whether it works."""

    name: str
    kind: str
    open: bool
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Shading:
    """The classes of the share served: lower ends of all but the first, one colour each."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.colours) != len(self.breaks) + 1:
            raise ValueError(self.colours)


@dataclass(frozen=True, slots=True)
class Packet:
    """One review round with everything that its documents say.

    `gaps` are the worst ones, the worst first; `gained_together` people are newly served when
    all proposals are carried out, None where that was not computed: the sum over proposals
    counts people twice whom two of them would serve. `notes` say what the data lack, in the
    language of the documents. `layers` are those of the map page at that time, for the map
    that opens without a network; empty: no such map is made.
    """

    round: Round
    origin: Origin
    figures: KeyFigures
    completion: Completion
    offices: tuple[OfficeRow, ...]
    gaps: tuple[GapRow, ...]
    overlaps: tuple[OverlapRow, ...]
    proposals: tuple[ProposalRow, ...]
    gained_together: int | None
    organisations: tuple[OrganisationRow, ...]
    notes: tuple[str, ...]
    communes: tuple[CommuneArea, ...]
    points: tuple[MapPoint, ...]
    shading: Shading
    layers: Mapping[str, Any]
    format: int = FORMAT

    def as_dict(self) -> dict[str, Any]:
        """Return the packet as plain values, in the one way they are written."""
        return dict(plain(self))

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Packet":
        """Return the packet that plain values stand for.

        Raises `RequestError` for values that are no packet, or one of another format.
        """
        if value.get("format") != FORMAT:
            raise RequestError(
                N_("The snapshot of the review round is of the format %(code)s; this program reads %(known)s."),
                code=str(value.get("format"))[:20], known=FORMAT,
            )  # fmt: skip
        return read(cls, value)

    def as_bytes(self) -> bytes:
        """Return the packet as the one JSON text that stands for it."""
        return canonical(self)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of `as_bytes`, in hexadecimal."""
        return hashlib.sha256(self.as_bytes()).hexdigest()
