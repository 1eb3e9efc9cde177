"""Jobs as rows: asked for, taken by one worker at a time, ended once.

Whoever works on a job writes with its `Claim`: a worker that was taken for dead, and whose
job was given to another, changes nothing any more.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import sqlalchemy as sa

from geo.errors import N_, Refusal
from planning.model.errors import RequestError
from planning.model.jobs import ENDED, MOST_ATTEMPTS, Claim, Job, JobState, Stop, plain, refusal_of
from planning.store import schema

LEASE_S = 10.0  # a worker that was silent for so long is taken for dead
_MOST_KEPT = 200  # ended jobs of a province
_BROKEN = N_(
    "The calculation broke off %(times)s times; the log of the server says more. Ask for fewer points or less effort, or try again."
)
_NOTHING: dict[str, None] = {"value": None, "bound": None, "people": None}  # known of a plan
_job = schema.job.c
_OPEN = _job.state.in_([JobState.WAITING.value, JobState.RUNNING.value])


def add(
    db: sa.Connection, kind: str, province: str, question: Mapping[str, Any], *, at: str, by: str
) -> int:
    """Keep a new job and return its number; the oldest ended ones make room."""
    made = db.execute(
        sa.insert(schema.job).values(
            kind=kind, province_code=province, question=dict(question),
            state=JobState.WAITING.value, asked_at=at, asked_by=by, attempt=0,
        )
    )  # fmt: skip
    ended = sa.select(_job.id).where(
        _job.province_code == province, _job.state.in_([each.value for each in ENDED])
    )
    old = ended.order_by(_job.id.desc()).offset(_MOST_KEPT)
    db.execute(sa.delete(schema.job).where(_job.id.in_(old)))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def load(db: sa.Connection, number: int) -> Job | None:
    """Return a job, None where there is none of this number."""
    row = db.execute(sa.select(schema.job).where(_job.id == number)).mappings().first()
    return None if row is None else _read(row)


def still_open(db: sa.Connection, province: str) -> list[Job]:
    """Return the jobs of a province that wait or run, oldest first."""
    query = sa.select(schema.job).where(_OPEN, _job.province_code == province).order_by(_job.id)
    return [_read(row) for row in db.execute(query).mappings()]


def ask_to_stop(db: sa.Connection, number: int, how: Stop, *, at: str) -> None:
    """Cancel a job that waits; tell the worker of one that runs. One that ended stays."""
    waiting = sa.and_(_job.id == number, _job.state == JobState.WAITING.value)
    db.execute(
        sa.update(schema.job).where(waiting)
        .values(state=JobState.CANCELLED.value, ended_at=at, stop=how.value)
    )  # fmt: skip
    running = sa.and_(_job.id == number, _job.state == JobState.RUNNING.value)
    stricter = sa.or_(_job.stop.is_(None), _job.stop != Stop.DROP.value)
    db.execute(sa.update(schema.job).where(running, stricter).values(stop=how.value))


def to_be_taken(db: sa.Connection, *, now: float) -> bool:
    """Return whether a job waits, or has a worker who is silent; nothing is written."""
    silent = sa.and_(_job.state == JobState.RUNNING.value, _job.beat < now - LEASE_S)
    query = sa.select(_job.id).where(sa.or_(_job.state == JobState.WAITING.value, silent))
    return db.execute(query.limit(1)).first() is not None


def claim(db: sa.Connection, worker: str, *, now: float, at: str) -> Job | None:
    """Take the oldest job that waits, or whose worker is silent; None where there is none.

    A job that was tried too often already fails instead.
    """
    silent = sa.and_(_job.state == JobState.RUNNING.value, _job.beat < now - LEASE_S)
    for left in db.execute(sa.select(schema.job).where(silent).order_by(_job.id)).all():
        _let_go(db, Claim(left.id, left.worker, left.attempt), at)
    first = sa.select(_job.id).where(_job.state == JobState.WAITING.value).order_by(_job.id)
    # On a server several may take at once: none waits for a job another is just taking.
    free = first.limit(1).with_for_update(skip_locked=True)
    taken = (
        sa.update(schema.job)
        .where(_job.id == free.scalar_subquery())
        .values(
            state=JobState.RUNNING.value, worker=worker, attempt=_job.attempt + 1, beat=now,
            began_at=sa.func.coalesce(_job.began_at, at),
            **_NOTHING,
        )
        .returning(schema.job)
    )  # fmt: skip
    row = db.execute(taken).mappings().first()
    return None if row is None else _read(row)


def beat(db: sa.Connection, worker: str, *, now: float) -> dict[Claim, Stop | None]:
    """Say that a worker is alive; return the jobs it still holds and how each shall end."""
    mine = sa.and_(_job.worker == worker, _job.state == JobState.RUNNING.value)
    held = db.execute(
        sa.update(schema.job).where(mine).values(beat=now).returning(_job.id, _job.attempt, _job.stop)
    )  # fmt: skip
    return {Claim(row.id, worker, row.attempt): row.stop and Stop(row.stop) for row in held.all()}


def wishes(db: sa.Connection, worker: str) -> dict[int, Stop]:
    """Return which jobs of a worker shall end before their time, and how."""
    mine = sa.and_(_job.worker == worker, _job.state == JobState.RUNNING.value)
    found = db.execute(sa.select(_job.id, _job.stop).where(mine, _job.stop.is_not(None)))
    return {row.id: Stop(row.stop) for row in found}


def tell(
    db: sa.Connection, held: Claim, people: int | None, value: float | None, bound: float | None
) -> None:
    """Write how far a job is."""
    figures = {
        name: number if number is not None and isfinite(number) else None
        for name, number in (("value", value), ("bound", bound))
    }
    db.execute(sa.update(schema.job).where(_holds(held)).values(people=people, **figures))


def holds(db: sa.Connection, held: Claim) -> bool:
    """Return whether a claim still holds, and a result is still wanted.

    It then holds to the end of the transaction: nobody takes the job away meanwhile.
    """
    wanted = sa.or_(_job.stop.is_(None), _job.stop != Stop.DROP.value)
    mine = sa.select(_job.id).where(_holds(held), wanted).with_for_update()
    return db.execute(mine).first() is not None


def finish(db: sa.Connection, held: Claim, plan: int, *, at: str) -> None:
    """End a job with its plan, in the transaction that found that its claim holds."""
    _end(db, _holds(held), JobState.DONE, at, plan_id=plan)


def refuse(db: sa.Connection, held: Claim, refusal: Refusal, *, at: str) -> bool:
    """End a job with the sentence that says why; return False where the claim no longer holds.

    One that somebody asked to stop before it had a plan did not fail: it was cancelled.
    """
    body = plain(refusal)
    if not body.get("impossible") and _end(
        db, sa.and_(_holds(held), _job.stop.is_not(None)), JobState.CANCELLED, at, refusal=body
    ):
        return True
    return _end(db, _holds(held), JobState.FAILED, at, refusal=body)


def broke_off(db: sa.Connection, held: Claim, *, at: str) -> None:
    """Note that the work on a job ended without a result: it is tried again, or fails.

    Nothing happens to a job that ended well, or that is somebody else's by now.
    """
    _let_go(db, held, at)


def hand_back(db: sa.Connection, held: Claim) -> None:
    """Put a job back as it was before it was taken: its worker is going home."""
    db.execute(
        sa.update(schema.job).where(_holds(held))
        .values(state=JobState.WAITING.value, worker=None, attempt=_job.attempt - 1, **_NOTHING)
    )  # fmt: skip


def _let_go(db: sa.Connection, held: Claim, at: str) -> None:
    if _end(db, sa.and_(_holds(held), _job.stop.is_not(None)), JobState.CANCELLED, at):
        return
    if held.attempt >= MOST_ATTEMPTS:
        refusal = plain(RequestError(_BROKEN, times=held.attempt))
        _end(db, _holds(held), JobState.FAILED, at, refusal=refusal)
        return
    db.execute(
        sa.update(schema.job).where(_holds(held))
        .values(state=JobState.WAITING.value, worker=None, **_NOTHING)
    )  # fmt: skip


def _end(
    db: sa.Connection, where: sa.ColumnElement[bool], state: JobState, at: str, **values: Any
) -> bool:
    changed = db.execute(
        sa.update(schema.job).where(where).values(state=state.value, ended_at=at, **values)
    )
    return changed.rowcount == 1


def _holds(held: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(
        _job.id == held.job, _job.state == JobState.RUNNING.value,
        _job.worker == held.worker, _job.attempt == held.attempt,
    )  # fmt: skip


def _read(row: Any) -> Job:
    return Job(
        id=row["id"], kind=row["kind"], province=row["province_code"], question=row["question"],
        state=JobState(row["state"]), asked_at=row["asked_at"], asked_by=row["asked_by"],
        attempt=row["attempt"], stop=row["stop"] and Stop(row["stop"]), value=row["value"],
        bound=row["bound"], people=row["people"], began_at=row["began_at"],
        ended_at=row["ended_at"], plan_id=row["plan_id"],
        refusal=None if row["refusal"] is None else refusal_of(row["refusal"]),
    )  # fmt: skip
