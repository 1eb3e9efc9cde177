"""The commune a row names in words or in its address, where it gives no code."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from geo.errors import N_
from geo.findings import Severity
from geo.places import How, Match, Register, match_commune
from geo.sources.rows import Cells, Seen, Texts, mapped, there
from geo.tables import Communes, Crosswalk

_MOST_CANDIDATES = 6

_THROUGH = Seen(
    Severity.CHANGED, "commune-through-former",
    N_("%(count)s communes were found by the name of a former one; this one is %(commune)s now."),
)  # fmt: skip
_SEVERAL = Seen(
    Severity.LOOK, "commune-ambiguous",
    N_("names no single commune; it may be %(candidates)s."),
    N_("Write the code of the commune."),
)  # fmt: skip
_NOTHING = Seen(
    Severity.LOOK, "commune-not-found", N_("is no commune of the province, present or former.")
)
_CONTRADICTS = Seen(
    Severity.LOOK, "commune-name-contradicts",
    N_("is %(named)s, but the code beside it is that of %(coded)s."),
)  # fmt: skip


def named_codes(
    cells: Cells, codes: Texts, communes: Communes, crosswalk: Crosswalk | None, lies: Texts
) -> Texts:
    """Return commune codes, completed by what rows name in words.

    `codes` are those written as codes, `lies` the communes in which the rows lie, None where
    that is not known. A name that contradicts the code beside it is reported, as is, once a
    row, a name with several meanings none of which is the commune the row lies in; nothing
    is guessed.
    """
    register = Register.of(communes, crosswalk)
    found = codes.copy()
    told: set[int] = set()
    for field, former in (("commune_name", None), ("former_name", True), ("address", None)):
        if field not in cells.matched:
            continue
        texts = cells.text(field)
        asked = there(texts) & (~there(found) if field != "commune_name" else True)
        matches = mapped(
            cells.without(texts, ~asked),
            lambda text, former=former: match_commune(text, register, former=former),  # type: ignore[misc]
        )
        _say_several(cells, field, matches, there(found), lies, told)
        _say(cells, field, matches, found, register)
        for at in np.flatnonzero(there(matches) & ~there(found)):
            found[at] = matches[at].code
    return found


def _say_several(
    cells: Cells, field: str, matches: NDArray[np.object_], known: NDArray[np.bool_], lies: Texts,
    told: set[int],
) -> None:  # fmt: skip
    several = [
        int(at) for at in np.flatnonzero(there(matches) & ~known)
        if _doubtful(matches[at]) and not _settled(matches[at], lies[at]) and int(at) not in told
    ]  # fmt: skip
    cells.see(several, field, _SEVERAL, lambda at: {"candidates": _listed(matches[at])})
    told.update(several)


def _say(
    cells: Cells, field: str, matches: NDArray[np.object_], codes: Texts, register: Register
) -> None:
    open_ = there(matches) & ~there(codes)
    if field != "address":  # an address need not name a commune
        nothing = [
            int(at) for at in np.flatnonzero(open_)
            if matches[at].code is None and not matches[at].candidates
        ]  # fmt: skip
        cells.see(nothing, field, _NOTHING)
    through = np.array(
        [each is not None and each.code is not None and each.how is How.FORMER for each in matches],
        dtype=bool,
    )
    if (through & open_).any():
        first = matches[int(np.flatnonzero(through & open_)[0])]
        cells.see_once(through & open_, field, _THROUGH, commune=register.names[first.code])
    wrong: dict[int, dict[str, object]] = {
        int(at): {"named": register.names[matches[at].code], "coded": register.names[codes[at]]}
        for at in np.flatnonzero(there(matches) & there(codes))
        if codes[at] in register.names and _other(matches[at], codes[at])
    }
    cells.see(wrong, field, _CONTRADICTS, wrong.__getitem__)


def _doubtful(match: Match) -> bool:
    return match.code is None and bool(match.candidates)


def _settled(match: Match, lies: str | None) -> bool:
    """Whether a name spelt in full is that of the commune a row lies in, among others.

    Communes of one name, and parts of a divided one, are told apart by the place itself.
    """
    return match.how is not How.SPELLING and lies in {each.code for each in match.candidates}


def _other(match: Match, code: str) -> bool:
    """Whether a name means another commune, and could not mean the coded one."""
    named: Iterable[str] = (each.code for each in match.candidates)
    return match.code is not None and match.code != code and code not in named


def _listed(match: Match) -> str:
    each = [f"{one.name} ({one.code})" for one in match.candidates]
    rest = len(each) - _MOST_CANDIDATES
    return ", ".join(each[:_MOST_CANDIDATES]) + (f" … +{rest}" if rest > 0 else "")
