"""What one check found: the failures, and of how many records it could say anything."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.analysis.compliance.register import Register
from planning.model.compliance import Check, Failure, Record

Whose = tuple[str, str]  # the organisation a record belongs to and the commune it lies in


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a check.

    `known` counts by organisation and commune the records of which it could be said whether
    they keep the rule, the failing ones among them; `unknown` those of which it could not,
    because the register does not say. Unknown is never failing.
    """

    failures: tuple[Failure, ...] = ()
    known: Mapping[Whose, int] = field(default_factory=dict)
    unknown: Mapping[Whose, int] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """How many records it could say something of."""
        return sum(self.known.values())


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one failing point: since when (empty: not known), and the facts."""

    since: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    record: tuple[Record, str] | None = None  # where it is not the point itself


def of_points(
    register: Register, check: Check, failing: Mapping[int, Told], unknown: Iterable[int],
    looked_at: NDArray[np.bool_],
) -> Found:  # fmt: skip
    """Return what was found of the points `looked_at`, shape (n_points,), by their rows."""
    failures = []
    for row, told in failing.items():
        record, record_id = told.record or (Record.POINT, register.point_ids[row])
        failures.append(
            Failure(check, record, record_id, register.point_names[row],
                    register.point_employers[row], register.lies[row], told.since,
                    seen=not told.since, facts=told.facts)
        )  # fmt: skip
    whose = list(zip(register.point_employers, register.lies, strict=True))
    not_known = set(unknown)
    known = [row for row in np.flatnonzero(looked_at).tolist() if row not in not_known]
    return Found(tuple(failures), tally(whose, known), tally(whose, not_known))


def tally(whose: Sequence[Whose], rows: Iterable[int]) -> Counter[Whose]:
    """Return how many of the rows are whose."""
    return Counter(whose[row] for row in rows)


def past(since: str, day: str) -> str:
    """Return a day from which a rule is broken, empty where it is given but yet to come."""
    return since if since <= day else ""
