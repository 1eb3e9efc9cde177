"""What a table's cells are looked up by: communes of every vintage, organisations, points, staff.

Only what is needed to find a record by what is written of it: no shapes, no names of persons.
"""

import pandas as pd
import sqlalchemy as sa

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
