"""What a table's cells are looked up by: communes of every vintage, organisations, points, staff.

Only what is needed to find a record by what is written of it: no shapes, no names of persons.
"""

from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sa

from geo.names import name_key
from planning.store import schema


def communes(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return code, full_name, district, office, valid_from and valid_to of every vintage."""
    return _columns(
        db, schema.commune, province,
        ("code", "full_name", "district", "office", "valid_from", "valid_to"),
    )  # fmt: skip


def organisations(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return organisation_code, name and former_names of the organisations."""
    return _columns(
        db, schema.organisation, province, ("organisation_code", "name", "former_names")
    )


def points(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return of every point what it is known by, whose it is, where, and since when it is closed."""
    return _columns(
        db, schema.point, province,
        ("point_id", "official_code", "former_codes", "organisation", "organisation_code",
         "commune_code", "office", "status", "status_since", "closed"),
    )  # fmt: skip


def staff(db: sa.Connection, province: str) -> pd.DataFrame:
    """Return staff_id, employer (code of the organisation, else its name) and point_code."""
    return _columns(db, schema.staff, province, ("staff_id", "employer", "point_code"))


def organisation_codes(listed: pd.DataFrame, at_points: pd.DataFrame) -> dict[str, str]:
    """Return code, and key of each present or former name, → code of the organisation.

    One that only points name counts too, by its name where it has no code. A name that two
    organisations have leads to neither.
    """
    names: dict[str, set[str]] = {}
    codes: dict[str, str] = {}
    for code, name, former in listed.itertuples(index=False):
        codes[str(code)] = str(code)
        for each in (name, *several(former)):
            names.setdefault(name_key(str(each)), set()).add(str(code))
    pairs = at_points[["organisation_code", "organisation"]].drop_duplicates()
    for code, name in pairs.itertuples(index=False):
        key = None if name is None else name_key(str(name))
        if code is not None and str(code) not in codes:
            codes[str(code)] = str(code)
            if key is not None:
                names.setdefault(key, set()).add(str(code))
        elif code is None and key is not None and key not in names:
            codes[str(name)] = str(name)
            names[key] = {str(name)}
    single = {key: next(iter(found)) for key, found in names.items() if len(found) == 1}
    return {**single, **codes}


def organisation_of(known: Mapping[str, str], code: str | None, name: str | None) -> str | None:
    """Return the code of an organisation by its code, else by a name of it; None if unknown."""
    if code is not None and code in known:
        return known[code]
    return None if name is None else known.get(name_key(name))


def several(text: object) -> list[str]:
    """Return the former names or codes that one cell holds, parted by semicolons or lines."""
    whole = "" if text is None else str(text).replace("\n", ";")
    return [each.strip() for each in whole.split(";") if each.strip()]


def _columns(
    db: sa.Connection, table: sa.Table, province: str, names: tuple[str, ...]
) -> pd.DataFrame:
    columns = [table.c[name] for name in names]
    rows = db.execute(
        sa.select(*columns)
        .where(table.c.province_code == province)
        .order_by(*table.primary_key.columns)
    )
    return pd.DataFrame(rows.all(), columns=list(names), dtype=object)
