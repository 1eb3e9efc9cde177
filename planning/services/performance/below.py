"""Points and staff below a rate of their target, those who are short of most first."""

from dataclasses import dataclass

import pandas as pd

from geo.errors import N_
from planning.analysis.performance.standing import Standing, stand
from planning.analysis.performance.standing import listed as standings_of
from planning.model.errors import NotFoundError
from planning.model.people import Action, User
from planning.model.performance import Level, Programme
from planning.model.periods import Period
from planning.services.performance import looking
from planning.services.performance.communes import ResultsAsk
from planning.services.performance.looking import Basis, Choice
from planning.services.requests import now as present
from planning.store import audit, performance
from planning.store.ledgers import ledger as books
from planning.store.ledgers.ledger import Figures
from planning.store.ledgers.scope import Scope
from planning.store.session import Store

PAGE = 50
SEEN = "people:results:seen"
NO_LIST = N_("There is no list “%(name)s”; there are points and staff.")
LEVELS = {"points": Level.POINT, "staff": Level.STAFF}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list: points or staff, below what share of their target, which page from 1.

    `rows` is how many a page holds, 0 for all of them.
    """

    level: str = "points"
    rate: float = 0.5
    page: int = 1
    rows: int = PAGE


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A point or a member of staff; `name` is empty where the reader may not see who it is."""

    key: str
    name: str
    point: str
    organisation: str
    commune: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class BelowSeen:
    """One page of those below a rate.

    `below` of `rated` that have a target and a result are below it; `unrated` lack one of the
    two and are in no page. `short` is what those below are short of, added up; who is below a
    rate above one and beyond the target is short of nothing.
    """

    choice: Choice
    programme: Programme
    period: Period
    basis: Basis
    wanted: Wanted
    rows: tuple[ThingRow, ...]
    below: int
    rated: int
    unrated: int
    short: int
    pages: int


def below(store: Store, user: User, ask: ResultsAsk, wanted: Wanted) -> BelowSeen | Choice:
    """Return those below a rate; staff are named only to who may see them, which is recorded.

    Raises `NotFoundError` for a list that is not there, and what `overview` raises.
    """
    if wanted.level not in LEVELS:
        raise NotFoundError(NO_LIST, name=wanted.level[:40])
    ledger = books.open_ledger(store, ask.province, ask.programme)
    choice = looking.choices(store, ledger)
    of = books.period_named(ledger, ask.period)
    if of is None:
        return choice
    now = looking.looked_at(store, user, ledger, of)
    level = LEVELS[wanted.level]
    table = _of_organisation(
        stand(now.targets.levels[level], now.results.levels[level]), now, ask.organisation
    )
    rated = table[table["completion"].notna()]
    under = rated[rated["completion"] < wanted.rate]
    under = under.sort_index().sort_values("short", ascending=False, kind="stable")
    size = wanted.rows or max(len(under), 1)
    pages = max(-(-len(under) // size), 1)
    at = size * (min(max(wanted.page, 1), pages) - 1)
    return BelowSeen(
        choice, ledger.programme, of, looking.basis(store, now), wanted,
        named(store, user, now, level, under.iloc[at : at + size]),
        len(under), len(rated), len(table) - len(rated), int(under["short"].clip(lower=0).sum()), pages,
    )  # fmt: skip


def named(
    store: Store, user: User, now: Figures, level: Level, rows: pd.DataFrame
) -> tuple[ThingRow, ...]:
    """Return rows of points or staff with what they are called, as far as `user` may know."""
    where = located(now, level, rows.index)
    names: dict[str, str] = {}
    if level is Level.STAFF and len(rows):
        seen = books.reach(user, Action.SEE_PEOPLE, now.ledger, now.network)
        names = _people(store, user, now, where, seen)
    network, found = now.network, []
    points = network.listed["name"].to_dict()
    for (key, standing), at in zip(
        standings_of(rows), where.itertuples(index=False, name=None), strict=True
    ):
        point, organisation, commune = map(str, at)
        called = str(points.get(point, ""))
        is_point = level is Level.POINT
        found.append(
            ThingRow(
                key if is_point or key in names else "",
                (called or key) if is_point else names.get(key, ""), called,
                network.organisations.get(organisation, organisation),
                network.communes.get(commune, commune), standing,
            )
        )  # fmt: skip
    return tuple(found)


def located(now: Figures, level: Level, index: pd.Index) -> pd.DataFrame:
    """Return point, organisation and commune of points or staff, empty where not known.

    A member of staff is of their own organisation, of that of their point where none is named.
    """
    points, staff = now.network.places.points, now.network.places.staff
    own = pd.Series(index, index=index)
    point = own if level is Level.POINT else staff["point"].reindex(index).fillna("")
    organisation = points["organisation"].reindex(point).set_axis(index).astype(object)
    if level is Level.STAFF:
        whose = staff["organisation"].reindex(index).fillna("").astype(object)
        organisation = whose.where(whose != "", organisation)
    return pd.DataFrame(
        {"point": point, "organisation": organisation,
         "commune": points["commune"].reindex(point).set_axis(index)}, index=index,
    ).fillna("")  # fmt: skip


def _of_organisation(table: pd.DataFrame, now: Figures, organisation: str) -> pd.DataFrame:
    if not organisation:
        return table
    level = Level.STAFF if set(table.index) & set(now.network.places.staff.index) else Level.POINT
    return table[located(now, level, table.index)["organisation"] == organisation]


def _people(
    store: Store, user: User, now: Figures, where: pd.DataFrame, seen: Scope
) -> dict[str, str]:
    """Return the names that somebody may see; that they did is recorded once a day."""
    mine = where[seen.holds(where["organisation"], where["commune"])]
    if mine.empty:
        return {}
    province, at = now.ledger.province, present()
    with store.reading() as db:
        names = performance.staff_names(db, province, [str(each) for each in mine.index])
        today = audit.events(db, province, actor=user.name, area="people", since=at[:10])
    if not any(each.tag == SEEN for each in today):
        with store.writing() as db:
            audit.record(db, SEEN, province, at=at, actor=user.name)
    return {str(each): names.get(str(each), str(each)) for each in mine.index}
