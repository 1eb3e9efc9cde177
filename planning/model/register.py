"""The fields of the register's records: what they are called, what they hold, how they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from geo.errors import N_
from planning.model.compliance import Record

MOST_TEXT = 500


class Holds(StrEnum):
    """What a field holds."""

    TEXT = "text"
    DAY = "day"  # ISO text
    FLAG = "flag"  # yes, no or not known
    COUNT = "count"
    MONEY = "money"  # đồng
    KIND = "kind"
    STATUS = "status"
    ORGANISATION = "organisation"  # its code
    POINT = "point"  # its official code, else its id
    DEGREES = "degrees"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that can be changed by hand; `together`: of several records at once.

    `needed`: it cannot be left empty. `personal`: only for who may see people.
    """

    name: str
    label: str
    holds: Holds = Holds.TEXT
    together: bool = True
    needed: bool = False
    personal: bool = False


KIND_WORDS: Mapping[str, str] = {
    "direct": N_("direct (staffed)"), "online": N_("online"), "mobile": N_("mobile session"),
}  # fmt: skip
STATUS_WORDS: Mapping[str, str] = {
    "open": N_("in operation"), "planned": N_("planned (point)"), "suspended": N_("suspended"),
    "closed": N_("terminated"),
}  # fmt: skip
CONCLUSION_WORDS: Mapping[str, str] = {"met": N_("met"), "not met": N_("not met")}
FIELDS: Mapping[Record, tuple[Field, ...]] = {
    Record.POINT: (
        Field("name", N_("Name of the point"), needed=True, together=False),
        Field("official_code", N_("Official code"), together=False),
        Field("former_codes", N_("Former codes"), together=False),
        Field("kind", N_("Kind of point"), Holds.KIND, needed=True),
        Field("host_type", N_("Kind of place")),
        Field("organisation_code", N_("Organisation"), Holds.ORGANISATION),
        Field("status", N_("Status"), Holds.STATUS, needed=True),
        Field("status_since", N_("Status since"), Holds.DAY),
        Field("opened", N_("First day of operation"), Holds.DAY),
        Field("closed", N_("Last day of operation"), Holds.DAY),
        Field("address", N_("Address"), together=False),
        Field("office", N_("BHXH office")),
        Field("lat", N_("Latitude"), Holds.DEGREES, needed=True, together=False),
        Field("lon", N_("Longitude"), Holds.DEGREES, needed=True, together=False),
        Field("sign", N_("Sign issued"), Holds.FLAG),
        Field("sign_date", N_("Sign issued on"), Holds.DAY),
        Field("staff_count", N_("Staff (number)"), Holds.COUNT),
        Field("permanent_staff", N_("Permanent staff"), Holds.FLAG),
        Field("opening_hours", N_("Opening hours")),
        Field("contract_number", N_("Contract number")),
        Field("contract_date", N_("Contract of"), Holds.DAY),
        Field("note", N_("Note")),
    ),
    Record.ORGANISATION: (
        Field("name", N_("Name of the organisation"), needed=True, together=False),
        Field("former_names", N_("Former names"), together=False),
        Field("licence", N_("Licence"), together=False),
        Field("tax_code", N_("Tax code"), together=False),
        Field("contract_number", N_("Contract number"), together=False),
        Field("contract_date", N_("Contract of"), Holds.DAY),
        Field("contract_valid_to", N_("Contract valid until"), Holds.DAY),
        Field("annexes", N_("Annexes of the contract")),
        Field("guarantee", N_("Guarantee (đồng)"), Holds.MONEY),
        Field("guarantee_valid_to", N_("Guarantee valid until"), Holds.DAY),
        Field("phone", N_("Telephone"), personal=True, together=False),
        Field("address", N_("Address"), together=False),
        Field("area", N_("Managed area")),
    ),
    Record.STAFF: (
        Field("name", N_("Name of the person"), needed=True, personal=True, together=False),
        Field("organisation_code", N_("Organisation"), Holds.ORGANISATION),
        Field("card_number", N_("Card number"), personal=True, together=False),
        Field("card_valid_to", N_("Card valid until"), Holds.DAY),
        Field("certificate", N_("Training certificate"), personal=True),
        Field("phone", N_("Telephone"), personal=True, together=False),
        Field("point_code", N_("Collection point"), Holds.POINT),
        Field("permanent", N_("Permanent"), Holds.FLAG),
    ),
}  # fmt: skip
# Of staff: what belongs to the person, on however many rows they stand.
OF_THE_PERSON = frozenset(
    {"name", "organisation_code", "card_number", "card_valid_to", "certificate", "phone"}
)


def field_of(record: Record, name: str) -> Field | None:
    """Return a field by its name, None where there is none that can be changed."""
    return next((each for each in FIELDS[record] if each.name == name), None)
