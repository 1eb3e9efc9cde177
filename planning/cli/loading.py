"""The command that measures the workload of staff, and says what to add next."""

from pathlib import Path
from typing import Any

import click

from geo.errors import N_
from planning.cli.measures import JSON, asked_options, base_line, request_of
from planning.cli.output import Console, pass_console
from planning.model.next_units import UnitKind, UnitsAsk
from planning.model.workload import GENTLE, ZONES, Limits, Verdict, WorkloadAsk

_MOST_LINES = 20
_KINDS = {"both": frozenset(UnitKind), "staff": frozenset({UnitKind.STAFF}),
          "points": frozenset({UnitKind.POINT})}  # fmt: skip


@click.command()
@asked_options
@click.option("--weights", type=click.Choice(list(ZONES)), default=GENTLE.name, show_default=True,
              help="How much a point counts with distance.")  # fmt: skip
@click.option("--people-per-staff", type=click.IntRange(1), metavar="PEOPLE",
              help="How many people one staff member shall serve (default: the province's mean).")  # fmt: skip
@click.option("--next", "units", type=click.IntRange(1), metavar="N",
              help="Also say where the next N staff members or points help most.")  # fmt: skip
@click.option("--only", type=click.Choice(list(_KINDS)), default="both", show_default=True,
              help="With --next: what may be added.")  # fmt: skip
@JSON
@pass_console
def workload(console: Console, json_path: Path | None, **asked: Any) -> None:
    """Measure people per staff member within reach, by commune and by point."""
    from planning.services import workload as service  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    request = request_of(console, store, asked)
    ask = WorkloadAsk(ZONES[asked["weights"]], Limits(people_per_staff=asked["people_per_staff"]))
    console.progress(N_("Measuring province %(province)s …"), province=request.province)
    report = service.measure(store, request, ask)
    found = None
    if asked["units"]:
        each = service.people_each(report)
        wanted = UnitsAsk(asked["units"], each, _KINDS[asked["only"]])
        found = service.add_next(store, request, ask, wanted)
    told = {"next": found.as_dict()} if found else {}
    console.json(json_path, {**report.as_dict(), **told})
    _tell(console, report)
    if found:
        _tell_next(console, found)
    base_line(console, report.base)


def _tell(console: Console, report: Any) -> None:
    console.tell(
        N_("%(staff)s staff at open direct points; %(mean)s people per staff member, %(without)s people without staff within reach."),
        staff=console.count(report.staff), mean=console.count(report.mean_people_per_staff),
        without=console.count(report.people_without),
    )  # fmt: skip
    console.tell(
        N_("%(heavy)s points overloaded, %(idle)s idle, %(without)s without staff; %(needed)s staff needed over all communes that lack some."),
        heavy=console.count(len(report.of(Verdict.OVERLOADED))),
        idle=console.count(len(report.of(Verdict.IDLE))),
        without=console.count(len(report.of(Verdict.UNSTAFFED))),
        needed=console.count(report.staff_needed),
    )  # fmt: skip
    lacking = sorted((each for each in report.communes if each.staff_needed),
                     key=lambda it: -it.staff_needed)  # fmt: skip
    for each in lacking[:_MOST_LINES]:
        console.tell(
            N_("%(name)s: %(people)s people per staff member; needs %(needed)s more"),
            name=each.name, people=console.count(each.people_per_staff),
            needed=console.count(each.staff_needed),
        )  # fmt: skip


def _tell_next(console: Console, found: Any) -> None:
    for each in found.units:
        what = N_("a new point") if each.kind is UnitKind.POINT else N_("another staff member")
        where = each.name or each.host or f"{each.lat:.5f}, {each.lon:.5f}"
        console.tell(
            N_("%(rank)s. %(what)s: %(where)s, %(commune)s; %(people)s people in addition"),
            rank=each.rank, what=console.say(what), where=where, commune=each.commune,
            people=console.count(each.people),
        )  # fmt: skip
    console.tell(
        N_("Beyond capacity today %(beyond)s people; these bring %(gained)s of them within it, no choice of as many more than %(bound)s."),
        beyond=console.count(found.people_beyond), gained=console.count(found.people_gained),
        bound=console.count(found.bound),
    )  # fmt: skip
