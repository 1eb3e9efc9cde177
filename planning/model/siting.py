"""Where points should be: the answer to a planner's question, and how good the answer is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import floor
from typing import Any, ClassVar

from planning.model.asking import (
    DEFAULT_POINTS,
    Effort,
    Method,
    Objective,
    SuggestionAsk,
    points_asked,
)
from planning.model.coverage import PopulationBase
from planning.model.decisions import DECISIONS, Decisions
from planning.model.scenario import Change
from planning.model.standards import ServiceStandard
from planning.model.wishes import AT_HOST_M, MOST_POINTS, CandidateKind

__all__ = [
    "AT_HOST_M", "BASIS", "DEFAULT_POINTS", "MOST_POINTS", "Basis", "CandidateKind", "ClosedPoint", "Effort", "Firmness", "Method",
    "Objective", "Quarter", "Refusing", "Shift", "Site", "SitingPlan", "SuggestionAsk", "Unit", "Upon", "points_asked",
]  # fmt: skip


BASIS = "basis"  # key of a question's plain values


class Unit(StrEnum):
    """What the value of a plan and its bound count."""

    PEOPLE = "people"  # served, those who are served already included
    TENTHS = "tenths of people"  # where coverage fades
    POINTS = "points"  # more than today
    PERSON_METRES = "person-metres"
    METRES = "metres"


UNITS = {
    Objective.MOST_PEOPLE: Unit.PEOPLE, Objective.FEWEST_POINTS: Unit.POINTS,
    Objective.MEAN_DISTANCE: Unit.PERSON_METRES, Objective.WORST_DISTANCE: Unit.METRES,
}  # fmt: skip


class Firmness(StrEnum):
    """How often a site is chosen when circumstances vary."""

    FIRM = "firm"
    LIKELY = "likely"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Refusing:
    """What it costs to do without a site, as the plan counts: people, points or metres.

    `lost` is by how much the best plan found without it is worse, None where none was found;
    `impossible` says that none obeys the rules. `replacement` is the id of the new site that
    takes its place, in `commune`, `distance_m` away.
    """

    lost: float | None
    impossible: bool = False
    replacement: str | None = None
    commune: str | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A place of the same settlement from which a site, moved alone, would serve more people.

    `side` is the direction as a compass point; `people` is how many more.
    """

    metres: float
    side: str
    people: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Site:
    """One suggested point and whom it would serve.

    `people_gained` counts people nobody serves now and no site of a smaller rank would
    serve: the gains of a plan, less the losses of what it closes, add up to its total.
    `distance_now_m` and `distance_then_m` are those people's mean distance to the nearest
    point today and once this one is open. `host` names the nearest real place that could
    house the point, with `host_type` and `host_m` its kind and distance; None where no such
    place is known. `id` is the candidate's, the same in every plan on the same data. `cost`
    is in thousand đồng, None without a budget. `roll_out` is the place in the order in which
    to open the sites.
    """

    rank: int
    lon: float
    lat: float
    commune_code: str
    commune: str
    people_gained: int
    distance_now_m: float | None
    distance_then_m: float | None
    host: str | None
    host_type: str | None
    host_m: float | None
    id: str = ""
    kind: CandidateKind = CandidateKind.SETTLEMENT
    former_code: str | None = None
    cost: int | None = None
    shift: Shift | None = None
    firmness: Firmness | None = None
    refusing: Refusing | None = None
    roll_out: int | None = None

    @property
    def housed_by(self) -> str | None:
        """The known place in which the point could stand, None where the nearest is elsewhere."""
        return self.host if self.host_m is not None and self.host_m <= AT_HOST_M else None

    def as_dict(self) -> dict[str, Any]:
        """Return the site as plain values for JSON: people, metres, degrees."""
        return {**asdict(self), "kind": self.kind.value,
                "firmness": self.firmness and self.firmness.value}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClosedPoint:
    """An open point that the plan closes or moves away.

    `people_lost` are those who have no point within their radius once the plan is carried
    out and this point, and those before it in the list, are closed.
    """

    point_id: str
    name: str
    commune_code: str | None
    lon: float
    lat: float
    people_lost: int
    contract_date: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the point as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Basis:
    """The scenario that a plan adds to: its number, and its changes when the plan was asked for.

    What they add counts as existing, what they close as closed. `settled`: those about which
    the province has decided are left out.
    """

    scenario: int
    changes: tuple[Change, ...]
    settled: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the basis as plain values for JSON."""
        return {"scenario": self.scenario, "changes": [each.as_dict() for each in self.changes],
                **({"settled": True} if self.settled else {})}  # fmt: skip

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Basis":
        """Return the basis that plain values stand for."""
        changes = tuple(Change.of(each) for each in value["changes"])
        return cls(int(value["scenario"]), changes, value.get("settled") is True)

    @classmethod
    def within(cls, question: Mapping[str, Any]) -> "Basis | None":
        """Return the basis that the plain values of a question name, None where they name none."""
        return cls.of(question[BASIS]) if BASIS in question else None


@dataclass(frozen=True, slots=True)
class Upon:
    """What a plan is made upon besides the data: the scenario it adds to, decisions it counts."""

    basis: Basis | None = None
    decisions: Decisions = field(default_factory=Decisions)

    KEYS: ClassVar = (BASIS, DECISIONS)

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values of a question, nothing where there is nothing."""
        return {
            **({BASIS: self.basis.as_dict()} if self.basis else {}),
            **({DECISIONS: self.decisions.as_dict()} if self.decisions else {}),
        }

    @classmethod
    def within(cls, question: Mapping[str, Any]) -> "Upon":
        """Return what the plain values of a question name."""
        return cls(Basis.within(question), Decisions.within(question))


@dataclass(frozen=True, slots=True)
class Quarter:
    """The end of a quarter in which sites of a plan opened.

    `points` of the plan are open by then and `people` are served in all. A plan made afresh
    for just so many points serves `people_afresh`, and none serves more than `bound`.
    """

    points: int
    people: int
    people_afresh: int
    bound: int

    @property
    def cost_of_nesting(self) -> int:
        """How many people fewer are served than by the plan made afresh."""
        return self.people_afresh - self.people

    def as_dict(self) -> dict[str, int]:
        """Return the quarter as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SitingPlan:
    """Suggested points and a proof of how good they are.

    `value` and `bound` count in `unit`: no choice under the rules asked, of the same
    `candidates`, is better than the bound. `people_gained` is how many more people have a
    point within their radius than today, of `people_unserved` without one. The plan may
    name fewer sites than asked when fewer already serve everyone that can be served.
    `optimised_people_gained` is how many more people optimisation reaches on the same
    candidates where the method is another, None where it is the method or was not asked.
    `basis` is what the network was changed by before the plan was made, None where it is the
    network as it is; `decisions` are those of the province that it counts; `fingerprint` is of
    the data alone.
    `stopped` says why the search ended: proved, done, time or asked. `seconds` is how long
    the work took on this machine; it is no part of the plan, which is the same everywhere.
    """

    province_code: str
    valid_from: str
    standard: ServiceStandard
    base: PopulationBase
    ask: SuggestionAsk
    candidates: int
    people: int
    people_unserved: int
    people_gained: int
    value: float
    bound: float
    sites: tuple[Site, ...]
    fingerprint: str
    closed: tuple[ClosedPoint, ...] = ()
    stopped: str = "done"
    optimised_people_gained: int | None = None
    basis: Basis | None = None
    decisions: Decisions = field(default_factory=Decisions)
    seconds: float | None = field(default=None, compare=False)

    @property
    def upon(self) -> Upon:
        """What it was made upon besides the data."""
        return Upon(self.basis, self.decisions)

    @property
    def method(self) -> Method:
        """How the sites were chosen."""
        return self.ask.method

    @property
    def seed(self) -> int:
        """The seed of every random step."""
        return self.ask.seed

    @property
    def points_asked(self) -> int:
        """How many points might be added."""
        return self.ask.points

    @property
    def objective(self) -> Objective:
        """What the plan is to be best at."""
        return self.ask.objective

    @property
    def unit(self) -> Unit:
        """What `value` and `bound` count."""
        return Unit.TENTHS if self.ask.fade else UNITS[self.objective]

    @property
    def cost(self) -> int | None:
        """What the sites cost together in thousand đồng; None without a budget."""
        costs = [site.cost for site in self.sites if site.cost is not None]
        return None if self.ask.budget is None else sum(costs)

    @property
    def proved_optimal(self) -> bool:
        """Whether the bound says that nothing better exists."""
        return self.value == self.bound

    @property
    def upper_bound_people_gained(self) -> int | None:
        """How many further people any choice can serve; None where people are not the aim."""
        if self.unit != Unit.PEOPLE:
            return None
        return floor(self.bound) - (self.people - self.people_unserved)

    @property
    def gap_people(self) -> int | None:
        """How many people more a better plan could reach at most; None as above."""
        most = self.upper_bound_people_gained
        return None if most is None else most - self.people_gained

    @property
    def people_given_up(self) -> int | None:
        """How many people fewer the method reaches than optimisation; None as for that."""
        optimised = self.optimised_people_gained
        return None if optimised is None else optimised - self.people_gained

    @property
    def per_cent_given_up(self) -> float:
        """Those people in per cent of whom optimisation reaches; 0 where that is nobody."""
        return 100 * (self.people_given_up or 0) / (self.optimised_people_gained or 1)

    def host_near(self, site: Site) -> str | None:
        """Return the nearest known place of a site as far as it could house the point.

        None where it lies beyond the largest radius of the standard: a point there would serve
        other people than the site does.
        """
        near = site.host_m is not None and site.host_m <= self.standard.largest_m
        return site.host if near else None

    def told_sites(self) -> list[dict[str, Any]]:
        """Return the sites as plain values for readers: no host that is too far to house one."""
        nothing = {"host": None, "host_type": None, "host_m": None}
        return [each.as_dict() | ({} if self.host_near(each) else nothing) for each in self.sites]

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON."""
        return {
            "province_code": self.province_code, "valid_from": self.valid_from,
            "standard": self.standard.as_dict(), "population_base": self.base.as_dict(),
            "ask": self.ask.as_dict(), "method": self.method.value, "seed": self.seed,
            "points_asked": self.points_asked, "objective": self.objective.value,
            "candidates": self.candidates, "people": self.people,
            "people_unserved": self.people_unserved, "people_gained": self.people_gained,
            "upper_bound_people_gained": self.upper_bound_people_gained,
            "gap_people": self.gap_people, "value": self.value, "bound": self.bound,
            "unit": self.unit.value, "proved_optimal": self.proved_optimal,
            "stopped": self.stopped, "cost": self.cost,
            "optimised_people_gained": self.optimised_people_gained,
            "sites": [each.as_dict() for each in self.sites],
            "closed": [each.as_dict() for each in self.closed],
            "fingerprint": self.fingerprint,
            **self.upon.as_values(),
        }  # fmt: skip
