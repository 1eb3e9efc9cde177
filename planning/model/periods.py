"""The periods that targets are given for and results are told for: years, quarters, months, weeks."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geo.errors import N_
from planning.model.errors import RequestError

BAD_PERIOD = N_("“%(text)s” is no period: write 2025, 2025-Q1, 2025-03 or 2025-W13.")
_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|W(\d{2})|(\d{2})))?", re.ASCII)
YEARS = range(1900, 2201)  # a year beyond them is a slip, and some have no day before or after


class PeriodKind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Period:
    """One period, named by its code: 2025, 2025-Q1, 2025-03, 2025-W13.

    A week is that of ISO 8601: from Monday to Sunday, and of the year its Thursday lies in.
    """

    code: str
    kind: PeriodKind
    year: int
    number: int
    """Of the quarter, month or week within its year; 0 for a year."""

    @property
    def first(self) -> date:
        """Its first day."""
        match self.kind:
            case PeriodKind.WEEK:
                return date.fromisocalendar(self.year, self.number, 1)
            case PeriodKind.QUARTER:
                return date(self.year, 3 * self.number - 2, 1)
            case PeriodKind.MONTH:
                return date(self.year, self.number, 1)
            case PeriodKind.YEAR:
                return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        if self.kind is PeriodKind.WEEK:
            return self.first + timedelta(days=6)
        months = {PeriodKind.YEAR: 12, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}[self.kind]
        year, month = divmod(self.first.month - 1 + months, 12)
        return date(self.year + year, month + 1, 1) - timedelta(days=1)

    @property
    def year_before(self) -> str:
        """The code of the same period one year earlier; week 53 is compared with week 52."""
        if self.kind is PeriodKind.WEEK:
            last = date(self.year - 1, 12, 28).isocalendar().week
            return f"{self.year - 1:04d}-W{min(self.number, last):02d}"
        return f"{self.year - 1:04d}{self.code[4:]}"

    def holds(self, other: "Period") -> bool:
        """Whether the other one lies within this one; a week lies where its Thursday does."""
        if other.kind is PeriodKind.WEEK and self.kind is not PeriodKind.WEEK:
            thursday = other.first + timedelta(days=3)
            return self.first <= thursday <= self.last
        return self.first <= other.first and other.last <= self.last


def period(text: str) -> Period:
    """Return the period of a code; raise `RequestError` for what is none, or not of `YEARS`."""
    found = _CODE.fullmatch(text)
    if found is None:
        raise RequestError(BAD_PERIOD, text=text[:20])
    year = int(found[1])
    if year not in YEARS:
        raise RequestError(BAD_PERIOD, text=text[:20])
    kind, number = next(
        (
            (kind, int(part))
            for kind, part in zip(
                (PeriodKind.QUARTER, PeriodKind.WEEK, PeriodKind.MONTH), found.groups()[1:],
                strict=True,
            )
            if part is not None
        ),
        (PeriodKind.YEAR, 0),
    )  # fmt: skip
    made = Period(text, kind, year, number)
    try:
        made.last  # noqa: B018 - a month 13 or a week 54 is no day of any calendar
    except ValueError:
        raise RequestError(BAD_PERIOD, text=text[:20]) from None
    return made


def of_day(day: date, kind: PeriodKind) -> Period:
    """Return the period of a kind in which a day lies."""
    match kind:
        case PeriodKind.YEAR:
            return period(f"{day.year:04d}")
        case PeriodKind.QUARTER:
            return period(f"{day.year:04d}-Q{(day.month + 2) // 3}")
        case PeriodKind.MONTH:
            return period(f"{day.year:04d}-{day.month:02d}")
        case PeriodKind.WEEK:
            year, week, _ = day.isocalendar()
            return period(f"{year:04d}-W{week:02d}")
