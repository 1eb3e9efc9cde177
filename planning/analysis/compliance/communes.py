"""Checks of communes, present and former: an open direct point with staff in each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from geo.locate import commune_of
from geo.tables import CommuneTable, PointTable
from planning.analysis.compliance.found import Found
from planning.analysis.compliance.register import UNKNOWN, YES, Register, texts
from planning.model.compliance import Check, Failure, Record, Rule


def commune_unstaffed(register: Register, _rule: Rule, _day: str) -> Found:
    """Return the present communes in which no open direct point with staff lies.

    Nothing is known of a commune whose only such points may have staff or not. `points`
    says how many open direct points lie in it.
    """
    within = _by_commune(register, enumerate(register.lies))
    units = [(code, name, code) for code, name in register.commune_names.items()]
    return _judged(register, Check.COMMUNE_UNSTAFFED, Record.COMMUNE, units, within)


def former_commune_unstaffed(register: Register, _rule: Rule, _day: str) -> Found:
    """Return the former communes in which no open direct point with staff is left.

    A point belongs to the former commune that its row names, else to the one in which its
    coordinates lie. Without former boundaries those of the crosswalk are looked at, and of
    a former commune nothing is known where a staffed point that names none lies in a present
    commune that took of it. Without either nothing is looked at.
    """
    after = _successors(register)
    units = _former_units(register, after)
    written = texts(register.points[PointTable.former_code])
    lies = [""] * len(written)
    if register.former is not None:
        points = register.points
        lies = texts(commune_of(points[PointTable.lon], points[PointTable.lat], register.former))
    codes = [given or found for given, found in zip(written, lies, strict=True)]
    within = _by_commune(register, enumerate(codes))
    astray = set()
    if register.former is None:
        astray = {lying for code, lying, serves, staffed in
                  zip(codes, register.lies, register.is_open_direct.tolist(),
                      register.staffed.tolist(), strict=True)
                  if serves and not code and staffed}  # fmt: skip
    doubtful = {code for code in after if not astray.isdisjoint(after[code])}
    return _judged(register, Check.FORMER_COMMUNE_UNSTAFFED, Record.FORMER_COMMUNE, units,
                   within, doubtful)  # fmt: skip


def _by_commune(register: Register, rows: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """Return the answers of the open direct points of each commune: whether they have staff."""
    within: dict[str, list[int]] = defaultdict(list)
    for row, code in rows:
        if code and register.is_open_direct[row]:
            within[code].append(int(register.staffed[row]))
    return within


def _judged(
    register: Register, check: Check, record: Record, units: Iterable[tuple[str, str, str]],
    within: Mapping[str, list[int]], doubtful: Iterable[str] = (),
) -> Found:  # fmt: skip
    """Return what was found of communes: code, name, and the present commune of each."""
    failures, known, unknown = [], Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    not_known = set(doubtful)
    for code, name, present in units:
        answers = within.get(code, [])
        if YES not in answers and (UNKNOWN in answers or code in not_known):
            unknown["", present] += 1
            continue
        known["", present] += 1
        if YES not in answers:
            facts: tuple[tuple[str, str], ...] = (("points", str(len(answers))),)
            if record is Record.FORMER_COMMUNE:
                facts = (*facts, ("now", register.commune_names.get(present, "")))
            failures.append(Failure(check, record, code, name, "", present, "", seen=True,
                                    facts=facts))  # fmt: skip
    return Found(tuple(failures), known, unknown)


def _successors(register: Register) -> dict[str, list[str]]:
    """Return the present communes that took of each former one, the one that took it whole first."""
    if register.crosswalk is None:
        return {}
    after: dict[str, list[str]] = defaultdict(list)
    ways = register.crosswalk.sort_values(["old_code", "relation", "new_code"])
    for old, new in zip(ways["old_code"], ways["new_code"], strict=True):
        after[str(old)].append(str(new))
    return after


def _former_units(register: Register, after: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """Return code, name and present commune of every former commune that is known."""
    former = register.former
    if former is None:
        if register.crosswalk is None:
            return []
        named = dict(zip(register.crosswalk["old_code"], register.crosswalk["old_name"],
                         strict=True))  # fmt: skip
        return [(code, name, after[code][0]) for code, name in sorted(named.items())]
    inside = former.geometry.representative_point()
    lies = texts(commune_of(np.asarray(inside.x), np.asarray(inside.y), register.communes))
    rows = zip(former[CommuneTable.code], former[CommuneTable.full_name], lies, strict=True)
    return [(code, name, after.get(code, [place])[0]) for code, name, place in rows]
