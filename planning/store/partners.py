"""Load and save the collection service organisations of a province and their staff."""

from functools import cache

import pandas as pd
import sqlalchemy as sa

from geo import tables
from geo.tables import Organisations, Staff
from planning.store import layers, looked_up, register_tables, schema


def save_organisations(db: sa.Connection, province: str, organisations: Organisations) -> None:
    """Replace the organisations of a province."""
    layers.replace(db, schema.organisation, province, organisations)


def load_organisations(db: sa.Connection, province: str) -> Organisations:
    """Return the organisations of a province, none as an empty table."""
    return tables.organisations(layers.frame(db, schema.organisation, province_code=province))


def save_staff(db: sa.Connection, province: str, staff: Staff) -> None:
    """Replace the staff of a province, and whom each person works for.

    An organisation is known by its code, else by a present or former name in the register.
    Raises `sqlalchemy.exc.IntegrityError` for a person with two organisations.
    """
    db.execute(sa.delete(schema.staff).where(schema.staff.c.province_code == province))
    whole = pd.DataFrame(staff).assign(employer=_employers(db, province, staff))
    persons = whole[["person_id", "employer"]].drop_duplicates()
    layers.replace(db, register_tables.person, province, persons)
    layers.replace(db, schema.staff, province, whole)


def _employers(db: sa.Connection, province: str, staff: Staff) -> pd.Series:
    """Return the employer of each row's person; a row that names none has that of the others."""
    known = looked_up.organisation_codes(
        looked_up.organisations(db, province), looked_up.points(db, province)
    )

    @cache
    def employer(code: object, name: object) -> str:
        texts = [str(each) if isinstance(each, str) else None for each in (code, name)]
        return looked_up.organisation_of(known, *texts) or texts[0] or texts[1] or ""

    named = staff[["organisation_code", "organisation"]].astype(object)
    pairs = named.where(named.notna(), None).itertuples(index=False, name=None)
    rows = pd.Series([employer(*pair) for pair in pairs], index=staff.index, dtype=object)
    of_person = rows[rows != ""].groupby(staff["person_id"]).first()
    return rows.where(rows != "", staff["person_id"].map(of_person).astype(object).fillna(""))


def load_staff(db: sa.Connection, province: str) -> Staff:
    """Return the staff of a province, none as an empty table: personal data."""
    return tables.staff(layers.frame(db, schema.staff, province_code=province))
