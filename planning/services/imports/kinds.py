"""The kinds of files that can be imported, each with its reader."""

from collections.abc import Callable, Mapping

from geo.errors import N_
from planning.model.errors import RequestError
from planning.services.imports import (
    figures,
    inspected,
    needed,
    network,
    partners,
    people,
    units,
)
from planning.services.imports.asked import ImportAsk
from planning.services.imports.reading import Reading
from planning.store.session import Store

Reader = Callable[[Store, ImportAsk], Reading]

KINDS: Mapping[str, Reader] = {
    "boundaries": units.boundaries,
    "population": people.population,
    "grid": people.grid,
    "points": network.points,
    "organisations": partners.organisations,
    "staff": partners.staff,
    "hosts": network.hosts,
    "crosswalk": units.crosswalk,
    "seats": units.seats,
    "inspections": inspected.inspections,
    "programmes": needed.programmes,
    "targets": figures.targets,
    "results": figures.results,
    "needs": needed.needs,
}


def reader(kind: str) -> Reader:
    """Return the reader of a kind; refuse a kind that is none."""
    if kind not in KINDS:
        raise RequestError(
            N_("“%(kind)s” is no kind of import; use one of %(known)s."),
            kind=kind[:40], known=", ".join(KINDS),
        )  # fmt: skip
    return KINDS[kind]
