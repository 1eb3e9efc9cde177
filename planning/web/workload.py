"""How much work falls to the staff: map, tables, and which staff member or point to add next."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.next_units import MOST_UNITS, UnitKind, UnitsAsk
from planning.model.workload import (
    GENTLE,
    ZONES,
    Limits,
    Verdict,
    WorkloadAsk,
    WorkloadReport,
)
from planning.services import scenarios, workload
from planning.web import workload_shown
from planning.web.access import user
from planning.web.asked import about, decimal, store, whole_number
from planning.web.downloads import NO_EXPORT, sent
from planning.web.language import say

bp = Blueprint("workload", __name__)
MOST_POINTS = 50  # of each list of points; the file has all of them
DEFAULT_UNITS = 10
FIELDS = ("weights", "over", "under", "per_staff", "units", "only")
WEIGHTS = {
    "gentle": N_("falling gently: 1; 0.68; 0.22"),
    "sharp": N_("falling sharply: 1; 0.42; 0.09"),
    "even": N_("the same everywhere within the radius"),
}
ONLY = {
    "": N_("staff members and points"),
    UnitKind.STAFF.value: N_("staff members at points there are"),
    UnitKind.POINT.value: N_("new points"),
}
VERDICTS = {
    Verdict.OVERLOADED: N_("overloaded"), Verdict.IDLE: N_("idle"),
    Verdict.BALANCED: N_("as usual"), Verdict.UNSTAFFED: N_("without staff"),
    Verdict.UNKNOWN: N_("not known: people not counted"),
}  # fmt: skip
POINTS_FOR_WORK = N_("%(points)s new points for the work of the staff")
NO_CHOICE = N_("There is no choice “%(name)s” here.")


@bp.get("/<province:province>/workload")
def show(province: str) -> ResponseReturnValue:
    """Show people per staff member by commune and point, and what to add next where asked."""
    asked = about(province)
    ask = _ask()
    report = workload.measure(store(), asked.request, ask)
    units = _units(report)
    found = None if units is None else workload.add_next(store(), asked.request, ask, units)
    given = {name: request.args[name] for name in FIELDS if request.args.get(name)}
    return render_template(
        "workload/page.html", asked=asked, report=report, ask=ask, given=given, found=found,
        weights=WEIGHTS, only=ONLY, verdicts=VERDICTS, kinds=UnitKind, most_units=MOST_UNITS,
        communes=_most_lacking(report), default_units=DEFAULT_UNITS, most_points=MOST_POINTS,
        heavy=report.of(Verdict.OVERLOADED, Verdict.UNSTAFFED),
        idle=report.of(Verdict.IDLE)[::-1], uncounted=report.of(Verdict.UNKNOWN),
        picture=workload.drawn(store(), asked.request),
        fills=workload_shown.fills(report), tips=workload_shown.tips(report),
        legend=workload_shown.legend(report),
    )  # fmt: skip


@bp.get("/<province:province>/workload/export/<what>.<form>")
def export(province: str, what: str, form: str) -> ResponseReturnValue:
    """Send the communes, the points, or what to add next, as a file."""
    asked = about(province)
    if what not in workload.WHAT or form not in workload.FORMS:
        raise NotFoundError(NO_EXPORT, what=what[:40], form=form[:40])
    ask = _ask()
    units = None
    if what == "units":
        units = _units(workload.measure(store(), asked.request, ask))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"workload.{form}"
        workload.export(store(), asked.request, (ask, units), (what, form), path, by=user().name)
        return sent(path, f"diemthu-{province}-tai-cong-viec-{what}.{form}", form)


@bp.post("/<province:province>/workload/scenario")
def try_them(province: str) -> ResponseReturnValue:
    """Make a scenario of the new points among what is to be added next, and open it."""
    asked = about(province)
    ask = _ask()
    units = _units(workload.measure(store(), asked.request, ask))
    if units is None:
        raise NotReadyError(workload.NO_UNITS)
    step = workload.points_to_try(workload.add_next(store(), asked.request, ask, units))
    name = say(POINTS_FOR_WORK) % {"points": len(step)}
    made = scenarios.make(store(), asked.request, name, by=user().name, steps=(step,))
    return redirect(asked.url("scenarios.work", number=made.id), 303)


def _ask() -> WorkloadAsk:
    """Return the weights and limits that an address names."""
    zones = ZONES.get(_given("weights") or GENTLE.name)
    if zones is None:
        raise NotFoundError(NO_CHOICE, name=_given("weights")[:40])
    usual = Limits()
    return WorkloadAsk(zones, Limits(
        decimal(_given("over")) if _given("over") else usual.over,
        decimal(_given("under")) if _given("under") else usual.under,
        whole_number(_given("per_staff")) if _given("per_staff") else None,
    ))  # fmt: skip


def _units(report: WorkloadReport) -> UnitsAsk | None:
    """Return how many units an address asks for, None where it asks for none.

    Without a number of people per staff member the one that communes are held to is meant.
    """
    if not _given("units"):
        return None
    only = _given("only")
    if only not in ONLY:
        raise NotFoundError(NO_CHOICE, name=only[:40])
    kinds = frozenset({UnitKind(only)}) if only else frozenset(UnitKind)
    return UnitsAsk(whole_number(_given("units")), workload.people_each(report), kinds)


def _given(name: str) -> str:
    return request.args.get(name, "").strip()


def _most_lacking(report: WorkloadReport) -> list[Any]:
    """Return the communes, those that lack most staff first, the unknown last."""
    return sorted(
        report.communes,
        key=lambda it: (it.staff_needed is None, -(it.staff_needed or 0), it.per_10000 or 0.0),
    )
