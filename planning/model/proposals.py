"""A proposal: one point to open, move, close or change, on its way through the province."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from geo.errors import N_, Word
from planning.model.errors import PlanningError, RequestError
from planning.model.people import Action, Thing
from planning.model.steps import (
    IN_FORCE,
    STATE_NAMES,
    STEPS,
    UNDECIDED,
    ProposalKind,
    State,
    after,
    possible,
)

__all__ = [
    "DEFAULT_CRITERIA", "IN_FORCE", "MOST_LINE", "MOST_TEXT", "POINT_KINDS", "STATE_NAMES", "STEPS", "UNDECIDED",
    "ChangedError", "Condition", "Content", "Criterion", "Decision", "Figures", "Met", "Price", "Proposal",
    "ProposalKind", "Reason", "SiteCheck", "State", "StateError", "Wanted", "after", "content_wrongs", "fits",
    "possible",
]  # fmt: skip

MOST_TEXT, MOST_LINE, MOST_COST = 2000, 200, 10**12
POINT_KINDS = ("direct", "online", "mobile")


WRONG_STATE = N_("%(number)s is “%(state)s”: that step cannot be taken from there.")
CHANGED = N_("%(number)s was changed since you read it; look at it again before you decide.")


class StateError(PlanningError):
    """A step that the state of a proposal does not allow."""


class ChangedError(PlanningError):
    """A proposal was changed by somebody since it was read; `version` is its present one."""

    def __init__(self, number: str, version: int) -> None:
        super().__init__(CHANGED, number=number)
        self.version = version


class Met(StrEnum):
    """Whether a condition of the checklist is met."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """What is said about one criterion of the checklist: `code` names it."""

    code: str
    met: Met = Met.UNKNOWN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a province's checklist; `basis` is the document it rests on.

    It counts from `valid_from` to `valid_to` (both included, empty: open).
    """

    code: str
    text: str
    mandatory: bool
    basis: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def holds(self, day: str) -> bool:
        """Whether it counts on a day."""
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)


# What the sources name, none of it with a figure that could not be verified. Provinces edit it.
DEFAULT_CRITERIA = (
    Criterion("BH", N_("Sign of the collection point"), mandatory=True),
    Criterion("NV", N_("Collection staff always present"), mandatory=True),
    Criterion("THE", N_("Cards of the collection staff are valid"), mandatory=True),
    Criterion("NY", N_("Lists and procedure are posted up"), mandatory=False),
    Criterion("MT", N_("Computer and internet"), mandatory=False),
    Criterion("SS", N_("Books, receipts and vouchers"), mandatory=False),
    Criterion("GIO", N_("Working hours"), mandatory=False),
    Criterion("HD", N_("Contract in force"), mandatory=True),
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal says; whoever proposes may change it in a draft.

    `lon` and `lat` are degrees of the place meant: of the new point, of where a point moves
    to, of the point as listed where it is closed or changed, `point_id` naming it then.
    `point_kind` is what the point is or becomes. `cost` is in đồng, None where not given.
    `staff` are the ids of staff intended: personal data. `organisation` is a code, empty while
    no organisation was found.
    """

    kind: ProposalKind
    name: str
    lon: float
    lat: float
    point_id: str = ""
    point_kind: str = "direct"
    organisation: str = ""
    host: str = ""
    host_type: str = ""
    address: str = ""
    opening_hours: str = ""
    cost: int | None = None
    staff: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        wrong = next(content_wrongs(self), None)
        if wrong is not None:
            raise wrong

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Content":
        """Return the content that plain values stand for."""
        known = {each.name: value[each.name] for each in fields(cls) if each.name in value}
        conditions = tuple(
            Condition(each["code"], Met(each["met"]), each.get("note", ""))
            for each in known.pop("conditions", ())
        )
        return cls(**{**known, "kind": ProposalKind(known["kind"]), "staff": tuple(known.get("staff", ())),
                      "conditions": conditions})  # fmt: skip


def content_wrongs(content: Content) -> Iterator[RequestError]:
    """Yield everything that cannot be in a proposal, each as a `RequestError`."""
    if not content.name.strip():
        yield RequestError(N_("Give the point a name."))
    if content.kind is not ProposalKind.OPEN and not content.point_id:
        yield RequestError(N_("Say which listed point is meant."))
    if not (isfinite(content.lon) and isfinite(content.lat)
            and -180 <= content.lon <= 180 and -90 <= content.lat <= 90):  # fmt: skip
        yield RequestError(N_("A place needs a latitude from -90 to 90 and a longitude from -180 to 180."))  # fmt: skip
    if content.point_kind not in POINT_KINDS:
        yield RequestError(N_("A point is direct, online or mobile, not “%(kind)s”."), kind=content.point_kind[:40])  # fmt: skip
    if content.cost is not None and not 0 <= content.cost <= MOST_COST:
        yield RequestError(N_("A cost is from 0 to %(most)s đồng."), most=MOST_COST)
    lines = (content.name, content.organisation, content.host, content.host_type, content.address,
             content.opening_hours, content.point_id, *content.staff)  # fmt: skip
    texts = (content.note, *(each.note for each in content.conditions))
    if any(not fits(each, MOST_LINE) for each in lines) or any(
        not fits(each, MOST_TEXT) for each in texts
    ):
        yield RequestError(N_("A line has at most %(line)s and a note %(text)s characters, all of them printable."), line=MOST_LINE, text=MOST_TEXT)  # fmt: skip


def fits(text: str, most: int) -> bool:
    """Whether a text is short enough and holds only signs that can be shown."""
    breaks = most == MOST_TEXT
    return len(text) <= most and all(each.isprintable() or (breaks and each == "\n") for each in text)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What Diemthu computed for a proposal alone, on the network with what is decided.

    `gained` people are newly served, `lost` no longer; `overlap` people within the radius of
    its place are served by another point already. Distances are the mean of those gained and
    lost to the nearest point, in metres, None where there are none. `rank` is its place by
    `gained` among the proposals under review that open a place for people, equal ones side by
    side; None for one that opens none. `firmness` is how often it, or a place within a
    kilometre, is chosen again when circumstances vary; None where never. The rest says what
    the figures were made from: `fingerprint` is of the data, `decisions` of those counted.
    """

    gained: int
    lost: int
    overlap: int
    distance_now_m: float | None
    distance_then_m: float | None
    rank: int | None
    firmness: str | None
    fingerprint: str
    valid_from: str
    data_date: str
    population_base: str
    standard: str
    measured_at: str
    decisions: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request to change one field of a proposal, or (`field` empty) the whole."""

    field: str
    text: str
    by: str
    at: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """What a field checker found: the place confirmed or corrected, the checklist, the end.

    `passed` None: the check goes on. `placed`: the place was seen to be right, or corrected;
    `lon` and `lat` are given where it was corrected, `from_lon` and `from_lat` are the place
    that the proposal named when the check began.
    """

    by: str
    day: str
    conditions: tuple[Condition, ...] = ()
    lon: float | None = None
    lat: float | None = None
    present: str = ""  # who was there
    findings: str = ""
    passed: bool | None = None
    from_lon: float | None = None
    from_lat: float | None = None
    placed: bool = False


class Reason(StrEnum):
    """Why a proposal is not approved."""

    CONDITIONS = "conditions"  # not met on site
    OVERLAP = "overlap"  # who is served there is served already
    NEED = "need"  # too few people
    ORGANISATION = "organisation"
    PLACE = "place"  # flood, access, ownership, security
    COST = "cost"
    BETTER = "better"  # another site is better
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs not to open a site: people who stay unserved, and what could replace it.

    `unserved` people no open point, no approved and no other proposal under review serves;
    `shared` people are served only if one of the proposals `shared_with` (their numbers) is
    approved. `replacement` names the best other place found, `distance_m` away, where
    `served_there` people would be newly served, `of_them` of those who stay unserved.
    """

    unserved: int
    replacement: str = ""
    replacement_lon: float | None = None
    replacement_lat: float | None = None
    distance_m: float | None = None
    served_there: int = 0
    of_them: int = 0
    shared: int = 0
    shared_with: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """How the province decided: approved or not, why, by which document."""

    approved: bool
    by: str
    at: str
    reason: str = ""
    text: str = ""
    document: str = ""
    price: Price | None = None
    lifted: bool = False  # a rejected site may be suggested again


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is kept. `number` is plainly unofficial, such as DX-2026-0001.

    `version` counts every write; `commune` and `office` are where the place lies on the
    vintage `valid_from`. `code` is the official code, issued on approval only. Moments are
    ISO text in UTC, days ISO text.
    """

    id: int
    province: str
    number: str
    state: State
    version: int
    content: Content
    commune: str
    office: str
    valid_from: str
    proposed_by: str
    made_at: str
    changed_at: str
    figures: Figures | None = None
    wanted: tuple[Wanted, ...] = ()
    check: SiteCheck | None = None
    decision: Decision | None = None
    code: str = ""
    scenario: int | None = None
    assigned_to: str = ""
    due: str = ""

    @property
    def kind(self) -> ProposalKind:
        """What it asks for."""
        return self.content.kind

    @property
    def thing(self) -> Thing:
        """It as what an action is done to."""
        return Thing(self.province, self.content.organisation, self.commune, self.office, self.proposed_by)  # fmt: skip

    def after(self, action: Action) -> "Proposal":
        """Return it one step further; raise `StateError` where that step cannot be taken."""
        state = after(action, self.kind, self.state)
        if state is None:
            raise StateError(WRONG_STATE, number=self.number, state=Word(STATE_NAMES[self.state]))
        return replace(self, state=state, version=self.version + 1)
