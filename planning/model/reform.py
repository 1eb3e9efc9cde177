"""A network after a change of communes: what became of its points and of the former communes."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from math import pi, sqrt

from geo.errors import N_
from planning.model.coverage import CoverageReport
from planning.model.official_code import CodeState, Issued

NO_CROSSWALK = N_(
    "No crosswalk from the former communes into these is known; import one with “diemthu import crosswalk”. Until then the former communes are followed by no change."
)
NO_FORMER = N_(
    "The boundaries before the change are not known: a point's former commune is the one its list names, or the only one that its present commune came from."
)
NO_BEFORE = N_(
    "The boundaries before the change or their people are not known: coverage before it is measured with the points that stood then and the people of today."
)


class Verdict(StrEnum):
    """Whether a point's list and its coordinates say the same of its commune; gravest first."""

    DIFFERENT = N_("the list names another commune than it lies in")
    OUTSIDE = N_("lies outside every commune")
    UNKNOWN = N_("the list names an unknown commune")
    FORMER_DIFFERS = N_("the former commune does not fit the place")
    FORMER_CODE = N_("the list still names the former commune")
    UNWRITTEN = N_("the list names no commune")
    AGREES = N_("agrees")


class FormerState(StrEnum):
    """What became of the direct points of a former commune."""

    LOST = N_("lost its points")
    NEVER = N_("never had a point")
    GAINED = N_("has points since the change")
    KEPT = N_("kept a point")


# What each state of a code is called.
CODE_STATES = {
    CodeState.KEPT: N_("code is right"),
    CodeState.RENEWED: N_("new code, same number"),
    CodeState.RENUMBERED: N_("new code, another number: its own was taken"),
    CodeState.INVALID: N_("what is written is no official code"),
    CodeState.MISSING: N_("has no code"),
    CodeState.UNPLACED: N_("no code can be said: commune not known"),
    CodeState.FULL: N_("no number is left in the commune"),
    CodeState.PAST: N_("closed: the code stays history"),
}
_SETTLED = frozenset({CodeState.KEPT, CodeState.PAST})


@dataclass(frozen=True, slots=True)
class PointAudit:
    """A point and its communes: as written in its list and as its coordinates lie.

    Codes are None where not known. `former` and `present` are what the audit goes by:
    the former commune as written before as located, the present one as located before as
    written. `issued` is the official code it should bear.
    """

    point_id: str
    name: str
    organisation: str | None
    kind: str
    status: str
    former_written: str | None
    former_located: str | None
    former: str | None
    present_written: str | None
    present_located: str | None
    present: str | None
    verdict: Verdict
    official_code: str | None
    issued: Issued
    lon: float
    lat: float

    @property
    def settled(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.verdict is Verdict.AGREES and self.issued.state in _SETTLED


@dataclass(frozen=True, slots=True)
class FormerAudit:
    """A former commune: who took it, and its direct points on the day before and now."""

    code: str
    name: str
    district: str | None
    successors: tuple[str, ...]
    points_before: int
    points_now: int
    state: FormerState


@dataclass(frozen=True, slots=True)
class ReformAudit:
    """The network of a province after the change into one vintage.

    `date` is the first day of the vintage; `former_names` and `present_names` give full
    names by code. `points` stand gravest first, `formers` too. `missing` are message ids
    that say what is not known.
    """

    province_code: str
    date: str
    points: tuple[PointAudit, ...]
    formers: tuple[FormerAudit, ...]
    communes: int
    communes_with_point: int
    former_names: dict[str, str]
    present_names: dict[str, str]
    missing: tuple[str, ...]

    @property
    def formers_with_point(self) -> int:
        """Former communes with an open direct point today."""
        return sum(each.points_now > 0 for each in self.formers)

    @property
    def unsettled(self) -> tuple[PointAudit, ...]:
        """The points somebody must look at."""
        return tuple(each for each in self.points if not each.settled)

    def states(self) -> Counter[FormerState]:
        """Return how many former communes are in each state."""
        return Counter(each.state for each in self.formers)

    def verdicts(self) -> Counter[Verdict]:
        """Return how many points have each verdict."""
        return Counter(each.verdict for each in self.points)

    def codes(self) -> Counter[CodeState]:
        """Return how many codes are in each state."""
        return Counter(each.issued.state for each in self.points)


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """The change into a vintage: the act where known, and former units by what became of them.

    `kinds` counts each former unit once, by the message id of its kind; a unit that began
    from none that is known counts under its own kind.
    """

    resolution: str | None
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Side:
    """Coverage on one side of a change.

    `communes` and `communes_with_point` count the communes of that side, None where they are
    not known. `on_present` says that people and outline are those of the present vintage,
    because those of the side's own are not known.
    """

    coverage: CoverageReport
    communes: int | None
    communes_with_point: int | None
    on_present: bool = False

    @classmethod
    def of(cls, coverage: CoverageReport) -> "Side":
        """Return the side whose own boundaries were measured."""
        return cls(coverage, len(coverage.communes), coverage.communes_with_point)

    @property
    def commune_radius_km(self) -> float | None:
        """The radius of the mean area of a commune, √(area / (π × communes))."""
        area = self.coverage.total.area_km2
        return sqrt(area / (pi * self.communes)) if self.communes and area is not None else None

    @property
    def share_with_point(self) -> float | None:
        """Communes with an open direct point, as a share of all."""
        if not self.communes or self.communes_with_point is None:
            return None
        return self.communes_with_point / self.communes
