"""What every page of targets and results asks first: what there is, who looks, on what it rests."""

from dataclasses import dataclass

import pandas as pd

from planning.analysis.performance.standing import Standing, listed, whole
from planning.model.people import Action, Thing, User, require
from planning.model.performance import Programme
from planning.model.periods import Period
from planning.store import imports
from planning.store.ledgers import ledger as books
from planning.store.ledgers.ledger import Figures, Ledger
from planning.store.session import Store


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
    month that others have; `parted` of how many the period and its parts differ. `whole` says
    whether the reader sees the whole province.
    """

    source: str
    as_of: str | None
    synthetic: bool
    valid_from: str
    whole: bool
    missing: tuple[str, ...]
    behind: int
    parted: int


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
    batch = imports.in_force(found, "results") or imports.in_force(found, "targets")
    vintage = now.network.places.valid_from
    return Basis(
        batch.source if batch else "", batch.as_of if batch else None,
        imports.any_synthetic(found, vintage), vintage, now.scope.whole,
        now.missing, now.behind, len(now.parted),
    )  # fmt: skip


def whole_of(now: Figures) -> Standing:
    """Return what is seen of a province, added up."""
    return Standing(now.targets.province, now.results.province)


def standing_of(rows: pd.DataFrame) -> Standing:
    """Return the standing of the one row of a table, of nobody where it has none."""
    return listed(rows)[0][1] if len(rows) else Standing(None, None)


def number_in(column: "pd.Series[int] | None", key: str) -> int | None:
    """Return the figure of a key, None where there is none."""
    return None if column is None or key not in column.index else whole(column[key])
