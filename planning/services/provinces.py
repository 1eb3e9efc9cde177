"""Which provinces the database holds, and the state of each in a few figures."""

from dataclasses import dataclass

import sqlalchemy as sa

from planning.model.errors import NotReadyError
from planning.model.figures import KeyFigures, share
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import figures, imports, layers
from planning.store.session import Store
from planning.store.situation import current_fingerprint


@dataclass(frozen=True, slots=True)
class ProvinceSummary:
    """A province in a few figures.

    `synthetic`: the province or anything in force for it is demonstration data. `vintages`
    are the first days of its boundaries, newest last. `people` is None where no population
    is known. `data_date` is the day the
    network is described on, else the day of the newest import.
    """

    code: str
    name: str
    synthetic: bool
    vintages: tuple[str, ...]
    communes: int
    points_direct: int
    points_online: int
    people: int | None
    population_source: str | None
    population_as_of: str | None
    data_date: str | None


def list_provinces(store: Store) -> list[ProvinceSummary]:
    """Return every province, by code."""
    with store.reading() as db:
        return [_summary(db, row) for row in layers.provinces(db)]


def count(store: Store) -> int:
    """Return how many provinces there are."""
    with store.reading() as db:
        return len(layers.provinces(db))


def codes(store: Store) -> frozenset[str]:
    """Return the codes of all provinces."""
    with store.reading() as db:
        return frozenset(row.code for row in layers.provinces(db))


def one(store: Store, code: str) -> ProvinceSummary | None:
    """Return one province, None where it is not there."""
    with store.reading() as db:
        found = (row for row in layers.provinces(db) if row.code == code)
        return next((_summary(db, row) for row in found), None)


def _summary(db: sa.Connection, row: sa.Row) -> ProvinceSummary:
    code = row.code
    found = imports.batches(db, code)
    days = [first for first, _ in layers.vintages(db, code)]
    newest = days[-1] if days else ""
    people = [
        each for each in layers.load_population(db, code, newest).values() if each is not None
    ]
    is_open = layers.count_open_points(db, code)
    population = imports.in_force(found, "population", newest) or imports.in_force(found, "grid")
    return ProvinceSummary(
        code=code, name=row.name,
        synthetic=row.synthetic or imports.any_synthetic(found, newest),
        vintages=tuple(days),
        communes=layers.count_communes(db, code, newest),
        points_direct=is_open.get("direct", 0),
        points_online=is_open.get("online", 0),
        people=sum(people) if people else None,
        population_source=population.source if population else None,
        population_as_of=population.as_of if population else None,
        data_date=imports.data_date(found),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A province and its key figures, None where its present data were never measured.

    `invented` is a province that does not exist; its figures are in no total beside real ones.
    """

    summary: ProvinceSummary
    figures: KeyFigures | None
    invented: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over provinces. People are those of `measured` provinces, out of `provinces`."""

    provinces: int
    measured: int
    communes: int
    points_direct: int
    points_online: int
    people: int
    people_served: int
    synthetic: bool

    @property
    def share_served(self) -> float | None:
        """People served as a share of the people of the measured provinces."""
        return share(self.people_served, self.people)


@dataclass(frozen=True, slots=True)
class Country:
    """Every province, by code, and the totals."""

    rows: tuple[ProvinceRow, ...]
    totals: Totals


def country(store: Store, seen: frozenset[str]) -> Country:
    """Return the provinces of `seen` with the figures kept of their data by their own standard."""
    with store.reading() as db:
        found = [row for row in layers.provinces(db) if row.code in seen]
        invented = {row.code for row in found if row.synthetic}
        summaries = [_summary(db, row) for row in found]
        rows = tuple(
            ProvinceRow(each, _kept(store, db, each), each.code in invented) for each in summaries
        )
    return Country(rows, _totals(rows))


def _kept(store: Store, db: sa.Connection, summary: ProvinceSummary) -> KeyFigures | None:
    standard = standard_of(store, AnalysisRequest(summary.code))
    try:
        fingerprint, vintage = current_fingerprint(store, summary.code, None)
    except NotReadyError:  # no boundaries any more
        return None
    return figures.kept(db, summary.code, vintage, standard, fingerprint)


def _totals(rows: tuple[ProvinceRow, ...]) -> Totals:
    real = [each for each in rows if not each.invented]
    counted = real or list(rows)
    known = [each.figures for each in counted if each.figures is not None]
    return Totals(
        provinces=len(counted), measured=len(known),
        communes=sum(each.summary.communes for each in counted),
        points_direct=sum(each.summary.points_direct for each in counted),
        points_online=sum(each.summary.points_online for each in counted),
        people=sum(each.people for each in known),
        people_served=sum(each.people_served for each in known),
        synthetic=any(each.summary.synthetic for each in counted),
    )  # fmt: skip
