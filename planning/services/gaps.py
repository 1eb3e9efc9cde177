"""Find and name where unserved people gather."""

from geo.reach import StraightLine
from planning.analysis.gaps import find_gaps
from planning.model.coverage import GapReport
from planning.services.requests import AnalysisRequest, standard_of
from planning.store.session import Store
from planning.store.situation import load_situation


def find(store: Store, request: AnalysisRequest) -> GapReport:
    """Return the gaps, most people first, and how many people are scattered."""
    situation = load_situation(store, request.province, request.valid_from, request.need)
    standard = standard_of(store, request)
    key = ("gaps", situation.fingerprint, standard.key)
    return store.remembered(key, lambda: find_gaps(situation, standard, StraightLine()))
