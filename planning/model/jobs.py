"""Work that takes longer than a page may: what was asked, how far it is, how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from geo.errors import Refusal, Word
from planning.model.errors import ImpossibleAsk, QuestionError

MOST_ATTEMPTS = 3


class JobState(StrEnum):
    """Where a job stands; the last three are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Stop(StrEnum):
    """How a running job is asked to end before its time."""

    KEEP = "keep"  # with the best plan found so far
    DROP = "drop"  # at once, with nothing


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on a job, and for which time: only its holder may write to the job.

    A job that was given to somebody else has another worker or another attempt.
    """

    job: int
    worker: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `question` is what was asked, as a question written as a file holds it.

    `value` and `bound` are those of the best plan so far in the unit of the question's aim,
    `people` everybody counted; None before anything is known. Moments are ISO text in UTC.
    `refusal` says why the job failed.
    """

    id: int
    kind: str
    province: str
    question: Mapping[str, Any]
    state: JobState
    asked_at: str
    asked_by: str
    attempt: int = 0
    stop: Stop | None = None
    value: float | None = None
    bound: float | None = None
    people: int | None = None
    began_at: str | None = None
    ended_at: str | None = None
    plan_id: int | None = None
    refusal: Refusal | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ENDED


def plain(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as plain values, so that it can be said later in any language."""
    found: dict[str, Any] = {
        "message": refusal.message,
        "params": {name: _plain(value) for name, value in refusal.params.items()},
    }
    if isinstance(refusal, QuestionError):
        found["lines"] = [plain(each) for each in refusal.lines]
        found["impossible"] = isinstance(refusal, ImpossibleAsk)
    return found


def refusal_of(kept: Mapping[str, Any]) -> Refusal:
    """Return the refusal that plain values stand for."""
    params = {
        name: Word(value["word"]) if isinstance(value, dict) else value
        for name, value in kept["params"].items()
    }
    if "lines" not in kept:
        return Refusal(kept["message"], **params)
    kind = ImpossibleAsk if kept["impossible"] else QuestionError
    return kind(kept["message"], tuple(refusal_of(each) for each in kept["lines"]), **params)


def _plain(value: object) -> Any:
    if isinstance(value, Word | StrEnum):
        return {"word": str(value)}
    if value is None or isinstance(value, str | bool | int | float):
        return value
    item = getattr(value, "item", None)  # a number of numpy
    return item() if callable(item) else str(value)
