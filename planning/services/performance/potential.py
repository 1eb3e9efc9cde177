"""Who could still take part, commune by commune, beside the targets and results there."""

from collections.abc import Mapping
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
from planning.store import needs as kept
from planning.store.imports import ImportBatch
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
class Brought:
    """The import that some needs were counted by, its source empty where none is known."""

    needs: tuple[Need, ...]
    source: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class PotentialSeen:
    """Counts of `needs` by commune on the vintage `on`, the most potential participants first.

    Programme, period and basis are None where no target and no result was told. `sums` adds up
    the rows of each need, `brought` says where each comes from. `restated` are the vintages that
    counts were carried from, `lost` how many of each need have no commune on this vintage. A
    commune of whose parts only some were counted is not: `parts` is how many were counted there.
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
    parts: tuple[int, ...]
    restated: tuple[str, ...]
    brought: tuple[Brought, ...]


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
    placed = {
        need: _placed(store, ledger, counts[counts["need"] == need], on, list(network.communes))
        for need in needs
    }
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
            tuple(looking.number_in(each.people, code) for each in placed.values()),
            known.get(code, Standing(None, None)),
            any(code in each.shared for each in placed.values()),
        )
        for code, name in network.communes.items()
    ]  # fmt: skip
    first = needs.index(Need.POTENTIAL) if Need.POTENTIAL in needs else 0
    rows.sort(key=lambda it: (-(it.counts[first] or 0) if needs else 0, it.code))
    return PotentialSeen(
        looking.choices(store, ledger), ledger.programme, of, basis, on, needs, tuple(rows),
        tuple(int(each.people.sum()) for each in placed.values()),
        tuple(each.lost for each in placed.values()),
        tuple(each.parts for each in placed.values()),
        tuple(sorted({each.day for each in placed.values()} - {on})), _brought(found, placed),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """The counts of a need by commune of a vintage, from those of the vintage of `day`.

    `people` are whole persons, missing where a commune or a part of it was not counted; `lost`
    have no commune there, `parts` are those counted in communes that were not counted whole.
    """

    day: str
    people: "pd.Series[int]"
    shared: frozenset[str]
    lost: int
    parts: int


def _placed(
    store: Store, ledger: Ledger, counts: pd.DataFrame, on: str, known: list[str]
) -> _Placed:
    """Return the counts of one need on a vintage: those told there, else of the nearest one."""
    days = set(counts["valid_from"])
    day = kept.nearest(list(days), on) or on
    own = counts[counts["valid_from"] == day].set_index("commune")["people"].astype("Int64")
    if day == on:
        return _Placed(
            day, own.reindex(known), frozenset(), int(own[~own.index.isin(known)].sum()), 0
        )
    steps = steps_between(store, ledger.province, (day, on), ledger.state)
    # A commune that nobody counted is none without people: what it went into is not known whole.
    units = sorted({*(steps[0].links if steps else ()), *own.index})
    told = own.reindex(units).rename_axis("commune").reset_index()
    moved = carried(told, ["people"], steps, known)
    table = moved.table.set_index("code")
    here, whole = table.index.isin(known), ~table["incomplete"]
    shared = frozenset(map(str, table.index[table["apportioned"]]))
    lost = moved.unlinked["people"].sum() + table["people"][~here].sum()
    return _Placed(day, table["people"].where(whole).reindex(known), shared, int(lost),
                   int(table["people"][here & ~whole].sum()))  # fmt: skip


def _brought(found: list[ImportBatch], placed: Mapping[Need, _Placed]) -> tuple[Brought, ...]:
    """Return the imports that the needs were counted by, needs of one source and day together."""
    whose: dict[tuple[str, str | None], list[Need]] = {}
    for need, each in placed.items():
        batch = kept.brought(found, need, each.day)
        whose.setdefault((batch.source, batch.as_of) if batch else ("", None), []).append(need)
    return tuple(Brought(tuple(needs), *each) for each, needs in whose.items())
