"""Who could still take part, commune by commune, beside the targets and results there."""

from dataclasses import dataclass

import pandas as pd

from planning.analysis.performance.standing import Standing
from planning.analysis.performance.standing import listed as standings_of
from planning.model.people import Action, Thing, User, require
from planning.model.performance import Need, Programme
from planning.model.periods import Period
from planning.services.performance import looking
from planning.services.performance.communes import ResultsAsk, by_commune
from planning.services.performance.looking import Basis, Choice
from planning.store import imports, layers, performance
from planning.store.ledgers import ledger as books
from planning.store.ledgers.carrying import carried, steps_between
from planning.store.ledgers.ledger import Ledger
from planning.store.ledgers.network import load
from planning.store.session import Store


@dataclass(frozen=True, slots=True)
class CountRow:
    """A commune: how many of each need were counted (None: not), and its standing."""

    code: str
    name: str
    office: str
    counts: tuple[int | None, ...]
    standing: Standing
    shared: bool


@dataclass(frozen=True, slots=True)
class PotentialSeen:
    """Counts of `needs` by commune on the vintage `on`, the most potential participants first.

    Programme, period and basis are None where no target and no result was told. `sums` adds up
    each need; `source` and `as_of` are those of the counts. `restated` are the vintages that
    counts were carried from, `lost` how many of each need have no commune on this vintage.
    """

    choice: Choice
    programme: Programme
    period: Period | None
    basis: Basis | None
    on: str
    needs: tuple[Need, ...]
    rows: tuple[CountRow, ...]
    sums: tuple[int, ...]
    lost: tuple[int, ...]
    restated: tuple[str, ...]
    source: str
    as_of: str | None


def potential(store: Store, user: User, ask: ResultsAsk) -> PotentialSeen:
    """Return potential participants by commune beside what was reached there.

    `ask.on` is the vintage, empty for the newest. The counts are of the whole province: who may
    not see that is refused. Raises what `overview` raises.
    """
    require(user, Action.VIEW, Thing(ask.province))
    ledger = books.open_ledger(store, ask.province, ask.programme)
    with store.reading() as db:
        counts = performance.needs(db, ask.province)
        vintages = [first for first, _ in layers.vintages(db, ask.province)]
        found = imports.batches(db, ask.province)
    on = ask.on or (vintages[-1] if vintages else "")
    network = load(store, ask.province, on, ledger.state)
    needs = tuple(each for each in Need if each in set(counts["need"]))
    table, lost, since = _here(store, ledger, counts, on, list(network.communes))
    of = books.period_named(ledger, ask.period)
    basis, told = None, pd.DataFrame(columns=["target", "result"])
    if of is not None:
        now = looking.looked_at(store, user, ledger, of)
        basis = looking.basis(store, now)
        told, _ = by_commune(store, user, now, on)
    known = dict(standings_of(told[["target", "result"]]))
    rows = [
        CountRow(
            code, name, network.offices.get(code, ""),
            tuple(looking.number_in(table[str(each)], code) for each in needs),
            known.get(code, Standing(None, None)), code in table.index and bool(table["shared"][code]),
        )
        for code, name in network.communes.items()
    ]  # fmt: skip
    first = needs.index(Need.POTENTIAL) if Need.POTENTIAL in needs else 0
    rows.sort(key=lambda it: (-(it.counts[first] or 0) if needs else 0, it.code))
    batch = max(
        (each for each in found if each.kind == "needs"), key=lambda it: it.id, default=None
    )
    return PotentialSeen(
        looking.choices(store, ledger), ledger.programme, of, basis, on, needs, tuple(rows),
        tuple(int(table[str(each)].sum()) for each in needs),
        tuple(lost.get(str(each), 0) for each in needs), since,
        batch.source if batch else "", batch.as_of if batch else None,
    )  # fmt: skip


def _here(
    store: Store, ledger: Ledger, counts: pd.DataFrame, on: str, known: list[str]
) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
    """Return counts by commune of a vintage, a column for each need and `shared`.

    What was counted on this very vintage counts; where nothing was, the newest other counts
    are carried to it. Also returns what was lost on the way, and from which vintages.
    """
    columns: dict[str, pd.Series] = {}
    shared: set[str] = set()
    lost: dict[str, int] = {}
    since = set()
    for need, rows in counts.groupby("need", sort=False):
        days = set(rows["valid_from"])
        day = on if on in days else max(days)
        own = rows[rows["valid_from"] == day]
        if day == on:
            columns[str(need)] = own.set_index("commune")["people"].astype("Int64")
            continue
        steps = steps_between(store, ledger.province, (day, on), ledger.state)
        moved = carried(own[["commune", "people"]], ["people"], steps, known)
        table = moved.table.set_index("code")
        columns[str(need)] = table["people"]
        shared |= set(table.index[table["apportioned"]])
        lost[str(need)] = int(moved.unlinked["people"].sum())
        since.add(day)
    whole = pd.DataFrame(columns, index=pd.Index(known, dtype=object))
    return whole.assign(shared=whole.index.isin(shared)), lost, tuple(sorted(since))
