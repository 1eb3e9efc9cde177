"""Checks of organisations: their contract, their guarantee, how many points they run."""

from collections import Counter

import numpy as np

from geo.tables import OrganisationTable
from planning.analysis.compliance.days import day_after
from planning.analysis.compliance.found import Found
from planning.analysis.compliance.register import Register, texts
from planning.model.compliance import Check, Failure, Record, Rule


def contract_expired(register: Register, _rule: Rule, day: str) -> Found:
    """Return the listed organisations whose contract ended before `day`, since the day after."""
    return _ended(register, Check.CONTRACT_EXPIRED, OrganisationTable.contract_valid_to, day)


def guarantee_expired(register: Register, _rule: Rule, day: str) -> Found:
    """Return the listed organisations whose guarantee ended before `day`, since the day after."""
    return _ended(register, Check.GUARANTEE_EXPIRED, OrganisationTable.guarantee_valid_to, day)


def too_few_points(register: Register, rule: Rule, _day: str) -> Found:
    """Return the listed organisations with fewer than `rule.amount` open points of any kind.

    Since when is in no list; `points` says how many there are.
    """
    rows = np.flatnonzero(register.is_open).tolist()
    count = Counter(register.point_employers[row] for row in rows)
    least = rule.amount or 1
    codes = texts(register.organisations[OrganisationTable.organisation_code])
    failures = tuple(
        _failure(register, Check.TOO_FEW_POINTS, row, "",
                 (("points", str(count[code])), ("least", str(least))))
        for row, code in enumerate(codes) if count[code] < least
    )  # fmt: skip
    return Found(failures, Counter((code, "") for code in codes))


def _ended(register: Register, check: Check, column: str, day: str) -> Found:
    last = texts(register.organisations[column])
    codes = texts(register.organisations[OrganisationTable.organisation_code])
    failures = tuple(
        _failure(register, check, row, day_after(until), (("until", until),))
        for row, until in enumerate(last) if until and until < day
    )  # fmt: skip
    return Found(
        failures,
        Counter((code, "") for code, until in zip(codes, last, strict=True) if until),
        Counter((code, "") for code, until in zip(codes, last, strict=True) if not until),
    )


def _failure(
    register: Register, check: Check, row: int, since: str,
    facts: tuple[tuple[str, str], ...] = (),
) -> Failure:  # fmt: skip
    it = register.organisations.iloc[row]
    code = str(it[OrganisationTable.organisation_code])
    return Failure(check, Record.ORGANISATION, code, str(it[OrganisationTable.name]), code, "",
                   since, seen=not since, facts=facts)  # fmt: skip
