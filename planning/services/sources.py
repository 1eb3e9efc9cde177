"""What the data of a province are made of: every import with what it found."""

from planning.services.requests import only_province
from planning.store import imports as kept
from planning.store.imports import ImportBatch
from planning.store.session import Store

ImportSummary = ImportBatch


def imports(store: Store, province: str) -> list[ImportSummary]:
    """Return every import of a province, those undone among them, newest first."""
    only_province(store, province)
    with store.reading() as db:
        return kept.history(db, province)[::-1]
