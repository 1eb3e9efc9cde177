"""Measure how much work falls to the staff of a province, and say what to add next."""

from pathlib import Path

from geo.errors import N_
from geo.reach import StraightLine
from planning.analysis.workload import staff_at
from planning.exports import EXPORTERS
from planning.exports.notes import about
from planning.exports.sheets import Sheet, counting
from planning.exports.workload_sheets import communes_sheet, points_sheet, units_sheet
from planning.maps import picture
from planning.maps.picture import Picture
from planning.model.errors import NotReadyError, RequestError
from planning.model.next_units import NextUnits, UnitKind, UnitsAsk
from planning.model.scenario import Change, ChangeKind, Step
from planning.model.workload import WorkloadAsk, WorkloadReport
from planning.services.requests import AnalysisRequest, now, standard_of
from planning.siting.plans.adding import decided_situation
from planning.siting.plans.next_units import next_units, unit_places
from planning.store import audit
from planning.store import workload as kept
from planning.store.decided import present_decisions
from planning.store.session import Store
from planning.store.situation import load_situation
from planning.whole_file import whole_file

MAP_WIDTH, MAP_TALLEST = 460, 460
NO_UNITS = N_("Say first how many staff members or points to add.")
WHAT = ("communes", "points", "units")
FORMS = ("xlsx", "csv")


def measure(store: Store, request: AnalysisRequest, ask: WorkloadAsk) -> WorkloadReport:
    """Return the workload of a province by its list of points and staff as they are."""
    situation = load_situation(store, request.province, request.valid_from, request.need)
    return kept.measured(store, situation, standard_of(store, request), ask)


def add_next(
    store: Store, request: AnalysisRequest, ask: WorkloadAsk, units: UnitsAsk
) -> NextUnits:
    """Return the next staff members and points, decisions of the province counted.

    Points that were approved and are not in the list yet count with one member of staff.
    """
    at = load_situation(store, request.province, request.valid_from, request.need)
    decisions = present_decisions(store, request.province)
    situation = store.remembered(
        ("decided", at.province_code, at.valid_from, decisions.over(at.fingerprint)),
        lambda: decided_situation(at, decisions),
    )
    standard = standard_of(store, request)
    listed = kept.listed_staff(store, situation)
    key = (*kept.state(situation, standard, listed), ask.zones)
    staff, _ = staff_at(situation.open_direct, listed)
    places = store.remembered(
        ("unit places", *key),
        lambda: unit_places(situation, standard, ask.zones, staff, StraightLine()),
    )
    return store.remembered(("next units", *key, units), lambda: next_units(places, units))


def points_to_try(found: NextUnits) -> Step:
    """Return the new points of an answer as changes of a scenario, which knows no staff.

    Raises `RequestError` where there is none among them.
    """
    points = [each for each in found.units if each.kind is UnitKind.POINT]
    if not points:
        raise RequestError(
            N_("There is no new point in this answer, and a scenario changes points only; ask for new points.")
        )  # fmt: skip
    return tuple(
        Change(
            ChangeKind.ADD, lon=each.lon, lat=each.lat, name=each.host or "", host=each.host or ""
        )
        for each in points
    )


def people_each(report: WorkloadReport) -> int:
    """Return how many people each staff member shall serve: the number chosen, else the mean.

    Raises `NotReadyError` where nobody has staff within reach and no number was chosen.
    """
    if report.wanted is None:
        raise NotReadyError(
            N_("There is no staff with people within reach yet: say how many people one staff member shall serve.")
        )  # fmt: skip
    return max(1, round(report.wanted))


def drawn(store: Store, request: AnalysisRequest) -> Picture:
    """Return the province as a small map: its communes and open direct points."""
    situation = load_situation(store, request.province, request.valid_from)
    return store.remembered(
        ("picture", situation.fingerprint),
        lambda: picture.province(situation, MAP_WIDTH, MAP_TALLEST),
    )


def export(
    store: Store, request: AnalysisRequest, asked: tuple[WorkloadAsk, UnitsAsk | None],
    wanted: tuple[str, str], path: Path, *, by: str = "local",
) -> None:  # fmt: skip
    """Write what is `wanted` (one of `WHAT`, one of `FORMS`) to `path`, whole or not at all.

    Raises `RequestError` for what cannot be exported, `NotReadyError` for units that were not
    asked for.
    """
    what, form = wanted
    for name, known in ((what, WHAT), (form, FORMS)):
        if name not in known:
            raise RequestError(
                N_("“%(name)s” cannot be exported; use one of %(known)s."),
                name=name, known=", ".join(known),
            )  # fmt: skip
    with whole_file(path) as draft:
        EXPORTERS[form](draft, _sheet(store, request, asked, what))
    with store.writing() as db:
        audit.record(db, "data:export:made", request.province, at=now(), actor=by,
                     what=f"workload {what}", form=form)  # fmt: skip


def _sheet(
    store: Store, request: AnalysisRequest, asked: tuple[WorkloadAsk, UnitsAsk | None], what: str
) -> Sheet:
    ask, units = asked
    if what == "units" and units is None:
        raise NotReadyError(NO_UNITS)
    situation = load_situation(store, request.province, request.valid_from, request.need)
    notes = about(situation, standard_of(store, request), now(), stale=False)
    if units is not None and what == "units":
        return counting(units_sheet(add_next(store, request, ask, units), notes), request.need)
    report = measure(store, request, ask)
    made = (communes_sheet if what == "communes" else points_sheet)(situation, report, notes)
    return counting(made, request.need)
