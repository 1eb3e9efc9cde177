"""Ask for a job, look how it stands, cancel it."""

import time
from collections.abc import Mapping
from typing import Any

from geo.errors import N_
from planning.model.errors import NotFoundError
from planning.model.jobs import Job, Stop
from planning.services.requests import now
from planning.store import audit, jobs
from planning.store.session import Store

SUGGEST, CURVE = "suggest", "curve"
_LOOK_S = 0.05


def ask(
    store: Store, kind: str, province: str, question: Mapping[str, Any], by: str = "local"
) -> int:
    """Keep a job and return its number; the same question that is still open is one job.

    `question` is what is asked, as a question written as a file holds it.
    """
    with store.writing() as db:
        for each in jobs.still_open(db, province):
            if (each.kind, each.question, each.stop) == (kind, dict(question), None):
                return each.id
        at = now()
        number = jobs.add(db, kind, province, question, at=at, by=by)
        audit.record(db, "jobs:job:asked", province, at=at, actor=by, job=number, kind=kind)
        return number


def status(store: Store, province: str, number: int) -> Job:
    """Return how a job of a province stands; raise `NotFoundError` where there is none."""
    with store.reading() as db:
        job = jobs.load(db, number)
    if job is None or job.province != province:
        raise NotFoundError(
            N_("Province %(province)s has no calculation number %(code)s; ended ones are kept for a while only. Ask again on the page of suggestions."),
            province=province, code=number,
        )  # fmt: skip
    return job


def still_open(store: Store, province: str) -> list[Job]:
    """Return the jobs of a province that wait or run, oldest first."""
    with store.reading() as db:
        return jobs.still_open(db, province)


def cancel(
    store: Store, province: str, number: int, *, keep_best: bool = True, by: str = "local"
) -> None:
    """End a job before its time, with the best plan so far or at once with none."""
    status(store, province, number)
    how, at = (Stop.KEEP if keep_best else Stop.DROP), now()
    with store.writing() as db:
        jobs.ask_to_stop(db, number, how, at=at)
        audit.record(
            db, "jobs:job:stopped", province, at=at, actor=by, job=number, how=how.value
        )  # fmt: skip


def settled(store: Store, province: str, number: int, seconds: float) -> Job:
    """Return a job as soon as it has ended, or as it stands after so many seconds."""
    until = time.monotonic() + seconds
    while True:
        job = status(store, province, number)
        if job.ended or time.monotonic() >= until:
            return job
        time.sleep(_LOOK_S)
