"""Columns of telephone numbers: digits as text, the first zero put back. Personal data."""

import re

from geo.errors import N_
from geo.findings import Severity
from geo.sources.rows import Cells, Seen, Texts, mapped, there

_SIGNS = re.compile(r"[\s.\-()/]+")
_NUMBER = re.compile(r"0\d{9,10}|1[89]00\d{4,6}")

_PADDED = Seen(
    Severity.CHANGED, "phone-padded",
    N_("%(count)s telephone numbers had lost their first zero, which was put back."),
)  # fmt: skip
_NONE = Seen(Severity.LOOK, "phone-unreadable", N_("is no telephone number of ten digits."))


def telephones(cells: Cells, field: str) -> Texts:
    """Return a field's telephone numbers; what is none is reported and kept as written.

    Several numbers in a cell stay several. The values never stand in a finding when the
    field is private.
    """
    texts = cells.text(field)
    read = mapped(texts, _numbers)
    cells.see(there(texts) & ~there(read), field, _NONE)
    lost = mapped(texts, lambda each: True if _lost(each) else None)
    cells.see_once(there(lost), field, _PADDED)
    result: Texts = read.copy()
    kept = there(texts) & ~there(read)
    result[kept] = texts[kept]
    return result


def _parts(text: str) -> list[str]:
    return [_SIGNS.sub("", each) for each in re.split(r"[,;]| - |/", text) if each.strip()]


def _lost(text: str) -> bool:
    return any(re.fullmatch(r"[1-9]\d{8}", each) for each in _parts(text))


def _numbers(text: str) -> str | None:
    found = []
    for part in _parts(text):
        plain = "0" + part[3:] if part.startswith("+84") else part
        plain = "0" + plain if re.fullmatch(r"[1-9]\d{8}", plain) else plain
        if not _NUMBER.fullmatch(plain):
            return None
        found.append(plain)
    return ", ".join(found) or None
