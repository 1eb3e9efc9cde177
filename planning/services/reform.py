"""Audit the network of a province after a change of its communes."""

from dataclasses import dataclass, replace

from geo.changes import Change, Kind
from geo.reach import StraightLine
from geo.tables import UnitEvents
from planning.analysis.coverage import assess_coverage
from planning.analysis.reform import audit_reform, standing_on
from planning.analysis.situation import Situation
from planning.model.coverage import CoverageReport
from planning.model.errors import NotReadyError
from planning.model.reform import NO_BEFORE, ChangeSummary, ReformAudit, Side
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.store import layers
from planning.store.changes import crosswalk_into, load_events
from planning.store.session import Store
from planning.store.situation import load_situation


@dataclass(frozen=True, slots=True)
class ReformReport:
    """The audit, and coverage on both sides.

    `change` sums up what became of the former communes, None where no crosswalk is known.
    `before` is the network as it stood on the last day of the vintage before, on its
    boundaries and people, or on those of today where these are not known; `after` the network
    of today on the vintage asked for.
    """

    audit: ReformAudit
    change: ChangeSummary | None
    before: Side
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
        events = load_events(db, request.province)
    found = audit_reform(situation, table, day_before)
    after = Side.of(assess_coverage(situation, standard, StraightLine()))
    then = _situation_before(store, request.province, situation.valid_from)
    stood = replace(then or situation, points=standing_on((then or situation).points, day_before))
    coverage = assess_coverage(stood, standard, StraightLine())
    if then is not None:
        before, missing = Side.of(coverage), found.missing
    else:
        before, missing = _on_present(coverage, found), (*found.missing, NO_BEFORE)
    change = None if events is None else _summary(events, situation.valid_from)
    return ReformReport(found, change, before, after, missing)


def _on_present(coverage: CoverageReport, found: ReformAudit) -> Side:
    """Return the side before on the people of today; its communes are those of the crosswalk."""
    if not found.formers:
        return Side(coverage, None, None, on_present=True)
    with_point = sum(each.points_before > 0 for each in found.formers)
    return Side(coverage, len(found.formers), with_point, on_present=True)


def _summary(events: UnitEvents, day: str) -> ChangeSummary | None:
    """Return what the change of a day made of the former units, None when there was none."""
    of_day = events[events["date"] == day]
    if not len(of_day):
        return None
    units = of_day.assign(unit=of_day["old_code"].fillna(of_day["new_code"]))
    counts = units.drop_duplicates(["unit", "kind"])["kind"].value_counts()
    acts = of_day["resolution"].dropna()
    kinds = {kind.value: int(counts[kind.value]) for kind in Kind if kind.value in counts}
    return ChangeSummary(None if acts.empty else str(acts.iloc[0]), kinds)


def _situation_before(store: Store, province: str, day: str) -> Situation | None:
    """Return the province on the vintage before, None without its boundaries or people."""
    with store.reading() as db:
        earlier = [first for first, _ in layers.vintages(db, province) if first < day]
    if not earlier:
        return None
    try:
        return load_situation(store, province, earlier[-1])
    except NotReadyError:  # neither a population nor a grid
        return None
