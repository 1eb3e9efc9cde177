"""The official code of a collection point (Công văn 1804/BHXH-QLT) as lists write it."""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Severity
from geo.sources.rows import Cells, Seen, Texts, mapped, there

OFFICIAL = re.compile(r"^(\d{10}|\d{7})TH(\d{2})(\d{5})(\d{3})$")
_LOOSE = re.compile(r"[\s.\-_/]+")

_FORMAT = Seen(
    Severity.LOOK, "official-code-format",
    N_("is no official code of a point: 10 or 7 digits of the organisation, TH, province, commune and number."),
)  # fmt: skip
_NUMBER = Seen(
    Severity.LOOK, "official-code-number", N_("ends in 000; points are numbered from 001.")
)
_RESPELLED = Seen(Severity.CHANGED, "official-code-respelled", N_("was read as the code %(code)s."))
_PROVINCE = Seen(
    Severity.LOOK, "official-code-province",
    N_("names province %(province)s, but commune %(commune)s belongs to province %(other)s."),
)  # fmt: skip
_COMMUNE = Seen(
    Severity.LOOK, "official-code-commune",
    N_("names commune %(commune)s, which is none of the communes in force."),
)  # fmt: skip
_TWICE = Seen(
    Severity.LOOK, "code-twice", N_("stands on an earlier row too; a code is given once.")
)
CONTRADICTS = Seen(
    Severity.LOOK, "official-code-contradicts",
    N_("names commune %(written)s, but the coordinates lie in %(lies)s."),
)  # fmt: skip


def official_codes(cells: Cells, field: str, provinces: Mapping[str, str]) -> Texts:
    """Return a field's official codes; what is no valid one is reported and kept as text.

    `provinces` are the communes in force, code → province code. The second row with a code
    is reported and loses it.
    """
    texts = cells.text(field)
    codes = mapped(texts, _tidied)
    respelled = there(texts) & (codes != texts)
    cells.see(respelled, field, _RESPELLED, lambda at: {"code": codes[at]})
    parts = mapped(codes, OFFICIAL.fullmatch)
    cells.see(there(codes) & ~there(parts), field, _FORMAT)
    valid = np.flatnonzero(there(parts)).tolist()
    zero = [at for at in valid if parts[at][4] == "000"]
    cells.see(zero, field, _NUMBER)
    unknown = [at for at in valid if parts[at][3] not in provinces]
    cells.see(unknown, field, _COMMUNE, lambda at: {"commune": parts[at][3]})
    other = [at for at in valid if provinces.get(parts[at][3], parts[at][2]) != parts[at][2]]
    cells.see(other, field, _PROVINCE, lambda at: {
        "province": parts[at][2], "commune": parts[at][3], "other": provinces[parts[at][3]]
    })  # fmt: skip
    twice = _later(codes)
    cells.see(twice, field, _TWICE)
    return cells.without(codes, twice)


def named_communes(codes: Texts) -> Texts:
    """Return the commune that each official code names, None where it is no official code."""
    return mapped(codes, lambda each: found[3] if (found := OFFICIAL.fullmatch(each)) else None)


def _tidied(text: str) -> str:
    """Return a code without spaces and signs between its parts, where it is valid then."""
    tidy = _LOOSE.sub("", text).upper()
    return tidy if OFFICIAL.fullmatch(tidy) else text


def _later(codes: Texts) -> NDArray[np.bool_]:
    """Return which rows repeat the code of an earlier one."""
    seen: set[str] = set()
    found = np.zeros(len(codes), dtype=bool)
    for at, each in enumerate(codes):
        if each is not None:
            found[at] = each in seen
            seen.add(each)
    return found
