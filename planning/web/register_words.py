"""What the pages call the columns of the register, and how they write what stands in them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from geo.errors import N_
from planning.language import day as day_in
from planning.language import number
from planning.model.compliance import Record
from planning.model.register import CONCLUSION_WORDS, FIELDS, KIND_WORDS, STATUS_WORDS, Holds
from planning.web.language import current, say
from planning.web.proposal_words import degrees, short

R, H = Record, Holds
# Part of an address -> kind of record; what a page of one record, and a list, is called.
KINDS: Mapping[str, Record] = {"points": R.POINT, "organisations": R.ORGANISATION,
                               "staff": R.STAFF, "inspections": R.INSPECTION}  # fmt: skip
LISTS: Mapping[Record, str] = {
    R.POINT: N_("Collection points"), R.ORGANISATION: N_("Collection service organisations"),
    R.STAFF: N_("Collection staff"), R.INSPECTION: N_("Inspections of points"),
}  # fmt: skip
LEADS: Mapping[Record, str] = {
    R.POINT: N_("Every point of the register: code, place, organisation, sign, staff and status."),
    R.ORGANISATION: N_("Who runs the points: contract, guarantee, points and staff of each organisation."),
    R.STAFF: N_("Who works at the points: card, certificate, organisation. Names are shown only to who needs them, and that they were looked at is recorded."),
    R.INSPECTION: N_("What was found at points, what is to be put right, and by when."),
}  # fmt: skip
COUNTED: Mapping[Record, str] = {
    R.POINT: N_("%(count)s of %(all)s points"),
    R.ORGANISATION: N_("%(count)s of %(all)s organisations"),
    R.STAFF: N_("%(count)s of %(all)s members of staff"),
    R.INSPECTION: N_("%(count)s of %(all)s inspections"),
}  # fmt: skip
UNTIL: Mapping[Record, str] = {
    R.POINT: N_("Contract of the organisation ends by"),
    R.ORGANISATION: N_("Contract or guarantee ends by"), R.STAFF: N_("Card ends by"),
    R.INSPECTION: N_("Deadline by"),
}  # fmt: skip
STAGES: Mapping[str, str] = {
    "open": N_("not settled"),
    "overdue": N_("overdue"),
    "settled": N_("settled"),
}
FLAGS: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")}
HOW: Mapping[str, str] = {
    "import": N_("by import"), "edit": N_("by hand"), "mend": N_("as mended"),
    "decision": N_("by a decision"), "undo": N_("as undone"),
}  # fmt: skip
# Columns that are no fields of a form.
MORE: Mapping[str, str] = {
    "point_id": N_("Number in the list"), "commune_code": N_("Code of the commune"),
    "written_code": N_("Code of the commune as written"),
    "former_code": N_("Code of the former commune"), "organisation": N_("Organisation"),
    "staff_id": N_("Staff number"), "person_id": N_("Staff number"),
    "organisation_code": N_("Code of the organisation"),
}  # fmt: skip
CONDITION = "condition "
METS: Mapping[bool | None, str] = {
    True: N_("met"), False: N_("not met"), None: N_("not known"),
}  # fmt: skip


class Column(NamedTuple):
    """A column of a list: what it sorts by, its heading, what it holds."""

    key: str
    heading: str
    holds: Holds = Holds.TEXT


COLUMNS: Mapping[Record, tuple[Column, ...]] = {
    R.POINT: (
        Column("name", N_("Name of the point")), Column("kind", N_("Kind of point"), H.KIND),
        Column("status", N_("Status"), H.STATUS), Column("commune", N_("Commune")),
        Column("owner_name", N_("Organisation")), Column("office", N_("BHXH office")),
        Column("sign", N_("Sign issued"), H.FLAG), Column("staff_count", N_("Staff"), H.COUNT),
        Column("permanent_staff", N_("Permanent staff"), H.FLAG),
    ),
    R.ORGANISATION: (
        Column("name", N_("Name of the organisation")),
        Column("contract_number", N_("Contract number")),
        Column("contract_valid_to", N_("Contract valid until"), H.DAY),
        Column("guarantee", N_("Guarantee (đồng)"), H.MONEY),
        Column("guarantee_valid_to", N_("Guarantee valid until"), H.DAY),
        Column("points", N_("Open points"), H.COUNT), Column("staff", N_("Staff"), H.COUNT),
        Column("communes", N_("Communes with a point"), H.COUNT),
    ),
    R.STAFF: (
        Column("name", N_("Name of the person")), Column("owner_name", N_("Organisation")),
        Column("point", N_("Collection point")), Column("commune", N_("Commune")),
        Column("card_number", N_("Card number")),
        Column("card_valid_to", N_("Card valid until"), H.DAY),
        Column("certificate", N_("Training certificate")),
        Column("permanent", N_("Permanent"), H.FLAG),
    ),
    R.INSPECTION: (
        Column("day", N_("Day"), H.DAY), Column("point", N_("Collection point")),
        Column("owner_name", N_("Organisation")), Column("commune", N_("Commune")),
        Column("conclusion", N_("Conclusion")), Column("deadline", N_("Deadline"), H.DAY),
        Column("settled", N_("Settled on"), H.DAY),
    ),
}  # fmt: skip


def label(record: Record, name: str) -> str:
    """Return what a field of a record is called; a condition by the code of its line."""
    if name.startswith(CONDITION):
        return say(N_("Condition %(code)s")) % {"code": name.removeprefix(CONDITION)}
    known = {each.name: each.label for each in FIELDS.get(record, ())}
    return say(known.get(name) or MORE.get(name, name))


def shown(holds: Holds | str, value: Any) -> str:
    """Return a value as the reader writes it; a dash for nothing."""
    if value is None or value == "":
        return "–"
    return _WRITTEN.get(Holds(holds), _text)(value)


def _text(value: Any) -> str:
    return say(CONCLUSION_WORDS[value]) if value in CONCLUSION_WORDS else short(value)


_WRITTEN: Mapping[Holds, Callable[[Any], str]] = {
    H.DAY: lambda value: day_in(str(value), current()),
    H.FLAG: lambda value: say(FLAGS["yes" if value else "no"]),
    H.COUNT: lambda value: number(value, current()),
    H.MONEY: lambda value: number(value, current()),
    H.KIND: lambda value: say(KIND_WORDS.get(value, value)),
    H.STATUS: lambda value: say(STATUS_WORDS.get(value, value)),
    H.DEGREES: lambda value: degrees(float(value)),
}  # fmt: skip


def field_value(record: Record, name: str, value: Any) -> str:
    """Return a value of a field as the reader writes it, by what the field holds."""
    if name.startswith(CONDITION):
        return say(METS[value])
    holds = next((each.holds for each in FIELDS.get(record, ()) if each.name == name), Holds.TEXT)
    return shown(holds, value)
