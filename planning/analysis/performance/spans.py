"""The parts of a period, and the periods of its kind before it."""

from collections.abc import Iterable
from datetime import date, timedelta

from planning.model.periods import Period, PeriodKind, of_day, period

_QUARTER_MONTHS = 3
_THURSDAY = timedelta(days=3)  # the day that says in which month and year a week lies


def parts(whole: Period) -> tuple[Period, ...]:
    """Return the next smaller periods that make up a period; a week has none."""
    match whole.kind:
        case PeriodKind.YEAR:
            return tuple(period(f"{whole.year:04d}-Q{each}") for each in range(1, 5))
        case PeriodKind.QUARTER:
            return tuple(period(f"{whole.year:04d}-{each:02d}") for each in _months(whole))
        case PeriodKind.MONTH:
            return _weeks(whole)
        case PeriodKind.WEEK:
            return ()


def months(whole: Period) -> int:
    """Return the months of a period as bits, January the lowest; of a week that of its Thursday."""
    return sum(1 << each - 1 for each in _months(whole))


def ended(whole: Period) -> int:
    """Return as bits the months of its year that have ended on the last day of a period."""
    if whole.kind is not PeriodKind.WEEK:
        last = max(_months(whole))
    else:
        after = whole.last + timedelta(days=1)
        last = after.month - 1 if after.year == whole.year else 12
    return (1 << last) - 1


def named(bits: int, year: int) -> tuple[str, ...]:
    """Return the codes of the months that bits stand for."""
    return tuple(f"{year:04d}-{each:02d}" for each in range(1, 13) if bits >> each - 1 & 1)


def since_new_year(until: Period) -> tuple[Period, ...]:
    """Return the fewest periods from the start of the year to the end of one, in their order."""
    match until.kind:
        case PeriodKind.YEAR:
            return (until,)
        case PeriodKind.QUARTER:
            return tuple(period(f"{until.year:04d}-Q{each}") for each in range(1, until.number + 1))
        case PeriodKind.MONTH:
            whole, rest = divmod(until.number, _QUARTER_MONTHS)
            quarters = [f"Q{each}" for each in range(1, whole + 1)]
            single = [f"{whole * _QUARTER_MONTHS + each:02d}" for each in range(1, rest + 1)]
            return tuple(period(f"{until.year:04d}-{each}") for each in (*quarters, *single))
        case PeriodKind.WEEK:  # whole months may have been told as such
            month = of_day(until.first + _THURSDAY, PeriodKind.MONTH)
            weeks = tuple(each for each in _weeks(month) if each.number <= until.number)
            if month.number == 1:
                return weeks
            before = period(f"{until.year:04d}-{month.number - 1:02d}")
            return (*since_new_year(before), *weeks)


def whole_years(of: Iterable[Period]) -> tuple[Period, ...]:
    """Return every year that a period lies in, the oldest first."""
    return tuple(period(f"{year:04d}") for year in sorted({each.year for each in of}))


def _months(whole: Period) -> range:
    match whole.kind:
        case PeriodKind.YEAR:
            return range(1, 13)
        case PeriodKind.QUARTER:
            first = _QUARTER_MONTHS * (whole.number - 1) + 1
            return range(first, first + _QUARTER_MONTHS)
        case PeriodKind.MONTH:
            return range(whole.number, whole.number + 1)
        case PeriodKind.WEEK:
            month = (whole.first + _THURSDAY).month
            return range(month, month + 1)


def _weeks(month: Period) -> tuple[Period, ...]:
    days = (date(month.year, month.number, each) for each in range(1, month.last.day + 1))
    return tuple(of_day(each, PeriodKind.WEEK) for each in days if each.isoweekday() == 4)
