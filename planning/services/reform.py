"""Audit the network of a province after a change of its communes."""

from dataclasses import dataclass, replace

from geo.changes import Change
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.reform import audit_reform, standing_on
from planning.model.errors import NotReadyError
from planning.model.reform import NO_BEFORE, ReformAudit, Side
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import layers
from planning.store.changes import crosswalk_into
from planning.store.session import Store
from planning.store.situation import load_situation


@dataclass(frozen=True, slots=True)
class ReformReport:
    """The audit, and coverage on both sides: `before` is None where it cannot be measured.

    `before` is the network as it stood on the last day of the vintage before, on its
    boundaries and people; `after` the network of today on the vintage asked for.
    """

    audit: ReformAudit
    before: Side | None
    after: Side
    missing: tuple[str, ...]


def audit(store: Store, request: AnalysisRequest) -> ReformReport:
    """Return what became of the points and former communes of a province."""
    standard = standard_of(store, request)
    situation = load_situation(store, request.province, request.valid_from)
    key = ("reform", situation.fingerprint, standard.key)
    return store.remembered(key, lambda: _audit(store, request, standard))


def _audit(store: Store, request: AnalysisRequest, standard: ServiceStandard) -> ReformReport:
    situation = load_situation(store, request.province, request.valid_from)
    day_before = Change(situation.valid_from).day_before
    with store.reading() as db:
        table = crosswalk_into(db, request.province, situation.valid_from)
    found = audit_reform(situation, table, day_before)
    after = Side(assess_coverage(situation, standard, StraightLine()))
    before = _before(store, request.province, situation.valid_from, standard)
    missing = found.missing if before is not None else (*found.missing, NO_BEFORE)
    return ReformReport(found, before, after, missing)


def _before(store: Store, province: str, day: str, standard: ServiceStandard) -> Side | None:
    """Return coverage by the network that stood on the last day of the vintage before."""
    with store.reading() as db:
        earlier = [first for first, _ in layers.vintages(db, province) if first < day]
    if not earlier:
        return None
    try:
        then = load_situation(store, province, earlier[-1])
    except NotReadyError:  # neither a population nor a grid
        return None
    stood = replace(then, points=standing_on(then.points, Change(day).day_before))
    return Side(assess_coverage(stood, standard, StraightLine()))
