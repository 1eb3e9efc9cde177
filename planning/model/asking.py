"""What a planner asks of a suggestion: the aim, how many points, by which rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from geo.errors import N_
from planning.model.performance import Need
from planning.model.wishes import (
    MOST_POINTS,
    Budget,
    Existing,
    Part,
    RuleWishes,
    Variation,
    Wrong,
    listed,
    number,
)

DEFAULT_POINTS = 40
_FADE = (1.1, 5.0)
_MOST_SECONDS = 3600.0
_MOST_VARIATIONS = 20


class Objective(StrEnum):
    """What a plan is to be best at."""

    MOST_PEOPLE = "most people"  # maximal covering, with or without fading
    FEWEST_POINTS = "fewest points"  # partial set covering: so many people, least points
    MEAN_DISTANCE = "mean distance"  # p-median
    WORST_DISTANCE = "worst distance"  # p-center


class Method(StrEnum):
    """The ways to choose sites, interchangeable on the same candidates."""

    COVERAGE = "coverage"  # optimisation for the objective, with a bound
    CLUSTERS = "clusters"  # people-weighted clustering, centres moved to admissible sites


class Effort(StrEnum):
    """How much work a solver may do: counted in steps, so that every machine does the same."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class SuggestionAsk(Part):
    """What a planner asks of a suggestion.

    `points` is how many may be added; for the fewest points, and with a budget, more than
    needed may be allowed. `target` is the share of all people (0..1) that the fewest points
    must serve. `fade` lets coverage fall from the radius to `fade` times the radius in
    tenths instead of at once. `seconds` ends a long search with the best plan so far.
    `firmness` marks each site by solving again under the usual variations of what nobody
    knows exactly, `variations` under those named. `polish` asks again with the places inside settlements from which sites would serve more.
    """

    points: int = DEFAULT_POINTS
    method: Method = Method.COVERAGE
    seed: int = 7
    objective: Objective = Objective.MOST_PEOPLE
    effort: Effort = Effort.NORMAL
    seconds: float | None = None
    target: float | None = None
    fade: float | None = None
    budget: Budget | None = None
    rules: RuleWishes = field(default_factory=RuleWishes)
    existing: Existing = field(default_factory=Existing)
    firmness: bool = False
    variations: tuple[Variation, ...] = ()
    polish: bool = False

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong."""
        # Without a new point something must at least be able to move.
        least = 0 if self.existing.closable else 1
        if not isinstance(self.points, int) or not least <= self.points <= MOST_POINTS:
            yield Wrong(
                "points",
                N_("Ask for %(least)s to %(most)s points, not %(points)s."),
                {"least": least, "most": MOST_POINTS, "points": self.points},
            )
        if not 0 <= self.seed < 2**32:
            yield Wrong(
                "seed",
                N_("A seed is a whole number from 0 to 4294967295, not %(seed)s."),
                {"seed": str(self.seed)},
            )
        if self.seconds is not None:
            what = N_("The seconds that a search may take")
            yield from number("seconds", what, self.seconds, 0.1, _MOST_SECONDS)
        yield from listed("variations", self.variations)
        if len(self.variations) > _MOST_VARIATIONS:
            yield Wrong(
                "variations",
                N_("A list has at most %(most)s entries, not %(count)s."),
                {"most": _MOST_VARIATIONS, "count": len(self.variations)},
            )
        yield from self._aim_wrong()

    def _aim_wrong(self) -> Iterator[Wrong]:
        fewest = self.objective == Objective.FEWEST_POINTS
        if self.target is not None:
            yield from number("target", N_("A share of people"), self.target, 0.01, 1.0)
        if fewest != (self.target is not None):
            yield Wrong(
                "target",
                N_("The share of people to serve goes with the fewest points, and only with them."),
                joint=True,
            )
        counts_people = self.objective in (Objective.MOST_PEOPLE, Objective.FEWEST_POINTS)
        if self.fade is not None:
            yield from number("fade", N_("The factor at which coverage ends"), self.fade, *_FADE)  # fmt: skip
            if self.objective != Objective.MOST_PEOPLE:
                yield Wrong("fade", N_("Coverage that fades goes with the most people only."), joint=True)  # fmt: skip
            if self.rules.capacity is not None:
                yield Wrong("fade", N_("Coverage that fades and a capacity of points do not go together."), joint=True)  # fmt: skip
        if self.rules.capacity is not None and not counts_people:
            yield Wrong(
                "rules.capacity",
                N_("A capacity of points goes with the most people or the fewest points, not with distances."),
                joint=True,
            )  # fmt: skip
        if self.method == Method.CLUSTERS and not self._only_a_number:
            yield Wrong(
                "method",
                N_("The method of clusters takes a number of points and no rules; use coverage."),
                joint=True,
            )

    @property
    def _only_a_number(self) -> bool:
        asked = (self.objective, self.target, self.fade, self.budget, self.rules, self.existing)
        return asked == (Objective.MOST_PEOPLE, None, None, None, RuleWishes(), Existing())

    def as_dict(self) -> dict[str, Any]:
        """Return the question as plain values, as a question written as a file holds it."""
        return _plain_values(self)


def points_asked(points: int | None, objective: Objective, *, limited: bool) -> int:
    """Return how many points may be added where a planner may have left the number away.

    `limited` says that something else, as a budget, limits them.
    """
    if points is not None:
        return points
    return MOST_POINTS if limited or objective == Objective.FEWEST_POINTS else DEFAULT_POINTS


def demand_values(need: Need) -> dict[str, str]:
    """Return who is counted as plain values of a question: nothing for everybody."""
    return {} if need is Need.EVERYBODY else {"demand": need.value}


def _plain_values(part: Any) -> dict[str, Any]:
    """Return the fields of a part that differ from their defaults, points and seed always."""
    found = {}
    for each in fields(part):
        value = getattr(part, each.name)
        if value in (None, ()) or (is_dataclass(value) and not _plain_values(value)):
            continue
        if not isinstance(part, SuggestionAsk) and value == each.default:
            continue
        found[each.name] = _plain_value(value)
    return found


def _plain_value(value: Any) -> Any:
    if is_dataclass(value):
        return _plain_values(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        if value and all(isinstance(each, tuple) for each in value):
            return dict(value)  # pairs of a host type and its cost
        return [_plain_value(each) for each in value]
    return value
