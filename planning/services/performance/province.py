"""A programme in one period: the province against its target, the organisations ranked."""

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from geo.names import sort_key
from planning.analysis.performance import spans
from planning.analysis.performance.cascade import Step, steps
from planning.analysis.performance.standing import Comparison, Standing, change, compare, stand
from planning.analysis.performance.standing import listed as standings_of
from planning.model.people import User, local_user
from planning.model.performance import Counts, Level, Programme
from planning.model.periods import Period
from planning.model.periods import period as period_of
from planning.services.performance import looking
from planning.services.performance.looking import Basis, Choice
from planning.store import performance
from planning.store.ledgers import ledger as books
from planning.store.ledgers.ledger import Figures, Ledger
from planning.store.session import Store

MOST_TREND = 12


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody's result beside their target, and beside the same period a year before."""

    key: str
    name: str
    standing: Standing
    before: int | None = None
    part_of: str = ""
    below: bool | None = None

    @property
    def change(self) -> int | None:
        """Result − result of the same period a year before."""
        return change(self.standing.result, self.before)


@dataclass(frozen=True, slots=True)
class TrendStep:
    """One period of a trend."""

    period: Period
    standing: Standing


@dataclass(frozen=True, slots=True)
class Overview:
    """A programme in one period.

    `province` is what the reader sees of it added up; `before` its result in the same period a
    year before; `year_end` what was held at the end of the year before. `cumulative` is the
    result since new year beside the target of the year, told of all but the periods `lacking`.
    Rows, of organisations and of BHXH offices, are the best completion first,
    those without one last; `steps` say where results of parts are not those of the whole.
    """

    choice: Choice
    programme: Programme
    period: Period
    basis: Basis
    province: Standing
    before: int | None
    year_end: int | None
    cumulative: Standing
    lacking: tuple[str, ...]
    organisations: tuple[Row, ...]
    offices: tuple[Row, ...]
    comparison: Comparison
    steps: tuple[Step, ...]


def overview(
    store: Store, user: User, province: str, programme: str | None = None,
    period: str | None = None,
) -> Overview | Choice:  # fmt: skip
    """Return a programme in a period: those named, else the first told and its newest.

    Without any figure only what can be chosen is returned. Raises `NotFoundError` for a
    programme that is not there, `RequestError` for what is no period, `ForbiddenError` for who
    may see no figure of the province.
    """
    ledger = books.open_ledger(store, province, programme)
    choice = looking.choices(store, ledger)
    of = books.period_named(ledger, period)
    if of is None:
        return choice
    now = looking.looked_at(store, user, ledger, of)
    before = _of(store, user, ledger, looking.year_before(of))
    rows = listed(now, Level.ORGANISATION, now.network.organisations, before)
    province_standing = looking.whole_of(now)
    comparison = compare(_table(now, Level.ORGANISATION), province_standing)
    return Overview(
        choice, ledger.programme, of, looking.basis(store, now), province_standing,
        None if before is None else before.results.province, _year_end(store, user, ledger, of),
        *_cumulative(store, user, ledger, of), rows, listed(now, Level.OFFICE, {}, before),
        comparison, steps(now.results),
    )  # fmt: skip


def prepare(store: Store, province: str) -> None:
    """Have ready what takes longest of a first look at the results of a whole province."""
    user = local_user(frozenset({province}))
    _, told = books.programmes(store, province)
    for each in sorted(told):
        seen = overview(store, user, province, each)
        if isinstance(seen, Overview):
            trend(store, user, seen, province)


def state(store: Store, province: str) -> Hashable:
    """Return what changes when targets or results of a province, or whom they are of, change."""
    with store.reading() as db:
        return performance.state(db, province)


def trend(
    store: Store, user: User, now: Overview, province: str, organisation: str = ""
) -> tuple[TrendStep, ...]:
    """Return the periods of the same kind up to one, of the province or an organisation."""
    ledger = books.open_ledger(store, province, now.programme.code)
    kind, last = now.period.kind, now.period.last
    told = sorted((each for each in ledger.book.results if each.kind is kind and each.last <= last),
                  key=lambda it: it.last)[-MOST_TREND:]  # fmt: skip
    found = []
    for each in told:
        figures = looking.looked_at(store, user, ledger, each)
        if not organisation:
            found.append(TrendStep(each, looking.whole_of(figures)))
            continue
        table = _table(figures, Level.ORGANISATION)
        row = table.loc[[organisation]] if organisation in table.index else table.iloc[:0]
        found.append(TrendStep(each, looking.standing_of(row)))
    return tuple(found)


def listed(
    now: Figures, level: Level, names: dict[str, str], before: Figures | None
) -> tuple[Row, ...]:
    """Return everybody of a level with their standing, the best completion first."""
    province = looking.whole_of(now)
    then = None if before is None else before.results.levels[level]["value"]
    rows = [
        Row(
            key,
            names.get(key, key),
            standing,
            looking.number_in(then, key),
            below=_is_below(standing, province),
        )
        for key, standing in standings_of(_table(now, level))
    ]
    return tuple(sorted(rows, key=_best_first))


def _table(now: Figures, level: Level) -> pd.DataFrame:
    return stand(now.targets.levels[level], now.results.levels[level])


def _best_first(row: Row) -> tuple[object, ...]:
    rate = row.standing.completion
    return (rate is None, -(rate or 0), -(row.standing.result or 0), sort_key(row.name), row.key)


def _is_below(standing: Standing, of: Standing) -> bool | None:
    if standing.completion is None or of.completion is None:
        return None
    assert standing.result is not None
    assert standing.target is not None
    assert of.result is not None
    assert of.target is not None
    return standing.result * of.target < standing.target * of.result


def _of(store: Store, user: User, ledger: Ledger, of: Period | None) -> Figures | None:
    """Return the figures of a period that was told as a whole, None otherwise."""
    if of is None or not any(of.holds(each) for each in ledger.book.results):
        return None
    found = looking.looked_at(store, user, ledger, of)
    return None if found.telling.missing else found


def _year_end(store: Store, user: User, ledger: Ledger, of: Period) -> int | None:
    """Return what was held at the end of the year before; who is new begins anew each year."""
    before = looking.year_before(period_of(f"{of.year:04d}"))
    if ledger.programme.counts is not Counts.HELD:
        return None
    found = _of(store, user, ledger, before)
    return None if found is None else found.results.province


def _cumulative(
    store: Store, user: User, ledger: Ledger, of: Period
) -> tuple[Standing, tuple[str, ...]]:
    """Return the result since new year, and the codes of periods since then it is without."""
    year = period_of(f"{of.year:04d}")
    target = (
        looking.looked_at(store, user, ledger, year).targets.province
        if _told_of_year(ledger, year)
        else None
    )
    if ledger.programme.counts is Counts.HELD:
        return Standing(target, looking.looked_at(store, user, ledger, of).results.province), ()
    known, lacking = [], list[str]()
    for each in spans.since_new_year(of):
        part = looking.looked_at(store, user, ledger, each)
        if part.results.province is None:
            lacking.append(each.code)
            continue
        known.append(part.results.province)
        lacking += part.telling.missing
    return Standing(target, sum(known) if known else None), tuple(lacking)


def _told_of_year(ledger: Ledger, year: Period) -> bool:
    """Whether targets were given for a whole year, by itself or by all its parts."""
    told = books.gathered(ledger, ledger.book.targets, year)
    return bool((told.months[told.has] == spans.months(year)).any())
