"""Which provinces the database holds, and the state of each in a few figures."""

from dataclasses import dataclass

import sqlalchemy as sa

from planning.store import imports, layers
from planning.store.session import Store


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
