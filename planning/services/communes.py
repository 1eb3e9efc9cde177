"""The sheet of one commune."""

from dataclasses import dataclass

from geo.errors import N_
from geo.reach import StraightLine
from geo.tables import CommuneTable
from planning.analysis.commune import former_parts, listed_points, neighbours, said_of
from planning.analysis.gaps import find_gaps
from planning.analysis.terrain import terrain_classes
from planning.maps import picture
from planning.maps.picture import Picture
from planning.model.commune import CommuneSheet
from planning.model.errors import NotFoundError
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import figures
from planning.store.session import Store
from planning.store.situation import load_situation

MAP_WIDTH, MAP_TALLEST = 360, 300
NO_COMMUNE = N_("There is no commune with the code %(code)s on the boundaries of %(day)s.")


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A commune's sheet with its small map."""

    sheet: CommuneSheet
    picture: Picture


def sheet(store: Store, request: AnalysisRequest, code: str) -> DrawnSheet:
    """Return everything about one commune; raise `NotFoundError` where there is none."""
    situation = load_situation(store, request.province, request.valid_from, request.need)
    standard = standard_of(store, request)
    own = request.standard is None and request.everybody
    report = figures.measured(store, situation, standard, own=own)
    area = next((each for each in report.communes if each.code == code), None)
    if area is None:
        raise NotFoundError(NO_COMMUNE, code=code, day=situation.valid_from)
    gaps = store.remembered(
        ("gaps", situation.fingerprint, standard.key),
        lambda: find_gaps(situation, standard, StraightLine()),
    )
    terrain = terrain_classes(situation.communes, situation.population)[code]
    near = neighbours(situation, code, standard, StraightLine())
    found = CommuneSheet(
        report=report, area=area, terrain=terrain, radius_km=standard.radii_km[terrain],
        district=said_of(situation, code, CommuneTable.district),
        office=said_of(situation, code, CommuneTable.office),
        points=listed_points(situation, code),
        gaps=tuple(each for each in gaps.gaps if each.commune_code == code),
        outside=near.points, served_outside=near.people_served,
        former=former_parts(situation, code),
    )  # fmt: skip
    drawn = picture.commune(situation, code, found.gaps, MAP_WIDTH, MAP_TALLEST)
    return DrawnSheet(found, drawn)
