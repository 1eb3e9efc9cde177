"""Which demand can be chosen: everybody always, other needs where they were counted."""

from planning.store import needs
from planning.store.needs import NeedOffer
from planning.store.session import Store


def offered(store: Store, province: str, valid_from: str) -> list[NeedOffer]:
    """Return every need besides everybody, with how many people were counted for a vintage."""
    with store.reading() as db:
        return needs.offered(db, province, valid_from)
