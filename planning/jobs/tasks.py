"""What each kind of job does: one service, and how its result is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from planning.jobs.asking import CURVE, SUGGEST
from planning.model.jobs import Job
from planning.model.siting import Upon
from planning.services import rolling, siting
from planning.siting.effort import Watch
from planning.store.session import Store
from planning.store.situation import load_situation

Keep = Callable[[sa.Connection], int]


class Line(Protocol):
    """The line from a job to whoever asked for it."""

    def tell(self, people: int, value: float | None, bound: float | None) -> bool:
        """Pass on how far the search is; return whether to end it."""

    def on_stop(self, act: Callable[[], None]) -> None:
        """Have `act` done once, as soon as somebody asks to stop."""


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job. `work` returns what writes the result into the transaction of the end."""

    work: Callable[[Store, Job, Line], Keep]


def _suggest(store: Store, job: Job, line: Line) -> Keep:
    asked = siting.stated(job.question)
    request = siting.request_of(asked, job.province)
    situation = load_situation(store, job.province, request.valid_from, request.need)
    people = int(situation.people.sum())
    line.tell(people, None, None)

    def tell(value: float, bound: float) -> bool:
        # Below zero no plan is known yet, only what none can exceed.
        return line.tell(people, float(value) if value >= 0 else None, float(bound))

    watch = Watch(tell, asked.ask.seconds or float("inf"))
    # What comes after the search asks the watch, and tells nobody.
    line.on_stop(lambda: setattr(watch, "asked", True))
    plan = siting.made(store, request, asked.ask, watch, Upon.within(job.question))
    return lambda db: siting.keep(db, plan, by=job.asked_by)


def _curve(store: Store, job: Job, line: Line) -> Keep:
    number = int(job.question["plan"])
    plan = siting.kept(store, job.province, number).plan
    line.tell(plan.people, None, None)
    watch = Watch(
        lambda value, bound: line.tell(plan.people, float(value) if value >= 0 else None, bound)
    )
    line.on_stop(lambda: setattr(watch, "asked", True))
    found = rolling.worked_out(store, plan, watch)

    def keep(db: sa.Connection) -> int:
        rolling.keep(db, plan, found)
        return number

    return keep


TASKS = {SUGGEST: Task(_suggest), CURVE: Task(_curve)}
