"""What each kind of job does: one service, and how its result is kept."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from planning.jobs.asking import SUGGEST
from planning.model.jobs import Job
from planning.services import siting
from planning.services.requests import AnalysisRequest
from planning.siting.effort import Watch
from planning.store.session import Store
from planning.store.situation import load_situation

Tell = Callable[[int, float | None, float | None], bool]
Keep = Callable[[sa.Connection], int]


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job. `work` returns what writes the result into the transaction of the end."""

    work: Callable[[Store, Job, Tell], Keep]


def _suggest(store: Store, job: Job, tell: Tell) -> Keep:
    asked = siting.stated(job.question)
    request = AnalysisRequest(job.province, asked.valid_from, asked.standard)
    people = int(load_situation(store, job.province, asked.valid_from).demand["people"].sum())
    tell(people, None, None)
    limit = asked.ask.seconds or float("inf")
    watch = Watch(lambda value, bound: tell(people, float(value), float(bound)), limit)
    plan = siting.made(store, request, asked.ask, watch)
    return lambda db: siting.keep(db, plan, by=job.asked_by)


TASKS = {SUGGEST: Task(_suggest)}
