"""Puts the running system together from its settings."""

from typing import TYPE_CHECKING

from geo.limits import Limits, put_in_force
from planning.settings import Settings
from planning.store.drafts import Drafts
from planning.store.session import Store

if TYPE_CHECKING:
    from planning.jobs.supervisor import Supervisor


def open_store(settings: Settings) -> Store:
    """Return the store on the database that the settings name; creates nothing.

    The limits of files that the settings give are in force from here on.
    """
    put_in_force(
        Limits(settings.largest_file_mb, settings.largest_unpacked_mb, settings.most_rows,
               settings.most_corners)
    )  # fmt: skip
    return Store(settings.database)


def open_drafts(settings: Settings) -> Drafts:
    """Return the folder of uploaded files that were not imported yet; creates nothing."""
    return Drafts(settings.uploads, settings.largest_upload_mb)


def open_supervisor(settings: Settings) -> "Supervisor":
    """Return the supervisor of the jobs in the database; it takes none before it is started."""
    from planning.jobs.supervisor import Supervisor  # noqa: PLC0415 - heavy, only to serve

    return Supervisor(settings.database, settings.jobs)
