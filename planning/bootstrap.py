"""Puts the running system together from its settings."""

from planning.settings import Settings
from planning.store.session import Store


def open_store(settings: Settings) -> Store:
    """Return the store on the database that the settings name; creates nothing."""
    return Store(settings.database)
