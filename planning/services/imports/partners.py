"""Imports about who runs the network: collection service organisations and their staff."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo.recognition import Choices
from geo.sources.organisations import OrganisationFile, read_organisations
from geo.sources.staff import StaffFile, read_staff
from planning.services.imports.asked import ImportAsk
from planning.services.imports.reading import Kept, Reading
from planning.services.requests import only_province
from planning.store import partners
from planning.store.session import Store

_Read = Callable[[Path, Choices], OrganisationFile | StaffFile]
_Save = Callable[[sa.Connection, str, Any], None]


def organisations(store: Store, ask: ImportAsk) -> Reading:
    """Read the organisations of a province; keeping replaces the list before."""
    return _listed(store, ask, read_organisations, partners.save_organisations)


def staff(store: Store, ask: ImportAsk) -> Reading:
    """Read the staff of a province, who are personal data; keeping replaces the list before."""
    return _listed(store, ask, read_staff, partners.save_staff)


def _listed(store: Store, ask: ImportAsk, read: _Read, save: _Save) -> Reading:
    code = only_province(store, ask.province)
    file = read(ask.path, ask.choices)

    def keep(db: sa.Connection) -> list[Kept]:
        save(db, code, file.table)
        options = {"good_rows": ask.good_rows}
        left_out = file.rows - len(file.table)
        return [Kept(code, ask.kind, len(file.table), left_out=left_out, options=options)]

    return Reading(
        file.report, file.rows, len(file.table), keep, lambda _: (code,), file.recognised,
        whole_only=True,
    )  # fmt: skip
