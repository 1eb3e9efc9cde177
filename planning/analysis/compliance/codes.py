"""Check of official codes against the organisation and the commune of their points."""

import re
from dataclasses import replace

import numpy as np

from geo.tables import CommuneTable, OrganisationTable
from planning.analysis.compliance.found import Found, Told, of_points
from planning.analysis.compliance.register import Register, texts
from planning.model.compliance import Check, Rule
from planning.model.official_code import Bearer, OfficialCode, parse, renewed

_ENTERPRISE = re.compile(r"\d{10}|\d{7}", re.ASCII)


def code_inconsistent(register: Register, _rule: Rule, day: str) -> Found:
    """Return the open points whose official code is not what their place and owner make it.

    It must be of the form of Công văn 1804, name the organisation of the point where that has
    an enterprise code, this province, and the present commune of the coordinates. A code that
    names a former commune fails since the first day of the present boundaries. Of points
    without a code, or with a right form outside every commune, nothing is known. The facts say
    what is wrong (`form`, `organisation`, `commune`, `former`), and the `right` code.
    """
    looked_at = register.is_open
    own = _enterprise_codes(register)
    right = _right_codes(register, own)
    former = _former_communes(register)
    since = str(register.communes[CommuneTable.valid_from].iloc[0])
    told, unknown = {}, []
    for row in np.flatnonzero(looked_at).tolist():
        written, lies = register.official_codes[row], register.lies[row]
        code = parse(written) if written else None
        if not written:
            unknown.append(row)
            continue
        wrong = _wrong(register, row, code, own)
        if wrong == "unplaced":
            unknown.append(row)
        elif wrong:
            of_former = wrong == "commune" and code is not None and (code.commune, lies) in former
            facts = (("wrong", "former" if of_former else wrong), ("written", written[:40]),
                     ("right", right.get(register.point_ids[row], "")))  # fmt: skip
            told[row] = Told(since if of_former and since <= day else "", facts)
    return of_points(register, Check.CODE_INCONSISTENT, told, unknown, looked_at)


def _wrong(
    register: Register, row: int, code: OfficialCode | None, own: dict[str, tuple[str, ...]]
) -> str:
    """Return what is wrong with a code that is written; empty: nothing, or that it has no place."""
    lies = register.lies[row]
    allowed = own.get(register.point_employers[row], ())
    if code is None:
        return "form"
    if allowed and code.organisation not in allowed:
        return "organisation"
    if not lies:
        return "unplaced"
    right = (code.province, code.commune) == (register.province_code, lies)
    return "" if right else "commune"


def _enterprise_codes(register: Register) -> dict[str, tuple[str, ...]]:
    """Return by organisation the enterprise codes its points may bear; none where none is known."""
    found: dict[str, tuple[str, ...]] = {}
    for key in {*register.point_employers} - {""}:
        found[key] = (key,) if _ENTERPRISE.fullmatch(key) else ()
    listed = register.organisations
    rows = zip(texts(listed[OrganisationTable.organisation_code]),
               texts(listed[OrganisationTable.tax_code]), strict=True)  # fmt: skip
    for key, tax in rows:
        number = tax.partition("-")[0].strip()
        if _ENTERPRISE.fullmatch(number):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), number)))
    return found


def _right_codes(register: Register, own: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return by point the code it should bear, where one can be said."""
    bearers = []
    rows = zip(register.point_ids, register.official_codes, register.lies,
               register.point_employers, register.points["status"] == "closed",
               strict=True)  # fmt: skip
    for point_id, written, lies, employer, closed in rows:
        code = parse(written) if written else None
        allowed = own.get(employer, ())
        if code is not None and not closed and allowed and code.organisation not in allowed:
            code = replace(code, organisation=allowed[0])
        bearers.append(Bearer(point_id, str(code) if code else written or None, lies or None,
                              closed=bool(closed)))  # fmt: skip
    due = renewed(bearers, register.province_code)
    return {key: str(each.code) for key, each in due.items() if each.code is not None}


def _former_communes(register: Register) -> set[tuple[str, str]]:
    """Return the pairs of a former commune and a present one that took of it."""
    if register.crosswalk is None:
        return set()
    pairs = zip(register.crosswalk["old_code"], register.crosswalk["new_code"], strict=True)
    return {(old, new) for old, new in pairs if old not in register.commune_names}
