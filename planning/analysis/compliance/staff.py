"""Checks of staff: their cards, and that each works for one organisation."""

import re
from collections import Counter, defaultdict

from geo.names import name_key
from geo.tables import StaffTable
from planning.analysis.compliance.days import day_after
from planning.analysis.compliance.found import Found, Whose, tally
from planning.analysis.compliance.register import Register, texts
from planning.model.compliance import Check, Failure, Record, Rule
from planning.model.official_code import parse


def card_expired(register: Register, _rule: Rule, day: str) -> Found:
    """Return the people on the list of staff whose card ended before `day`, since the day after.

    A person stands on one row for each point: the card that holds longest counts. Where no
    row of a person says how long, nothing is known. The record is the person.
    """
    last: dict[str, str] = {}
    first: dict[str, int] = {}
    people = register.person_ids
    valid = texts(register.staff[StaffTable.card_valid_to])
    for row, (person, until) in enumerate(zip(people, valid, strict=True)):
        first.setdefault(person, row)
        last[person] = max(last.get(person, ""), until)
    whose = _whose(register)
    failures = [
        _failure(register, Check.CARD_EXPIRED, first[person], whose, day_after(until),
                 (("until", until),))
        for person, until in last.items() if until and until < day
    ]  # fmt: skip
    return Found(tuple(failures), tally(whose, (first[each] for each in last if last[each])),
                 tally(whose, (first[each] for each in last if not last[each])))  # fmt: skip


def two_organisations(register: Register, _rule: Rule, _day: str) -> Found:
    """Return who stands on the list of staff for more than one organisation.

    Two rows are of one person by the same number, by the same card, or by the same name and
    telephone; and so on from row to row. There is one failure for each organisation of such
    a person, at the person's first row there; `others` names the other organisations. What
    is counted are persons by organisation; rows without an organisation are not known.
    """
    whose = _whose(register)
    employers = register.staff_employers
    registered: dict[tuple[int, str], int] = {}
    for row, person in enumerate(_persons(register)):
        if employers[row]:
            registered.setdefault((person, employers[row]), row)
    of_person: dict[int, list[str]] = defaultdict(list)
    for person, employer in registered:
        of_person[person].append(employer)
    names = register.organisation_names
    failures = []
    for (person, employer), row in registered.items():
        others = [names.get(each, each) for each in of_person[person] if each != employer]
        if others:
            facts = (("others", "; ".join(others)),)
            failures.append(_failure(register, Check.TWO_ORGANISATIONS, row, whose, "", facts))
    nobody = Counter(whose[row] for row, each in enumerate(employers) if not each)
    return Found(tuple(failures), tally(whose, registered.values()), nobody)


def _persons(register: Register) -> list[int]:
    """Return a number for each row of staff, the same for rows that are of one person."""
    parents = list(range(len(register.staff)))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    staff, met = register.staff, dict[str, int]()
    rows = zip(register.person_ids, texts(staff[StaffTable.card_number]),
               register.staff_names, texts(staff[StaffTable.phone]), strict=True)  # fmt: skip
    for row, (person, card, name, phone) in enumerate(rows):
        for mark in _marks(person, card, name, phone):
            parents[root(row)] = root(met.setdefault(mark, row))
    return [root(row) for row in range(len(parents))]


def _marks(person: str, card: str, name: str, phone: str) -> list[str]:
    """Return what tells a person: each of them alone is enough."""
    number, digits = re.sub(r"[\s.\-/]", "", card).casefold(), re.sub(r"\D", "", phone)
    marks = [f"person {person}"]
    if any(each.isdigit() for each in number):
        marks.append(f"card {number}")
    if digits:
        # 84 is the country; whoever writes it leaves the nought away.
        local = re.sub(r"^(?:84|0+)", "", digits)
        marks.append(f"called {name_key(name)} {local}")
    return marks


def _whose(register: Register) -> list[Whose]:
    """Return for each row of staff the organisation, and the commune of the point."""
    found = []
    codes = texts(register.staff[StaffTable.point_code])
    rows = zip(register.staff_employers, register.staff_rows, codes, strict=True)
    for employer, points, code in rows:
        read = None if points or not code else parse(code)
        commune = register.lies[points[0]] if points else "" if read is None else read.commune
        found.append((employer, commune))
    return found


def _failure(
    register: Register, check: Check, row: int, whose: list[Whose], since: str,
    facts: tuple[tuple[str, str], ...] = (),
) -> Failure:  # fmt: skip
    return Failure(check, Record.STAFF, register.person_ids[row], register.staff_names[row],
                   *whose[row], since, seen=not since, facts=facts)  # fmt: skip
