"""How far the targets of the two insurances that are always asked for are met."""

from dataclasses import dataclass

from planning.analysis.performance.standing import Standing, standings
from planning.model.performance import HOUSEHOLD, VOLUNTARY, Level, Programme
from planning.model.periods import Period
from planning.store import performance
from planning.store.ledgers.ledger import open_ledger, within
from planning.store.ledgers.scope import Scope
from planning.store.session import Store

PROGRAMMES = (VOLUNTARY, HOUSEHOLD)


@dataclass(frozen=True)
class Met:
    """A programme in its newest period: the province, and each organisation by its code."""

    programme: Programme
    period: Period
    province: Standing
    organisations: dict[str, Standing]


def newest(store: Store, province: str) -> tuple[Met | None, ...]:
    """Return how far the targets of `PROGRAMMES` are met, None where nothing was told."""
    with store.reading() as db:
        told = performance.counted(db, province)
    return tuple(_met(store, province, each.code) if each.code in told else None
                 for each in PROGRAMMES)  # fmt: skip


def _met(store: Store, province: str, code: str) -> Met | None:
    with store.reading() as db:
        known = {each.code for each in performance.programmes(db, province)}
    if code not in known:
        return None
    ledger = open_ledger(store, province, code)
    of = ledger.newest
    if of is None:
        return None
    found = within(store, ledger, of, Scope(whole=True))
    levels = found.targets.levels[Level.ORGANISATION], found.results.levels[Level.ORGANISATION]
    return Met(ledger.programme, of, Standing(found.targets.province, found.results.province),
               dict(standings(*levels)))  # fmt: skip
