"""Which terrain class a commune belongs to, given or estimated."""

from collections.abc import Mapping

from geo.tables import Communes, CommuneTable
from planning.model.standards import TerrainClass

# Without a list from the province the class is estimated from the kind of unit and the
# density of people; mountains cannot be told from thinly peopled plains without heights.
URBAN_DENSITY, DELTA_DENSITY, MIDLAND_DENSITY = 1000.0, 300.0, 100.0


def terrain_classes(communes: Communes, population: Mapping[str, int]) -> dict[str, TerrainClass]:
    """Return each commune's class by code: the one its file gave, else the estimate."""
    classes = {}
    for row in communes[
        [CommuneTable.code, CommuneTable.terrain, CommuneTable.unit_type, CommuneTable.area_km2]
    ].itertuples(index=False):
        code, given, kind, area = row
        if isinstance(given, str):
            classes[code] = TerrainClass(given)
        else:
            people = population.get(code)
            classes[code] = estimated(kind, None if people is None else people / area)
    return classes


def estimated(unit_type: str, density: float | None) -> TerrainClass:
    """Return the class for a kind of unit and a density in people per km² (None: unknown)."""
    if unit_type == "đặc khu":
        return TerrainClass.ISLAND
    if unit_type in ("phường", "thị trấn"):
        return TerrainClass.URBAN
    if density is None:
        return TerrainClass.DELTA
    for least, terrain in (
        (URBAN_DENSITY, TerrainClass.URBAN),
        (DELTA_DENSITY, TerrainClass.DELTA),
        (MIDLAND_DENSITY, TerrainClass.MIDLAND),
    ):
        if density >= least:
            return terrain
    return TerrainClass.MOUNTAIN
