"""A programme commune by commune, on the communes it was told on or carried to others."""

from dataclasses import dataclass

import pandas as pd

from geo.names import sort_key
from planning.analysis.performance.standing import Standing, stand, whole
from planning.analysis.performance.standing import listed as standings_of
from planning.analysis.restating import Loss
from planning.maps import picture
from planning.maps.picture import Picture
from planning.model.errors import NotReadyError
from planning.model.people import User
from planning.model.performance import Level, Programme
from planning.model.periods import Period
from planning.services.performance import looking
from planning.services.performance.looking import Basis, Choice
from planning.store.ledgers import ledger as books
from planning.store.ledgers.carrying import carried, steps_between
from planning.store.ledgers.ledger import Figures
from planning.store.ledgers.network import load
from planning.store.session import Store
from planning.store.situation import load_situation

MAP_WIDTH, MAP_TALLEST = 460, 460
_FIGURES = ["target", "result", "before"]


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune's standing; `shared`: some of it was shared out by people.

    Where only some of the communes that it was made of told a figure, `standing` lacks that
    figure, and with it a rate; `part` then has what they told.
    """

    code: str
    name: str
    office: str
    standing: Standing
    before: int | None
    shared: bool
    part: Standing | None = None

    @property
    def told(self) -> Standing:
        """What was told, in whole or in part: what adds up."""
        return self.part or self.standing


@dataclass(frozen=True, slots=True)
class Lost:
    """Figures that have no commune on the vintage asked for, and why.

    `code` is empty for those that lie in no commune at all.
    """

    code: str
    standing: Standing
    why: str


@dataclass(frozen=True, slots=True)
class CommunesSeen:
    """A programme in a period commune by commune on the vintage `on`.

    `whole` adds up every row and what is lost. `restated`: the figures were told on other
    communes. `organisation` is the code of the one meant, empty for all of them. `picture` is
    None where no population is known to draw with.
    """

    choice: Choice
    programme: Programme
    period: Period
    basis: Basis
    on: str
    restated: bool
    organisation: str
    organisations: dict[str, str]
    rows: tuple[CommuneRow, ...]
    lost: tuple[Lost, ...]
    whole: Standing
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ResultsAsk:
    """Which results are wanted: programme and period (None: the first told, its newest).

    `on` is a vintage of communes, empty: the one the figures were told on. `organisation` is
    the code of one, empty for all.
    """

    province: str
    programme: str | None = None
    period: str | None = None
    on: str = ""
    organisation: str = ""


def communes(store: Store, user: User, ask: ResultsAsk) -> CommunesSeen | Choice:
    """Return a programme by commune; only what can be chosen where nothing was told.

    Figures of communes that passed whole follow the change; those of divided ones are shared
    by people, in whole persons, totals kept. Raises what `overview` raises.
    """
    ledger = books.open_ledger(store, ask.province, ask.programme)
    choice = looking.choices(store, ledger)
    of = books.period_named(ledger, ask.period)
    if of is None:
        return choice
    now = looking.looked_at(store, user, ledger, of)
    told_on = now.network.places.valid_from
    on = ask.on or told_on
    table, lost = by_commune(store, user, now, on, ask.organisation)
    network = load(store, ask.province, on, ledger.state)
    parts = _in_part(table)
    rows = [
        CommuneRow(str(code), network.communes.get(str(code), str(code)),
                   network.offices.get(str(code), ""), standing,
                   looking.number_in(table["before"], str(code)), bool(table["shared"][code]),
                   parts.get(str(code)))
        for code, standing in standings_of(table)
    ]  # fmt: skip
    return CommunesSeen(
        choice, ledger.programme, of, looking.basis(store, now), on, on != told_on,
        ask.organisation, _organisations(now),
        tuple(sorted(rows, key=lambda it: sort_key(it.name))), lost,
        _summed([*(each.told for each in rows), *(each.standing for each in lost)]),
        drawn(store, ask.province, on),
    )  # fmt: skip


def by_commune(
    store: Store, user: User, now: Figures, on: str, organisation: str = ""
) -> tuple[pd.DataFrame, tuple[Lost, ...]]:
    """Return what was told by commune of a vintage, and what is lost.

    `target`, `result` and `before` are missing where only some of the communes that a commune
    was made of told them; `known_target` and `known_result` add up what was told all the same.
    `shared`: some of it was shared out by people.
    """
    ledger, told_on = now.ledger, now.network.places.valid_from
    told = _of(now, organisation)
    lost = [*_lost(told[told.index == ""].assign(code="", why=Loss.NO_CODE.value))]
    table = told[told.index != ""].rename_axis("commune")
    table["before"] = _before(store, user, now, organisation).reindex(table.index)
    shared = pd.Series(data=False, index=table.index)
    known = load(store, ledger.province, on, ledger.state).communes
    partly: dict[str, pd.Series[bool]] = {}
    if on != told_on:
        steps = steps_between(store, ledger.province, (told_on, on), ledger.state)
        flat = table.reset_index()
        for each in _FIGURES:
            alone = carried(flat, [each], steps, list(known)).table.set_index("code")
            partly[each] = alone["incomplete"]
        found = carried(flat, _FIGURES, steps, list(known))
        table = found.table.set_index("code")
        shared = table["apportioned"]
        lost += _lost(found.unlinked)
    every = table.index.union(pd.Index(_seen(now, known, on == told_on), dtype=object))
    table = table[_FIGURES].reindex(every).astype("Int64")
    table = table.assign(known_target=table["target"], known_result=table["result"])
    for each, parts in partly.items():
        table[each] = table[each].mask(parts.reindex(every).eq(True))
    return table.assign(shared=shared.reindex(every).eq(True)), tuple(lost)


def _lost(rows: pd.DataFrame) -> list[Lost]:
    return [
        Lost(str(row.code), Standing(whole(row.target), whole(row.result)), str(row.why))
        for row in rows.itertuples()
    ]


def _in_part(table: pd.DataFrame) -> dict[str, Standing]:
    """Return what was told of communes of which a figure was told in part only."""
    known = table[["known_target", "known_result"]].set_axis(["target", "result"], axis=1)
    told = known.notna() & table[["target", "result"]].isna()
    return dict(standings_of(known[told.any(axis=1)]))


def drawn(store: Store, province: str, on: str) -> Picture | None:
    """Return the small map of a province on a vintage, None where nobody's home is known."""
    try:
        situation = load_situation(store, province, on)
    except NotReadyError:
        return None
    return store.remembered(
        ("picture", situation.fingerprint),
        lambda: picture.province(situation, MAP_WIDTH, MAP_TALLEST),
    )


def _of(now: Figures, organisation: str) -> pd.DataFrame:
    """Return `target` and `result` by commune, under an empty code what lies in none."""
    pairs = stand(
        now.targets.levels[Level.ORGANISATION_IN_COMMUNE],
        now.results.levels[Level.ORGANISATION_IN_COMMUNE],
    )[["target", "result"]]
    if organisation:
        own = pairs[pairs.index.get_level_values("organisation") == organisation]
        return own.droplevel("organisation")
    levels = now.targets.levels[Level.COMMUNE], now.results.levels[Level.COMMUNE]
    outside = pairs[pairs.index.get_level_values("commune") == ""]
    summed = outside.groupby(level="commune").sum(min_count=1)
    return pd.concat([stand(*levels)[["target", "result"]], summed])


def _before(store: Store, user: User, now: Figures, organisation: str) -> "pd.Series[int]":
    """Return the results of the same period a year before, on the communes of this one."""
    empty = pd.Series(dtype="Int64", index=pd.Index([], dtype=object))
    ledger, of = now.ledger, looking.year_before(now.period)
    if of is None or not any(of.holds(each) for each in ledger.book.results):
        return empty
    then = looking.looked_at(store, user, ledger, of)
    if then.telling.missing:
        return empty
    table = _of(then, organisation)
    since, here = then.network.places.valid_from, now.network.places.valid_from
    if since == here:
        return table["result"]
    steps = steps_between(store, ledger.province, (since, here), ledger.state)
    flat = table.rename_axis("commune").reset_index()
    moved = carried(flat, ["result"], steps, list(now.network.communes)).table.set_index("code")
    return moved["result"].mask(moved["incomplete"])


def _seen(now: Figures, known: dict[str, str], told_here: bool) -> list[str]:
    """Return the communes that are listed even without a figure."""
    if now.scope.whole:
        return list(known)
    return [each for each in known if told_here and each in now.scope.communes]


def _organisations(now: Figures) -> dict[str, str]:
    told = now.results.levels[Level.ORGANISATION].index.union(
        now.targets.levels[Level.ORGANISATION].index
    )
    names = {str(each): now.network.organisations.get(str(each), str(each)) for each in told}
    return dict(sorted(names.items(), key=lambda it: sort_key(it[1])))


def _summed(parts: list[Standing]) -> Standing:
    targets = [each.target for each in parts if each.target is not None]
    results = [each.result for each in parts if each.result is not None]
    return Standing(sum(targets) if targets else None, sum(results) if results else None)
