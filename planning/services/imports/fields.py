"""Which fields a kind of file can fill, each with the heading it is usually written under."""

from collections.abc import Mapping

from geo.sources import (
    boundary_columns,
    crosswalk,
    figures,
    inspections,
    needs,
    organisations,
    places,
    points,
    population,
    population_grid,
    programmes,
    staff,
)

_HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "boundaries": boundary_columns.HEADINGS,
    "population": population.HEADINGS,
    "grid": population_grid.HEADINGS,
    "points": {**points.HEADINGS, **points.NAMED},
    "organisations": organisations.HEADINGS,
    "staff": staff.HEADINGS,
    "hosts": places.HEADINGS,
    "seats": places.HEADINGS,
    "crosswalk": crosswalk.HEADINGS,
    "inspections": inspections.HEADINGS,
    "programmes": programmes.HEADINGS,
    "targets": figures.HEADINGS,
    "results": figures.HEADINGS,
    "needs": needs.HEADINGS,
}
_NOT_OF = {"hosts": {"code"}, "seats": {"id", "name", "host_type"}}


def fields_of(kind: str) -> dict[str, str]:
    """Return field → usual heading of a kind of file, empty for a kind without columns."""
    left = _NOT_OF.get(kind, set())
    found = _HEADINGS.get(kind, {})
    return {field: names[0] for field, names in found.items() if field not in left}
