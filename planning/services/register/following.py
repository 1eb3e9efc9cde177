"""What else changes in a record when one of its fields does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import N_, Refusal
from planning.model.compliance import Record
from planning.model.days import today
from planning.model.errors import RequestError
from planning.model.register import OF_THE_PERSON
from planning.services.register.kept import Register

OUTSIDE = N_("The place lies in no commune of the province; look at latitude and longitude again.")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class After:
    """The register that a change is made to, and on which row of a person (0: on all)."""

    register: Register
    kind: Record
    place: int = 0

    def wrongs(self, old: Row, new: Row) -> Iterator[Refusal]:
        """Yield what is wrong with what followed."""
        moved = self.kind is Record.POINT and (old["lon"], old["lat"]) != (new["lon"], new["lat"])
        if moved and self.register.rows.communes and not new["commune_code"]:
            yield RequestError(OUTSIDE)


def followed(context: After, row: Row, given: Mapping[str, Any], number: int) -> Row:
    """Return a row with the values given and what follows from them.

    `number` counts the rows from one: of a person only the row meant takes what belongs to
    the point.
    """
    if context.kind is Record.STAFF and context.place not in {0, number}:
        given = {name: value for name, value in given.items() if name in OF_THE_PERSON}
    changed = {name: value for name, value in given.items() if row[name] != value}
    new = {**row, **changed}
    _FOLLOWS[context.kind](context, row, new, changed)
    return new


def _of_point(context: After, row: Row, new: Row, changed: Mapping[str, Any]) -> None:
    if "status" in changed:
        if "status_since" not in changed:
            new["status_since"] = today()
        if new["status"] == "closed":
            new["closed"] = new["closed"] or new["status_since"]
        elif row["status"] == "closed" and "closed" not in changed:
            new["closed"] = None
    if "official_code" in changed and row["official_code"] and "former_codes" not in changed:
        new["former_codes"] = _added(row["former_codes"], row["official_code"])
    if "sign" in changed and not new["sign"] and "sign_date" not in changed:
        new["sign_date"] = None
    if {"lon", "lat"} & set(changed):
        present, before = context.register.rows.where(new["lon"], new["lat"])
        new["commune_code"], new["former_code"] = present or None, before or None
    _named(context, new, changed)


def _of_organisation(_context: After, row: Row, new: Row, changed: Mapping[str, Any]) -> None:
    if "name" in changed and "former_names" not in changed:
        new["former_names"] = _added(row["former_names"], row["name"])


def _of_staff(context: After, _row: Row, new: Row, changed: Mapping[str, Any]) -> None:
    _named(context, new, changed)
    if "organisation_code" in changed:
        new["employer"] = new["organisation_code"] or ""


def _named(context: After, new: Row, changed: Mapping[str, Any]) -> None:
    """Let the name of an organisation follow its code."""
    if "organisation_code" in changed:
        listed = context.register.rows.organisations
        names = dict(zip(listed["organisation_code"], listed["name"], strict=True))
        new["organisation"] = names.get(new["organisation_code"])


def _added(known: str | None, one: str) -> str:
    """Return a list parted by semicolons with one more at its end."""
    parts = [each.strip() for each in (known or "").split(";") if each.strip()]
    return "; ".join([*(each for each in parts if each != one), one])


_FOLLOWS: Mapping[Record, Callable[[After, Row, Row, Mapping[str, Any]], None]] = {
    Record.POINT: _of_point, Record.ORGANISATION: _of_organisation, Record.STAFF: _of_staff,
}  # fmt: skip
