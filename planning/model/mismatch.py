"""Where access and results disagree: four kinds of communes, and what each of them lacks."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from geo.errors import N_
from planning.model.errors import RequestError

MOST_RATE = 10.0  # a threshold of ten times the target is none


class Access(StrEnum):
    """What access is measured by."""

    SHARE = "share"  # share of people served, 0..1
    STAFF = "staff"  # staff within reach for every 10,000 people


class Kind(StrEnum):
    """Access and results of a commune beside the thresholds."""

    BOTH = "both"  # good access, good results
    PERSON = "person"  # good access, poor results: a person is what is missing
    BEYOND = "beyond"  # poor access, good results
    POINT = "point"  # poor access, poor results: a point is what is missing
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where access and results are good, exactly at it included; None: the province's mean.

    `access` is a share in 0..1 or staff for every 10,000 people; `rate` is results ÷ target.
    Raises `RequestError` for what cannot be meant.
    """

    access: float | None = None
    rate: float | None = None

    def require_for(self, by: Access) -> None:
        """Refuse a threshold of access that its measure cannot have, and one of results."""
        # Shares are told in per cent, as they are written.
        most, scale = (1.0, 100) if by is Access.SHARE else (10_000.0, 1)
        if self.access is not None and not 0 <= self.access <= most:
            raise RequestError(
                N_("Good access must begin between 0 and %(most)s; %(value)s does not."),
                most=most * scale, value=self.access * scale,
            )  # fmt: skip
        if self.rate is not None and not 0 <= self.rate <= MOST_RATE:
            raise RequestError(
                N_("Good results must begin between 0 and %(most)s per cent of the target; %(value)s does not."),
                most=MOST_RATE * 100, value=self.rate * 100,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommuneKind:
    """A commune with its access and its completion; None where one is not known."""

    code: str
    name: str
    people: int | None
    access: float | None
    rate: float | None
    kind: Kind

    def as_dict(self) -> dict[str, Any]:
        """Return the commune as plain values for JSON."""
        return asdict(self) | {"kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Every commune of a province by its kind.

    `access_from` and `rate_from` are the thresholds that held, None where there is no mean to
    hold communes to: then they are of no kind.
    """

    by: Access
    access_from: float | None
    rate_from: float | None
    communes: tuple[CommuneKind, ...]

    def of(self, kind: Kind) -> tuple[CommuneKind, ...]:
        """Return the communes of a kind, most people first."""
        found = [each for each in self.communes if each.kind is kind]
        return tuple(sorted(found, key=lambda each: -(each.people or 0)))

    def people(self, kind: Kind) -> int:
        """Return the known people of the communes of a kind."""
        return sum(each.people or 0 for each in self.of(kind))

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain values for JSON."""
        return {
            "access_by": self.by.value, "access_from": self.access_from,
            "rate_from": self.rate_from,
            "communes": [each.as_dict() for each in self.communes],
        }  # fmt: skip
