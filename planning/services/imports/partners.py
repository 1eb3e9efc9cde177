"""Imports about who runs the network: collection service organisations and their staff."""

import sqlalchemy as sa

from geo.sources.organisations import read_organisations
from geo.sources.staff import read_staff
from planning.services.imports.asked import ImportAsk
from planning.services.imports.reading import Kept, Reading
from planning.services.requests import only_province
from planning.store import partners
from planning.store.session import Store


def organisations(store: Store, ask: ImportAsk) -> Reading:
    """Read the organisations of a province; keeping replaces the list before."""
    code = only_province(store, ask.province)
    file = read_organisations(ask.path, ask.choices)

    def keep(db: sa.Connection) -> list[Kept]:
        partners.save_organisations(db, code, file.table)
        return [_kept(code, ask, file.rows, len(file.table))]

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        whole_only=True,
    )  # fmt: skip


def staff(store: Store, ask: ImportAsk) -> Reading:
    """Read the staff of a province, who are personal data; keeping replaces the list before."""
    code = only_province(store, ask.province)
    file = read_staff(ask.path, ask.choices)

    def keep(db: sa.Connection) -> list[Kept]:
        partners.save_staff(db, code, file.table)
        return [_kept(code, ask, file.rows, len(file.table))]

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        whole_only=True,
    )  # fmt: skip


def _kept(code: str, ask: ImportAsk, rows: int, usable: int) -> Kept:
    options = {"good_rows": ask.good_rows}
    return Kept(code, ask.kind, usable, left_out=rows - usable, options=options)
