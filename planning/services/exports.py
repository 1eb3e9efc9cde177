"""Hand out a table or the map of a province as a file."""

from dataclasses import dataclass
from pathlib import Path

from geo.changes import Change
from geo.errors import N_
from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.gaps import find_gaps
from planning.analysis.reform import audit_reform
from planning.analysis.situation import Situation
from planning.exports import EXPORTERS
from planning.exports.as_map import MapContent, write_map
from planning.exports.notes import about, decisions_in_words
from planning.exports.reform_sheets import audited_points_sheet, formers_sheet
from planning.exports.sheets import (
    Sheet,
    communes_sheet,
    counting,
    demand_sheet,
    points_sheet,
    proposals_sheet,
)
from planning.language import speaker
from planning.maps import content
from planning.model.errors import NotReadyError, RequestError
from planning.model.need_words import said_of
from planning.model.performance import Need
from planning.model.siting import SitingPlan
from planning.services.requests import AnalysisRequest, now, standard_of
from planning.store import audit as trail
from planning.store import plans
from planning.store.changes import crosswalk_into
from planning.store.decided import out_of_date
from planning.store.session import Store
from planning.store.situation import current_fingerprint, load_situation
from planning.whole_file import whole_file

WHAT = ("communes", "points", "proposals", "demand", "reform", "former")
FORMS = (*EXPORTERS, "map")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a file is written: the language it speaks, the name that its event carries."""

    language: str = "vi"
    name: str = "local"


def export(
    store: Store,
    request: AnalysisRequest,
    what: str,
    form: str,
    path: Path,
    *,
    reader: Reader | None = None,
) -> None:
    """Write `what` in the format `form` to `path`, whole or not at all, for `reader`.

    Raises `RequestError` for a name that is none of `WHAT` or `FORMS`, and `NotReadyError`
    when proposals are asked for before any were made.
    """
    for name, known in ((what, WHAT), (form, FORMS)):
        if name not in known:
            raise RequestError(
                N_("“%(name)s” cannot be exported; use one of %(known)s."),
                name=name, known=", ".join(known),
            )  # fmt: skip
    reader = reader or Reader()
    with whole_file(path) as draft:
        if form == "map":
            drawn = _map(store, request)
            say = said_of(drawn.need, speaker(reader.language))
            write_map(draft, drawn, say, reader.language)
        else:
            EXPORTERS[form](draft, _sheet(store, request, what))
    with store.writing() as db:
        trail.record(
            db,
            "data:export:made",
            request.province,
            at=now(),
            actor=reader.name,
            what=what,
            form=form,
        )


def _sheet(store: Store, request: AnalysisRequest, what: str) -> Sheet:
    standard = standard_of(store, request)
    if what == "proposals":
        plan = _meant(store, request)
        if plan is None:
            raise NotReadyError(
                N_("Province %(province)s has no suggestion yet; make one with “diemthu suggest”."),
                province=request.province,
            )
        situation = _of(store, request, plan.base.need)
        stale = out_of_date(store, plan)
        notes = about(situation, plan.standard, now(), stale=stale)
        if plan.basis is not None:
            notes = (*notes, ("Tính thêm vào phương án số", str(plan.basis.scenario)))
        notes = (*notes, *decisions_in_words(plan.decisions))
        return counting(proposals_sheet(plan, notes), plan.base.need)
    counted = what in {"communes", "demand"}  # the others are about the network alone
    situation = _of(store, request, request.need if counted else Need.EVERYBODY)
    notes = about(situation, standard, now(), stale=False)
    if what in {"reform", "former"}:
        return _audited(store, situation, what, notes)
    if what == "communes":
        report = assess_coverage(situation, standard, StraightLine())
        return counting(communes_sheet(situation, report, notes), request.need)
    if what == "demand":
        return counting(demand_sheet(situation, notes), request.need)
    return points_sheet(situation, notes)


def _audited(
    store: Store, situation: Situation, what: str, notes: tuple[tuple[str, str], ...]
) -> Sheet:
    """Return a sheet of the audit after the change into the vintage of `situation`."""
    with store.reading() as db:
        table = crosswalk_into(db, situation.province_code, situation.valid_from)
    audit = audit_reform(situation, table, Change(situation.valid_from).day_before)
    vietnamese = speaker("vi")
    notes = (*notes, *(("Lưu ý", vietnamese(each)) for each in audit.missing))
    if what == "reform":
        return audited_points_sheet(audit, notes)
    return formers_sheet(situation, audit, notes)


def _map(store: Store, request: AnalysisRequest) -> MapContent:
    standard, engine = standard_of(store, request), StraightLine()
    plan = _meant(store, request)
    # The map of a plan that is named counts whom the plan is for.
    need = request.need if plan is None or request.plan is None else plan.base.need
    situation = _of(store, request, need)
    stale = plan is not None and out_of_date(store, plan)
    return MapContent(
        province=situation.province_name, synthetic=situation.base.synthetic,
        valid_from=situation.valid_from, data_date=situation.data_date, need=need,
        layers={
            "communes": content.communes(situation),
            "coverage": content.rounded(assess_coverage(situation, standard, engine).as_dict()),
            "points": content.points(situation),
            "gaps": content.rounded(find_gaps(situation, standard, engine).as_dict()),
            "plan": content.plan(plan, stale=stale),
        },
    )  # fmt: skip


def _of(store: Store, request: AnalysisRequest, need: Need) -> Situation:
    return load_situation(store, request.province, request.valid_from, need)


def _meant(store: Store, request: AnalysisRequest) -> SitingPlan | None:
    _, vintage = current_fingerprint(store, request.province, request.valid_from)
    with store.reading() as db:
        return plans.meant(db, request.province, vintage, request.plan, request.need)
