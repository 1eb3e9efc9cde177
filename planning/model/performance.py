"""Targets and results: programmes, the levels figures are given at, whom a figure is about."""

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import N_


class Counts(StrEnum):
    """What the figures of a programme count, which says how periods add up."""

    HELD = "held"  # who takes part on the last day: a year has the figure of its last month
    NEW = "new"  # who joined within the period: months add up to quarters and years


@dataclass(frozen=True, slots=True)
class Programme:
    """One thing that targets are given for, such as voluntary social insurance.

    `name` is written by the office, `unit` says what is counted (người, hộ, thẻ, đồng).
    """

    code: str
    name: str
    unit: str
    counts: Counts


VOLUNTARY = Programme("BHXH-TN", "BHXH tự nguyện", "người", Counts.HELD)
HOUSEHOLD = Programme("BHYT-HGD", "BHYT hộ gia đình", "người", Counts.HELD)
# What a province starts with until it names its own.
DEFAULT_PROGRAMMES = (
    VOLUNTARY,
    HOUSEHOLD,
    Programme("BHXH-TN-MOI", "BHXH tự nguyện, tăng mới", "người", Counts.NEW),
)


class Level(StrEnum):
    """What a target or result is given for; each names the keys it needs.

    The cascade of Công văn 2244/BHXH-QLT: province → BHXH cơ sở, and organisation per commune
    → point → staff. `ORGANISATION` and `COMMUNE` are sums that tables often come as.
    """

    PROVINCE = "province"
    OFFICE = "office"
    ORGANISATION = "organisation"
    COMMUNE = "commune"
    ORGANISATION_IN_COMMUNE = "organisation in commune"
    POINT = "point"
    STAFF = "staff"


# The columns that say whom a figure is about; the others are empty.
KEYS: dict[Level, tuple[str, ...]] = {
    Level.PROVINCE: (),
    Level.OFFICE: ("office",),
    Level.ORGANISATION: ("organisation_code",),
    Level.COMMUNE: ("commune_code",),
    Level.ORGANISATION_IN_COMMUNE: ("organisation_code", "commune_code"),
    Level.POINT: ("point_id",),
    Level.STAFF: ("staff_id",),
}
ALL_KEYS = ("office", "organisation_code", "commune_code", "point_id", "staff_id")


class Need(StrEnum):
    """What is counted as demand: everybody, or those a commune's list of counts names.

    The first is the population; the others are counts per commune that an office imports, each
    for itself. Potential participants are a count of their own, which those due, about to expire
    and lapsed need not add up to: somebody can be in two of these, and a list of potential
    participants names people who never took part.
    """

    EVERYBODY = "everybody"
    UNINSURED = "uninsured"  # without health insurance
    OUTSIDE_COMPULSORY = "outside compulsory"  # of working age, outside compulsory insurance
    POTENTIAL = "potential"  # potential participants, as the offices' lists count them
    DUE = "due"  # in voluntary social insurance, whose next payment is due
    EXPIRING = "expiring"  # whose health insurance card is about to expire
    LAPSED = "lapsed"  # took part in voluntary or household insurance and stopped paying


NEED_NAMES: dict[Need, str] = {
    Need.EVERYBODY: N_("all people"),
    Need.UNINSURED: N_("people without health insurance"),
    Need.OUTSIDE_COMPULSORY: N_("working-age people outside compulsory social insurance"),
    Need.POTENTIAL: N_("potential participants"),
    Need.DUE: N_("people whose voluntary social insurance payment is due"),
    Need.EXPIRING: N_("people whose health insurance card expires soon"),
    Need.LAPSED: N_("people who took part and stopped paying"),
}
