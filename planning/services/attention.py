"""What in the kept data of a province still needs a hand."""

from planning.model.attention import AttentionReport
from planning.services.requests import only_province
from planning.store import attention
from planning.store.session import Store


def report(store: Store, province: str) -> AttentionReport:
    """Return everything that needs a hand on the newest boundaries, and what was found right."""
    only_province(store, province)
    found = attention.found(store, province)
    with store.reading() as db:
        decided = attention.seen(db, province)
        left_out = attention.left_out(db, province)
    return AttentionReport(
        valid_from=found.valid_from,
        items=tuple(each for each in found.items if each.key not in decided),
        seen=tuple((each, decided[each.key]) for each in found.items if each.key in decided),
        with_grid=found.with_grid, former_codes=found.former_codes, left_out=left_out,
    )  # fmt: skip


def waiting(store: Store, province: str, *, look: bool = True) -> int | None:
    """Return how many items wait; with `look` False None where nobody has looked yet."""
    return attention.waiting(store, province, look=look)
