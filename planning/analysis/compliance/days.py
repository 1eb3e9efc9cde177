"""Days as ISO text: the day after, and the same day some months before or later."""

from calendar import monthrange
from datetime import date, timedelta


def day_after(day: str) -> str:
    """Return the day that follows."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def months_later(day: str, months: int) -> str:
    """Return the same day so many months later, before for a negative number.

    Where that month is shorter it is its last day: one month after 31 January is 28 February.
    """
    it = date.fromisoformat(day)
    year, month = divmod(it.year * 12 + it.month - 1 + months, 12)
    return date(year, month + 1, min(it.day, monthrange(year, month + 1)[1])).isoformat()
