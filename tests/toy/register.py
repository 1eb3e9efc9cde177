"""The register of the toy district, row by row: only what a test is about has to be written."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from geo import tables
from planning.analysis.compliance import Activity, Register
from tests.toy import district

Rows = Sequence[Mapping[str, Any]]


@cache
def _communes() -> tables.Communes:
    return district.communes()


def _frame(table: type, rows: Rows, **types: str) -> pd.DataFrame:
    names = tables.columns(table)
    frame = pd.DataFrame([{**dict.fromkeys(names), **row} for row in rows], columns=names)
    return frame.astype(object).astype(types)


def points(*rows: Mapping[str, Any]) -> tables.Points:
    """Return points P0, P1, …: open and direct in the first commune unless said otherwise."""
    whole = []
    for at, row in enumerate(rows):
        lon, lat = district.degrees([row.get("at", (1.0, 1.0))])[0]
        common = {"point_id": f"P{at}", "name": f"Điểm {at}", "kind": "direct", "status": "open",
                  "lon": lon, "lat": lat}  # fmt: skip
        whole.append({**common, **{key: value for key, value in row.items() if key != "at"}})
    return tables.points(_frame(tables.PointTable, whole, lon="float", lat="float", sign="boolean",
                                permanent_staff="boolean", staff_count="Int64"))  # fmt: skip


def organisations(*rows: Mapping[str, Any]) -> tables.Organisations:
    """Return organisations; each row says at least its `organisation_code`."""
    whole = [{"name": f"Tổ chức {row['organisation_code']}", **row} for row in rows]
    return tables.organisations(_frame(tables.OrganisationTable, whole, guarantee="Int64"))


def staff(*rows: Mapping[str, Any]) -> tables.Staff:
    """Return staff N0, N1, …: each a person of their own unless said otherwise."""
    whole = [{"staff_id": f"N{at}", "person_id": f"N{at}", "name": f"Người {at}", **row}
             for at, row in enumerate(rows)]  # fmt: skip
    return tables.staff(_frame(tables.StaffTable, whole, permanent="boolean"))


def inspections(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return inspections 1, 2, …: without deadline and not settled unless said otherwise."""
    names = ["id", "point_id", "day", "deadline", "settled"]
    whole = [{"id": str(at), "deadline": "", "settled": "", **row}
             for at, row in enumerate(rows, start=1)]  # fmt: skip
    return pd.DataFrame(whole, columns=names).astype("str")


def register(**parts: Any) -> Register:
    """Return the register of the toy district with these tables, the others empty."""
    empty = {
        "points": points(), "organisations": organisations(), "staff": staff(),
        "inspections": inspections(), "communes": _communes(), "activity": Activity({}),
    }  # fmt: skip
    return Register(district.PROVINCE, **{**empty, **parts})


def crosswalk(*rows: tuple[str, str, str, str]) -> tables.Crosswalk:
    """Return a crosswalk of (former code, former name, present code, relation)."""
    names = ["old_code", "old_name", "new_code", "relation"]
    return tables.crosswalk(pd.DataFrame(rows, columns=names).assign(old_district=None))
