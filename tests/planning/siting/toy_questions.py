"""Questions asked of the toy district, and what their sites are called."""

from geo.reach import StraightLine
from planning.model.asking import SuggestionAsk
from planning.model.standards import ServiceStandard
from planning.siting.stating.question import Question, siting_problem
from tests.toy import district

ONE_KM = ServiceStandard.one_radius(1.0)


def asked(there: district.Situation, standard: ServiceStandard = ONE_KM, /, **ask) -> Question:
    """Return the question that is put for a situation when this is asked."""
    return siting_problem(there, standard, StraightLine(), SuggestionAsk(**ask))


def ids(question: Question, sites) -> list[str]:
    """Return the ids of sites by their numbers."""
    return [question.places.table["id"].iloc[at] for at in sites]


def identity(place: district.Place) -> str:
    """Return the id of the candidate at a place in kilometres."""
    lon, lat = district.degrees([place])[0]
    return f"{lon:.6f},{lat:.6f}"
