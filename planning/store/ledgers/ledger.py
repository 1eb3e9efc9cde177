"""The targets and results of a programme, read once for each state of the data."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import N_
from planning.analysis.performance import gathering
from planning.analysis.performance.gathering import Book, Gathered, Told
from planning.analysis.performance.rolling import Rolled, roll_up
from planning.analysis.performance.telling import IN_COMMUNES, Telling, telling, told_anew
from planning.model.errors import NotFoundError
from planning.model.people import Action, User
from planning.model.performance import Counts, Level, Programme
from planning.model.periods import Period
from planning.model.periods import period as period_of
from planning.store import layers, performance, performance_tables
from planning.store.ledgers.carrying import carried, steps_between
from planning.store.ledgers.network import Network, load
from planning.store.ledgers.scope import Scope, scope
from planning.store.session import Store

NO_PROGRAMME = N_("There is no programme “%(code)s” in this province.")
_MOST_WORKED_OUT = 300
_ABSENT = object()
Made = TypeVar("Made")


@dataclass(frozen=True)
class Ledger:
    """Everything told of one programme of a province; what was worked out once stays with it."""

    province: str
    programme: Programme
    book: Book
    state: Hashable
    worked_out: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period that a target or a result was told of, the newest first."""
        known = {*self.book.targets, *self.book.results}
        return tuple(sorted(known, key=lambda it: (it.last, it.first), reverse=True))

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` gave for `key` before, or make it now; the last ones are kept."""
        # Another thread may empty it between two looks: look once.
        found = self.worked_out.get(key, _ABSENT)
        if found is not _ABSENT:
            return cast(Made, found)
        made = make()
        if len(self.worked_out) >= _MOST_WORKED_OUT:
            self.worked_out.clear()
        self.worked_out[key] = made
        return made

    @property
    def newest(self) -> Period | None:
        """The period of the newest results, the longest where several end together."""
        told = self.book.results or self.book.targets
        return max(told, key=lambda it: (it.last, -it.first.toordinal()), default=None)


def programmes(store: Store, province: str) -> tuple[tuple[Programme, ...], frozenset[str]]:
    """Return the programmes of a province, and the codes of those that have figures."""
    with store.reading() as db:
        return performance.programmes(db, province), performance.counted(db, province)


def open_ledger(store: Store, province: str, code: str | None) -> Ledger:
    """Return the ledger of a programme: the one named, else the first that has figures.

    Raises `NotFoundError` for a programme that the province does not have.
    """
    with store.reading() as db:
        state = performance.state(db, province)
        known = performance.programmes(db, province)
        told = frozenset[str]() if code else performance.counted(db, province)
    if code is None:
        programme = next((each for each in known if each.code in told), known[0])
    else:
        found = next((each for each in known if each.code == code), None)
        if found is None:
            raise NotFoundError(NO_PROGRAMME, code=code[:40])
        programme = found
    key = ("ledger", province, programme, state)
    return store.remembered(key, lambda: _read(store, province, programme, state))


def _read(store: Store, province: str, programme: Programme, state: Hashable) -> Ledger:
    with store.reading() as db:
        targets, results = (
            performance.figures(db, each, province, programme.code)
            for each in (performance_tables.target, performance_tables.result)
        )
    return Ledger(province, programme, gathering.book(targets, results), state)


@dataclass(frozen=True)
class Figures:
    """A programme in one period, as far as somebody may see it.

    `telling` says what was not told of it. `parted` are those of whom the period was told and
    its parts as a whole, with another sum.
    """

    ledger: Ledger
    period: Period
    network: Network
    scope: Scope
    targets: Rolled
    results: Rolled
    telling: Telling
    parted: pd.DataFrame


def figures(store: Store, user: User, ledger: Ledger, of: Period) -> Figures:
    """Return the figures of a period that `user` may see."""
    network = load(store, ledger.province, vintage(store, ledger, of), ledger.state)
    return within(store, ledger, of, reach(user, Action.SEE_REGISTER, ledger, network))


def within(store: Store, ledger: Ledger, of: Period, seen: Scope) -> Figures:
    """Return the figures of a period within a scope, rolled up on the communes they name."""
    return ledger.once(("figures", of, seen), lambda: _within(store, ledger, of, seen))


def _within(store: Store, ledger: Ledger, of: Period, seen: Scope) -> Figures:
    network = load(store, ledger.province, vintage(store, ledger, of), ledger.state)
    here, keys = network.places.valid_from, ledger.book.keys
    targets, results = (
        gathered(ledger, told, of, here) for told in (ledger.book.targets, ledger.book.results)
    )
    mine = _is_seen(keys, network, seen)
    return Figures(
        ledger, of, network, seen,
        _rolled(store, ledger, network, seen, targets),
        _rolled(store, ledger, network, seen, results),
        telling(keys, mine, (targets, results), of), _parted(ledger, results, mine),
    )  # fmt: skip


def reach(user: User, action: Action, ledger: Ledger, network: Network) -> Scope:
    """Return what of the figures of a ledger `user` may do `action` to."""
    organisations = ledger.once(
        ("organisations", network.places.valid_from), lambda: _organisations(ledger, network)
    )
    return scope(user, action, ledger.province, organisations, network.offices)


def _organisations(ledger: Ledger, network: Network) -> frozenset[str]:
    columns = (network.places.points, network.places.staff, ledger.book.keys)
    told = (each["organisation"].unique().tolist() for each in columns)
    return frozenset(network.organisations).union(*told) - {""}


def gathered(ledger: Ledger, told: Told, of: Period, here: str = "") -> Gathered:
    """Return what was told of a period, one place for each key of the book.

    Who is new counts once: what the communes of the vintage `here` tell of a month, those of
    others do not tell again.
    """
    keys = ledger.book.keys
    anew = told_anew(keys, told, of, here) if here else None
    return gathering.gather(told, len(keys), ledger.programme.counts, of, anew)


def _rolled(store: Store, ledger: Ledger, network: Network, seen: Scope, told: Gathered) -> Rolled:
    own = _own(ledger, told)
    return roll_up(_seen(_here(store, ledger, network, own), network, seen), network.places)


def vintage(store: Store, ledger: Ledger, of: Period) -> str:
    """Return the vintage of communes on which the figures of a period are rolled up.

    That in force on its last day; but where the figures name communes of others only, the
    vintage of most of them. Raises `NotFoundError` for a province without boundaries.
    """
    return ledger.once(("vintage", of), lambda: _vintage(store, ledger, of))


def _vintage(store: Store, ledger: Ledger, of: Period) -> str:
    with store.reading() as db:
        days = [first for first, _ in layers.vintages(db, ledger.province)]
    if not days:
        raise NotFoundError(
            N_("Province %(province)s has no boundaries yet; import them with “diemthu import boundaries”."),
            province=ledger.province,
        )  # fmt: skip
    keys = ledger.book.keys["valid_from"]
    told = [ledger.book.targets, ledger.book.results]
    whose = [rows[each][0] for rows in told for each in gathering.told_in(rows, of)]
    named = keys.iloc[np.concatenate(whose)] if whose else keys.iloc[:0]
    counts = named[named.isin(days)].value_counts()
    in_force = max((each for each in days if each <= of.last.isoformat()), default=days[0])
    return in_force if counts.empty or in_force in counts else str(counts.index[0])


def period_named(ledger: Ledger, code: str | None) -> Period | None:
    """Return the period of a code, the newest where none is named; None without any figure."""
    return period_of(code) if code else ledger.newest


def _own(ledger: Ledger, told: Gathered) -> pd.DataFrame:
    return ledger.book.keys[told.has].assign(value=told.value[told.has])


def _here(store: Store, ledger: Ledger, network: Network, own: pd.DataFrame) -> pd.DataFrame:
    """Return figures with those by communes of other vintages carried to the one meant.

    What is held on the communes of another vintage is older than what is held on these.
    """
    here = network.places.valid_from
    away = own["level"].isin(IN_COMMUNES) & (own["valid_from"] != here)
    if not away.any():
        return own
    kept = own[~away]
    if ledger.programme.counts is Counts.HELD and kept["level"].isin(IN_COMMUNES).any():
        return kept
    brought = [kept]
    for since, rows in own[away].groupby("valid_from"):
        steps = steps_between(store, ledger.province, (str(since), here), ledger.state)
        found = carried(rows, ["value"], steps, list(network.communes),
                        apart=["level", "organisation"])  # fmt: skip
        brought.append(found.table.rename(columns={"code": "commune"}).assign(thing=""))
        lost = found.unlinked.rename(columns={"code": "commune"}).assign(thing="")
        brought.append(lost)  # still somebody's, though no commune of this vintage is named
    columns = ["level", "organisation", "commune", "thing", "value"]
    return pd.concat([each[columns] for each in brought], ignore_index=True)


def _seen(own: pd.DataFrame, network: Network, seen: Scope) -> pd.DataFrame:
    """Return the figures of those whom somebody may see."""
    return own[_is_seen(own, network, seen)]


def _is_seen(own: pd.DataFrame, network: Network, seen: Scope) -> NDArray[np.bool_]:
    if seen.whole:
        return np.ones(len(own), bool)
    points, staff = network.places.points, network.places.staff
    at = own["thing"].where(own["level"] == Level.POINT, own["thing"].map(staff["point"]))
    is_thing = own["level"].isin([Level.POINT, Level.STAFF])
    # Where there are no staff, or no points, there are none to tell the kind of column by.
    of_staff = own["thing"].map(staff["organisation"]).astype(object).fillna("")
    theirs = (own["level"] == Level.STAFF) & (of_staff != "")
    of_thing = of_staff.where(theirs, at.map(points["organisation"]).astype(object))
    organisation = own["organisation"].astype(object).where(~is_thing, of_thing)
    commune = own["commune"].astype(object).where(~is_thing, at.map(points["commune"]))
    office = (own["level"] == Level.OFFICE) & own["thing"].isin(seen.offices)
    reached = seen.holds(organisation.fillna(""), commune.fillna("")) | office
    return reached.to_numpy(bool)


def _parted(ledger: Ledger, told: Gathered, seen: NDArray[np.bool_]) -> pd.DataFrame:
    rows = seen & told.both & (told.value != told.parts)
    keys: pd.DataFrame = ledger.book.keys[rows]
    return keys.assign(given=told.value[rows], parts=told.parts[rows])
