"""How many people can be served with so many points: what was found, what none exceeds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from planning.model.siting import SitingPlan


@dataclass(frozen=True, slots=True)
class PeopleCurve:
    """People served in all with 0, 1, … new points: by the best plan found, and the bound.

    −1 people where no plan obeys the rules with so few points.
    """

    people: tuple[int, ...]
    bound: tuple[int, ...]

    @property
    def most(self) -> int:
        """The largest number of points."""
        return len(self.people) - 1

    def with_plan(self, plan: SitingPlan) -> "PeopleCurve":
        """Return the curve with what a plan of the same question adds to it.

        Its first sites are a choice of so many points too, and its bound holds for fewer.
        """
        people, bound = list(self.people), list(self.bound)
        gains = [each.people_gained for each in plan.sites]
        served = list(accumulate(gains, initial=plan.people - plan.people_unserved))
        for number in range(len(people)):
            people[number] = max(people[number], served[min(number, len(gains))])
            if number <= plan.points_asked:
                bound[number] = min(bound[number], int(plan.bound))
        return replace(self, people=tuple(people), bound=tuple(bound))

    def as_dict(self) -> dict[str, Any]:
        """Return the curve as plain values for JSON."""
        return {"people": list(self.people), "bound": list(self.bound)}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "PeopleCurve":
        """Return the curve that plain values stand for."""
        return cls(tuple(value["people"]), tuple(value["bound"]))
