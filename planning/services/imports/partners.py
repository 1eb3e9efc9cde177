"""Imports about who runs the network: collection service organisations and their staff."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from geo.sources.organisations import OrganisationFile, read_organisations
from geo.sources.staff import Register, StaffFile, read_staff
from planning.services.imports.asked import ImportAsk
from planning.services.imports.looking_up import KnownRegister
from planning.services.imports.reading import Kept, Reading
from planning.services.requests import only_province
from planning.store import partners
from planning.store.session import Store

_Save = Callable[[sa.Connection, str, Any], None]


def organisations(store: Store, ask: ImportAsk) -> Reading:
    """Read the organisations of a province; keeping replaces the list before."""
    code = only_province(store, ask.province)
    file = read_organisations(ask.path, ask.choices)
    return _reading(ask, code, file, partners.save_organisations)


def staff(store: Store, ask: ImportAsk) -> Reading:
    """Read the staff of a province, who are personal data; keeping replaces the list before.

    Organisations and points that the register does not know are named, and kept as written.
    """
    code = only_province(store, ask.province)
    with store.reading() as db:
        known = KnownRegister(db, code)
    register = Register(
        known.organisation if known.organisations else None,
        known.points.__contains__ if known.points else None,
    )
    return _reading(ask, code, read_staff(ask.path, ask.choices, register), partners.save_staff)


def _reading(
    ask: ImportAsk, code: str, file: OrganisationFile | StaffFile, save: _Save
) -> Reading:  # fmt: skip
    def keep(db: sa.Connection) -> list[Kept]:
        save(db, code, file.table)
        options = {"good_rows": ask.good_rows}
        left_out = file.rows - len(file.table)
        return [Kept(code, ask.kind, len(file.table), left_out=left_out, options=options)]

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        whole_only=True,
    )  # fmt: skip
