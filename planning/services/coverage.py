"""Measure coverage of a province by a standard."""

from geo.reach import StraightLine
from planning.analysis.distribution import distribution
from planning.analysis.situation import nearest_open_m
from planning.model.coverage import CoverageReport
from planning.model.distribution import Distribution
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import figures
from planning.store.session import Store
from planning.store.situation import load_situation


def assess(store: Store, request: AnalysisRequest) -> CoverageReport:
    """Return who is within the standard of an open direct point, in every grouping known."""
    situation = load_situation(store, request.province, request.valid_from, request.need)
    standard = standard_of(store, request)
    own = request.standard is None and request.everybody
    return figures.measured(store, situation, standard, own=own)


def spread(store: Store, request: AnalysisRequest) -> Distribution:
    """Return how the distances to the nearest open direct point are spread over the people."""
    situation = load_situation(store, request.province, request.valid_from, request.need)
    key = ("distribution", situation.fingerprint)
    return store.remembered(
        key, lambda: distribution(nearest_open_m(situation, StraightLine()), situation.people)
    )
