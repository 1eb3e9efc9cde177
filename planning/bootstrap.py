"""Puts the running system together from its settings."""

from planning.settings import Settings
from planning.store.drafts import Drafts
from planning.store.session import Store


def open_store(settings: Settings) -> Store:
    """Return the store on the database that the settings name; creates nothing."""
    return Store(settings.database)


def open_drafts(settings: Settings) -> Drafts:
    """Return the folder of uploaded files that were not imported yet; creates nothing."""
    return Drafts(settings.uploads, settings.largest_upload_mb)
