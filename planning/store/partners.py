"""Load and save the collection service organisations of a province and their staff."""

import pandas as pd
import sqlalchemy as sa

from geo import tables
from geo.tables import Organisations, Staff
from planning.store import layers, register_tables, schema


def save_organisations(db: sa.Connection, province: str, organisations: Organisations) -> None:
    """Replace the organisations of a province."""
    layers.replace(db, schema.organisation, province, organisations)


def load_organisations(db: sa.Connection, province: str) -> Organisations:
    """Return the organisations of a province, none as an empty table."""
    return tables.organisations(layers.frame(db, schema.organisation, province_code=province))


def save_staff(db: sa.Connection, province: str, staff: Staff) -> None:
    """Replace the staff of a province, and whom each person works for.

    Raises `sqlalchemy.exc.IntegrityError` for a person with two organisations.
    """
    employers = staff["organisation_code"].fillna(staff["organisation"]).fillna("")
    db.execute(sa.delete(schema.staff).where(schema.staff.c.province_code == province))
    whole = pd.DataFrame(staff).assign(employer=employers)
    persons = whole[["person_id", "employer"]].drop_duplicates()
    layers.replace(db, register_tables.person, province, persons)
    layers.replace(db, schema.staff, province, whole)


def load_staff(db: sa.Connection, province: str) -> Staff:
    """Return the staff of a province, none as an empty table: personal data."""
    return tables.staff(layers.frame(db, schema.staff, province_code=province))
