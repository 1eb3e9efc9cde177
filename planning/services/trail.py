"""The trail of events: shown, and checked for rows that were changed, removed or put in between."""

from dataclasses import dataclass
from typing import Any

from planning.store import audit
from planning.store.audit import Break
from planning.store.session import Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole trail found: its length, its end, every place it does not hold.

    `cut_off`: a hash that was written down elsewhere is that of no event any more.
    """

    events: int
    head: str
    breaks: tuple[Break, ...]
    cut_off: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.breaks and not self.cut_off


def verify(store: Store, head: str | None = None) -> Verdict:
    """Check the trail from its first event to its last.

    With `head`, the hash that was shown at the end of an earlier check, an end that was cut
    off or written anew since is found too: within the database nothing tells it.
    """
    with store.reading() as db:
        end = audit.head(db)
        found = tuple(audit.breaks(db))
        missing = head is not None and not audit.holds(db, head)
    return Verdict(end.events, end.hash, found, missing)


def shown(
    store: Store,
    *,
    province: str | None = None,
    actor: str | None = None,
    area: str | None = None,
    last: int = 50,
) -> list[dict[str, Any]]:
    """Return the newest events as plain values, oldest first; of one province, actor or area."""
    with store.reading() as db:
        rows = audit.events(db, province, actor=actor, area=area)
    return [
        {"number": row.id, "at": row.at, "actor": row.actor, "event": row.tag,
         "province": row.province_code, "facts": row.facts, "hash": row.hash}
        for row in rows[-last:]
    ]  # fmt: skip
