"""The rules a network is held to, checked on its register: pure tables in, failures out.

Every check is a function of the register, its rule and a day. Only open points are judged,
only direct ones where a rule says so. What the register does not say is unknown, and unknown
is never counted as a failure. `since` is the day from which a record does not keep the rule as
far as the register tells; where it does not tell, it is empty and the failure is marked `seen`,
so that whoever keeps what was seen can fill in the first day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from planning.analysis.compliance.codes import code_inconsistent
from planning.analysis.compliance.communes import commune_unstaffed, former_commune_unstaffed
from planning.analysis.compliance.found import Found, Whose
from planning.analysis.compliance.inspections import inspection_overdue
from planning.analysis.compliance.organisations import (
    contract_expired,
    guarantee_expired,
    too_few_points,
)
from planning.analysis.compliance.points import no_permanent_staff, point_inactive, sign_missing
from planning.analysis.compliance.register import Activity, Register
from planning.analysis.compliance.staff import card_expired, two_organisations
from planning.model.compliance import Check, Rule

__all__ = ["CHECKS", "Activity", "Checked", "Found", "Register", "Whose", "check"]

CHECKS: Mapping[Check, Callable[[Register, Rule, str], Found]] = {
    Check.SIGN_MISSING: sign_missing,
    Check.NO_PERMANENT_STAFF: no_permanent_staff,
    Check.CARD_EXPIRED: card_expired,
    Check.CONTRACT_EXPIRED: contract_expired,
    Check.GUARANTEE_EXPIRED: guarantee_expired,
    Check.TWO_ORGANISATIONS: two_organisations,
    Check.TOO_FEW_POINTS: too_few_points,
    Check.COMMUNE_UNSTAFFED: commune_unstaffed,
    Check.FORMER_COMMUNE_UNSTAFFED: former_commune_unstaffed,
    Check.POINT_INACTIVE: point_inactive,
    Check.INSPECTION_OVERDUE: inspection_overdue,
    Check.CODE_INCONSISTENT: code_inconsistent,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules of a day found, in the order of the checks; ended rules are not in it."""

    day: str
    rules: Mapping[Check, Rule]
    found: Mapping[Check, Found]


def check(register: Register, rules: Iterable[Rule], day: str) -> Checked:
    """Hold a register to the rules that count on a day (ISO text)."""
    holding = {each.check: each for each in rules if each.holds(day)}
    in_order = {each: holding[each] for each in CHECKS if each in holding}
    return Checked(day, in_order, {each: CHECKS[each](register, rule, day)
                                   for each, rule in in_order.items()})  # fmt: skip
