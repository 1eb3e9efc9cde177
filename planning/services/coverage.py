"""Measure coverage of a province by a standard."""

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.model.coverage import CoverageReport
from planning.services.requests import AnalysisRequest, standard_of
from planning.store.session import Store
from planning.store.situation import load_situation


def assess(store: Store, request: AnalysisRequest) -> CoverageReport:
    """Return who is within the standard of an open direct point, in every grouping known."""
    situation = load_situation(store, request.province, request.valid_from)
    standard = standard_of(store, request)
    key = ("coverage", situation.fingerprint, standard.key)
    return store.remembered(key, lambda: assess_coverage(situation, standard, StraightLine()))
