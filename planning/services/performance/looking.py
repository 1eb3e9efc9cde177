"""What every page of targets and results asks first: what there is, who looks, on what it rests."""

from dataclasses import dataclass

import pandas as pd

from planning.analysis.performance.gathering import told_in
from planning.analysis.performance.standing import Standing, listed, whole
from planning.model.people import Action, Thing, User, require
from planning.model.performance import Level, Programme
from planning.model.periods import YEARS, Period
from planning.model.periods import period as period_of
from planning.store import imports
from planning.store.imports import ImportBatch
from planning.store.ledgers import ledger as books
from planning.store.ledgers.ledger import Figures, Ledger
from planning.store.session import Store
from planning.store.snapshots import REPLACES


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked for: programmes, which of them have figures, periods, newest first."""

    programmes: tuple[Programme, ...]
    told: frozenset[str]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures rest on: their source and day, whether they are invented, what is missing.

    `missing` are months of the period that nothing was told of; `behind` is how many lack a
    month that others have; `unaimed` are months without a target, `uneven` is how many have
    results of months that their targets lack; `parted` of how many the period and its parts
    differ. `targets_apart` and `results_apart` are the sums by different ways where the province
    has no figure of its own and they differ. `whole` says whether the reader sees the whole
    province.
    """

    source: str
    as_of: str | None
    synthetic: bool
    valid_from: str
    whole: bool
    missing: tuple[str, ...]
    behind: int
    unaimed: tuple[str, ...]
    uneven: int
    parted: int
    targets_apart: tuple[tuple[Level, int], ...]
    results_apart: tuple[tuple[Level, int], ...]


def choices(store: Store, ledger: Ledger) -> Choice:
    """Return the programmes of a province and the periods of one of them."""
    known, told = books.programmes(store, ledger.province)
    return Choice(known, told, ledger.periods)


def looked_at(store: Store, user: User, ledger: Ledger, of: Period) -> Figures:
    """Return the figures of a period as far as `user` may see them; refuse who may see none."""
    found = books.figures(store, user, ledger, of)
    if found.scope.empty:
        require(user, Action.SEE_REGISTER, Thing(ledger.province))
    return found


def basis(store: Store, now: Figures) -> Basis:
    """Return what figures rest on."""
    with store.reading() as db:
        found = imports.batches(db, now.ledger.province)
    batch = _brought(found, now)
    vintage, telling = now.network.places.valid_from, now.telling
    return Basis(
        batch.source if batch else "", batch.as_of if batch else None,
        imports.any_synthetic(found, vintage), vintage, now.scope.whole,
        telling.missing, telling.behind, telling.unaimed, telling.uneven, len(now.parted),
        tuple(now.targets.apart.items()), tuple(now.results.apart.items()),
    )  # fmt: skip


def year_before(of: Period) -> Period | None:
    """Return the same period one year earlier, None before the first year there is."""
    return None if of.year == YEARS.start else period_of(of.year_before)


def _brought(found: list[ImportBatch], now: Figures) -> ImportBatch | None:
    """Return the newest import that brought results of a programme and period, else targets."""
    book, code = now.ledger.book, now.ledger.programme.code
    for table, told in (("result", book.results), ("target", book.targets)):
        parts = tuple(f"{table} {code} {each.code} " for each in told_in(told, now.period))
        for each in reversed(found) if parts else ():
            if each.kind in ("targets", "results") and _names(each, table, parts):
                return each
    return None


def _names(batch: ImportBatch, table: str, parts: tuple[str, ...]) -> bool:
    """Whether an import brought one of these parts; one that names none brought all of a kind."""
    named = batch.options.get(REPLACES)
    if named is None:
        return batch.kind == f"{table}s"
    return any(str(each).startswith(parts) for each in named)


def whole_of(now: Figures) -> Standing:
    """Return what is seen of a province, added up."""
    return Standing(now.targets.province, now.results.province)


def standing_of(rows: pd.DataFrame) -> Standing:
    """Return the standing of the one row of a table, of nobody where it has none."""
    return listed(rows)[0][1] if len(rows) else Standing(None, None)


def number_in(column: "pd.Series[int] | None", key: str) -> int | None:
    """Return the figure of a key, None where there is none."""
    return None if column is None or key not in column.index else whole(column[key])
