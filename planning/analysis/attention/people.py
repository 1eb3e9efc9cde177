"""Communes whose population is not known, hardly possible, or far from what the grid has."""

from collections.abc import Iterator

from geo.tables import CommuneTable
from planning.analysis.attention.given import Given
from planning.model.attention import (
    SENTENCES,
    TOO_FEW,
    TOO_MANY,
    UNLIKE_GRID,
    Action,
    Item,
    Kind,
    Mend,
    Record,
)

# Chosen wide: what lies beyond is hardly possible, what lies within may still be wrong.
LEAST_DENSITY = 5.0
MOST_DENSITY = 100_000.0
# A lost nought makes ten; grids of 2020 are off by three or four where people came since.
LARGEST_FACTOR = 5.0
LEAST_TO_COMPARE = 100  # people; smaller places are chance in a grid of square kilometres


def unknown(given: Given) -> Iterator[Item]:
    """Yield the communes without a usable population, once the province has any at all."""
    if not given.population:
        return
    for code in given.communes[CommuneTable.code]:
        if given.population.get(code) is None:
            params: dict[str, object] = {"name": given.names[code]}
            yield _item(given, Kind.PEOPLE_UNKNOWN, code, (SENTENCES[Kind.PEOPLE_UNKNOWN], params))


def hardly_possible(given: Given) -> Iterator[Item]:
    """Yield the communes whose density is out of all bounds or unlike the grid's.

    Bounds: fewer than 5 or more than 100,000 people per km² of the shape's area; or, where
    there is a population grid and one of both numbers is 100 or more, five times the grid's
    own sum or a fifth of it.
    """
    areas = zip(
        given.communes[CommuneTable.code], given.communes[CommuneTable.area_km2], strict=True
    )
    for code, area in areas:
        people = given.population.get(code)
        if people is None:
            continue
        density = people / area
        params: dict[str, object] = {
            "name": given.names[code], "people": people, "area": round(area, 1),
            "density": round(density, 1), "least": LEAST_DENSITY, "most": MOST_DENSITY,
        }  # fmt: skip
        if density < LEAST_DENSITY:
            yield _item(given, Kind.DENSITY, code, (TOO_FEW, params))
        elif density > MOST_DENSITY:
            yield _item(given, Kind.DENSITY, code, (TOO_MANY, params))
        elif factor := _unlike_grid(given, code, people):
            params |= {"grid": given.grid_people.get(code, 0), "factor": round(factor, 1)}
            yield _item(given, Kind.DENSITY, code, (UNLIKE_GRID, params))


def _unlike_grid(given: Given, code: str, people: int) -> float | None:
    """Return how many times a commune and the grid are apart, None where they agree."""
    if given.grid is None:
        return None
    less, more = sorted((people, given.grid_people.get(code, 0)))
    if more < LEAST_TO_COMPARE:
        return None
    factor = more / max(less, 1)
    return factor if factor >= LARGEST_FACTOR else None


def _item(given: Given, kind: Kind, code: str, sentence: tuple[str, dict[str, object]]) -> Item:
    commune = given.communes[given.communes[CommuneTable.code] == code].iloc[0]
    inside = commune["geometry"].representative_point()
    record = Record("commune", code, given.names[code])
    mends = [Mend(Action.SEEN)]
    grid, former = given.grid_people.get(code), _former_sum(given, code)
    known = given.population.get(code)
    if former is not None and former != known:
        mends.append(Mend(Action.TAKE_FORMER, record, former))
    if grid is not None and grid != known:
        mends.append(Mend(Action.TAKE_GRID, record, grid))
    message, params = sentence
    return Item(kind, message, params, (record,), inside.x, inside.y, tuple(mends))


def _former_sum(given: Given, code: str) -> int | None:
    """Return the people of the former communes that became this one whole; None if unsure."""
    if given.crosswalk is None:
        return None
    parts = given.crosswalk[given.crosswalk["new_code"] == code]
    if not len(parts) or (parts["relation"] != "full").any():
        return None
    people = [given.former_population.get(each) for each in parts["old_code"]]
    known = [each for each in people if each is not None]
    return sum(known) if len(known) == len(people) else None
