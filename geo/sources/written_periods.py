"""The periods that tables of targets and results are for, as offices write them."""

import re
from datetime import date

from geo.names import search_key

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SEP = r"(?:\s*[/.,-]\s*|\s+(?:nam\s+)?|\s*nam\s*)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(each)
    for each in (
        rf"(?:nam\s*)?{_YEAR}(?:\.0)?",
        rf"(?:quy|qui|q)\s*\.?\s*(?P<quarter>iv|i{{1,3}}|[1-4]){_SEP}{_YEAR}",
        rf"(?P<quarter>iv|i{{1,3}}){_SEP}{_YEAR}",
        rf"{_YEAR}\s*[-/]?\s*q\s*(?P<quarter>[1-4])",
        rf"(?:tuan|w)\s*\.?\s*(?P<week>\d{{1,2}}){_SEP}{_YEAR}",
        rf"{_YEAR}\s*[-/]?\s*w\s*(?P<week>\d{{1,2}})",
        rf"(?:thang|t)\s*\.?\s*(?P<month>\d{{1,2}}){_SEP}{_YEAR}",
        rf"(?P<month>\d{{1,2}})\s*[/.-]\s*{_YEAR}",
        rf"{_YEAR}\s*[-/]\s*(?P<month>\d{{1,2}})",
    )
)
_DAY = re.compile(r"((?:19|20)\d\d)-(\d\d)-01(?: 00:00(?::00)?)?")


def period_code(text: str) -> str | None:
    """Return the code of a written period (2025, 2025-Q1, 2025-03, 2025-W13), None if it is none.

    “Quý I/2025”, “Tháng 3/2025”, “T3/2025”, “Năm 2025” and “Tuần 13/2025” are read, and the
    codes themselves. A month without a year, or the 13th month of one, is no period.
    """
    key = search_key(text).strip()
    for form in _FORMS:
        if found := form.fullmatch(key):
            return _code(found.groupdict())
    return None


def month_of_day(text: str) -> str | None:
    """Return the month a spreadsheet made the first day of when somebody wrote 3/2025 in it."""
    found = _DAY.fullmatch(text)
    return f"{found[1]}-{found[2]}" if found and 1 <= int(found[2]) <= 12 else None


def _code(parts: dict[str, str | None]) -> str | None:
    year = str(parts["year"])
    if quarter := parts.get("quarter"):
        return f"{year}-Q{_ROMAN.get(quarter) or int(quarter)}"
    if month := parts.get("month"):
        return f"{year}-{int(month):02d}" if 1 <= int(month) <= 12 else None
    if week := parts.get("week"):
        try:
            date.fromisocalendar(int(year), int(week), 1)
        except ValueError:
            return None
        return f"{year}-W{int(week):02d}"
    return year
