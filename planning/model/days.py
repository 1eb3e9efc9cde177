"""Days of Viet Nam, which has one time zone: moments are kept in UTC and told as days there."""

from datetime import UTC, date, datetime, timedelta, timezone

HERE = timezone(timedelta(hours=7))


def today() -> str:
    """Return the present day, ISO text."""
    return datetime.now(HERE).date().isoformat()


def day_of(moment: str) -> str:
    """Return the day of a kept moment (ISO text, UTC unless it says otherwise), ISO text.

    What is a day already is that day. Raises `ValueError` for what is neither.
    """
    if len(moment) <= len("2025-07-01"):
        return date.fromisoformat(moment).isoformat()
    read = datetime.fromisoformat(moment)
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return aware.astimezone(HERE).date().isoformat()
