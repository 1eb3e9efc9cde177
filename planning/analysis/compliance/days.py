"""Days as ISO text: the day after or before, the same day in other months, the end of some months."""

from calendar import monthrange
from datetime import date, timedelta


def day_after(day: str) -> str:
    """Return the day that follows."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def day_before(day: str) -> str:
    """Return the day before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def months_later(day: str, months: int) -> str:
    """Return the same day so many months later, before for a negative number.

    Where that month is shorter it is its last day: one month after 31 January is 28 February.
    """
    it = date.fromisoformat(day)
    year, month = divmod(it.year * 12 + it.month - 1 + months, 12)
    return date(year, month + 1, min(it.day, monthrange(year, month + 1)[1])).isoformat()


def months_end(day: str, months: int) -> str:
    """Return the last of so many months that begin on the day after.

    As `months_later`, but a month's last day leads to a month's last day: whole months end so.
    """
    later = months_later(day, months)
    if day_after(day)[8:] != "01":
        return later
    it = date.fromisoformat(later)
    return it.replace(day=monthrange(it.year, it.month)[1]).isoformat()
