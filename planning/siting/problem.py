"""One question about where points should be, whatever is asked and by which rules."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from planning.model.siting import Objective
from planning.siting.distances import Distances
from planning.siting.rules import Rules

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class FadeStep:
    """People within `factor` times their radius count with `tenths` tenths."""

    factor: float
    tenths: int


@dataclass(frozen=True)
class Floor:
    """Of the people of these places (ascending positions) at least `least` are served."""

    name: str
    places: Whole
    least: int


@dataclass(frozen=True)
class SitingProblem:
    """Choose among m sites for n places where `people` live, under `rules`.

    `radius_m` (n,) is how far counts as served (≤), `now_m` (n,) the distance to the nearest
    point that stays whatever is chosen (inf: none). `fade` replaces the cliff at the radius
    by steps, nearest first. `target` is how many people must be served where the fewest
    points are asked for. With `worst_m` nobody may live farther than that from his nearest
    point. `capacity` (m,) is how many people a site can serve; then all points that stay are
    sites too, locked in, and `now_m` is inf everywhere.
    """

    people: Whole
    radius_m: Real
    now_m: Real
    distances: Distances
    rules: Rules
    objective: Objective = Objective.MOST_PEOPLE
    fade: tuple[FadeStep, ...] = ()
    target: int = 0
    worst_m: float | None = None
    floors: tuple[Floor, ...] = ()
    capacity: Whole | None = None

    def __post_init__(self) -> None:
        sites, places = self.distances.shape
        for name in ("people", "radius_m", "now_m"):
            if len(getattr(self, name)) != places:
                raise ValueError(f"{name} has {len(getattr(self, name))} places, not {places}")
        if self.rules.sites != sites:
            raise ValueError(f"the rules are for {self.rules.sites} sites, not {sites}")
        factors = [step.factor for step in self.fade]
        tenths = [step.tenths for step in self.fade]
        if factors != sorted(set(factors)) or tenths != sorted(tenths, reverse=True):
            raise ValueError("steps of a fade go outward and never count more farther out")
        if (self.people < 0).any():
            raise ValueError("people are never negative")


class Stopped(StrEnum):
    """Why the search for a better plan ended."""

    PROVED = "proved"  # the bound meets the value
    DONE = "done"  # the agreed effort was spent
    TIME = "time"  # the time allowed ran out
    ASKED = "asked"  # someone asked to stop


@dataclass(frozen=True)
class Answer:
    """Positions of chosen sites (locked-in ones included), its value, and the bound on any choice.

    `value` and `bound` are in the objective's own unit: people served, those who are served
    already included (tenths of people where coverage fades); sites; person-metres; metres.
    The bound is above the value where more is better and below it where less is better.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    stopped: Stopped = Stopped.DONE
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def proved(self) -> bool:
        """Whether nothing better exists."""
        return self.value == self.bound
